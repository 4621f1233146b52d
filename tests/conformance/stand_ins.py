"""What the library exports, and small GANs that stand in for it. A new class is in here by being exported.

A class that changes the game, and each kind of part, gets a GAN of tiny networks in `GAMES`, for which everything is tried
(`test_games.py`). A class that only changes defaults gets one in `DEFAULTS`, for what may go wrong there (`test_defaults.py`).
"""

import dataclasses
import functools
import inspect
from collections.abc import Callable

import keras
import numpy as np

import keras_gans
from keras_gans import balance
from keras_gans import latents
from keras_gans import losses
from keras_gans import networks
from keras_gans import penalties
from keras_gans import replay
from keras_gans import schedules
from keras_gans.networks.blocks import styles as styles_blocks
from tests import tiny


def small_features():
    """A frozen network, for terms that compare images by one."""
    return keras.Sequential([keras.Input(tiny.SHAPE), keras.layers.Conv2D(3, 3, activation="relu")], name="small_features")


# Arguments of classes that cannot be made without, or are tried with others than their defaults.
ARGUMENTS = {
    keras_gans.EMA: {"decay": 0.9},
    latents.Coded: {"categories": [10]},  # a list, as it comes back from JSON
    keras_gans.hub.SignatureLayer: {"signature": "serve", "output": "images"},
    losses.Perceptual: {"features": small_features()},
    losses.IdentityPreservation: {"features": small_features()},
    keras_gans.layers.Blur: {"taps": [1, 3, 3, 1]},  # a list, as it comes back from JSON
    # Little is done to images: how, is ProbabilisticAugment's.
    keras_gans.layers.AdaptiveAugment: {"probability": 0.5, "policy": "blit", "interval": 1, "images": 100},
    keras_gans.layers.ClassEmbedding: {"classes": 6, "dim": 5},
    keras_gans.layers.ConditionalBatchNormalization: {"spectral_normalization": {"update": "step"}, "synchronized": True},
    keras_gans.layers.ConditioningAugmentation: {"units": 5},
    keras_gans.layers.ConstantInput: {"shape": [8, 8, 8]},
    keras_gans.layers.EqualizedLearningRate: {
        "layer": keras.layers.Conv2D(3, 2, padding="same"),
        "gain": 1.0,
        "lr_multiplier": 0.5,
    },
    keras_gans.layers.FIRDownSampling2D: {"kernel": [1, 3, 3, 1]},
    keras_gans.layers.FIRUpSampling2D: {"kernel": [1, 3, 3, 1]},
    keras_gans.layers.GroupedConv2D: {"filters": 8, "kernel_size": 3, "groups": 4, "padding": "same"},
    keras_gans.layers.TruncationBatchNormalization: {"synchronized": True},
    keras_gans.layers.ModulatedConv2D: {"filters": 3},
    keras_gans.layers.Maxout: {"units": 3, "pieces": 2},
    keras_gans.layers.ProbabilisticAugment: {
        "probability": schedules.LinearDecay(0.9, stop=100),
        "policy": "blit,geometry,bands,noise,cutout",  # without colors: images have eight channels
    },
    keras_gans.layers.PyramidDownSampling2D: {"size": [4, 3]},
    keras_gans.layers.PyramidUpSampling2D: {"size": [16, 12]},
    keras_gans.layers.SpectralNormalization: {"layer": keras.layers.Conv2D(3, 2)},
    keras_gans.layers.StyleTruncation: {"layers": 3, "cutoff": 2},
    keras_gans.layers.VirtualBatchNormalization: {"reference_size": 2},
    keras_gans.metrics.ModeCoverage: {"centers": [[0.0, 0.0]], "sigma": 1.0},
    keras_gans.replay.Replay: {"capacity": 2},
    keras_gans.schedules.Cosine: {"first": 0.9, "last": 0.99, "stop": 64, "batch_size": 8},
    keras_gans.schedules.Growth: {"hold": 8, "fade": 4, "start": 8, "step_sizes": {8: 4}, "learning_rates": {16: 1.5}},
    keras_gans.schedules.HalfLife: {"half_life": schedules.Cosine(0, 32, 64), "batch_size": 8},
    keras_gans.schedules.LinearDecay: {"learning_rate": 2e-4, "stop": 8, "start": 2},
}


