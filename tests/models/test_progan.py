"""Progressive GAN: networks that grow inside one `fit`."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans import networks
from keras_gans.models import growing
from keras_gans.schedules import Growth
from tests import tiny
from tests.networks import counting

SHAPE = (8, 8, 1)
IMAGES = np.random.default_rng(0).uniform(-1, 1, (8, *SHAPE)).astype("float32")


def progan(growth=None, shape=SHAPE, compiled=True, classes=None, run_eagerly=True, **arguments):
    """It begins with 4x4; a hold of 8 images and a fade of 16 for each size above. In a graph, each stage would be traced."""
    network, small = networks.progan, {"image_shape": shape, "base_filters": 64, "max_filters": 8, "classes": classes}
    growth = Growth(hold=8, fade=16) if growth is None else growth
    gan = keras_gans.ProGAN(network.generator(**small, latents=4), network.discriminator(**small), growth=growth, **arguments)
    if compiled:
        gan.compile(run_eagerly=run_eagerly)
    return gan


def fit(gan, epochs, images=IMAGES, **arguments):
    """Epochs of one round of 8 images."""
    return gan.fit(images, batch_size=8, epochs=epochs, verbose=0, shuffle=False, **arguments)


@dataclasses.dataclass
class Epoch:
    """What an epoch left behind."""

    size: int
    stage: tuple
    moved: set
    playing: set
    steps: list
    samples: np.ndarray
    shares: list


@pytest.fixture(scope="module")
def epochs():
    """Of one training through 4x4, 8x8 and 16x16."""
    shape = (16, 16, 1)
    gan = progan(Growth(hold=8, fade=16, learning_rates={8: 2.0}), shape)
    noted, before = [], [variable.numpy() for variable in gan.trainable_variables]

    def note(epoch, logs):
        now = [variable.numpy() for variable in gan.trainable_variables]
        changed = [np.abs(new - old).max() > 0 for new, old in zip(now, before, strict=True)]
        before[:] = now
        noted.append(
            Epoch(
                int(gan.size),
                gan.stage,
                {variable.path for variable, change in zip(gan.trainable_variables, changed, strict=True) if change},
                {variable.path for player in gan.optimizers for variable in gan.playing_variables(player)},
                [(int(each.iterations), round(float(each.learning_rate), 6)) for each in gan.optimizers.values()],
                gan.generate(3, seed=1),
                [{size: float(layer.fade) for size, layer in networks.progan.fades(each).items()} for each in networks_of(gan)],
            )
        )

    images = np.random.default_rng(0).uniform(-1, 1, (8, *shape)).astype("float32")
    fit(gan, 7, images, callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=note)])
    assert int(gan.images_seen) == 56
    return noted


def networks_of(gan):
    return [gan.generator, gan.discriminator, gan.ema_generator]


@pytest.mark.slow
def test_the_time_line_of_one_training(epochs):
    # Each round is played as the images before it say: 0, 8, 16 ...; 24 are a hold and a fade.
    assert [epoch.size for epoch in epochs] == [4, 4, 8, 8, 8, 16, 16]
    assert [epoch.stage for epoch in epochs] == [(4, 1), (8, 0.5), (8, 1), (8, 1), (16, 0.5), (16, 1), (16, 1)]


@pytest.mark.slow
def test_what_is_to_come_rests(epochs):
    first, *_, last = epochs
    assert first.moved == first.playing
    first_of_images = {path for path in first.playing if path.startswith(("from_rgb_4", "to_rgb_4"))}
    assert len(first_of_images) == 4 and first.playing - first_of_images < last.playing
    assert last.moved <= last.playing


@pytest.mark.slow
def test_optimizers_begin_anew_at_a_new_size_and_their_rates_follow(epochs):
    expected = [(1, 1e-3), (2, 1e-3), (1, 2e-3), (2, 2e-3), (3, 2e-3), (1, 2e-3), (2, 2e-3)]
    assert [epoch.steps for epoch in epochs] == [[step] * 2 for step in expected]


@pytest.mark.slow
def test_samples_have_the_full_size_from_the_start(epochs):
    for epoch in epochs:
        size, block = epoch.size, 16 // epoch.size
        blocks = epoch.samples.reshape(3, size, block, size, block, 1)
        np.testing.assert_array_equal(blocks, np.broadcast_to(blocks[:, :, :1, :, :1], blocks.shape))
        assert np.ptp(blocks, axis=(1, 3)).min() > 0
    # As the last round was played, before which 16 images had been seen, or 40: in the middle of a fade.
    assert epochs[2].shares == [{8: 0.5, 16: 0.0}] * 3
    assert epochs[5].shares == [{8: 1.0, 16: 0.5}] * 3


@pytest.mark.slow
def test_real_images_are_reduced_and_fade():
    gan = progan()
    coarse = IMAGES.reshape(8, 4, 2, 4, 2, 1).mean(axis=(2, 4))
    np.testing.assert_allclose(gan.reduced(tf.constant(IMAGES)), coarse, atol=1e-6)
    gan.images_seen.assign(12)
    gan.choose_phase()
    enlarged = coarse.repeat(2, axis=1).repeat(2, axis=2)
    np.testing.assert_allclose(gan.reduced(tf.constant(IMAGES)), 0.25 * IMAGES + 0.75 * enlarged, atol=1e-6)


@pytest.mark.slow
def test_resumed_in_the_middle_of_a_fade_it_is_the_uninterrupted_one_to_the_bit(tmp_path):
    whole, resumed = progan(run_eagerly=False), progan(run_eagerly=False)
    backup = keras.callbacks.BackupAndRestore(tmp_path / "backup", delete_checkpoint=False)
    fit(whole, 2, callbacks=[backup])
    history = fit(whole, 4, initial_epoch=2).history
    assert fit(resumed, 4, callbacks=[backup]).history == history
    assert resumed.stage == (8, 1.0)
    for first, second in zip(whole.weights, resumed.weights, strict=True):
        np.testing.assert_array_equal(first, second, err_msg=first.path)


@pytest.mark.slow
@pytest.mark.parametrize("way", ["file", "weights"])
def test_back_at_older_weights_the_shares_are_those_of_the_round(way, tmp_path):
    gan = progan()
    fit(gan, 2)
    weights = gan.get_weights()
    gan.save_weights(tmp_path / "gan.weights.h5")
    fit(gan, 1)
    images = gan.generate(2, seed=1)
    gan.set_weights(weights) if way == "weights" else gan.load_weights(tmp_path / "gan.weights.h5")
    assert np.abs(gan.generate(2, seed=1) - images).max() > 0  # as they were after the round at 4x4
    gan.evaluate(IMAGES, verbose=0)
    assert gan.stage == (8, 0.5)
    assert [float(networks.progan.fades(each)[8].fade) for each in networks_of(gan)] == [0.5] * 3


@pytest.mark.slow
def test_a_step_has_the_images_of_its_size():
    gan = progan(Growth(8, 8, step_sizes={4: 8, 8: 4}))
    seen = []
    gan.draw = lambda real, *args: seen.append((int(gan.size), len(real))) or growing.Growing.draw(gan, real, *args)
    gan.fit(IMAGES, batch_size=2, epochs=3, verbose=0)
    assert seen[::2] == [(4, 8), (4, 8), (8, 4), (8, 4)]  # the discriminator's draws
    assert int(gan.images_seen) == 24


@pytest.mark.slow
def test_it_is_evaluated_and_exported_at_any_stage(tmp_path):
    gan = progan()
    fit(gan, 2)
    assert np.isfinite(list(gan.evaluate(IMAGES, verbose=0, return_dict=True).values())).all()
    found = keras_gans.evaluation.evaluate(gan, IMAGES, [], num_samples=8, analyses=["samples"], progress=False)
    assert found.analyses["samples"].value.shape[1:] == SHAPE
    gan.export(tmp_path / "1")
    sample = tf.saved_model.load(tmp_path / "1").signatures["sample"]
    made = sample(batch_size=tf.constant(3), seed=tf.constant([5, 0]), truncation=tf.constant(-1.0))["images"]
    np.testing.assert_allclose(made, gan.generate(3, seed=(5, 0)), atol=1e-6)


def rates(gan):
    return [round(float(optimizer.learning_rate), 6) for optimizer in gan.optimizers.values()]


@pytest.mark.slow
def test_schedules_of_rates_that_shall_grow():
    gan = progan(Growth(8, 16, learning_rates={8: 2.0}), compiled=False)
    falling = keras.optimizers.schedules.ExponentialDecay(1e-3, 100, 0.5)
    with pytest.raises(ValueError, match="Received: a schedule for the generator, and learning_rates={8: 2.0}. Pass numbers"):
        gan.compile(generator_optimizer=falling)


@pytest.mark.slow
def test_rates_are_those_of_the_size_at_hand():
    gan = progan(Growth(8, 0, learning_rates={4: 3.0, 8: 2.0}))
    assert rates(gan) == [3e-3, 3e-3]
    fit(gan, 2)
    assert int(gan.size) == 8 and rates(gan) == [2e-3, 2e-3]
    gan.compile(generator_optimizer=gan.optimizers["generator"], run_eagerly=True)
    assert rates(gan) == [2e-3, 2e-3]  # of one that goes on, and of a new one
    fit(gan, 1)
    assert rates(gan) == [2e-3, 2e-3]


@pytest.mark.slow
def test_rates_of_a_file_are_not_multiplied_again(tmp_path):
    gan = progan(Growth(8, 0, learning_rates={4: 3.0, 8: 2.0}))
    gan.save(tmp_path / "at_4.keras")
    fit(gan, 2)
    gan.save(tmp_path / "at_8.keras")
    assert rates(keras_gans.load_model(tmp_path / "at_4.keras")) == [3e-3, 3e-3]
    assert rates(keras_gans.load_model(tmp_path / "at_8.keras")) == [2e-3, 2e-3]


@pytest.mark.slow
def test_any_optimizer_begins_anew_as_a_new_one():
    gan = progan(Growth(8, 0))
    gan.compile(keras.optimizers.Nadam(1e-3), keras.optimizers.Adagrad(1e-3), run_eagerly=True)
    start = [[variable.numpy() for variable in optimizer.variables] for optimizer in gan.optimizers.values()]
    fit(gan, 1)
    assert any(
        (variable.numpy() != old).any() for variable, old in zip(gan.optimizers["generator"].variables, start[0], strict=True)
    )
    gan.choose_phase()
    for optimizer, values in zip(gan.optimizers.values(), start, strict=True):
        for variable, value in zip(optimizer.variables, values, strict=True):
            np.testing.assert_array_equal(variable.numpy(), value, err_msg=variable.path)


def test_images_that_cannot_grow():
    with pytest.raises(ValueError, match="The generator must grow.*for 8x8 or more"):
        keras_gans.ProGAN(image_shape=(4, 4, 1))


@pytest.mark.slow
def test_labels():
    gan = progan(classes=tiny.CLASSES)
    assert list(gan.auxiliary_losses) == ["auxiliary_classifier"]
    logs = gan.fit(IMAGES, np.arange(8) % tiny.CLASSES, batch_size=8, epochs=3, verbose=0).history
    assert logs["d_auxiliary_classifier"][0] > 0
    assert gan.generate(2, condition=[0, 2]).shape == (2, *SHAPE)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("configuration", "hold", "steps", "rates"),
    [
        ("celeba_hq", 800_000, {4: 16, 128: 16, 256: 14, 512: 6, 1024: 3}, {1024: 1.0}),
        ("v2", 600_000, {16: 128, 32: 64, 64: 32, 128: 16, 256: 8, 512: 4, 1024: 4}, {512: 1.0, 1024: 1.5}),
        ("v2_8gpus", 600_000, {4: 512, 8: 256, 16: 128, 32: 64, 1024: 32}, {64: 1.0, 128: 1.5, 256: 2.0, 1024: 3.0}),
        ("cifar10", 400_000, {32: 16}, {32: 1.0}),
    ],
)
def test_what_was_published(configuration, hold, steps, rates):
    network = networks.progan
    small = {"image_shape": SHAPE, "base_filters": 64, "max_filters": 8}
    gan = keras_gans.ProGAN(network.generator(**small, latents=4), network.discriminator(**small), configuration=configuration)
    assert gan.growth.hold == gan.growth.fade == hold
    assert {size: gan.growth.step_size(size) for size in steps} == steps
    assert {size: gan.growth.learning_rate(size) for size in rates} == rates
    gan.compile()
    for optimizer in gan.optimizers.values():
        config = optimizer.get_config()
        assert (config["beta_1"], config["beta_2"], config["epsilon"]) == (0.0, 0.99, 1e-8)
        assert config["learning_rate"] == pytest.approx(1e-3)
    penalty, drift = gan.penalties.values()
    target = 750 if configuration == "cifar10" else 1
    assert (penalty.weight, penalty.target, drift.weight) == (pytest.approx(10 / target**2), target, 0.001)
    assert gan.update_rule == ("simultaneous" if configuration == "cifar10" else "alternating")
    assert gan.ema.decay == 0.999


def test_the_networks_for_cifar10():
    with counting.without_weights():
        gan = keras_gans.ProGAN(configuration="cifar10")
    counts = [sum(int(np.prod(v.shape)) for v in gan.variables_of(player)) for player in ("generator", "discriminator")]
    assert counts == [1_296_908, 1_298_689]
    assert gan.latents.shape == (128,)


def test_what_is_refused():
    with pytest.raises(ValueError, match="`configuration` must be one of"):
        keras_gans.ProGAN(configuration="ffhq")
    with pytest.raises(ValueError, match="grow"):
        keras_gans.ProGAN(tiny.generator(), tiny.discriminator())
    with pytest.raises(ValueError, match="`growth` must be a keras_gans.schedules.Growth. Received: growth=600"):
        progan(growth=600)


@pytest.mark.slow
def test_it_grows_with_adaptive_augmentation(tmp_path):
    augment = keras_gans.layers.AdaptiveAugment(0.5, images=64, interval=1)
    small = {"image_shape": SHAPE, "base_filters": 64, "max_filters": 8}
    discriminator = networks.with_augmentation(networks.progan.discriminator(**small), augment)
    gan = keras_gans.ProGAN(networks.progan.generator(**small, latents=4), discriminator, growth=Growth(hold=8, fade=16))
    gan.compile(loss="non_saturating", penalties=[keras_gans.penalties.R1(1.0)])
    seen = []
    observe = augment.observe
    augment.observe = lambda minibatch, threshold: (seen.append(minibatch.real.shape[1:3]), observe(minibatch, threshold))
    history = fit(gan, 3).history
    assert seen == [(4, 4), (8, 8)]  # traced once a size
    steps = np.abs(np.diff([0.5, *history["augment_probability"]]))
    np.testing.assert_allclose(steps, 8 / 64, atol=1e-6)
    assert np.isfinite(list(history.values())).all()
    with_it, without = (gan.playing("discriminator")[0](IMAGES, training=training) for training in (True, False))
    assert np.abs(with_it - without).max() > 1e-3
    gan.save(tmp_path / "gan.keras")
    loaded = keras_gans.load_model(tmp_path / "gan.keras")
    assert fit(loaded, 2).history == fit(gan, 2).history


@pytest.mark.slow
def test_optimizers_that_begin_anew_do_not_count_as_still():
    """Both steps had had their update when 8x8 began, since when there was 1 of 2."""
    gan = progan(Growth(hold=8, fade=16))
    gan.compile(*(keras.optimizers.Adam(1e-3, gradient_accumulation_steps=2) for _ in range(2)), run_eagerly=True)
    fit(gan, 3)  # a warning would be an error
    assert (int(gan.size), gan.steps_taken("generator")) == (8, 3)
    with pytest.warns(UserWarning, match="has not moved: an update takes the gradients of gradient_accumulation_steps=2 steps"):
        fresh = progan(compiled=False)
        fresh.compile(*(keras.optimizers.Adam(1e-3, gradient_accumulation_steps=2) for _ in range(2)), run_eagerly=True)
        fit(fresh, 1)
