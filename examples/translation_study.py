"""Translation systems on real images that come with packages: the papers' claims, checked at equal time.

python examples/translation_study.py --part edges         # pix2pix: losses, skip connections, sizes of patches; an hour
python examples/translation_study.py --part digits        # CycleGAN and its kin without pairs; an hour
python examples/translation_study.py --part photographs   # SRGAN beside bicubic and SRResNet; an hour
python examples/translation_study.py --part texts         # StackGAN on digits with captions; an hour

A training has the same processor time of one thread, whatever it does with it. Each (technique, seed) is a line of JSON, and what
was stopped goes on with the next one. A table and a picture of the lines come at the end. The parts are in examples/translation,
with their protocols. --workers says how many trainings run at a time, of one thread each.
"""

import argparse
import os

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

from lectures import sweep
from translation import common
from translation import digits
from translation import edges
from translation import photographs
from translation import texts

PARTS = {"edges": edges, "digits": digits, "photographs": photographs, "texts": texts}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=list(PARTS), default="edges")
    parser.add_argument(
        "--data", help="edges: fashion_mnist or mnist_5k; photographs: a folder of them; default: what is installed"
    )
    parser.add_argument("--output", default="runs/translation_study", help="folder of the results")
    parser.add_argument("--techniques", nargs="*", metavar="TECHNIQUE", help="some of the part's techniques; default: all")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--seconds", type=int, help="of processor time, a training; default: an hour for all of a part and seed")
    parser.add_argument("--samples", type=int, default=10_000, help="held-out images, at most")
    parser.add_argument("--classifier-steps", type=int, default=3000)
    parser.add_argument("--workers", type=int, default=2, help="processes of one thread each; 0: all in this one")
    args = parser.parse_args()

    part = PARTS[args.part]
    seconds = part.SECONDS if args.seconds is None else args.seconds
    shared = {"data": args.data or part.DATA, "samples": args.samples, "folder": args.output}
    os.makedirs(args.output, exist_ok=True)
    part.prepare(**shared, steps=args.classifier_steps)
    lines = []
    for stage in part.STAGES:
        jobs = [
            {"technique": technique, "seed": seed, "budget": seconds, **shared}
            for seed in range(args.seeds)
            for technique in stage
            if technique in (args.techniques or stage) and (seed == 0 or technique not in part.UNTRAINED)
        ]
        lines += sweep.run(part.train, jobs, os.path.join(args.output, f"{args.part}.jsonl"), args.workers)
    for picture in part.PICTURES:
        common.draw(args.output, picture, [technique for stage in part.STAGES for technique in stage])
    print(common.table(lines, part.COLUMNS))


if __name__ == "__main__":
    main()
