"""Trains the conditional GAN of 2014 on real digits. The grids have a row for each digit.

    python examples/conditional_gan.py

The networks are the paper's. Its recipe, SGD with momentum for hundreds of epochs of 60,000 images, takes long on 5,000; Adam
gets there within minutes. Train as published with `--paper`.
"""

import argparse
import os

import keras

import keras_gans


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataset", default="mnist_5k", help='"mnist_5k", "digits", "fashion_mnist" or "tfds:NAME"')
    parser.add_argument("--classes", type=int, default=10)
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--batch-size", type=int, default=100)
    parser.add_argument("--paper", action="store_true", help="the paper's optimizers")
    parser.add_argument("--output", default="runs/conditional_gan")
    args = parser.parse_args()

    keras.utils.set_random_seed(0)
    dataset = keras_gans.data.load(args.dataset, batch_size=args.batch_size, seed=0)
    images, _ = next(iter(dataset))
    gan = keras_gans.ConditionalGAN(image_shape=images.shape[1:], classes=args.classes, ema=0.99)
    adam = (
        {}
        if args.paper
        else {f"{player}_optimizer": keras.optimizers.Adam(2e-4, beta_1=0.5) for player in ("generator", "discriminator")}
    )
    gan.compile(**adam)
    samples = keras_gans.callbacks.SampleGrid(os.path.join(args.output, "samples"), every=5, classes=args.classes, columns=10)
    gan.fit(dataset, epochs=args.epochs, callbacks=[samples, keras_gans.callbacks.TerminateOnNaN()])

    threes = gan.generate(10, condition=3, seed=0)
    keras_gans.utils.save_images(os.path.join(args.output, "threes.png"), threes, rows=1)
    gan.save(os.path.join(args.output, "conditional_gan.keras"))


if __name__ == "__main__":
    main()
