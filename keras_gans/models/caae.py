"""CAAE."""

import numpy as np
import tensorflow as tf

from keras_gans import networks
from keras_gans.export import Sampler
from keras_gans.latents import Uniform
from keras_gans.losses import Reconstruction
from keras_gans.losses import TotalVariation
from keras_gans.losses import Weighted
from keras_gans.models.autoencoding import Autoencoding
from keras_gans.models.encoding import inverse_networks
from keras_gans.models.paper import adam_for_both
from keras_gans.models.paper import paper_width
from keras_gans.training.gan import GAN
from keras_gans.training.minibatch import Cached
from keras_gans.training.minibatch import Minibatch
from keras_gans.training.network_calls import run_network
from keras_gans.training.network_checks import output_shape
from keras_gans.utils import random
from keras_gans.utils.conditions import by_name
from keras_gans.utils.conditions import names_of
from keras_gans.utils.network_inputs import NetworkInputs
from keras_gans.utils.networks import images_in
from keras_gans.utils.signed_rows import assured_signed
from keras_gans.utils.signed_rows import check_signed
from keras_gans.utils.signed_rows import signed_rows
from keras_gans.utils.split_batch import split_batch

_LABELS = ("age", "gender")


class CAAE(Autoencoding, GAN):
    """CAAE: faces at other ages. An autoencoder whose decoder is told the age, and whose images and codes are both judged.

    D_img: BCE(D_img(x, l), 1) + BCE(D_img(G(E(x), l), l), 0)
    D_z:   BCE(D_z(z), 1) + BCE(D_z(E(x)), 0)                           z of the prior, uniform in (-1, 1)
    E, G:  100 mean (G(E(x), l) - x)^2 + 10 TV(G(E(x), l)) + BCE(D_img(G(E(x), l), l), 1) + BCE(D_z(E(x)), 1)

    where l is the image's own label and TV is `losses.TotalVariation`: two games, "image" and "code". Where codes fill the
    prior's cube, and say nothing of age, a code that is decoded with another age shows the same face at that age: `age`. All
    networks move at once, from one pass; Adam(2e-4, beta_1=0.5). The authors' batches have 100 images, 50 epochs of UTKFace.

    weights="paper":    those above, the paper's
    weights="release":  what the authors' code trains with: mean |G(E(x), l) - x| + 1e-4 BCE(D_img(G(E(x), l), l), 1), no total
                        variation, and nothing of D_z, though it learns. Almost an autoencoder of images and labels.

    Data are batches of images in [-1, 1] and their labels: the age, one-hot rows in {-1, 1} (`keras_gans.data.signed_one_hot`),
    or a dict of "age" and "gender", such rows each. `keras_gans.data.utkface` makes them; `gender` is False or True in both. With
    the gender it is CAAE-G; with `losses.IdentityPreservation` among the image game's losses besides, CAAE-GV.

    Args:
        generator, encoder, discriminator, code_discriminator: Networks instead of the paper's, `keras_gans.networks.caae`:
            latents and labels, inputs called "age" and perhaps "gender", to images; images to latents; images and labels to
            scores; latents to scores. Those that are not given are made for the generator's shapes.
        gender: Bool, whether the networks are told the gender. Default: that of the generator given, else False.
        ages: Int, how many groups of ages there are. Default: that of the generator given, else 10.
        weights: "paper" or "release", those of the terms in the default recipe. Default: "paper".
        image_shape: Tuple (size, size, channels), size a power of two. Default: (128, 128, 3).
        latents: A prior, or the width of a `Uniform` one. Default: `Uniform`, of the generator's width, or 50.
        ema, name: As in `GAN`; the encoder has an average, too.

    Raises:
        ValueError: for other `weights`; if the networks do not fit together; from `fit`, `generate`, `reconstruct` and
            `predict`, if labels are not one-hot rows in {-1, 1}.
        tf.errors.InvalidArgumentError: from `fit`, if labels of a later batch are none. XLA leaves out such checks.

    Example:

    ```python
    gan = keras_gans.CAAE(keras_gans.networks.caae.generator((16, 16, 1), filters=4))
    gan.compile()
    images = np.random.default_rng(0).uniform(-1, 1, (8, 16, 16, 1)).astype("float32")
    labels = {"age": keras_gans.data.signed_one_hot(np.arange(8), 10), "gender": keras_gans.data.signed_one_hot([0, 1] * 4, 2)}
    gan.fit(images, labels, batch_size=4)
    print(gan.age(images, gender=labels["gender"]).shape)  # (8, 10, 16, 16, 1)
    print(gan.age(images[:2], groups=[0, 9], gender=1).shape)  # (2, 2, 16, 16, 1)
    ```

    `callbacks.SampleGrid(folder, classes=keras_gans.data.signed_one_hot(range(10), 10))` shows each age while it trains.

    Differences: the paper does not say whether its squared distance and its total variation are sums or means; here both are
    means. The release begins with ten epochs of the reconstruction alone: a schedule as the share of `losses.Weighted` does
    that. Metrics of `evaluate` see reconstructions.

    Reference:
        Zhang, Song, Qi, Age Progression/Regression by Conditional Adversarial Autoencoder (2017), arXiv:1702.08423; matches
        ZZUTK/Face-Aging-CAAE. With the gender: Xiao, Zhao, Enhance Gender and Identity Preservation in Face Aging Simulation
        for Infants and Toddlers (2020), arXiv:2011.07431.
    """

    roles = {"discriminator": ("discriminator", "code_discriminator"), "generator": ("generator", "encoder")}
    games = {"image": "discriminator", "code": "code_discriminator"}

    def __init__(
        self,
        generator=None,
        encoder=None,
        discriminator=None,
        code_discriminator=None,
        gender=None,
        ages=None,
        weights="paper",
        image_shape=(128, 128, 3),
        latents=None,
        ema=None,
        name=None,
    ):
        if weights not in ("paper", "release"):
            raise ValueError(f'`weights` must be "paper" or "release". Received: weights={weights!r}')
        build, labels = networks.caae, {"ages": 10 if ages is None else ages, "genders": 2 if gender else None}
        given = generator, encoder, image_shape, latents
        generator, encoder, latents = inverse_networks(build, *given, prior=Uniform, **labels)
        widths = _label_widths(generator)
        for argument, said, told in (("gender", gender, "gender" in widths), ("ages", ages, widths["age"])):
            if said is not None and said != told:
                raise ValueError(
                    f"`{argument}` must match the generator's labels, {told}. Received: {argument}={said!r}. Leave it out, or "
                    "make the generator with it."
                )
        if discriminator is None:
            discriminator = build.discriminator(output_shape(generator), widths["age"], widths.get("gender"))
        if code_discriminator is None:
            code_discriminator = build.code_discriminator(paper_width(latents))
        super().__init__(generator, discriminator, latents, ema, None, name)
        self.published_weights = weights  # Keras has `weights`
        self.set_networks(encoder=encoder, code_discriminator=code_discriminator)

    def recipe(self):
        release = self.published_weights == "release"
        losses = [Reconstruction(1.0, "l1")] if release else [Reconstruction(100.0, "l2"), TotalVariation(10.0)]
        image, code = (1e-4, 0.0) if release else (1.0, 1.0)
        return {
            **super().recipe(),
            **adam_for_both(2e-4, beta_1=0.5, epsilon=1e-8),
            "loss": {"image": Weighted(generator=image), "code": Weighted(generator=code)},
            "auxiliary_losses": {"image": losses},
        }

    @property
    def label_widths(self):
        """The lengths of the labels, by name: "age", and "gender" if the generator is told it."""
        return _label_widths(self.generator)

    def check_networks(self):
        super().check_networks()
        self.check_judge("code_discriminator")
        others = set(NetworkInputs(self.discriminator, "images").conditions) - set(self.label_widths)
        if others:
            raise ValueError(
                f"The discriminator may only take the labels that the generator takes, {list(self.label_widths)}. Received: one "
                f"that takes also {sorted(others)}."
            )

    def draw(self, real, condition, seed, training=True):
        codes, output, losses = self.autoencode(real, condition, seed, training)
        minibatch = self.minibatch(real, output, codes, condition, seed, training, kind=AgeMinibatch)
        minibatch.gan = self
        minibatch.generator_losses.extend(losses)
        minibatch.add_game("code", self.code_game(codes, condition, seed, training))
        return minibatch

    def unpack(self, batch):
        real, condition = super().unpack(batch)
        return real, _assured_labels(condition, self.condition_input)

    def check_batch(self, batch):
        wanted = self.condition_input
        labels = split_batch(self.local_part(batch), names_of(wanted))[1]
        _check_gender(labels, wanted)
        _check_labels(labels, wanted)
        super().check_batch(batch)

    def check_labels(self, batch):
        labels = split_batch(batch, names_of(self.condition_input))[1]
        _check_gender(labels, self.condition_input)
        _check_labels(labels, self.condition_input)

    def make_sampler(self, network, endpoints):
        return LabelSampler(network, self.latents, None, self.image_range, endpoints)

    def age(self, images, groups=None, gender=None):
        """Faces at other ages: each is encoded once, and decoded with each age.

        Args:
            images: Float array `(n, height, width, channels)`, in `image_range`.
            groups: Int or ints, a group of ages or several. Default: all.
            gender: For a GAN that is told the gender: an int for all, n ints, or one-hot rows in {-1, 1} `(n, 2)`, as of
                `keras_gans.data.utkface`.

        Returns:
            Float32 NumPy array `(n, len(groups), height, width, channels)`; `(n, 1, ...)` of one group.

        Raises:
            ValueError: if there are no such groups or genders; if the gender is missing, or the GAN is not told it; if the images
                have another shape or range.
        """
        widths = self.label_widths
        if ("gender" in widths) != (gender is not None):
            told, remedy = ("is", "Pass it") if gender is None else ("is not", "Leave it out, or make one with gender=True")
            raise ValueError(f"This GAN {told} told the gender. Received: gender={gender!r}. {remedy}.")
        ages = signed_rows(range(widths["age"]) if groups is None else groups, widths["age"], "groups")
        ages = ages[None] if ages.ndim == 1 else ages
        if ages.ndim != 2 or not len(ages):
            raise ValueError(f"`groups` must be a group of ages, or a list of groups. Received: groups={groups!r}")
        codes = self.encode(images)
        condition = {"age": np.tile(ages, (len(codes), 1))}
        if gender is not None:
            if np.ndim(gender) == 2:
                check_signed(gender, widths["gender"], "gender")
            rows = np.asarray(gender, "float32") if np.ndim(gender) == 2 else signed_rows(gender, widths["gender"], "gender")
            if rows.shape not in ((widths["gender"],), (len(codes), widths["gender"])):
                raise ValueError(f"`gender` must be one for all, or one for each of {len(codes)} images. Received: {rows.shape}.")
            condition["gender"] = np.repeat(np.broadcast_to(rows, (len(codes), widths["gender"])), len(ages), axis=0)
        made = self.generate(condition=condition, latents=np.repeat(codes, len(ages), axis=0))
        return made.reshape(len(codes), len(ages), *made.shape[1:])


