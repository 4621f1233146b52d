"""Claim: gradient play oscillates around the solution even in the smallest games; smoothing terms make it converge.

From the lecture on training and stabilization ("Adversarial balance", "The Numerics of GANs"). Two games, played by the library:

- the generator is a point theta in the plane, the discriminator is linear, D(x) = psi . x, the loss psi . (x_real - theta);
- Dirac-GAN: theta and psi are numbers, the real point is 0, the losses are those of GANs.

The radius is the distance of (theta - x_real, psi) from (0, 0). Simultaneous steps of size h make that of the first game grow by
sqrt(1 + h^2) each; alternating ones keep a squared radius - h (theta - x_real) . psi, so they orbit.

    python examples/lectures/05_oscillation.py
"""

import common
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

import keras_gans

STEP = 0.1


class Path(keras.callbacks.Callback):
    """What both players' weights were, before the first round and after each."""

    def on_train_begin(self, logs=None):
        self.points = []
        self.on_train_batch_end()

    def on_train_batch_end(self, batch=None, logs=None):
        self.points.append([np.ravel(self.model.generator.get_weights()), np.ravel(self.model.discriminator.get_weights())])


def play(game, theta, psi, steps, loss, rule="simultaneous", penalties=()):
    """Plays from (theta, psi), with the real point at 0. Returns the path, (steps + 1, player, dimension)."""
    one, x = keras.Input((1,)), keras.Input((len(theta),))
    gan = game(
        keras.Model(one, layers.Dense(len(theta), use_bias=False)(one)),
        keras.Model(x, layers.Dense(1, use_bias=False)(x)),
        latents=common.Points(np.ones((1, 1), "float32")),
    )
    gan.generator.set_weights([np.array([theta])])
    gan.discriminator.set_weights([np.array([psi]).T])
    sgd = [keras.optimizers.SGD(STEP) for _ in range(2)]
    gan.compile(*sgd, loss=loss, update_rule=rule, penalties=penalties)
    path = Path()
    gan.fit(np.zeros((steps, len(theta)), "float32"), batch_size=1, callbacks=[path], verbose=0)
    return np.array(path.points)


def consensus(weight):
    return lambda *networks, **arguments: keras_gans.ConsensusGAN(*networks, consensus_weight=weight, **arguments)


def locally_stable(weight):
    return lambda *networks, **arguments: keras_gans.LocallyStableGAN(*networks, stability_weight=weight, **arguments)


def r1(weight):
    return [keras_gans.penalties.R1(weight)]


GAMES = {
    "2-D point, linear D": (
        ([1.0, 0.0], [0.0, 0.0]),
        {
            "simultaneous": (keras_gans.GAN, "wasserstein"),
            "alternating": (keras_gans.GAN, "wasserstein", "alternating"),
            "R1, weight 0.3": (keras_gans.GAN, "wasserstein", "simultaneous", r1(0.3)),
            "consensus, weight 0.3": (consensus(0.3), "wasserstein"),
            "locally stable, weight 0.15": (locally_stable(0.15), "wasserstein", "simultaneous"),
        },
    ),
    "Dirac-GAN": (
        ([1.0], [-1.0]),
        {
            "minimax": (keras_gans.GAN, "minimax"),
            "minimax, alternating": (keras_gans.GAN, "minimax", "alternating"),
            "non-saturating": (keras_gans.GAN, "non_saturating"),
            "Wasserstein": (keras_gans.GAN, "wasserstein"),
            "minimax, R1, weight 0.3": (keras_gans.GAN, "minimax", "simultaneous", r1(0.3)),
            "minimax, consensus, weight 1": (consensus(1.0), "minimax"),
            "minimax, locally stable, weight 0.5": (locally_stable(0.5), "minimax", "simultaneous"),
        },
    ),
}


def main():
    args = common.arguments(__doc__)
    steps = 20 if args.quick else 1000
    shown = [n for n in (1, 10, 100, 500, 1000) if n <= steps]
    figure, axes = plt.subplots(2, 2, figsize=(10, 8), layout="constrained")
    for (title, (start, rules)), (plane, curve) in zip(GAMES.items(), axes, strict=True):
        rows = []
        for number, (name, (game, loss, *rest)) in enumerate(rules.items()):
            path = play(game, *start, steps, loss, *rest)
            radius = np.sqrt((path**2).sum(axis=(1, 2)))
            rows.append([name, *(float(radius[n]) for n in shown)])
            until = min(steps, 150) + 1
            plane.plot(path[:until, 0, 0], path[:until, 1, 0], color=f"C{number}", lw=1)
            curve.semilogy(np.maximum(radius, 1e-8), color=f"C{number}", label=name)
        common.table([f"{title}: radius after", *(f"{n} steps" for n in shown)], rows)
        print()
        plane.plot(0, 0, "k+")
        plane.set(title=f"{title}: 150 steps", xlabel="theta - x_real", ylabel="psi", aspect="equal")
        if title == "2-D point, linear D":
            plane.set(xlim=(-2, 2), ylim=(-2, 2))
        curve.set(title="distance from the solution", xlabel="step", ylim=(1e-6, 1e3))
        curve.legend(fontsize=8)
    common.save(figure, args, "05_oscillation")


if __name__ == "__main__":
    main()
