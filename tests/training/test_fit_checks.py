"""Training that trains nothing, or not what was asked for."""

import types

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from PIL import Image

import keras_gans
from keras_gans.training.fit_checks import check_trained
from tests import tiny
from tests.conformance import stand_ins
from tests.conformance.stand_ins import coupled_discriminators
from tests.conformance.stand_ins import coupled_generators
from tests.training.test_conditions import gan as several_conditions

IMAGES = tiny.images(16)


def gan(**arguments):
    """Eager, unless the graph is what a test is about."""
    made = keras_gans.GAN(tiny.generator(), tiny.discriminator(), latents=tiny.LATENTS)
    made.compile(**{**tiny.sgd(), "run_eagerly": True, **arguments})
    return made


@pytest.fixture(scope="module")
def models():
    """For tests of what is refused before anything is trained: a GAN, one whose discriminator takes several steps, and a VAE."""
    critic = keras_gans.WGAN(tiny.generator(), tiny.discriminator())
    critic.compile()
    return {"gan": gan(), "critic": critic, "vae": a_vae()}


def small_vae():
    small = {"image_shape": tiny.SHAPE, "latents": 3, "units": 4}
    return keras_gans.VAE(keras_gans.networks.vae.generator(**small), keras_gans.networks.vae.encoder(**small), "gaussian")


@pytest.mark.slow
@pytest.mark.parametrize("player", ["generator", "discriminator"])
def test_a_frozen_player_is_warned_of_and_still_loads(player, tmp_path):
    made = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    getattr(made, player).trainable = False
    with pytest.warns(UserWarning, match=f"The {player} has no trainable variable.*set its `trainable` to True"):
        made.compile(run_eagerly=True)
    made.fit(IMAGES, verbose=0)
    made.save(tmp_path / "gan.keras")
    with pytest.warns(UserWarning, match=f"The {player} has no trainable variable"):
        loaded = keras_gans.load_model(tmp_path / "gan.keras")
    np.testing.assert_array_equal(loaded.generate(2, seed=0), made.generate(2, seed=0))


class OfTensorFlow(layers.Layer):
    def build(self, shape):
        self.kernel = tf.Variable(tf.ones((shape[-1], shape[-1])))

    def call(self, x):
        return x @ self.kernel


@pytest.mark.parametrize("player", ["generator", "discriminator"])
def test_variables_that_keras_does_not_know_are_warned_of(player):
    networks, layer = {"generator": tiny.generator(), "discriminator": tiny.discriminator()}, OfTensorFlow(name="of_tf")
    inside = [layer, networks[player]] if player == "generator" else [networks[player], layer]
    networks[player] = keras.Sequential([keras.Input(networks[player].input_shape[1:]), *inside])
    with pytest.warns(UserWarning, match=rf"The {player} holds tf.Variables, which Keras neither trains nor saves.*'of_tf'"):
        keras_gans.GAN(**networks).compile()


@pytest.mark.slow
def test_a_player_without_parameters_is_no_slip():
    generator = keras.Sequential([keras.Input((4,)), layers.Activation("tanh")])
    made = keras_gans.GAN(generator, keras.Sequential([keras.Input((4,)), layers.Dense(1)]))
    made.compile(run_eagerly=True)
    before = made.discriminator.get_weights()
    history = made.fit(np.ones((8, 4), "float32"), verbose=0).history
    assert np.isfinite(history["d_loss"] + history["g_loss"]).all()
    assert not np.array_equal(before[0], made.discriminator.get_weights()[0])


@pytest.mark.slow
@pytest.mark.parametrize("run", ["fit", "train_on_batch"])
@pytest.mark.parametrize("start", [True, False])
def test_what_is_frozen_or_thawed_after_compile_is_refused(run, start):
    made = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    made.discriminator.layers[2].trainable = start
    made.compile(**tiny.sgd(), run_eagerly=True)
    made.discriminator.layers[2].trainable = not start
    arguments = {"verbose": 0} if run == "fit" else {}
    with pytest.raises(ValueError, match=r"changed after `compile`.*\.trainable.*again"):
        getattr(made, run)(IMAGES, **arguments)
    made.compile(**tiny.sgd(), run_eagerly=True)
    getattr(made, run)(IMAGES, **arguments)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda made: setattr(made, "discriminator_steps", 3), "gan.discriminator_steps"),
        (lambda made: setattr(made, "update_rule", "alternating"), "gan.update_rule"),
        (lambda made: setattr(made, "generator_optimizer", keras.optimizers.SGD(0.1)), "gan.generator_optimizer"),
        (lambda made: setattr(made, "optimizer", keras.optimizers.SGD(0.1)), "gan.optimizer"),
        (lambda made: setattr(made.penalties["r1"], "weight", 0.0), r"gan.terms\['r1'\].weight"),
    ],
)
def test_a_recipe_that_is_changed_by_hand_is_refused(change, what):
    made = gan(penalties=[keras_gans.penalties.R1(2.0)])
    made.fit(IMAGES, verbose=0)
    change(made)
    with pytest.raises(ValueError, match=f"The recipe was changed after `compile`.*{what}.*Call `compile` again"):
        made.fit(IMAGES, verbose=0)


@pytest.mark.parametrize("role", ["generator", "discriminator", "latents"])
def test_a_network_that_is_replaced_is_refused(role):
    with pytest.raises(AttributeError, match=f"The {role} of a GAN cannot be replaced"):
        setattr(gan(), role, tiny.generator())


def test_strings_and_tables_and_tensors():
    made = gan()
    with pytest.raises(ValueError, match="`y` has strings, 'cat' for example.*np.unique"):
        made.fit(IMAGES, np.array(["cat"] * 16), verbose=0)
    broken = IMAGES.copy()
    broken[15] = np.nan
    with pytest.raises(ValueError, match="`x` has.*the first is example 15"):
        made.fit(tf.constant(broken), verbose=0)


