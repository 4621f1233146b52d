"""BigGAN on Fashion-MNIST at 32x32 beside SNGAN with projection and DCGAN, each of its tricks off, and its truncation curve.

python examples/biggan_study.py --part compare      # three models, an hour of processor time each
python examples/biggan_study.py --part ablation     # each trick off, twenty minutes each, two seeds
python examples/biggan_study.py --part truncation   # the curve of the BigGAN of `compare`, in both senses, and its report

All 60,000 images (on Debian: apt-get install dataset-fashion-mnist). A training has the same processor time of one thread,
whatever it does with it; every (model, seed) is a line of JSON, and what was stopped goes on where it was. The networks are
BigGAN's for 32x32 with channels=8 (32 filters everywhere, an eighth of what is published for CIFAR-10), SNGAN's with 32 filters,
and DCGAN's with 16 to 64. The rates are larger than the papers', because there are some thousand rounds and not 100,000.

10,000 samples are compared with 10,000 training images, on the features of a LeNet trained on the labels. "real" is what the
test set scores in a generator's place.
"""

import argparse
import json
import os

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

import keras
import numpy as np
import tensorflow as tf
from lectures import sweep
from lectures.budget import Clock
from lectures.budget import rounded

import keras_gans
from keras_gans import metrics
from keras_gans import networks
from keras_gans.evaluation import evaluate
from keras_gans.evaluation import interpolate
from keras_gans.evaluation import load_generator
from keras_gans.evaluation import truncation_curve
from keras_gans.metrics import features
from keras_gans.metrics.feed import results_of
from keras_gans.utils.files import written_beside
from keras_gans.utils.optional import require

SHAPE, CLASSES, LATENTS, CHANNELS = (32, 32, 1), 10, 128, 8
TRICKS = {"hierarchical": True, "shared_embedding": True, "attention": 16, "orthogonal": True, "batch_size": 64}
# Each trick of BigGAN off, or the batch larger.
ABLATION = {
    "BigGAN": {},
    "no shared embedding": {"shared_embedding": False},
    "no hierarchical latents": {"hierarchical": False},
    "no orthogonal regularization": {"orthogonal": False},
    "no attention": {"attention": None},
    "batch of 256": {"batch_size": 256},
}
COMPARED = ("BigGAN", "SNGAN with projection", "DCGAN")


def big_gan(hierarchical, shared_embedding, attention, orthogonal, batch_size):
    generator = networks.biggan.generator(
        SHAPE,
        LATENTS,
        CLASSES,
        CHANNELS,
        hierarchical,
        shared_embedding,
        attention,
        embedding_dim=32,
        kernel_initializer="orthogonal",
        kernel_regularizer=keras_gans.regularizers.Orthogonal(1e-4) if orthogonal else None,
    )
    discriminator = networks.biggan.discriminator(SHAPE, CLASSES, CHANNELS, attention, kernel_initializer="orthogonal")
    gan = keras_gans.BigGAN(generator, discriminator, ema=0.999)
    gan.compile(*adam(2e-4, 4e-4, beta_2=0.999), discriminator_steps=2)
    return gan


def sngan():
    arguments = {"classes": CLASSES, "channels": 4 * CHANNELS}
    generator, discriminator = (
        networks.sngan.generator(SHAPE, LATENTS, **arguments),
        networks.sngan.discriminator(SHAPE, **arguments),
    )
    gan = keras_gans.ProjectionGAN(generator, discriminator, ema=0.999)
    gan.compile(*adam(2e-4, 2e-4, beta_2=0.9))  # the paper's, without the decay
    return gan


def dcgan():
    filters = 2 * CHANNELS
    gan = keras_gans.DCGAN(networks.dcgan.generator(SHAPE, 100, filters), networks.dcgan.discriminator(SHAPE, filters), ema=0.999)
    gan.compile()
    return gan


def adam(generator_rate, discriminator_rate, beta_2):
    return [keras.optimizers.Adam(rate, 0.0, beta_2, epsilon=1e-8) for rate in (generator_rate, discriminator_rate)]


def make(model):
    """The GAN of a name, and its batch size."""
    if model in ABLATION:
        tricks = TRICKS | ABLATION[model]
        return big_gan(**tricks), tricks["batch_size"]
    return {"SNGAN with projection": sngan, "DCGAN": dcgan}[model](), 64


