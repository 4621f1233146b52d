"""The contract of a metric: how it is fed, and what its figures depend on."""

import dataclasses
import inspect
import types

import keras

from keras_gans.utils.declarations import check_declarations
from keras_gans.utils.declarations import check_own_declarations
from keras_gans.utils.ranges import leave_unjudged
from keras_gans.utils.ranges import warn_of_first
from keras_gans.utils.sources import other_than_images


class GANMetric(keras.metrics.Metric):
    """Base of the metrics of generated data: says how a metric is fed, and what its figures depend on.

    A subclass has `update_state(real, generated, condition=None)`, and declares as class attributes what differs from the
    defaults here. A declaration of a wrong type, a name that is almost one of these, and an `update_state` with another third
    argument are errors where the class is made: otherwise the metric would be fed wrongly in silence.

    Attributes:
        uses_real: Bool, whether real images have a part in the figures. If not, `update_state` gets None for them. Default: True.
        needs_labels: Bool, whether `condition` must be the labels of the images. Default: False.
        separate_sides: Bool, whether `update_state` takes None for either side, so that the batches of both need not have equal
            sizes. Default: False: both batches come together, with equal sizes.
        min_samples: Int, the generated samples that `result` needs. Default: 1.
        settings: Tuple of names of attributes that belong to the protocol. Default: none.
        default_name: String, the name with which a metric of several figures logs them without a prefix; None if there is none.

    Raises:
        ValueError: when a subclass is made, as above.

    Example:

    ```python
    class Brightness(keras_gans.metrics.GANMetric):
        uses_real = False

        def __init__(self, name="brightness"):
            super().__init__(name=name)
            self.mean = keras.metrics.Mean()

        def update_state(self, real, generated, condition=None):
            self.mean.update_state(generated)

        def result(self):
            return self.mean.result()
    ```
    """

    declares = {
        "uses_real": (bool,),
        "needs_labels": (bool,),
        "separate_sides": (bool,),
        "min_samples": (int,),
        "settings": (tuple,),
        "default_name": (str, types.NoneType),
    }
    uses_real = True
    needs_labels = False
    separate_sides = False
    min_samples = 1
    settings = ()
    default_name = None

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        check_declarations(cls)
        _check_update_state(cls)

    @property
    def knows_real(self):
        """Whether the metric has its real side already, so that it need not be fed."""
        return False

    @property
    def protocol(self):
        """Dict, everything that the figures depend on."""
        return {"metric": type(self).__name__, **{name: getattr(self, name) for name in self.settings}}

    def named(self, figures):
        """A dict of figures, with the metric's name before each, unless it is its default one.

        Two metrics of one kind, told apart by their names, must not log under the same keys.
        """
        if self.name == self.default_name:
            return figures
        return {f"{self.name}_{key}": value for key, value in figures.items()}


@dataclasses.dataclass(frozen=True)
class KerasContract:
    """The contract of a metric that is not a `GANMetric`: it is fed with real and generated batches of equal size."""

    protocol: dict
    uses_real: bool = GANMetric.uses_real
    needs_labels: bool = GANMetric.needs_labels
    separate_sides: bool = GANMetric.separate_sides
    min_samples: int = GANMetric.min_samples
    knows_real: bool = False


def contract_of(metric):
    """The contract of a metric: a `GANMetric` itself, the defaults for any other Keras metric.

    Raises:
        ValueError: if a metric declares them without being a `GANMetric`, where nobody would check or read them; if an object
            sets one to a value of a wrong type, or has an attribute that is almost one.
    """
    if isinstance(metric, GANMetric):
        check_own_declarations(metric)
        return metric
    declared = sorted(name for name in ("uses_real", "needs_labels", "separate_sides", "min_samples") if hasattr(metric, name))
    if declared:
        raise ValueError(
            f"{type(metric).__name__} declares {declared}, which only a keras_gans.metrics.GANMetric can. Derive it from that."
        )
    return KerasContract({"metric": type(metric).__name__})


def as_list_of_metrics(metrics):
    """The user's `metrics` as a list: a single one, several, or None."""
    if isinstance(metrics, (keras.metrics.Metric, str, dict)):
        return [metrics]
    if metrics is not None and not isinstance(metrics, (list, tuple)):
        raise ValueError(f"`metrics` must be a list of metrics. Received: metrics={metrics!r}")
    return list(metrics or ())


def check_names(metrics, taken=()):
    """Raises a ValueError if two metrics have one name, or one has a name that is taken."""
    names = [metric.name for metric in metrics]
    if len(set(names)) < len(names):
        raise ValueError(f"Metrics must have different names: FID(extractor, name='fid_clean'). Received: {names}")
    for name in names:
        if name in taken:
            raise ValueError(f"A metric cannot be called {name!r}, as another log is. Pass another `name`.")


def check_sides(metric, **sides):
    """Raises a ValueError that names the first argument of a metric's `update_state`, in `sides`, that is not an array.

    Of others, the range of the first batch is judged: see `judge_first`.
    """
    missing = [f"{name}=None" for name, value in sides.items() if value is None]
    if missing:
        wanted = " and ".join(f"`{name}`" for name in sides)
        raise ValueError(f"{type(metric).__name__}.update_state takes a batch of {wanted}. Received: {', '.join(missing)}.")
    check_arrays(metric, **sides)
    judge_first(metric, **sides)


def check_arrays(metric, **sides):
    """Raises a ValueError if a side of a metric is not an array: a data set, a pair with labels, paths. None passes."""
    for name, value in sides.items():
        problem = None if value is None else other_than_images(value)
        if problem:
            raise ValueError(f"{type(metric).__name__}.update_state takes arrays. Received: {name} is {problem}")


def judge_first(metric, **sides):
    """Warns, once a side, if the first images that a metric gets look as if they were in [0, 1]; in place of its extractor."""
    warn_of_first(metric, stacklevel=5, **sides)
    if getattr(metric, "extractor", None) is not None:
        leave_unjudged(metric.extractor, "given")


def _check_update_state(cls):
    """Raises a ValueError if `update_state` lacks the `condition` that the metric needs, or has another third argument."""
    parameters = inspect.signature(cls.update_state).parameters
    if any(parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD) for parameter in parameters.values()):
        return  # as that of Keras' base, which a subclass of this one overrides
    names = list(parameters)[1:]
    if "condition" not in names and (cls.needs_labels or len(names) > 2):
        raise ValueError(
            f"{cls.__name__}.update_state must have the arguments (real, generated, condition=None). Received: {names}. "
            "The labels or conditions of the images are passed as `condition`."
        )