def test_a_batch_without_examples():
    made = gan()
    with pytest.raises(ValueError, match="contain an empty batch"):
        made.fit(tf.data.Dataset.from_tensors(IMAGES[:0]), verbose=0)
    with pytest.raises(ValueError, match="contain an empty batch"):
        made.train_on_batch(IMAGES[:0])


@pytest.mark.slow
def test_frozen_between_two_fits_is_refused():
    made = gan()
    made.fit(IMAGES, verbose=0)
    made.generator.trainable = False
    with pytest.raises(ValueError, match=r"changed after `compile`.*\.trainable"):
        made.fit(IMAGES, verbose=0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("data", "eagerly"),
    [
        (IMAGES[:0], True),
        (tiny.dataset(IMAGES).take(0), True),
        (tf.data.Dataset.from_tensor_slices(IMAGES).batch(64, drop_remainder=True), True),
        (tf.data.Dataset.from_tensor_slices(IMAGES).filter(lambda x: tf.reduce_sum(x) > 1e6).batch(4), False),
    ],
    ids=["array", "take", "drop_remainder", "filter"],
)
def test_data_without_a_batch(data, eagerly):
    made = gan(run_eagerly=eagerly)
    with pytest.raises(ValueError, match="The data have no batch, so nothing was trained"):
        made.fit(data, epochs=2, verbose=0)
    with pytest.raises(ValueError, match="The data to evaluate on have no batch"):
        made.evaluate(data, verbose=0)
    with pytest.raises(ValueError, match="The data to evaluate on have no batch"):
        made.fit(IMAGES, validation_data=data, verbose=0)


@pytest.mark.slow
def test_no_epoch_and_no_learning_rate_are_warned_of():
    with pytest.warns(UserWarning, match="no epoch to train: epochs=2 .*initial_epoch=2.*pass epochs=4"):
        gan().fit(IMAGES, epochs=2, initial_epoch=2, verbose=0)
    ended = keras.optimizers.schedules.PolynomialDecay(0.1, 1, end_learning_rate=0.0)
    made = gan(discriminator_optimizer=keras.optimizers.SGD(ended))
    made.fit(IMAGES, verbose=0)
    with pytest.warns(UserWarning, match="learning rate of the discriminator is 0.*schedule has ended"):
        made.fit(IMAGES, verbose=0)
    with pytest.warns(UserWarning, match="learning rate of the generator is 0, so it does not learn. Compile with another"):
        gan(generator_optimizer=keras.optimizers.SGD(0.0)).fit(IMAGES, verbose=0)
    warm_up = keras.optimizers.schedules.CosineDecay(0.0, 10, warmup_target=0.1, warmup_steps=5)
    gan(generator_optimizer=keras.optimizers.SGD(warm_up)).fit(IMAGES, verbose=0)  # 0 at first, and rises


@pytest.mark.slow
def test_gradients_that_are_gathered_for_longer_than_the_training():
    made = gan(generator_optimizer=keras.optimizers.SGD(0.1, gradient_accumulation_steps=3))
    before = [weight.copy() for weight in made.generator.get_weights()]
    with pytest.warns(UserWarning, match="The generator has not moved: .*gradient_accumulation_steps=3 steps, and there were 2"):
        made.fit(IMAGES, batch_size=8, verbose=0)
    for weight, old in zip(made.generator.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, old)
    made.fit(IMAGES, batch_size=8, verbose=0)  # the third step brings the update
    assert not np.array_equal(made.generator.get_weights()[0], before[0])


def parts_of_a_cyclegan():
    return {
        **{role: tiny.translator() for role in ("generator", "backward_generator")},
        **{role: tiny.discriminator() for role in ("discriminator", "backward_discriminator")},
    }


@pytest.mark.parametrize("role", list(parts_of_a_cyclegan()))
def test_one_frozen_network_of_several_is_named(role):
    parts = parts_of_a_cyclegan()
    parts[role].trainable = False
    with pytest.warns(UserWarning) as caught:
        keras_gans.CycleGAN(**parts).compile()
    assert [str(warning.message).split(" has no trainable")[0] for warning in caught] == [f"The {role}"]
    assert caught[0].filename == __file__


@pytest.mark.parametrize("role", ["generator", "encoder"])
def test_a_frozen_half_of_a_vae_is_named(role):
    vae = small_vae()
    vae.compile()
    getattr(vae, role).trainable = False
    with pytest.raises(ValueError, match="changed after `compile`.*Call `compile` again"):
        vae.train_on_batch(IMAGES)
    with pytest.warns(UserWarning, match=f"The {role} has no trainable variable") as caught:
        vae.compile()
    assert len(caught) == 1
    assert caught[0].filename == __file__


def test_one_frozen_network_of_two_that_share_layers_is_named_by_its_game():
    parts = coupled_generators()
    parts[1].get_layer("to_b").trainable = False
    parts[1].get_layer("common").trainable = False
    with pytest.warns(UserWarning, match="The generator of the game 'second' has no trainable variable") as caught:
        keras_gans.CoGAN(parts, coupled_discriminators(), latents=tiny.LATENTS).compile()
    assert len(caught) == 1


