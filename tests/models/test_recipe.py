"""`compile`: defaults, what it accepts, and what a GAN says of itself."""

import dataclasses

import keras
import numpy as np
import pytest

import keras_gans
from keras_gans import latents
from keras_gans import losses
from keras_gans import penalties
from tests import tiny
from tests.conformance import stand_ins


def gan(**arguments):
    return keras_gans.GAN(tiny.generator(), tiny.discriminator(), **arguments)


def rates(model):
    return [float(optimizer.learning_rate) for optimizer in (model.generator_optimizer, model.discriminator_optimizer)]


def test_the_default_recipe():
    model = gan()
    model.compile()
    assert isinstance(model.adversarial_loss, losses.NonSaturating)
    assert model.penalties == {}
    assert (model.discriminator_steps, model.generator_steps, model.update_rule) == (1, 1, "simultaneous")
    for optimizer in model.optimizers.values():
        assert isinstance(optimizer, keras.optimizers.Adam)
        assert float(optimizer.learning_rate) == pytest.approx(2e-4)
        assert optimizer.beta_1 == 0.5


@dataclasses.dataclass(frozen=True)
class Recipe:
    """A paper's recipe, as published."""

    optimizer: type
    rate: float | tuple  # of both players, or of generator and discriminator
    attributes: dict
    loss: type = losses.NonSaturating
    penalties: tuple = ()
    steps: int = 1
    update_rule: str = "simultaneous"


ADAM, RMSPROP, SGD = keras.optimizers.Adam, keras.optimizers.RMSprop, keras.optimizers.SGD
SADDLE = Recipe(ADAM, 1e-4, {"beta_1": 0.5}, losses.Saddle, update_rule="alternating")
BIG = Recipe(ADAM, (5e-5, 2e-4), {"beta_1": 0.0, "beta_2": 0.999}, losses.Hinge, (), 2, "alternating")
SPECTRAL = Recipe(ADAM, 2e-4, {"beta_1": 0.0, "beta_2": 0.9}, losses.Hinge, (), 5, "alternating")
RECIPES = {
    keras_gans.ACGAN: Recipe(ADAM, 2e-4, {"beta_1": 0.5, "beta_2": 0.999}, update_rule="alternating"),
    keras_gans.BigGAN: BIG,
    keras_gans.BigGANDeep: BIG,
    keras_gans.ProjectionGAN: SPECTRAL,
    keras_gans.SAGAN: dataclasses.replace(BIG, rate=(1e-4, 4e-4), steps=1),
    keras_gans.SNGAN: SPECTRAL,
    keras_gans.DCGAN: Recipe(ADAM, 2e-4, {"beta_1": 0.5, "beta_2": 0.999}),
    keras_gans.LSGAN: Recipe(ADAM, 1e-3, {"beta_1": 0.5}, losses.LeastSquares),
    keras_gans.WGAN: Recipe(RMSPROP, 5e-5, {"rho": 0.99, "momentum": 0.0}, losses.Wasserstein, (), 5, "alternating"),
    keras_gans.WGANGP: Recipe(
        ADAM, 2e-4, {"beta_1": 0.0, "beta_2": 0.9}, losses.Wasserstein, (penalties.GradientPenalty,), 5, "alternating"
    ),
    keras_gans.ConditionalGAN: Recipe(SGD, 0.1, {"momentum": 0.5}),
    keras_gans.ConsensusGAN: Recipe(RMSPROP, 1e-4, {"rho": 0.9}),
    keras_gans.LocallyStableGAN: SADDLE,
    keras_gans.UnrolledGAN: SADDLE,
    keras_gans.ProGAN: Recipe(
        ADAM,
        1e-3,
        {"beta_1": 0.0, "beta_2": 0.99},
        losses.Wasserstein,
        (penalties.GradientPenalty, penalties.Drift),
        update_rule="alternating",
    ),
    keras_gans.StyleGAN: Recipe(
        ADAM, 1e-3, {"beta_1": 0.0, "beta_2": 0.99}, losses.NonSaturating, (penalties.R1,), update_rule="alternating"
    ),
    keras_gans.R3GAN: Recipe(
        keras_gans.optimizers.ScheduledAdam,
        2e-4,
        {"beta_1": 0.0, "epsilon": 1e-8},
        losses.Relativistic,
        (penalties.R1, penalties.R2),
        update_rule="alternating",
    ),
    keras_gans.ALI: Recipe(ADAM, 1e-4, {"beta_1": 0.5, "beta_2": 0.999}, losses.Symmetric),
    keras_gans.LatentRegressor: Recipe(ADAM, 2e-4, {"beta_1": 0.5}),
    keras_gans.LAPGAN: Recipe(SGD, 0.02, {"momentum": 0.5}, losses.Weighted, update_rule="alternating"),
}


