"""Bad input gets a clear error: what was expected, what was received, what to do."""

import functools

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gans
from keras_gans import penalties
from keras_gans.utils import copies
from tests import tiny


def compiled(classes=None, **arguments):
    gan = keras_gans.GAN(tiny.generator(classes), tiny.discriminator(classes))
    gan.compile(**arguments)
    return gan


@pytest.mark.parametrize("as_dataset", [False, True])
@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.zeros((16, 8, 8, 1), "uint8"), "uint8.*x / 127.5 - 1"),
        (np.full((16, 8, 8, 1), 200.0, "float32"), r"must be in \[-1, 1\].*200"),
        (np.zeros((16, 9, 9, 1), "float32"), r"Expected: \(batch, 8, 8, 1\).*Received: \(8, 9, 9, 1\)"),
        (np.zeros((16, 8, 8), "float32"), "do not have the shape"),
        (np.zeros((16, 1, 8, 8), "float32"), r"do not have the shape.*The channels come first.*np.moveaxis\(x, 1, -1\)"),
        (np.zeros((16, 8, 8, 3), "float32"), "do not have the shape"),
    ],
)
def test_images(images, message, as_dataset):
    gan = compiled()
    before = tiny.weights(gan)
    source = tf.data.Dataset.from_tensor_slices(images).batch(8) if as_dataset else images
    with pytest.raises(ValueError, match=message):
        gan.fit(source, **({} if as_dataset else {"batch_size": 8}), verbose=0)
    np.testing.assert_array_equal(tiny.weights(gan), before)


def test_the_remedy_fits_a_generator_of_zero_to_one():
    generator = keras.Sequential([keras.Input((tiny.LATENTS,), name="latents"), keras.layers.Dense(64, "sigmoid")])
    generator = keras.Sequential([generator, keras.layers.Reshape(tiny.SHAPE)])
    gan = keras_gans.GAN(generator, tiny.discriminator())
    gan.compile()
    for images in (np.full((4, 8, 8, 1), 200, "uint8"), np.full((4, 8, 8, 1), 200.0, "float32")):
        with pytest.raises(ValueError, match=r"in \[0, 1\]. Received: .* Scale them: x / 255"):
            gan.train_on_batch(images)


def test_train_on_batch_and_several_steps_check_too():
    gan = compiled(discriminator_steps=2)
    with pytest.raises(ValueError, match="uint8"):
        gan.train_on_batch(np.zeros((16, 8, 8, 1), "uint8"))
    with pytest.raises(ValueError, match="uint8"):
        gan.fit(np.zeros((16, 8, 8, 1), "uint8"), batch_size=4, verbose=0)


@pytest.mark.slow
def test_images_in_zero_to_one_against_a_tanh_get_a_warning():
    gan = compiled(run_eagerly=True)
    with pytest.warns(UserWarning, match=r"2 \* x - 1"):
        gan.fit(np.abs(tiny.images()), verbose=0)
    gan.fit(tiny.images(), verbose=0)  # none


@pytest.mark.parametrize("loss", ["non_saturating", "minimax", "hinge", "wasserstein", "relativistic"])
def test_a_sigmoid_before_a_loss_on_raw_scores(loss):
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator(activation="sigmoid"))
    with pytest.raises(ValueError, match="ends in a sigmoid.*Remove the activation"):
        gan.compile(loss=loss)


def test_a_sigmoid_layer_is_seen_too():
    d = keras.Sequential([keras.Input(tiny.SHAPE), tiny.discriminator(), keras.layers.Activation("sigmoid")])
    with pytest.raises(ValueError, match="ends in a sigmoid"):
        keras_gans.GAN(tiny.generator(), d).compile()


@pytest.mark.slow
def test_a_sigmoid_where_it_is_wanted():
    class Probabilities(keras_gans.losses.AdversarialLoss):
        logits = False

        def discriminator(self, real, fake):
            return -tf.math.log(real) - tf.math.log(1 - fake)

        def generator(self, real, fake):
            return -tf.math.log(fake)

    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator(activation="sigmoid"))
    for loss in (Probabilities(), "least_squares"):
        gan.compile(loss=loss)
        logs = gan.train_on_batch(tiny.images(), return_dict=True)
        assert 0 < logs["real_score"] < 1
        assert np.isfinite(list(logs.values())).all()


