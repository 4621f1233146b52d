"""The first batch of a training, and of an evaluation, is looked at before it is used."""

import itertools


def with_first_checked(function, model, purpose):
    """A train or test function that has `model.check_batch` look at a batch first, where `model.unchecked` says so.

    Args:
        function: Callable of an iterator of batches, which Keras made.
        model: The model.
        purpose: "training" or "evaluation", the attribute of `model.unchecked`, which is then False.
    """

    def checked(iterator):
        if getattr(model.unchecked, purpose):
            first = next(iterator)  # StopIteration ends the epoch
            setattr(model.unchecked, purpose, False)
            model.check_batch(first)
            iterator = itertools.chain([first], iterator)
        return function(iterator)

    return checked
