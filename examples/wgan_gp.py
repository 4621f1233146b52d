"""Trains WGAN-GP, the residual networks for 32x32 images, on real images; watches the critic's estimate on held-out data.

python examples/wgan_gp.py                          # narrow networks, for a laptop without a GPU
python examples/wgan_gp.py --filters 128 --data tfds:cifar10 --epochs 640     # as published
"""

import argparse
import os

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

import keras

import keras_gans


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="mnist_5k", help='a folder, "mnist_5k", "fashion_mnist" or "tfds:NAME"')
    parser.add_argument("--filters", type=int, default=16, help="width of all layers; the paper's is 128")
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--output", default="runs/wgan_gp")
    args = parser.parse_args()

    keras.utils.set_random_seed(0)
    dataset = keras_gans.data.load(args.data, size=32, batch_size=args.batch_size, seed=0, labels=False)
    held_out, train = dataset.take(8), dataset.skip(8)
    shape = train.element_spec.shape[1:]
    gan = keras_gans.WGANGP(
        keras_gans.networks.wgan_gp.generator(shape, filters=args.filters),
        keras_gans.networks.wgan_gp.discriminator(shape, filters=args.filters),
        ema=0.99,
    )
    gan.compile()
    gan.summary()
    callbacks = [
        keras_gans.callbacks.SampleGrid(os.path.join(args.output, "samples"), every=5),
        keras_gans.callbacks.TerminateOnNaN(),
        keras.callbacks.CSVLogger(os.path.join(args.output, "log.csv")),
        keras.callbacks.BackupAndRestore(os.path.join(args.output, "backup")),
    ]
    gan.fit(train, epochs=args.epochs, validation_data=held_out, callbacks=callbacks)
    gan.save(os.path.join(args.output, "wgan_gp.keras"))
    print(f"Samples, log and model are in {args.output}")


if __name__ == "__main__":
    main()