@pytest.mark.slow
def test_a_vae_that_does_not_learn_says_so():
    vae = small_vae()
    half = 0.5 * IMAGES + 0.5
    vae.compile(keras.optimizers.SGD(0.0), run_eagerly=True)
    with pytest.warns(UserWarning, match="The learning rate of the VAE is 0"):
        vae.fit(half, verbose=0)
    vae.compile(keras.optimizers.SGD(0.1, gradient_accumulation_steps=9), run_eagerly=True)
    with pytest.warns(UserWarning, match="The VAE has not moved: .*=9 steps, and there were 2"):
        vae.fit(half, batch_size=8, verbose=0)
    with pytest.warns(UserWarning, match="no epoch to train: epochs=1"):
        vae.fit(half, epochs=1, initial_epoch=1, verbose=0)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_arrays_with_missing_values(value):
    broken = IMAGES.copy()
    broken[11, 0, 0] = value
    for what, run in {
        "`x` has": lambda: gan().fit(broken, verbose=0),
        "`validation_data` has": lambda: gan().fit(IMAGES, validation_data=(broken, None), verbose=0),
        "`x` has values": lambda: gan().evaluate(broken, verbose=0),
    }.items():
        with pytest.raises(ValueError, match=f"{what}.*NaN or infinite, in 1 of 16 examples; the first is example 11"):
            run()


def test_a_first_batch_with_missing_values():
    broken = IMAGES.copy()
    broken[3] = np.nan
    with pytest.raises(ValueError, match="The data have values.* NaN or infinite, in 1 of 8 examples; the first is example 3"):
        gan().fit(tiny.dataset(broken), verbose=0)
    with pytest.raises(ValueError, match="The data have values that are NaN"):
        gan().evaluate(tiny.dataset(broken), verbose=0)


@pytest.mark.parametrize("key", ["image", "wrong_image", "embedding"])
def test_missing_values_of_a_dict_are_said_by_key(key):
    made = stand_ins.stand_in(keras_gans.StackGAN).make()
    (data,) = stand_ins.captioned(16)
    data[key] = data[key].copy()
    data[key][3] = np.nan
    with pytest.raises(ValueError, match=rf"`x`\['{key}'\] has values that are NaN .*the first is example 3"):
        made.fit(data, verbose=0)
    message = "Conditions 'embedding' must be finite" if key == "embedding" else f'The data of "{key}" have values that are NaN'
    with pytest.raises(ValueError, match=message):
        made.fit(tiny.dataset(data), verbose=0)


def test_the_range_of_a_dict_is_said_by_key():
    made = stand_ins.stand_in(keras_gans.StackGAN).make()
    (data,) = stand_ins.captioned(16)
    data["wrong_image"] = 127.5 * data["wrong_image"] + 127.5
    with pytest.raises(ValueError, match=r'Images of "wrong_image" must be in \[-1, 1\]'):
        made.fit(tiny.dataset(data), verbose=0)


def test_missing_values_of_pairs_are_said_by_key():
    broken = IMAGES.copy()
    broken[3] = np.nan
    for made in (tiny.pix2pix(), tiny.cyclegan()):
        made.compile()
        with pytest.raises(ValueError, match='The data of "target" have values that are NaN'):
            made.fit(tiny.dataset({"source": IMAGES, "target": broken}), verbose=0)
        with pytest.raises(ValueError, match="The sources have values that are NaN"):
            made.fit(tiny.dataset({"source": broken, "target": IMAGES}), verbose=0)
        with pytest.raises(ValueError, match='Images of "target" must be'):
            made.fit(tiny.dataset({"source": IMAGES, "target": 99 * IMAGES}), verbose=0)


def test_points_with_missing_values():
    points = np.zeros((8, 2), "float32")
    points[5, 1] = np.nan
    generator = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    made = keras_gans.GAN(generator, keras.Sequential([keras.Input((2,)), layers.Dense(1)]))
    made.compile()
    with pytest.raises(ValueError, match="the first is example 5"):
        made.fit(tiny.dataset(points), verbose=0)


@pytest.mark.slow
def test_losses_that_end_as_nan_are_warned_of():
    late = IMAGES.copy()
    late[15] = np.nan  # in the second batch, which nobody looks at
    with pytest.warns(UserWarning, match=r"'d_loss'.* since epoch 1: the weights may be lost"):
        gan().fit(tiny.dataset(late), verbose=0)


def test_whole_numbers_between_the_players_are_refused():
    generator = keras.Sequential([keras.Input((4,)), layers.Dense(12), layers.Reshape((3, 4)), layers.Softmax()])
    words = keras.Sequential([keras.Input((3,), dtype="int32"), layers.Embedding(4, 2), layers.Flatten(), layers.Dense(1)])
    with pytest.raises(ValueError, match="The discriminator takes int32, through which no gradient reaches.*softmax in place of"):
        keras_gans.GAN(generator, words)
    chosen = keras.Model(generator.inputs[0], keras.ops.argmax(generator.outputs[0], axis=-1))
    with pytest.raises(ValueError, match="The generator makes int"):
        keras_gans.GAN(chosen, keras.Sequential([keras.Input((3,)), layers.Dense(1)]))


def test_a_generator_that_no_gradient_reaches():
    class Rounds(layers.Layer):
        def call(self, x):
            return tf.round(x)

    generator = keras.Sequential([keras.Input((4,)), layers.Dense(3), Rounds()])
    made = keras_gans.GAN(generator, keras.Sequential([keras.Input((3,)), layers.Dense(1)]))
    made.compile()
    # TensorFlow's rounding has a gradient: none.
    with pytest.raises(ValueError, match="No gradient reaches the generator.*its 2 variables.*argmax, a rounding"):
        made.fit(np.zeros((8, 3), "float32"), verbose=0)