def train(technique, data, seed, budget, samples, folder):
    """The figures of one training; of the test set, if `technique` is "real"."""
    keras.utils.set_random_seed(seed)
    images, labels = real_images(data, samples)
    chosen = make_metrics(images, labels, folder)
    if technique == "real":
        images, labels = real_images(data, samples, held_out=True)
        for metric in chosen:
            for rows in np.array_split(np.arange(len(images)), max(1, len(images) // 100)):
                metric.update_state(None, images[rows], labels[rows])
        return rounded(figure for metric in chosen for figure in results_of(metric).items())
    gan, batch_size = make(technique)
    clock = Clock(budget)
    batches = keras_gans.data.load(data, size=32, batch_size=batch_size, seed=seed, drop_remainder=True).repeat()
    gan.fit(batches, steps_per_epoch=10**6, callbacks=[clock], verbose=0)
    gan.save(path_of(technique, seed, budget, folder))
    if gan.condition_input is None:  # no classes, and no figure of them
        chosen = [metric for metric in chosen if not isinstance(metric, metrics.IntraFID)]
    line = {"rounds": clock.rounds, "batch_size": batch_size} | figures_of(gan, chosen, labels, seed)
    # What sampling otherwise changes, in the same training. After some thousand rounds the average lags behind.
    if technique == "BigGAN":
        line |= figures_of(gan, chosen, labels, seed, "standing_", statistics="standing")
    if technique in ABLATION:
        line |= figures_of(without_average(gan), chosen, labels, seed, "no_average_")
    return line


def without_average(gan):
    return keras_gans.GAN(gan.generator, gan.discriminator, LATENTS, classes=CLASSES)


def figures_of(gan, chosen, labels, seed, prefix="", **options):
    condition = {} if gan.condition_input is None else {"condition": labels}
    result = evaluate(
        gan, None, chosen, num_samples=len(labels), batch_size=100, seed=seed, analyses=(), progress=False, **condition, **options
    )
    if result.failed:
        raise RuntimeError(f"No figures: {result.failed}")
    return {f"{prefix}{name}": value for name, value in rounded(result.figures.items()).items()}


def real_images(data, samples, held_out=False):
    """Shuffled images and labels; of the test set, if they are held out. (The digits have none: others of the same.)"""
    split = {"split": "test" if held_out else "train"} if data == "fashion_mnist" else {}
    batch = keras_gans.data.load(data, size=32, batch_size=60_000, shuffle=False, **split)
    images, labels = next(batch.as_numpy_iterator())
    chosen = np.random.default_rng(0).permutation(len(images))
    chosen = chosen[-samples:] if held_out else chosen[:samples]
    return images[chosen], labels[chosen]


def make_metrics(images, labels, folder):
    """FID, inception score, precision and recall, and FID within each class, on the features of one LeNet."""
    extractor = features.ClassifierFeatures(keras.models.load_model(lenet_path(folder)))
    batches = tf.data.Dataset.from_tensor_slices((images, labels)).batch(100)
    real = metrics.real_statistics(extractor, batches, os.path.join(folder, f"lenet_{len(images)}.npz"))
    return [
        metrics.FID(extractor, real=real, name="fid"),
        metrics.InceptionScore(extractor, name="is"),
        metrics.PrecisionRecall(extractor, real=real, name="pr"),
        metrics.IntraFID(extractor, CLASSES, real=real, name="intra"),
    ]


def train_lenet(data, steps, folder):
    if not os.path.exists(lenet_path(folder)):
        keras.utils.set_random_seed(0)
        model, accuracy = features.train_classifier(keras_gans.data.load(data, size=32), steps=steps)
        print(f"LeNet: accuracy {accuracy:.4f} on a tenth of the images, held out", flush=True)
        with written_beside(lenet_path(folder)) as beside:
            model.save(beside)


def lenet_path(folder):
    return os.path.join(folder, "lenet.keras")


def path_of(model, seed, budget, folder):
    return os.path.join(folder, f"{model.replace(' ', '_')}_{seed}_{budget}.keras")


def truncation(data, budget, samples, folder):
    """Two curves of the BigGAN of `compare`, with standing statistics, and the report of its other analyses."""
    images, labels = real_images(data, samples)
    extractor = features.ClassifierFeatures(keras.models.load_model(lenet_path(folder)))
    path = path_of("BigGAN", 0, budget, folder)
    shared = {"num_samples": samples, "batch_size": 100, "condition": labels, "statistics": "standing"}
    lines = []
    for form, values in {"scaling": (1.0, 0.8, 0.6, 0.4, 0.2, 0.1), "resampling": (2.0, 1.5, 1.0, 0.5, 0.2, 0.1)}.items():
        generator = load_generator(path, latents=keras_gans.latents.Normal(LATENTS, form))
        for point in truncation_curve(generator, extractor, images, values=(None, *values), **shared):
            lines.append({"truncation": point["truncation"]} | {k: v for k, v in point.items() if k != "truncation"})
            print(json.dumps(lines[-1]), flush=True)
    with open(os.path.join(folder, "truncation.jsonl"), "w", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)
    draw_curves(lines, os.path.join(folder, "truncation.png"))
    draw_samples(load_generator(path), folder)
    chosen = make_metrics(images, labels, folder)
    analyses = ("samples", "neighbors", "leakage", "interpolation")
    report = os.path.join(folder, "report")
    evaluate(path, (images, labels), chosen, num_samples=samples, analyses=analyses, output=report, progress=False)
    print(f"Neighbors, leakage, interpolation in z and in class: {report}/report.html")


def draw_curves(lines, path):
    """FID against inception score, as in the paper, and precision against recall, a curve for each sense of truncation."""
    require("matplotlib", "plots", "Drawing the curves")
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (scores, coverage) = pyplot.subplots(1, 2, figsize=(9, 4), layout="constrained")
    for form, marker in (("t * TN(-2, 2)", "o"), ("TN(-t, t)", "s")):
        points = [line for line in lines if line["truncation_form"] == form]
        for axes, x, y in ((scores, "inception_score", "fid"), (coverage, "recall", "precision")):
            axes.plot([point[x] for point in points], [point[y] for point in points], marker=marker, label=form, alpha=0.8)
            for point in points:
                axes.annotate(
                    point["truncation"] or "none", (point[x], point[y]), fontsize=7, textcoords="offset points", xytext=(4, 3)
                )
    scores.set(xlabel="inception score: fidelity", ylabel="FID", yscale="log")
    coverage.set(xlabel="recall: variety", ylabel="precision: fidelity")
    scores.legend(title="truncated latents")
    figure.savefig(path, dpi=80)
    pyplot.close(figure)


def draw_samples(generator, folder):
    """A row for each class, without and with truncation, and paths between latents and between classes."""
    labels, weights = np.repeat(np.arange(CLASSES), 10), np.eye(CLASSES, dtype="float32")
    for truncation in (None, 0.5):
        standing = generator.with_batch_norm_statistics("standing", truncation)
        images = standing.generate(len(labels), labels, truncation=truncation, seed=0)
        keras_gans.utils.save_images(os.path.join(folder, f"classes_{truncation or 1}.png"), images, rows=CLASSES)
    first, second = np.split(generator.draw_latents(2 * CLASSES, seed=1), 2)
    of_latents = interpolate(generator, first, second, 10, condition=np.arange(CLASSES))
    of_classes = interpolate(generator, first, first, 10, condition=weights, end_condition=np.roll(weights, -1, axis=0))
    for name, paths in {"latents": of_latents, "classes": of_classes}.items():
        images = np.reshape(paths, (-1, *SHAPE))
        keras_gans.utils.save_images(os.path.join(folder, f"between_{name}.png"), images, rows=CLASSES)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=["compare", "ablation", "truncation"], default="compare")
    parser.add_argument("--data", default="fashion_mnist", choices=["fashion_mnist", "mnist_5k"])
    parser.add_argument("--output", default="runs/biggan_study", help="folder of the results")
    parser.add_argument("--models", nargs="*", metavar="MODEL", help="some of the part's models; default: all")
    parser.add_argument("--seeds", type=int, help="default: 1 to compare, 2 in the ablation")
    parser.add_argument("--seconds", type=int, help="of processor time, a training; default: 3600 and 1200")
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--classifier-steps", type=int, default=3000)
    parser.add_argument("--workers", type=int, default=2, help="processes of one thread each; 0: all in this one")
    args = parser.parse_args()
    os.makedirs(args.output, exist_ok=True)
    train_lenet(args.data, args.classifier_steps, args.output)
    make_metrics(*real_images(args.data, args.samples), args.output)  # writes what all processes will read
    if args.part == "truncation":
        truncation(args.data, args.seconds or 3600, args.samples, args.output)
        return
    models, seeds, seconds = (("real", *COMPARED), 1, 3600) if args.part == "compare" else (tuple(ABLATION), 2, 1200)
    shared = {"budget": args.seconds or seconds, "samples": args.samples, "folder": args.output}
    jobs = [
        {"technique": model, "data": args.data, "seed": seed, **shared}
        for seed in range(args.seeds or seeds)
        for model in (args.models or models)
        if model != "real" or seed == 0
    ]
    for line in sweep.run(train, jobs, os.path.join(args.output, f"{args.part}.jsonl"), args.workers):
        shown = {name: line.get(name) for name in ("technique", "seed", "rounds", "fid", "is_inception_score", "intra_intra_fid")}
        print(json.dumps(shown))


if __name__ == "__main__":
    main()
