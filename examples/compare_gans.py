"""DCGAN, LSGAN and WGAN-GP with equal time on real images: a table of figures that may be compared, with their protocol.

python examples/compare_gans.py           # every (model, data, seed) is one line of the file of results

Fashion-MNIST (60,000 images; on Debian: apt-get install dataset-fashion-mnist) and the 5,000 MNIST digits; three seeds. Every
training has five minutes of one CPU thread, counted by the clock of its process. The networks are DCGAN's for 28x28, of half the
width (32 filters) so that they get somewhere in that time, and for WGAN-GP the critic without batch normalization, with biases
instead; batches of 64; sampled from the average of the generator (0.99). About two hours on two cores; what was stopped goes on
where it was.

As many samples as real images are compared: 10,000 for Fashion-MNIST, all 5,000 digits. Features are those of a LeNet trained
on the data's labels, and of EfficientNet-Lite0 at 96x96. "real" is what real images score: Fashion-MNIST's test set, and one half
of the digits against the other.
"""

import argparse
import os
import statistics

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

import keras
import numpy as np
from keras import layers
from lectures import sweep
from lectures.budget import Clock
from lectures.budget import rounded

import keras_gans
from keras_gans import metrics
from keras_gans.evaluation import evaluate
from keras_gans.metrics import features
from keras_gans.metrics.feed import results_of
from keras_gans.utils.files import written_beside

SHAPE, LATENTS, FILTERS = (28, 28, 1), 100, 32
SAMPLES = {"fashion_mnist": 10_000, "mnist_5k": 5_000}
MODELS = {"DCGAN": keras_gans.DCGAN, "LSGAN": keras_gans.LSGAN, "WGAN-GP": keras_gans.WGANGP}
METRICS = {"fid": metrics.FID, "kid": metrics.KID, "is": metrics.InceptionScore, "pr": metrics.PrecisionRecall}
# Columns of the table: the name of a figure, and digits after the point.
COLUMNS = {
    "FID": ("fid", 2),
    "KID": ("kid_kid", 3),
    "IS": ("is_inception_score", 2),
    "precision": ("pr_precision", 3),
    "recall": ("pr_recall", 3),
}


def critic(filters=FILTERS):
    """DCGAN's discriminator without batch normalization, whose statistics a penalty of single examples does not allow."""
    images = keras.Input(SHAPE)
    x = layers.LeakyReLU(0.2)(layers.Conv2D(filters, 4, 2, "same")(images))
    x = layers.LeakyReLU(0.2)(layers.Conv2D(2 * filters, 4, 2, "same")(x))
    return keras.Model(images, layers.Dense(1)(layers.Flatten()(x)))


def make_gan(model):
    generator = keras_gans.networks.dcgan.generator(SHAPE, LATENTS, FILTERS)
    if model != "WGAN-GP":
        discriminator = keras_gans.networks.dcgan.discriminator(SHAPE, FILTERS)
        gan = MODELS[model](generator, discriminator, ema=0.99)
        gan.compile(steps_per_execution=10)
        return gan
    gan = keras_gans.WGANGP(generator, critic(), ema=0.99)
    # The rates of the paper's first algorithm: its other ones fall to zero at a number of rounds, and here time is given.
    gan.compile(*(keras.optimizers.Adam(1e-4, beta_1=0.0, beta_2=0.9) for _ in range(2)), steps_per_execution=10)
    return gan


