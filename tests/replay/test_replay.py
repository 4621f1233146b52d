"""Older fakes for the discriminator: which ones are shown, and which ones are remembered."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gans
from keras_gans import losses
from keras_gans.replay import History
from keras_gans.replay import ImagePool
from tests import tiny
from tests.conformance import stand_ins


class Minibatches:
    """Batches of fakes through a replay of a small GAN: each image is its number everywhere."""

    def __init__(self, replay, classes=None):
        keras.utils.set_random_seed(0)
        gan = keras_gans.GAN(tiny.generator(classes), tiny.discriminator(classes))
        gan.compile(update_rule="alternating", replay=replay)
        self.gan, self.replay, self.next = gan, gan.plan["game"].replay, 1

    def show(self, count=1):
        """The numbers that are shown for the next `count` fakes, and those fakes' own."""
        numbers = np.arange(self.next, self.next + count, dtype="float32")
        self.next += count
        fake = tf.ones((count, *tiny.SHAPE)) * numbers[:, None, None, None]
        condition = tf.constant(numbers.astype("int32") % 3) if self.gan.condition_input is not None else None
        minibatch = self.gan.minibatch(fake, fake, None, condition, tf.constant([0, 0]), True)
        shown = self.replay.shown(minibatch)
        self.replay.after_step("discriminator", shown)
        return shown, numbers


def numbers_of(shown):
    return shown.fake[:, 0, 0, 0].numpy()


def test_until_it_is_full_a_pool_shows_and_stores_every_image():
    stream = Minibatches(ImagePool(5))
    for _ in range(5):
        shown, own = stream.show()
        np.testing.assert_array_equal(numbers_of(shown), own)
    assert int(stream.replay.size) == 5
    np.testing.assert_array_equal(stream.replay.memory[0][:5, 0, 0, 0], [1, 2, 3, 4, 5])


@pytest.mark.slow
def test_a_full_pool_gives_an_old_image_half_of_the_time_and_stores_the_new_one_in_its_place():
    stream = Minibatches(ImagePool(5))
    stream.show(5)
    pool, old = {1.0, 2.0, 3.0, 4.0, 5.0}, 0
    for _ in range(60):
        shown, (own,) = stream.show()
        (number,) = numbers_of(shown)
        if number != own:
            pool, old = (pool - {number}) | {own}, old + 1
        assert set(stream.replay.memory[0][:5, 0, 0, 0].numpy()) == pool  # misses are not stored
    assert 18 <= old <= 42


@pytest.mark.slow
def test_a_batch_takes_different_places():
    stream = Minibatches(ImagePool(6))
    stream.show(4)
    for _ in range(20):
        shown, own = stream.show(4)
        numbers = numbers_of(shown)
        assert len(set(numbers)) == 4
        memory = stream.replay.memory[0][: int(stream.replay.size), 0, 0, 0].numpy()
        assert len(set(memory)) == len(memory) == min(6, stream.next - 1)
        assert set(own) <= set(memory) | set(numbers)


@pytest.mark.slow
@pytest.mark.parametrize("count", [7, 12])
def test_a_batch_may_be_larger_than_the_memory(count):
    for replay in (ImagePool(5), History(5)):
        stream = Minibatches(replay)
        for _ in range(4):
            shown, own = stream.show(count)
            assert np.isin(numbers_of(shown), np.arange(1, stream.next)).all()
        assert int(stream.replay.size) == 5


@pytest.mark.slow
def test_half_of_a_batch_comes_from_the_history():
    stream = Minibatches(History(10))
    shown, own = stream.show(4)
    np.testing.assert_array_equal(numbers_of(shown), own)  # it is empty
    assert int(stream.replay.size) == 2
    for _ in range(30):
        before = set(stream.replay.memory[0][: int(stream.replay.size), 0, 0, 0].numpy())
        shown, own = stream.show(4)
        fresh, old = numbers_of(shown)[::2], numbers_of(shown)[1::2]
        np.testing.assert_array_equal(fresh, own[::2])
        assert set(old) <= before
        assert len(set(old)) == 2
        after = set(stream.replay.memory[0][: int(stream.replay.size), 0, 0, 0].numpy())
        assert set(own[::2]) == after - before  # half of the batch is stored
        assert len(after) == min(10, len(before) + 2)