def exported(module, base):
    """The public classes of a module that derive from `base`, itself left out."""
    classes = [getattr(module, name) for name in module.__all__]
    return [cls for cls in classes if inspect.isclass(cls) and issubclass(cls, base) and cls is not base]


LOSSES = exported(losses, losses.AdversarialLoss)
# Terms that read the source of a translation, tried in CycleGAN's games.
OF_TRANSLATIONS = [losses.CycleConsistency, losses.Identity, losses.SelfRegularization]
# And of encoders, UNIT's and the latent regressor's, or of codes, InfoGAN's.
OF_ENCODERS = [losses.SelfReconstruction, losses.LatentRegression, losses.MutualInformation]
OF_ENCODERS += [losses.FeatureReconstruction]  # and of VAEGAN's
OF_EDITS = [losses.IdentityPreservation]  # and of faces at other ages, in CAAE
OF_STYLES = [penalties.PathLength]  # in StyleGAN2
TERMS = [
    *(cls for cls in exported(losses, losses.AuxiliaryLoss) if cls not in OF_TRANSLATIONS + OF_ENCODERS + OF_EDITS),
    *(cls for cls in exported(penalties, penalties.Penalty) if cls not in OF_STYLES),
]
RULES = exported(balance, balance.Balance)
PRIORS = [cls for cls in exported(latents, latents.Latents) if cls is not latents.NoLatents]
REPLAYS = exported(replay, replay.Replay)
MODELS = [cls for cls in exported(keras_gans, keras.Model) if issubclass(cls, keras_gans.GAN)]
SERIALIZABLE = [
    cls
    for module in (keras_gans, *(getattr(keras_gans, name) for name in keras_gans.__all__ if name.isalpha() and name.islower()))
    for cls in exported(module, keras_gans.utils.Serializable)
]


def images(count):
    return (tiny.images(count),)


def labelled(count):
    return tiny.images(count), tiny.labels(count)


def partly_labelled(count):
    """Unevenly: two replicas get different numbers of labels."""
    return tiny.images(count), np.where(np.arange(count) % 8 < 3, tiny.labels(count), -1)


def clipped(classes=None):
    clip = keras_gans.constraints.Clip(0.1)
    return tiny.discriminator(classes, kernel_constraint=clip, bias_constraint=clip)


def classifying():
    images = keras.Input(tiny.SHAPE, name="images")
    features = keras.layers.LeakyReLU(0.2)(keras.layers.Dense(16)(keras.layers.Flatten()(images)))
    return keras.Model(images, {"scores": keras.layers.Dense(1)(features), "classes": keras.layers.Dense(tiny.CLASSES)(features)})


def featured():
    return keras_gans.networks.with_features(classifying())


def pairs(count):
    """Sources and targets."""
    return tiny.images(count, seed=1), tiny.images(count)


def translating(norm=False):
    """From image to image."""
    source = keras.Input(tiny.SHAPE, name="source")
    x = keras.layers.Conv2D(4, 3, padding="same", activation="relu")(source)
    x = keras.layers.BatchNormalization(synchronized=True)(x) if norm else x
    x = keras.layers.Conv2D(1, 3, padding="same", activation="tanh", dtype="float32")(x)
    return keras.Model(source, keras.layers.Activation("linear", dtype="float32", name="images")(x))


def judging_pairs():
    images, source = keras.Input(tiny.SHAPE, name="images"), keras.Input(tiny.SHAPE, name="source")
    x = keras.layers.Conv2D(4, 4, 2, "same")(keras.layers.Concatenate()([images, source]))
    return keras.Model([images, source], keras.layers.Conv2D(1, 3, dtype="float32")(keras.layers.LeakyReLU(0.2)(x)))


def matching():
    """Gives scores, and features to match."""
    images = keras.Input(tiny.SHAPE, name="images")
    features = keras.layers.LeakyReLU(0.2)(keras.layers.Dense(8)(keras.layers.Flatten()(images)))
    return keras.Model(images, {"scores": keras.layers.Dense(1)(features), "features": features})


def of_features():
    """A frozen network for perceptual losses."""
    return keras.Sequential([keras.Input(tiny.SHAPE), keras.layers.Conv2D(2, 3, activation="relu")])


