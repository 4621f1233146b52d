"""Milliseconds of a training step: `GAN.fit` against hand-written loops over the same networks, in one interleaved run.

    python benchmarks/train_step.py

DCGAN's networks for 32x32x3 images, batches of 64. Every contender gets the same data pipeline. Rounds of all contenders
follow each other, so that whatever else the machine does hits all of them; medians over rounds are printed, and the medians of
the ratios within rounds.

- `fit simultaneous`, `fit alternating`: `keras_gans.GAN.fit` with each update rule.
- `paired tapes`: the lectures' TensorFlow snippet as a `tf.function` loop: one generator pass, two tapes, two updates.
- `Keras example`: the step of the usual Keras examples as a `tf.function` loop: the discriminator on real and generated
  images in one batch, then a second generator pass.
- `Keras fit, paired tapes`, `Keras fit, Keras example`: the same two steps as `train_step` of a bare `keras.Model`.
"""

import argparse
import os
import statistics
import time

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

import keras
import numpy as np
import tensorflow as tf

import keras_gans

SHAPE, LATENTS = (32, 32, 3), 100


def networks_and_optimizers():
    generator = keras_gans.networks.dcgan.generator(SHAPE)
    discriminator = keras_gans.networks.dcgan.discriminator(SHAPE)
    optimizers = [keras.optimizers.Adam(2e-4, beta_1=0.5) for _ in range(2)]
    optimizers[0].build(generator.trainable_variables)
    optimizers[1].build(discriminator.trainable_variables)
    return generator, discriminator, *optimizers


def paired_tapes():
    generator, discriminator, g_optimizer, d_optimizer = networks_and_optimizers()

    def step(real):
        with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
            fake = generator(tf.random.normal((tf.shape(real)[0], LATENTS)), training=True)
            real_scores, fake_scores = discriminator(real, training=True), discriminator(fake, training=True)
            g_loss = tf.reduce_mean(tf.nn.softplus(-fake_scores))
            d_loss = tf.reduce_mean(tf.nn.softplus(-real_scores)) + tf.reduce_mean(tf.nn.softplus(fake_scores))
        g_gradients = g_tape.gradient(g_loss, generator.trainable_variables)
        d_gradients = d_tape.gradient(d_loss, discriminator.trainable_variables)
        g_optimizer.apply(g_gradients, generator.trainable_variables)
        d_optimizer.apply(d_gradients, discriminator.trainable_variables)
        return {"d_loss": d_loss, "g_loss": g_loss}

    return step, (generator, discriminator)


def keras_example():
    generator, discriminator, g_optimizer, d_optimizer = networks_and_optimizers()
    bce = keras.losses.BinaryCrossentropy(from_logits=True)

    def step(real):
        batch = tf.shape(real)[0]
        fake = generator(tf.random.normal((batch, LATENTS)), training=True)
        images = tf.concat([fake, real], axis=0)
        labels = tf.concat([tf.zeros((batch, 1)), tf.ones((batch, 1))], axis=0)
        with tf.GradientTape() as tape:
            d_loss = bce(labels, discriminator(images, training=True))
        gradients = tape.gradient(d_loss, discriminator.trainable_variables)
        d_optimizer.apply(gradients, discriminator.trainable_variables)
        with tf.GradientTape() as tape:
            fake = generator(tf.random.normal((batch, LATENTS)), training=True)
            g_loss = bce(tf.ones((batch, 1)), discriminator(fake, training=True))
        gradients = tape.gradient(g_loss, generator.trainable_variables)
        g_optimizer.apply(gradients, generator.trainable_variables)
        return {"d_loss": d_loss, "g_loss": g_loss}

    return step, (generator, discriminator)


class Bare(keras.Model):
    """A step as the `train_step` of a `keras.Model`."""

    def __init__(self, step, networks):
        super().__init__()
        self.step, self.networks = step, networks

    def train_step(self, data):
        return self.step(data)


class Clock(keras.callbacks.Callback):
    """Seconds from the end of the first step to the end of the last."""

    def on_epoch_begin(self, epoch, logs=None):
        self.times = []

    def on_train_batch_end(self, batch, logs=None):
        self.times.append(time.perf_counter())

    def seconds(self):
        return self.times[-1] - self.times[0]


def loop(step_and_networks):
    step, _ = step_and_networks
    function = tf.function(step)

    def run(dataset, steps):
        times = []
        for _, real in zip(range(steps + 1), dataset, strict=False):
            [float(value) for value in function(real).values()]  # as fit: logs are read after each step
            times.append(time.perf_counter())
        return times[-1] - times[0]

    return run


def fit(model):
    def run(dataset, steps):
        clock = Clock()
        model.fit(dataset, epochs=1, steps_per_epoch=steps + 1, shuffle=False, verbose=0, callbacks=[clock])
        return clock.seconds()

    return run


def gan(update_rule):
    model = keras_gans.DCGAN(image_shape=SHAPE)
    model.compile(update_rule=update_rule)
    return model


def bare(step_and_networks):
    model = Bare(*step_and_networks)
    model.compile()
    return model


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--steps", type=int, default=20, help="steps a round")
    parser.add_argument("--rounds", type=int, default=9)
    args = parser.parse_args()

    images = np.random.default_rng(0).uniform(-1, 1, (args.batch_size * 8, *SHAPE)).astype("float32")
    options = tf.data.Options()
    options.autotune.enabled = False  # tearing its iterators down takes seconds
    dataset = tf.data.Dataset.from_tensor_slices(images).batch(args.batch_size).cache().repeat().with_options(options)
    contenders = {
        "fit simultaneous": fit(gan("simultaneous")),
        "fit alternating": fit(gan("alternating")),
        "paired tapes": loop(paired_tapes()),
        "Keras example": loop(keras_example()),
        "Keras fit, paired tapes": fit(bare(paired_tapes())),
        "Keras fit, Keras example": fit(bare(keras_example())),
    }
    for run in contenders.values():
        run(dataset, 3)
    rounds = []
    for number in range(args.rounds):
        order = list(contenders)[:: 1 if number % 2 else -1]
        rounds.append({name: 1000 * contenders[name](dataset, args.steps) / args.steps for name in order})
    print(f"DCGAN 32x32x3, batch {args.batch_size}: median of {args.rounds} rounds of {args.steps} steps")
    for name in contenders:
        print(f"{name:26s} {statistics.median(r[name] for r in rounds):8.1f} ms/step")
    for ours in ("fit simultaneous", "fit alternating"):
        for other in ("paired tapes", "Keras example", "Keras fit, paired tapes", "Keras fit, Keras example"):
            ratio = statistics.median(r[other] / r[ours] for r in rounds)
            print(f"{ours}: {ratio:.2f} times the speed of {other}")


if __name__ == "__main__":
    main()
