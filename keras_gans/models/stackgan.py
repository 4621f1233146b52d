"""StackGAN."""

import keras
import tensorflow as tf

from keras_gans import networks
from keras_gans.losses import DiscriminatorOnly
from keras_gans.losses import GaussianKL
from keras_gans.losses import Weighted
from keras_gans.training.batch_checks import check_batch
from keras_gans.training.gan import GAN
from keras_gans.training.minibatch import HeadMinibatch
from keras_gans.training.minibatch import SameRealMinibatch
from keras_gans.training.network_calls import run_network
from keras_gans.training.network_checks import output_shape
from keras_gans.utils import random
from keras_gans.utils.copies import clone
from keras_gans.utils.network_inputs import NetworkInputs
from keras_gans.utils.networks import output_of

_KEYS = ("image", "wrong_image", "embedding")
_HEAD = "unconditional_scores"


class StackGAN(GAN):
    """StackGAN: images of texts, in two stages, each a GAN: a small image of the text, then a large one of text and image.

    D: BCE(D(x, t), 1) + 1/2 [BCE(D(x', t), 0) + BCE(D(G(z, t), t), 0)]         x' an image that the text t is not of
    G: BCE(D(G(z, t), t), 1) + 2 KL(N(mu(t), sigma(t)^2) || N(0, 1))             the divergence a mean over dimensions

    The first sentence is two games, of matched and of mismatched real images, of which each counts half. Where a discriminator
    also judges images without their text (PyTorch's second stage), that is a third game, and each counts a third. The
    discriminator's step comes first; Adam(2e-4, beta_1=0.5) for both, whose rate the authors halve every 50 epochs in the first
    stage and every 100 in the second. Batches have 64 images. Data are batches of a dict: `image`, `wrong_image`, and
    `embedding`, the text as numbers; `keras_gans.data.captions` makes them.

    The latents are noise and, for each code of the text, the noise that it is drawn with, as one vector: `generate(condition=
    embeddings)` draws all.

    Args:
        generator: Built `keras.Model`, latents and embedding to a dict of `images`, `mean` and `log_scale`. Default:
            `keras_gans.networks.stackgan.stage_one_generator`.
        discriminator: Built `keras.Model`, images and embedding to scores. Where it takes as many numbers as the code has, and
            not as many as the embedding, it gets the mean of the code, without a gradient, as in PyTorch's release. Default:
            `networks.stackgan.stage_one_discriminator`.
        image_shape: Tuple (size, size, channels). Default: (64, 64, 3).
        embedding_dim: Int, width of the embeddings. Default: 1024.
        layout: "tensorflow" or "pytorch", the release whose networks are the defaults. Default: "tensorflow".
        latents, ema, name: As in `GAN`.

    Raises:
        ValueError: if the discriminator takes neither the embedding nor the code.

    Example:

    ```python
    network, small = keras_gans.networks.stackgan, {"image_shape": (16, 16, 1), "embedding_dim": 8, "units": 4, "filters": 8}
    gan = keras_gans.StackGAN(network.stage_one_generator(noise=6, **small), network.stage_one_discriminator(**small))
    gan.compile()
    images, embeddings = np.zeros((8, 16, 16, 1), "float32"), np.eye(8, dtype="float32")
    gan.fit({"image": images, "wrong_image": images[::-1], "embedding": embeddings}, batch_size=4)
    second = gan.second_stage((32, 32, 1), filters=8, blocks=1)
    second.compile()
    print(second.generate(condition=embeddings, seed=0).shape)  # (8, 32, 32, 1)
    ```

    Differences: noise of the codes is normal, TensorFlow's release truncates it. In PyTorch's second stage the real images count
    2/3 with their text and 1/3 without; the release has 1/2 each. The first stage runs in inference mode inside the second.

    Reference:
        Zhang et al., StackGAN: Text to Photo-realistic Image Synthesis with Stacked Generative Adversarial Networks (2016),
        arXiv:1612.03242; matches hanzhanggit/StackGAN and hanzhanggit/StackGAN-Pytorch.
    """

    def __init__(
        self,
        generator=None,
        discriminator=None,
        image_shape=(64, 64, 3),
        embedding_dim=1024,
        layout="tensorflow",
        latents=None,
        ema=None,
        name=None,
    ):
        if generator is None:
            generator = networks.stackgan.stage_one_generator(image_shape, embedding_dim=embedding_dim, layout=layout)
        if discriminator is None:
            shape, wide = output_shape(generator), NetworkInputs(generator, "latents").condition.shape[-1]
            discriminator = networks.stackgan.stage_one_discriminator(shape, wide, layout=layout)
        super().__init__(generator, discriminator, latents, ema, None, name)

    def second_stage(self, image_shape=None, filters=128, blocks=4, layout="tensorflow", discriminator_filters=64, **arguments):
        """The GAN of the second stage, around a frozen copy of this one's generator (its average, if there is one).

        Args:
            image_shape: Tuple (size, size, channels). Default: four times the size.
            filters, blocks: Of `networks.stackgan.stage_two_generator`.
            layout: "tensorflow" or "pytorch". Default: "tensorflow".
            discriminator_filters: Int, of `networks.stackgan.stage_two_discriminator`. Default: 64.
            **arguments: Of the new `StackGAN`, such as `ema`.
        """
        height, width, channels = output_shape(self.generator)
        image_shape = (4 * height, 4 * width, channels) if image_shape is None else image_shape
        units = output_of(self.generator)["mean"].shape[-1]
        shared = {"units": units, "layout": layout}
        stage_one = clone(self.sampled_networks()[0])
        generator = networks.stackgan.stage_two_generator(stage_one, image_shape, filters=filters, blocks=blocks, **shared)
        discriminator = networks.stackgan.stage_two_discriminator(
            image_shape, self.condition_input.shape[-1], filters=discriminator_filters, **shared
        )
        return StackGAN(generator, discriminator, **arguments)

    @property
    def games(self):
        head = output_of(self.discriminator)
        unconditional = ["unconditional"] if isinstance(head, dict) and _HEAD in head else []
        return dict.fromkeys(["matched", "mismatched", *unconditional], "discriminator")

    def recipe(self):
        share = 1 / len(self.games)
        return {
            **super().recipe(),
            "loss": {
                "matched": Weighted("non_saturating", discriminator=share),
                "mismatched": DiscriminatorOnly("non_saturating", weight=share),
                **{game: Weighted("non_saturating", discriminator=share) for game in list(self.games)[2:]},
            },
            "auxiliary_losses": {"matched": [GaussianKL(2.0)]},
            "update_rule": "alternating",
        }

    @property
    def _tells_code(self):
        """Whether the discriminator is told the mean of the code, and not the embedding."""
        told, embedding = (
            NetworkInputs(network, main).condition.shape[-1]
            for network, main in ((self.discriminator, "images"), (self.generator, "latents"))
        )
        return told != embedding

    @property
    def _embedding_name(self):
        """The name of the embedding among the conditions: that of the generator's input, by which the sampler finds it."""
        return next(iter(NetworkInputs(self.generator, "latents").conditions))

    def check_networks(self):
        super().check_networks()
        code = output_of(self.generator)
        told = NetworkInputs(self.discriminator, "images").condition
        if told is None or isinstance(told, dict):
            raise ValueError(
                "The discriminator of a StackGAN takes images and one embedding. Received: another number of inputs."
            )
        if self._tells_code and not (isinstance(code, dict) and "mean" in code and code["mean"].shape[-1] == told.shape[-1]):
            raise ValueError(
                f"The discriminator must take the embedding, or the mean of the code. Received: one that takes {told.shape[-1]} "
                "numbers, which is neither."
            )

    def draw(self, real, condition, seed, training=True):
        embedding = condition[self._embedding_name]
        latents = self.latents.sample(tf.shape(real)[0], random.fold_in(seed, "latents"))
        output, losses = run_network(self.generator, "latents", latents, embedding, training)
        told = tf.stop_gradient(output["mean"]) if self._tells_code else embedding
        minibatch = self.minibatch(real, output, latents, told, seed, training)
        minibatch.generator_losses.extend(losses)
        wrong = condition["wrong_image"]
        mismatched = self.minibatch(real, wrong, None, told, seed, training, "mismatched", SameRealMinibatch)
        minibatch.add_game("mismatched", mismatched)
        if "unconditional" in self.games:
            game = self.minibatch(real, output, latents, told, seed, training, "unconditional", HeadMinibatch)
            minibatch.add_game("unconditional", game).head = _HEAD
        return minibatch

    def unpack(self, batch):
        batch = _checked(batch)
        image, wrong, embedding = (tf.cast(batch[key], tf.float32) for key in _KEYS)
        return image, {self._embedding_name: embedding, "wrong_image": wrong}

    def check_batch(self, batch):
        local = _checked(self.local_part(batch))
        for key in ("image", "wrong_image"):
            check_batch(local[key], local["embedding"], self.sampler, self.condition_input, None, f' of "{key}"')


def _checked(batch):
    """The dict of a batch of data."""
    batch, *others = keras.utils.unpack_x_y_sample_weight(batch)
    if not isinstance(batch, dict) or set(batch) != set(_KEYS) or any(part is not None for part in others):
        received = f"a dict of {sorted(batch)}" if isinstance(batch, dict) else "images, and perhaps conditions"
        raise ValueError(
            f"Expected batches of a dict of {list(_KEYS)}: images, other images that do not match the texts, and the embeddings "
            f"of the texts. Received: {received}. keras_gans.data.captions makes them."
        )
    return batch