def with_gaussian():
    """A generator that returns a Gaussian beside its images."""
    generator = tiny.generator(tiny.CLASSES)
    heads = {name: keras.layers.Dense(2, name=name)(generator.inputs[0]) for name in ("mean", "log_scale")}
    return keras.Model(generator.inputs, {"images": generator.output, **heads})


PLAIN = {"generator": tiny.generator, "discriminator": tiny.discriminator}
CONDITIONAL = {role: functools.partial(network, tiny.CLASSES) for role, network in PLAIN.items()}
CLASSIFYING = {**PLAIN, "discriminator": functools.partial(tiny.discriminator, scores=tiny.CLASSES)}


def sharing(first, shared, last, inputs, name):
    """Two networks with layers in common."""
    made = []
    for domain in "ab":
        x = tensor = keras.Input(inputs, name=name)
        for layer in (*first(domain), *shared, *last(domain)):
            x = layer(x)
        made.append(keras.Model(tensor, x))
    return tuple(made)


def coupled_generators():
    def last(domain):
        return [keras.layers.Dense(64, "tanh", name=f"to_{domain}"), keras.layers.Reshape(tiny.SHAPE, name=f"images_{domain}")]

    return sharing(lambda domain: [], [keras.layers.Dense(8, "relu", name="common")], last, (tiny.LATENTS,), "latents")


def coupled_discriminators():
    def first(domain):
        return [keras.layers.Flatten(name=f"flat_{domain}"), keras.layers.Dense(8, name=f"of_{domain}")]

    shared = [keras.layers.LeakyReLU(0.2, name="act"), keras.layers.Dense(1, name="common_scores")]
    return sharing(first, shared, lambda domain: [], tiny.SHAPE, "images")


def coupled_encoders():
    def first(domain):
        return [keras.layers.Flatten(name=f"flat_{domain}"), keras.layers.Dense(8, "relu", name=f"of_{domain}")]

    return sharing(first, [keras.layers.Dense(tiny.LATENTS, name="code")], lambda domain: [], tiny.SHAPE, "images")


def captioned(count):
    """Images, others, and embeddings of their texts."""
    embedding = np.eye(count, 4, dtype="float32") + 0.1
    return ({"image": tiny.images(count), "wrong_image": tiny.images(count, seed=1), "embedding": embedding},)


def of_texts():
    """From noise and an embedding to images, and to a Gaussian of the embedding."""
    z, embedding = keras.Input((tiny.LATENTS,), name="latents"), keras.Input((4,), name="embedding")
    text = keras_gans.layers.ConditioningAugmentation(2)([embedding, z[:, :2]])
    x = keras.layers.Dense(8, "relu")(keras.layers.Concatenate()([z, text["code"]]))
    images = keras.layers.Reshape(tiny.SHAPE, dtype="float32")(keras.layers.Dense(64, "tanh")(x))
    return keras.Model([z, embedding], {"images": images, "mean": text["mean"], "log_scale": text["log_scale"]})


def judging_texts():
    """Told the mean of the generator's code; with a second score, without the text."""
    images, code = keras.Input(tiny.SHAPE, name="images"), keras.Input((2,), name="embedding")
    x = keras.layers.LeakyReLU(0.2)(keras.layers.Dense(8)(keras.layers.Flatten()(images)))
    scores = keras.layers.Dense(1)(keras.layers.Concatenate()([x, code]))
    return keras.Model([images, code], {"scores": scores, "unconditional_scores": keras.layers.Dense(1)(x)})


def encoding(stochastic=False):
    images = keras.Input(tiny.SHAPE, name="images")
    x = keras.layers.Dense(8, "relu")(keras.layers.Flatten()(images))
    heads = {name: keras.layers.Dense(tiny.LATENTS, "tanh", name=name)(x) for name in ("mean", "log_scale")}
    return keras.Model(images, heads if stochastic else heads["mean"])


