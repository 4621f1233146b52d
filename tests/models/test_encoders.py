"""InfoGAN, BiGAN, ALI and the latent regressor: their losses in numbers, and which network learns from what."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gans
from keras_gans import losses
from keras_gans import penalties
from keras_gans.latents import Coded
from tests import tiny
from tests.conformance import stand_ins
from tests.networks import counting

IMAGES = tiny.images(4)
CODED = Coded(2, (2,), 2)


def made(cls, **compile_arguments):
    return stand_ins.stand_in(cls).make(**compile_arguments)


def gradients(gan, player, variables, terms=None):
    """Of what a player minimizes, with respect to variables; None where there is none."""
    with tf.GradientTape() as tape:
        minibatch = gan.draw(tf.constant(IMAGES), None, tf.constant([0, 1]))
        values = gan.objective(player, minibatch)
        total = tf.add_n([value for name, value in values.items() if terms is None or name in terms])
    return [None if gradient is None else gradient.numpy() for gradient in tape.gradient(total, variables)]


# InfoGAN


def information(latents, output, **arguments):
    term = losses.MutualInformation(**arguments)
    term.latents = CODED
    return term.information(tf.constant(latents, tf.float32), {key: tf.constant(value) for key, value in output.items()}).numpy()


def test_mutual_information_in_numbers():
    z = np.array([[0.1, 0.2, 1.0, 0.0, 0.5, -0.5]])
    at_mean = {"category_logits": [[0.0, 0.0]], "continuous_mean": [[0.5, -0.5]]}
    gaussian = math.log(2) - 0.918939  # entropy of U(-1, 1), less the log likelihood at the mean
    np.testing.assert_allclose(information(z, at_mean), 2 * gaussian, atol=1e-5)
    np.testing.assert_allclose(information(z, at_mean, continuous=0.0), 0.0, atol=1e-6)
    certain = {"category_logits": [[50.0, 0.0]], "continuous_mean": [[0.5, -0.5]]}
    np.testing.assert_allclose(information(z, certain, continuous=0.0), math.log(2), atol=1e-5)
    aside = {"category_logits": [[0.0, 0.0]], "continuous_mean": [[1.5, -0.5]]}
    np.testing.assert_allclose(information(z, aside), 2 * gaussian - 0.5, atol=1e-5)
    wide = {**aside, "continuous_log_scale": [[math.log(2.0), 0.0]]}
    np.testing.assert_allclose(information(z, wide), 2 * gaussian - 0.125 - math.log(2.0), atol=1e-5)


def test_ten_categories_tell_at_most_their_entropy():
    prior = Coded(1, (10,), 0)
    z = prior.sample(8, tf.constant([0, 1]))
    term = losses.MutualInformation()
    term.latents = prior
    found = term.information(z, {"category_logits": 100.0 * prior.split(z)["categories"][0]})
    np.testing.assert_allclose(found, 2.302585, atol=1e-6)


@pytest.mark.slow
def test_infogan_as_published():
    gan = keras_gans.InfoGAN()
    counts = [sum(np.prod(v.shape) for v in network.trainable_variables) for network in (gan.generator, gan.discriminator)]
    assert counts == [6_652_481, 6_559_169 + 133_004] and gan.latents.shape == (74,)
    gan.compile()
    assert gan.update_rule == "alternating" and gan.round_steps == (1, 1)
    rates = [gan.optimizers[player].learning_rate for player in ("discriminator", "generator")]
    np.testing.assert_allclose(rates, [2e-4, 1e-3])
    assert [type(term) for term in gan.auxiliary_losses.values()] == [losses.MutualInformation]
    assert gan.image_range == (0, 1)


@pytest.mark.slow
def test_who_learns_from_the_code():
    """Q has no gradient from real images, the scores' head none from the code; the code reaches the generator."""
    gan = made(keras_gans.InfoGAN)
    discriminator = gan.discriminator
    scores, of_code = (discriminator.get_layer(name).kernel for name in ("scores", "category_logits"))
    trunk = discriminator.layers[2].kernel
    assert gradients(gan, "discriminator", [scores], {"mutual_information"}) == [None]
    assert gradients(gan, "discriminator", [of_code], {"adversarial"}) == [None]
    for player, variable in (("discriminator", trunk), ("generator", gan.generator.trainable_variables[0])):
        assert np.any(gradients(gan, player, [variable], {"mutual_information"})[0])
    real = tf.constant(IMAGES)
    with tf.GradientTape() as tape:  # as it is computed of fakes alone, real images may be anything
        tape.watch(real)
        minibatch = gan.draw(real, None, tf.constant([0, 1]))
        value = gan.auxiliary_losses["mutual_information"].discriminator(minibatch)
    assert tape.gradient(value, real) is None