@pytest.mark.slow
def test_a_penalty_through_a_layer_without_a_second_derivative():
    class Bicubic(layers.Layer):
        def call(self, x):
            return tf.image.resize(x, (4, 4), "bicubic")

    critic = keras.Sequential([keras.Input(tiny.SHAPE), Bicubic(), layers.Flatten(), layers.Dense(4, "tanh"), layers.Dense(1)])
    made = keras_gans.GAN(tiny.generator(), critic)
    made.compile(penalties=[keras_gans.penalties.R1()])
    with pytest.raises(ValueError, match=r"\['r1'\] take gradients of the discriminator's gradients.*leave out the penalty"):
        made.fit(tiny.images(8), verbose=0)


def test_a_condition_with_missing_values():
    z, y = keras.Input((4,)), keras.Input((2,))
    generator = keras.Model([z, y], layers.Dense(3)(layers.Concatenate()([z, y])))
    x, y = keras.Input((3,)), keras.Input((2,))
    made = keras_gans.GAN(generator, keras.Model([x, y], layers.Dense(1)(layers.Concatenate()([x, y]))))
    made.compile()
    conditions = np.zeros((8, 2), "float32")
    conditions[2] = np.nan
    with pytest.raises(ValueError, match="Conditions must be finite. Received: 2 values"):
        made.fit(tiny.dataset(np.zeros((8, 3), "float32"), conditions), verbose=0)
    with pytest.raises(ValueError, match="Conditions must be finite"):
        made.generate(8, condition=conditions)


@pytest.mark.slow
@pytest.mark.parametrize("hook", ["on_epoch_begin", "on_epoch_end", "on_train_batch_end"])
def test_what_a_callback_freezes_is_refused_when_an_epoch_begins(hook):
    made = gan()

    def freeze(number, logs=None):
        made.discriminator.layers[2].trainable = False

    with pytest.raises(ValueError, match=r"changed after `compile`.*\.trainable.*again"):
        made.fit(IMAGES[:8], batch_size=4, epochs=2, verbose=0, callbacks=[keras.callbacks.LambdaCallback(**{hook: freeze})])


def backed_up(folder, epochs, data=IMAGES):
    """A fresh GAN whose `fit` goes on from a backup, if there is one, and the history."""
    backup = keras.callbacks.BackupAndRestore(folder, delete_checkpoint=False)
    players = ("generator_optimizer", "discriminator_optimizer")
    made = gan(**{player: keras.optimizers.SGD(0.1, use_ema=True) for player in players})
    return made, made.fit(data, epochs=epochs, verbose=0, callbacks=[backup])


METADATA = '{"epoch": 2, "batch": 0}'


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"latest.weights.h5": "w"}, "Received: no training_metadata.json. Delete the folder to begin anew. Or.*are done"),
        ({"latest.weights.h5": "w", "training_metadata.json": '{"epo'}, """training_metadata.json with '{"epo'"""),
        ({"latest.weights.h5": "w", "training_metadata.json": ""}, "training_metadata.json with ''"),
        ({"latest.weights.h5": "w", "training_metadata.json": "[]"}, "training_metadata.json with '\\[\\]'"),
        ({"training_metadata.json": METADATA}, "Received: no latest.weights.h5"),
        (
            {"latest.weights.h5": "w", "latest.weights.h5.bkp": "w", "training_metadata.json.bkp": METADATA},
            "go back to the one before: rename latest.weights.h5.bkp and training_metadata.json.bkp, without",
        ),
    ],
)
def test_half_a_backup_is_refused(files, message, tmp_path):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    backup = keras.callbacks.BackupAndRestore(tmp_path)
    made = gan()
    for callbacks in (backup, [backup], keras.callbacks.CallbackList([backup])):
        with pytest.raises(ValueError, match=message):
            made.fit(IMAGES, verbose=0, callbacks=callbacks)


@pytest.mark.slow
def test_a_training_that_is_complete_in_its_backup_is_left_as_it_is(tmp_path):
    finished, _ = backed_up(tmp_path, 2)
    for epochs in (2, 1):
        again, history = backed_up(tmp_path, epochs)
        assert history.epoch == []
        for ours, theirs in zip(again.get_weights(), finished.get_weights(), strict=True):
            np.testing.assert_array_equal(ours, theirs)
    empty = tf.data.Dataset.from_tensor_slices(IMAGES).filter(lambda x: tf.reduce_sum(x) > 1e6).batch(4)
    with pytest.raises(ValueError, match="The data have no batch"):
        backed_up(tmp_path, 3, empty)  # the third epoch is due


@pytest.mark.slow
def test_the_next_training_of_a_restored_gan_begins_at_its_own_start(tmp_path):
    backed_up(tmp_path, 2)
    made, _ = backed_up(tmp_path, 2)
    assert made.fit(IMAGES, epochs=2, verbose=0).epoch == [0, 1]
    assert made.fit(IMAGES, epochs=2, initial_epoch=1, verbose=0).epoch == [1]


@pytest.mark.slow
def test_the_epoch_of_a_nan_counts_from_the_backup(tmp_path):
    backed_up(tmp_path, 2)
    late = IMAGES.copy()
    late[15] = np.nan  # in the second batch, which nobody looks at
    with pytest.warns(UserWarning, match="have been NaN or infinite since epoch 3:"):
        backed_up(tmp_path, 4, tiny.dataset(late))


