"""Section 3 of the facts of image models: LAPGAN's games, what each level sees and moves, and how levels are sampled."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans import losses
from keras_gans.networks import lapgan
from keras_gans.utils import from_laplacian_pyramid
from keras_gans.utils import laplacian_pyramid
from tests import tiny
from tests.networks import counting

pytestmark = pytest.mark.slow

SIZES = (4, 6, 10)
SHAPES = [(size, size, 1) for size in SIZES]
IMAGES = tiny.images(6, shape=SHAPES[-1])
CLASSES = 3


def generators(classes=None):
    first = lapgan.generator(SHAPES[0], latents=5, classes=classes, units=8)
    return [first, *(lapgan.level_generator(shape, classes, filters=2) for shape in SHAPES[1:])]


def small_level(shape):
    """Judges the sum of both: an affine function of it."""
    images, coarse = keras.Input(shape, name="images"), keras.Input(shape, name="coarse")
    x = keras.layers.Flatten()(keras.layers.Add()([images, coarse]))
    return keras.Model([images, coarse], keras.layers.Dense(1)(x))


def discriminators():
    return [lapgan.discriminator(SHAPES[0], units=8), *(small_level(shape) for shape in SHAPES[1:])]


def made(**arguments):
    keras.utils.set_random_seed(0)
    gan = keras_gans.LAPGAN(generators(), discriminators(), **arguments)
    gan.compile()
    return gan


def drawn(gan, *batch, training=False):
    real, condition = gan.unpack(batch)
    return gan.draw(real, condition, gan.noise_seed("discriminator"), training=training)


def level_weights(gan):
    """Of each level, generator's and discriminator's weights as two vectors."""
    pairs = zip(lapgan.levels(gan.generator), lapgan.levels(gan.discriminator), strict=True)
    return [[np.concatenate([np.ravel(w) for w in network.get_weights()]) for network in pair] for pair in pairs]


def test_as_published():
    gan = made()
    for optimizer in gan.optimizers.values():
        assert isinstance(optimizer, keras.optimizers.SGD)
        assert (float(optimizer.learning_rate), optimizer.momentum) == (pytest.approx(0.02), 0.5)
    assert gan.update_rule == "alternating"
    assert list(gan.games) == ["level_1", "level_2", "level_3"]
    assert isinstance(gan.latents, keras_gans.latents.Uniform)
    assert (gan.latents.low, gan.latents.high) == (-1, 1)
    assert gan.latents.shape == (5 + 36 + 100,)
    loss = gan.adversarial_loss
    assert isinstance(loss.base, losses.NonSaturating)
    zero = tf.zeros((2, 1))
    np.testing.assert_allclose(loss.discriminator(zero, zero), np.log(2), rtol=1e-6)  # the mean over both halves of a batch
    np.testing.assert_allclose(loss.generator(zero, zero), np.log(2), rtol=1e-6)


def test_the_default_networks_are_the_papers_for_cifar10():
    with counting.without_weights():
        gan = keras_gans.LAPGAN()
        conditional = keras_gans.LAPGAN(image_shape=(32, 32, 3), sizes=(16,), classes=10)
    counts = [[counting.total(level) for level in lapgan.levels(network)] for network in (gan.generator, gan.discriminator)]
    assert counts == [[1_792_992, 218_179, 218_179], [477_001, 107_905, 113_729]]
    assert counting.total(gan.generator) == sum(counts[0])
    assert gan.latents.shape == (100 + 14**2 + 28**2,)
    assert counting.total(lapgan.levels(conditional.generator)[1]) == 232_579
    assert counting.total(lapgan.levels(conditional.discriminator)[1]) == 129_409


def test_each_level_sees_its_band_of_the_real_images():
    gan = made()
    minibatch = drawn(gan, IMAGES)
    games = [minibatch, minibatch.games["level_2"], minibatch.games["level_3"]]
    expected = laplacian_pyramid(tf.constant(IMAGES), SIZES[1::-1])
    assert [game.real.shape[1] for game in games] == [4, 6, 10]
    for game, band in zip(games, expected[::-1], strict=True):
        np.testing.assert_allclose(game.real, band, atol=1e-6)
        assert game.fake.shape == band.shape
    np.testing.assert_allclose(games[2].real + games[2].condition["coarse"], IMAGES, atol=1e-6)
    np.testing.assert_allclose(from_laplacian_pyramid([game.real for game in games[::-1]]), IMAGES, atol=1e-6)
    # A generated band comes from the level's own generator, from the real images of the level below.
    noise = tf.reshape(minibatch.latents[:, 5:41], (-1, 6, 6, 1))
    level = gan.generator.get_layer("level_2")
    np.testing.assert_allclose(games[1].fake, level([noise, games[1].condition["coarse"]]), atol=1e-6)


def test_a_level_judges_the_sum():
    gan = made()
    game = drawn(gan, IMAGES).games["level_3"]
    moved = {"coarse": game.condition["coarse"] - 0.5}
    np.testing.assert_allclose(game.discriminate(game.real + 0.5, moved)["scores"], game.real_scores, atol=1e-5)
    scores = gan.discriminator(IMAGES)  # all levels at once
    np.testing.assert_allclose(scores["scores"], game.real_scores, atol=1e-5)
    np.testing.assert_allclose(scores["level_1_scores"], game.of.real_scores, atol=1e-5)


def test_sampling_is_the_chain_of_the_levels():
    gan = made(ema=0.5)
    latents = gan.latents.sample(3, (0, 1))
    one, *others = lapgan.levels(gan.generator)
    images, start = one(latents[:, :5]), 5
    for level, size in zip(others, SIZES[1:], strict=True):
        noise = tf.reshape(latents[:, start : start + size**2], (-1, size, size, 1))
        coarse = keras_gans.layers.PyramidUpSampling2D(size)(images)
        images, start = coarse + level([noise, coarse]), start + size**2
    np.testing.assert_allclose(gan.generate(latents=latents), images, atol=1e-5)
    # Generators that add nothing leave the small images, enlarged.
    for level in lapgan.levels(gan.sampler)[1:]:
        level.set_weights([0 * weight for weight in level.get_weights()])
    enlarged = one(latents[:, :5])
    for size in SIZES[1:]:
        enlarged = keras_gans.layers.PyramidUpSampling2D(size)(enlarged)
    np.testing.assert_allclose(gan.generate(latents=latents), enlarged, atol=1e-5)


def test_no_gradient_goes_from_one_level_to_another():
    gan = made()
    for player in ("generator", "discriminator"):
        with tf.GradientTape(persistent=True) as tape:
            minibatch = drawn(gan, IMAGES)
            terms = [gan.play(player, name, game)["adversarial"] for name, game in gan.games_of(minibatch)]
        networks = lapgan.levels(gan.networks(player)[0])
        for (i, term), (j, network) in itertools.product(enumerate(terms), enumerate(networks)):
            gradients = tape.gradient(term, network.trainable_variables)
            assert [gradient is not None for gradient in gradients] == [i == j] * len(gradients), (player, i, j)


def test_levels_train_at_once_or_one_after_the_other(tmp_path):
    gan = made(ema=0.5)
    before = level_weights(gan)
    gan.train_on_batch(IMAGES)
    for old, new in zip(before, level_weights(gan), strict=True):
        assert not any(np.array_equal(a, b) for a, b in zip(old, new, strict=True))
    gan.train_levels(2)
    with pytest.raises(ValueError, match="compile"):
        gan.train_on_batch(IMAGES)
    gan.compile()
    before = level_weights(gan)
    logs = gan.train_on_batch(IMAGES, return_dict=True)
    assert set(logs) == {"d_loss", "g_loss", "real_score", "fake_score"}
    moved = [
        [not np.array_equal(*pair) for pair in zip(*each, strict=True)] for each in zip(before, level_weights(gan), strict=True)
    ]
    assert moved == [[False, False], [True, True], [False, False]]
    gan.save(tmp_path / "gan.keras")
    loaded = keras_gans.load_model(tmp_path / "gan.keras")
    assert list(loaded.games) == ["level_2"]
    assert loaded.train_on_batch(IMAGES, return_dict=True) == gan.train_on_batch(IMAGES, return_dict=True)
    np.testing.assert_array_equal(loaded.generate(2, seed=0), gan.generate(2, seed=0))
    loaded.train_levels()
    loaded.compile()
    assert len(loaded.games) == 3
    for wrong in (0, 4, "1"):
        with pytest.raises(ValueError, match="levels 1 to 3"):
            gan.train_levels(wrong)


def test_a_class_goes_to_every_level_that_takes_it():
    keras.utils.set_random_seed(0)
    gan = keras_gans.LAPGAN(
        generators(CLASSES), [lapgan.discriminator(SHAPES[0], CLASSES, units=4), *map(small_level, SHAPES[1:])]
    )
    gan.compile()
    assert gan.classes == CLASSES
    minibatch = drawn(gan, IMAGES, tiny.labels(6))
    np.testing.assert_array_equal(minibatch.condition, keras.utils.to_categorical(tiny.labels(6), CLASSES))
    gan.train_on_batch(IMAGES, tiny.labels(6))
    latents = np.repeat(gan.latents.sample(1, (0, 1)), CLASSES, axis=0)
    images = gan.generate(condition=np.arange(CLASSES), latents=latents)
    assert images.shape == (3, 10, 10, 1)
    assert np.abs(images[0] - images[1]).max() > 1e-4


def test_metrics_see_whole_images():
    seen = []

    @keras.saving.register_keras_serializable("tests")
    class Seen(keras.metrics.Mean):
        def update_state(self, real, generated, sample_weight=None):
            seen.append((real.shape[1:], generated.shape[1:]))

    gan = made()
    gan.compile_metrics([Seen()])
    gan.test_on_batch(IMAGES)
    assert seen == [((10, 10, 1), (10, 10, 1))]


def test_refuses():
    with pytest.raises(ValueError, match="from the smallest images"):
        keras_gans.LAPGAN(generators()[:1])
    with pytest.raises(ValueError, match="grow"):
        lapgan.pyramid_generator([generators()[0], *generators()[:0:-1]])
    with pytest.raises(ValueError, match="level 2 must take 'latents', coarse"):
        lapgan.pyramid_generator([generators()[0], lapgan.generator(SHAPES[1], units=4)])
    with pytest.raises(ValueError, match="must take what the generators make"):
        keras_gans.LAPGAN(generators(), discriminators()[:2])
    with pytest.raises(ValueError, match="no classes. Received: classes=3, and generator and discriminator without"):
        keras_gans.LAPGAN(generators(), discriminators(), classes=3)
    with pytest.raises(ValueError, match="pyramid_generator"):
        keras_gans.LAPGAN(tiny.generator())
    for sizes in ((), (14, 8), (8, 28), (0, 14), 8.0):
        with pytest.raises((ValueError, TypeError)):
            keras_gans.LAPGAN(image_shape=(28, 28, 1), sizes=sizes)


def test_all_levels_frozen():
    gan = made()
    images = gan.generate(2, seed=0)
    gan.generator.trainable = False
    with pytest.raises(ValueError, match="levels are all frozen. Set gan.generator.trainable = True; gan.train_levels"):
        gan.compile()
    np.testing.assert_array_equal(gan.generate(2, seed=0), images)
    gan.generator.trainable = True
    gan.train_levels(1)
    gan.compile()
    assert list(gan.games) == ["level_1"]
