"""What the parts share: classifiers that judge, trainings that end by the clock, figures of arrays, pictures and tables."""

import functools
import os

import keras
import numpy as np
from lectures.budget import Clock

import keras_gans
from keras_gans import metrics
from keras_gans.metrics import features
from keras_gans.utils.files import written_beside

BATCH = 100  # images that are measured at a time


@functools.cache
def load(data, split, size=None):
    """Images in [-1, 1], of another size if one is given, in a fixed order, and labels.

    Of the digits, which have no test set, the last fifth is one.

    Args:
        data: "fashion_mnist" or "mnist_5k".
        split: "train" or "test".
        size: Int.
    """
    arguments = {"split": split} if data == "fashion_mnist" else {}
    batches = keras_gans.data.load(data, size=size, batch_size=60_000, shuffle=False, **arguments, verbose=False)
    arrays = next(batches.as_numpy_iterator())
    order = np.random.default_rng(0).permutation(len(arrays[0]))
    if not arguments:
        cut = len(order) * 4 // 5
        order = order[:cut] if split == "train" else order[cut:]
    return tuple(array[order] for array in arrays)


def begin(data, size, seed, samples, folder):
    """What a training begins with. The seed is set.

    Returns:
        Images to train with; at most so many that are held out, and their labels; and the judge, which `prepare_judge` left.
    """
    keras.utils.set_random_seed(seed)
    held_out = (array[:samples] for array in load(data, "test", size))
    return load(data, "train", size)[0], *held_out, load_judge(data, size, folder)


def fit_for(model, batches, seconds):
    """Trains for so many seconds of processor time, and says how many rounds they were."""
    clock = Clock(seconds)
    model.fit(batches.repeat(), steps_per_epoch=10**6, callbacks=[clock], shuffle=False, verbose=0)
    return clock.rounds


def train_judge(path, images, labels, test_images, test_labels, steps):
    """A LeNet that has learnt the labels of real images, in a file, so that all trainings are judged by the same one."""
    if not os.path.exists(path):
        keras.utils.set_random_seed(0)
        model, _ = features.train_classifier(images, labels, steps=steps)
        print(
            f"{os.path.basename(path)}: accuracy {accuracy(model, test_images, test_labels):.4f} on held-out images", flush=True
        )
        with written_beside(path) as beside:
            model.save(beside)


def prepare_judge(data, size, steps, folder):
    """The judge of a study's data, trained where its file is not there yet; the data are as `load` takes them."""
    train_judge(_judge_path(data, size, folder), *load(data, "train", size), *load(data, "test", size), steps)


def load_judge(data, size, folder):
    """What `prepare_judge` left."""
    return keras.models.load_model(_judge_path(data, size, folder))


def _judge_path(data, size, folder):
    return os.path.join(folder, f"judge_{data}.keras" if size is None else f"judge_{data}_{size}.keras")


def predictions(judge, images):
    return np.argmax(judge.predict(images, batch_size=BATCH, verbose=0), axis=-1)


def accuracy(judge, images, labels):
    """The share of images that a classifier takes for what their labels say."""
    return float(np.mean(predictions(judge, images) == labels))


def statistics(judge, real):
    """What `fid` needs of real images, for those who ask more than once."""
    return metrics.real_statistics(features.ClassifierFeatures(judge), real)


def fid(judge, real, made):
    """The Frechet distance between real images, or `statistics` of them, and made ones in the features of a classifier."""
    metric = metrics.FID(features.ClassifierFeatures(judge), real=real)
    for images in parts(made):
        metric.update_outputs(None, metric.extractor(images))
    return float(metric.result())


def precision_recall(judge, real, made):
    """The shares of made images that are like real ones, and of real ones that are like made ones, in the same features."""
    metric = metrics.PrecisionRecall(features.ClassifierFeatures(judge))
    for images in zip(parts(real), parts(made), strict=True):
        metric.update_state(*images)
    return {name: float(value) for name, value in metric.result().items()}


def fidelity(judge, known, held_out, made):
    """The FID of made images beside those that were known, and their precision and recall beside as many held-out ones."""
    return {"fid": fid(judge, known, made)} | precision_recall(judge, held_out, made)


def step(images):
    """The mean step from one pixel to the next: how sharp images are."""
    return np.abs(np.diff(images, axis=1)).mean() + np.abs(np.diff(images, axis=2)).mean()


def of_pairs(metric, real, made):
    """The mean of a metric of image pairs."""
    for rows in parts(np.arange(len(real))):
        metric.update_state(real[rows], made[rows])
    return float(metric.result())


def parts(array):
    return np.array_split(array, -(-len(array) // BATCH))


def first_of_each_class(labels, count=10):
    """Indices of `count` examples, as many classes as there are among them."""
    order = np.argsort([np.sum(labels[:index] == label) for index, label in enumerate(labels[:1000])], kind="stable")
    chosen = order[:count]
    return chosen[np.argsort(labels[chosen], kind="stable")]


def keep(folder, part, technique, images):
    """Images for the picture of a part, in [-1, 1], until all are there."""
    with written_beside(kept(folder, part, technique)) as beside:
        np.save(beside, images)


def kept(folder, part, technique):
    return os.path.join(folder, "kept", f"{part}_{technique}.npy".replace(" ", "_"))


def draw(folder, part, techniques):
    """A row of kept images for each technique that has some, in their order, and the names of the rows; nothing if none has."""
    there = [technique for technique in techniques if os.path.exists(kept(folder, part, technique))]
    if not there:
        return
    rows = [np.load(kept(folder, part, technique)) for technique in there]
    path = os.path.join(folder, f"{part}.png")
    keras_gans.utils.save_images(path, np.concatenate(rows), rows=len(rows), image_range=(-1, 1))
    print(f"{path}, from top to bottom: {', '.join(there)}")


def table(lines, columns):
    """A table in Markdown: a row for each technique; where there are several seeds, their mean, and the least and the greatest.

    Args:
        lines: List of dicts, as `sweep.run` returns them.
        columns: Dict, titles to pairs of the name of a figure and the digits after its point.
    """
    rows = [["", *columns], ["---", *("---:" for _ in columns)]]
    for technique in dict.fromkeys(line["technique"] for line in lines):
        own = [line for line in lines if line["technique"] == technique]
        rows.append(
            [technique, *(_cell([line[name] for line in own if name in line], digits) for name, digits in columns.values())]
        )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cell(values, digits):
    if not values:
        return ""
    mean = f"{np.mean(values):.{digits}f}"
    return mean if len(values) == 1 else f"{mean} ({min(values):.{digits}f} to {max(values):.{digits}f})"