HALF_LIFE = keras_gans.schedules.HalfLife(100, batch_size=8)
COUNTING = keras_gans.schedules.Cosine(0.1, 0.2, stop=100, batch_size=8)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("what", "arguments", "recipe"),
    [
        ("the generator's learning rate", {}, {"generator_optimizer": keras.optimizers.SGD(COUNTING)}),
        ("the discriminator's beta_2", {}, {"discriminator_optimizer": keras_gans.optimizers.ScheduledAdam(beta_2=COUNTING)}),
        ("r1's weight", {}, {"penalties": [keras_gans.penalties.R1(COUNTING)]}),
        ("weighted's generator", {}, {"loss": keras_gans.losses.Weighted(generator=COUNTING)}),
        ("the average's decay", {"ema": keras_gans.EMA(HALF_LIFE)}, {}),
    ],
)
def test_a_schedule_of_images_that_counts_others_than_come_is_refused(what, arguments, recipe):
    made = keras_gans.GAN(tiny.generator(), tiny.discriminator(), **arguments)
    made.compile(**{**tiny.sgd(), "run_eagerly": True, **recipe})
    message = f"The schedule of {what} counts 8 images an update. Received: 4 images a step. Make .* with batch_size=4"
    for run in (lambda: made.fit(IMAGES, batch_size=4, verbose=0), lambda: made.train_on_batch(IMAGES[:4])):
        with pytest.raises(ValueError, match=message):
            run()
    made.evaluate(IMAGES, batch_size=4, verbose=0)
    made.fit(IMAGES[:12], batch_size=8, verbose=0)  # the last batch may be smaller


@pytest.mark.slow
def test_images_of_an_update_for_which_gradients_accumulate():
    made = keras_gans.GAN(tiny.generator(), tiny.discriminator(), ema=keras_gans.EMA(HALF_LIFE))
    accumulating = keras.optimizers.SGD(COUNTING, gradient_accumulation_steps=2)
    made.compile(accumulating, keras.optimizers.SGD(0.1))
    with pytest.raises(ValueError, match="the average's decay counts 8 .* 8 images a step, and 2 steps an update.*batch_size=16"):
        made.train_on_batch(IMAGES[:8])
    with pytest.raises(ValueError, match="the generator's learning rate counts 8 images an update. Received: 4 images a step."):
        made.train_on_batch(IMAGES[:4])


def test_images_of_all_replicas_are_counted(strategy):
    with strategy.scope():
        made = keras_gans.GAN(tiny.generator(), tiny.discriminator(), ema=keras_gans.EMA(HALF_LIFE))
        made.compile(**tiny.sgd())
    made.fit(tiny.dataset(IMAGES, batch_size=8), verbose=0)
    with pytest.raises(ValueError, match="Received: 16 images a step"):
        made.fit(tiny.dataset(IMAGES, batch_size=16), verbose=0)


def conditional_gan():
    made = keras_gans.GAN(tiny.generator(tiny.CLASSES), tiny.discriminator(tiny.CLASSES))
    made.compile(**tiny.sgd())
    return made


def a_vae():
    made = small_vae()
    made.compile()
    return made


LATE = np.where(np.arange(16) == 15, 9, 0)  # a class that there is not, in the last batch


@pytest.mark.parametrize(
    "run",
    [
        lambda made: made.fit(IMAGES, LATE, batch_size=4, shuffle=False, verbose=0),
        lambda made: made.fit({"image": IMAGES, "label": LATE}, batch_size=4, verbose=0),
        lambda made: made.fit(IMAGES, tf.constant(LATE), batch_size=4, verbose=0),
        lambda made: made.fit(IMAGES, 0 * LATE, batch_size=4, verbose=0, validation_data=(IMAGES, LATE)),
        lambda made: made.evaluate(IMAGES, LATE, batch_size=4, verbose=0),
    ],
)
def test_labels_of_arrays_are_looked_at_all_through(run):
    made = conditional_gan()
    before = tiny.weights(made)
    with pytest.raises(ValueError, match="must be classes 0 to 2. Received: values from 0 to 9"):
        run(made)
    np.testing.assert_array_equal(tiny.weights(made), before)


@pytest.mark.slow
def test_labels_of_later_batches_are_looked_at_in_the_graph():
    gan = keras_gans.GAN(tiny.generator(tiny.CLASSES), tiny.discriminator(tiny.CLASSES))
    gan.compile()
    labels = np.arange(8) // 4 * tiny.CLASSES
    with pytest.raises(tf.errors.InvalidArgumentError, match="Conditions must be classes 0 to 2. Received"):
        gan.fit(tiny.dataset((tiny.images(8), labels), batch_size=4), verbose=0)


def test_data_that_name_other_classes():
    gan, data = keras_gans.GAN(tiny.generator(3), tiny.discriminator(3)), tiny.dataset((tiny.images(8), np.arange(8) % 2))
    gan.compile(run_eagerly=True)
    data.class_names = ["cats", "dogs"]
    with pytest.warns(UserWarning, match="take 3 classes, and the data have 2: cats, dogs. .* from 2 on .*: classes=2"):
        gan.fit(data, verbose=0)
    data.class_names = [*"abcdef"]
    with pytest.raises(ValueError, match="take 3 classes, and the data have 6: a, b, c, d, e, .... Build .*: classes=6"):
        gan.fit(data, verbose=0)


def test_labels_of_arrays_of_several_conditions():
    made = several_conditions()
    with pytest.raises(ValueError, match="Conditions 'kind' must be classes 0 to 2. Received: values from 0 to 9"):
        made.fit(np.zeros((16, 4), "float32"), (LATE, np.zeros((16, 1), "float32")), batch_size=4, verbose=0)