def judging_pairs_of_codes(unary_scores=False):
    """Judges images and latents together; with unary scores, each alone too."""
    images, code = keras.Input(tiny.SHAPE, name="images"), keras.Input((tiny.LATENTS,), name="latents")
    x = keras.layers.LeakyReLU(0.2)(keras.layers.Dense(8)(keras.layers.Flatten()(images)))
    y = keras.layers.LeakyReLU(0.2)(keras.layers.Dense(8)(code))
    halves = {"scores": keras.layers.Concatenate()([x, y]), "image_scores": x, "code_scores": y}
    scores = {name: keras.layers.Dense(1, name=name)(half) for name, half in halves.items()}
    return keras.Model([images, code], scores if unary_scores else scores["scores"])


def finding_codes():
    """Finds a category of two, and two continuous codes."""
    images = keras.Input(tiny.SHAPE, name="images")
    x = keras.layers.LeakyReLU(0.2)(keras.layers.Dense(8)(keras.layers.Flatten()(images)))
    heads = {"scores": 1, "category_logits": 2, "continuous_mean": 2}
    return keras.Model(images, {name: keras.layers.Dense(units, name=name)(x) for name, units in heads.items()})


def encoder():
    """From images to codes in (-1, 1)."""
    images = keras.Input(tiny.SHAPE, name="images")
    code = keras.layers.Dense(tiny.LATENTS, "tanh", dtype="float32")(keras.layers.Flatten()(images))
    return keras.Model(images, {"latents": code})


def of_ages():
    """From a code and an age to images."""
    z, age = keras.Input((tiny.LATENTS,), name="latents"), keras.Input((tiny.CLASSES,), name="age")
    x = keras.layers.Dense(64, "tanh")(keras.layers.Dense(8, "relu")(keras.layers.Concatenate()([z, age])))
    return keras.Model([z, age], keras.layers.Reshape(tiny.SHAPE, dtype="float32")(x))


def judging_ages():
    """Told the age."""
    images, age = keras.Input(tiny.SHAPE, name="images"), keras.Input((tiny.CLASSES,), name="age")
    x = keras.layers.Dense(8)(keras.layers.Concatenate()([keras.layers.Flatten()(images), age]))
    return keras.Model([images, age], keras.layers.Dense(1, dtype="float32")(keras.layers.LeakyReLU(0.2)(x)))


def judging_codes():
    codes = keras.Input((tiny.LATENTS,), name="latents")
    return keras.Model(codes, keras.layers.Dense(1, dtype="float32")(keras.layers.LeakyReLU(0.2)(keras.layers.Dense(8)(codes))))


def aged(count):
    """Images and signed ages."""
    return tiny.images(count), 2 * np.eye(tiny.CLASSES, dtype="float32")[tiny.labels(count)] - 1


def of_faces():
    """The losses of CAAE's images."""
    return [losses.Reconstruction(1.0, "l2"), losses.TotalVariation(0.1), losses.IdentityPreservation(of_features())]


def to_gaussian():
    """From images to a Gaussian of latents."""
    images = keras.Input(tiny.SHAPE, name="images")
    x = keras.layers.Flatten()(images)
    heads = {name: keras.layers.Dense(tiny.LATENTS, dtype="float32", name=name)(x) for name in ("mean", "log_scale")}
    return keras.Model(images, heads)


def pyramid_of_generators():
    """Of two levels, with classes, the second from a map of noise."""
    noise, coarse = keras.Input((8, 8, 1), name="latents"), keras.Input(tiny.SHAPE, name="coarse")
    band = keras.layers.Conv2D(1, 3, padding="same")(keras.layers.Concatenate()([noise, coarse]))
    second = keras.Model([noise, coarse], keras.layers.Activation("linear", dtype="float32")(band))
    return keras_gans.networks.lapgan.pyramid_generator([tiny.generator(tiny.CLASSES, (4, 4, 1)), second])


def pyramid_of_discriminators():
    images, coarse = keras.Input(tiny.SHAPE, name="images"), keras.Input(tiny.SHAPE, name="coarse")
    x = keras.layers.Dense(8)(keras.layers.Flatten()(keras.layers.Add()([images, coarse])))
    second = keras.Model([images, coarse], keras.layers.Dense(1, dtype="float32")(keras.layers.LeakyReLU(0.2)(x)))
    return keras_gans.networks.lapgan.pyramid_discriminator([tiny.discriminator(tiny.CLASSES, (4, 4, 1)), second])


