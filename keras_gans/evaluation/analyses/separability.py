"""Measures whether hyperplanes of latents separate attributes of images."""

import dataclasses

import numpy as np

from keras_gans.evaluation.analyses.linear_probe import linear_classifier
from keras_gans.utils.finite import check_finite
from keras_gans.utils.integers import check_ints
from keras_gans.utils.numbers import check_positive
from keras_gans.utils.numbers import check_unit_interval


@dataclasses.dataclass(frozen=True)
class Separability:
    """What `linear_separability` found.

    score        float: exp of the sum of the entropies; 1 if every attribute is known from the side of its hyperplane
    entropies    float64 `(attributes,)`: H(Y | X) of each, in nats; NaN for one that all images, or none, have
    accuracies   float64 `(attributes,)`: how often the side of the hyperplane is the attribute; NaN likewise
    """

    score: float
    entropies: np.ndarray
    accuracies: np.ndarray


def linear_separability(latents, logits, confident=0.5, penalty=1.0, max_iterations=2000, seed=0):
    """How well linear classifiers of latents predict what a classifier sees in the images: the less entropy is left, the better.

    score = exp(sum over attributes of H(Y | X)),   Y: the attribute as the classifier sees it, X: the side of the hyperplane

    H(Y | X) = -sum over x, y of p(x, y) log p(y | x)

    For each attribute, the images on which the classifier is least sure are left out, and a linear support vector machine is
    fitted to the latents of the others. Compare spaces of the same generator by the same images: z and w of a StyleGAN.

    Args:
        latents: Float array `(n, d)`; 200,000 of them in the paper.
        logits: Float array `(n, attributes)`, what a classifier says of the n images: the sign says whether an image has the
            attribute, the size how sure the classifier is. For a classifier of classes, log p - log(1 - p) of each class's
            probability p.
        confident: Float in (0, 1], the share of images that is used. Default: 0.5.
        penalty: Float > 0, weight of the L2 penalty ||w||^2 / 2 against the sum of losses. Default: 1.
        max_iterations: Int, of the solver. Default: 2000.
        seed: Int, of the solver.

    Returns:
        `Separability`.

    Raises:
        ValueError: if shapes do not agree, a number is out of range, values are NaN or infinite, or no attribute distinguishes
            any images.
        ImportError: without scikit-learn.

    Example:

    ```python
    latents = np.random.default_rng(0).normal(size=(400, 3))
    logits = latents[:, :1] * 5  # an attribute that the first number decides
    print(round(keras_gans.evaluation.linear_separability(latents, logits).score, 2))  # 1.0
    ```

    Reference:
        Karras et al., A Style-Based Generator Architecture for Generative Adversarial Networks (2018), arXiv:1812.04948, section
        4.2; matches metrics/linear_separability.py in NVlabs/stylegan, with 40 attributes of CelebA.

    Differences: latents are standardized first; the support vector machine is scikit-learn's `LinearSVC`, as in `linear_probe`.
    """
    check_positive(penalty=penalty, confident=confident)
    check_unit_interval(confident=confident)
    check_ints(1, max_iterations=max_iterations)
    check_ints(0, seed=seed)
    latents, logits = np.asarray(latents, "float64"), np.asarray(logits, "float64")
    if latents.ndim != 2 or logits.ndim != 2 or len(latents) != len(logits):
        raise ValueError(
            f"Expected latents (n, d) and logits (n, attributes). Received: {latents.shape}, {logits.shape}. Flatten the "
            "latents, and give each attribute's logits a column."
        )
    check_finite(latents, "`latents`")
    check_finite(logits, "`logits`")
    deviation = latents.std(axis=0)
    latents = (latents - latents.mean(axis=0)) / np.where(deviation == 0, 1.0, deviation)
    kept = max(2, round(confident * len(latents)))
    entropies, accuracies = [], []
    for column in logits.T:
        surest = np.argsort(-np.abs(column), kind="stable")[:kept]
        attribute = column[surest] > 0
        if attribute.all() or not attribute.any():
            entropies.append(np.nan)
            accuracies.append(np.nan)
            continue
        machine = linear_classifier("svm", 1.0 / penalty, max_iterations, seed)
        side = machine.fit(latents[surest], attribute).predict(latents[surest])
        entropies.append(conditional_entropy(side, attribute))
        accuracies.append(np.mean(side == attribute))
    entropies, accuracies = np.array(entropies), np.array(accuracies)
    if np.isnan(entropies).all():
        raise ValueError("Each attribute is shared by all images or by none, so there is nothing to separate. Take more images.")
    return Separability(float(np.exp(np.nansum(entropies))), entropies, accuracies)


def conditional_entropy(x, y):
    """H(Y | X) in nats, of two bool arrays `(n,)`."""
    joint = np.array([[np.mean((x == i) & (y == j)) for j in (False, True)] for i in (False, True)])
    given = joint / np.maximum(joint.sum(axis=1, keepdims=True), np.finfo("float64").tiny)
    return float(-np.sum(joint * np.log(np.where(joint > 0, given, 1.0))))
