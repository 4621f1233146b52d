"""CAAE: its recipes as published, what reaches which network, and faces at other ages."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gans
from keras_gans import losses
from keras_gans import networks
from tests import tiny
from tests.conformance import stand_ins
from tests.networks import counting

pytestmark = pytest.mark.slow

SMALL = {"image_shape": (8, 8, 1), "filters": 4}
IMAGES = tiny.images(4)
AGES = keras_gans.data.signed_one_hot([0, 3, 4, 3], 5)
GENDERS = keras_gans.data.signed_one_hot([0, 1, 1, 0], 2)
EVERY_AGE = keras_gans.data.signed_one_hot(range(5), 5)


def told(name, shape, gender, units, *last):
    """A small network that is told the age, and perhaps the gender."""
    inputs = [keras.Input(shape, name=name), keras.Input((5,), name="age")]
    if gender:
        inputs.append(keras.Input((2,), name="gender"))
    x = layers.Concatenate()([layers.Flatten()(each) for each in inputs])
    for layer in (layers.Dense(8), layers.LeakyReLU(0.2), layers.Dense(units), *last):
        x = layer(x)
    return keras.Model(inputs, x)


def caae(gender=False, compiled=True, **arguments):
    keras.utils.set_random_seed(0)
    generator = told("latents", (tiny.LATENTS,), gender, 64, layers.Activation("tanh"), layers.Reshape(tiny.SHAPE))
    discriminator = told("images", tiny.SHAPE, gender, 1)
    gan = keras_gans.CAAE(generator, stand_ins.encoder(), discriminator, stand_ins.judging_codes(), **arguments)
    if compiled:
        gan.compile(run_eagerly=True)
    return gan


def labels_of(gender):
    return {"age": AGES, "gender": GENDERS} if gender else AGES


def drawn(gan, gender=False):
    real, condition = gan.unpack((IMAGES, labels_of(gender)))
    minibatch, terms = gan.joint_objectives(real, condition, gan.noise_seed("evaluation"), training=False)
    return minibatch, {player: {name: float(value) for name, value in values.items()} for player, values in terms.items()}


def bce(scores, target):
    return float(tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(tf.fill(scores.shape, float(target)), scores)))


@pytest.mark.parametrize("gender", [False, True])
def test_the_papers_terms(gender):
    gan = caae(gender)
    condition = [AGES, GENDERS] if gender else [AGES]
    minibatch, terms = drawn(gan, gender)
    codes = gan.encoder(IMAGES)["latents"].numpy()
    made = gan.generator([codes, *condition]).numpy()
    code = minibatch.games["code"]
    np.testing.assert_array_equal(code.fake, codes)
    np.testing.assert_allclose(minibatch.fake, made, atol=1e-6)
    assert -1 <= float(tf.reduce_min(code.real)) < -0.5  # the prior's
    assert 0.5 < float(tf.reduce_max(code.real)) < 1
    of_images = [gan.discriminator([images, *condition]) for images in (IMAGES, made)]
    of_codes = [gan.code_discriminator(z) for z in (code.real, codes)]
    expected = {"adversarial": of_images, "code_adversarial": of_codes}
    for name, (real, fake) in expected.items():
        assert terms["discriminator"][name] == pytest.approx(bce(real, 1) + bce(fake, 0), rel=1e-5), name
        assert terms["generator"][name] == pytest.approx(bce(fake, 1), rel=1e-5), name
    assert terms["generator"]["reconstruction"] == pytest.approx(100 * np.mean((IMAGES - made) ** 2), rel=1e-5)
    down, across = np.diff(made, axis=1), np.diff(made, axis=2)
    assert terms["generator"]["total_variation"] == pytest.approx(10 * ((down**2).mean() + (across**2).mean()), rel=1e-4)
    assert set(terms["generator"]) == {*expected, "reconstruction", "total_variation"}
    assert set(terms["discriminator"]) == set(expected)
    assert gan.update_rule == "simultaneous"
    for optimizer in gan.optimizers.values():
        assert float(optimizer.learning_rate) == pytest.approx(2e-4)
        assert optimizer.beta_1 == 0.5


def test_the_releases_terms():
    gan = caae(weights="release")
    minibatch, terms = drawn(gan)
    made = minibatch.fake.numpy()
    assert set(terms["generator"]) == {"adversarial", "reconstruction"}
    assert terms["generator"]["adversarial"] == pytest.approx(1e-4 * bce(gan.discriminator([made, AGES]), 1), rel=1e-5)
    assert terms["generator"]["reconstruction"] == pytest.approx(np.abs(IMAGES - made).mean(), rel=1e-5)
    assert set(terms["discriminator"]) == {"adversarial", "code_adversarial"}  # D_z learns though nobody listens
    with pytest.raises(ValueError, match='`weights` must be "paper" or "release"'):
        caae(weights="imagenet")


def gradients(gan, player):
    """The gradients of a player's objective, for every network."""
    real, condition = gan.unpack((IMAGES, AGES))
    roles = gan.all_roles()
    with tf.GradientTape() as tape:
        terms = gan.objective(player, gan.draw(real, condition, gan.noise_seed(player)))
        value = tf.add_n(list(terms.values()))
    found = tape.gradient(value, {role: getattr(gan, role).trainable_variables for role in roles})
    return {role: [each for each in found[role] if each is not None] for role in roles}


