"""Trains BiGAN: a GAN with an encoder, from images to latents, that neither sees a label nor a reconstruction.

    python examples/bigan.py                                    # MNIST's digits, the paper's networks
    python examples/bigan.py --data fashion_mnist --epochs 20
    python examples/bigan.py --data photos --size 64 --convolutional    # a folder, in color: the networks of ALI
    python examples/bigan.py --epochs 400 --resume              # goes on where it was, or was stopped

reconstructions.png has images, and below each what the generator makes of its latents; edits.png goes from one image to another
through their latents. Where there are labels, the share of images is printed whose nearest neighbor in the encoder's features
has their class, as in the paper's first table, beside that of pixels and of an encoder that learned nothing.
"""

import argparse
import os
import shutil

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

import keras
import numpy as np

import keras_gans
from keras_gans import networks

COLUMNS = 12


def load(data, **arguments):
    """Images in [0, 1], with labels if there are any."""
    dataset = keras_gans.data.load(data, **arguments)
    if isinstance(dataset.element_spec, tuple):
        return dataset.map(lambda images, labels: ((images + 1) / 2, labels))
    return dataset.map(lambda images: (images + 1) / 2)


def make_gan(image_shape, convolutional, units):
    if convolutional:
        return keras_gans.ALI(image_shape=image_shape)
    network = networks.bigan
    builders = network.generator, network.encoder, network.discriminator
    return keras_gans.BiGAN(*(build(image_shape, units=units) for build in builders))


def encoder_features(gan, images):
    """The encoder's last hidden layer where it has a name, or else the latents."""
    if "features" not in [layer.name for layer in gan.encoder.layers]:
        return gan.encode(images)
    hidden = keras.Model(gan.encoder.input, gan.encoder.get_layer("features").output)
    return hidden.predict(images, verbose=0)


def nearest_neighbor_accuracy(features, labels):
    """Half of the images look for their nearest neighbors among the other half."""
    features, half = features.reshape(len(features), -1), len(features) // 2
    return keras_gans.evaluation.nearest_neighbor_probe(features[:half], labels[:half], features[half:], labels[half:])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="mnist_5k", help='a folder, "mnist_5k", "fashion_mnist", "digits" or "tfds:NAME"')
    parser.add_argument("--size", type=int, help="default: as the images are; 32 or 64 with --convolutional")
    parser.add_argument("--convolutional", action="store_true", help="the networks of ALI, with a stochastic encoder")
    parser.add_argument("--units", type=int, default=1024, help="of the hidden layers without --convolutional")
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--resume", action="store_true", help="go on from the last epoch in --output, with the same options")
    parser.add_argument("--output", default="runs/bigan")
    args = parser.parse_args()
    backup = os.path.join(args.output, "backup")
    if args.resume and not os.path.isdir(backup):
        parser.error(f"there is no {backup} to go on from: leave out --resume, or give the --output of that training")

    keras.utils.set_random_seed(0)
    dataset = load(args.data, size=args.size, batch_size=args.batch_size, seed=0)
    labelled = isinstance(dataset.element_spec, tuple)
    images_alone = dataset.map(lambda images, labels: images) if labelled else dataset
    gan = make_gan(tuple(images_alone.element_spec.shape[1:]), args.convolutional, args.units)
    gan.compile()
    gan.summary()

    if not args.resume and os.path.isdir(backup):
        print(f"Begins anew, and deletes {backup}: --resume would have gone on from it.")
        shutil.rmtree(backup)
    callbacks = [
        keras.callbacks.BackupAndRestore(backup, delete_checkpoint=False),
        keras_gans.callbacks.SampleGrid(os.path.join(args.output, "samples")),
        keras_gans.callbacks.TerminateOnNaN(),
    ]
    gan.fit(images_alone, epochs=args.epochs, callbacks=callbacks)

    gan.save(os.path.join(args.output, "bigan.keras"))
    gan.export(os.path.join(args.output, "serving", "1"))
    some = next(iter(images_alone)).numpy()[:COLUMNS]
    both = np.concatenate([some, gan.reconstruct(some)])
    keras_gans.utils.save_images(os.path.join(args.output, "reconstructions.png"), both, rows=2, image_range=(0, 1))
    codes = gan.encode(some)
    ends = [np.repeat(codes[start::2][: len(codes) // 2], COLUMNS, axis=0) for start in (0, 1)]
    steps = np.tile(np.linspace(0, 1, COLUMNS), len(codes) // 2)
    between = gan.generate(latents=keras_gans.evaluation.lerp(*ends, steps))
    rows = len(codes) // 2
    keras_gans.utils.save_images(os.path.join(args.output, "edits.png"), between, rows=rows, image_range=(0, 1))
    if labelled:
        parts = list(dataset.take(max(1, 2000 // args.batch_size)))
        images, labels = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        untrained = make_gan(images.shape[1:], args.convolutional, args.units)
        spaces = {
            "pixels": images,
            "features before training": encoder_features(untrained, images),
            "features": encoder_features(gan, images),
        }
        for name, features in spaces.items():
            print(f"Nearest neighbors in {name} have the same class: {nearest_neighbor_accuracy(features, labels):.3f}")
    print(f"The model, an export with `encode`, reconstructions and paths between images are in {args.output}")


if __name__ == "__main__":
    main()
