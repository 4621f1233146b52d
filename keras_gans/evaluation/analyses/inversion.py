"""Latents of given images."""

import dataclasses

import keras
import numpy as np
import tensorflow as tf

from keras_gans.evaluation.analyses.reconstruction import reconstruction_errors
from keras_gans.evaluation.analysis_result import AnalysisResult
from keras_gans.evaluation.report import html_blocks
from keras_gans.latents import Latents
from keras_gans.latents import Normal
from keras_gans.latents import Uniform
from keras_gans.utils import random
from keras_gans.utils.finite import check_finite
from keras_gans.utils.integers import check_ints
from keras_gans.utils.integers import is_int
from keras_gans.utils.network_inputs import NetworkInputs
from keras_gans.utils.numbers import check_not_negative
from keras_gans.utils.numbers import check_positive

_PRIORS = {"normal": Normal, "uniform": Uniform}
_CAPTIONS = {
    "encoder": "images of the encoder's latents",
    "from_encoder": "images found by a search from there",
    "from_prior": "images found by a search from random latents",
}


@dataclasses.dataclass(frozen=True)
class Inversion:
    """What `invert` found.

    latents     float32 `(n, *latent_shape)`
    images      float32 `(n, *image_shape)`: what the generator makes of them
    losses      float32 `(n,)`: the objective there
    """

    latents: np.ndarray
    images: np.ndarray
    losses: np.ndarray


