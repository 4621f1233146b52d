"""The table that nobody publishes: every technique of the lectures on the ring of 8 and the grid of 25 Gaussians.

The same networks (latents of 16 normal numbers, two hidden layers of 64 ReLU each), the same Adam(1e-3, beta_1=0.5), batches
of 128, 5,000 rounds for the ring and 10,000 for the grid, five seeds; what a technique needs beside that stands in its line
below. Its own numbers are published values where there are any for points in the plane, else plain guesses: nothing was tuned.
Coverage is that of 2,500 samples: a mode counts with 1% of them within 3 sigma, and, more leniently, within 10.

    python examples/lectures/12_stabilizers.py           # every (technique, data, seed) is one line of the file of results

About an hour on two cores; what was stopped goes on where it was.
"""

import os

import common
import keras
import matplotlib.pyplot as plt
import numpy as np
import sweep
from keras import layers

import keras_gans
from keras_gans import balance
from keras_gans import losses
from keras_gans import penalties

LATENTS, BATCH = 16, 128
ROUNDS = {"ring": 5000, "grid": 10000}
SCALE = 2.828  # by which the grid is divided, as in the WGAN-GP authors' script: its deviation is 1 then
DATA = {
    "ring": (keras_gans.data.ring, keras_gans.data.ring_centers(), 0.02),
    "grid": (
        lambda size, seed: keras_gans.data.grid(size, seed=seed) / SCALE,
        keras_gans.data.grid_centers() / SCALE,
        0.05 / SCALE,
    ),
}


def gan(cls=keras_gans.GAN, generator=None, discriminator=None, rates=(1e-3, 1e-3), ema=None, more=None, **recipe):
    """A compiled GAN. `generator` and `discriminator` make networks instead of the plain ones."""
    networks = (generator or plain_generator)(), (discriminator or plain_discriminator)()
    model = cls(*networks, latents=LATENTS, ema=ema, **(more or {}))
    recipe = {"loss": "non_saturating", "penalties": (), **recipe}
    if not recipe.keys() & {"discriminator_steps", "balance"}:
        recipe["steps_per_execution"] = 50
    model.compile(*(keras.optimizers.Adam(rate, beta_1=0.5) for rate in rates), **recipe)
    return model


def plain_generator(norm=None, **dense):
    x = h = keras.Input((LATENTS,))
    for _ in range(2):
        h = layers.Dense(64, "relu", **dense)(h)
        h = norm()(h) if norm else h
    return keras.Model(x, layers.Dense(2, **dense)(h))


def virtual_batch_normalization():
    reference = np.random.default_rng(0).standard_normal((32, LATENTS)).astype("float32")
    generator = plain_generator(lambda: keras_gans.layers.VirtualBatchNormalization(32))
    return keras_gans.networks.with_reference_batch(generator, reference)


def plain_discriminator(first=None, last=None, wrap=lambda layer: layer, outputs=1, **dense):
    x = h = keras.Input((2,))
    h = first(h) if first else h
    for _ in range(2):
        h = wrap(layers.Dense(64, "relu", **dense))(h)
    h = last(h) if last else h
    return keras.Model(x, wrap(layers.Dense(outputs, **dense))(h))


def autoencoder():
    """The same layers, with two outputs: a reconstruction. The code is the last hidden layer."""
    network = plain_discriminator(outputs=2)
    return keras_gans.networks.autoencoder_discriminator(network, code=network.layers[-2].name)


def clipped():
    clip = keras_gans.constraints.Clip(0.1)
    return plain_discriminator(kernel_constraint=clip, bias_constraint=clip)


def featured():
    return keras_gans.networks.with_features(plain_discriminator())


def wgan_gp(*more, **recipe):
    """lambda = 0.1 is that of the authors' script for points."""
    return gan(loss="wasserstein", penalties=[penalties.GradientPenalty(0.1), *more], **{"discriminator_steps": 5, **recipe})


gp = penalties.GradientPenalty

