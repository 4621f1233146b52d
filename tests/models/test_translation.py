"""The systems that translate images: their recipes as published, and the facts that a right implementation has."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gans
from keras_gans import losses
from keras_gans import penalties
from keras_gans import replay
from tests import tiny
from tests.conformance import stand_ins

LN2 = np.log(2)


def constant(value, with_source=False, size=(2, 2)):
    """A discriminator that gives every patch one score."""
    images = keras.Input(tiny.SHAPE, name="images")
    inputs = [images, keras.Input(tiny.SHAPE, name="source")] if with_source else images
    x = layers.Conv2D(1, 4, 4, kernel_initializer="zeros", bias_initializer=keras.initializers.Constant(value))(images)
    if with_source:
        x = layers.Add()([x, layers.Conv2D(1, 4, 4, kernel_initializer="zeros", use_bias=False)(inputs[1])])
    return keras.Model(inputs, x)


def unchanged():
    """A generator that gives back its source: one kernel of 1."""
    source = keras.Input(tiny.SHAPE, name="source")
    return keras.Model(source, layers.Conv2D(1, 1, kernel_initializer="ones")(source))


def terms_of(gan, *batch):
    """Each player's terms on a batch, in evaluation."""
    real, condition = gan.unpack(batch)
    minibatch, terms = gan.joint_objectives(real, condition, gan.noise_seed("evaluation"), training=False)
    return minibatch, {player: {name: float(value) for name, value in values.items()} for player, values in terms.items()}


def rates(gan):
    return [float(optimizer.learning_rate) for optimizer in gan.optimizers.values()]


SOURCE, TARGET = tiny.images(4, seed=1), tiny.images(4)


# pix2pix


def pix2pix(judge=None, **arguments):
    gan = keras_gans.Pix2Pix(dropping(), judge or constant(0.0, with_source=True), **arguments)
    gan.compile()
    return gan


def dropping():
    """A generator with dropout and batch normalization."""
    source = keras.Input(tiny.SHAPE, name="source")
    x = layers.Dropout(0.5)(layers.BatchNormalization()(layers.Conv2D(4, 3, padding="same")(source)))
    return keras.Model(source, layers.Conv2D(1, 3, padding="same", activation="tanh")(x))


@pytest.mark.slow
def test_pix2pix_as_published():
    gan = pix2pix()
    assert rates(gan) == pytest.approx([2e-4, 2e-4])
    assert gan.update_rule == "alternating"
    assert gan.terms["reconstruction"].weight == 100.0
    minibatch, terms = terms_of(gan, SOURCE, TARGET)
    assert terms["discriminator"]["adversarial"] == pytest.approx(LN2)  # halved: else 2 ln 2
    assert terms["generator"]["adversarial"] == pytest.approx(LN2)
    expected = 100 * np.abs(TARGET - minibatch.fake.numpy()).mean()
    assert terms["generator"]["reconstruction"] == pytest.approx(expected, rel=1e-5)
    default = keras_gans.Pix2Pix(image_shape=(32, 32, 3), source_channels=1)
    assert (default.generator.input_shape, default.discriminator.input_shape[1]) == ((None, 32, 32, 1), (None, 32, 32, 1))


