"""Training with K + 1 classes."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans import losses
from tests import tiny


def classifier(classes=tiny.CLASSES, **arguments):
    return tiny.discriminator(scores=classes, **arguments)


def made(**arguments):
    gan = keras_gans.SemiSupervisedGAN(tiny.generator(), classifier())
    gan.compile(**arguments)
    return gan


def partly(count=8, every=2):
    """Images, and labels of every second one."""
    return tiny.images(count), np.where(np.arange(count) % every == 0, tiny.labels(count), -1)


def test_the_papers_numbers():
    """L_unl of the unlabelled and the generated logits; L_sup is in tests/losses/auxiliary/test_classification.py."""
    unlabelled, generated = np.array([[1, 0, 0], [-2, -1, -3]]), np.array([[0, 0, 0], [-1, -2, 0.5]])
    real, fake = (tf.reduce_logsumexp(tf.constant(x, tf.float32), axis=-1, keepdims=True) for x in (unlabelled, generated))
    loss = made().adversarial_loss
    assert float(np.mean(loss.discriminator(real, fake))) == pytest.approx(0.939780, abs=1e-6)
    assert float(np.mean(loss.generator(real, fake))) == 0.0


def test_the_papers_recipe():
    gan = made()
    loss = gan.adversarial_loss
    assert (type(loss), type(loss.base), loss.weight) == (losses.DiscriminatorOnly, losses.NonSaturating, 0.5)
    supervised, matching = gan.auxiliary_losses.values()
    assert (type(supervised), supervised.weight) == (losses.Classification, 1.0)
    assert (type(matching), matching.form, matching.weight) == (losses.FeatureMatching, "mean_squared", 1.0)
    assert gan.update_rule == "alternating"
    for optimizer in gan.optimizers.values():
        config = optimizer.get_config()
        assert config["learning_rate"] == pytest.approx(3e-3)
        assert (config["beta_1"], config["epsilon"]) == (0.5, 1e-8)


def test_the_objective_is_the_sum_of_its_parts():
    gan = made()
    x, y = partly()
    batch = gan.draw(*gan.unpack((x, y)), gan.noise_seed("discriminator"))
    terms = gan.objective("discriminator", batch)
    logits = keras.ops.convert_to_numpy(gan.discriminator(x)["classes"])
    known = y >= 0
    errors = np.log(np.exp(logits).sum(1))[known] - logits[known, y[known]]
    assert float(terms["classification"]) == pytest.approx(errors.mean(), rel=1e-5)
    real, fake = (keras.ops.convert_to_numpy(scores)[:, 0] for scores in (batch.real_scores, batch.fake_scores))
    expected = 0.5 * np.log1p(np.exp(-real)).mean() + 0.5 * np.log1p(np.exp(fake)).mean()
    assert float(terms["adversarial"]) == pytest.approx(expected, rel=1e-5)


@pytest.mark.slow
def test_accuracy_is_that_of_labelled_rows():
    gan = made(run_eagerly=True)
    x = tiny.images(20)
    answers = gan.classify(x).argmax(1)
    y = answers.copy()
    y[:4] = (y[:4] + 1) % tiny.CLASSES  # wrong
    y[10:] = -1
    logs = gan.evaluate(x, y, batch_size=7, verbose=0, return_dict=True)
    assert logs["accuracy"] == pytest.approx(0.6)
    with pytest.warns(UserWarning, match="None of the 20 rows had a label.*`accuracy` is 0 of nothing"):
        assert gan.evaluate(x, np.full(20, -1), verbose=0, return_dict=True)["accuracy"] == 0.0


@pytest.mark.slow
@pytest.mark.parametrize("as_dataset", [False, True])
def test_training_without_a_label_is_warned_of(as_dataset):
    gan, (x, y) = made(run_eagerly=True), partly()
    arguments = {"verbose": 0} if as_dataset else {"verbose": 0, "batch_size": 4}
    data = (lambda labels: (tiny.dataset(x, labels, batch_size=4),)) if as_dataset else (lambda labels: (x, labels))
    with pytest.warns(UserWarning, match="None of the 8 rows had a label, all were -1: no class was learned. Pass labels 0 to 2"):
        gan.fit(*data(np.full(8, -1)), **arguments)
    y[:4] = -1
    gan.fit(*data(y), validation_data=(x, y), **arguments)  # the first batch has none, the epoch has


@pytest.mark.slow
def test_validation_accuracy_rises_as_the_labels_are_learned():
    gan = made(generator_optimizer=keras.optimizers.SGD(0.01), discriminator_optimizer=keras.optimizers.Adam(0.02))
    x, y = partly(32)
    history = gan.fit(x, y, batch_size=16, epochs=12, verbose=0, validation_data=(x, y)).history
    assert history["val_accuracy"][-1] == 1.0
    assert history["val_accuracy"][0] < 1.0
    assert history["accuracy"][-1] > history["accuracy"][0]


@pytest.mark.slow
def test_probabilities():
    gan = made()
    probabilities = gan.classify(tiny.images(5))
    assert probabilities.shape == (5, tiny.CLASSES)
    assert probabilities.dtype == np.float32
    logits = gan.discriminator(tiny.images(5))["classes"]
    np.testing.assert_allclose(probabilities, keras.ops.softmax(logits), atol=1e-6)
    dataset = tf.data.Dataset.from_tensor_slices((tiny.images(5), tiny.labels(5))).batch(2)
    np.testing.assert_allclose(gan.classify(dataset), probabilities, atol=1e-6)


@pytest.mark.slow
def test_a_batch_without_labels_and_networks_for_late():
    gan = keras_gans.SemiSupervisedGAN()
    gan.compile(generator=tiny.generator(), discriminator=classifier(), run_eagerly=True)
    assert gan.classes == tiny.CLASSES
    logs = gan.train_on_batch(tiny.images(8), np.full(8, -1), return_dict=True)
    assert logs["d_classification"] == 0.0
    assert logs["d_loss"] == pytest.approx(logs["d_adversarial"])
    assert np.isfinite(list(logs.values())).all()


@pytest.mark.slow
def test_data_of_the_library_and_columns_of_labels():
    images = np.random.default_rng(0).integers(0, 256, (40, 8, 8, 1)).astype("uint8")
    dataset = keras_gans.data.semi_supervised(images, tiny.labels(40), 2, batch_size=10, labelled_per_batch=3, seed=0)
    history = made(run_eagerly=True).fit(dataset, verbose=0, validation_data=(tiny.images(8), tiny.labels(8)[:, None])).history
    assert 0 <= history["val_accuracy"][0] <= 1
    assert np.isfinite([values[0] for values in history.values()]).all()


@pytest.mark.slow
def test_a_discriminator_may_bring_its_own_heads(tmp_path):
    x = keras.Input(tiny.SHAPE)
    h = keras.layers.Dense(5)(keras.layers.Flatten()(x))
    discriminator = keras.Model(x, {"classes": keras.layers.Dense(4)(h), "features": h})
    gan = keras_gans.SemiSupervisedGAN(tiny.generator(), discriminator)
    assert gan.discriminator.output["features"].shape == (None, 5)
    gan.compile()
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    np.testing.assert_allclose(loaded.classify(tiny.images(3)), gan.classify(tiny.images(3)), atol=1e-6)


def test_one_replicas_labels_are_as_good_as_both(strategy):
    """All labels are in the first half of the batch, so the second replica has none: the term is that of one device."""
    x, y = tiny.images(8), np.array([0, 1, 2, -1, -1, -1, -1, -1])
    logs = []
    for scope in (strategy.scope, tf.init_scope):
        keras.utils.set_random_seed(3)
        with scope():
            gan = made()
        logs.append(gan.evaluate(tiny.dataset(x, y), verbose=0, return_dict=True))
    for name in ("d_classification", "accuracy"):
        assert logs[0][name] == pytest.approx(logs[1][name], abs=1e-5)
    assert logs[0]["d_classification"] > 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (None, "data have none.*semi_supervised"),
        (np.eye(3, dtype="int64")[tiny.labels(8)], "argmax"),
        (tiny.labels(8).astype("float32"), "must be ints"),
        (tiny.labels(8) + 5, r"classes 0 to 2, or -1.*from 5 to 7"),
        (tiny.labels(8) - 2, "from -2"),
    ],
)
def test_labels_are_checked(labels, message):
    for call in (made().fit, made().evaluate):
        with pytest.raises(ValueError, match=message):
            call(tiny.images(8), labels, verbose=0)


@pytest.mark.slow
def test_labels_of_later_batches_are_checked_in_the_graph():
    data = tiny.dataset((tiny.images(8), np.arange(8) // 4 * 3), batch_size=4)
    with pytest.raises(tf.errors.InvalidArgumentError, match="classes 0 to 2, or -1 for unlabelled rows. Received"):
        made().fit(data, verbose=0)


@pytest.mark.slow
def test_networks_are_checked():
    make = keras_gans.SemiSupervisedGAN
    with pytest.raises(ValueError, match="second input"):
        make(tiny.generator(tiny.CLASSES), classifier())
    with pytest.raises(ValueError, match="ends in a softmax"):
        make(tiny.generator(), classifier(activation="softmax"))
    with pytest.raises(ValueError, match="K >= 2"):
        make(tiny.generator(), tiny.discriminator())
    with pytest.raises(ValueError, match="3 logits. Received: classes=5"):
        make(tiny.generator(), classifier(), classes=5)
    with pytest.raises(ValueError, match="must be a keras.Model"):
        make(tiny.generator(), "classifier")