class LabelSampler(Sampler):
    """A sampler whose condition is labels, one-hot rows in {-1, 1}, and which takes no others."""

    def check_condition(self, condition):
        super().check_condition(condition)
        _check_labels(condition, self.condition_input)

    def run(self, latents, condition=None, truncation=None, training=False, noise=None):
        return super().run(latents, _assured_labels(condition, self.condition_input), truncation, training, noise)


class AgeMinibatch(Minibatch):
    """A minibatch of faces that can be edited.

    Attributes:
        edited: Float32 tensor, the faces of the same codes at ages that are drawn, each group as likely as another.
    """

    gan = None

    @Cached
    def edited(self):
        ages, several = self.gan.label_widths["age"], isinstance(self.condition, dict)
        drawn = ages * random.uniform(tf.shape(self.latents)[:1], self.seed_for("edited"))
        rows = 2.0 * tf.one_hot(tf.cast(drawn, tf.int32), ages) - 1.0
        condition = {**self.condition, "age": rows} if several else rows
        output, losses = run_network(self.gan.generator, "latents", self.latents, condition, self.training)
        self.generator_losses.extend(losses)
        return tf.cast(images_in(output), tf.float32)


def _label_widths(generator):
    """The lengths of the labels that a generator is told, by name."""
    told = {name: tuple(tensor.shape[1:]) for name, tensor in NetworkInputs(generator, "latents").conditions.items()}
    if "age" not in told or not set(told) <= set(_LABELS) or any(len(shape) != 1 for shape in told.values()):
        raise ValueError(
            'The generator must take latents and vectors of labels: inputs called "age" and perhaps "gender". Received beside '
            f"latents: {told}."
        )
    return {name: shape[0] for name, shape in told.items()}


