"""Seconds and peak memory of StyleGAN2's training step, by `fit` and by hand, and how many images it generates a second.

    python benchmarks/style.py                              # configuration E at 128x128, batch of 4
    python benchmarks/style.py --size 32 --max-filters 64   # a small one
    python benchmarks/style.py --ways "fit, XLA" "fit, XLA, kernels"

A step is the mean of sixteen of each player, of which one has R1, and four the path length, as published. Every way runs in a
process of its own, in turns. Five steps that come before, of every kind, with tracing, are not counted.

- `by hand`: the same networks and optimizers in a `tf.function` loop of tapes, without an average.
- `fit`: `keras_gans.StyleGAN2.fit` without an average; `average`: with it.
- `XLA`: with `jit_compile=True`; `kernels`: convolutions modulated by a kernel for each example, instead of scaled inputs.
- `generate`: images of a batch of 16 from latents, by the sampler: seconds are those of an image.
"""

import argparse
import functools
import os
import time

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

import keras
import numpy as np
import tensorflow as tf
import turns

import keras_gans
from keras_gans import networks

WAYS = {
    "by hand": {},
    "fit": {},
    "fit, average": {"ema": 0.999},
    "fit, XLA": {"jit_compile": True},
    "fit, XLA, kernels": {"jit_compile": True, "method": "kernels"},
    "generate": {},
}
STEPS, WARM_UP, EVERY_R1, EVERY_LENGTH, GENERATED = 16, 5, 16, 4, 16


def make_networks(args, method="inputs"):
    shape, widths = (args.size, args.size, 3), {"base_filters": args.base_filters, "max_filters": args.max_filters}
    generator = networks.stylegan2.generator(shape, method=method, **widths)
    return generator, networks.stylegan2.discriminator(shape, **widths)


def by_hand(args):
    """A function that trains for so many steps, and returns the seconds of one."""
    generator, discriminator = make_networks(args)
    mapping, synthesis = networks.stylegan2.mapping_of(generator), networks.stylegan2.synthesis_of(generator)
    optimizers = [keras.optimizers.Adam(2e-3 * k / (k + 1), 0.0, 0.99 ** (k / (k + 1)), 1e-8) for k in (4, 16)]
    for optimizer, network in zip(optimizers, (generator, discriminator), strict=True):
        optimizer.build(network.trainable_variables)
    images, average = real_images(args), tf.Variable(0.0)
    ones, layers = tf.ones((args.batch_size, 1)), mapping.output.shape[1]

    def styles():
        first, second = (mapping([tf.random.normal((args.batch_size, 512)), ones], training=True) for _ in range(2))
        mixed = tf.where(tf.random.uniform(()) < 0.9, tf.random.uniform((), 1, layers, tf.int32), layers)
        return tf.where(tf.range(layers)[None, :, None] < mixed, first, second)

    def update(network, optimizer, tape, loss):
        optimizer.apply(tape.gradient(loss, network.trainable_variables), network.trainable_variables)

    def discriminator_step(regularized):
        with tf.GradientTape() as tape:
            fake = discriminator(synthesis(styles(), training=True), training=True)
            with tf.GradientTape() as inner:
                inner.watch(images)
                real = discriminator(images, training=True)
            loss = tf.reduce_mean(tf.nn.softplus(-real)) + tf.reduce_mean(tf.nn.softplus(fake))
            if regularized:
                squares = tf.reduce_sum(inner.gradient(real, images) ** 2, axis=(1, 2, 3))
                loss += EVERY_R1 * 5.0 * tf.reduce_mean(squares)
        update(discriminator, optimizers[1], tape, loss)

    def generator_step(regularized):
        with tf.GradientTape() as tape:
            w = styles()
            loss = tf.reduce_mean(tf.nn.softplus(-discriminator(synthesis(w, training=True), training=True)))
            if regularized:
                w = w[::2]
                with tf.GradientTape() as inner:
                    inner.watch(w)
                    made = synthesis(w, training=True)
                    products = tf.reduce_sum(made * tf.random.normal(tf.shape(made))) / args.size
                lengths = tf.sqrt(tf.reduce_mean(tf.reduce_sum(inner.gradient(products, w) ** 2, axis=2), axis=1))
                average.assign_add(0.01 * (tf.reduce_mean(lengths) - average))
                loss += EVERY_LENGTH * 2.0 * tf.reduce_mean((lengths - average) ** 2)
        update(generator, optimizers[0], tape, loss)

    @tf.function
    def step(with_r1, with_length):
        discriminator_step(with_r1)
        generator_step(with_length)

    def run(steps=STEPS):
        start = time.perf_counter()
        for k in range(steps):
            step(k % EVERY_R1 == 0, k % EVERY_LENGTH == 0)
        return (time.perf_counter() - start) / steps

    return run


def by_fit(args, method="inputs", ema=None, jit_compile=False):
    gan = keras_gans.StyleGAN2(*make_networks(args, method), ema=ema)
    gan.compile(jit_compile=jit_compile)
    data = tf.data.Dataset.from_tensors(real_images(args))

    def run(steps=STEPS):
        start = time.perf_counter()
        gan.fit(data.repeat(steps), verbose=0)
        return (time.perf_counter() - start) / steps

    return run


def generation(args):
    gan = keras_gans.StyleGAN2(*make_networks(args), ema=None)

    def run():
        start = time.perf_counter()
        gan.generate(GENERATED, seed=0)
        return (time.perf_counter() - start) / GENERATED

    return run


def real_images(args):
    shape = (args.batch_size, args.size, args.size, 3)
    return tf.constant(np.random.default_rng(0).uniform(-1, 1, shape).astype("float32"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--base-filters", type=int, default=8192, help="16384 is configuration F")
    parser.add_argument("--max-filters", type=int, default=512)
    parser.add_argument("--batch-size", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ways", nargs="*", default=list(WAYS), choices=WAYS, metavar="WAY")
    parser.add_argument("--only", choices=WAYS, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.only:
        made = {"by hand": by_hand, "generate": generation}.get(args.only, by_fit)
        run = made(args, **WAYS[args.only])
        turns.serve(run, None if args.only == "generate" else functools.partial(run, WARM_UP))
        return
    sizes = [
        f"--{name.replace('_', '-')}={getattr(args, name)}" for name in ("size", "base_filters", "max_filters", "batch_size")
    ]
    widths = f"base_filters={args.base_filters}, max_filters={args.max_filters}"
    print(f"StyleGAN2, {args.size}x{args.size}, {widths}, batch of {args.batch_size}")
    turns.measure(__file__, args.ways, sizes, args.rounds)


if __name__ == "__main__":
    main()