@pytest.mark.slow
def test_codes_are_inferred_and_steered():
    gan = made(keras_gans.InfoGAN)
    code = gan.infer_code(IMAGES)
    assert code["categories"][0].shape == (4, 2) and code["continuous"].shape == (4, 2)
    np.testing.assert_allclose(code["categories"][0].sum(axis=1), 1, atol=1e-6)
    logits = gan.discriminator.predict(IMAGES, verbose=0)["category_logits"]
    np.testing.assert_allclose(code["categories"][0], keras.ops.softmax(logits), atol=1e-6)
    rows = gan.generate(latents=gan.latents.join(categories=[[0, 1]], seed=0))
    assert rows.shape == (2, *tiny.SHAPE) and not np.allclose(rows[0], rows[1])
    with pytest.raises(ValueError, match="discriminator takes images"):
        gan.infer_code(IMAGES[0])


def test_infogan_refuses_what_has_no_codes():
    with pytest.raises(ValueError, match="needs latents with codes"):
        keras_gans.InfoGAN(tiny.generator(), stand_ins.finding_codes(), latents=keras_gans.latents.Normal(6))
    with pytest.raises(ValueError, match=r"dict with category_logits \(None, 2\) and continuous_mean \(None, 2\)"):
        keras_gans.InfoGAN(tiny.generator(), tiny.discriminator(), latents=CODED)
    gan = keras_gans.GAN(tiny.generator(), stand_ins.finding_codes())
    with pytest.raises(ValueError, match="finds the codes of keras_gans.latents.Coded"):
        gan.compile(auxiliary_losses=[losses.MutualInformation()])


class OnCodes(losses.AuxiliaryLoss):
    """A user's own term that reads the codes' outputs."""

    heads = ("category_logits", "continuous_mean")

    def discriminator(self, minibatch):
        return sum(tf.reduce_sum(minibatch.fake_output[head] ** 2, axis=-1) for head in self.heads)


@pytest.mark.parametrize("terms", [(), [losses.TotalVariation()]])
def test_infogan_without_information_is_refused_with_the_remedy(terms):
    remedy = r"No term reads.*category_logits and continuous_mean.*Received: the terms \[.*MutualInformation\(weight=0\)"
    with pytest.raises(ValueError, match=remedy):
        made(keras_gans.InfoGAN, auxiliary_losses=terms)


@pytest.mark.slow
@pytest.mark.parametrize("term", [losses.MutualInformation(weight=0), OnCodes()])
def test_infogan_with_another_use_of_the_codes(term):
    """With a weight of 0 the codes' own layers stay as they are: that is the GAN without mutual information."""
    gan = made(keras_gans.InfoGAN, auxiliary_losses=[term])
    own, scores = (gan.discriminator.get_layer(name).kernel for name in ("category_logits", "scores"))
    before = own.numpy(), scores.numpy()
    gan.train_on_batch(IMAGES)
    assert np.array_equal(own, before[0]) == isinstance(term, losses.MutualInformation)
    assert not np.array_equal(scores, before[1])


# BiGAN


def blind():
    """Scores of 0, whatever the pair."""
    images, code = keras.Input(tiny.SHAPE, name="images"), keras.Input((tiny.LATENTS,), name="latents")
    x = layers.Concatenate()([layers.Flatten()(images), code])
    return keras.Model([images, code], layers.Dense(1, kernel_initializer="zeros", use_bias=False)(x))


def pairs(discriminator=blind, cls=keras_gans.BiGAN, stochastic=False, **compile_arguments):
    gan = cls(tiny.generator(), stand_ins.encoding(stochastic), discriminator())
    gan.compile(**compile_arguments)
    return gan


def test_bigan_as_published():
    gan = keras_gans.BiGAN()
    counts = [sum(np.prod(v.shape) for v in network.trainable_variables) for network in (gan.generator, gan.encoder)]
    assert counts == [1_953_792, 1_902_592]
    assert (gan.latents.low, gan.latents.high, gan.latents.shape) == (-1, 1, (50,))
    gan.compile()
    assert gan.update_rule == "simultaneous"
    np.testing.assert_allclose([gan.optimizers[p].learning_rate for p in ("generator", "discriminator")], 2e-4)
    assert [tensor.shape[1:] for tensor in gan.discriminator.inputs] == [(28, 28, 1), (50,)]


