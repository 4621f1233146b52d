"""Translation systems on real images that come with packages: the papers' claims, checked at equal time.

python examples/translation_study.py --part edges         # pix2pix: losses, skip connections, sizes of patches; an hour
python examples/translation_study.py --part digits        # CycleGAN and its kin without pairs; an hour
python examples/translation_study.py --part photographs   # SRGAN beside bicubic and SRResNet; an hour
python examples/translation_study.py --part texts         # StackGAN on digits with captions; an hour

A training has the same processor time of one thread, whatever it does with it. Each (technique, seed) is a line of JSON, and what
was stopped goes on with the next one. A table and a picture of the lines come at the end. The parts are in examples/translation,
with their protocols. --workers says how many trainings run at a time, of one thread each.
"""

import os

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

from studies import study
from translation import digits
from translation import edges
from translation import photographs
from translation import texts

PARTS = {"edges": edges, "digits": digits, "photographs": photographs, "texts": texts}
DATA = "edges: fashion_mnist or mnist_5k; photographs: a folder of them; default: what is installed"

if __name__ == "__main__":
    study.main(__doc__, PARTS, "runs/translation_study", DATA)