@pytest.mark.parametrize(
    "penalty", [penalties.GradientPenalty(), penalties.DRAGAN(), penalties.R1(), penalties.R2()], ids=lambda p: p.name
)
def test_batch_normalization_under_a_gradient_penalty(penalty):
    discriminator = tiny.discriminator(norm=keras.layers.BatchNormalization(name="batch_norm"))
    nested = keras.Sequential([keras.Input(tiny.SHAPE), discriminator])
    for network in (discriminator, nested):
        with pytest.raises(ValueError, match="batch_norm.*LayerNormalization"):
            keras_gans.GAN(tiny.generator(), network).compile(penalties=[penalty])
    keras_gans.GAN(tiny.generator(), tiny.discriminator(norm=keras.layers.LayerNormalization())).compile(penalties=[penalty])


def test_labels_missing():
    with pytest.raises(ValueError, match="conditional, but the data have no labels"):
        compiled(tiny.CLASSES).fit(tiny.images(), verbose=0)


@pytest.mark.parametrize("label", [-1, tiny.CLASSES])
def test_labels_outside_the_classes(label):
    gan = compiled(tiny.CLASSES)
    assert gan.classes == tiny.CLASSES  # from the table that the condition feeds
    with pytest.raises(ValueError, match="classes 0 to 2.*Received: values from"):
        gan.fit(tiny.images(), np.full(16, label), verbose=0)
    with pytest.raises(ValueError, match="classes 0 to 2"):
        gan.generate(2, condition=[label])


@pytest.mark.slow
def test_the_classes_of_a_one_hot_layer_and_of_nothing():
    assert keras_gans.ConditionalGAN(classes=7).classes == 7
    assert (
        keras_gans.GAN(keras_gans.networks.mlp.generator(classes=4), keras_gans.networks.mlp.discriminator(classes=4)).classes
        == 4
    )
    assert compiled().classes is None


def test_classes_of_a_condition_that_has_none():
    generator, discriminator = tiny.weighted_generator(4), tiny.weighted_discriminator(4)
    with pytest.raises(
        ValueError, match=r"`classes=7`.*a condition of 7 floats.*the condition 'condition', floats \('batch', 4\)"
    ):
        keras_gans.GAN(generator, discriminator, classes=7)
    assert keras_gans.GAN(generator, discriminator).classes is None
    assert keras_gans.GAN(generator, discriminator, classes=4).classes == 4


def test_a_condition_of_another_shape():
    with pytest.raises(ValueError, match="condition does not have the shape"):
        compiled(tiny.CLASSES).fit(tiny.images(), np.zeros((16, 3), "int32"), verbose=0)


def test_a_dict_without_images():
    with pytest.raises(ValueError, match='Expected a dict with "image".*pixels'):
        compiled().fit({"pixels": tiny.images()}, verbose=0)


def test_networks():
    with pytest.raises(ValueError, match="must be a keras.Model"):
        keras_gans.GAN(lambda z: z, tiny.discriminator())
    with pytest.raises(ValueError, match="Start it with keras.Input"):
        keras_gans.GAN(keras.Sequential([keras.layers.Dense(2)]), tiny.discriminator())
    with pytest.raises(ValueError, match=r"differ in shape: \(8, 8, 1\) and \(4, 4, 1\)"):
        keras_gans.GAN(tiny.generator(), tiny.discriminator(shape=(4, 4, 1)))
    with pytest.raises(ValueError, match=r"takes latents of shape \(6,\)"):
        keras_gans.GAN(tiny.generator(), tiny.discriminator(), latents=7)
    bits, attributes = keras.Input((5,), dtype="int32", name="bits"), keras.Input((3,), name="attributes")
    joined = keras.layers.Concatenate()([keras.ops.cast(bits, "float32"), attributes])
    generator = keras.Model([bits, attributes], keras.layers.Reshape(tiny.SHAPE)(keras.layers.Dense(64, "tanh")(joined)))
    hint = r"shape \(5,\). Its input 'attributes' is taken for the latents, and 'bits' for a condition.*call that input .latents"
    with pytest.raises(ValueError, match=hint):
        keras_gans.GAN(generator, tiny.discriminator(), latents=5)