@pytest.mark.slow
def test_pix2pix_draws_by_dropout_from_the_seed_one_image_at_a_time():
    gan = pix2pix()
    first, again, other = (gan.translate(SOURCE, seed=seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    before = [value.numpy() for value in gan.generator.variables]
    np.testing.assert_allclose(gan.translate(SOURCE[:2], seed=0), first[:2], atol=1e-6)  # whatever comes after them
    for value, old in zip(gan.generator.variables, before, strict=True):
        np.testing.assert_array_equal(value, old)  # nothing moved, no statistics and no random state
    assert not np.allclose(gan.translate(np.repeat(SOURCE[:1], 2, axis=0), seed=0)[0], first[1])


@pytest.mark.slow
def test_pix2pix_of_the_other_modes():
    inference = pix2pix(mode="inference")
    np.testing.assert_array_equal(inference.translate(SOURCE, seed=0), inference.translate(SOURCE, seed=1))
    np.testing.assert_allclose(inference.translate(SOURCE), inference.generator(SOURCE, training=False), atol=1e-6)
    together = pix2pix(sampling_batch_size=4)
    np.testing.assert_array_equal(together.translate(SOURCE, seed=0), together.translate(SOURCE, seed=0))
    with pytest.raises(ValueError, match="mode="):
        pix2pix(mode="test")


@pytest.mark.slow
def test_pix2pix_without_the_source_in_the_discriminator():
    gan = keras_gans.Pix2Pix(dropping(), constant(0.0))
    gan.compile(auxiliary_losses=(), run_eagerly=True)
    assert list(gan.terms) == []
    assert np.isfinite(gan.train_on_batch(SOURCE, TARGET)).all()


# CycleGAN


def cyclegan(judge=0.0, **recipe):
    gan = keras_gans.CycleGAN(unchanged(), unchanged(), constant(judge), constant(judge))
    gan.compile(**recipe)
    return gan


@pytest.mark.parametrize(("judge", "of_discriminator", "of_generator"), [(0.0, 0.5, 1.0), (0.5, 0.25, 0.25), (1.0, 0.5, 0.0)])
def test_cyclegan_as_published(judge, of_discriminator, of_generator):
    gan = cyclegan(judge)
    _, terms = terms_of(gan, SOURCE, TARGET)
    for prefix in ("", "backward_"):
        assert terms["discriminator"][f"{prefix}adversarial"] == pytest.approx(of_discriminator)
        assert terms["generator"][f"{prefix}adversarial"] == pytest.approx(of_generator, abs=1e-6)
        assert terms["generator"][f"{prefix}cycle_consistency"] == 0.0
        assert terms["generator"][f"{prefix}identity"] == 0.0
    assert rates(gan) == pytest.approx([2e-4, 2e-4])
    assert [gan.terms[name].weight for name in ("cycle_consistency", "identity")] == [10.0, 5.0]
    assert all(isinstance(parts.replay, replay.ImagePool) and parts.replay.capacity == 50 for parts in gan.plan.values())
    assert gan.update_rule == "simultaneous"


def test_cyclegan_there_and_back():
    """The generators double and halve what they get, so that all is known."""
    gan = cyclegan()
    gan.generator.set_weights([np.full((1, 1, 1, 1), 2.0), np.zeros(1)])
    minibatch, terms = terms_of(gan, SOURCE, TARGET)
    np.testing.assert_allclose(minibatch.fake, 2 * SOURCE, atol=1e-6)
    np.testing.assert_allclose(minibatch.reconstruction, 2 * SOURCE, atol=1e-6)
    np.testing.assert_allclose(minibatch.games["backward"].fake, TARGET, atol=1e-6)
    assert terms["generator"]["cycle_consistency"] == pytest.approx(10 * np.abs(SOURCE).mean(), rel=1e-5)
    assert terms["generator"]["backward_cycle_consistency"] == pytest.approx(10 * np.abs(TARGET).mean(), rel=1e-5)
    assert terms["generator"]["identity"] == pytest.approx(5 * np.abs(TARGET).mean(), rel=1e-5)
    assert terms["generator"]["backward_identity"] == 0.0
    np.testing.assert_allclose(gan.translate(SOURCE), 2 * SOURCE, atol=1e-6)
    np.testing.assert_allclose(gan.translate_back(TARGET), TARGET, atol=1e-6)


def with_more(generator):
    return keras.Model(generator.input, {"images": generator.output, "more": layers.Flatten()(generator.output)})


@pytest.mark.slow
def test_generators_that_return_more_than_images(tmp_path):
    translators = [with_more(tiny.translator()) for _ in range(2)]
    gan = keras_gans.CycleGAN(*translators, tiny.discriminator(), tiny.discriminator(), ema=0.9)
    gan.compile(run_eagerly=True)
    gan.fit(tiny.images(2), tiny.images(2), batch_size=2, verbose=0)
    back = gan.translate_back(tiny.images(2))
    served = tf.saved_model.load(gan.export(tmp_path / "1")).signatures["serve_back"](condition=tiny.images(2))
    np.testing.assert_allclose(served["images"], back, atol=1e-6)
    network = keras_gans.networks.cogan
    cogan = keras_gans.CoGAN(
        [with_more(each) for each in network.generators(filters=4)], network.discriminators(widths=(4, 8, 16))
    )
    assert [images.shape for images in cogan.generate_pairs(1)] == 2 * [(1, 28, 28, 1)]


def test_cyclegan_refuses_networks_that_do_not_meet():
    wide = keras.Input((4, 4, 1), name="source")
    smaller = keras.Model(wide, layers.UpSampling2D()(layers.Conv2D(1, 1)(wide)))
    with pytest.raises(ValueError, match="must take"):
        keras_gans.CycleGAN(unchanged(), smaller, constant(0.0), constant(0.0))
    with pytest.raises(ValueError, match="translates both ways"):
        gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
        gan.compile(auxiliary_losses=[losses.CycleConsistency()])
        gan.train_on_batch(TARGET)


@pytest.mark.slow
def test_cyclegan_makes_discriminators_of_what_its_generators_make():
    small = keras_gans.networks.cyclegan
    gan = keras_gans.CycleGAN(*(small.generator((32, 32, 1), 1, filters=4, blocks=1) for _ in range(2)))
    assert gan.discriminator.input_shape == gan.backward_discriminator.input_shape == (None, 32, 32, 1)
    with pytest.raises(ValueError, match="`generator` must be a keras.Model"):
        keras_gans.CycleGAN("resnet")


@pytest.mark.slow
def test_the_identity_loss_says_that_domains_differ():
    color = (8, 8, 3)
    gan = keras_gans.CycleGAN(
        tiny.translator(color), tiny.translator(source=color), tiny.discriminator(shape=color), tiny.discriminator()
    )
    gan.compile(run_eagerly=True)
    with pytest.raises(ValueError, match="Identity needs domains of one shape"):
        gan.train_on_batch(SOURCE, tiny.images(4, color))
    gan.compile(run_eagerly=True, auxiliary_losses=[losses.CycleConsistency()])
    assert np.isfinite(gan.train_on_batch(SOURCE, tiny.images(4, color))).all()


@pytest.mark.slow
def test_a_lazy_term_runs_networks_with_losses_of_their_own():
    """What layers pass to `add_loss` in a branch stays there."""

    def regular():
        source = keras.Input(tiny.SHAPE, name="source")
        return keras.Model(source, layers.Conv2D(1, 3, padding="same", activity_regularizer="l2")(source))

    gan = keras_gans.CycleGAN(regular(), regular(), constant(0.0), constant(0.0))
    gan.compile(auxiliary_losses=[losses.CycleConsistency(every=2)], replay=(), **tiny.sgd())
    assert np.isfinite(gan.train_on_batch(SOURCE, TARGET)).all()


# DiscoGAN


@pytest.mark.slow
def test_discogan_as_published():
    generators = [keras.Sequential([unchanged(), layers.Activation("sigmoid")]) for _ in range(2)]
    gan = keras_gans.DiscoGAN(*generators, stand_ins.matching(), stand_ins.matching())
    gan.compile(run_eagerly=True)
    assert (gan.discriminator_steps, gan.generator_steps, gan.update_rule) == (1, 2, "alternating")
    assert all(optimizer.weight_decay == pytest.approx(1e-5) for optimizer in gan.optimizers.values())
    loss, terms = gan.plan["forward"].loss, gan.terms
    # Of 10,000 iterations, the generators have those that are no multiple of 3: 6,666.
    for updates, expected in ((0, [0.099, 0.891, 0.01]), (6665, [0.099, 0.891, 0.01]), (6666, [0.05, 0.45, 0.5])):
        weights = [term.weight_at(updates) for term in (terms["feature_matching"], terms["cycle_consistency"])]
        np.testing.assert_allclose([loss.shares["generator"](updates), *weights], expected, rtol=1e-5)
    assert loss.shares["discriminator"] == 0.5
    source, target = (np.abs(images) for images in (SOURCE, TARGET))
    updates = []
    for _ in range(2):
        gan.train_on_batch(source, target)
        updates.append([int(gan.counters[player]) for player in ("discriminator", "generator")])
    assert updates == [[1, 2], [2, 4]]


# SimGAN


def test_simgan_as_published():
    gan = keras_gans.SimGAN(unchanged(), constant(0.0))
    gan.compile()
    assert (gan.balance.alone, gan.balance.steps) == ({"generator": 1000, "discriminator": 200}, (1, 2))
    assert isinstance(gan.plan["game"].replay, replay.History)
    gan.generator.set_weights([np.full((1, 1, 1, 1), 1.5), np.zeros(1)])
    _, terms = terms_of(gan, SOURCE, TARGET)
    # Four patches a score, summed.
    assert terms["discriminator"]["adversarial"] == pytest.approx(4 * 2 * LN2, rel=1e-5)
    expected = 0.01 * 0.5 * np.abs(SOURCE).sum(axis=(1, 2, 3)).mean()
    assert terms["generator"]["self_regularization"] == pytest.approx(expected, rel=1e-5)
    assert terms["generator"]["adversarial"] == 0.0  # while the refiner warms up
    gan.adversarial_loss.updates["generator"].assign(1000)
    assert terms_of(gan, SOURCE, TARGET)[1]["generator"]["adversarial"] == pytest.approx(4 * LN2, rel=1e-5)
    assert int(gan.counters["generator"]) == 0


@pytest.mark.slow
def test_simgan_takes_annotations_and_leaves_them_alone():
    gan = keras_gans.SimGAN(unchanged(), constant(0.0))
    gan.compile(discriminator_steps=1, run_eagerly=True)
    gan.train_on_batch({"source": SOURCE, "label": np.arange(4), "target": TARGET})
    with pytest.raises(ValueError, match="Received: a dict of"):
        gan.train_on_batch({"source": SOURCE, "gaze": np.arange(4), "target": TARGET})


# SRGAN


def enlarging():
    source = keras.Input((4, 4, 1), name="source")
    return keras.Model(source, layers.Conv2D(1, 1, activation="tanh")(layers.UpSampling2D()(source)))


def test_srgan_as_published(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    gan = keras_gans.SRGAN(enlarging(), constant(0.0))
    gan.compile(auxiliary_losses=[losses.Perceptual(stand_ins.of_features(), scale=1.0)])
    assert (gan.source_range, gan.image_range) == ((0.0, 1.0), (-1.0, 1.0))
    small = np.random.default_rng(0).uniform(0, 1, (4, 4, 4, 1)).astype("float32")
    _, terms = terms_of(gan, small, TARGET)
    assert terms["discriminator"]["adversarial"] == pytest.approx(2 * LN2, rel=1e-5)
    assert terms["generator"]["adversarial"] == pytest.approx(1e-3 * LN2, rel=1e-5)
    rate = gan.optimizers["generator"].get_config()["learning_rate"]["config"]
    assert (rate["boundaries"], rate["values"]) == ([99_999], [1e-4, 1e-5])
    with pytest.raises(ValueError, match=r"must be in \[0, 1\]"):
        gan.translate(2 * small - 1)
    with pytest.raises(ValueError, match="Sources must be floats"):
        gan.translate((255 * small).astype("uint8"))


@pytest.mark.slow
def test_srgan_takes_over_a_generator_that_keras_trained(tmp_path):
    generator = enlarging()
    generator.compile(keras.optimizers.Adam(1e-3), loss="mse")
    generator.fit(np.zeros((2, 4, 4, 1)), TARGET[:2], verbose=0)
    gan = keras_gans.SRGAN(generator, constant(0.0))
    assert generator.optimizer is None
    gan.compile(auxiliary_losses=[losses.Perceptual(stand_ins.of_features())])
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert getattr(loaded.generator, "optimizer", None) is None
    np.testing.assert_array_equal(tiny.weights(loaded), tiny.weights(gan))


# CoGAN and UNIT


def grouped(gradients, variables):
    """The names of the layers that have a gradient, and of those that have none."""
    reached = {v.path.split("/")[-2] for g, v in zip(gradients, variables, strict=True) if g is not None}
    return reached, {v.path.split("/")[-2] for v in variables} - reached


@pytest.mark.slow
def test_cogan_shares_what_it_shares():
    gan = stand_ins.stand_in(keras_gans.CoGAN).make()
    assert len(gan.variables_of("generator")) == 2 + 2 * 2
    first, second = gan.generate_pairs(3, seed=5)
    np.testing.assert_array_equal(first, gan.generate(3, seed=5))
    assert not np.allclose(first, second)
    real, condition = gan.unpack((SOURCE, TARGET))
    with tf.GradientTape(persistent=True) as tape:
        minibatch = gan.draw(real, condition, gan.noise_seed("generator"))
        terms = gan.objective("generator", minibatch)
    np.testing.assert_array_equal(minibatch.latents, minibatch.games["second"].latents)  # one z
    np.testing.assert_array_equal(minibatch.games["second"].real, TARGET)
    variables = gan.variables_of("generator")
    reached, missed = grouped(tape.gradient(terms["adversarial"], variables), variables)
    assert (reached, missed) == ({"common", "to_a"}, {"to_b"})
    reached, missed = grouped(tape.gradient(terms["second_adversarial"], variables), variables)
    assert (reached, missed) == ({"common", "to_b"}, {"to_a"})


@pytest.mark.slow
def test_cogan_default_networks_and_what_it_refuses():
    gan = keras_gans.CoGAN()
    assert sum(int(np.prod(v.shape)) for v in gan.variables_of("generator")) == 7_833_476 + 2 * 4_609
    assert gan.image_range == (0.0, 1.0)
    with pytest.raises(ValueError, match="Expected 2 networks"):
        keras_gans.CoGAN((tiny.generator(),))
    with pytest.raises(ValueError, match="joined"):
        keras_gans.CoGAN(tiny.generator())
    with pytest.raises(ValueError, match="leave out `truncation` and `seed`"):
        gan.generate_pairs(1, latents=np.zeros((1, 100)), seed=0)


@pytest.mark.slow
def test_unit_as_published():
    gan = stand_ins.stand_in(keras_gans.UNIT).make()
    assert rates(gan) == pytest.approx([1e-4, 1e-4])
    _, terms = terms_of(gan, SOURCE, TARGET)
    forward, back = gan.view(gan.encoder, "forward"), gan.view(gan.encoder, "backward")
    to_b, to_a = gan.view(gan.generator, "forward"), gan.view(gan.generator, "backward")
    code = forward(SOURCE)
    translated = to_b(code)
    np.testing.assert_allclose(gan.view(gan.ema_generator, "forward")(gan.view(gan.ema_encoder, "forward")(SOURCE)), translated)
    np.testing.assert_allclose(gan.translate(SOURCE), translated, atol=1e-6)
    expected = {
        "self_reconstruction": 100 * np.abs(to_a(code) - SOURCE).mean(),
        "cycle_consistency": 100 * np.abs(to_a(back(translated)) - SOURCE).mean(),
        "gaussian_kl": 0.1 * np.square(code).mean(),
        "cycle_kl": 0.1 * np.square(back(translated)).mean(),
        "adversarial": 10 * np.log1p(np.exp(-gan.view(gan.discriminator, "forward")(translated))).mean(),
    }
    for name, value in expected.items():
        assert terms["generator"][name] == pytest.approx(value, rel=1e-4), name
    np.testing.assert_allclose(gan.encode(SOURCE), code, atol=1e-6)


@pytest.mark.slow
def test_unit_reaches_shared_layers_from_each_domain():
    gan = stand_ins.stand_in(keras_gans.UNIT).make(auxiliary_losses={"forward": [losses.SelfReconstruction()]})
    real, condition = gan.unpack((SOURCE, TARGET))
    with tf.GradientTape() as tape:
        terms = gan.objective("generator", gan.draw(real, condition, gan.noise_seed("generator")))
    variables = gan.variables_of("generator")
    reached, missed = grouped(tape.gradient(terms["self_reconstruction"], variables), variables)
    assert {"code", "common"} <= reached  # what both domains share
    assert len([name for name in missed if name.startswith(("of_", "to_"))]) == 2  # the other domain's own


# StackGAN


def silent():
    """A discriminator of texts whose scores are 0."""
    images, embedding = keras.Input(tiny.SHAPE, name="images"), keras.Input((4,), name="embedding")
    x = layers.Concatenate()([layers.Flatten()(images), embedding])
    return keras.Model([images, embedding], layers.Dense(1, kernel_initializer="zeros")(x))


def captions(count=4):
    (batch,) = stand_ins.captioned(count)
    return batch


def test_stackgan_as_published():
    gan = keras_gans.StackGAN(stand_ins.of_texts(), silent())
    gan.compile()
    minibatch, terms = terms_of(gan, captions())
    ours = sum(terms["discriminator"].values())
    assert ours == pytest.approx(2 * LN2, rel=1e-5)
    assert terms["generator"]["adversarial"] == pytest.approx(LN2, rel=1e-5)
    mean, log_scale = (minibatch.outputs[name].numpy() for name in ("mean", "log_scale"))
    kl = (-log_scale + 0.5 * (np.exp(2 * log_scale) + mean**2 - 1)).mean()
    assert terms["generator"]["gaussian_kl"] == pytest.approx(2 * kl, rel=1e-3)
    assert set(terms["generator"]) == {"adversarial", "gaussian_kl"}


def test_stackgan_tells_texts_from_images():
    """Real images with their texts are real; with other texts, or generated, they are not."""
    gan = keras_gans.StackGAN(stand_ins.of_texts(), silent())
    gan.compile()
    gan.discriminator.set_weights([np.random.default_rng(0).normal(size=(68, 1)), np.zeros(1)])
    batch = captions()
    minibatch, terms = terms_of(gan, batch)

    def scores(images):
        return gan.discriminator([images, batch["embedding"]]).numpy()

    def softplus(x):
        return np.log1p(np.exp(x)).mean()

    wrong, fake = batch["wrong_image"], minibatch.fake.numpy()
    expected = softplus(-scores(batch["image"])) + 0.5 * (softplus(scores(wrong)) + softplus(scores(fake)))
    assert sum(terms["discriminator"].values()) == pytest.approx(expected, rel=1e-4)
    assert minibatch.games["mismatched"].real_output is minibatch.real_output  # scored once


@pytest.mark.slow
def test_stackgan_is_evaluated_with_the_average_whatever_its_inputs_are_called():
    z, text = keras.Input((tiny.LATENTS,), name="latents"), keras.Input((4,), name="text")
    gan = keras_gans.StackGAN(keras.Model([z, text], stand_ins.of_texts()([z, text])), silent(), ema=0.9)
    gan.compile(metrics=[tiny.Gap()], run_eagerly=True)
    assert np.isfinite(gan.test_on_batch(captions())).all()


@pytest.mark.slow
def test_stackgan_tells_pytorchs_discriminator_the_code():
    gan = keras_gans.StackGAN(stand_ins.of_texts(), stand_ins.judging_texts())
    gan.compile(run_eagerly=True)
    assert list(gan.games) == ["matched", "mismatched", "unconditional"]
    batch = captions()
    real, condition = gan.unpack((batch,))
    with tf.GradientTape() as tape:
        minibatch = gan.draw(real, condition, gan.noise_seed("generator"))
        told = tf.reduce_sum(minibatch.fake_condition)
    np.testing.assert_array_equal(minibatch.fake_condition, minibatch.outputs["mean"])
    assert all(gradient is None for gradient in tape.gradient([told], gan.variables_of("generator")))
    assert np.isfinite(gan.train_on_batch(batch)).all()


@pytest.mark.slow
def test_stackgans_score_without_the_text_has_a_penalty_and_a_replay_of_its_own():
    gan = keras_gans.StackGAN(stand_ins.of_texts(), stand_ins.judging_texts())
    gan.compile(penalties=[penalties.R1(), penalties.GradientPenalty()], replay=replay.ImagePool(4))
    real, condition = gan.unpack((captions(),))
    for number in range(3):
        minibatch = gan.with_replay(gan.draw(real, condition, tf.constant([0, number])))
        for name, game in gan.games_of(minibatch):
            gan.plan[name].replay.after_step("discriminator", game.shown)
    game = minibatch.games["unconditional"]
    with tf.GradientTape() as tape:
        tape.watch(real)
        score = gan.discriminator([real, minibatch.condition])["unconditional_scores"]
    norms = np.sum(tape.gradient(score, real) ** 2, axis=(1, 2, 3))
    np.testing.assert_allclose(gan.terms_of("unconditional")["r1"].discriminator(game), 0.5 * norms, rtol=1e-5)
    shown = game.shown
    assert not np.array_equal(shown.fake, game.fake)
    scores = gan.discriminator([shown.fake, shown.fake_condition])["unconditional_scores"]
    np.testing.assert_allclose(shown.fake_scores, scores, rtol=1e-5)
    assert minibatch.games["mismatched"].shown.real_output is minibatch.shown.real_output  # scored once


class RealScores(penalties.Penalty):
    """A generator's term that reads what its adversarial loss does not."""

    def generator(self, minibatch):
        return minibatch.real_scores


@pytest.mark.slow
def test_lazy_terms_of_games_that_share_their_scores():
    """Each is computed in a branch of its own, and what is first computed in one is not accessible in another."""
    gan = keras_gans.StackGAN(stand_ins.of_texts(), stand_ins.judging_texts())
    gan.compile(penalties=[RealScores(every=2)])

    @tf.function
    def terms():
        return gan.objective("generator", gan.draw(*gan.unpack((captions(),)), tf.constant([0, 1])))

    assert {"real_scores", "mismatched_real_scores", "unconditional_real_scores"} <= set(terms())


@pytest.mark.slow
def test_stackgans_second_stage_leaves_the_first_alone():
    networks, small = keras_gans.networks.stackgan, {"embedding_dim": 4, "units": 2, "filters": 4}
    first = keras_gans.StackGAN(
        networks.stage_one_generator((16, 16, 1), noise=3, **small), networks.stage_one_discriminator((16, 16, 1), **small)
    )
    before = [value.numpy() for value in first.generator.weights]
    second = first.second_stage((32, 32, 1), filters=4, blocks=0, discriminator_filters=4)
    assert first.generator.trainable
    assert second.latents.shape == (3 + 2 + 2,)
    names = {variable.path for variable in second.variables_of("generator")}
    assert not any("stage_one" in name for name in names)
    second.compile(**tiny.sgd(), run_eagerly=True)
    rng = np.random.default_rng(0)
    images, wrong = (rng.uniform(-1, 1, (2, 32, 32, 1)).astype("float32") for _ in range(2))
    second.train_on_batch({"image": images, "wrong_image": wrong, "embedding": np.ones((2, 4), "float32")})
    for value, old in zip(first.generator.weights, before, strict=True):
        np.testing.assert_array_equal(value, old)
    inner = next(layer for layer in second.generator.layers if isinstance(layer, keras.Model))
    for value, old in zip(inner.get_weights(), before, strict=True):
        np.testing.assert_array_equal(value, old)


def test_stackgan_needs_its_keys():
    gan = keras_gans.StackGAN(stand_ins.of_texts(), silent())
    gan.compile()
    with pytest.raises(ValueError, match="wrong_image"):
        gan.fit(tiny.images(4), np.ones((4, 4)), verbose=0)
    with pytest.raises(ValueError, match="which is neither"):
        images, embedding = keras.Input(tiny.SHAPE, name="images"), keras.Input((3,), name="embedding")
        x = layers.Concatenate()([layers.Flatten()(images), embedding])
        keras_gans.StackGAN(stand_ins.of_texts(), keras.Model([images, embedding], layers.Dense(1)(x)))


# Data


@pytest.mark.slow
def test_batches_of_translations():
    gan = cyclegan()
    for batch, received in (((SOURCE,), "images alone"), ((SOURCE, TARGET, TARGET), "more than two")):
        with pytest.raises(ValueError, match=f"Expected batches of.*{received}"):
            gan.fit(tf.data.Dataset.from_tensors(batch), verbose=0)
    with pytest.raises(ValueError, match="Expected batches of.*several in one"):
        gan.fit([SOURCE, TARGET], verbose=0)
    with pytest.raises(ValueError, match="Add a batch axis"):
        gan.translate(SOURCE[0])
    with pytest.raises(ValueError, match=r"Sources must be in \[-1, 1\]"):
        gan.translate(100 * SOURCE)
    with pytest.raises(ValueError, match="Sources must be floats"):
        gan.fit((127 * SOURCE).astype("int32"), TARGET, verbose=0)
    with pytest.warns(UserWarning, match=r"sources lie in \[0.*taken to be in \[-1, 1\]"):
        gan.train_on_batch((SOURCE + 1) / 2, TARGET)


def test_metrics_of_pairs_where_nothing_is_paired():
    gan = cyclegan()
    for take in (lambda metrics: gan.compile(metrics=metrics), gan.compile_metrics):
        with pytest.raises(ValueError, match="PSNR compares.*without pairs.*paired=True"):
            take([keras_gans.metrics.PSNR()])


SAMPLING = [
    keras_gans.DCGAN, keras_gans.ACGAN, keras_gans.InfoGAN, keras_gans.BiGAN, keras_gans.ALI, keras_gans.LatentRegressor,
    keras_gans.VAEGAN, keras_gans.LAPGAN, keras_gans.StackGAN, keras_gans.CoGAN,
]  # fmt: skip


@pytest.mark.parametrize("cls", SAMPLING)
def test_samples_have_no_real_images_that_they_should_be(cls):
    with pytest.raises(
        ValueError, match='SSIM compares pairs, and here no real image belongs to a generated one.*"reconstruction"'
    ):
        stand_ins.stand_in(cls).make(metrics=[keras_gans.metrics.SSIM()])


@pytest.mark.parametrize("cls", [keras_gans.AAE, keras_gans.CAAE])
def test_reconstructions_are_compared_with_their_images(cls):
    assert list(stand_ins.stand_in(cls).make(metrics=[keras_gans.metrics.SSIM()]).metrics)[-1].name == "ssim"


def test_a_gan_of_sources_has_pairs():
    """Whether it takes latents, or a label, beside an image or not."""
    source, label = keras.Input(tiny.SHAPE, name="source"), keras.Input((1,), name="label")
    z = keras.Input((tiny.LATENTS,), name="latents")
    for inputs, latents in (([source], keras_gans.latents.NoLatents()), ([z, source], None), ([z, source, label], None)):
        x = [layers.Flatten()(each) for each in inputs]
        x = layers.Dense(64)(layers.Concatenate()(x) if len(x) > 1 else x[0])
        gan = keras_gans.GAN(keras.Model(inputs, layers.Reshape(tiny.SHAPE)(x)), tiny.discriminator(), latents)
        assert gan.compares_pairs()
    assert not keras_gans.GAN(tiny.generator(tiny.CLASSES), tiny.discriminator()).compares_pairs()


class Denoising(keras_gans.GAN):
    """A user's: what metrics see is made of the example."""

    paired = True

    def samples(self, minibatch, condition):
        return minibatch.real


@pytest.mark.slow
def test_a_users_samples_may_be_of_their_examples():
    gan = Denoising(tiny.generator(), tiny.discriminator())
    gan.compile(metrics=[keras_gans.metrics.PSNR()])
    assert gan.evaluate(tiny.images(4), verbose=0, return_dict=True)["psnr"] > 60


@pytest.mark.slow
def test_sizes_of_translations():
    enlarging = tiny.translator((None, None, 1), (None, None, 1), scale=2)
    gan = keras_gans.SRGAN(enlarging, tiny.discriminator())
    gan.compile(auxiliary_losses=[losses.Reconstruction()], run_eagerly=True)
    small, unfit = np.full((4, 4, 4, 1), 0.5, "float32"), np.full((4, 8, 8, 1), 0.5, "float32")
    assert np.isfinite(gan.train_on_batch(small, TARGET)).all()
    for source, target in ((unfit, TARGET), (unfit, tiny.images(4, (16, 16, 1))), (small, tiny.images(4, (4, 4, 1)))):
        with pytest.raises(ValueError, match=r"discriminator takes \(None, 8, 8, 1\). Received: targets"):
            gan.fit(source, target, verbose=0)


def test_a_translation_takes_one_source():
    source, noise = keras.Input(tiny.SHAPE, name="source"), keras.Input(tiny.SHAPE, name="noise")
    both = keras.Model([source, noise], layers.Conv2D(1, 3, padding="same")(layers.Add()([source, noise])))
    with pytest.raises(ValueError, match="A translation has one source.*'noise', 'source'"):
        keras_gans.Pix2Pix(both, tiny.discriminator())
    with pytest.raises(ValueError, match="A translation has one source"):
        keras_gans.Pix2Pix(both)
    with pytest.raises(ValueError, match="A translation has one source"):
        keras_gans.CycleGAN(both, unchanged(), constant(0.0), constant(0.0))