def _check_gender(labels, wanted):
    """Raises a ValueError if data have the gender and the GAN is not told it, or the other way round."""
    told, had = isinstance(wanted, dict), isinstance(labels, dict) and "gender" in labels
    if had and not told:
        raise ValueError(
            "This CAAE does not take the gender, which the data have. Leave it out, keras_gans.data.utkface(gender=False), or "
            "make the CAAE with gender=True (networks of your own with genders=2)."
        )
    if told and not had and labels is not None and not isinstance(labels, (tuple, list)):
        raise ValueError(
            "This CAAE takes the gender, which the data lack. Add it, keras_gans.data.utkface(gender=True), or make the CAAE "
            "with gender=False (networks of your own with genders=None)."
        )


def _check_labels(condition, wanted):
    """Raises a ValueError unless the labels that are there are one-hot rows in {-1, 1}."""
    if condition is not None:
        for name, rows in _named(by_name(condition, wanted), wanted).items():
            check_signed(rows, _named(wanted, wanted)[name].shape[-1], name)


def _assured_labels(condition, wanted):
    """The labels, a tensor or a dict of several, in a graph that stops at others than one-hot rows in {-1, 1}."""
    if condition is None:
        return None
    widths = _named(wanted, wanted)
    labels = {name: assured_signed(rows, widths[name].shape[-1], name) for name, rows in _named(condition, wanted).items()}
    return labels if isinstance(wanted, dict) else labels[_LABELS[0]]


def _named(labels, wanted):
    """The labels as a dict by name; a single one is the age."""
    return labels if isinstance(wanted, dict) else {_LABELS[0]: labels}
