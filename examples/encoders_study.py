"""Codes and encoders on real images that come with packages: what they learn that nobody told them, at equal time.

python examples/encoders_study.py --part codes                          # InfoGAN, with and without mutual information
python examples/encoders_study.py --part codes --data fashion_mnist
python examples/encoders_study.py --part features                       # BiGAN and its baselines: nearest neighbours
python examples/encoders_study.py --part compare                        # VAE, VAE/GAN, GAN, BiGAN, AAE: likelihood and blur
python examples/encoders_study.py --part ages                           # CAAE and its discriminators: strokes of other widths
python examples/encoders_study.py --part pyramid                        # LAPGAN beside a single GAN

A training has the same processor time of one thread, whatever it does with it. Each (technique, seed) is a line of JSON, and what
was stopped goes on with the next one. A table and a picture of the lines come at the end. The parts are in examples/encoders,
with their protocols. --workers says how many trainings run at a time, of one thread each.
"""

import os

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

from encoders import ages
from encoders import codes
from encoders import compare
from encoders import features
from encoders import pyramid
from studies import study

PARTS = {"codes": codes, "features": features, "compare": compare, "ages": ages, "pyramid": pyramid}

if __name__ == "__main__":
    study.main(__doc__, PARTS, "runs/encoders_study", "mnist_5k or fashion_mnist; default: the part's")
