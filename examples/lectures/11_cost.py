"""Claim: unrolling and second gradients are computationally expensive.

From the lecture on training and stabilization ("gotchas"). Milliseconds and peak memory of a training step with each of them,
beside the plain step: convolutional networks for 32x32 images (no batch normalization in the discriminator), batches of 32,
Adam. Each is measured in a process of its own, in rounds that alternate with rounds of the plain step; the ratio is the median
of the rounds' ratios.

    python examples/lectures/11_cost.py
"""

import os
import resource
import time

import common
import keras
import matplotlib.pyplot as plt
import numpy as np
import sweep
from keras import layers

import keras_gans
from keras_gans import penalties

SHAPE = (32, 32, 3)
TECHNIQUES = {
    "plain": lambda: gan(),
    "plain, alternating": lambda: gan(update_rule="alternating"),
    "gradient penalty": lambda: gan(penalties=[penalties.GradientPenalty()]),
    "R1": lambda: gan(penalties=[penalties.R1()]),
    "R1, every 16": lambda: gan(penalties=[penalties.R1(every=16)]),
    "consensus": lambda: gan(keras_gans.ConsensusGAN),
    "locally stable": lambda: gan(keras_gans.LocallyStableGAN, update_rule="alternating"),
    "unrolled, K = 1": lambda: gan(keras_gans.UnrolledGAN, {"unroll_steps": 1}, update_rule="alternating"),
    "unrolled, K = 5": lambda: gan(keras_gans.UnrolledGAN, {"unroll_steps": 5}, update_rule="alternating"),
    "unrolled, K = 10": lambda: gan(keras_gans.UnrolledGAN, {"unroll_steps": 10}, update_rule="alternating"),
}


def gan(cls=keras_gans.GAN, more=None, **recipe):
    x = h = keras.Input(SHAPE)
    for filters in (32, 64, 128):
        h = layers.LeakyReLU(0.2)(layers.Conv2D(filters, 4, 2, "same")(h))
    discriminator = keras.Model(x, layers.Dense(1)(layers.Flatten()(h)))
    model = cls(keras_gans.networks.dcgan.generator(SHAPE, filters=32), discriminator, **(more or {}))
    model.compile(**recipe)
    return model


def measure(technique, data, seed, steps, rounds):
    """Seconds of rounds that alternate with the plain step's, and megabytes beyond what was there before the first step."""
    images = np.random.default_rng(seed).uniform(-1, 1, (steps, 32, *SHAPE)).astype("float32")
    images = common.batches(images)

    def seconds(model):
        start = time.perf_counter()
        model.fit(images, verbose=0)
        return time.perf_counter() - start

    models = {name: TECHNIQUES[name]() for name in dict.fromkeys(["plain", technique])}
    before, memory = megabytes(), {}
    for name, model in models.items():
        seconds(model)
        memory[name] = round(megabytes() - before)
    times = [{name: seconds(model) for name, model in models.items()} for _ in range(rounds)]
    return {
        "milliseconds": round(1000 * float(np.median([one[technique] for one in times])) / steps, 1),
        "ratio": round(float(np.median([one[technique] / one["plain"] for one in times])), 2),
        "megabytes": memory[technique],
        "plain_megabytes": memory["plain"],
    }


def megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def draw(results, args):
    figure, axis = plt.subplots(figsize=(7, 3))
    names = [line["technique"] for line in results][::-1]
    axis.barh(names, [line["ratio"] for line in results][::-1], color="tab:blue")
    for row, line in enumerate(results[::-1]):
        label = f" {line['ratio']:.1f} x, {line['milliseconds']:.0f} ms, {line['megabytes']} MB"
        axis.text(line["ratio"], row, label, va="center", fontsize=7)
    axis.set(title="A step's cost beside the plain step's", xlabel="times the plain step")
    axis.set_xlim(0, max(line["ratio"] for line in results) * 1.35)
    common.save(figure, args, "11_cost")


def main():
    args = common.arguments(__doc__, steps=16, rounds=7)
    size = {"steps": 2, "rounds": 1} if args.quick else {"steps": args.steps, "rounds": args.rounds}
    techniques = ["plain", "R1"] if args.quick else list(TECHNIQUES)
    jobs = [{"technique": technique, "data": "noise", "seed": 0, **size} for technique in techniques]
    name = "11_cost_quick.jsonl" if args.quick else "11_cost.jsonl"
    results = sweep.run(measure, jobs, os.path.join(args.output, name), workers=0 if args.quick else 1, fresh=True)
    rows = [[line["technique"], line["milliseconds"], line["ratio"], line["megabytes"]] for line in results]
    common.table(["", "ms a step", "times the plain step", "MB beyond the model"], rows)
    draw(results, args)


if __name__ == "__main__":
    main()
