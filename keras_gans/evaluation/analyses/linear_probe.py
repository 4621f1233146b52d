"""The accuracy of a linear classifier on features."""

import numpy as np

from keras_gans.evaluation.analyses.discriminator_features import discriminator_features
from keras_gans.evaluation.analysis_result import AnalysisResult
from keras_gans.evaluation.analysis_result import NotApplicable
from keras_gans.utils.choices import check_choice
from keras_gans.utils.finite import check_finite
from keras_gans.utils.integers import check_ints
from keras_gans.utils.numbers import check_positive
from keras_gans.utils.optional import require

_CLASSIFIERS = ("logistic", "svm")


def linear_probe(
    features_train, labels_train, features_test, labels_test, classifier="logistic", penalty=1.0, max_iterations=2000, seed=0
):
    """Accuracy of a linear classifier on frozen features.

    Features are standardized with the mean and deviation of the training features; a feature that is constant there stays
    constant. Choose `penalty` on a validation set, never on the test set.

    Args:
        features_train, features_test: Float arrays `(n, d)`, `(m, d)`.
        labels_train, labels_test: Int arrays `(n,)`, `(m,)`.
        classifier: "logistic" (multinomial logistic regression) or "svm" (one against the rest, squared hinge loss, as DCGAN's
            probe). Default: "logistic".
        penalty: Float > 0, weight of the L2 penalty ||w||^2 / 2 against the sum of losses; scikit-learn's 1 / C. Default: 1.
        max_iterations: Int, of the solver; scikit-learn warns if they are not enough. Default: 2000.
        seed: Int, of the solver.

    Returns:
        Float, the share of test labels that are right.

    Raises:
        ValueError: if shapes do not agree, or an argument is none of the above.
        ImportError: without scikit-learn.

    Example:

    ```python
    discriminator = keras_gans.networks.dcgan.discriminator((28, 28, 1))
    network = keras_gans.evaluation.discriminator_features(discriminator)
    train, test = network.predict(images), network.predict(test_images)
    accuracy = keras_gans.evaluation.linear_probe(train, labels, test, test_labels, classifier="svm")
    ```

    Reference:
        Radford et al., Unsupervised Representation Learning with Deep Convolutional GANs (2015), arXiv:1511.06434; solved by
        scikit-learn's `LogisticRegression` and `LinearSVC`.

    Differences: DCGAN's code does not standardize, and chooses the penalty on a validation set.
    """
    check_positive(penalty=penalty)
    check_ints(1, max_iterations=max_iterations)
    check_ints(0, seed=seed)
    train, labels_train = checked_features("train", features_train, labels_train)
    test, labels_test = checked_features("test", features_test, labels_test, train.shape[1])
    check_choice(_CLASSIFIERS, classifier=classifier)
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    deviation[deviation == 0] = 1.0
    probe = linear_classifier(classifier, 1.0 / penalty, max_iterations, seed)
    probe.fit((train - mean) / deviation, labels_train)
    return float(np.mean(probe.predict((test - mean) / deviation) == labels_test))


def checked_features(name, features, labels, width=None):
    """Features and labels as arrays, float64 `(n, d)` and `(n,)`.

    Raises:
        ValueError: if their shapes or their width do not fit, or values are not finite.
    """
    features, labels = np.asarray(features, "float64"), np.asarray(labels)
    if features.ndim != 2 or labels.shape != (len(features),) or width not in (None, features.shape[1]):
        raise ValueError(
            f"Expected features (n, d), the same d for both, and labels (n,). Received for {name}: {features.shape}, "
            f"{labels.shape}. Flatten features, and make one-hot labels integers."
        )
    check_finite(features, f"`features_{name}`")
    return features, labels


def labelled_halves(features, labels, seed):
    """The arguments of a probe: a random half of the real images of each class to train, the other half to test.

    Args:
        features: Array `(n, d)`.
        labels: Array, of which the first n are those of the features.
        seed: Int.

    Returns:
        Features and labels to train, and to test; and a string for the protocol.

    Raises:
        NotApplicable: if there is not one class for each.
    """
    labels = labels[: len(features)]
    if labels.ndim > 1 or len(labels) < 2:
        raise NotApplicable("There must be at least two real images, each with one class.")
    order = np.random.default_rng(seed).permutation(len(labels))
    by_class = order[np.argsort(labels[order], kind="stable")]
    test, train = np.sort(by_class[::2]), np.sort(by_class[1::2])
    protocol = {"halves": "random, stratified by class", "samples": {"train": len(train), "test": len(test)}}
    return (features[train], labels[train], features[test], labels[test]), protocol


def linear_probe_analysis(sample_set, classifier="svm", penalty=1.0):
    """The accuracy of a linear classifier on the discriminator's features; half of the real images train, half test."""
    network = sample_set.generator.discriminator
    if network is None:
        raise NotApplicable("The generator has no discriminator.")
    sample_set.need(real="real images", labels="labels of real images")
    if len(network.inputs) > 1:
        raise NotApplicable("The discriminator takes a condition, which would tell the label.")
    features = discriminator_features(network).predict(sample_set.generator.in_own_range(sample_set.real), verbose=0)
    seed = sample_set.options.seed
    halves, drawn = labelled_halves(features, sample_set.real_classes, seed)
    accuracy = linear_probe(*halves, classifier, penalty, seed=seed)
    protocol = {"classifier": classifier, "penalty": penalty, "seed": seed, "features": features.shape[1]}
    protocol |= drawn
    return AnalysisResult({"accuracy": accuracy}, [], accuracy, protocol)


def linear_classifier(classifier, c, max_iterations, seed):
    """scikit-learn's classifier of a name, "svm" or "logistic".

    Raises:
        ImportError: without scikit-learn.
    """
    if classifier == "svm":
        return require("sklearn.svm", "examples", "A linear classifier").LinearSVC(
            C=c, max_iter=max_iterations, random_state=seed
        )
    linear_model = require("sklearn.linear_model", "examples", "A linear classifier")
    return linear_model.LogisticRegression(C=c, max_iter=max_iterations, random_state=seed)