# These have tests of their own.
TRIED_ELSEWHERE = {
    *(keras_gans.GAN, keras_gans.SemiSupervisedGAN, keras_gans.Pix2Pix, keras_gans.CycleGAN, keras_gans.DiscoGAN),
    *(keras_gans.SimGAN, keras_gans.SRGAN, keras_gans.CoGAN, keras_gans.UNIT, keras_gans.StackGAN),
    *(keras_gans.StyleGAN2, keras_gans.InfoGAN, keras_gans.BiGAN, keras_gans.CAAE, keras_gans.AAE, keras_gans.VAEGAN),
}


def test_no_recipe_is_forgotten():
    assert {*RECIPES, *TRIED_ELSEWHERE} == set(stand_ins.MODELS)


@pytest.mark.parametrize("cls", RECIPES, ids=lambda cls: cls.__name__)
def test_papers(cls):
    recipe, stand_in = RECIPES[cls], stand_ins.stand_in(cls)
    model = cls(**{role: network() for role, network in stand_in.networks.items()})
    model.compile()
    assert rates(model) == pytest.approx(recipe.rate if isinstance(recipe.rate, tuple) else (recipe.rate, recipe.rate))
    for player in model.optimizers.values():
        assert type(player) is recipe.optimizer
        assert {name: getattr(player, name) for name in recipe.attributes} == recipe.attributes
    assert type(model.adversarial_loss) is recipe.loss
    assert tuple(type(penalty) for penalty in model.penalties.values()) == recipe.penalties
    assert (model.discriminator_steps, model.generator_steps, model.update_rule) == (recipe.steps, 1, recipe.update_rule)


@pytest.mark.slow
def test_paper_networks_and_priors():
    assert keras_gans.DCGAN().generator.output_shape == (None, 64, 64, 3)
    critic = keras_gans.WGANGP()
    assert (critic.generator.output_shape, critic.latents.shape) == ((None, 32, 32, 3), (128,))
    prior = keras_gans.ConditionalGAN().latents
    assert (type(prior), prior.shape, prior.low, prior.high) == (latents.Uniform, (100,), 0.0, 1.0)
    small = keras_gans.DCGAN(image_shape=(28, 28, 1), latents=16)
    assert (small.generator.input_shape, small.discriminator.input_shape) == ((None, 16), (None, 28, 28, 1))


def test_one_network_of_the_users_says_the_shape_of_the_papers_other():
    generator = keras_gans.networks.dcgan.generator((32, 32, 1), latents=16)
    model = keras_gans.DCGAN(generator=generator, latents=16)
    assert model.discriminator.input_shape == (None, 32, 32, 1)
    model = keras_gans.LSGAN(discriminator=keras_gans.networks.dcgan.discriminator((28, 28, 2)))
    assert model.generator.output_shape == (None, 28, 28, 2)