def judge_of_channels_first(outputs=1):
    """A network with a layer that takes channels first, two models deep."""
    turned = keras.layers.Conv2D(4, 3, padding="same", data_format="channels_first", name="turned")
    inside = keras.Sequential([keras.Input(tiny.SHAPE), keras.Sequential([turned])])
    return keras.Sequential([keras.Input(tiny.SHAPE), inside, keras.layers.Flatten(), keras.layers.Dense(outputs)])


def test_layers_that_take_channels_first():
    message = r"layers of the {} take channels first.*Received: \['turned'\], 1 in all.*\"channels_last\".*Permute"
    judge = judge_of_channels_first()
    with pytest.raises(ValueError, match=message.format("discriminator")):
        keras_gans.GAN(tiny.generator(), judge)
    with pytest.raises(ValueError, match=message.format("backward_discriminator")):
        keras_gans.CycleGAN(tiny.translator(), tiny.translator(), tiny.discriminator(), judge)
    up = keras.layers.UpSampling2D(2, data_format="channels_first", name="turned")
    makes = keras.Sequential([keras.Input((6,)), keras.layers.Dense(16), keras.layers.Reshape((1, 4, 4)), up])
    with pytest.raises(ValueError, match=message.format("generator")):
        keras_gans.GAN(makes, tiny.discriminator(shape=(1, 8, 8)))
    for cls in (keras_gans.VAE, keras_gans.AAE):
        with pytest.raises(ValueError, match=message.format("encoder")):
            cls(tiny.generator(), judge_of_channels_first(tiny.LATENTS))


def test_layers_that_take_channels_first_of_what_is_not_channels_last():
    flat = keras.layers.Flatten(data_format="channels_first")
    gans = [keras_gans.GAN(tiny.generator(), keras.Sequential([keras.Input(tiny.SHAPE), flat, keras.layers.Dense(1)]))]
    for turn in (keras.layers.Permute((3, 1, 2)), None):
        x = images = keras.Input(tiny.SHAPE)
        x = turn(x) if turn else keras.ops.transpose(x, (0, 3, 1, 2))
        x = keras.layers.Flatten()(keras.layers.Conv2D(2, 3, data_format="channels_first")(x))
        gans.append(keras_gans.GAN(tiny.generator(), keras.Model(images, keras.layers.Dense(1)(x))))
    # Sequences of points have no channels of images.
    conv = keras.layers.Conv1D(2, 3, data_format="channels_first")
    judge = keras.Sequential([keras.Input((2, 8)), conv, keras.layers.Flatten(), keras.layers.Dense(1)])
    gans.append(keras_gans.GAN(tiny.generator(shape=(2, 8)), judge))
    assert [gan.built for gan in gans] == 4 * [True]
    assert [gan.generate(2).shape[1:] for gan in gans] == [*3 * [tiny.SHAPE], (2, 8)]


def test_scores_that_do_not_match():
    """A data flow of one's own, that draws fewer examples than it was given."""

    class Halved(keras_gans.GAN):
        def draw(self, real, condition, seed, training=True):
            minibatch = super().draw(real[:4], condition, seed, training)
            minibatch.real = real
            return minibatch

    gan = Halved(tiny.generator(), tiny.discriminator())
    gan.compile(run_eagerly=True)
    with pytest.raises(ValueError, match="Real and fake scores must have the same shape"):
        gan.train_on_batch(tiny.images())


