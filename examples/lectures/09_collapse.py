"""Claim: for a fixed discriminator the best generator puts all mass on argmax D; only the discriminator's answer undoes it.

From the lecture on training and stabilization ("Simultaneous updates"). On the ring of 8: both players train; D is frozen, early,
and G trains on; D is released; and, when all modes are there, D is frozen again. What gradients find is the maximum in whose
basin a sample lies: an early D has one, a late one has a maximum at each mode. The largest score is searched on the square that
the generator can reach, [-3, 3]^2.

    python examples/lectures/09_collapse.py
"""

import common
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

import keras_gans

GRID = common.square(3.0)


def generator():
    """A perceptron into [-3, 3]^2: a sample cannot run away for a higher score."""
    z = keras.Input((16,))
    inside = layers.Rescaling(3.0)(layers.Activation("tanh")(common.perceptron(16, 2)(z)))
    return keras.Model(z, inside)


def compiled(gan, rate, jit):
    """D learns at `rate`; with 0 it is frozen, and there is nothing to penalize."""
    adam = [keras.optimizers.Adam(lr, beta_1=0.5) if lr else common.still() for lr in (1e-3, rate)]
    gan.compile(*adam, penalties=[keras_gans.penalties.R1(0.1)] if rate else (), jit_compile=jit)


def look(gan, axis):
    """Modes, high quality, the shares of the largest cluster and of what is near argmax D, and scores."""
    points, scores = gan.generate(2500, seed=1), np.reshape(gan.discriminator(GRID), -1)
    coverage = keras_gans.metrics.ModeCoverage(keras_gans.data.ring_centers(), sigma=0.05)
    coverage.update_state(None, points)
    result = {key: float(value) for key, value in coverage.result().items()}
    best = GRID[scores.argmax()]
    # The largest cluster: the most samples within 0.3 of one sample.
    cluster = (np.linalg.norm(points[:, None] - points[:500], axis=-1) < 0.3).mean(axis=0).max()
    near = (np.linalg.norm(points - best, axis=1) < 0.3).mean()
    image = scores.reshape(101, 101)
    axis.imshow(image, extent=(-3, 3, -3, 3), origin="lower", cmap="Greys_r", vmin=scores.max() - 2, vmax=scores.max())
    axis.plot(*points[:1000].T, ".", color="tab:green", ms=4, clip_on=False)
    axis.plot(*best, "r*", ms=15, mec="w", mew=0.5, clip_on=False, zorder=1.5)
    axis.set(xticks=[], yticks=[], xlim=(-3, 3), ylim=(-3, 3))
    mean = float(np.mean(gan.discriminator(points)))
    return [int(result["modes"]), result["high_quality"], float(cluster), float(near), mean, float(scores.max())]


def main():
    args = common.arguments(__doc__)
    data = keras_gans.data.ring(50_000, sigma=0.05, seed=0)
    stages = [("both train", 1e-3, 300), ("D frozen", 0.0, 2000), ("D released", 1e-3, 300), ("D released", 1e-3, 4000)]
    stages.append(("D frozen again", 0.0, 2000))
    figure, axes = plt.subplots(1, len(stages), figsize=(14, 3.2), layout="constrained")
    gan, before, rows = keras_gans.GAN(generator(), common.perceptron(2)), None, []
    for number, ((name, rate, steps), axis) in enumerate(zip(stages, axes, strict=True)):
        steps = 10 if args.quick else steps
        if rate != before:
            compiled(gan, rate, jit=not args.quick)
        before = rate
        common.train(gan, data, steps, seed=number)
        rows.append([f"{name}, {steps} steps", *look(gan, axis)])
        axis.set_title(f"{name}, {steps:,} steps")
    common.table(["stage", "modes", "high quality", "largest cluster", "near argmax D", "mean score", "largest score"], rows)
    common.save(figure, args, "09_collapse")


if __name__ == "__main__":
    main()