def test_the_released_encoder_does_not_hear_the_codes_judge():
    for weights, hears in (("paper", True), ("release", False)):
        gan = caae(weights=weights)
        found = gradients(gan, "generator")
        assert bool(found["code_discriminator"]) is hears
        for variable in gan.code_discriminator.trainable_variables:
            variable.assign(3.0 * variable + 0.1)
        again = gradients(gan, "generator")
        same = all(np.array_equal(a, b) for a, b in zip(found["encoder"], again["encoder"], strict=True))
        assert same is not hears
        assert all(np.array_equal(a, b) for a, b in zip(found["generator"], again["generator"], strict=True))


def test_each_discriminator_learns_from_its_own_game_and_the_faces_network_stays():
    gan, face = caae(compiled=False), stand_ins.of_features()
    gan.compile(auxiliary_losses={"image": [losses.IdentityPreservation(face)]}, run_eagerly=True, **tiny.sgd())
    phi = gan.terms["identity_preservation"].network
    before = [value.numpy() for value in phi.weights]
    real, condition = gan.unpack((IMAGES, AGES))
    own = {"image": "discriminator", "code": "code_discriminator"}
    for game, role in own.items():
        with tf.GradientTape() as tape:
            minibatch = gan.draw(real, condition, gan.noise_seed("discriminator"))
            played = gan.play("discriminator", game, dict(gan.games_of(minibatch))[game])
        (other,) = set(own.values()) - {role}
        found = tape.gradient(played["adversarial"], [getattr(gan, each).trainable_variables for each in (role, other)])
        assert all(each is not None for each in found[0])
        assert all(each is None for each in found[1])
    gan.train_on_batch(IMAGES, AGES)
    for value, old in zip(phi.weights, before, strict=True):
        np.testing.assert_array_equal(value, old)


def test_all_move_from_one_pass():
    """A step of both equals the gradients at the weights before it."""
    gan = caae()
    gan.compile(run_eagerly=True, **tiny.sgd(0.1))
    values = {role: [v.numpy() for v in getattr(gan, role).trainable_variables] for role in gan.all_roles()}
    real, condition = gan.unpack((IMAGES, AGES))
    with tf.GradientTape(persistent=True) as tape:
        _, terms = gan.joint_objectives(real, condition, gan.noise_seed("discriminator"))
        totals = {player: tf.add_n(list(each.values())) for player, each in terms.items()}
    expected = {
        role: tape.gradient(totals[player], getattr(gan, role).trainable_variables)
        for player in totals
        for role in gan.roles[player]
    }
    gan.train_on_batch(IMAGES, AGES)
    for role, before in values.items():
        for variable, old, gradient in zip(getattr(gan, role).trainable_variables, before, expected[role], strict=True):
            np.testing.assert_allclose(variable, old - 0.1 * gradient, atol=2e-5, err_msg=variable.path)


def test_identity_is_kept_at_an_age_that_is_drawn():
    gan, face = caae(gender=True, compiled=False), stand_ins.of_features()
    gan.compile(auxiliary_losses={"image": [losses.IdentityPreservation(face, weight=0.5)]})
    real, condition = gan.unpack((IMAGES, labels_of(True)))
    seen = []
    for step in range(20):
        minibatch = gan.draw(real, condition, keras_gans.utils.random.make_seed(step), training=False)
        codes = minibatch.latents.numpy()
        every = np.stack([gan.generator([codes, np.tile(row, (4, 1)), GENDERS]) for row in EVERY_AGE])
        distance = np.abs(every - minibatch.edited.numpy()).max((2, 3, 4))
        assert distance.min(0).max() < 1e-5  # one of the ages, and the gender is the image's own
        seen += distance.argmin(0).tolist()
    assert set(seen) == set(range(5))
    before, after = (gan.terms["identity_preservation"].network(images) for images in (IMAGES, minibatch.edited))
    expected = np.mean(np.sum(np.mean((before - after) ** 2, axis=(1, 2)), axis=-1))
    value = gan.objective("generator", minibatch)["identity_preservation"]
    assert float(value) == pytest.approx(0.5 * expected, rel=1e-4)