def train(technique, data, seed, budget, samples, folder):
    """The figures of one training; of real images that were held out, if `technique` is "real"."""
    keras.utils.set_random_seed(seed)
    reference, held_out = real_images(technique, data, samples)
    chosen = make_metrics(data, reference, folder)
    lenet = {"lenet": chosen[0].protocol["weights"]}
    if held_out is not None:
        for batch in np.array_split(held_out, -(-len(held_out) // 100)):
            for metric in chosen:
                metric.update_state(None, batch)
        return {**lenet, **rounded(figure for metric in chosen for figure in results_of(metric).items())}
    gan = make_gan(technique)
    clock = Clock(budget)
    batches = keras_gans.data.load(data, labels=False, seed=seed, drop_remainder=True).repeat()
    gan.fit(batches, steps_per_epoch=10**6, callbacks=[clock], verbose=0)
    gan.save(os.path.join(folder, f"{technique}_{data}_{seed}.keras"))
    arguments = {"num_samples": len(reference), "batch_size": 100, "seed": seed, "analyses": (), "progress": False}
    result = evaluate(gan, None, chosen, **arguments)
    if result.failed:
        raise RuntimeError(f"No figures of {technique} on {data}, seed {seed}: {result.failed}")
    return {**lenet, "rounds": clock.rounds, **rounded(result.figures.items())}


def real_images(technique, data, samples):
    """Images to compare with, and other real ones to compare in a generator's place, or None."""
    images = shuffled(data)
    if technique != "real":
        return images[:samples], None
    if data == "fashion_mnist":
        return images[:samples], shuffled(data, split="test")[:samples]
    return images[: samples // 2], images[samples // 2 : samples]


def shuffled(data, split="train"):
    images = next(keras_gans.data.load(data, batch_size=60_000, split=split, labels=False, shuffle=False).as_numpy_iterator())
    return np.random.default_rng(0).permutation(images)


def make_metrics(data, reference, folder):
    """The metrics of each extractor, with the real side from a file, which is written at the first time."""
    chosen = []
    for name, extractor in make_extractors(data, folder).items():
        real = metrics.real_statistics(extractor, reference, os.path.join(folder, f"{name}_{data}_{len(reference)}.npz"))
        for key, metric in METRICS.items():
            sides = {} if metric is metrics.InceptionScore else {"real": real}
            chosen.append(metric(extractor, name=f"{name}_{key}", **sides))
    return chosen


def make_extractors(data, folder):
    lenet = keras.models.load_model(lenet_path(data, folder))
    return {"lenet": features.ClassifierFeatures(lenet), "efficientnet": features.EfficientNetLite0(size=96)}


def train_lenet(data, steps, folder):
    if os.path.exists(lenet_path(data, folder)):
        return
    keras.utils.set_random_seed(0)
    model, accuracy = features.train_classifier(keras_gans.data.load(data), steps=steps)
    print(f"LeNet on {data}: accuracy {accuracy:.4f} on a tenth of the images, held out", flush=True)
    with written_beside(lenet_path(data, folder)) as beside:
        model.save(beside)


def lenet_path(data, folder):
    return os.path.join(folder, f"lenet_{data}.keras")


def report(results):
    """The table as Markdown: means and standard deviations over seeds."""
    lines = [f"| data | model | rounds | features | {' | '.join(COLUMNS)} |", "|---|---|---:|---|" + "---:|" * len(COLUMNS)]
    if len({(line["data"], line["lenet"]) for line in results}) > len({line["data"] for line in results}):
        raise SystemExit("Some lines are of another LeNet, and cannot be compared. Remove them from the file of results.")
    for data, technique in dict.fromkeys((line["data"], line["technique"]) for line in results):
        runs = [line for line in results if (line["data"], line["technique"]) == (data, technique)]
        rounds = f"{statistics.mean(line['rounds'] for line in runs):,.0f}" if technique != "real" else ""
        for name in ("lenet", "efficientnet"):
            cells = []
            for key, digits in COLUMNS.values():
                values = [line[f"{name}_{key}"] for line in runs]
                spread = f" ± {statistics.stdev(values):.{digits}f}" if len(values) > 1 else ""
                cells.append(f"{statistics.mean(values):.{digits}f}{spread}")
            lines.append(f"| {data} | {technique} | {rounds} | {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", default="runs/compare_gans", help="folder of the results")
    parser.add_argument("--data", nargs="*", default=list(SAMPLES), choices=SAMPLES, metavar="DATA")
    parser.add_argument("--models", nargs="*", default=list(MODELS), choices=MODELS, metavar="MODEL")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=300, help="of processor time, for a training")
    parser.add_argument("--samples", type=int, help="of either side; default: 10,000 of Fashion-MNIST, 5,000 digits")
    parser.add_argument("--classifier-steps", type=int, default=1500)
    parser.add_argument("--workers", type=int, default=2, help="processes; 0: all in this one")
    args = parser.parse_args()
    os.makedirs(args.output, exist_ok=True)

    shared = {"budget": args.seconds, "folder": args.output}
    jobs = [
        {"technique": technique, "data": data, "seed": seed, "samples": args.samples or SAMPLES[data], **shared}
        for seed in range(args.seeds)
        for data in args.data
        for technique in (["real", *args.models] if seed == 0 else args.models)
    ]
    for data in args.data:  # writes what all processes will read
        train_lenet(data, args.classifier_steps, args.output)
        for technique in ("real", args.models[0]):
            reference, _ = real_images(technique, data, args.samples or SAMPLES[data])
            make_metrics(data, reference, args.output)
    results = sweep.run(train, jobs, os.path.join(args.output, "results.jsonl"), args.workers)
    table = report(sorted(results, key=lambda line: line["data"]))
    with open(os.path.join(args.output, "table.md"), "w", encoding="utf-8") as file:
        file.write(table)
    print(table)


if __name__ == "__main__":
    main()
