"""Claim: the better the discriminator, the smaller the saturating generator loss's gradient; the non-saturating one keeps it.

From the lectures on neural networks (lecture 19) and on training and stabilization. The generator stands still at its random
initial weights while a discriminator learns to tell it from the ring; a Wasserstein critic with gradient penalty likewise. The
norm of the gradient of each loss in the generator's weights:

    minimax         E[-sigmoid(f) df]         non-saturating  E[-(1 - sigmoid(f)) df]         Wasserstein  E[-df]

    python examples/lectures/03_vanishing_gradients.py
"""

import common
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

import keras_gans


def make(loss, penalties, jit):
    keras.utils.set_random_seed(1)  # the same generator twice
    gan = keras_gans.GAN(common.perceptron(8, 2), common.perceptron(2))
    gan.compile(common.still(), keras.optimizers.Adam(1e-3, beta_1=0.5), loss=loss, penalties=penalties, jit_compile=jit)
    return gan


def gradient_norm(gan, loss):
    """Of what the generator would minimize, in its weights."""
    latents = np.random.default_rng(0).standard_normal((4096, 8)).astype("float32")
    with tf.GradientTape() as tape:
        value = tf.reduce_mean(keras_gans.losses.get(loss).generator(None, gan.discriminator(gan.generator(latents))))
    return float(tf.linalg.global_norm(tape.gradient(value, gan.generator.trainable_variables)))


def main():
    args = common.arguments(__doc__)
    data = keras_gans.data.ring(50_000, seed=0)
    plain = make("minimax", (), jit=not args.quick)
    critic = make("wasserstein", [keras_gans.penalties.GradientPenalty(10.0)], jit=not args.quick)
    rows, done = [], 0
    for until in [5, 10] if args.quick else [5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000]:
        history = [common.train(gan, data, until - done, seed=done) for gan in (plain, critic)]
        done = until
        norms = [gradient_norm(plain, "minimax"), gradient_norm(plain, "non_saturating"), gradient_norm(critic, "wasserstein")]
        rows.append([done, history[0]["d_loss"][-1], *norms])
    common.table(["steps of D", "its loss", "minimax", "non-saturating", "Wasserstein (GP)"], rows)
    steps, losses, *norms = np.array(rows).T
    figure, axis = plt.subplots(figsize=(7, 4), layout="constrained")
    for name, values in zip(("minimax (saturating)", "non-saturating", "Wasserstein, gradient penalty"), norms, strict=True):
        axis.loglog(steps, values, "o-", label=name)
    axis.loglog(steps, losses, "k:", label="loss of D")
    axis.set(xlabel="steps of D, G fixed", ylabel="norm of the generator's gradient")
    axis.legend()
    common.save(figure, args, "03_vanishing_gradients")


if __name__ == "__main__":
    main()