def test_terms_of_images_are_refused_in_the_game_of_codes():
    gan = caae(compiled=False)
    gan.compile(auxiliary_losses=[losses.Reconstruction()], run_eagerly=True)
    with pytest.raises(ValueError, match="term that needs images was given to a game without images"):
        gan.train_on_batch(IMAGES, AGES)
    gan.compile(auxiliary_losses={"code": [losses.IdentityPreservation(stand_ins.of_features())]}, run_eagerly=True)
    with pytest.raises(ValueError, match="GAN that edits images"):
        gan.train_on_batch(IMAGES, AGES)


def test_one_group_of_ages():
    gan = caae(compiled=False)
    for group in (3, np.int64(3), np.array(3)):
        np.testing.assert_array_equal(gan.age(IMAGES, group), gan.age(IMAGES, [3]))
    assert gan.age(IMAGES, 0).shape == (4, 1, *tiny.SHAPE)


@pytest.mark.parametrize("gender", [False, True])
def test_a_face_is_encoded_once_and_decoded_with_each_age(gender, tmp_path):
    gan = caae(gender, ema=0.9)
    gan.train_on_batch(IMAGES, labels_of(gender))
    own = {"gender": GENDERS} if gender else {}
    faces = gan.age(IMAGES, **own)
    assert faces.shape == (4, 5, 8, 8, 1)
    codes = gan.encode(IMAGES)
    assert np.abs(codes).max() <= 1
    np.testing.assert_allclose(codes, gan.ema_encoder(IMAGES)["latents"], atol=1e-6)  # which no label enters
    for group in (0, 4):
        rows = np.tile(EVERY_AGE[group], (4, 1))
        made = gan.ema_generator([codes, rows, GENDERS] if gender else [codes, rows])
        np.testing.assert_allclose(faces[:, group], made, atol=1e-6)
    assert np.abs(faces[:, 0] - faces[:, 4]).max() > 0.1
    np.testing.assert_allclose(gan.age(IMAGES, [4, 0], **own), faces[:, [4, 0]], atol=1e-6)
    made = gan.reconstruct(IMAGES, labels_of(gender))
    np.testing.assert_allclose(made, faces[range(4), [0, 3, 4, 3]], atol=1e-6)
    if gender:
        np.testing.assert_array_equal(gan.age(IMAGES, gender=[0, 1, 1, 0]), faces)
        np.testing.assert_allclose(gan.age(IMAGES[:1], gender=0), faces[:1], atol=1e-6)
    three = {"age": AGES[:3], "gender": GENDERS[:3]} if gender else AGES[:3]
    assert gan.generate(3, condition=three, seed=0).shape == (3, 8, 8, 1)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    np.testing.assert_array_equal(loaded.age(IMAGES, **own), faces)
    gan.export(tmp_path / "1")
    serve = tf.saved_model.load(tmp_path / "1").signatures
    np.testing.assert_allclose(serve["encode"](images=tf.constant(IMAGES))["latents"], codes, atol=1e-6)


def test_networks_that_are_not_given_fit_the_generator():
    gan = keras_gans.CAAE(networks.caae.generator((16, 16, 1), latents=7, ages=4, filters=4))
    assert gan.encoder.output["latents"].shape == (None, 7)
    assert gan.label_widths == {"age": 4, "gender": 2}
    assert [tuple(each.shape) for each in gan.discriminator.inputs] == [(None, 16, 16, 1), (None, 4), (None, 2)]
    assert gan.code_discriminator.input_shape == (None, 7)
    assert (gan.latents.shape, gan.latents.low, gan.latents.high) == ((7,), -1.0, 1.0)


@pytest.mark.parametrize("gender", [None, True])
def test_faces_of_files_fit_the_papers_networks(gender, tmp_path):
    """What the defaults of both make of the files fits; and the same choice of both."""
    for number in range(4):
        keras_gans.utils.save_images(str(tmp_path / f"{20 * number}_{number % 2}_0_{number}.png"), np.zeros((1, 16, 16, 3)))
    choice = {} if gender is None else {"gender": gender}
    faces = keras_gans.data.utkface(str(tmp_path), size=16, batch_size=4, **choice)
    small = {"genders": 2 if gender else None, "filters": 4}  # of the paper's that the class makes, whose widths are the paper's
    gan = keras_gans.CAAE(networks.caae.generator((16, 16, 3), **small))
    with counting.without_weights():
        published = keras_gans.CAAE(image_shape=(16, 16, 3), **choice)
    assert gan.label_widths == published.label_widths
    gan.compile(run_eagerly=True)
    gan.fit(faces, verbose=0)
    assert set(faces.element_spec[1]) == set(gan.label_widths)


