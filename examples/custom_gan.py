"""Networks, a loss and a penalty of one's own, on a ring of eight Gaussians; saved and loaded without further code.

python examples/custom_gan.py
"""

import argparse
import os

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

import keras
import numpy as np
import tensorflow as tf
from keras import layers

import keras_gans


class Exponential(keras_gans.losses.AdversarialLoss):
    """The loss of boosting: D minimizes exp(-real) + exp(fake), G minimizes exp(-fake), on scores kept small."""

    def discriminator(self, real, fake):
        return tf.exp(-tf.tanh(real)) + tf.exp(tf.tanh(fake))

    def generator(self, real, fake):
        return tf.exp(-tf.tanh(fake))


class Drift(keras_gans.penalties.Penalty):
    """Keeps the scores of real data near 0, as ProGAN does."""

    def discriminator(self, minibatch):
        return minibatch.real_scores**2


def network(inputs, outputs):
    """A perceptron with two hidden layers."""
    x = keras.Input((inputs,))
    h = layers.Dense(128, "relu")(layers.Dense(128, "relu")(x))
    return keras.Model(x, layers.Dense(outputs)(h))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--output", default="runs/custom_gan")
    args = parser.parse_args()

    keras.utils.set_random_seed(0)
    gan = keras_gans.GAN(network(16, 2), network(2, 1), ema=0.99)
    gan.compile(
        keras.optimizers.Adam(1e-3, beta_1=0.5),
        keras.optimizers.Adam(1e-3, beta_1=0.5),
        loss=Exponential(),
        penalties=[Drift(1e-3), keras_gans.penalties.R1(1.0)],
    )
    gan.fit(keras_gans.data.ring(51_200, seed=0), batch_size=512, epochs=args.epochs)

    path = os.path.join(args.output, "custom_gan.keras")
    os.makedirs(args.output, exist_ok=True)
    gan.save(path)
    points = keras.saving.load_model(path).generate(2500, seed=0)
    angles = np.arange(8) * np.pi / 4
    distances = np.linalg.norm(points[:, None] - 2 * np.stack([np.cos(angles), np.sin(angles)], axis=1), axis=-1)
    good = distances.min(axis=1) < 0.2
    modes = np.bincount(distances.argmin(axis=1)[good], minlength=8)
    print(f"Within 0.2 of a mode: {good.mean():.0%} of 2,500 points; points a mode: {modes}")


if __name__ == "__main__":
    main()