@pytest.mark.slow
def test_a_fresh_bigan_has_losses_of_ln_2():
    gan = pairs()
    logs = gan.test_on_batch(IMAGES, return_dict=True)
    np.testing.assert_allclose([logs["d_loss"], logs["g_loss"]], 0.693147, atol=1e-6)
    sums = pairs(loss=losses.Symmetric()).test_on_batch(IMAGES, return_dict=True)
    np.testing.assert_allclose([sums["d_loss"], sums["g_loss"]], 1.386294, atol=1e-6)


def test_the_encoder_learns_from_real_pairs_and_the_generator_from_generated_ones():
    gan = made(keras_gans.ALI)
    own = {name: getattr(gan, name).trainable_variables for name in ("generator", "encoder")}

    def reached(side):
        with tf.GradientTape() as tape:
            minibatch = gan.draw(tf.constant(IMAGES), None, tf.constant([0, 1]))
            score = tf.reduce_sum(getattr(minibatch, f"{side}_scores"))
        found = tape.gradient(score, own)
        return {name for name, values in found.items() if any(value is not None for value in values)}

    assert reached("real") == {"encoder"}
    assert reached("fake") == {"generator"}


@pytest.mark.slow
def test_pairs_with_their_roles_exchanged():
    """D: -log D(x, E(x)) - log(1 - D(G(z), z)); G and E the same with labels flipped; a stochastic code is drawn anew."""
    gan = made(keras_gans.ALI)
    minibatch = gan.draw(tf.constant(IMAGES), None, tf.constant([0, 1]))
    real = gan.discriminator([minibatch.real, minibatch.real_condition])
    fake = gan.discriminator([minibatch.fake, minibatch.latents])
    d, g = (float(gan.objective(player, minibatch)["adversarial"]) for player in ("discriminator", "generator"))
    softplus = keras.ops.softplus
    np.testing.assert_allclose(d, np.mean(softplus(-real) + softplus(fake)), rtol=1e-5)
    np.testing.assert_allclose(g, np.mean(softplus(real) + softplus(-fake)), rtol=1e-5)
    mean = gan.encode(IMAGES)
    assert not np.allclose(minibatch.real_condition, mean)
    noise = (minibatch.real_condition - mean) / np.exp(gan.encoder.predict(IMAGES, verbose=0)["log_scale"])
    assert 0.3 < np.std(noise) < 2


@pytest.mark.slow
def test_bigbigan_plays_three_games_without_a_hinge_for_the_encoder():
    gan = made(keras_gans.BiGAN)
    assert list(gan.games) == ["pairs", "images", "codes"]
    minibatch = gan.draw(tf.constant(IMAGES), None, tf.constant([0, 1]))
    real = gan.discriminator([minibatch.real, minibatch.real_condition])
    fake = gan.discriminator([minibatch.fake, minibatch.latents])
    terms = {player: gan.objective(player, minibatch) for player in ("discriminator", "generator")}
    for prefix, head in (("", "scores"), ("images_", "image_scores"), ("codes_", "code_scores")):
        hinge = np.mean(keras.ops.relu(1 - real[head]) + keras.ops.relu(1 + fake[head]))
        np.testing.assert_allclose(terms["discriminator"][f"{prefix}adversarial"], hinge, rtol=1e-5)
        np.testing.assert_allclose(terms["generator"][f"{prefix}adversarial"], np.mean(real[head] - fake[head]), rtol=1e-4)


@pytest.mark.slow
def test_encode_and_reconstruct(tmp_path):
    gan = made(keras_gans.ALI)
    codes = gan.encode(IMAGES)
    np.testing.assert_allclose(codes, gan.encoder.predict(IMAGES, verbose=0)["mean"], atol=1e-6)
    np.testing.assert_allclose(gan.reconstruct(IMAGES), gan.generate(latents=codes), atol=1e-6)
    loaded = keras_gans.hub.load(gan.export(tmp_path / "1"))
    np.testing.assert_allclose(loaded.encode(IMAGES), codes, atol=1e-5)
    for images, message in ((IMAGES[0], "encoder takes images"), (200 * IMAGES, r"must be in \[-1, 1\]")):
        with pytest.raises(ValueError, match=message):
            gan.encode(images)