def test_a_variable_that_the_objective_does_not_depend_on():
    class Unused(keras.layers.Layer):
        def build(self, input_shape):
            self.idle = self.add_weight(shape=(1,), name="idle")

        def call(self, inputs):
            return inputs

    x = keras.Input(tiny.SHAPE)
    discriminator = keras.Model(x, keras.layers.Dense(1)(keras.layers.Flatten()(Unused()(x))))
    gan = keras_gans.GAN(tiny.generator(), discriminator)
    gan.compile()
    with pytest.raises(ValueError, match="discriminator's objective does not depend on .*idle"):
        gan.train_on_batch(tiny.images())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"batch_size": 0}, "`batch_size` must be"),
        ({"batch_size": 2, "condition": [0]}, "takes no condition"),
        ({"batch_size": 2, "latents": np.zeros((3, 6))}, r"must have shape \(2, 6\)"),
        ({"batch_size": 2, "latents": np.zeros((2, 6)), "seed": 1}, "nothing to draw"),
        ({"batch_size": 2, "truncation": -1.0}, "`truncation` must be >= 0"),
        ({"batch_size": 2, "seed": (1, 2, 3)}, "pair of ints"),
        ({"batch_size": 2, "seed": 2**31}, "fit in 32 bits"),
        ({"batch_size": 2, "seed": 1.5}, "pair of ints"),
        ({"batch_size": 2, "seed": (0, 1.5)}, "pair of ints"),
    ],
)
def test_generate(arguments, message):
    with pytest.raises(ValueError, match=message):
        compiled().generate(**arguments)


@pytest.mark.parametrize(
    ("condition", "message"), [(None, "conditional. Pass `condition`.*classes 0 to 2"), ([0, 1, 2], "length 1 or 2")]
)
def test_generate_conditional(condition, message):
    with pytest.raises(ValueError, match=message):
        compiled(tiny.CLASSES).generate(2, condition=condition)


@pytest.mark.parametrize("arguments", [{"decay": 1.5}, {"decay": "0.9"}, {"decay": 0.9, "start": -1}])
def test_ema(arguments):
    with pytest.raises(ValueError, match="must be"):
        keras_gans.EMA(**arguments)


def test_what_is_no_average():
    with pytest.raises(ValueError, match="`ema` must be a decay, .*Received: ema='published'"):
        keras_gans.GAN(tiny.generator(), tiny.discriminator(), ema="published")


def test_clip():
    with pytest.raises(ValueError, match="`bound` must be positive"):
        keras_gans.constraints.Clip(0)


@pytest.mark.slow
def test_data_of_an_evaluation_are_checked_too():
    gan = compiled()
    bad = np.full((16, 8, 8, 1), 200.0, "float32")
    for evaluate in (
        lambda: gan.evaluate(bad, verbose=0),
        lambda: gan.test_on_batch(bad),
        lambda: gan.fit(tiny.images(), validation_data=bad, verbose=0),
        lambda: gan.evaluate(tf.data.Dataset.from_tensor_slices(bad).batch(8), verbose=0),
    ):
        with pytest.raises(ValueError, match=r"must be in \[-1, 1\]"):
            evaluate()
    conditional = compiled(tiny.CLASSES)
    with pytest.raises(ValueError, match="no labels"):
        conditional.evaluate(tiny.images(), verbose=0)
    with pytest.raises(ValueError, match="classes 0 to 2"):
        conditional.evaluate(tiny.images(), np.full(16, 3), verbose=0)


@pytest.mark.parametrize("classes", [[0.5], [np.nan]])
def test_labels_that_are_no_whole_numbers(classes):
    with pytest.raises(ValueError, match="whole numbers"):
        compiled(tiny.CLASSES).generate(2, condition=classes)


def test_float_labels_of_whole_numbers_are_classes():
    gan = compiled(tiny.CLASSES)
    with pytest.raises(ValueError, match="classes 0 to 2"):
        gan.fit(tiny.images(), np.full(16, 12.0), verbose=0)
    np.testing.assert_array_equal(gan.generate(2, condition=[1.0], seed=0), gan.generate(2, condition=[1], seed=0))


def functional_sigmoid():
    x = keras.Input(tiny.SHAPE)
    return keras.Model(x, keras.ops.sigmoid(keras.layers.Dense(1)(keras.layers.Flatten()(x))))


def sigmoid_head():
    x = keras.Input(tiny.SHAPE)
    h = keras.layers.Dense(4)(keras.layers.Flatten()(x))
    return keras.Model(x, {"scores": keras.layers.Dense(1, "sigmoid")(h), "features": keras.layers.Dense(2)(h)})