def test_labels_of_arrays_of_a_class_with_its_own():
    made = stand_ins.stand_in(keras_gans.SemiSupervisedGAN).make()
    shape = made.discriminator.inputs[0].shape[1:]
    with pytest.raises(ValueError, match="or -1 for unlabelled rows. Received: values from -9 to 0"):
        made.fit(np.zeros((16, *shape), "float32"), -LATE, batch_size=4, verbose=0)
    made = stand_ins.stand_in(keras_gans.CAAE).make()
    x, labels = stand_ins.stand_in(keras_gans.CAAE).data(16)
    labels[-1] = 0.5
    with pytest.raises(ValueError, match="one-hot rows"):
        made.fit(x, labels, batch_size=4, verbose=0)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (None, "`x` must be the data: an array, a tf.data.Dataset.*Received: x=None"),
        ("folder", r"Received: x='folder'. For a folder .* x=keras_gans.data.images\('folder'"),
        (IMAGES.astype(object), r'numbers of NumPy. Received: dtype object, .*Convert them: .astype\("float32"\)'),
        (IMAGES.astype("complex64"), "numbers of NumPy. Received: dtype complex64"),
        (tf.constant(["a", "b"]), "`x` has strings"),
        (tf.sparse.from_dense(IMAGES), r"dense array. Received: a SparseTensor. Make it dense: tf.sparse.to_dense\("),
        (tf.ragged.constant([[1.0], [1.0, 2.0]]), r"dense array. Received: a RaggedTensor. Make it dense: values.to_tensor\("),
        (IMAGES.tolist(), r"`x` must be an array. Received: .*alone or in a list. Make one array: np.array\("),
        (
            np.ma.masked_greater(IMAGES, 0.9),
            "`x` has masked values, in .* of 16 examples; .*Fill them, `values.filled",
        ),
    ],
    ids=["None", "folder", "object", "complex", "tensor", "sparse", "ragged", "nested", "masked"],
)
def test_data_that_cannot_be_read(models, x, message):
    for made in (models["gan"], models["vae"]):
        for run in (made.fit, made.evaluate):
            with pytest.raises(ValueError, match=message):
                run(x, verbose=0)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (np.array([0, 1] * 8, object), "`y` must be numbers of NumPy. Received: dtype object, the first value is 0"),
        ([0, 1] * 8, "`y` must be an array. Received: 0, alone or in a list"),
        (["cat", "dog"] * 8, "`y` must be an array. Received: 'cat'.*np.unique"),
        (np.ma.masked_equal([0, 1] * 8, 1), "`y` has masked values, in 8 of 16 examples; the first is example 1"),
    ],
)
def test_labels_that_cannot_be_read(y, message):
    with pytest.raises(ValueError, match=message):
        conditional_gan().fit(IMAGES, y, verbose=0)


def test_a_mask_that_hides_nothing():
    keras_gans.training.data_checks.check_data(x=np.ma.masked_array(IMAGES))


def test_tables():
    pandas = pytest.importorskip("pandas")
    animals, numbers = pandas.Series(["cat", "dog"] * 8), pandas.Series([0, 1] * 8)
    check_data = keras_gans.training.data_checks.check_data
    check_data(x=pandas.DataFrame({"a": np.zeros(3), "b": np.zeros(3, "float32")}), y=numbers)
    for table, message in (
        (pandas.DataFrame({"a": numbers, "b": animals}), "`x` has strings, 'cat' for example"),
        (pandas.DataFrame({"a": pandas.array([1.0], "Float32")}), "numbers of NumPy. .* dtype Float32 in the column 'a'"),
        (numbers.astype("category"), r"`x` must be numbers.*dtype category, .*.astype\(.int64.\) for labels"),
        (animals.astype("category"), "`x` has strings, 'cat' .*np.unique"),
        (numbers.astype("Int64"), "`x` must be numbers of NumPy. Received: dtype Int64"),
    ):
        with pytest.raises(ValueError, match=message):
            check_data(x=table)
    with pytest.raises(ValueError, match="must be classes 0 to 2. Received: values from 0 to 9"):
        conditional_gan().fit(IMAGES, pandas.Series(LATE), batch_size=4, verbose=0)


@pytest.mark.parametrize("method", ["train_on_batch", "test_on_batch"])
@pytest.mark.parametrize(
    ("x", "message"),
    [
        (tiny.dataset(IMAGES), "`x` must be one batch, .*A data set is for `fit` and `evaluate`"),
        (iter([IMAGES]), "`x` must be one batch"),
        (None, "`x` must be one batch, .*Received: x=None"),
        ("folder", "`x` must be one batch, .*Received: x='folder'"),
        (np.ma.masked_greater(IMAGES, 0.9), "`x` has masked values"),
    ],
    ids=["dataset", "iterator", "None", "folder", "masked"],
)
def test_what_is_not_one_batch(models, method, x, message):
    for made in (models["gan"], models["vae"]):
        with pytest.raises(ValueError, match=message):
            getattr(made, method)(x)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"epochs": "3"}, "`epochs` must be an int >= 0. Received: epochs='3'"),
        ({"epochs": None}, "`epochs` must be an int >= 0"),
        ({"epochs": -1}, "`epochs` must be an int >= 0"),
        ({"initial_epoch": -1}, "`initial_epoch` must be an int >= 0"),
        ({"steps_per_epoch": "2"}, "`steps_per_epoch` must be an int >= 1"),
        ({"batch_size": "4"}, "`batch_size` must be an int >= 1"),
        ({"validation_batch_size": 0}, "`validation_batch_size` must be an int >= 1"),
        ({"validation_steps": 0.5}, "`validation_steps` must be an int >= 1"),
        ({"validation_freq": 0}, "`validation_freq` must be an int >= 1"),
        ({"validation_freq": [1, 0]}, "`validation_freq` must be an int >= 1"),
        ({"validation_split": 2}, r"`validation_split` must be in \[0, 1\]"),
        ({"validation_split": 1.0}, "`validation_split` must be below 1: nothing is left"),
    ],
)
def test_numbers_of_a_training(models, arguments, message):
    for made in (models["gan"], models["vae"]):
        with pytest.raises(ValueError, match=message):
            made.fit(IMAGES, verbose=0, **arguments)


