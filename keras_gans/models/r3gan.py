"""R3GAN."""

from typing import NamedTuple

from keras_gans import networks
from keras_gans.latents import Normal
from keras_gans.layers import ProbabilisticAugment
from keras_gans.models.paper import paper_classes
from keras_gans.models.paper import paper_networks
from keras_gans.optimizers import ScheduledAdam
from keras_gans.penalties import R1
from keras_gans.penalties import R2
from keras_gans.schedules import Cosine
from keras_gans.schedules import HalfLife
from keras_gans.training.ema import EMA
from keras_gans.training.gan import GAN
from keras_gans.utils.choices import check_choice
from keras_gans.utils.integers import check_ints
from keras_gans.utils.numbers import check_positive


class _Published(NamedTuple):
    """How the networks for one data set were trained.

    Attributes:
        gamma: Float, the weight of the penalties at first; a tenth of it at last.
        half_life: Float, that of the average at last, in parts of the images of the schedules.
        probability: Float, that of each augmentation at last.
        images: Int, how many the schedules last.
        batch_size: Int.
        classes: Int, or None.
    """

    gamma: float
    half_life: float
    probability: float
    images: int = 20_000_000
    batch_size: int = 256
    classes: int | None = None


_PUBLISHED = {
    "cifar10": _Published(0.05, 1 / 4, 0.55, batch_size=512),
    "ffhq64": _Published(2.0, 1 / 40, 0.3),
    "ffhq256": _Published(150.0, 1 / 40, 0.3),
    "imagenet32": _Published(0.5, 1 / 4, 0.5, 200_000_000, 4096, 1000),
    "imagenet64": _Published(1.0, 1 / 4, 0.4, 200_000_000, 4096, 1000),
}
_POLICY = {"blit": 1.0, "geometry": 1.0, "color": 0.5, "cutout": 1.0}  # what is done to images, with shares of the probability