TRANSLATING = {"generator": translating, "discriminator": tiny.discriminator}
TWO_WAY = {
    "generator": translating,
    "backward_generator": translating,
    "discriminator": tiny.discriminator,
    "backward_discriminator": tiny.discriminator,
}


def growing(build, **arguments):
    """A builder of a network that grows from 4x4 to 8x8."""
    return functools.partial(build, tiny.SHAPE, base_filters=64, max_filters=4, **arguments)


def generator_of_styles():
    """StyleGAN's, whose constant is not the same everywhere: such a map has no variance, which a normalization divides by."""
    generator = growing(networks.stylegan.generator, latents=tiny.LATENTS, mapping_layers=2, style_width=5)()
    generator.get_layer("constant").constant.assign(np.random.default_rng(0).normal(size=(4, 4, 4)))
    return generator


def generator_of_modulated_maps():
    """StyleGAN2's in small: a mapping, one modulated convolution with noise, and one that makes images."""
    mapping = networks.stylegan2.mapping(tiny.LATENTS, mapping_layers=1, style_width=5)
    inputs, styles = styles_blocks.truncated_styles(mapping, 2, None, 0.995)
    x = keras_gans.layers.ConstantInput((*tiny.SHAPE[:2], 2), keras.initializers.RandomNormal(0.0, 1.0))(styles)
    x = keras_gans.layers.ModulatedConv2D(2)([x, styles[:, 0]])
    x = keras.layers.LeakyReLU(0.2)(keras_gans.layers.Bias()(keras_gans.layers.NoiseInjection(per_channel=False)(x)))
    images = keras_gans.layers.ModulatedConv2D(tiny.SHAPE[-1], 1, demodulate=False)([x, styles[:, 1]])
    return keras.Model(inputs, keras_gans.layers.Bias(dtype="float32")(images))


@dataclasses.dataclass(frozen=True)
class StandIn:
    """A small GAN, and data for it.

    Attributes:
        cls: The class of the GAN.
        networks: Dict, the role of a network (an argument of the constructor) to a callable that makes it.
        arguments: Dict, the constructor's other arguments.
        recipe: Callable without arguments that gives arguments of `compile`: parts belong to one GAN.
        data: Callable, a number of examples to arrays of as many: real data, and perhaps labels.
        batches: Int, batches of 8 in an epoch.
    """

    cls: type = keras_gans.GAN
    networks: dict = dataclasses.field(default_factory=lambda: PLAIN)
    arguments: dict = dataclasses.field(default_factory=dict)
    recipe: Callable = dict
    data: Callable = images
    batches: int = 1

    def make(self, **compile_arguments):
        """The compiled GAN."""
        keras.utils.set_random_seed(3)
        networks = {role: network() for role, network in self.networks.items()}
        gan = self.cls(**networks, **self.arguments)
        gan.compile(**{**self.recipe(), **compile_arguments})
        return gan

    def batch(self):
        """Arguments of `train_on_batch`."""
        return self.data(8)

    def dataset(self):
        return tiny.dataset(*self.data(8 * self.batches))


def two_steps():
    """In place of the papers' five, which take long to trace."""
    return {"discriminator_steps": 2}