TECHNIQUES = {
    "non-saturating (the baseline)": lambda: gan(),
    "minimax": lambda: gan(loss="minimax"),
    "one-sided label smoothing 0.9": lambda: gan(loss=losses.NonSaturating(0.1)),
    "symmetric": lambda: gan(loss="symmetric"),
    "least squares": lambda: gan(loss="least_squares"),
    "hinge": lambda: gan(loss="hinge"),
    "relativistic": lambda: gan(loss="relativistic"),
    "relativistic average": lambda: gan(loss="relativistic_average"),
    "energy-based, margin 1": lambda: gan(discriminator=autoencoder, loss=losses.EnergyBased(1.0)),
    "energy-based, pulling away 0.1": lambda: gan(
        discriminator=autoencoder, loss=losses.EnergyBased(1.0), penalties=[penalties.PullingAway(0.1)]
    ),
    "Fisher, rho 0.01, 2 steps": lambda: gan(loss=losses.Fisher(0.01), discriminator_steps=2),
    "feature matching alone": lambda: gan(
        discriminator=featured, loss="discriminator_only", auxiliary_losses=[losses.FeatureMatching()]
    ),
    "Wasserstein, clip 0.1, 5 steps": lambda: gan(discriminator=clipped, loss="wasserstein", discriminator_steps=5),
    "WGAN-GP 0.1, 5 steps": lambda: wgan_gp(),
    "WGAN-LP 0.1, 5 steps": lambda: gan(loss="wasserstein", penalties=[gp(0.1, one_sided=True)], discriminator_steps=5),
    "WGAN-GP 0.1, 5 steps, drift 0.001": lambda: wgan_gp(penalties.Drift()),
    "gradient penalty 0.1": lambda: gan(penalties=[gp(0.1)]),
    "R1, gamma 0.1": lambda: gan(penalties=[penalties.R1(0.1)]),
    "R1, gamma 0.1, every 8": lambda: gan(penalties=[penalties.R1(0.1, every=8)]),
    "R2, gamma 0.1": lambda: gan(penalties=[penalties.R2(0.1)]),
    "DRAGAN 0.1, uniform noise": lambda: gan(penalties=[penalties.DRAGAN(0.1, noise="uniform")]),
    "historical averaging 0.001": lambda: gan(penalties=[penalties.HistoricalAveraging(0.001)]),
    "orthogonal regularization of G": lambda: gan(
        generator=lambda: plain_generator(kernel_regularizer=keras_gans.regularizers.Orthogonal())
    ),
    "instance noise 0.5 to 0 in 5,000 rounds": lambda: gan(
        discriminator=lambda: plain_discriminator(first=keras_gans.layers.InstanceNoise(0.5, steps=5000))
    ),
    "spectral normalization": lambda: gan(
        discriminator=lambda: plain_discriminator(wrap=keras_gans.layers.SpectralNormalization)
    ),
    "spectral normalization, hinge": lambda: gan(
        discriminator=lambda: plain_discriminator(wrap=keras_gans.layers.SpectralNormalization), loss="hinge"
    ),
    "minibatch discrimination": lambda: gan(
        discriminator=lambda: plain_discriminator(last=keras_gans.layers.MinibatchDiscrimination(16, 4))
    ),
    "minibatch standard deviation": lambda: gan(
        discriminator=lambda: plain_discriminator(first=keras_gans.layers.MinibatchStdDev())
    ),
    "batch normalization in G": lambda: gan(
        generator=lambda: plain_generator(lambda: layers.BatchNormalization(momentum=0.9, epsilon=1e-5))
    ),
    "virtual batch normalization in G": lambda: gan(generator=virtual_batch_normalization),
    "pixel normalization in G": lambda: gan(generator=lambda: plain_generator(keras_gans.layers.PixelNormalization)),
    "average of G, 0.999": lambda: gan(ema=0.999),
    "two time scales, D 4 : G 1": lambda: gan(rates=(5e-4, 2e-3)),
    "5 discriminator steps": lambda: gan(discriminator_steps=5),
    "D rests above 80% accuracy": lambda: gan(balance=balance.AccuracyThreshold()),
    "D rests below 0.7 of G's loss": lambda: gan(balance=balance.LossRatio()),
    "loss change balance, WGAN-GP 0.1": lambda: gan(loss="wasserstein", penalties=[gp(0.1)], balance=balance.LossChange()),
    "unrolled, 5 steps": lambda: gan(keras_gans.UnrolledGAN, more={"unroll_steps": 5}, loss="saddle", update_rule="alternating"),
    "unrolled, 5 steps, non-saturating": lambda: gan(keras_gans.UnrolledGAN, more={"unroll_steps": 5}, update_rule="alternating"),
    "consensus, gamma 1": lambda: gan(keras_gans.ConsensusGAN, more={"consensus_weight": 1.0}),
    "locally stable, eta 0.5": lambda: gan(keras_gans.LocallyStableGAN, loss="saddle", update_rule="alternating"),
}

# What --quick tries.
QUICK = ["non-saturating (the baseline)", "gradient penalty 0.1"]