def test_the_learning_rate_of_wgan_gp_falls_to_zero_over_the_papers_rounds():
    model = keras_gans.WGANGP(tiny.generator(), tiny.discriminator(), latents=tiny.LATENTS)
    model.compile()
    for optimizer, updates in ((model.generator_optimizer, 100_000), (model.discriminator_optimizer, 500_000)):
        values = []
        for step in (0, updates // 2, updates):
            optimizer.iterations.assign(step)
            values.append(float(optimizer.learning_rate))
        np.testing.assert_allclose(values, [2e-4, 1e-4, 0.0], atol=1e-9)


@pytest.mark.slow
def test_wgan_clips_every_variable_of_the_critic():
    model = keras_gans.WGAN(tiny.generator(), tiny.discriminator(norm=keras.layers.BatchNormalization()), clip=0.005)
    model.compile(discriminator_steps=1, run_eagerly=True)
    model.train_on_batch(tiny.images(4))
    for variable in model.discriminator.trainable_variables:
        assert np.abs(variable.numpy()).max() <= 0.005
    assert max(np.abs(variable.numpy()).max() for variable in model.generator.trainable_variables) > 0.01


def test_none_is_the_papers_and_empty_is_none_at_all():
    model = keras_gans.WGANGP(tiny.generator(), tiny.discriminator(), latents=tiny.LATENTS)
    model.compile(penalties=(), discriminator_steps=1)
    assert model.penalties == {}
    assert model.update_rule == "simultaneous"
    assert isinstance(model.adversarial_loss, losses.Wasserstein)


@pytest.mark.slow
def test_optimizers_in_every_form():
    schedule = keras.optimizers.schedules.ExponentialDecay(0.01, 10, 0.5)
    model = gan()
    model.compile("sgd", keras.optimizers.serialize(keras.optimizers.Adam(3e-4)))
    assert [type(optimizer).__name__ for optimizer in model.optimizers.values()] == ["SGD", "Adam"]
    model.compile(keras.optimizers.RMSprop(schedule), schedule)
    assert rates(model) == pytest.approx([0.01, 0.01])
    assert model.discriminator_optimizer.beta_1 == 0.5  # the recipe's optimizer, with this schedule
    model.train_on_batch(tiny.images())
    assert rates(model) == pytest.approx([0.01 * 0.5**0.1] * 2)


def test_one_optimizer_for_both_players_is_refused():
    one = keras.optimizers.Adam()
    with pytest.raises(ValueError, match="needs an optimizer of its own"):
        gan().compile(one, one)


@pytest.mark.slow
def test_compiling_again_keeps_what_is_passed_again():
    model = gan()
    model.compile(penalties=[penalties.R1()])
    model.train_on_batch(tiny.images())
    model.compile(model.generator_optimizer, model.discriminator_optimizer, metrics=[tiny.Gap()])
    assert int(model.generator_optimizer.iterations.numpy()) == 1
    assert model.penalties == {}
    assert "gap" in model.evaluate(tiny.images(), return_dict=True, verbose=0)


@pytest.mark.slow
def test_networks_in_compile():
    model = keras_gans.GAN(latents=tiny.LATENTS, ema=0.9)
    with pytest.raises(ValueError, match="needs a generator and a discriminator"):
        model.compile()
    model.compile(generator=tiny.generator(), discriminator=tiny.discriminator())
    model.train_on_batch(tiny.images())
    assert model.sampler is model.ema_generator
    with pytest.raises(ValueError, match="already has a generator"):
        model.compile(generator=tiny.generator())


def test_summary(capsys):
    model = keras_gans.WGANGP(tiny.generator(), tiny.discriminator(), latents=tiny.LATENTS)
    model.summary()
    assert "Not compiled" in capsys.readouterr().out
    model.compile()
    lines = []
    model.summary(print_fn=lines.append)
    text = "\n".join(lines)
    generator, discriminator = tiny.LATENTS * 16 + 16 + 17 * 64, 65 * 16 + 17
    assert f"Generator: {generator:,} trainable parameters" in text
    assert f"Discriminator: {discriminator:,} trainable parameters" in text
    assert "Loss: Wasserstein()" in text
    assert "GradientPenalty(" in text
    assert "PolynomialDecay" in text
    assert "5 step(s) a round" in text
    assert "Updates: alternating" in text
    model.compile(penalties=())
    model.summary()
    assert "Penalties: none" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"loss": "hinges"}, "Unknown loss"),
        ({"loss": keras.losses.MeanSquaredError()}, "Unknown loss"),
        ({"penalties": ["r1"]}, "`penalties` must be a list of"),
        ({"penalties": [penalties.R1]}, "Pass an object, not a class"),
        ({"discriminator_steps": 0}, "`discriminator_steps` must be an int >= 1"),
        ({"generator_steps": 1.5}, "`generator_steps` must be an int >= 1"),
        ({"update_rule": "both"}, "`update_rule` must be"),
        ({"update_rule": "simultaneous", "discriminator_steps": 2}, 'Use update_rule="alternating"'),
        ({"metrics": [3]}, "metric"),
        ({"optimizer": "adam"}, r"does not take \['optimizer'\]"),
        ({"weighted_metrics": []}, "does not take"),
        ({"generator_optimizer": "adamw2"}, "adamw2"),
    ],
)
def test_bad_recipes(arguments, message):
    with pytest.raises(ValueError, match=message):
        gan().compile(**arguments)


def test_compiling_again_after_a_slip():
    generator, discriminator = tiny.generator(), tiny.discriminator()
    model = keras_gans.GAN(latents=tiny.LATENTS)
    with pytest.raises(ValueError, match="Unknown loss"):
        model.compile(generator=generator, discriminator=discriminator, loss="hing")
    model.compile(generator=generator, discriminator=discriminator, loss="hinge")
    assert isinstance(model.adversarial_loss, losses.Hinge)


@pytest.mark.parametrize("cls", [keras_gans.DCGAN, keras_gans.WGANGP, keras_gans.ConditionalGAN])
def test_papers_take_the_users_networks_as_they_are(cls):
    classes = tiny.CLASSES if cls is keras_gans.ConditionalGAN else None
    model = cls(tiny.generator(classes), tiny.discriminator(classes))
    assert model.latents.shape == (tiny.LATENTS,)
    assert model.classes == classes
    assert type(model.latents) is (latents.Uniform if classes else latents.Normal)
