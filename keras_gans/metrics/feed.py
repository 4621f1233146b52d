"""Any Keras metric: how it is fed, what it found, and what that is called."""

import inspect


def update(metric, real, generated, condition):
    """Feeds real and generated data to a Keras metric, and the condition if it takes one.

    Keras' own metrics would take a third argument for weights of the samples.
    """
    takes_condition = "condition" in inspect.signature(metric.update_state).parameters
    metric.update_state(real, generated, **({"condition": condition} if takes_condition else {}))


def results_of(metric):
    """The result of a Keras metric as a dict, also where it is a single value: that is called after the metric."""
    result = metric.result()
    return result if isinstance(result, dict) else {metric.name: result}


def named(figures, metric):
    """A dict of figures, with the metric's name before each, unless it is its default one.

    Two metrics of one kind, told apart by their names, must not log under the same keys.
    """
    return figures if metric.name == metric.default_name else {f"{metric.name}_{key}": value for key, value in figures.items()}