def invert(
    generator,
    images,
    latent_shape,
    steps=500,
    learning_rate=0.1,
    prior="normal",
    prior_weight=0.0,
    starts=4,
    initial=None,
    mask=None,
    seed=0,
    truncation=None,
):
    """Searches the latents whose images are nearest to given ones, the generator unchanged.

    min over z of   sum mask (G(z) - x)^2 + prior_weight ||z||^2

    for each image separately, by Adam, whose learning rate falls to 0 along half a cosine. The result is the best z of all steps
    from several starts. An image that is matched well does not prove memorization, and one that is not may be a failure of the
    search: invert generated images too, for comparison.

    Args:
        generator: `keras.Model`, run with `training=False`, or a differentiable callable: latents to images. For a
            condition: `lambda z: gan.generator([z, condition], training=False)`, with `starts` copies of the n conditions.
        images: Array `(n, *image_shape)`.
        latent_shape: Int or tuple, the shape of one latent.
        steps: Int >= 1. Default: 500.
        learning_rate: Float, the first. Default: 0.1.
        prior: `keras_gans.latents.Latents`, such as `gan.latents`, or "normal" or "uniform", which stand for N(0, I) and U(-1,
            1). Starts are drawn from it; after each step, coordinates outside the bounds of a `Uniform` prior are drawn again
            (stochastic clipping). Default: "normal".
        prior_weight: Float >= 0, lambda; it corresponds to a likelihood only for normal priors. Default: 0.
        starts: Int, random starts. Default: 4.
        initial: Array `(n, *latent_shape)`, where the search starts instead of at random, such as an encoder's
            `gan.encode(images)`. The result is never worse. Default: None.
        mask: Array that broadcasts to the images: 1 where pixels are known, 0 where they are to be filled in. Default: None.
        seed: Int. Default: 0.
        truncation: Float, for a `keras.Model` with an input called "truncation", which gets 1 otherwise. Default: None.

    Returns:
        `Inversion`.

    Raises:
        ValueError: if an argument is none of the above, the generator takes a condition or makes images of another shape, or
            images hold NaN or infinite values, those given or all that the generator makes for one of them.

    Example:

    ```python
    images = gan.generate(2, seed=0)
    found = keras_gans.evaluation.invert(gan.sampler, images, latent_shape=6, steps=20)
    print(found.latents.shape, found.losses.shape)  # (2, 6) (2,)
    ```

    Reference:
        Lipton, Tripathi, Precise Recovery of Latent Vectors from Generative Adversarial Networks (2017), arXiv:1702.04782
        (stochastic clipping); Creswell, Bharath, Inverting the Generator of a GAN (2016), arXiv:1611.05644; Zhu et al.,
        Generative Visual Manipulation on the Natural Image Manifold (2016), arXiv:1609.03552 (from an encoder).

    Differences: Adam with a falling rate, not plain gradient descent.
    """
    check_ints(1, steps=steps, starts=starts)
    check_positive(learning_rate=learning_rate)
    check_not_negative(prior_weight=prior_weight)
    seed = random.make_seed(seed)
    shape = (latent_shape,) if is_int(latent_shape) else tuple(latent_shape)
    prior = _PRIORS[prior](shape) if isinstance(prior, str) and prior in _PRIORS else prior
    if not isinstance(prior, Latents) or prior.shape != shape:
        raise ValueError(f"`prior` must be one of {tuple(_PRIORS)}, or Latents of shape {shape}. Received: prior={prior!r}")
    run = _runner(generator, truncation)
    images = np.asarray(images, "float32")
    if not images.ndim or not len(images):
        raise ValueError(f"`images` must be an array (n, ...) of at least one image. Received: shape {images.shape}")
    check_finite(images, "`images`")
    if initial is None:
        initial = prior.sample(starts * len(images), random.fold_in(seed, "starts"))
    elif np.shape(initial) != (len(images), *shape):
        raise ValueError(f"`initial` must have shape {(len(images), *shape)}. Received: {np.shape(initial)}")
    check_finite(initial, "`initial`")
    starts = len(initial) // len(images)
    objective = _objective(run, np.tile(images, (starts, *[1] * (images.ndim - 1))), mask, prior_weight)

    def drawn_anew(latents, step):
        others = prior.sample(len(initial), random.fold_in(seed, step))
        return tf.where((latents < prior.low) | (latents > prior.high), others, latents)

    repaired = drawn_anew if isinstance(prior, Uniform) else None
    rates = keras.optimizers.schedules.CosineDecay(learning_rate, steps)
    latents, losses = search(objective, initial, steps, rates, repaired=repaired)
    latents, losses = latents.reshape(starts, len(images), *shape), losses.reshape(starts, len(images))
    best = np.argmin(losses, axis=0), np.arange(len(images))
    check_finite(losses[best], "The objective of the best latents")
    # The batch size is that of the search, on which a callable may rely.
    images = run(tf.constant(np.tile(latents[best], (starts, *[1] * len(shape))))).numpy()[: len(images)]
    return Inversion(latents[best], images, losses[best])


def inversion_analysis(sample_set, count=8, steps=200, starts=4):
    """Real images, the images of the latents that a search finds for them, and the distances between them.

    The search starts from the encoder's latents, whose images are also shown, and from `starts` random ones.
    """
    sample_set.need(real="real images")
    sample_set.need_images_of_latents()
    sample_set.need_pictures()
    sample_set.need_sampler()
    generator, real = sample_set.generator, sample_set.real[:count]
    condition = sample_set.conditions_of_real(len(real))
    options = {"steps": steps, "prior": generator.sampler.latents, "seed": sample_set.options.seed}

    def search(starts=1, initial=None):
        rows = None if condition is None else generator.condition_rows(condition, len(real))
        rows = tf.nest.map_structure(lambda part: None if part is None else tf.concat([part] * starts, axis=0), rows)

        def run(latents):
            return generator.rescaled(generator.sampler.run(latents, rows, sample_set.options.truncation))

        return invert(run, real, generator.latent_shape, starts=starts, initial=initial, **options).images

    made = {}
    if sample_set.finds_latents:
        latents = generator.encode(real)
        made = {"encoder": sample_set.generated_of(latents, condition), "from_encoder": search(initial=latents)}
    made["from_prior"] = search(starts)
    errors = {name: reconstruction_errors(real, images) for name, images in made.items()}
    figures = {f"{kind}_{name}": value for name, found in errors.items() for kind, value in found.means.items()}
    columns = np.stack([real, *made.values()], axis=1)
    caption = f"Real images, then: {', '.join(_CAPTIONS[name] for name in made)}"
    block = html_blocks.images(columns.reshape(-1, *real.shape[1:]), columns=columns.shape[1], caption=caption)
    protocol = sample_set.generator_protocol | {"seed": sample_set.options.seed, "steps": steps, "starts": starts}
    return AnalysisResult(figures, [block], made, protocol | {"samples": {"real": len(real)}})


