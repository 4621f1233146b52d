"""Checks of the first batch of a training or an evaluation, before it is used."""

import itertools


def with_first_checked(function, model, purpose):
    """A train or test function that first passes a batch to `model.check_batch`, if `model.unchecked` says so.

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