def train(technique, data, seed, rounds):
    keras.utils.set_random_seed(seed)
    sample, centers, sigma = DATA[data]
    model = TECHNIQUES[technique]()
    points = sample(BATCH * 400, seed=seed).reshape(400, BATCH, 2)
    steps = model.discriminator_steps if model.balance is None else 3
    for part in range(4):
        order = np.random.default_rng([seed, part]).integers(400, size=rounds * steps // 4)
        model.fit(common.batches(points[order]), steps_per_epoch=rounds // 4, verbose=0)
    samples = model.generate(2500, seed=seed)
    metric = keras_gans.metrics.ModeCoverage(centers, sigma=sigma)
    metric.update_state(None, np.nan_to_num(samples, nan=1e6, posinf=1e6, neginf=-1e6))
    results = {name: round(float(value), 4) for name, value in metric.result().items() if name != "reverse_kl"}
    nearest = np.linalg.norm(samples[:, None] - centers, axis=-1)
    near = np.bincount(nearest.argmin(axis=1)[nearest.min(axis=1) < 10 * sigma], minlength=len(centers))
    return {"rounds": rounds, **results, "near": int((near >= 0.01 * len(samples)).sum())}


def verdict(values, baseline):
    """Better or worse than the baseline by more than two standard errors. Fewer than three seeds say nothing."""
    if min(len(values), len(baseline)) < 3:
        return "?"
    difference = np.mean(values) - np.mean(baseline)
    error = (np.var(values, ddof=1) / len(values) + np.var(baseline, ddof=1) / len(baseline)) ** 0.5
    return "=" if abs(difference) <= 2 * error else "better" if difference > 0 else "worse"


def report(results, path):
    """Prints the table, and writes it as Markdown."""

    def column(technique, data, key):
        return [line[key] for line in results if (line["technique"], line["data"]) == (technique, data)]

    base = next(iter(TECHNIQUES))
    heads = [f"{data}: modes of {len(centers)} | within 10 sigma | high quality | " for data, (_, centers, _) in DATA.items()]
    lines = [f"| technique | {' | '.join(heads)} | s |", "|---|---:|---:|---:|---|---:|---:|---:|---|---:|"]
    for technique in TECHNIQUES:
        cells = [technique]
        for data in DATA:
            modes, near, quality = (column(technique, data, key) for key in ("modes", "near", "high_quality"))
            cells += [f"{np.mean(modes):.1f} ± {np.std(modes):.1f}", f"{np.mean(near):.1f} ± {np.std(near):.1f}"]
            cells += [f"{np.mean(quality):.0%}", verdict(near, column(base, data, "near")) if technique != base else ""]
        seconds = np.mean([line["seconds"] for line in results if line["technique"] == technique])
        lines.append(f"| {' | '.join(cells)} | {seconds:.0f} |")
    with open(path, "w") as file:
        file.write("\n".join(lines) + "\n")
    print("\n".join(lines))


def draw(results, args):
    figure, axes = plt.subplots(1, 2, figsize=(9, 0.22 * len(TECHNIQUES) + 1), sharey=True)
    names = list(TECHNIQUES)[::-1]
    for axis, (data, (_, centers, _)) in zip(axes, DATA.items(), strict=True):
        for row, technique in enumerate(names):
            lines = [line for line in results if (line["technique"], line["data"]) == (technique, data)]
            for key, color in (("near", "tab:gray"), ("modes", "tab:green")):
                values = [line[key] for line in lines]
                if not values:  # --quick looks at the ring only
                    continue
                axis.plot(values, np.full(len(values), row), ".", color=color, alpha=0.5)
                axis.plot(np.mean(values), row, "|", color=color, ms=12, mew=2)
        axis.set(title=f"{data}: modes within 3 sigma (green), 10 sigma (gray)", xlim=(-0.5, len(centers) + 0.5))
        axis.set_yticks(range(len(names)), names, fontsize=7)
        axis.grid(alpha=0.3)
        axis.title.set_fontsize(9)
    common.save(figure, args, "12_stabilizers")


def main():
    args = common.arguments(__doc__, workers=2, seeds=5)
    jobs = [
        {"technique": technique, "data": data, "seed": seed, "rounds": 8 if args.quick else ROUNDS[data]}
        for seed in range(1 if args.quick else args.seeds)
        for technique in (QUICK if args.quick else TECHNIQUES)
        for data in (["ring"] if args.quick else DATA)
    ]
    name = "12_stabilizers_quick" if args.quick else "12_stabilizers"
    results = sweep.run(train, jobs, os.path.join(args.output, f"{name}.jsonl"), 0 if args.quick else args.workers)
    if not args.quick:
        report(results, os.path.join(args.output, f"{name}.md"))
    draw(results, args)


if __name__ == "__main__":
    main()
