"""What studies share: parts, each of several trainings at equal time, whose figures are lines of JSON, a table and a picture."""

import argparse
import os

from lectures import sweep
from studies import common


def main(description, parts, output, data_help):
    """Runs a part that the command line chooses.

    A part is a module with `DATA` and `SECONDS`, the defaults of a training; `STAGES`, tuples of techniques, of which those of a
    later stage need what those before it left; `UNTRAINED`, techniques that have one line whatever the seed; `COLUMNS` of the
    table; `PICTURES`, names of what `common.keep` kept; and two functions: `prepare(data, samples, steps, folder)`, and
    `train(technique, data, seed, budget, samples, folder)`, which returns figures.

    Args:
        description: String, of the script.
        parts: Dict, names to modules. The first is the default.
        output: String, the default folder of results.
        data_help: String, what data there are.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=list(parts), default=next(iter(parts)))
    parser.add_argument("--data", help=data_help)
    parser.add_argument("--output", default=output, help="folder of the results")
    parser.add_argument("--techniques", nargs="*", metavar="TECHNIQUE", help="some of the part's techniques; default: all")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--seconds", type=int, help="of processor time, a training; default: an hour for all of a part and seed")
    parser.add_argument("--samples", type=int, default=10_000, help="held-out images, at most")
    parser.add_argument("--classifier-steps", type=int, default=3000)
    parser.add_argument("--workers", type=int, default=2, help="processes of one thread each; 0: all in this one")
    args = parser.parse_args()

    part = parts[args.part]
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
