"""The accuracy of the nearest neighbor in features."""

import numpy as np

from keras_gans.evaluation.analyses.linear_probe import checked_features
from keras_gans.evaluation.analyses.neighbors import nearest_neighbors


def nearest_neighbor_probe(features_train, labels_train, features_test, labels_test):
    """Accuracy of the 1-nearest neighbor: each test example gets the label of the training example nearest in features.

    Distances are Euclidean, of features as they are: unlike `linear_probe` it does not standardize, so that features of large
    scale count more. There is nothing to fit or to choose. Of equally near examples, the first one counts.

    Args:
        features_train, features_test: Float arrays `(n, d)`, `(m, d)`.
        labels_train, labels_test: Int arrays `(n,)`, `(m,)`.

    Returns:
        Float, the share of test labels that are right.

    Raises:
        ValueError: if shapes do not agree, there is no example, or features are NaN or infinite.

    Example:

    ```python
    encoder = keras_gans.networks.bigan.encoder(units=32)
    features = keras.Model(encoder.input, encoder.get_layer("features").output)
    train, test = features.predict(images), features.predict(test_images)
    accuracy = keras_gans.evaluation.nearest_neighbor_probe(train, labels, test, test_labels)
    ```

    Reference:
        Donahue, Krähenbühl, Darrell, Adversarial Feature Learning (2016), arXiv:1605.09782, on digits, by features of the
        encoder's last hidden layer; matches the Euclidean distances of jeffdonahue/bigan (`lib/metrics.py`). Equals
        scikit-learn's `KNeighborsClassifier(1)` but for ties.
    """
    train, labels_train = checked_features("train", features_train, labels_train)
    test, labels_test = checked_features("test", features_test, labels_test, train.shape[1])
    nearest = nearest_neighbors(test, train, k=1).indices[:, 0]
    return float(np.mean(labels_train[nearest] == labels_test))
