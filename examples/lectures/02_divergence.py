"""Claim: against the best discriminator the generator minimizes C(G) = -log 4 + 2 JSD(p_data, p_g).

From the introductory lecture (Theorem 1 of the 2014 paper): the minimum, -log 4, is at p_g = p_data. C by quadrature, and minus
the loss of a trained discriminator, which can only be smaller on average. Pairs: N(0, 1) and N(d, 1); the mixture at -2 and 2
(sigma 1/2) and itself shifted by d.

    python examples/lectures/02_divergence.py
"""

import common
import keras
import matplotlib.pyplot as plt
import numpy as np

import keras_gans

X = np.linspace(-12, 16, 5601)
PAIRS = {"Gaussian": ([0.0], [1.0]), "mixture": ([-2.0, 2.0], [0.5, 0.5])}


def quadrature(means, sigmas, shift):
    """JSD and C."""
    p, q = (common.normal_density(X, np.asarray(means) + d, sigmas) for d in (0, shift))
    divergence = common.jensen_shannon(p, q, X)
    return divergence, -np.log(4) + 2 * divergence


def trained(means, sigmas, shift, steps, jit):
    """Minus the loss of a trained discriminator, on a million fresh samples."""
    real, moved, *fresh = (
        keras_gans.data.mixture(500_000, np.asarray(means) + d, sigmas, seed=seed) for seed, d in enumerate((0, shift, 0, shift))
    )
    gan = common.against(moved, common.perceptron(1, width=64, activation="tanh"))
    rate = keras.optimizers.schedules.CosineDecay(5e-3, steps)
    gan.compile(discriminator_optimizer=keras.optimizers.Adam(rate, beta_1=0.5), loss="minimax", jit_compile=jit)
    common.train(gan, real, steps, batch_size=2048)
    scores = [gan.discriminator.predict(x, batch_size=50_000, verbose=0).astype(float) for x in fresh]
    return -(np.logaddexp(0, -scores[0]).mean() + np.logaddexp(0, scores[1]).mean())


def main():
    args = common.arguments(__doc__)
    shifts, steps = ([2.0], 30) if args.quick else ([0.0, 0.5, 1.0, 2.0, 3.0, 4.0], 1500)
    figure, axis = plt.subplots(figsize=(7, 4), layout="constrained")
    rows, curve = [], np.linspace(0, 5, 51)
    for color, (name, (means, sigmas)) in zip(("tab:blue", "tab:orange"), PAIRS.items(), strict=True):
        dots = [trained(means, sigmas, shift, steps, jit=not args.quick) for shift in shifts]
        for shift, dot in zip(shifts, dots, strict=True):
            rows.append([name, shift, *quadrature(means, sigmas, shift), dot])
        axis.plot(curve, [quadrature(means, sigmas, shift)[1] for shift in curve], color=color, label=f"{name}: -log 4 + 2 JSD")
        axis.plot(shifts, dots, "o", color=color, label=f"{name}: - loss of a trained D")
    common.table(["pair", "shift", "JSD", "C = -log 4 + 2 JSD", "-loss of D"], rows)
    axis.axhline(-np.log(4), color="k", ls=":", lw=1)
    axis.text(5, -np.log(4), "-log 4", va="bottom", ha="right")
    axis.set(xlabel="shift of p_g", ylabel="C(G)")
    axis.legend()
    common.save(figure, args, "02_divergence")


if __name__ == "__main__":
    main()
