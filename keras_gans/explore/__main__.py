"""Serves a page on which a generator is explored.

python -m keras_gans.explore runs/dcgan/dcgan.keras
python -m keras_gans.explore serving/dcgan/1 --port 8000
python -m keras_gans.explore deepmind/biggan-deep-128 --direction-samples 100
"""

import argparse
import sys

from keras_gans.explore.launch import explore


def main(arguments=None):
    parser = argparse.ArgumentParser(
        prog="python -m keras_gans.explore", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", help="a saved GAN (.keras), the folder of an export, the name or folder of a published module")
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 to be seen from other machines; default: %(default)s")
    parser.add_argument("--port", type=int, help="default: the first free one from 7860")
    parser.add_argument("--image-range", type=float, nargs=2, metavar=("BLACK", "WHITE"), help="of a published module")
    parser.add_argument("--samples", type=int, default=16, help="images shown at first; default: %(default)s")
    parser.add_argument(
        "--direction-samples",
        type=int,
        default=1000,
        help="latents that the directions are estimated from: fewer start sooner; default: %(default)s",
    )
    parser.add_argument("--title", help="default: the source")
    args = vars(parser.parse_args(arguments))
    try:
        explore(**args)
    except (ImportError, OSError, ValueError) as error:
        sys.exit(f"{parser.prog}: {error}")


if __name__ == "__main__":
    main()
