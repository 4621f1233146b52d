"""Claim: between point masses at 0 and theta only the earth mover distance says where to go; KL and JS do not.

From the lecture on training and stabilization (example 1 and figures 1 and 2 of the WGAN paper). Its slide has JS = log 4; the
average of two terms log 2 is log 2. Right: discriminator and critic between two Gaussians, and the gradients that they give.

The critic's penalty is one-sided. On a line the two-sided one has a second, wrong minimum: its slope cannot change sign without
passing 0, where the penalty is 10. A critic that starts with the wrong sign ends with the slope 1 - 6 / (2 * 10) = 0.7 for means
that are 6 apart, and the highest values at the generated points.

    python examples/lectures/04_distances.py
"""

import common
import keras
import matplotlib.pyplot as plt
import numpy as np
from scipy.stats import entropy
from scipy.stats import wasserstein_distance

import keras_gans

X = np.linspace(-8, 8, 321)


def distances(theta):
    """KL, JS and EM between unit masses at 0 and theta."""
    p, q = (np.array([1.0, 0.0]), np.array([0.0, 1.0])) if theta else (np.ones(1), np.ones(1))
    m = 0.5 * (p + q)
    return entropy(p, q), 0.5 * (entropy(p, m) + entropy(q, m)), wasserstein_distance([0.0], [theta])


def trained(loss, penalties, steps, jit):
    """Scores on X of what was trained to tell N(-3, 1/2), real, from N(3, 1/2)."""
    real, fake = (keras_gans.data.mixture(20_000, (mean,), (0.5,), seed=seed) for seed, mean in enumerate((-3.0, 3.0)))
    gan = common.against(fake, common.perceptron(1, activation="tanh"))
    gan.compile(discriminator_optimizer=keras.optimizers.Adam(1e-3, beta_1=0.5), loss=loss, penalties=penalties, jit_compile=jit)
    common.train(gan, real, steps)
    return gan.discriminator.predict(X[:, None].astype("float32"), verbose=0)[:, 0].astype(float)


def main():
    args = common.arguments(__doc__)
    thetas = np.linspace(-1, 1, 101)
    values = np.array([distances(theta) for theta in thetas])
    common.table(["theta", "KL", "JS", "EM"], [[t, *distances(t)] for t in (-1.0, -0.5, -0.01, 0.0, 0.01, 0.5, 1.0)])

    steps = 20 if args.quick else 3000
    d = common.sigmoid(trained("minimax", (), steps, not args.quick))
    critic = trained("wasserstein", [keras_gans.penalties.GradientPenalty(10.0, one_sided=True)], steps, not args.quick)
    # What moves a sample: the slopes of log(1 - D) and of the critic.
    slopes = [np.gradient(np.log1p(-np.minimum(d, 1 - 1e-16)), X), np.gradient(critic, X)]
    at = [int(np.abs(X - x).argmin()) for x in (-3.0, 0.0, 2.0, 3.0, 4.0)]
    print()
    common.table(["x", "D", "d log(1 - D)/dx", "d critic/dx"], [[X[n], d[n], slopes[0][n], slopes[1][n]] for n in at])

    figure, axes = plt.subplots(1, 3, figsize=(12, 3.6), layout="constrained")
    axes[0].plot(thetas, values[:, 2], label="EM = |theta|")
    axes[0].plot(np.where(thetas == 0, np.nan, thetas), np.where(thetas == 0, np.nan, values[:, 1]), label="JS = log 2")
    axes[0].plot(0, 0, "o", color="tab:orange", ms=4)
    axes[0].set(title="point masses at 0 and theta (KL: infinite)", xlabel="theta")
    axes[1].plot(X, d, label="D of the GAN")
    axes[1].plot(X, (critic - critic.mean()) / 6, label="WGAN critic / 6, centered")
    axes[2].semilogy(X, np.abs(slopes[0]) + 1e-12, label="|d log(1 - D) / dx|")
    axes[2].semilogy(X, np.abs(slopes[1]), label="|d critic / dx|")
    axes[2].set(title="gradient for a sample at x", ylim=(1e-9, 20), xlabel="x")
    axes[1].set(title="N(-3, 1/2) real, N(3, 1/2) generated", xlabel="x")
    for axis in axes[1:]:
        axis.axvspan(2, 4, color="tab:green", alpha=0.15)
        axis.axvspan(-4, -2, color="k", alpha=0.1)
    for axis in axes:
        axis.legend(fontsize=8)
    common.save(figure, args, "04_distances")


if __name__ == "__main__":
    main()
