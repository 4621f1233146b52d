"""Images that were scaled by mistake: what their least and greatest values show, before all figures are wrong."""

import warnings
import weakref

import numpy as np
import tensorflow as tf

_CLOSE = 0.02  # about two of 127.5 gray levels
_judged = weakref.WeakKeyDictionary()  # the sides of each object of which a batch has been judged


def slip(what, images, wanted=(-1.0, 1.0), taken="", instead="", data=True):
    """What shows that images were scaled by mistake, a message for a warning; None if nothing does.

    Images in [0, 1] show it, if they are taken to be in [-1, 1]. Training data do also if they lie in [-1, 0] or [-0.5, 0.5],
    with values between; or if four or more of them vary by less than an eighth of the range, from black on, or fewer by a
    sixty-fourth: what a generator makes may do so. Images of one value tell nothing.

    Args:
        what: String, what the images are, the message's subject.
        images: Array or tensor of floats `(batch, height, width, channels)`; others show nothing. Of other than 1 or 3 channels,
            which may be maps, only [0, 1] tells.
        wanted: Pair of floats, the values that black and white are taken to have. Default: (-1, 1).
        taken: String, by which this is known, the end of the message's first sentence. Default: that it is so.
        instead: String, what else may be done about images in [0, 1]. Default: nothing.
        data: Bool, whether they are training data. Default: True.
    """
    if len(images.shape) != 4 or 0 in images.shape or not tf.as_dtype(images.dtype).is_floating:
        return None
    values = np.asarray(images, "float32")
    low, high, (black, white) = float(values.min()), float(values.max()), wanted
    if not low < high:
        return None
    pictures = data and values.shape[-1] in (1, 3)
    grays = pictures and black < 0 and bool(((values > low) & (values < high)).any())
    part = 8 if len(values) >= 4 else 64
    once = "x / 127.5 - 1" if black < 0 else "x / 255"
    remedy = ""
    if pictures and abs(low - black) <= _CLOSE and high - low < (white - black) / part:
        remedy = f"That is less than 1/{part} of the range. If they were scaled twice, or had few levels, scale them once: {once}"
    elif black < 0 and low >= 0 and high <= 1:
        remedy = "If they are scaled to [0, 1], scale them to [-1, 1]: 2 * x - 1" + instead
    elif grays and abs(low + 1) <= _CLOSE and -_CLOSE <= high <= 0:
        remedy = "If they are scaled to [-1, 0], as x / 255 - 1 is, scale them to [-1, 1]: 2 * x + 1"
    elif grays and abs(low + 0.5) <= _CLOSE and abs(high - 0.5) <= _CLOSE:
        remedy = "If they are scaled to [-0.5, 0.5], scale them to [-1, 1]: 2 * x"
    if not remedy:
        return None
    taken = taken or f"but are taken to be in [{black:g}, {white:g}]"
    return f"{what} lie in [{low:g}, {high:g}], {taken}. {remedy}."


def warn_of_first(owner, stacklevel=4, **sides):
    """Warns if the first images that an object gets, eagerly, look as if they were in [0, 1], not in [-1, 1].

    Args:
        owner: The object: a metric, an extractor, a network's input. It has one warning a side.
        stacklevel: Int, of the warning.
        **sides: Images by what they are called. None, or whatever is not a batch of floats, is not judged.
    """
    if not tf.executing_eagerly():
        return
    judged = _judged.setdefault(owner, set())
    for side, images in sides.items():
        if side in judged or not hasattr(images, "shape"):
            continue
        judged.add(side)
        message = slip(f"The {side} images", images, data=False)
        if message:
            warnings.warn(message, stacklevel=stacklevel)


def warn_of_arguments(extractor=None, **arguments):
    """Warns of each argument of a function that looks as if it were in [0, 1], not in [-1, 1]; in place of the extractor.

    Args:
        extractor: What gets them, or None.
        **arguments: Arrays of images, or of something else, or None, by the arguments' names.
    """
    if extractor is not None:
        leave_unjudged(extractor, "given")
    for name, images in arguments.items():
        message = slip(f"`{name}`", np.asarray(images), data=False) if images is not None else None
        if message:
            warnings.warn(message, stacklevel=3)


def leave_unjudged(owner, *sides):
    """Has `warn_of_first` say nothing of these sides: others judge the images that the object will get."""
    _judged.setdefault(owner, set()).update(sides)