def test_every_place_of_a_history_is_taken_once_a_batch():
    replay = History(5)
    for size in range(6):
        for count in (2, 7, 12):
            _, places = replay.choose(tf.constant(count), tf.constant(size), tf.constant([size, count]))
            taken = places.numpy()[places.numpy() < 5]
            assert len(set(taken)) == len(taken) == min(count // 2, 5), (size, count)


@pytest.mark.slow
def test_what_a_fake_was_said_to_be_is_remembered_with_it():
    stream = Minibatches(ImagePool(4), classes=3)
    for _ in range(30):
        shown, _ = stream.show(2)
        np.testing.assert_array_equal(shown.fake_condition.numpy(), numbers_of(shown).astype(int) % 3)


def test_of_several_conditions_the_one_that_the_discriminator_is_told_is_remembered():
    """The generator is told kind and color, the discriminator the color alone."""
    z, images = keras.Input((tiny.LATENTS,), name="latents"), keras.Input(tiny.SHAPE, name="images")
    kind, color = (keras.Input((1,), name=name) for name in ("kind", "color"))
    made = layers.Dense(64)(layers.Concatenate()([z, kind, color]))
    generator = keras.Model([z, kind, color], layers.Reshape(tiny.SHAPE)(made))
    scores = layers.Dense(1)(layers.Concatenate()([layers.Flatten()(images), color]))
    gan = keras_gans.GAN(generator, keras.Model([images, color], scores))
    gan.compile(replay=ImagePool(4))
    told = {"kind": tf.zeros((2, 1)), "color": tf.constant([[1.0], [2.0]])}
    minibatch = gan.draw(tf.constant(tiny.images(2)), told, tf.constant([0, 0]))
    replay = gan.plan["game"].replay
    shown = replay.shown(minibatch)
    replay.after_step("discriminator", shown)
    np.testing.assert_array_equal(replay.memory[1][:2], told["color"])
    np.testing.assert_array_equal(shown.fake_condition, told["color"])


def test_what_older_fakes_were_made_of_is_not_known():
    """Nothing of this step's draw stands beside them as if they were made of it."""
    gan = keras_gans.GAN(tiny.generator(tiny.CLASSES), tiny.discriminator())
    gan.compile(**tiny.sgd(), replay=ImagePool(4))
    for number in range(3):
        minibatch = gan.draw(tf.constant(tiny.images(4)), tf.zeros(4, tf.int32), tf.constant([0, number]))
        shown = gan.with_replay(minibatch).shown
        gan.plan["game"].replay.after_step("discriminator", shown)
    assert not np.array_equal(shown.fake, minibatch.fake)
    assert shown.latents is None and shown.target is None and shown.fake_condition is None
    assert shown.real is minibatch.real and shown.condition is minibatch.condition and minibatch.target is not None
    assert shown.images is shown.fake and list(shown.outputs) == ["images"]
    assert minibatch.latents is not None and shown.fresh is minibatch


@pytest.mark.parametrize("term", [losses.MutualInformation(), losses.AuxiliaryClassifier()], ids=lambda term: term.name)
def test_terms_that_compare_fakes_with_what_they_were_made_of_refuse_a_replay(term):
    cls = keras_gans.InfoGAN if term.name == "mutual_information" else keras_gans.ACGAN
    stand_in = stand_ins.stand_in(cls)
    with pytest.raises(ValueError, match=rf"{type(term).__name__} compares fakes with.*ImagePool. Use replay=\(\)\.$"):
        stand_in.make(auxiliary_losses=[term], replay=ImagePool(4))
    if cls is keras_gans.ACGAN:
        stand_in.make(auxiliary_losses=[losses.AuxiliaryClassifier(fake=0.0)], replay=ImagePool(4))


@pytest.mark.slow
def test_only_the_discriminator_sees_old_fakes_and_nothing_flows_through_them():
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    gan.compile(**tiny.sgd(), replay=ImagePool(8), run_eagerly=True)
    assert gan.update_rule == "simultaneous"
    for _ in range(6):
        gan.train_on_batch(tiny.images(8))
    with tf.GradientTape(persistent=True) as tape:
        minibatch, terms = gan.joint_objectives(tf.constant(tiny.images(8)), None, gan.noise_seed("generator"))
    assert minibatch.seen_by("generator") is minibatch
    assert not np.array_equal(minibatch.seen_by("discriminator").fake, minibatch.fake)
    assert tape.gradient(terms["generator"]["adversarial"], gan.variables_of("generator"))[0] is not None
    evaluated, _ = gan.joint_objectives(tf.constant(tiny.images(8)), None, gan.noise_seed("generator"), training=False)
    assert evaluated.shown is None


@pytest.mark.slow
def test_a_replay_of_another_gan_is_copied():
    pool = ImagePool(4)
    gans = [keras_gans.GAN(tiny.generator(), tiny.discriminator()) for _ in range(2)]
    for gan in gans:
        gan.compile(**tiny.sgd(), update_rule="alternating", replay=pool, run_eagerly=True)
    first, second = (gan.plan["game"].replay for gan in gans)
    assert first is pool
    assert second is not pool
    gans[1].train_on_batch(tiny.images(8))
    assert [int(replay.size) for replay in (first, second)] == [0, 4]


def test_fakes_are_float32_whatever_keras_global_type():
    keras.config.set_floatx("float64")
    try:
        for gan in (tiny.cyclegan(), keras_gans.SimGAN(tiny.translator(), tiny.discriminator())):
            gan.compile(run_eagerly=True, generator_steps=1, discriminator_steps=1)
            logs = gan.train_on_batch(tiny.images(4), tiny.images(4, seed=1), return_dict=True)
            assert np.isfinite(list(logs.values())).all()
            replay = next(iter(gan.plan.values())).replay
            assert replay.memory[0].dtype == "float32"
            assert int(replay.size) > 0
    finally:
        keras.config.set_floatx("float32")


def test_of_conditions_of_another_type_what_is_shown_has_the_type_of_the_fresh_ones():
    y = keras.Input((2,), dtype="float64", name="condition")
    images = keras.Input(tiny.SHAPE, name="images")
    scores = layers.Dense(1)(layers.Concatenate()([layers.Flatten()(images), layers.Dense(2)(y)]))
    gan = keras_gans.GAN(tiny.weighted_generator(2), keras.Model([images, y], scores))
    gan.compile(replay=ImagePool(4))
    replay = gan.plan["game"].replay
    minibatch = gan.draw(tf.constant(tiny.images(2)), tf.constant([[1.0, 0.0], [0.0, 1.0]]), tf.constant([0, 0]))
    replay.after_step("discriminator", replay.shown(minibatch))
    shown = replay.shown(minibatch)
    assert (replay.memory[1].dtype, shown.fake_condition.dtype) == ("float64", tf.float32)
    np.testing.assert_array_equal(shown.fake_condition, [[1.0, 0.0], [0.0, 1.0]])


@pytest.mark.slow
def test_the_memory_is_saved(tmp_path):
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    gan.compile(**tiny.sgd(), update_rule="alternating", replay=ImagePool(4), run_eagerly=True)
    gan.train_on_batch(tiny.images(8))
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    np.testing.assert_array_equal(loaded.plan["game"].replay.memory[0], gan.plan["game"].replay.memory[0])
    assert int(loaded.plan["game"].replay.size) == 4


def test_bad_arguments():
    for capacity in (0, 1.5, True):
        with pytest.raises(ValueError, match="capacity"):
            ImagePool(capacity)
    images = keras.Input((None, None, 1), name="images")
    scores = keras.layers.Dense(1)(keras.layers.GlobalAveragePooling2D()(keras.layers.Conv2D(2, 3)(images)))
    gan = keras_gans.GAN(tiny.generator(), keras.Model(images, scores))
    with pytest.raises(ValueError, match="one shape"):
        gan.compile(replay=ImagePool(4))


@pytest.mark.slow
def test_a_class_that_has_a_replay_may_do_without(tmp_path):
    gan = keras_gans.SimGAN(tiny.translator(), tiny.discriminator())
    gan.compile(replay=())
    assert gan.plan["game"].replay is None
    gan.save(tmp_path / "gan.keras")
    assert keras.saving.load_model(tmp_path / "gan.keras").plan["game"].replay is None
    two = tiny.cyclegan()
    two.compile(replay=())
    assert [parts.replay for parts in two.plan.values()] == [None, None]


def test_replicas_with_more_and_with_fewer_fakes(strategy):
    """The first has three, the second one: what is shown again is what is forgotten, and nothing else."""
    with strategy.scope():
        stream = Minibatches(ImagePool(4))

    @tf.function
    def step(first):
        def on_replica():
            number = tf.distribute.get_replica_context().replica_id_in_sync_group
            own = first + (tf.range(3.0) if number == 0 else tf.constant([3.0]))
            fake = tf.ones((tf.size(own), *tiny.SHAPE)) * own[:, None, None, None]
            shown = stream.replay.shown(stream.gan.minibatch(fake, fake, None, None, tf.constant([0, 0]), True))
            stream.replay.after_step("discriminator", shown)
            return shown.fake[:, 0, 0, 0]

        return strategy.run(on_replica)

    pool, again = set(), 0
    for number in range(12):
        own = set(range(4 * number + 1, 4 * number + 5))
        shown = set(np.concatenate(strategy.experimental_local_results(step(tf.constant(4.0 * number + 1)))).astype(int))
        held = set(stream.replay.memory[0][:4, 0, 0, 0].numpy().astype(int))
        if pool:
            assert shown - own == pool - held  # shown once more, and forgotten
            assert held - pool == own - shown
            again += len(shown - own)
        pool = held
    assert again > 10
