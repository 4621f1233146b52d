"""Claim: the best critic's value is the earth mover distance times its Lipschitz constant; bounds on that are not tight.

From the lecture on training and stabilization (Kantorovich duality, WGAN, WGAN-GP, SNGAN). Two sets of 64 points, from the ring
of 8 and from N((1, 0), 1/4). The distance by linear programming, both the transport plan and its dual, against what critics see:

    value               mean D(real) - mean D(fake)
    steepness           the largest gradient norm found on a grid and between the points: nearly the true Lipschitz constant
    product of norms    the product of the layers' largest singular values: the bound that can be computed
    value / steepness   <= EM by duality; what the critic found of it
    value / product     what is left of it when only the bound is known

    python examples/lectures/10_duality.py
"""

import common
import keras
import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.optimize import linprog
from scipy.sparse import eye_array
from scipy.sparse import hstack
from scipy.sparse import kron

import keras_gans

COUNT = 64


def earth_mover(real, fake):
    """The distance of two sets of equal size, by the best plan, and by the best pair of potentials."""
    cost = np.linalg.norm(real[:, None] - fake[None], axis=-1).astype(float)
    plan = linear_sum_assignment(cost)
    # max mean(phi) - mean(psi),  phi_i - psi_j <= cost_ij
    ones, identity = np.ones((COUNT, 1)), eye_array(COUNT)
    limits = hstack([kron(identity, ones), -kron(ones, identity)]).tocsr()
    value = np.repeat([-1 / COUNT, 1 / COUNT], COUNT)
    return cost[plan].mean(), -linprog(value, limits, cost.ravel(), bounds=(None, None)).fun, plan


def critics():
    narrow, wide = keras_gans.constraints.Clip(0.01), keras_gans.constraints.Clip(0.1)
    spectral = keras_gans.layers.SpectralNormalization
    penalty = keras_gans.penalties.GradientPenalty
    return {
        "clipping, c = 0.01": (common.perceptron(2, kernel_constraint=narrow, bias_constraint=narrow), ()),
        "clipping, c = 0.1": (common.perceptron(2, kernel_constraint=wide, bias_constraint=wide), ()),
        "gradient penalty 10": (common.perceptron(2), [penalty(10.0)]),
        "one-sided penalty 10": (common.perceptron(2), [penalty(10.0, one_sided=True)]),
        "spectral normalization": (common.perceptron(2, wrap=spectral), ()),
    }


def product_of_norms(critic):
    """Of the kernels as they are applied."""
    dense = [layer for layer in critic.layers if layer.weights]
    if isinstance(dense[0], keras_gans.layers.SpectralNormalization):
        exact = [np.linalg.norm(layer.layer.kernel, 2) / float(layer.spectral_norm()) for layer in dense]
        return float(np.prod(exact))
    return float(np.prod([np.linalg.norm(layer.kernel, 2) for layer in dense]))


def main():
    args = common.arguments(__doc__)
    rng = np.random.default_rng(0)
    real = keras_gans.data.ring(COUNT, seed=0)
    fake = (0.5 * rng.standard_normal((COUNT, 2)) + [1.0, 0.0]).astype("float32")
    primal, dual, plan = earth_mover(real, fake)
    common.table(["earth mover distance", ""], [["best plan", primal], ["best potentials", dual]])
    square = common.square(3.0)
    between = [real[plan[0]] * (1 - u) + fake[plan[1]] * u for u in np.linspace(0, 1, 101, dtype="float32")]
    figure, axes = plt.subplots(1, 6, figsize=(16, 3), layout="constrained")
    rows, chosen = [], list(critics().items())[:: 2 if args.quick else 1]
    for axis, (name, (critic, penalties)) in zip(axes[1:], chosen, strict=False):
        gan = common.against(fake, critic)
        adam = keras.optimizers.Adam(1e-3, beta_1=0.5, beta_2=0.9)
        gan.compile(discriminator_optimizer=adam, loss="wasserstein", penalties=penalties, jit_compile=not args.quick)
        common.train(gan, real, 10 if args.quick else 4000)
        value = float(np.mean(critic(real)) - np.mean(critic(fake)))
        steep, bound = common.steepness(critic, np.concatenate([square, *between])), product_of_norms(critic)
        rows.append([name, value, steep, bound, value / steep, value / bound, bound / steep])
        common.contours(axis, square, critic(square))
        axis.set(title=name, xticks=[], yticks=[])
    print()
    columns = ["critic", "value", "steepness", "product of norms", "value / steepness", "value / product", "product / steepness"]
    common.table(columns, rows)
    axes[0].plot(*np.stack([real[plan[0]], fake[plan[1]]]).transpose(2, 0, 1), color="tab:gray", lw=0.6)
    axes[0].set(title=f"best plan: EM {primal:.3f}", xticks=[], yticks=[])
    for axis in axes:
        axis.plot(*real.T, ".", color="tab:orange", ms=3)
        axis.plot(*fake.T, ".", color="tab:blue", ms=3)
        axis.set(xlim=(-2.6, 2.6), ylim=(-2.6, 2.6), aspect="equal")
    common.save(figure, args, "10_duality")


if __name__ == "__main__":
    main()
