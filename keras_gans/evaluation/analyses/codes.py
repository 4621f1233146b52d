"""Measures whether the codes that a generator was trained with, such as InfoGAN's, mean something."""

import dataclasses

import numpy as np

from keras_gans.evaluation.analyses.confusion import confusion_matrix
from keras_gans.evaluation.analysis_result import AnalysisResult
from keras_gans.evaluation.analysis_result import NotApplicable
from keras_gans.evaluation.report import html_blocks
from keras_gans.utils.finite import check_finite
from keras_gans.utils.optional import require


@dataclasses.dataclass(frozen=True)
class CodeAccuracy:
    """What `code_accuracy` found.

    accuracy    float: share of the images whose category is matched with their class
    matches     int `(categories,)`: the class of each category; -1 for those that are left over
    confusion   int `(categories, classes)`: row = category, column = class
    """

    accuracy: float
    matches: np.ndarray
    confusion: np.ndarray


@dataclasses.dataclass(frozen=True)
class CodeInformation:
    """What `code_information` found, in nats.

    entropy     float: H(c) of the prior, log k, the most there can be
    bound       float: H(c) + mean log q(c | x), the lower bound that InfoGAN maximizes
    estimate    float: the mutual information of the code and the most likely category
    confusion   int `(k, k)`: row = code, column = most likely category
    """

    entropy: float
    bound: float
    estimate: float
    confusion: np.ndarray


def code_accuracy(found, labels):
    """Accuracy of a categorical code as a classifier, after the best one-to-one matching of its categories to classes.

    max over matchings m of   share of images with m(found) = label

    The generator does not know which category is which class, so the labels choose the matching: with k balanced classes and few
    images, even chance is above 1 / k. Categories beyond the number of classes match none, and count as wrong.

    Args:
        found: The categories of images, ints `(n,)`, or their probabilities `(n, k)`, such as those of `gan.infer_code(images)`.
        labels: Int array `(n,)`, the classes, from 0.

    Returns:
        `CodeAccuracy`.

    Raises:
        ValueError: if there is not one label for each image, categories or labels are no ints >= 0, or probabilities are NaN or
            infinite.
        ImportError: without SciPy.

    Example:

    ```python
    result = keras_gans.evaluation.code_accuracy([2, 2, 0, 1, 1], [0, 0, 1, 2, 0])
    print(result.accuracy, result.matches)  # 0.8 [1 2 0]
    ```

    Reference:
        Chen et al., InfoGAN: Interpretable Representation Learning by Information Maximizing Generative Adversarial Nets (2016),
        arXiv:1606.03657, section 7.2, which reports the error on digits so; matched by SciPy's `linear_sum_assignment`.
    """
    found, labels = np.asarray(found), np.asarray(labels)
    categories = found.shape[1] if found.ndim == 2 else None
    if categories is not None:
        check_finite(found, "`found`")
        found = np.argmax(found, axis=1)
    for name, values in (("found", found), ("labels", labels)):
        wrong = values.ndim != 1 or not np.issubdtype(values.dtype, np.integer) or len(values) != len(labels)
        if wrong or not len(values) or values.min() < 0:
            raise ValueError(
                "`found` must be categories (n,) or probabilities (n, k), and `labels` classes (n,), ints >= 0, n >= 1. Received "
                f"for {name}: {values.dtype} of shape {values.shape}"
            )
    confusion = confusion_matrix(found, labels, categories or int(found.max()) + 1, int(labels.max()) + 1)
    optimize = require("scipy.optimize", "examples", "The matching of categories to classes")
    rows, columns = optimize.linear_sum_assignment(confusion, maximize=True)
    matches = np.full(len(confusion), -1)
    matches[rows] = columns
    return CodeAccuracy(float(confusion[rows, columns].sum() / len(labels)), matches, confusion)