# How to make models that want more than a generator and a discriminator of images.
MODEL_STAND_INS = {
    keras_gans.ACGAN: {"networks": {**CONDITIONAL, "discriminator": classifying}, "data": labelled},
    keras_gans.BigGAN: {"networks": CONDITIONAL, "data": labelled},
    keras_gans.BigGANDeep: {"networks": CONDITIONAL, "data": labelled},
    keras_gans.ProjectionGAN: {"networks": CONDITIONAL, "data": labelled, "recipe": two_steps},
    keras_gans.SAGAN: {"networks": CONDITIONAL, "data": labelled},
    keras_gans.SNGAN: {"recipe": two_steps},
    keras_gans.ConditionalGAN: {"networks": CONDITIONAL, "data": labelled},
    keras_gans.SemiSupervisedGAN: {"networks": CLASSIFYING, "data": partly_labelled},
    keras_gans.CoGAN: {
        "networks": {"generator": coupled_generators, "discriminator": coupled_discriminators},
        "arguments": {"ema": 0.9},
        "data": pairs,
    },
    keras_gans.InfoGAN: {
        "networks": {**PLAIN, "discriminator": finding_codes},
        "arguments": {"latents": latents.Coded(2, (2,), 2)},
    },
    keras_gans.BiGAN: {
        "networks": {**PLAIN, "encoder": encoding, "discriminator": functools.partial(judging_pairs_of_codes, unary_scores=True)},
        "arguments": {"ema": 0.9},
    },
    keras_gans.ALI: {
        "networks": {**PLAIN, "encoder": functools.partial(encoding, stochastic=True), "discriminator": judging_pairs_of_codes},
    },
    keras_gans.LatentRegressor: {"networks": {**PLAIN, "encoder": encoding}, "arguments": {"joint": True}},
    keras_gans.CAAE: {
        "networks": {
            "generator": of_ages,
            "encoder": encoder,
            "discriminator": judging_ages,
            "code_discriminator": judging_codes,
        },
        "arguments": {"ema": 0.9},
        "recipe": lambda: {"auxiliary_losses": {"image": of_faces()}},
        "data": aged,
    },
    keras_gans.AAE: {
        "networks": {"generator": tiny.generator, "encoder": encoder, "discriminator": judging_codes},
        "arguments": {"ema": 0.9},
    },
    keras_gans.VAEGAN: {
        "networks": {"generator": tiny.generator, "encoder": to_gaussian, "discriminator": matching},
        "arguments": {"ema": 0.9, "gamma": 0.1, "discriminate_reconstructions": True},
        "recipe": lambda: {"discriminator_steps": 1},  # without its rule
    },
    keras_gans.LAPGAN: {
        "networks": {"generator": pyramid_of_generators, "discriminator": pyramid_of_discriminators},
        "arguments": {"ema": 0.9, "classes": tiny.CLASSES},
        "data": labelled,
    },
    # The second of two rounds is in the middle of a fade.
    keras_gans.ProGAN: {
        "networks": {
            "generator": growing(networks.progan.generator, latents=tiny.LATENTS),
            # A group of images whose deviation is seen would be another one on each replica.
            "discriminator": growing(networks.progan.discriminator, group_size=1),
        },
        "arguments": {"growth": schedules.Growth(hold=4, fade=8)},
    },
    # Of one size: that networks grow is tried with ProGAN's.
    keras_gans.StyleGAN: {
        "networks": {
            "generator": generator_of_styles,
            "discriminator": growing(networks.stylegan.discriminator, group_size=1),
        },
        "arguments": {"growth": schedules.Growth(hold=8, fade=8, start=8)},
    },
    keras_gans.StyleGAN2: {
        "networks": {"generator": generator_of_modulated_maps, "discriminator": tiny.discriminator},
    },
    keras_gans.R3GAN: {"networks": CONDITIONAL, "arguments": {"images": 32, "batch_size": 8}, "data": labelled},
    keras_gans.StackGAN: {"networks": {"generator": of_texts, "discriminator": judging_texts}, "data": captioned},
    keras_gans.UNIT: {
        "networks": {"generator": coupled_generators, "encoder": coupled_encoders, "discriminator": coupled_discriminators},
        "arguments": {"ema": 0.9},
        "data": pairs,
    },
    keras_gans.CycleGAN: {
        "networks": TWO_WAY,
        "arguments": {"ema": 0.9},
        "recipe": lambda: {"auxiliary_losses": [cls() for cls in OF_TRANSLATIONS]},
        "data": pairs,
    },
    keras_gans.DiscoGAN: {
        "networks": {**TWO_WAY, "discriminator": matching, "backward_discriminator": matching},
        "recipe": lambda: {"auxiliary_losses": [losses.CycleConsistency(form="l2"), losses.FeatureMatching()]},
        "data": pairs,
    },
    keras_gans.Pix2Pix: {
        "networks": {"generator": functools.partial(translating, norm=True), "discriminator": judging_pairs},
        "arguments": {"sampling_batch_size": 2},
        "data": pairs,
    },
    keras_gans.SimGAN: {
        "networks": TRANSLATING,
        "recipe": lambda: {"discriminator_steps": 1, "generator_steps": 2, "loss": losses.SumOverPatches()},
        "data": pairs,
    },
    keras_gans.SRGAN: {
        "networks": TRANSLATING,
        "recipe": lambda: {"auxiliary_losses": [losses.Perceptual(of_features(), scale=1.0)]},
        "data": lambda count: (0.5 * tiny.images(count, seed=1) + 0.5, tiny.images(count)),
    },
    keras_gans.UnrolledGAN: {"arguments": {"unroll_steps": 2}},
    keras_gans.GAN: {"arguments": {"ema": 0.9}},
    keras_gans.WGAN: {"recipe": two_steps},
    keras_gans.WGANGP: {"recipe": two_steps},
}


