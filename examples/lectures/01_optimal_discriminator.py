"""Claim: for a fixed generator the best discriminator is D*(x) = p_data(x) / (p_data(x) + p_g(x)).

From the introductory lecture (Proposition 1 of the 2014 paper), with its picture of the three curves p_data, p_g and D, here as
frames of one training. p_g is a histogram of generated samples. D must keep up with G: it has three steps for one of G's, and ten
times the learning rate.

    python examples/lectures/01_optimal_discriminator.py
"""

import common
import keras
import matplotlib.pyplot as plt
import numpy as np

import keras_gans

X = np.linspace(-6, 6, 481)
P = common.normal_density(X, [-2, 2], [0.5, 0.5])


def adam(rate=1e-3):
    return keras.optimizers.Adam(rate, beta_1=0.5)


def scores(gan):
    return gan.discriminator.predict(X[:, None].astype("float32"), batch_size=len(X), verbose=0)[:, 0]


def fixed_generator(stages, axis, jit):
    """A discriminator that learns to tell the mixture from N(1, 1.5), which stands still."""
    q = common.normal_density(X, 1.0, 1.5)
    fixed = keras_gans.data.mixture(100_000, means=(1.0,), sigmas=(1.5,), seed=1)
    gan = common.against(fixed, common.perceptron(1, activation="tanh"))
    gan.compile(discriminator_optimizer=adam(keras.optimizers.schedules.CosineDecay(3e-3, sum(stages))), jit_compile=jit)
    formula, rows, done = P / (P + q), [], 0
    best = 2 * np.log(2) - 2 * common.jensen_shannon(P, q, X)
    for steps in stages:
        common.train(gan, keras_gans.data.mixture(200_000, seed=2), steps, batch_size=2048, seed=done)
        done += steps
        d = common.sigmoid(scores(gan))
        gap = np.abs(d - formula)
        loss = -((P * np.log(d) + q * np.log(1 - d)).sum() * (X[1] - X[0]))
        rows.append([done, (0.5 * (P + q) * gap).sum() * (X[1] - X[0]), gap[P + q > 0.05].max(), loss, best])
    common.table(["steps", "mean |D - D*|", "max, p + q > 0.05", "loss of D", "its minimum"], rows)
    axis.set_title("G fixed: D against the formula")
    draw(axis, q, d)
    axis.figure.legend(loc="outside lower center", ncols=4)


def draw(axis, q, d):
    axis.plot(X, P, "k", label="p_data", lw=1)
    axis.plot(X, q, "tab:green", label="p_g")
    axis.plot(X, d, "tab:blue", ls="--", label="D")
    axis.plot(X, np.where(P + q > 0.02, P / (P + q + 1e-9), np.nan), "tab:red", ls=":", label="p_data / (p_data + p_g)")
    axis.set(ylim=(0, 1.02), xlim=(-6, 6))


def frames(stages, axes, jit):
    """Both players learn. D follows the formula, and ends at 1/2."""
    gan = keras_gans.GAN(common.perceptron(4, activation="tanh"), common.perceptron(1, activation="tanh"))
    gan.compile(adam(2e-4), adam(2e-3), discriminator_steps=3, jit_compile=jit)
    rows, done = [], 0
    for steps, axis in zip(stages, axes, strict=True):
        if steps:
            common.train(gan, keras_gans.data.mixture(100_000, seed=3), steps, batch_size=512, seed=done)
        done += steps
        edges = np.append(X, X[-1] + X[1] - X[0]) - 0.5 * (X[1] - X[0])
        counts = np.histogram(gan.generate(50_000, seed=0), edges)[0]
        q = np.convolve(counts, np.hanning(9) / np.hanning(9).sum(), "same") / counts.sum() / (X[1] - X[0])
        d = common.sigmoid(scores(gan))
        gap = (0.5 * (P + q) * np.abs(d - P / (P + q + 1e-9))).sum() * (X[1] - X[0])
        half = (0.5 * (P + q) * np.abs(d - 0.5)).sum() * (X[1] - X[0])
        rows.append([done, common.jensen_shannon(P, q, X), gap, half])
        axis.set_title(f"both learn: step {done:,}")
        draw(axis, q, d)
    print()
    common.table(["step of the GAN", "JSD(p_data, p_g)", "mean |D - D*|", "mean |D - 1/2|"], rows)


def main():
    args = common.arguments(__doc__)
    figure, axes = plt.subplots(2, 3, figsize=(11, 5), layout="constrained")
    fixed_generator([20, 20] if args.quick else [50, 150, 800, 3000], axes.flat[0], jit=not args.quick)
    frames([0, 10, 10, 10, 10] if args.quick else [0, 100, 200, 700, 4000], axes.flat[1:], jit=not args.quick)
    common.save(figure, args, "01_optimal_discriminator")


if __name__ == "__main__":
    main()