def code_information(codes, probabilities):
    """The mutual information of images and the categorical code that they were made from: a bound, and an estimate from counts.

    bound = log k + mean log q(c | x) <= I(c; x)
    estimate = sum over c, f of   p(c, f) log(p(c, f) / (p(c) p(f))),   p: shares of n,   f = argmax q(. | x)

    The bound is too low by the divergence of q from the true posterior, and is negative where q is sure and wrong. The estimate
    depends only on whether q's best guess identifies the code, perhaps under another number, not on how sure q is; with n samples
    it is too high by about (k - 1)^2 / (2 n). A bound far below the estimate: q sees the code, and is miscalibrated.

    Args:
        codes: The codes, ints `(n,)`, or one-hot rows `(n, k)`, such as those of `latents.split(z)`.
        probabilities: Float array `(n, k)`, q(. | x) of the images made from them, such as those of `gan.infer_code`.

    Returns:
        `CodeInformation`.

    Raises:
        ValueError: if shapes do not agree, or values are not codes and probabilities.

    Example:

    ```python
    gan = keras_gans.InfoGAN()
    z = gan.latents.sample(32, seed=(0, 1))
    found = gan.infer_code(gan.generate(latents=z))
    result = keras_gans.evaluation.code_information(gan.latents.split(z)["categories"][0], found["categories"][0])
    print(f"{result.entropy:.4f}")  # 2.3026
    ```

    Reference:
        Chen et al. (2016), arXiv:1606.03657, equation 5; the bound is that of `losses.MutualInformation`.
    """
    codes, q = np.asarray(codes), np.asarray(probabilities, "float64")
    codes = np.argmax(codes, axis=1) if codes.ndim == 2 and codes.shape == q.shape else codes
    if q.ndim != 2 or not len(q) or codes.shape != q.shape[:1] or not np.issubdtype(codes.dtype, np.integer):
        raise ValueError(
            "Expected codes, ints (n,) or one-hot rows (n, k), and probabilities (n, k), n >= 1. Received: "
            f"{codes.dtype} of shape {codes.shape} and {q.shape}"
        )
    check_finite(q, "`probabilities`")
    k = q.shape[1]
    if codes.min() < 0 or codes.max() >= k or q.min() < 0 or np.abs(q.sum(axis=1) - 1).max() > 1e-3:
        raise ValueError(
            f"Codes must be from 0 to {k - 1}, and probabilities >= 0, of sum 1. Received: codes from {codes.min()} to "
            f"{codes.max()}, probabilities from {q.min():g}, sums from {q.sum(axis=1).min():g} to {q.sum(axis=1).max():g}"
        )
    of_code = np.maximum(q[np.arange(len(q)), codes], np.finfo("float32").tiny)  # below it, a float32 softmax gives 0
    confusion = confusion_matrix(codes, np.argmax(q, axis=1), k, k)
    return CodeInformation(float(np.log(k)), float(np.log(k) + np.mean(np.log(of_code))), _information(confusion), confusion)


def codes_analysis(sample_set, count=2000):
    """Compares the codes found in generated images with the true ones, and those found in real images with their classes."""
    generator = sample_set.generator
    prior = generator.coded_latents
    if prior is None or not prior.categories:
        raise NotApplicable("The generator's latents have no categorical codes that are known from outside.")
    if not generator.finds_codes:
        raise NotApplicable("Nothing here finds codes in images, as InfoGAN's discriminator does.")
    sample_set.need_images_of_latents()
    options = sample_set.options
    latents = generator.draw_latents(count, (options.seed, 1), options.truncation)
    found = generator.infer_code(sample_set.generated_of(latents, sample_set.conditions_for(count)))["categories"]
    drawn = prior.split(latents)["categories"]
    information = [code_information(*pair) for pair in zip(drawn, found, strict=True)]
    labels = None if sample_set.labels is None else sample_set.real_classes[: len(sample_set.real)]
    of_classes = labels is not None and labels.ndim == 1 and np.issubdtype(labels.dtype, np.integer)
    of_real = generator.infer_code(sample_set.real)["categories"] if of_classes else []
    accuracies = [code_accuracy(each, labels) for each in of_real]
    numbers = range(1, len(information) + 1)
    ends = [(f"_{number}", f", code {number}") for number in numbers] if len(information) > 1 else [("", "")]
    figures, blocks = {}, []
    for (end, which), result in zip(ends, information, strict=True):
        figures |= {f"entropy{end}": result.entropy, f"bound{end}": result.bound, f"estimate{end}": result.estimate}
        blocks += [html_blocks.paragraph(f"Generated images{which}"), html_blocks.matrix(result.confusion, "code", "found")]
    for (end, which), result in zip(ends, accuracies, strict=False):
        figures[f"accuracy{end}"] = result.accuracy
        text = ", ".join(f"{category}: {match}" for category, match in enumerate(result.matches) if match >= 0)
        told = f"Real images{which}. Categories and the classes that they stand for: {text}"
        blocks.append(html_blocks.paragraph(told))
        blocks.append(html_blocks.matrix(result.confusion, "found", "class"))
    counts = {"generated": count} | ({"real": len(labels)} if of_classes else {})
    protocol = sample_set.generator_protocol | {"seed": options.seed, "samples": counts, "unit": "nats"}
    return AnalysisResult(figures, blocks, {"information": information, "accuracy": accuracies}, protocol)


def _information(counts):
    """The mutual information of a table of counts, in nats."""
    p = counts / counts.sum()
    independent = p.sum(axis=1, keepdims=True) * p.sum(axis=0, keepdims=True)
    return float(np.sum(p[p > 0] * np.log(p[p > 0] / independent[p > 0])))
