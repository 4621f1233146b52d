"""Networks that grow, styles, and the GANs of today on real images that come with packages, at equal time.

python examples/style_study.py --part growing                       # ProGAN, with and without growing
python examples/style_study.py --part ablation                      # StyleGAN without its mapping, noise, mixing
python examples/style_study.py --part today                         # DCGAN, SNGAN, StyleGAN2, R3GAN, and augmentation

A training has the same processor time of one thread, whatever it does with it. Each (technique, seed) is a line of JSON, and what
was stopped goes on with the next one. A table and a picture of the lines come at the end. The parts are in examples/styles, with
their protocols. --workers says how many trainings run at a time, of one thread each.
"""

import os

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

from studies import study
from styles import ablation
from styles import growing
from styles import today

PARTS = {"growing": growing, "ablation": ablation, "today": today}

if __name__ == "__main__":
    study.main(__doc__, PARTS, "runs/style_study", "mnist_5k or fashion_mnist; default: the part's")