def test_what_is_refused():
    gan = caae()
    cases = (
        ((IMAGES, np.eye(5, dtype="float32")[[0, 3, 4, 3]]), r"must be one-hot rows .* in \{-1, 1\}"),
        ((IMAGES, np.array([0, 3, 4, 3])), "signed_one_hot"),
        ((IMAGES, labels_of(True)), r"does not take the gender, which the data have.*utkface\(gender=False\).*gender=True"),
    )
    for batch, message in cases:
        with pytest.raises(ValueError, match=message):
            gan.train_on_batch(*batch)
    for arguments, message in (
        ({"gender": 1}, "is not told the gender"),
        ({"groups": [5]}, r"`groups` must be ints in 0\.\.4"),
        ({"groups": -1}, r"`groups` must be ints in 0\.\.4"),
        ({"groups": True}, "`groups` must be ints"),
        ({"groups": [[3]]}, "must be a group of ages, or a list"),
    ):
        with pytest.raises(ValueError, match=message):
            gan.age(IMAGES, **arguments)
    gan = caae(gender=True)
    for labels in (AGES, {"age": AGES}):
        with pytest.raises(ValueError, match=r"takes the gender, which the data lack.*utkface\(gender=True\).*gender=False"):
            gan.train_on_batch(IMAGES, labels)
    for gender, message in ((None, "is told the gender"), ([0, 1], "one for each of 4 images"), (2, r"ints in 0\.\.1")):
        with pytest.raises(ValueError, match=message):
            gan.age(IMAGES, gender=gender)
    with pytest.raises(ValueError, match='inputs called "age"'):
        keras_gans.CAAE(tiny.generator(3))
    with pytest.raises(ValueError, match="code_discriminator must take the encoder's codes"):
        keras_gans.CAAE(networks.caae.generator(latents=6, **SMALL), code_discriminator=networks.caae.code_discriminator(5))
    with pytest.raises(ValueError, match="`gender` must match the generator's labels, False. Received: gender=True"):
        keras_gans.CAAE(networks.caae.generator(genders=None, **SMALL), gender=True)
    with pytest.raises(ValueError, match="`ages` must match the generator's labels, 5. Received: ages=7"):
        caae(ages=7)
    with pytest.raises(ValueError, match="may only take the labels that the generator takes"):
        keras_gans.CAAE(networks.caae.generator(genders=None, **SMALL), discriminator=networks.caae.discriminator(**SMALL))


@pytest.mark.parametrize("gender", [False, True])
def test_every_way_in_takes_signed_rows_alone(gender):
    gan, ones = caae(gender, compiled=False), np.eye(5, dtype="float32")[[0, 3, 4, 3]]
    wrong = [ones, np.array([0, 3, 4, 3]), np.eye(5)[0], 0.5 * AGES, -np.ones((4, 5)), np.ones((4, 5))]
    for ages in wrong:
        condition = {"age": ages, "gender": GENDERS} if gender else ages
        for answer in (
            lambda: gan.generate(4, condition=condition),  # noqa: B023
            lambda: gan.reconstruct(IMAGES, condition),  # noqa: B023
            lambda: gan.as_sampler().generate(4, condition=condition),  # noqa: B023
        ):
            with pytest.raises(ValueError, match=r'"age" must be one-hot rows \(batch, 5\) in \{-1, 1\}.*signed_one_hot'):
                answer()
    latents = np.zeros((4, tiny.LATENTS), "float32")
    for ages in (ones, np.array([0, 3, 4, 3])):
        condition = {"age": ages, "gender": GENDERS} if gender else ages
        for data in ((latents, condition), tf.data.Dataset.from_tensors(((latents, condition),))):
            with pytest.raises(ValueError, match=r'"age" must be one-hot rows \(batch, 5\) in \{-1, 1\}.*signed_one_hot'):
                gan.predict(data, verbose=0)
    assert gan.generate(4, condition={"age": EVERY_AGE[0], "gender": GENDERS[:1]} if gender else EVERY_AGE[0]).shape[0] == 4
    if gender:
        with pytest.raises(ValueError, match=r'"gender" must be one-hot rows \(batch, 2\)'):
            gan.age(IMAGES, gender=np.eye(2)[[0, 1, 1, 0]])


def test_labels_of_later_batches_and_of_calls_are_checked():
    gan = caae()
    rows = np.concatenate([AGES, np.eye(5, dtype="float32")[[0, 3, 4, 3]]])
    data = tiny.dataset(np.tile(IMAGES, (2, 1, 1, 1)), rows, batch_size=4)
    with pytest.raises(tf.errors.InvalidArgumentError, match='"age" must be one-hot rows'):
        gan.fit(data, verbose=0)
    with pytest.raises(tf.errors.InvalidArgumentError, match='"age" must be one-hot rows'):
        gan((np.zeros((4, tiny.LATENTS), "float32"), tf.constant(rows[4:])))
