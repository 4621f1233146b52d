"""Seconds and peak memory of a BigGAN-128 training round at the published size, by `fit` and by hand.

    python benchmarks/biggan.py                    # batch of 8; ten to twenty minutes on two cores
    python benchmarks/biggan.py --channels 16      # a small one

A round is two steps of the discriminator and one of the generator, with the hinge loss, Adam, spectral norms and the orthogonal
regularizer; 158 million parameters with channels=96. Every way runs in a process of its own, one after the other, so that its
peak of resident memory is its own. The first round, with tracing, is not counted.

- `by hand`: the same networks and optimizers in a `tf.function` loop of tapes.
- `fit`: `keras_gans.BigGAN.fit`; `average`: with the moving average of the generator, another copy of its weights.
- `accumulated`: `fit` with batches of a quarter, whose gradients the optimizers accumulate over four.
- `rematerialized`: `fit`, networks built in `keras.RematScope`, which computes the outputs of layers again in the backward pass.
- `mixed_bfloat16`: under that policy.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

import keras
import numpy as np
import tensorflow as tf

import keras_gans
from keras_gans import networks

WAYS = {
    "by hand": {},
    "fit": {},
    "fit, average": {"average": True},
    "fit, accumulated": {"accumulated": 4},
    "fit, rematerialized": {"rematerialized": True},
    "by hand, mixed_bfloat16": {"policy": "mixed_bfloat16"},
    "fit, mixed_bfloat16": {"policy": "mixed_bfloat16"},
}
CLASSES = 1000


def make_networks(size, channels):
    shape = (size, size, 3)
    regularizer = keras_gans.regularizers.Orthogonal(1e-4)
    generator = networks.biggan.generator(shape, classes=CLASSES, channels=channels, kernel_regularizer=regularizer)
    return generator, networks.biggan.discriminator(shape, classes=CLASSES, channels=channels)


def make_optimizers(accumulated=None):
    shared = {"beta_1": 0.0, "epsilon": 1e-8, "gradient_accumulation_steps": accumulated}
    return [keras.optimizers.Adam(rate, **shared) for rate in (5e-5, 2e-4)]


def by_hand(generator, discriminator, images, labels, rounds):
    """Seconds of each round."""
    optimizers = make_optimizers()
    for optimizer, network in zip(optimizers, (generator, discriminator), strict=True):
        optimizer.build(network.trainable_variables)

    def update(network, optimizer, objective):
        with tf.GradientTape() as tape:
            loss = objective()
        optimizer.apply(tape.gradient(loss, network.trainable_variables), network.trainable_variables)
        for layer in keras_gans.utils.private_keras.all_layers(network):
            if hasattr(layer, "after_step"):
                layer.after_step()
        return loss

    def scores(x, condition):
        return discriminator([x, condition], training=True)

    @tf.function
    def round_of(batches):
        for real, label in batches:
            condition = tf.one_hot(label, CLASSES)
            fake = generator([tf.random.normal((len(real), generator.inputs[0].shape[1])), condition], training=True)

            def discriminate(real=real, fake=fake, condition=condition):
                real_scores, fake_scores = scores(real, condition), scores(fake, condition)
                return tf.reduce_mean(tf.nn.relu(1.0 - real_scores)) + tf.reduce_mean(tf.nn.relu(1.0 + fake_scores))

            update(discriminator, optimizers[1], discriminate)

        def generate():
            latents = tf.random.normal((len(real), generator.inputs[0].shape[1]))
            fake = generator([latents, condition], training=True)
            return -tf.reduce_mean(scores(fake, condition)) + tf.add_n(generator.losses)

        return update(generator, optimizers[0], generate)

    seconds = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        float(round_of([(images, labels), (images, labels)]))
        seconds.append(time.perf_counter() - start)
    return seconds[1:]


class Clock(keras.callbacks.Callback):
    """Seconds of each round but the first."""

    def on_train_begin(self, logs=None):
        self.ends = []

    def on_train_batch_end(self, batch, logs=None):
        self.ends.append(time.perf_counter())

    def seconds(self):
        return list(np.diff(self.ends))


def by_fit(generator, discriminator, images, labels, rounds, average=False, accumulated=None):
    """Seconds of each round; with accumulation, of as many as make an update."""
    gan = keras_gans.BigGAN(generator, discriminator, ema=0.9999 if average else None)
    gan.compile(*make_optimizers(accumulated))
    parts = accumulated or 1
    batch, clock = len(images) // parts, Clock()
    data = tf.data.Dataset.from_tensors((images[:batch], labels[:batch])).repeat(2 * (parts * rounds + 1))
    gan.fit(data, verbose=0, callbacks=[clock])
    return [sum(clock.seconds()[start : start + parts]) for start in range(0, parts * rounds, parts)]


def run(way, args):
    """Measures one way, in this process, and prints a line of JSON."""
    options = dict(WAYS[way])
    keras.config.set_dtype_policy(options.pop("policy", "float32"))
    if options.pop("rematerialized", False):
        with keras.RematScope(mode="full"):
            made = make_networks(args.size, args.channels)
    else:
        made = make_networks(args.size, args.channels)
    images = np.random.default_rng(0).uniform(-1, 1, (args.batch_size, args.size, args.size, 3)).astype("float32")
    labels = np.arange(args.batch_size) % CLASSES
    measure = by_hand if way.startswith("by hand") else by_fit
    seconds = measure(*made, images, labels, args.rounds, **options)
    parameters = sum(int(np.prod(v.shape)) for network in made for v in network.trainable_variables)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    line = {"way": way, "parameters": parameters, "seconds": round(statistics.median(seconds), 2), "peak_gib": round(peak, 2)}
    print(json.dumps(line), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=128, choices=[32, 64, 128, 256, 512])
    parser.add_argument("--channels", type=int, default=96)
    parser.add_argument("--batch-size", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--ways", nargs="*", default=list(WAYS), choices=WAYS, metavar="WAY")
    parser.add_argument("--only", choices=WAYS, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.only:
        run(args.only, args)
        return
    sizes = [f"--{name.replace('_', '-')}={getattr(args, name)}" for name in ("size", "channels", "batch_size", "rounds")]
    lines = {}
    print(f"BigGAN, {args.size}x{args.size}, channels={args.channels}, batch of {args.batch_size}")
    for way in args.ways:
        command = [sys.executable, __file__, *sizes, f"--only={way}"]
        result = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"})
        if result.returncode:
            print(f"{way:26} failed: {(result.stderr.strip().splitlines() or ['killed, perhaps for its memory'])[-1][:200]}")
            continue
        line = lines[way] = json.loads(result.stdout.strip().splitlines()[-1])
        ratio = f"  {line['seconds'] / lines['by hand']['seconds']:.2f} x by hand" if "by hand" in lines else ""
        print(f"{way:26} {line['seconds']:8.2f} s  {line['peak_gib']:6.2f} GiB{ratio}", flush=True)


if __name__ == "__main__":
    main()