class R3GAN(GAN):
    """R3GAN: the relativistic loss of pairs, regularized on real and on generated images; networks without any normalization.

    D: E[softplus(-(D(real) - D(fake)))] + gamma / 2 (E[||grad D(real)||^2] + E[||grad D(fake)||^2])
    G: E[softplus(-(D(fake) - D(real)))]

    One step each, alternating; Adam with beta_1=0 and epsilon 1e-8. Along half a cosine over `images` images (`schedules.Cosine`)

    - learning rates fall to a quarter, from 2e-4, and beta_2 rises from 0.9 to 0.99,
    - gamma falls to a tenth, from 0.05 for "cifar10", 2 for "ffhq64", 150 for "ffhq256", 0.5 for "imagenet32", 1 for
      "imagenet64",
    - the half-life of the average rises from 0 to a quarter of `images`, a fortieth for FFHQ,
    - the probability of each augmentation of the discriminator's images (`layers.ProbabilisticAugment`: moves, cutout, and
      colors half as often) rises from 0 to 0.55, 0.3 for FFHQ, 0.5 and 0.4 for ImageNet of 32x32 and 64x64.

    The schedules count steps of the players, each as `batch_size` images: `fit` refuses batches of another size. A smaller last
    batch of an epoch counts as a whole one.

    Args:
        generator, discriminator: Networks instead of the paper's, `keras_gans.networks.r3gan`.
        image_shape: Tuple (height, width, channels). Default: that of the configuration, or of `widths`.
        latents: Default: `Normal(64)`.
        configuration: "cifar10", "ffhq64", "ffhq256", "imagenet32" or "imagenet64". Default: "cifar10".
        widths: Tuple of ints, the widths of smaller networks, the smallest map first; see `networks.r3gan.generator`.
        gamma: Float, the weight of the penalties at first. Default: that of the configuration, as above.
        learning_rate: Float, at first; a quarter of it at last. Default: 2e-4, which suits widths of hundreds. Narrow networks
            move too little with it: `widths=(64, 32, 16, 8)` learn with ten times as much, and gamma 1 (docs/style.md).
        images: Int, images that the schedules last: how many the discriminator shall see. Default: 20,000,000, and 200,000,000
            for ImageNet.
        batch_size: Int, that of the data. Default: 512 for "cifar10", 256 for FFHQ, 4096 for ImageNet.
        ema: As in `GAN`; None for none. Default: "published", as above.
        classes: Int, number of labels. Default: that of the networks given, else 1000 for ImageNet, and none for the others. (For
            CIFAR-10 the published figures are those of 10 classes.)
        augment: Keras layer before the paper's discriminator, such as `keras_gans.layers.DiffAugment()`, or None for none.
            Default: "published", as above, of images of 1 or 3 channels. A discriminator that is given sees images as they are,
            unless it begins with such a layer.
        name: String.

    Raises:
        ValueError: for another configuration; if a number is out of range; if `augment` comes beside a discriminator.

    Example:

    ```python
    gan = keras_gans.R3GAN(image_shape=(28, 28, 1), widths=(16, 16, 8), images=1_000_000, batch_size=4)
    gan.compile()
    print(round(gan.optimizer.beta_2, 3), round(float(gan.penalties["r1"].weight_at(250_000)), 4))  # 0.9 0.005; now, and at last
    gan.fit(images, batch_size=4)
    ```

    Differences: the authors also mirror the data at random (`flip=True` of `keras_gans.data.images`). Their generator's step has
    real images of its own; here it has those of the discriminator's step. The gradients of the penalties are those of calls of
    their own, so with other numbers drawn by `augment`. Of more or fewer `images` than published, the half-life is the same
    share. They compute in bfloat16 but for the maps of 4x4: set a policy.

    Reference:
        Huang, Gokaslan, Kuleshov, Tompkin, The GAN is dead; long live the GAN! A Modern GAN Baseline (2024), arXiv:2501.05441;
        matches brownvc/R3GAN (`train.py`, `training/training_loop.py`, `R3GAN/Trainer.py`).
    """

    def __init__(
        self,
        generator=None,
        discriminator=None,
        image_shape=None,
        latents=None,
        configuration="cifar10",
        widths=None,
        gamma=None,
        learning_rate=2e-4,
        images=None,
        batch_size=None,
        ema="published",
        classes=None,
        augment="published",
        name=None,
    ):
        check_choice(_PUBLISHED, configuration=configuration)
        published = _PUBLISHED[configuration]
        images = published.images if images is None else images
        batch_size = published.batch_size if batch_size is None else batch_size
        check_ints(1, images=images, batch_size=batch_size)
        gamma = published.gamma if gamma is None else gamma
        check_positive(gamma=gamma, learning_rate=learning_rate)
        if isinstance(augment, str) and augment == "published":
            if image_shape is not None and image_shape[-1] not in (1, 3):
                raise ValueError(
                    f"The published augmentation takes 1 or 3 channels. Received: image_shape={tuple(image_shape)}. Pass "
                    'augment=None, or a layer, such as keras_gans.layers.ProbabilisticAugment(policy="blit,geometry").'
                )
            rising = Cosine(0.0, published.probability, images, batch_size)
            augment = ProbabilisticAugment(rising, _POLICY) if discriminator is None else None
        elif augment is not None and discriminator is not None:
            raise ValueError(
                f"`augment` is put before the paper's discriminator. Received: augment={augment!r}, and a discriminator. Make "
                "it the first layer of your discriminator: keras_gans.networks.r3gan.discriminator(..., augment=layer)."
            )
        classes = paper_classes(classes, generator, discriminator, default=published.classes)
        generator, discriminator, latents = paper_networks(
            networks.r3gan,
            generator,
            discriminator,
            image_shape,
            latents,
            prior=Normal(64),
            discriminator_arguments={"augment": augment},
            classes=classes,
            configuration=configuration,
            widths=widths,
        )
        if isinstance(ema, str) and ema == "published":
            half_life = Cosine(0.0, published.half_life * images, images, batch_size)
            ema = EMA(HalfLife(half_life, batch_size))
        super().__init__(generator, discriminator, latents, ema, classes, name)
        self._arguments.augment = None  # it is part of the discriminator, with which it is saved
        self.configuration = configuration
        self.gamma = gamma
        self.learning_rate = learning_rate
        self.images = images
        self.batch_size = batch_size

    def recipe(self):
        return {
            **super().recipe(),
            "generator_optimizer": self._adam(),
            "discriminator_optimizer": self._adam(),
            "loss": "relativistic",
            "penalties": [penalty(self._cosine(self.gamma, self.gamma / 10)) for penalty in (R1, R2)],
            "update_rule": "alternating",
        }

    def _adam(self):
        return ScheduledAdam(
            self._cosine(self.learning_rate, self.learning_rate / 4), beta_1=0.0, beta_2=self._cosine(0.9, 0.99), epsilon=1e-8
        )

    def _cosine(self, first, last):
        return Cosine(first, last, self.images, self.batch_size)
