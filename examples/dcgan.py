"""Trains DCGAN on real digits, saves it, exports it, and samples the export without keras_gans.

python examples/dcgan.py
python examples/dcgan.py --filters 64 --learning-rate 2e-4 --epochs 40        # as in the paper; three times the work a step
python examples/dcgan.py --data fashion_mnist --epochs 10
python examples/dcgan.py --data tfds:cifar10 --size 32 --filters 64 --learning-rate 2e-4

The default is half as wide as the paper's networks, with a learning rate to match: minutes on two old cores.
"""

import argparse
import os
import subprocess
import sys

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

import keras

import keras_gans
from keras_gans import networks

SAMPLE = """
import sys, tensorflow as tf
model = tf.saved_model.load(sys.argv[1])
images = model.signatures["sample"](
    batch_size=tf.constant(64), seed=tf.constant([0, 1]), truncation=tf.constant(-1.0))["images"]
assert "keras_gans" not in sys.modules
tiles = tf.reshape(images, (8, 8, *images.shape[1:]))
grid = tf.concat(tf.unstack(tf.concat(tf.unstack(tiles, axis=1), axis=2)), axis=0)
pixels = tf.cast(tf.clip_by_value(tf.round((grid + 1) * 127.5), 0, 255), tf.uint8)
tf.io.write_file(sys.argv[2], tf.io.encode_png(pixels))
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="mnist_5k", help='a folder, "mnist_5k", "digits", "fashion_mnist" or "tfds:NAME"')
    parser.add_argument("--size", type=int, default=28, choices=[28, 32, 64, 128])
    parser.add_argument("--filters", type=int, default=32, help="width of both networks; the paper's is 64")
    parser.add_argument("--learning-rate", type=float, default=1e-3, help="of both players; the paper's is 2e-4")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--output", default="runs/dcgan")
    args = parser.parse_args()

    keras.utils.set_random_seed(0)
    dataset = keras_gans.data.load(args.data, size=args.size, batch_size=args.batch_size, seed=0)
    images, _ = next(iter(dataset))
    shape = tuple(images.shape[1:])
    generator = networks.dcgan.generator(shape, filters=args.filters)
    gan = keras_gans.DCGAN(generator, networks.dcgan.discriminator(shape, args.filters), ema=0.99)
    gan.compile(*(keras.optimizers.Adam(args.learning_rate, beta_1=0.5, epsilon=1e-8) for _ in range(2)))
    gan.summary()
    samples = keras_gans.callbacks.SampleGrid(os.path.join(args.output, "samples"), reals=dataset, gif=True)
    gan.fit(dataset, epochs=args.epochs, callbacks=[samples, keras_gans.callbacks.TerminateOnNaN()])

    gan.save(os.path.join(args.output, "dcgan.keras"))
    served = os.path.join(args.output, "serving", "1")
    gan.export(served)
    picture = os.path.join(args.output, "served_samples.png")
    subprocess.run([sys.executable, "-c", SAMPLE, served, picture], check=True)
    print(f"Saved {args.output}/dcgan.keras, exported {served}; samples of the export, drawn without keras_gans: {picture}")


if __name__ == "__main__":
    main()