@pytest.mark.slow
def test_a_loss_that_does_not_reach_the_encoder_is_refused_with_the_remedy():
    with pytest.raises(ValueError, match=r"real scores.*Received: NonSaturating. Wrap it in keras_gans.losses.Symmetric"):
        pairs(loss="non_saturating")
    with pytest.raises(ValueError, match="The encoder of a ALI learns from real scores.*Received: Weighted"):
        pairs(cls=keras_gans.ALI, stochastic=True, loss=losses.Weighted("hinge", 0.5, 0.5))
    pairs(loss=losses.Weighted(losses.Symmetric("hinge"), 0.5, 0.5))
    pairs(loss="relativistic_average")


def test_a_latent_regressor_judges_no_pairs():
    with pytest.raises(ValueError, match="judges images, not pairs.*latents=None"):
        keras_gans.LatentRegressor(tiny.generator(), stand_ins.encoding(), blind())


@pytest.mark.slow
def test_the_average_encodes():
    gan = made(keras_gans.BiGAN)
    gan.train_on_batch(IMAGES)
    average = gan.averages()[1]
    np.testing.assert_allclose(gan.encode(IMAGES), average.predict(IMAGES, verbose=0), atol=1e-6)
    assert not np.allclose(gan.encode(IMAGES), gan.encoder.predict(IMAGES, verbose=0))


def test_penalties_judge_pairs():
    """Gradients of real pairs are taken at images and their own codes, of generated ones at fakes and their latents."""
    gan = pairs(stand_ins.judging_pairs_of_codes, penalties=[keras_gans.penalties.R1(), keras_gans.penalties.R2()])
    minibatch = gan.draw(tf.constant(IMAGES), None, tf.constant([0, 1]))
    for name, images, codes in (
        ("r1", minibatch.real, minibatch.real_condition),
        ("r2", minibatch.fake, minibatch.fake_condition),
    ):
        with tf.GradientTape() as tape:
            tape.watch([images, codes])
            score = gan.discriminator([images, codes])
        of_images, of_codes = tape.gradient(score, [images, codes])
        norms = tf.reduce_sum(of_images**2, axis=(1, 2, 3)) + tf.reduce_sum(of_codes**2, axis=1)
        np.testing.assert_allclose(gan.penalties[name].discriminator(minibatch), 0.5 * norms, rtol=1e-5)


@pytest.mark.slow
def test_each_of_bigbigans_games_has_the_penalty_of_its_own_head():
    """The score of images has no gradient at codes, nor that of codes at images."""
    gan = made(keras_gans.BiGAN, penalties=[penalties.R1(), penalties.R2(), penalties.GradientPenalty(), penalties.DRAGAN()])
    minibatch = gan.draw(tf.constant(IMAGES), None, tf.constant([0, 1]))
    for game, head in (("pairs", "scores"), ("images", "image_scores"), ("codes", "code_scores")):
        own = minibatch if game == "pairs" else minibatch.games[game]
        terms = gan.terms_of(game)
        for name, half in (("r1", (minibatch.real, minibatch.real_condition)), ("r2", (minibatch.fake, minibatch.latents))):
            with tf.GradientTape() as tape:
                tape.watch(half)
                score = gan.discriminator(half)[head]
            found = tape.gradient(score, half)
            assert [gradient is None for gradient in found] == [game == "codes", game == "images"]
            norms = sum(np.sum(np.square(each), axis=tuple(range(1, each.ndim))) for each in found if each is not None)
            np.testing.assert_allclose(terms[name].discriminator(own), 0.5 * norms, rtol=1e-5)
        assert all(np.isfinite(terms[name].discriminator(own)).all() for name in ("gradient_penalty", "dragan"))


@pytest.mark.slow
@pytest.mark.parametrize("games", [("images",), ("pairs", "images", "codes")])
def test_each_of_bigbigans_games_may_have_a_replay(games):
    """A fake is scored by the game's own head, together with the latents that it was remembered with."""
    gan = made(keras_gans.BiGAN, replay={game: keras_gans.replay.ImagePool(4) for game in games})
    real = tf.constant(IMAGES)
    for number in range(3):
        minibatch = gan.with_replay(gan.draw(real, None, tf.constant([0, number])))
        for game, own in gan.games_of(minibatch):
            if game in games:
                gan.plan[game].replay.after_step("discriminator", own.shown)
    for game, head in (("pairs", "scores"), ("images", "image_scores"), ("codes", "code_scores")):
        seen = (minibatch if game == "pairs" else minibatch.games[game]).seen_by("discriminator")
        assert np.array_equal(seen.fake, minibatch.fake) == (game not in games)
        np.testing.assert_allclose(seen.fake, gan.generator(seen.fake_condition), atol=1e-6)
        scores = gan.discriminator([seen.fake, seen.fake_condition])[head]
        np.testing.assert_allclose(seen.fake_scores, scores, rtol=1e-5)
        np.testing.assert_allclose(seen.real_scores, gan.discriminator([real, minibatch.real_condition])[head], rtol=1e-5)


