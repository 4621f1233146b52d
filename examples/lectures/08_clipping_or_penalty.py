"""Claim: clipped critics miss the shape of the data and end with their weights at the bounds; penalized ones do not.

From the lecture on training and stabilization (figure 1 of the WGAN-GP paper). The generator is held at real data plus standard
normal noise, on a ring of 8 Gaussians, a grid of 25, and a Swiss roll, at the paper's scale. Critics: perceptrons, 3 x 128.

    value       E D(real) - E D(fake)
    steepness   the largest gradient norm of D, over the square that is shown and the samples
    value / steepness is at most the earth mover distance: the share of it that the critic sees grows with this number

    python examples/lectures/08_clipping_or_penalty.py
"""

import common
import keras
import matplotlib.pyplot as plt
import numpy as np

import keras_gans

BOUND = 0.01
SQUARE = common.square(2.0)


def sources(samples):
    data = keras_gans.data
    return {
        "8 Gaussians": data.ring(samples, radius=2**0.5, sigma=0.02 / 2**0.5, seed=0),
        "25 Gaussians": data.grid(samples, np.arange(-2, 3) / 2**0.5, sigma=0.05 / 8**0.5, seed=0),
        "Swiss roll": data.swiss_roll(samples, seed=0),
    }


def clipped(points):
    bound = keras_gans.constraints.Clip(BOUND)
    # Started inside the bounds, so that what is at them has moved there.
    start = keras.initializers.RandomUniform(-BOUND, BOUND)
    critic = common.perceptron(2, depth=3, kernel_initializer=start, kernel_constraint=bound, bias_constraint=bound)
    gan = common.against(points, critic, noise=1.0)
    return gan, {"discriminator_optimizer": keras.optimizers.RMSprop(5e-5, rho=0.99, epsilon=1e-8)}, 10_000


def penalized(points):
    gan = common.against(points, common.perceptron(2, depth=3), noise=1.0)
    adam = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(2e-3, 5000), beta_1=0.5, beta_2=0.9)
    return gan, {"discriminator_optimizer": adam, "penalties": [keras_gans.penalties.GradientPenalty(10.0)]}, 5000


def main():
    args = common.arguments(__doc__)
    figure, axes = plt.subplots(2, 4, figsize=(12, 6), layout="constrained")
    rows = []
    for line, (name, make) in zip(axes, {"clipping": clipped, "penalty": penalized}.items(), strict=True):
        weights = []
        for axis, (title, points) in zip(line, list(sources(20_000).items())[: 1 if args.quick else 3], strict=False):
            gan, recipe, steps = make(points)
            gan.compile(loss="wasserstein", jit_compile=not args.quick, **recipe)
            common.train(gan, points, 20 if args.quick else steps)
            critic, fake = gan.discriminator, gan.generate(20_000, seed=1)
            value = float(np.mean(critic(points)) - np.mean(critic(fake)))
            steepest = common.steepness(critic, np.concatenate([SQUARE, points, fake]))
            weights.append(np.concatenate([np.ravel(kernel) for kernel in critic.get_weights()[::2]]))
            at_bounds = float((np.abs(weights[-1]) >= 0.999 * BOUND).mean()) if make is clipped else "-"
            rows.append([f"{title}, {name}", value, steepest, value / steepest, at_bounds])
            common.contours(axis, SQUARE, critic(SQUARE))
            axis.plot(*points[:400].T, ".", color="tab:orange", ms=2)
            axis.set(title=f"{title}: {name}", xticks=[], yticks=[], aspect="equal", xlim=(-2, 2), ylim=(-2, 2))
        line[3].hist(np.concatenate(weights), bins=60, log=True)
        line[3].set(title=f"weights: {name}")
    common.table(["critic", "value", "steepness", "value / steepness", "share of weights at +-c"], rows)
    common.save(figure, args, "08_clipping_or_penalty")


if __name__ == "__main__":
    main()
