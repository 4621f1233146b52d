"""Claim: the plain GAN jumps from mode to mode of a ring of Gaussians; ten unrolled steps spread over all eight.

From the lecture on training and stabilization, with its figure of Metz et al. The published networks and recipe: z of 256
normal numbers, a generator of 2 x 128 ReLU, a discriminator of 128 ReLU on points divided by 4, orthogonal weights of gain 0.8,
Adam(1e-4, beta_1=0.5), batches of 512, 25,000 alternating steps.

    python examples/lectures/07_unrolled.py              # every (steps unrolled, seed) is one line of the file of results

About an hour on two cores; what was stopped goes on where it was. One seed is not evidence: look at all of them.
"""

import os

import common
import keras
import matplotlib.pyplot as plt
import numpy as np
import sweep
from keras import layers

import keras_gans

RING = keras_gans.data.ring_centers()
FRAMES = 5  # pictures of a training, beside that of the start


def networks():
    dense = {"kernel_initializer": keras.initializers.Orthogonal(0.8)}
    z, x = keras.Input((256,)), keras.Input((2,))
    h = layers.Dense(128, "relu", **dense)(layers.Dense(128, "relu", **dense)(z))
    scores = layers.Dense(1, **dense)(layers.Dense(128, "relu", **dense)(layers.Rescaling(0.25)(x)))
    return keras.Model(z, layers.Dense(2, **dense)(h)), keras.Model(x, scores)


def train(technique, data, seed, steps, every):
    """Trains, and looks at 2,500 samples every `every` steps."""
    keras.utils.set_random_seed(seed)
    gan = keras_gans.UnrolledGAN(*networks(), unroll_steps=int(technique))
    gan.compile(steps_per_execution=50)
    points = keras_gans.data.ring(512 * 200, seed=seed).reshape(200, 512, 2)
    looks = [look(gan.generate(2500, seed=0), 0, steps)]
    for step in range(every, steps + 1, every):
        order = np.random.default_rng(step).integers(200, size=every)
        gan.fit(common.batches(points[order]), verbose=0)
        looks.append(look(gan.generate(2500, seed=0), step, steps))
    return {"steps": steps, "modes": looks[-1]["modes"], "high_quality": looks[-1]["high_quality"], "looks": looks}


def look(samples, step, steps):
    metric = keras_gans.metrics.ModeCoverage(RING, sigma=0.02)
    metric.update_state(None, samples)
    results = {name: round(float(value), 4) for name, value in metric.result().items() if name != "reverse_kl"}
    nearest = np.linalg.norm(samples[:, None] - RING, axis=-1).argmin(axis=1)
    shares = np.bincount(nearest, minlength=8) / len(samples)
    drawn = {"samples": np.round(samples[:500], 3).tolist()} if step % (steps // FRAMES) == 0 else {}
    # The share of the mode that most samples are nearest to, and which it is.
    return {"step": step, **results, "largest": round(float(shares.max()), 4), "mode": int(shares.argmax()), **drawn}


def report(results):
    rows = []
    for technique in sorted({result["technique"] for result in results}, key=int):
        for result in (result for result in results if result["technique"] == technique):
            late = result["looks"][len(result["looks"]) // 2 :]
            jumps = sum(a["mode"] != b["mode"] for a, b in zip(late, late[1:], strict=False))
            largest = np.mean([look["largest"] for look in late])
            rows.append([f"K = {technique}, seed {result['seed']}", result["modes"], result["high_quality"], largest, jumps])
    common.table(["", "modes", "high quality", "largest share, 2nd half", "changes of largest mode"], rows)


def draw(results, args):
    shown = sorted((result for result in results if result["seed"] < 2), key=lambda r: (int(r["technique"]), r["seed"]))
    figure, axes = plt.subplots(len(shown), FRAMES + 2, figsize=(11, 1.7 * len(shown)), squeeze=False)
    for row, result in zip(axes, shown, strict=True):
        drawn = [look for look in result["looks"] if look["step"] % (result["steps"] // FRAMES) == 0]
        for axis, look in zip(row, drawn, strict=False):
            density(axis, np.array(look["samples"]))
            axis.set_title(f"step {look['step']:,}", fontsize=7)
        density(row[-1], keras_gans.data.ring(500, seed=0))
        row[-1].set_title("data", fontsize=7)
        row[0].set_ylabel(f"K = {result['technique']}, seed {result['seed']}", fontsize=8)
    common.save(figure, args, "07_unrolled")


def density(axis, points):
    axis.hist2d(*points.T, bins=60, range=[[-3, 3], [-3, 3]], cmap="Greens", vmax=12)
    axis.set(xticks=[], yticks=[], aspect="equal")


def main():
    args = common.arguments(__doc__, workers=2, seeds=3)
    steps, every, seeds = (100, 20, 1) if args.quick else (25_000, 1000, args.seeds)
    jobs = [
        {"technique": unroll, "data": "ring", "seed": seed, "steps": steps, "every": every}
        for seed in range(seeds)
        for unroll in ("10", "0")
    ]
    name = "07_unrolled_quick.jsonl" if args.quick else "07_unrolled.jsonl"
    results = sweep.run(train, jobs, os.path.join(args.output, name), 0 if args.quick else args.workers)
    report(results)
    draw(results, args)


if __name__ == "__main__":
    main()