def _runner(generator, truncation):
    inputs = NetworkInputs(generator, "latents") if getattr(generator, "inputs", None) else None
    if inputs is not None and inputs.conditions:
        raise ValueError(
            f"`generator` must take latents alone, and perhaps a truncation. Received: {generator.name}, which takes the "
            f"condition {', '.join(map(repr, inputs.conditions))} too. Hold it fixed: `lambda z: gan.generator([z, condition], "
            "training=False)`, with `starts` copies of the n conditions, and a truncation for each, if the generator takes one."
        )
    if inputs is not None and inputs.truncation is not None:
        return lambda latents: tf.cast(generator(inputs.values(latents, None, truncation), training=False), tf.float32)
    if truncation is not None:
        raise ValueError(
            f"`truncation` needs a network with an input of this name. Received: truncation={truncation} for {generator!r}. "
            "Leave it out; a callable has it inside."
        )
    if isinstance(generator, keras.Model):
        return lambda latents: tf.cast(generator(latents, training=False), tf.float32)
    return lambda latents: tf.cast(generator(latents), tf.float32)


def _objective(run, images, mask, prior_weight):
    mask = np.broadcast_to(np.float32(1.0 if mask is None else mask), images.shape)

    def objective(latents):
        generated = run(latents)
        if generated.shape != images.shape:
            raise ValueError(
                f"Expected the generator to make images {images.shape} from latents {latents.shape}. Received: {generated.shape}."
            )
        errors = tf.reduce_sum(mask * (generated - images) ** 2, axis=list(range(1, images.ndim)))
        return errors + prior_weight * tf.reduce_sum(latents**2, axis=list(range(1, len(latents.shape))))

    return objective


def search(objective, initial, steps, learning_rate, disturbed=None, repaired=None):
    """The best latents that Adam meets, and the objective there.

    Args:
        objective: Callable, latents `(n, ...)` to what is minimized `(n,)`.
        initial: Array `(n, ...)`.
        steps: Int.
        learning_rate: Keras learning-rate schedule.
        disturbed: Callable, from latents and the step to the latents at which the gradient is taken; objectives are compared at
            undisturbed latents. Default: None.
        repaired: Callable, latents after a step, and the step, to latents to go on with. Default: None.
    """
    latents = keras.Variable(initial, dtype="float32", name="latents")
    optimizer = keras.optimizers.Adam(learning_rate)
    optimizer.build([latents])

    @tf.function
    def steps_of_search():
        best, lowest = tf.convert_to_tensor(latents), tf.fill((len(initial),), float("inf"))
        for step in tf.range(steps + 1):
            current = tf.convert_to_tensor(latents)
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(current)
                losses = objective(current if disturbed is None else disturbed(current, step))
            gradient = tape.gradient(losses, current)
            if disturbed is not None:
                losses = objective(current)
            better = tf.reshape(losses < lowest, (-1, *[1] * (len(current.shape) - 1)))
            best, lowest = tf.where(better, current, best), tf.minimum(losses, lowest)
            optimizer.apply([gradient], [latents])
            if repaired is not None:
                latents.assign(repaired(tf.convert_to_tensor(latents), step))
        return best, lowest

    best, lowest = steps_of_search.get_concrete_function()()  # once, so that TensorFlow does not warn of tracing each time
    return best.numpy(), lowest.numpy()
