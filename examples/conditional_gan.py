"""Trains a conditional GAN on real digits. The grids have a row for each digit.

    python examples/conditional_gan.py              # DCGAN's networks, made conditional in a few lines
    python examples/conditional_gan.py --paper      # the perceptrons and the recipe of 2014

On 5,000 digits the paper's perceptrons learn what the labels mean, but hardly any variety within a label. The first line
takes under three minutes on two cores.
"""

import argparse
import os

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

import keras
from keras import layers

import keras_gans


def conditional_dcgan(image_shape, classes):
    """DCGAN's networks with labels: appended to the latents, and to the image as one plane for each class."""
    size, _, channels = image_shape
    z, y = keras.Input((100,)), keras.Input((), dtype="int32")
    one_hot = layers.CategoryEncoding(classes, output_mode="one_hot")
    generate = keras_gans.networks.dcgan.generator(image_shape, latents=100 + classes)
    generator = keras.Model([z, y], generate(layers.Concatenate()([z, one_hot(y)])))

    x, y = keras.Input(image_shape), keras.Input((), dtype="int32")
    planes = layers.UpSampling2D(size)(layers.Reshape((1, 1, classes))(one_hot(y)))
    discriminate = keras_gans.networks.dcgan.discriminator((size, size, channels + classes))
    discriminator = keras.Model([x, y], discriminate(layers.Concatenate()([x, planes])))
    return generator, discriminator


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="mnist_5k", help='a folder, "mnist_5k", "digits", "fashion_mnist" or "tfds:NAME"')
    parser.add_argument("--classes", type=int, default=10)
    parser.add_argument("--paper", action="store_true", help="the networks and the recipe of 2014")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--batch-size", type=int, default=100)
    parser.add_argument("--output", default="runs/conditional_gan")
    args = parser.parse_args()

    keras.utils.set_random_seed(0)
    dataset = keras_gans.data.load(args.data, size=28, batch_size=args.batch_size, seed=0)
    image_shape = dataset.element_spec[0].shape[1:]
    if args.paper:
        gan = keras_gans.ConditionalGAN(image_shape=image_shape, classes=args.classes, ema=0.99)
    else:
        gan = keras_gans.GAN(*conditional_dcgan(image_shape, args.classes), ema=0.99, classes=args.classes)
    gan.compile()
    samples = keras_gans.callbacks.SampleGrid(os.path.join(args.output, "samples"), classes=args.classes, columns=10)
    gan.fit(dataset, epochs=args.epochs, callbacks=[samples, keras_gans.callbacks.TerminateOnNaN()])

    threes = gan.generate(10, condition=3, seed=0)
    keras_gans.utils.save_images(os.path.join(args.output, "threes.png"), threes, rows=1)
    gan.save(os.path.join(args.output, "conditional_gan.keras"))
    print(f"Samples and model are in {args.output}")


if __name__ == "__main__":
    main()
