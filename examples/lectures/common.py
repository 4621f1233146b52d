"""What the scripts on the lectures share: arguments, networks, training on points, a generator that stands still, figures."""

import argparse
import io
import os
import warnings

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

import keras
import matplotlib
import numpy as np
import tensorflow as tf
from keras import layers
from PIL import Image

import keras_gans

matplotlib.use("Agg")


def arguments(description, **numbers):
    """The command line; `numbers` are more of its options, ints and their defaults.

    Sets the seed of everything, and one thread, with which small networks train fastest.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", default="runs/lectures", help="folder of the figure")
    parser.add_argument("--quick", action="store_true", help="a much shortened run that shows that it works")
    for name, default in numbers.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    keras.utils.set_random_seed(0)
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    return parser.parse_args()


def perceptron(inputs, outputs=1, width=128, depth=2, activation="relu", wrap=lambda layer: layer, **dense):
    """A perceptron; `dense` are arguments of its layers, `wrap` is put around each."""
    x = h = keras.Input((inputs,))
    for _ in range(depth):
        h = wrap(layers.Dense(width, activation, **dense))(h)
    return keras.Model(x, wrap(layers.Dense(outputs, **dense))(h))


class Points(keras_gans.latents.Latents):
    """A prior that draws rows of an array, and adds normal noise."""

    def __init__(self, points, noise=0.0):
        super().__init__(points.shape[1])
        self.points, self.noise = points, noise

    def sample(self, batch_size, seed, truncation=None):
        rows = keras_gans.utils.random.uniform((batch_size,), seed) * len(self.points)
        noise = keras_gans.utils.random.normal((batch_size, *self.shape), keras_gans.utils.random.fold_in(seed, "noise"))
        return tf.gather(tf.constant(self.points), tf.cast(rows, tf.int32)) + self.noise * noise


def against(points, discriminator, noise=0.0):
    """A GAN whose generator stands still: it makes rows of `points`, plus noise. Only its discriminator learns."""
    z = keras.Input((points.shape[1],))
    return keras_gans.GAN(keras.Model(z, layers.Identity()(z)), discriminator, latents=Points(points, noise))


def still():
    """An optimizer of a player that keeps its weights while the other trains, which `fit` need not warn of."""
    warnings.filterwarnings("ignore", "The learning rate of the")
    return keras.optimizers.SGD(0.0)


def train(gan, points, steps, batch_size=256, seed=0):
    """Trains for a number of rounds on batches drawn from `points`. Returns the history of the only epoch."""
    size = steps * getattr(gan, "discriminator_steps", 1)
    rows = np.random.default_rng(seed).integers(len(points), size=(size, batch_size))
    return gan.fit(batches(points[rows]), verbose=0).history


def batches(points):
    """A data set of the batches `(number, batch size, dimensions)`, without an autotuner, whose end takes seconds."""
    options = tf.data.Options()
    options.autotune.enabled = False
    return tf.data.Dataset.from_tensor_slices(points).with_options(options)


def table(columns, rows):
    """Prints rows of names and numbers under their columns."""
    cells = [[f"{cell:.6g}" if isinstance(cell, (float, np.floating)) else str(cell) for cell in row] for row in rows]
    widths = [max(len(row[n]) for row in [columns, *cells]) for n in range(len(columns))]
    for row in [columns, *cells]:
        aligned = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        print("  ".join(aligned))


def sigmoid(x):
    """The sigmoid of scores."""
    return 1 / (1 + np.exp(-np.asarray(x, float)))


def normal_density(x, means, sigmas, weights=None):
    """The density of a mixture of Gaussians on the line."""
    means, sigmas = np.atleast_1d(means), np.atleast_1d(sigmas)
    weights = np.full(len(means), 1 / len(means)) if weights is None else np.asarray(weights)
    return (weights * np.exp(-0.5 * ((x[:, None] - means) / sigmas) ** 2) / (sigmas * np.sqrt(2 * np.pi))).sum(axis=1)


def jensen_shannon(p, q, x):
    """The Jensen-Shannon divergence of two densities, given on an even grid."""
    m = 0.5 * (p + q)
    integrand = sum(0.5 * np.where(density > 0, density * np.log(np.maximum(density, 1e-300) / m), 0.0) for density in (p, q))
    return integrand.sum() * (x[1] - x[0])


def square(half_width, size=101):
    """A grid of points on [-half_width, half_width]^2, row by row."""
    sides = np.meshgrid(*[np.linspace(-half_width, half_width, size)] * 2, indexing="xy")
    return np.stack(sides, axis=-1).reshape(-1, 2).astype("float32")


def contours(axis, points, values):
    """Level lines of the values on a `square`."""
    size = int(len(points) ** 0.5)
    axis.contour(*points.T.reshape(2, size, size), np.reshape(values, (size, size)), 15)


def steepness(critic, points):
    """The largest gradient norm of a critic at some points: from below, its Lipschitz constant."""
    x = tf.constant(points)
    with tf.GradientTape() as tape:
        tape.watch(x)
        values = critic(x)
    return float(tf.reduce_max(tf.norm(tape.gradient(values, x), axis=-1)))


def save(figure, args, name):
    """Saves a figure as a small PNG, of 128 colors."""
    os.makedirs(args.output, exist_ok=True)
    path = os.path.join(args.output, f"{name}.png")
    buffer = io.BytesIO()
    figure.savefig(buffer, dpi=80, bbox_inches="tight")
    image = Image.open(buffer).convert("RGB")
    image.quantize(128, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"Figure: {path}")
