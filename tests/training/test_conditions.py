"""Conditions by name: several of them, and networks with dicts of inputs."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gans
from tests import tiny

ROWS = 16
RNG = np.random.default_rng(0)
POINTS = RNG.normal(size=(ROWS, 4)).astype("float32")
KINDS = RNG.integers(0, 3, ROWS)
SIZES = RNG.random((ROWS, 1)).astype("float32")


def network(width, outputs, order=("kind", "size")):
    x = keras.Input((width,))
    named = {"kind": keras.Input((), dtype="int32", name="kind"), "size": keras.Input((1,), name="size")}
    embedded = {"kind": layers.Embedding(3, 4)(named["kind"]), "size": named["size"]}
    h = layers.Concatenate()([x, *(embedded[name] for name in order)])
    return keras.Model([x, *(named[name] for name in order)], layers.Dense(outputs)(layers.Dense(8, "relu")(h)))


def gan(run_eagerly=True):
    made = keras_gans.GAN(network(6, 4), network(4, 1, order=("size", "kind")), ema=0.5)
    made.compile(**tiny.sgd(), run_eagerly=run_eagerly)
    return made


@pytest.mark.slow
@pytest.mark.parametrize(
    "condition",
    [(KINDS, SIZES), {"size": SIZES, "kind": KINDS}, {"kind": KINDS[:, None], "size": SIZES}],
    ids=["tuple", "dict", "column"],
)
@pytest.mark.parametrize("source", ["arrays", "dataset"])
def test_several_conditions_train(condition, source):
    made = gan(run_eagerly=source == "arrays")
    data = (POINTS, condition) if source == "arrays" else (tf.data.Dataset.from_tensor_slices((POINTS, condition)).batch(8),)
    history = made.fit(*data, verbose=0, validation_data=(POINTS, condition) if source == "arrays" else data[0]).history
    assert np.isfinite(history["d_loss"] + history["val_g_loss"]).all()


@pytest.mark.slow
def test_a_dict_batch_with_the_conditions_names():
    batches = tf.data.Dataset.from_tensor_slices({"image": POINTS, "size": SIZES, "kind": KINDS}).batch(8)
    gan().fit(batches, verbose=0)
    with pytest.raises(ValueError, match=r"Received also the keys \['weight'\], which nothing takes"):
        gan().fit(batches.map(lambda batch: {**batch, "weight": batch["size"]}), verbose=0)


def test_each_network_gets_its_conditions_by_name():
    made = gan()
    real, condition = made.unpack((POINTS, (KINDS, SIZES)))
    np.testing.assert_array_equal(condition["kind"], KINDS)
    np.testing.assert_array_equal(condition["size"], SIZES)
    minibatch = made.draw(real, condition, made.noise_seed("generator"))
    direct = made.discriminator([real, tf.constant(SIZES), tf.constant(KINDS)])  # in this network's order
    np.testing.assert_allclose(minibatch.real_scores, direct, atol=1e-6)


@pytest.mark.slow
def test_generate_and_export(tmp_path):
    made = gan()
    condition = {"kind": [0, 1, 2], "size": [[0.1], [0.2], [0.3]]}
    latents = RNG.normal(size=(3, 6)).astype("float32")
    made_of = made.generate(3, condition=condition, latents=latents)
    direct = made.ema_generator([latents, np.array([0, 1, 2]), np.float32([[0.1], [0.2], [0.3]])])
    np.testing.assert_allclose(made_of, direct, atol=1e-6)
    one_for_all = made.generate(3, condition={"kind": 1, "size": [0.2]}, latents=latents)
    np.testing.assert_allclose(one_for_all[1], made_of[1], atol=1e-6)
    made.export(tmp_path / "1")
    served = tf.saved_model.load(tmp_path / "1").signatures
    arguments = {"kind": tf.constant([0, 1, 2]), "size": tf.constant([[0.1], [0.2], [0.3]])}
    np.testing.assert_allclose(served["serve"](latents=tf.constant(latents), **arguments)["images"], made_of, atol=1e-6)
    drawn = {"batch_size": tf.constant(3), "seed": tf.constant([0, 5]), "truncation": tf.constant(-1.0)}
    sampled = served["sample"](**drawn, **arguments)["images"]
    np.testing.assert_allclose(sampled, made.generate(3, condition=condition, seed=5), atol=1e-6)


@pytest.mark.slow
def test_saved_and_loaded(tmp_path):
    made = gan()
    made.fit(POINTS, (KINDS, SIZES), verbose=0)
    made.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    condition = {"kind": 1, "size": [0.2]}
    np.testing.assert_array_equal(loaded.generate(4, condition=condition, seed=0), made.generate(4, condition=condition, seed=0))
    logs = [each.train_on_batch(POINTS, (KINDS, SIZES), return_dict=True) for each in (made, loaded)]
    assert logs[0] == logs[1]


def test_errors_say_the_names():
    made = gan()
    assert made.classes == {"kind": 3}
    with pytest.raises(
        ValueError, match=r"as a dict of \['kind', 'size'\], or a tuple in this order. Received: a dict of \['kind'\]"
    ):
        made.generate(2, condition={"kind": 1})
    with pytest.raises(ValueError, match="classes 0 to 2. Received: values from 3 to 3"):
        made.generate(2, condition={"kind": 3, "size": [0.2]})
    with pytest.raises(ValueError, match=r"Pass `condition`, a dict of \['kind', 'size'\]"):
        made.generate(2)
    with pytest.raises(ValueError, match="classes 0 to 2. Received: values from 0 to 7"):
        made.fit(POINTS, (np.where(KINDS == 2, 7, 0), SIZES), verbose=0)
    with pytest.raises(ValueError, match="Received a third element.*several conditions into one tuple or dict"):
        made.fit(tf.data.Dataset.from_tensor_slices((POINTS, KINDS, SIZES)).batch(8), verbose=0)
    with pytest.raises(ValueError, match="`classes` must be a dict of ints by these names. Received: classes=3"):
        keras_gans.GAN(network(6, 4), network(4, 1), classes=3)


def test_a_generator_of_images_is_not_taken_for_one_of_latents():
    for shape in ((8, 8, 4), (64, 1), (4, 4, 4, 1)):
        network = keras.Sequential([keras.Input(shape), layers.Dense(shape[-1])])
        critic = keras.Sequential([keras.Input(shape), layers.Flatten(), layers.Dense(1)])
        with pytest.raises(ValueError, match="takes data .*, which would be noise here"):
            keras_gans.GAN(network, critic)
    unet = keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(3, 3, padding="same")])
    critic = keras.Sequential([keras.Input((8, 8, 3)), layers.Flatten(), layers.Dense(1)])
    with pytest.raises(ValueError, match=r"takes images \(8, 8, 3\), which would be noise here.*call the input"):
        keras_gans.GAN(unet, critic)
    made = keras_gans.GAN(unet, critic, latents=(8, 8, 3))
    assert made.latents.shape == (8, 8, 3)


def test_both_players_sharing_a_layer_are_refused():
    embed = layers.Embedding(3, 4)

    def conditional(width, outputs):
        x, y = keras.Input((width,)), keras.Input((), dtype="int32")
        return keras.Model([x, y], layers.Dense(outputs)(layers.Concatenate()([x, embed(y)])))

    for embed.trainable in (True, False):  # a frozen one would not load
        with pytest.raises(ValueError, match="The discriminator and the generator share embedding.*layers of its own"):
            keras_gans.GAN(conditional(6, 4), conditional(4, 1))


SHARED = {
    "layer": lambda: layers.Conv2D(1, 3, padding="same"),
    "frozen layer": lambda: layers.Conv2D(1, 3, padding="same", trainable=False),
    "model": lambda: keras.Sequential([keras.Input(tiny.SHAPE), layers.Conv2D(1, 3, padding="same")]),
    "counter": lambda: keras_gans.layers.InstanceNoise(0.5),
}


@pytest.mark.parametrize("roles", [("generator", "backward_generator"), ("discriminator", "backward_discriminator")])
@pytest.mark.parametrize("kind", list(SHARED))
def test_two_networks_of_a_player_sharing_weights_are_refused(kind, roles):
    shared = SHARED[kind]()

    def network():
        x = keras.Input(tiny.SHAPE)
        return keras.Model(x, layers.Conv2D(1, 3, padding="same")(shared(x)))

    own = {role: tiny.translator() for role in ("generator", "backward_generator", "discriminator", "backward_discriminator")}
    with pytest.raises(ValueError, match=f"The {roles[0]} and the {roles[1]} share .*would not load. Give each network layers"):
        keras_gans.CycleGAN(**{**own, **{role: network() for role in roles}})


@pytest.mark.parametrize("cls", [keras_gans.AAE, keras_gans.VAE])
def test_an_encoder_and_a_generator_sharing_weights_are_refused(cls):
    shared = layers.Dense(8)
    z, x = keras.Input((4,), name="latents"), keras.Input(tiny.SHAPE, name="images")
    generator = keras.Model(z, layers.Reshape(tiny.SHAPE)(layers.Dense(64, "tanh")(shared(layers.Dense(8)(z)))))
    h = shared(layers.Dense(8)(layers.Flatten()(x)))
    encoder = keras.Model(x, {"mean": layers.Dense(4)(h), "log_scale": layers.Dense(4)(h)})
    arguments = {"likelihood": "gaussian"} if cls is keras_gans.VAE else {}
    with pytest.raises(ValueError, match="The (generator|encoder) and the (generator|encoder) share .*would not load"):
        cls(generator, encoder, **arguments)


@pytest.mark.slow
def test_what_networks_of_a_player_may_share(tmp_path):
    """Layers without weights, and one network in two roles: these load."""
    relu, discriminator = layers.ReLU(), tiny.discriminator()

    def network():
        x = keras.Input(tiny.SHAPE)
        return keras.Model(x, layers.Conv2D(1, 3, padding="same", activation="tanh")(relu(x)))

    made = keras_gans.CycleGAN(network(), network(), discriminator, discriminator)
    made.compile()
    made.save(tmp_path / "gan.keras")
    loaded = keras_gans.load_model(tmp_path / "gan.keras")
    assert loaded.discriminator is loaded.backward_discriminator
    images = tiny.images(2)
    np.testing.assert_allclose(loaded.translate(images), made.translate(images), atol=1e-6)


def test_a_layer_that_two_networks_of_a_player_share_moves_once():
    class Two(keras_gans.GAN):
        def networks(self, player):
            second = [self.second] if hasattr(self, "second") else []
            return [self.generator, *second] if player == "generator" else [self.discriminator]

    shared = layers.Dense(4, use_bias=False)
    made = Two(keras.Sequential([keras.Input((4,)), shared]), keras.Sequential([keras.Input((4,)), layers.Dense(1)]))
    made.second = keras.Sequential([keras.Input((4,)), shared])
    assert len(made.variables_of("generator")) == 1


def test_a_network_lives_in_one_place():
    class Holds(keras_gans.losses.AuxiliaryLoss):
        def __init__(self, network, **kwargs):
            super().__init__(**kwargs)
            self.networks = [network]

        def generator(self, minibatch):
            return self.networks[0](minibatch.fake)

    generator = keras.Sequential([keras.Input((4,)), layers.Dense(4)])
    discriminator = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
    made = keras_gans.GAN(generator, discriminator)
    with pytest.raises(ValueError, match="Holds holds .* which the players' networks hold too. A network lives in one place"):
        made.compile(auxiliary_losses=[Holds(discriminator)])


def one_condition(name, shape=()):
    def made(width, outputs):
        x, y = keras.Input((width,)), keras.Input(shape, dtype="int32", name=name)
        h = layers.Concatenate()([x, layers.Flatten()(layers.Embedding(3, 4)(y)) if shape else layers.Embedding(3, 4)(y)])
        return keras.Model([x, y], layers.Dense(outputs)(h))

    gan = keras_gans.GAN(made(6, 4), made(4, 1))
    gan.compile(**tiny.sgd(), run_eagerly=True)
    return gan


@pytest.mark.slow
def test_the_name_of_one_condition():
    made = one_condition("kind")
    made.fit(POINTS, {"kind": KINDS}, verbose=0)
    batches = tf.data.Dataset.from_tensor_slices({"image": POINTS, "kind": KINDS}).batch(8)
    made.fit(batches, verbose=0, validation_data=batches)
    with pytest.raises(ValueError, match="take the condition 'kind'. Received: a dict of 'angle'"):
        made.fit(POINTS, {"angle": KINDS}, verbose=0)


@pytest.mark.slow
def test_labels_for_an_input_of_one_column():
    made = one_condition("condition", shape=(1,))
    made.fit(POINTS, KINDS, verbose=0)
    latents = RNG.normal(size=(3, 6)).astype("float32")
    np.testing.assert_array_equal(
        made.generate(3, condition=[0, 1, 2], latents=latents), made.generate(3, condition=[[0], [1], [2]], latents=latents)
    )


@pytest.mark.slow
def test_predict_takes_several_conditions():
    made = gan(run_eagerly=False)
    latents = RNG.normal(size=(ROWS, 6)).astype("float32")
    expected = made.generate(ROWS, condition={"kind": KINDS, "size": SIZES}, latents=latents)
    for condition in ((KINDS, SIZES), {"size": SIZES, "kind": KINDS}, {"kind": KINDS[:, None], "size": SIZES[:, 0]}):
        np.testing.assert_allclose(made.predict((latents, condition), batch_size=5, verbose=0), expected, atol=1e-6)
        np.testing.assert_allclose(made.predict_on_batch((latents, condition)), expected, atol=1e-6)
        batches = tf.data.Dataset.from_tensor_slices((latents, condition)).batch(5)
        np.testing.assert_allclose(made.predict(batches, verbose=0), expected, atol=1e-6)
    with pytest.raises(ValueError, match=r"conditional. Expected latents and a condition, a dict of \['kind', 'size'\]"):
        made.predict(latents, verbose=0)
    with pytest.raises(ValueError, match="more than two. Put several conditions into one tuple or dict"):
        made.predict((latents, KINDS, SIZES), verbose=0)
    with pytest.raises(ValueError, match="more than two. Put several"):
        made.predict(tf.data.Dataset.from_tensor_slices((latents, KINDS, SIZES)).batch(5), verbose=0)
    with pytest.raises(ValueError, match=r"Received: a dict of \['latents', 'condition'\]"):
        made.predict({"latents": latents, "condition": KINDS}, verbose=0)
    with pytest.raises(ValueError, match="as a dict of .* Received: a dict of"):
        made.predict((latents, {"kind": KINDS}), verbose=0)


@pytest.mark.slow
@pytest.mark.parametrize("steps_per_execution", [1, 2])
def test_predict_checks_one_condition(steps_per_execution):
    made = one_condition("kind")
    made.compile(steps_per_execution=steps_per_execution)
    latents = RNG.normal(size=(ROWS, 6)).astype("float32")
    expected = made.generate(ROWS, condition=KINDS, latents=latents)
    for condition in (KINDS, KINDS[:, None], KINDS.astype("float32"), {"kind": KINDS}):
        np.testing.assert_allclose(made.predict((latents, condition), batch_size=4, verbose=0), expected, atol=1e-6)
    with pytest.raises(ValueError, match="The generator is conditional.*Received: latents alone"):
        made.predict(latents, verbose=0)
    late = np.where(np.arange(ROWS) == ROWS - 1, 7, KINDS)
    with pytest.raises(ValueError, match="must be classes 0 to 2. Received: values from"):
        made.predict((latents, late), batch_size=4, verbose=0)
    with pytest.raises(ValueError, match="must be whole numbers"):
        made.predict((latents, np.full(ROWS, 0.5)), verbose=0)
    with pytest.raises(ValueError, match="does not have the shape that the networks take"):
        made.predict((latents, np.eye(3, dtype=int)[KINDS]), verbose=0)
    with pytest.raises(ValueError, match=r"shape \(batch, 6\). Received: \(16, 4\)"):
        made.predict((POINTS, KINDS), verbose=0)


@pytest.mark.slow
def test_labels_that_the_discriminator_alone_is_told_are_classes():
    named = {name: keras.Input((), dtype="int32", name=name) for name in ("kind", "color")}
    x = keras.Input((4,), name="images")
    told = layers.Concatenate()([x, layers.Embedding(3, 2)(named["kind"]), layers.Embedding(2, 2)(named["color"])])
    discriminator = keras.Model([x, *named.values()], layers.Dense(1)(told))
    z, kind = keras.Input((6,), name="latents"), keras.Input((), dtype="int32", name="kind")

    def generator(kinds):
        return keras.Model([z, kind], layers.Dense(4)(layers.Concatenate()([z, layers.Embedding(kinds, 2)(kind)])))

    made = keras_gans.GAN(generator(3), discriminator)
    made.compile(run_eagerly=True)
    assert (made.classes, made.data_classes) == (3, {"kind": 3, "color": 2})
    made.train_on_batch(POINTS, {"kind": KINDS, "color": KINDS % 2})
    with pytest.raises(ValueError, match="classes 0 to 1"):
        made.train_on_batch(POINTS, {"kind": KINDS, "color": KINDS % 2 + 1})
    assert made.generate(2, condition=2).shape == (2, 4)
    spare = keras_gans.GAN(generator(5), discriminator)  # its last two rows are of no class
    assert (spare.classes, spare.data_classes) == (5, {"kind": 3, "color": 2})


def test_classes_are_the_discriminators_where_the_generator_has_no_table():
    z, y = keras.Input((6,), name="latents"), keras.Input((1,), dtype="int32", name="label")
    generator = keras.Model([z, y], layers.Dense(4)(layers.Concatenate()([z, layers.Rescaling(0.1)(y)])))
    x, kind = keras.Input((4,), name="images"), keras.Input((), dtype="int32", name="kind")
    judge = keras.Model([x, kind], layers.Dense(1)(layers.Concatenate()([x, layers.Embedding(3, 2)(kind)])))
    made = keras_gans.GAN(generator, judge)
    assert (made.classes, made.data_classes) == (3, 3)
    with pytest.raises(ValueError, match="classes 0 to 2"):
        made.generate(1, condition=3)


NOISE = np.zeros((ROWS, 6), "float32")


@pytest.mark.parametrize("graph", [False, True])
def test_a_call_takes_conditions_as_predict_does(graph):
    made = gan()
    call = tf.function(made) if graph else made
    expected = made.predict((NOISE, {"size": SIZES, "kind": KINDS}), verbose=0)
    for condition in ((KINDS, SIZES), {"size": SIZES, "kind": KINDS}, (KINDS[:, None], SIZES)):
        np.testing.assert_allclose(call((tf.constant(NOISE), condition)), expected, atol=1e-6)


@pytest.mark.parametrize("graph", [False, True])
def test_a_call_checks_conditions(graph):
    one = keras_gans.GAN(tiny.generator(tiny.CLASSES), tiny.discriminator(tiny.CLASSES))
    z, several = tf.constant(NOISE[:2]), gan()
    wrap = tf.function if graph else lambda call: call
    with pytest.raises(ValueError, match=r"conditional. .*Received: latents alone. Pass both: gan\(\(latents, condition\)\)"):
        wrap(lambda: one(z))()
    with pytest.raises(ValueError, match=r"a dict of \['kind', 'size'\], for each. Received: latents alone"):
        wrap(lambda: several(z))()
    with pytest.raises(ValueError, match=r"Received: a dict of \['kind'\]"):
        wrap(lambda: several((z, {"kind": tf.constant([0, 1])})))()
    with pytest.raises(ValueError, match="more than two"):
        wrap(lambda: several((z, tf.constant([0, 1]), tf.constant([[0.0], [1.0]]))))()
    with pytest.raises((ValueError, tf.errors.InvalidArgumentError), match="must be whole numbers"):
        wrap(lambda: one((z, tf.constant([0.7, 1.2]))))()
    with pytest.raises(ValueError, match="does not have the shape"):
        wrap(lambda: one((z, tf.constant([[0, 1], [1, 0]]))))()
    with pytest.raises((ValueError, tf.errors.InvalidArgumentError), match="must be classes 0 to 2. Received:"):
        wrap(lambda: one((z, tf.constant([0, 7]))))()
    assert wrap(lambda: one((z, tf.constant([0, 1]))))().shape == (2, *tiny.SHAPE)


def test_a_condition_that_stands_before_the_latents():
    text, rand = (keras.Input((6,), name=name) for name in ("text", "rand"))
    x = keras.layers.Dense(64)(keras.layers.Concatenate()([text, rand]))
    generator = keras.Model([text, rand], keras.layers.Reshape(tiny.SHAPE)(x))
    images, told = keras.Input(tiny.SHAPE, name="images"), keras.Input((6,), name="text")
    scores = keras.layers.Dense(1)(keras.layers.Concatenate()([keras.layers.Flatten()(images), told]))
    with pytest.raises(ValueError, match="takes 'text', its first input, for its latents"):
        keras_gans.GAN(generator, keras.Model([images, told], scores))