@pytest.mark.parametrize("arguments", [{"batch_size": "4"}, {"steps": 0}])
def test_numbers_of_an_evaluation(models, arguments):
    for made in (models["gan"], models["vae"]):
        with pytest.raises(ValueError, match=f"`{next(iter(arguments))}` must be an int >= 1"):
            made.evaluate(IMAGES, verbose=0, **arguments)


@pytest.mark.parametrize(("epochs", "start", "remedy"), [(0, 0, "1 more epoch, .*=1"), (0, 3, "1 more epoch, .*=4")])
def test_the_remedy_of_no_epoch_is_one(epochs, start, remedy):
    with pytest.warns(UserWarning, match=f"For {remedy}"):
        gan().fit(IMAGES, epochs=epochs, initial_epoch=start, verbose=0)


RATES = [float("nan"), float("inf"), -1.0]


@pytest.mark.parametrize("rate", RATES)
def test_rates_that_cannot_be_are_refused_by_compile(rate):
    message = "The learning rate of the {} must be a finite number >= 0. Received"
    with pytest.raises(ValueError, match=message.format("discriminator")):
        gan(discriminator_optimizer=keras.optimizers.Adam(rate))
    with pytest.raises(ValueError, match=message.format("VAE")):
        a_vae().compile(keras.optimizers.Adam(rate))


@pytest.mark.parametrize("rate", RATES)
def test_rates_that_come_later_are_refused(rate):
    message = "The learning rate of the (generator|VAE) must be a finite number >= 0. Received: .*callback"
    for made, x in ((gan(), IMAGES), (a_vae(), 0.5 * IMAGES + 0.5)):
        before = tiny.weights(made)
        with pytest.raises(ValueError, match=message):
            made.fit(x, verbose=0, callbacks=[keras.callbacks.LearningRateScheduler(lambda epoch: rate)])
        np.testing.assert_array_equal(tiny.weights(made), before)
        with pytest.raises(ValueError, match=message):  # which the scheduler has left there
            made.train_on_batch(x)


def test_a_schedule_of_nan_is_refused():
    class Broken(keras.optimizers.schedules.LearningRateSchedule):
        def __call__(self, step):
            return tf.constant(np.nan)

    with pytest.raises(ValueError, match="The learning rate of the generator must be a finite number"):
        gan(generator_optimizer=keras.optimizers.SGD(Broken()))


@pytest.mark.slow
@pytest.mark.parametrize("model", ["gan", "vae"])
def test_a_rate_may_be_a_function(model, capsys):
    def rate():
        return 0.5

    made = gan(
        **{f"{player}_optimizer": keras.optimizers.SGD(rate) for player in ("generator", "discriminator")}, run_eagerly=False
    )
    x = IMAGES
    if model == "vae":
        made, x = small_vae(), 0.5 * IMAGES + 0.5
        made.compile(keras.optimizers.SGD(rate), run_eagerly=True)
    before = tiny.weights(made)
    made.fit(x, verbose=0)
    assert not np.array_equal(tiny.weights(made), before)
    made.summary()
    if model == "gan":
        assert "SGD, learning rate 0.5, 1 step(s) a round" in capsys.readouterr().out
        made.compile(keras.optimizers.SGD(lambda: 0.0), run_eagerly=True)
        with pytest.warns(UserWarning, match="The learning rate of the generator is 0"):
            made.fit(x, verbose=0)


def batches(count=3):
    for start in range(count):
        yield (tiny.images(8, seed=start),)


@pytest.mark.parametrize("model", ["gan", "critic", "vae"])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"epochs": 2}, "`x` is a Python generator.*Received: 2 epochs.*Pass steps_per_epoch.*If a callback .*epochs=1"),
        ({"epochs": 4, "initial_epoch": 1}, "Received: 3 epochs"),
        ({"epochs": 2, "steps_per_epoch": 1, "validation_data": batches}, "`validation_data` is.*2 epochs.*validation_steps"),
        ({"epochs": 4, "steps_per_epoch": 1, "validation_data": batches, "validation_freq": 2}, "2 epochs"),
        ({"epochs": 4, "steps_per_epoch": 1, "validation_data": batches, "validation_freq": [1, 4, 5]}, "2 epochs"),
    ],
)
def test_a_python_generator_for_several_epochs(models, model, arguments, message):
    arguments = {name: value() if value is batches else value for name, value in arguments.items()}
    with pytest.raises(ValueError, match=message):
        models[model].fit(batches(), verbose=0, **arguments)


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"epochs": 3, "initial_epoch": 2},
        {"epochs": 3, "steps_per_epoch": 1},
        {"epochs": 3, "steps_per_epoch": 1, "validation_data": batches, "validation_steps": 1},
        {"epochs": 3, "steps_per_epoch": 1, "validation_data": batches, "validation_freq": 2},
    ],
)
def test_a_python_generator_that_is_gone_through_once(arguments):
    made = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    made.compile(**tiny.sgd(), run_eagerly=True)
    arguments = {name: value() if value is batches else value for name, value in arguments.items()}
    made.fit(batches(), verbose=0, **arguments)


def falling(steps):
    return keras.optimizers.schedules.PolynomialDecay(1e-3, steps, 0.0)


@pytest.mark.slow
def test_a_schedule_that_ends_in_the_middle_of_a_training():
    x = tiny.images(40)
    optimizers = {
        f"{player}_optimizer": keras.optimizers.SGD(falling(end)) for player, end in [("generator", 12), ("discriminator", 19)]
    }
    made = gan(**optimizers, run_eagerly=False)  # so many steps are sooner traced
    with pytest.warns(UserWarning, match="rate of the generator was 0 from step 12 on, of 20: .*count steps") as caught:
        made.fit(x, batch_size=2, verbose=0)
    assert [each.filename for each in caught if each.category is UserWarning] == [__file__]
    made = small_vae()
    made.compile(keras.optimizers.SGD(falling(4)))
    with pytest.warns(UserWarning, match="rate of the VAE was 0 from step 4 on, of 20"):
        made.fit(0.5 * x + 0.5, batch_size=2, verbose=0)


