"""Styles of given images."""

import math

import keras
import numpy as np
import tensorflow as tf

from keras_gans.evaluation.analyses.inversion import Inversion
from keras_gans.evaluation.analyses.inversion import search
from keras_gans.evaluation.style_space import StyleSpace
from keras_gans.utils import random
from keras_gans.utils.finite import check_finite
from keras_gans.utils.finite import finite_floats
from keras_gans.utils.integers import check_ints
from keras_gans.utils.numbers import check_not_negative
from keras_gans.utils.numbers import check_positive
from keras_gans.utils.pixels import as_generated
from keras_gans.utils.sources import black_and_white
from keras_gans.utils.sources import how_to_scale


def project(
    gan, images, space="w", steps=1000, learning_rate=0.1, noise=0.05, distance=None, initial=None, condition=None, seed=0
):
    """Searches the styles whose images are nearest to given ones, the generator unchanged.

    min over w of   distance(G(w + n), x),   n ~ N(0, (noise s max(0, 1 - t / 0.75)^2)^2 I),   t from 0 to 1

    for each image on its own, by Adam from the mean of w, whose rate rises during the first twentieth of the steps and falls
    along half a cosine during the last quarter; s^2 is the mean squared distance of w to its mean. The noise keeps the search
    from stopping in the nearest valley. W+ has a style for each layer: it comes nearer to an image, even to one that no latents
    make.

    Args:
        gan: `keras_gans.StyleGAN`, `StyleGAN2`, or another GAN with `map` and `synthesize`.
        images: Array `(n, *image_shape)`, in the range of the GAN's, or uint8, which is scaled to it.
        space: "w" or "w+". Default: "w".
        steps: Int >= 1. Default: 1000.
        learning_rate: Float, the greatest. Default: 0.1.
        noise: Float >= 0. Default: 0.05.
        distance: Callable, two float32 tensors of images `(n, *image_shape)` to distances `(n,)`, differentiable: LPIPS, for what
            is published. Default: the sum of squared differences of pixels.
        initial: Array `(n, *latent_shape)` of the space, where the search starts: the styles in W of another search, repeated for
            each layer, for W+. Default: the mean.
        condition: For a conditional GAN, one condition for all images. Default: none.
        seed: Int. Default: 0.

    Returns:
        `Inversion`, whose `latents` are the styles found: `(n, width)`, or `(n, layers, width)` in W+.

    Raises:
        ValueError: if an argument is out of range, the GAN has no styles, shapes do not fit, or values are NaN or infinite.

    Example:

    ```python
    small = {"base_filters": 64, "max_filters": 4, "mapping_layers": 2, "style_width": 4}
    generator = keras_gans.networks.stylegan2.generator((8, 8, 1), latents=4, **small)
    gan = keras_gans.StyleGAN2(generator, keras_gans.networks.stylegan2.discriminator((8, 8, 1), 64, 4))
    found = keras_gans.evaluation.project(gan, gan.generate(2, seed=0), steps=5)
    print(found.latents.shape, found.images.shape)  # (2, 4) (2, 8, 8, 1)
    ```

    Reference:
        Karras et al., Analyzing and Improving the Image Quality of StyleGAN (2019), arXiv:1912.04958, appendix D, and
        NVlabs/stylegan2 (`projector.py`); of W+, Abdal, Qin, Wonka, Image2StyleGAN (2019), arXiv:1904.03189.

    Differences: the styles are the best of the search, not the last; maps of noise are not searched, they are those that the
    generator holds; the distance is of pixels, not LPIPS, unless one is passed.
    """
    seed = random.make_seed(seed)
    check_ints(1, steps=steps)
    check_positive(learning_rate=learning_rate)
    check_not_negative(noise=noise)
    if distance is not None and not callable(distance):
        raise ValueError(f"`distance` must be a function of two tensors of images, or None. Received: distance={distance!r}")
    space = StyleSpace(gan, space, condition)
    images = _checked(images, gan.as_sampler().image_range)
    if images.shape[1:] != space.image_shape or not len(images):
        raise ValueError(f"`images` must have shape (n, {str(space.image_shape)[1:]}. Received: {images.shape}")
    mean, deviation = space.mean_and_deviation()
    shape = (len(images), *space.latent_shape)
    initial = np.broadcast_to(mean, shape) if initial is None else finite_floats(initial, "initial")
    if initial.shape != shape:
        raise ValueError(f"`initial` must have shape {shape}. Received: {initial.shape}")
    measure = _squared_distance if distance is None else distance

    def objective(latents):
        return measure(space.run(latents), images)

    found = np.shape(objective(tf.constant(initial)))  # here, before it is traced
    if found != (len(images),):
        raise ValueError(f"`distance` must return a distance for each image, of shape {(len(images),)}. It returned: {found}")

    def disturbed(latents, step):
        fraction = tf.cast(step, tf.float32) / steps
        size = noise * deviation * tf.square(tf.maximum(0.0, 1.0 - fraction / 0.75))
        return latents + size * random.normal(tf.shape(latents), random.fold_in(seed, step))

    latents, losses = search(objective, initial, steps, _Ramps(learning_rate, steps), disturbed)
    check_finite(losses, "The distance of the best styles")
    return Inversion(latents, space.run(latents).numpy(), losses)


class _Ramps(keras.optimizers.schedules.LearningRateSchedule):
    """Up during the first twentieth of the steps, down along half a cosine during the last quarter."""

    def __init__(self, learning_rate, steps):
        self.learning_rate, self.steps = learning_rate, steps

    def __call__(self, step):
        fraction = tf.cast(step, tf.float32) / self.steps
        down = 0.5 - 0.5 * tf.cos(math.pi * tf.minimum(1.0, (1.0 - fraction) / 0.25))
        return self.learning_rate * down * tf.minimum(1.0, fraction / 0.05)


def _squared_distance(generated, images):
    return tf.reduce_sum(tf.square(generated - images), axis=list(range(1, images.ndim)))


def _checked(images, image_range):
    """Images in the generator's range, float32, which may exceed black and white."""
    if getattr(images, "dtype", None) == np.uint8:
        return as_generated(images, image_range, "images")
    images = finite_floats(images, "images")
    if black_and_white(images) in ((0, 255), (0, 65535)):
        raise ValueError(
            f"`images` must be uint8, or floats that range over {image_range}, as the generator's. Received: values from "
            f"{images.min():g} to {images.max():g}. {how_to_scale(images, image_range)}"
        )
    return images