def prior(cls):
    """A prior of the tiny generators' latents."""
    return cls(2, (2,), 2) if cls is latents.Coded else cls(tiny.LATENTS)


def stand_in(cls):
    """The stand-in of a model or a prior."""
    if cls in PRIORS:
        return StandIn(arguments={"latents": prior(cls)})
    return StandIn(cls, **MODEL_STAND_INS.get(cls, {}))


def that_change_the_game(models):
    """The models of which a body has more of a GAN than a constructor and a recipe: their own, or that of a base which no model
    before them has."""
    covered, found = set(keras_gans.GAN.__mro__), []
    for cls in sorted(models, key=lambda cls: len(cls.__mro__)):  # a base before what derives from it
        bodies = [base for base in cls.__mro__ if base not in covered]
        own = {name for body in bodies for name in vars(body) if not name.startswith("__") and hasattr(keras_gans.GAN, name)}
        if cls is keras_gans.GAN or own - {"recipe"}:
            covered |= set(bodies)
            found.append(cls)
    return found


def has_state(part):
    """Whether a part's own body makes or moves state."""
    return bool({"build_for", "after_step", "observe"} & vars(part).keys())


def terms_on(heads):
    """Arguments of `compile`: the terms that read scores and `heads` of the discriminator only, at a tenth of their weight."""
    made = [cls(**ARGUMENTS.get(cls, {})) for cls in TERMS]
    terms = [
        type(term)(**{**ARGUMENTS.get(type(term), {}), "weight": 0.1 * term.weight})
        for term in made
        if set(term.heads) <= set(heads)
    ]
    return {
        "auxiliary_losses": [term for term in terms if isinstance(term, losses.AuxiliaryLoss)],
        "penalties": [term for term in terms if isinstance(term, penalties.Penalty)],
    }


# Small GANs by name: a class that changes the game, or what else the parts of a GAN may do.
GAMES = {cls.__name__: stand_in(cls) for cls in that_change_the_game(MODELS)}
GAMES["all_terms"] = StandIn(
    networks={"generator": with_gaussian, "discriminator": featured},
    recipe=lambda: terms_on({"features", "classes"}),
    data=labelled,
)
# Labels, several steps of the discriminator, constraints, a lazy term.
GAMES["rounds"] = StandIn(
    networks={**CONDITIONAL, "discriminator": functools.partial(clipped, tiny.CLASSES)},
    recipe=lambda: {"discriminator_steps": 2, "loss": "wasserstein", "penalties": [penalties.R1(0.1, every=3)]},
    data=labelled,
    batches=2,
)
# One of the other, all with state: Fisher's multiplier, and updates for the schedule of a share.
GAMES["stateful_losses"] = StandIn(
    recipe=lambda: {"loss": losses.Weighted(losses.Symmetric(losses.Fisher()), generator=schedules.LinearDecay(0.9, stop=100))}
)
for _cls in REPLAYS:
    # What the discriminator is told of a fake is remembered with it.
    GAMES[_cls.__name__] = StandIn(
        networks=CONDITIONAL,
        recipe=lambda cls=_cls: {"update_rule": "alternating", "replay": cls(6)},
        data=labelled,
        batches=2,
    )
for _cls in RULES:
    # What a rule chooses is arithmetic in Python, tried in tests/balance; one of them stands for what they share.
    if has_state(_cls) or _cls is balance.LossChange:
        GAMES[_cls.__name__] = StandIn(recipe=lambda cls=_cls: {"balance": cls()}, batches=2)

DEFAULTS = {cls.__name__: stand_in(cls) for cls in [*MODELS, *PRIORS] if cls.__name__ not in GAMES}