def test_bigan_refuses_networks_that_do_not_meet():
    networks = tiny.generator(), stand_ins.encoding()
    with pytest.raises(ValueError, match="together with their latents.*no second input"):
        keras_gans.BiGAN(*networks, tiny.discriminator())
    flat = keras.Sequential([keras.Input(tiny.SHAPE), layers.Flatten(), layers.Dense(5)])
    with pytest.raises(ValueError, match="the encoder makes .5,., and the generator takes .6,."):
        keras_gans.BiGAN(networks[0], flat, blind())
    heads = keras.Model(networks[1].input, {"codes": networks[1].output})
    with pytest.raises(ValueError, match="or with `mean` and `log_scale`. Received: .'codes'"):
        keras_gans.BiGAN(networks[0], heads, blind())


# The latent regressor


@pytest.mark.slow
@pytest.mark.parametrize("joint", [False, True])
def test_whom_the_regression_teaches(joint):
    gan = keras_gans.LatentRegressor(tiny.generator(), stand_ins.encoding(), tiny.discriminator(), joint=joint)
    gan.compile()
    assert gan.auxiliary_losses["latent_regression"].weight == (0.25 if joint else 1.0)
    of_generator, of_encoder = gan.generator.trainable_variables[0], gan.encoder.trainable_variables[0]
    found = gradients(gan, "generator", [of_generator, of_encoder], {"latent_regression"})
    assert (found[0] is not None) == joint and found[1] is not None
    minibatch = gan.draw(tf.constant(IMAGES), None, tf.constant([0, 1]))
    p, q = ((np.float64(codes) + 1) / 2 for codes in (minibatch.latents, gan.encoder(minibatch.fake)))
    cross_entropy = -np.mean(p * np.log(q) + (1 - p) * np.log(1 - q))
    value = gan.objective("generator", minibatch)["latent_regression"]
    np.testing.assert_allclose(value, cross_entropy * (0.25 if joint else 1.0), rtol=1e-5)


@pytest.mark.slow
def test_lists_are_encoded_and_data_sets_refused():
    build, small = keras_gans.networks.bigan, {"units": 4}
    networks = [each(tiny.SHAPE, 3, **small) for each in (build.generator, build.encoder, build.discriminator)]
    gan, images = keras_gans.BiGAN(*networks), 0.5 * IMAGES + 0.5
    for method in (gan.encode, gan.reconstruct):
        np.testing.assert_array_equal(method(list(images)), method(images))
        with pytest.raises(ValueError, match="Pass one batch after the other"):
            method(tf.data.Dataset.from_tensors(images))
        with pytest.raises(ValueError, match=r"Scale them: \(x \+ 1\) / 2"):
            method(IMAGES)
    for argument in ("condition", "latents"):
        with pytest.raises(ValueError, match=f"`{argument}` must be an array. Received: a data set"):
            gan.generate(**{argument: tf.data.Dataset.from_tensors(images)})
    gan = made(keras_gans.InfoGAN)
    found, again = (gan.infer_code(given) for given in (IMAGES, list(IMAGES)))
    np.testing.assert_array_equal(found["continuous"], again["continuous"])


@pytest.mark.parametrize(
    ("cls", "prior"),
    [
        (keras_gans.BiGAN, "Uniform"),
        (keras_gans.LatentRegressor, "Uniform"),
        (keras_gans.ALI, "Normal"),
        (keras_gans.CAAE, "Uniform"),
    ],
)
def test_a_number_of_latents_means_the_papers_prior(cls, prior):
    given = {"image_shape": (32, 32, 3)} if cls in (keras_gans.ALI, keras_gans.CAAE) else {"image_shape": tiny.SHAPE}
    with counting.without_weights():
        gan = cls(latents=3, **given)
    assert (type(gan.latents).__name__, gan.latents.shape) == (prior, (3,))
    assert gan.code_shape == tuple(gan.generator.inputs[0].shape[1:]) == (3,)
    if prior == "Uniform":
        assert (gan.latents.low, gan.latents.high) == (-1, 1)