@pytest.mark.parametrize("network", [functional_sigmoid, sigmoid_head])
def test_a_sigmoid_however_it_is_made(network):
    with pytest.raises(ValueError, match="ends in a sigmoid"):
        keras_gans.GAN(tiny.generator(), network()).compile()


def test_a_head_with_a_sigmoid_that_is_not_the_scores():
    x = keras.Input(tiny.SHAPE)
    h = keras.layers.Flatten()(x)
    outputs = {"scores": keras.layers.Dense(1)(h), "probability": keras.layers.Dense(1, "sigmoid")(h)}
    gan = keras_gans.GAN(tiny.generator(), keras.Model(x, outputs))
    gan.compile()
    assert gan.compiled


class Block(keras.layers.Layer):
    """A layer of layers."""

    def __init__(self, trainable_norm=True):
        super().__init__()
        self.norm = keras.layers.BatchNormalization(trainable=trainable_norm, name="hidden_norm")

    def build(self, input_shape):
        self.norm.build(input_shape)

    def call(self, inputs, training=False):
        return self.norm(inputs, training=training)


def test_batch_normalization_inside_a_layer():
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator(norm=Block()))
    with pytest.raises(ValueError, match="hidden_norm"):
        gan.compile(penalties=[penalties.R1()])
    frozen = keras_gans.GAN(tiny.generator(), tiny.discriminator(norm=Block(trainable_norm=False)))
    frozen.compile(penalties=[penalties.R1()])  # it runs in inference mode
    assert list(frozen.penalties) == ["r1"]


@pytest.mark.parametrize("name", ["loss", "adversarial", "regularization"])
def test_names_that_are_taken(name):
    with pytest.raises(ValueError, match="cannot be called"):
        compiled(penalties=[penalties.R1(name=name)])


def test_outputs_of_the_networks():
    x = keras.Input(tiny.SHAPE)
    h = keras.layers.Flatten()(x)
    two = [keras.layers.Dense(1)(h), keras.layers.Dense(1)(h)]
    with pytest.raises(ValueError, match="Received: 2 outputs"):
        keras_gans.GAN(tiny.generator(), keras.Model(x, two))
    with pytest.raises(ValueError, match=r'key "scores".*Received: \[\'logits\'\]'):
        keras_gans.GAN(tiny.generator(), keras.Model(x, {"logits": two[0]}))


def test_a_prior_of_ones_own_has_no_truncation():
    class Ones(keras_gans.latents.Latents):
        def sample(self, batch_size, seed, truncation=None):
            return tf.ones((batch_size, *self.shape))

    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator(), latents=Ones(tiny.LATENTS))
    with pytest.raises(ValueError, match="no truncation"):
        gan.generate(2, truncation=0.5)


@pytest.mark.slow
def test_a_rescaled_sigmoid_gets_the_warning_of_the_tanh():
    gan = keras_gans.GAN(keras_gans.networks.mlp.generator(), keras_gans.networks.mlp.discriminator())
    gan.compile()
    with pytest.warns(UserWarning, match="rescaling after sigmoid"):
        gan.train_on_batch(np.random.default_rng(0).uniform(0, 1, (4, 28, 28, 1)).astype("float32"))


def test_a_gan_without_networks_says_so(capsys):
    gan = keras_gans.GAN()
    with pytest.raises(ValueError, match="no generator yet"):
        gan.generate(2)
    gan.summary()
    assert "No networks yet" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["gan.h5", "gan.weights.h5", "gan.hdf5"])
def test_saving_in_another_format(name, tmp_path):
    with pytest.raises(ValueError, match="saved as a `.keras` file.*save_weights_only"):
        compiled().save(tmp_path / name)
    assert not (tmp_path / name).exists()