class Waves(keras.optimizers.schedules.LearningRateSchedule):
    """Triangles of 10 steps, which pass through 0, and from the step `end` on 0."""

    def __init__(self, end=10**9):
        self.end = end

    def __call__(self, step):
        step = int(step)
        return 0.0 if step >= self.end else 1e-3 * min(step % 10, 10 - step % 10)

    def get_config(self):
        return {"end": self.end}


class Trained:
    """A model that has taken so many steps with a schedule since the step `first`."""

    def __init__(self, schedule, steps, first=0):
        self.optimizers = {"player": keras.optimizers.SGD(schedule)}
        self.optimizers["player"].iterations.assign(steps)
        self.unchecked = types.SimpleNamespace(training=False, first_steps={"player": first})

    def steps_taken(self, player):
        return int(self.optimizers[player].iterations)

    def get_metrics_result(self):
        return {}


HISTORY = types.SimpleNamespace(epoch=[0], history={})


@pytest.mark.parametrize("schedule", [falling(20), falling(40), keras.optimizers.schedules.CosineDecayRestarts(1e-3, 10)])
def test_a_schedule_that_ends_with_the_training_or_begins_again_has_not_ended_in_it(schedule):
    check_trained(Trained(schedule, 20), HISTORY)


@pytest.mark.parametrize(("steps", "first"), [(40, 18), (40, 0), (1000, 0), (100_000, 7), (10, 0), (200, 0)])
def test_a_schedule_that_passes_through_0_has_not_ended(steps, first):
    check_trained(Trained(Waves(), steps, first), HISTORY)


@pytest.mark.parametrize(("end", "steps"), [(23, 60), (605, 1000), (80_005, 100_000)])
def test_a_schedule_that_passes_through_0_and_ends(end, steps):
    with pytest.warns(UserWarning, match=f"was 0 from step {end} on, of {steps}"):
        check_trained(Trained(Waves(end), steps), HISTORY)


@pytest.mark.slow
@pytest.mark.parametrize("freq", [np.int64(2), (2,)])
@pytest.mark.parametrize("make", [gan, small_vae])
def test_how_often_to_validate(freq, make):
    made, x = make(), np.abs(IMAGES) if make is small_vae else IMAGES
    made.compile(run_eagerly=True)
    made.fit(x, epochs=2, validation_freq=freq, verbose=0)
    history = made.fit(x, epochs=2, validation_data=x, validation_freq=freq, verbose=0)
    assert {len(values) for name, values in history.history.items() if name.startswith("val_")} == {1}


class Endless(keras.utils.PyDataset):
    num_batches = None

    def __getitem__(self, index):
        return IMAGES


ENDLESS = tf.data.Dataset.from_tensors(IMAGES).repeat()


@pytest.mark.parametrize("data", [ENDLESS, ENDLESS.map(lambda x: x[::-1]), Endless()], ids=["repeat", "map", "PyDataset"])
@pytest.mark.parametrize(
    ("run", "message"),
    [
        (
            lambda made, data: made.fit(data),
            "`x` never ends.*steps_per_epoch=None. Leave out `repeat`, or pass steps_per_epoch; a large one, if a callback",
        ),
        (lambda made, data: made.fit(IMAGES, validation_data=data), "`validation_data` never ends.*pass validation_steps"),
        (lambda made, data: made.evaluate(data), "`x` never ends.*pass steps"),
        (lambda made, data: made.predict(data), "`x` never ends.*pass steps"),
    ],
    ids=["fit", "validation", "evaluate", "predict"],
)
def test_data_that_never_end_are_refused(models, data, run, message):
    with pytest.raises(ValueError, match=message):
        run(models["gan"], data)


def test_endless_data_are_fine_with_a_number_of_steps():
    made = gan()
    made.fit(ENDLESS, steps_per_epoch=1, validation_data=ENDLESS, validation_steps=1, verbose=0)
    made.evaluate(ENDLESS, steps=1, verbose=0)
    latents = made.latents.sample(2, seed=tf.constant([0, 0]))
    made.predict(tf.data.Dataset.from_tensors(latents).repeat(), steps=1, verbose=0)
    made.predict(tf.data.Dataset.from_tensors(latents).repeat(), None, "auto", 1)


class Batches(keras.utils.PyDataset):
    """Two batches; or an error."""

    def __init__(self, batch):
        super().__init__()
        self.batch = batch

    def __len__(self):
        return 2

    def __getitem__(self, index):
        if isinstance(self.batch, Exception):
            raise self.batch
        return self.batch


@pytest.mark.parametrize(
    ("batch", "error", "message"),
    [
        ((IMAGES.tolist(), [1] * 16), ValueError, "The first batch of `x` must be an array.*in a list. Make one array: np.array"),
        ((IMAGES, None), ValueError, r"The first batch of `x` must be arrays.*a part is None. Leave it out: return \(x,\)"),
        (KeyError("of the user"), KeyError, "of the user"),
    ],
    ids=["lists", "none", "error"],
)
@pytest.mark.parametrize("run", ["fit", "evaluate"])
def test_batches_that_keras_cannot_read_are_explained(models, run, batch, error, message):
    with pytest.raises(error, match=message):
        getattr(models["gan"], run)(Batches(batch), verbose=0)


def test_pillow_images_are_not_data():
    with pytest.raises(ValueError, match=r"`x` must be an array. Received: Pillow images.*keras_gans.data.images"):
        gan().fit([Image.new("L", (8, 8))] * 4, verbose=0)