def test_networks_that_are_not_given_fit_the_generator():
    generator = keras_gans.networks.bigan.generator(tiny.SHAPE, 3, 4)
    for cls in (keras_gans.BiGAN, keras_gans.LatentRegressor):
        gan = cls(generator)
        assert gan.encoder.input_shape[1:] == gan.discriminator.inputs[0].shape[1:] == tiny.SHAPE
        assert gan.latents.shape == gan.code_shape == (3,)


ENCODERS = {
    keras_gans.BiGAN: lambda: keras_gans.networks.bigan.encoder(tiny.SHAPE, 3, 4),
    keras_gans.LatentRegressor: lambda: keras_gans.networks.bigan.encoder(tiny.SHAPE, 3, 4),
    keras_gans.ALI: lambda: keras_gans.networks.ali.encoder((32, 32, 3), 3, filters=4),
    keras_gans.AAE: lambda: keras_gans.networks.aae.encoder(tiny.SHAPE, 3, (4,), "gaussian"),
    keras_gans.CAAE: lambda: keras_gans.networks.caae.encoder((16, 16, 1), 3, 4),
    keras_gans.VAE: lambda: keras_gans.networks.vae.encoder(tiny.SHAPE, 3, 4),
    keras_gans.VAEGAN: lambda: keras_gans.networks.vaegan.encoder((16, 16, 1), 3, 4),
}


@pytest.mark.parametrize("cls", ENCODERS)
def test_networks_that_are_not_given_fit_the_encoder(cls):
    with counting.without_weights():
        encoder = ENCODERS[cls]()
        made = cls(encoder=encoder)
    assert made.latents.shape == tuple(made.generator.inputs[0].shape[1:]) == (3,)
    assert tuple(made.generator.outputs[0].shape[1:]) == tuple(encoder.inputs[0].shape[1:])


@pytest.mark.parametrize("cls", [cls for cls in ENCODERS if cls not in (keras_gans.VAE, keras_gans.VAEGAN)])
def test_priors_that_the_papers_networks_do_not_take(cls):
    with pytest.raises(ValueError, match=r"must take latents. Received: latents=NoLatents\(\)"):
        cls(latents=keras_gans.latents.NoLatents())
    with pytest.raises(ValueError, match=r"The paper's networks take latents with one axis.*shape \(2, 4\)"):
        cls(latents=keras_gans.latents.Normal((2, 4)))


# Classes that have no condition to give.


def told_latents():
    """A generator that is told a label, from latents to images in [0, 1]."""
    return keras_gans.networks.aae.generator(tiny.SHAPE, tiny.LATENTS, (4,), tiny.CLASSES)


def told_images(head):
    """A network of images that is told a label, which the outputs of `head` do not show."""
    images, label = keras.Input(tiny.SHAPE, name="images"), keras.Input((3,), name="label")
    x = layers.Concatenate()([layers.Flatten()(images), layers.Dense(2)(label)])
    return keras.Model([images, label], head(x))


def gaussian(x):
    return {name: layers.Dense(tiny.LATENTS)(x) for name in ("mean", "log_scale")}


@pytest.mark.parametrize("cls", [keras_gans.BiGAN, keras_gans.ALI, keras_gans.VAE, keras_gans.VAEGAN])
def test_a_generator_that_is_told_a_label_is_refused_where_nothing_tells_it(cls):
    discriminators = {keras_gans.VAE: {}, keras_gans.VAEGAN: {"discriminator": stand_ins.matching()}}
    judging = discriminators.get(cls, {"discriminator": blind()})
    with pytest.raises(ValueError, match=rf"generator of {cls.__name__} takes latents alone.*also \['condition'\].*such as AAE"):
        cls(told_latents(), stand_ins.to_gaussian(), **judging)
    keras_gans.AAE(told_latents(), stand_ins.to_gaussian(), stand_ins.judging_codes())  # which tells it


def test_a_discriminator_that_is_told_a_label_is_refused_where_nothing_tells_it():
    told = told_images(lambda x: {"scores": layers.Dense(1)(x), "features": x})
    with pytest.raises(ValueError, match=r"discriminator of VAEGAN takes images alone.*also \['label'\]"):
        keras_gans.VAEGAN(tiny.generator(), stand_ins.to_gaussian(), told)


@pytest.mark.parametrize("cls", ENCODERS)
def test_an_encoder_that_is_told_a_label_is_refused(cls):
    with pytest.raises(ValueError, match=r"encoder takes images alone.*also \['label'\]"):
        cls(encoder=told_images(gaussian))