@pytest.mark.slow
def test_slips_of_beginners():
    with pytest.raises(ValueError, match=r"fit\(data, condition\)"):
        compiled(tiny.CLASSES).fit((tiny.images(), tiny.images()), verbose=0)
    with pytest.raises(ValueError, match=r"not in batches.*dataset.batch\(64\)"):
        compiled().fit(tf.data.Dataset.from_tensor_slices(tiny.images()), verbose=0)
    with pytest.raises(ValueError, match=r"Pass keras.optimizers.Adam\(0.0001\)"):
        compiled(generator_optimizer=1e-4)
    with pytest.raises(ValueError, match="one-hot"):
        compiled(tiny.CLASSES).generate(2, condition=np.eye(3)[:2].astype("int32"))
    with pytest.raises(ValueError, match="ends in a softmax"):
        keras_gans.GAN(tiny.generator(), tiny.discriminator(activation="softmax")).compile()
    with pytest.raises(ValueError, match="image_shape=28"):
        keras_gans.DCGAN(image_shape=28)


@pytest.mark.parametrize("name", ["DCGAN", "LSGAN", "WGAN", "WGANGP", "ConditionalGAN"])
def test_a_shape_in_place_of_a_network(name):
    for role in ("generator", "discriminator"):
        with pytest.raises(ValueError, match=rf"`{role}` must be a keras.Model. Received: \(28, 28, 1\)"):
            getattr(keras_gans, name)(**{role: (28, 28, 1)})


@pytest.mark.parametrize(
    ("metrics", "message"),
    [
        ("fid", r"such as keras_gans.metrics.FID\(extractor\). Received: 'fid'"),
        ([keras_gans.metrics.FID], r"Make an object of the class: FID\(...\)"),
        (5, "`metrics` must be a list of metrics. Received: metrics=5"),
        (["accuracy"], "Accuracy compares pairs"),
        (["mse"], "MeanSquaredError compares pairs"),
        ([keras.metrics.MeanSquaredError()], "MeanSquaredError compares pairs"),
        ([keras_gans.metrics.MSSSIM(), keras_gans.metrics.MSSSIM()], r"must have different names: .*\['ms_ssim', 'ms_ssim'\]"),
        ([tiny.Gap("g_loss")], "A metric cannot be called 'g_loss', as another log is"),
    ],
)
def test_what_is_not_a_metric_here(metrics, message):
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    gan.compile(metrics=tiny.Gap())  # one alone is a list of one
    optimizer = gan.generator_optimizer
    if "g_loss" not in message:  # which logs there are is known late
        with pytest.raises(ValueError, match=message):
            gan.compile(metrics=metrics)
        assert gan.generator_optimizer is optimizer
    with pytest.raises(ValueError, match=message):
        gan.compile_metrics(metrics)
    assert [metric.name for metric in gan.metrics][-1] == "gap"


def test_a_metric_may_be_its_class():
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    gan.compile(metrics=[keras_gans.metrics.MSSSIM])
    assert [metric.name for metric in gan.metrics][-1] == "ms_ssim"


def test_metrics_of_keras_are_of_pairs():
    gan = tiny.pix2pix()
    gan.compile(metrics=["mse"])
    assert [metric.name for metric in gan.metrics][-1] == "mean_squared_error"


@pytest.mark.parametrize("model", ["gan", "vae"])
@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("kernel_regularizer", keras.regularizers.L2(1.0)),
        ("bias_regularizer", "l1"),
        ("kernel_constraint", keras_gans.constraints.Clip(0.1)),
    ],
)
def test_what_is_set_on_a_layer_that_is_built_does_nothing(model, attribute, value):
    network, kind = tiny.generator(), attribute.rpartition("_")[2]
    if model == "gan":
        made = keras_gans.GAN(network, tiny.discriminator())
    else:
        x = images = keras.Input(tiny.SHAPE)
        heads = {name: layers.Dense(tiny.LATENTS, name=name)(layers.Flatten()(x)) for name in ("mean", "log_scale")}
        made = keras_gans.VAE(network, keras.Model(images, heads), "gaussian")
    layer = network.layers[1]
    setattr(layer, attribute, getattr(keras, f"{kind}s").get(value))
    with pytest.warns(UserWarning, match=f"has a {kind} that is not its weight's: {layer.name}.{attribute}, 1 in all") as found:
        made.compile()
    assert found[0].filename == __file__
    setattr(getattr(layer, attribute.split("_")[0]), kind, getattr(layer, attribute))
    made.compile()


def test_regularizers_and_constraints_of_copies_and_of_variables_alone():
    generator = tiny.generator()
    generator.layers[1].kernel.constraint = keras.constraints.NonNeg()
    discriminator = copies.clone(tiny.discriminator(kernel_regularizer="l2", kernel_constraint="non_neg"))
    keras_gans.GAN(generator, discriminator).compile()


def test_a_term_without_a_half():
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    with pytest.raises(ValueError, match="Watch changes nothing: it has no half for either player"):
        gan.compile(penalties=[type("Watch", (penalties.Penalty,), {})()])


@pytest.mark.parametrize(
    ("base", "attributes", "message"),
    [
        (penalties.Penalty, {"discriminators": lambda self, minibatch: 0.0}, "Expected: `discriminator`"),
        (penalties.Penalty, {"input_gradient": True}, "`input_gradient`, which means nothing. Expected: `input_gradients`"),
        (penalties.Penalty, {"heads": "features"}, "`heads` of Mine must be of type tuple or list"),
        (keras_gans.losses.AuxiliaryLoss, {"after_steps": lambda self, player, minibatch: None}, "Expected: `after_step`"),
        (keras_gans.losses.AuxiliaryLoss, {"generator": 1.0}, "`generator` of Mine must be a method"),
        (keras_gans.losses.AdversarialLoss, {"logit": False}, "Expected: `logits`"),
        (keras_gans.losses.AdversarialLoss, {"threshold": "none"}, "must be of type float or None"),
        (keras_gans.replay.Replay, {"chose": lambda self, count, size, seed: None}, "Expected: `choose`"),
        (keras_gans.GAN, {"update_rule": ("alternating",)}, "Expected: `update_rules`"),
        (keras_gans.GAN, {"recipes": lambda self: {}}, "Expected: `recipe`"),
        (keras_gans.GAN, {"lazy_terms": "yes"}, "must be of type bool"),
    ],
)
def test_declarations_that_nothing_reads(base, attributes, message):
    with pytest.raises(ValueError, match=message):
        type("Mine", (base,), attributes)


@pytest.mark.parametrize(
    ("base", "attributes"),
    [
        (keras_gans.GAN, {"recipe": classmethod(lambda cls: {})}),
        (keras_gans.GAN, {"unpaired": True, "game": "chess"}),
        (penalties.Penalty, {"generator": functools.partialmethod(lambda self, minibatch, weight: weight, weight=1.0)}),
        (
            penalties.Penalty,
            {"discriminator": lambda self, minibatch: 0.0, "discriminators": (), "discriminate": lambda self: 0.0},
        ),
        (keras_gans.losses.AdversarialLoss, {"threshold": np.float32(0.5)}),
        (keras_gans.balance.Balance, {"monitor": ("d_loss",), "monitored": ()}),
    ],
)
def test_other_names_and_other_ways_to_declare_are_fine(base, attributes):
    type("Mine", (base,), attributes)


@pytest.mark.parametrize(
    ("recipe", "message"),
    [
        (lambda own: {**own, "penaltys": []}, "Received also: 'penaltys'. Did you mean 'penalties'"),
        (lambda own: {**own, "metrics": []}, "Received also: 'metrics'"),
        (lambda own: {"penalties": []}, r"lacks \['auxiliary_losses', 'discriminator_optimizer'"),
        (lambda own: None, "must return a dict"),
    ],
)
def test_the_keys_of_a_recipe(recipe, message):
    class Mine(keras_gans.GAN):
        def recipe(self):
            return recipe(super().recipe())

    gan = Mine(tiny.generator(), tiny.discriminator())
    with pytest.raises(ValueError, match=message):
        gan.compile()


def test_extra_terms_are_of_players():
    Mine = type("Mine", (keras_gans.GAN,), {"extra_terms": {"generators": ("consensus",)}})
    with pytest.raises(ValueError, match="Received also: .'generators'"):
        Mine(tiny.generator(), tiny.discriminator()).compile()
