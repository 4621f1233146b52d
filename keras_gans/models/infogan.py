"""InfoGAN."""

import keras
import tensorflow as tf

from keras_gans import networks
from keras_gans.latents import Coded
from keras_gans.losses import MutualInformation
from keras_gans.losses.auxiliary.mutual_information import CODE_HEADS
from keras_gans.losses.auxiliary.mutual_information import check_code_heads
from keras_gans.training.gan import GAN
from keras_gans.utils.sources import checked_source


class InfoGAN(GAN):
    """InfoGAN: some of the latents are a code, which the discriminator finds again in the images, so that it means something.

    D: -log D(x) - log(1 - D(G(z, c))) - I
    G: -log D(G(z, c)) - I

    where I, a lower bound of the mutual information of the code c and G(z, c), is `losses.MutualInformation`, beside the
    non-saturating loss. One step each, D first, each with fresh latents; Adam(beta_1=0.5), 1e-3 for the generator, 2e-4 for the
    discriminator, which finds the codes. Images are in [0, 1]. The authors' batches have 128 images, 50 epochs of 100.

    Nothing is told of classes: that a categorical code of ten becomes the digit is what the system finds by itself.

    Args:
        generator, discriminator: Networks instead of the paper's, `keras_gans.networks.infogan`. The discriminator returns a dict
            with `scores` and the codes' outputs.
        image_shape: Tuple (height, width, channels), sizes multiples of 4. Default: (28, 28, 1).
        latents: `keras_gans.latents.Coded`, which says what codes there are. Default: `Coded(62, (10,), 2)`, that for digits.
        ema, name: As in `GAN`.

    Raises:
        ValueError: if the latents have no codes, or the networks do not fit them; from `compile`, if no term reads the codes.

    Example:

    ```python
    network = keras_gans.networks.infogan
    gan = keras_gans.InfoGAN(network.generator(filters=4), network.discriminator(filters=4))
    gan.compile()
    images = np.random.default_rng(0).uniform(0, 1, (8, 28, 28, 1)).astype("float32")
    gan.fit(images, batch_size=4)
    row = gan.generate(latents=gan.latents.join(categories=[range(10)], seed=0))  # the category changes, all else is the same
    code = gan.infer_code(images)
    print(row.shape, code["categories"][0].shape, code["continuous"].shape)  # (10, 28, 28, 1) (8, 10) (8, 2)
    ```

    Reference:
        Chen et al., InfoGAN: Interpretable Representation Learning by Information Maximizing Generative Adversarial Nets (2016),
        arXiv:1606.03657; matches openai/InfoGAN for digits.
    """

    def __init__(self, generator=None, discriminator=None, image_shape=(28, 28, 1), latents=None, ema=None, name=None):
        latents = Coded() if latents is None else latents
        if not isinstance(latents, Coded):
            raise ValueError(
                f"InfoGAN needs latents with codes. Received: latents={latents!r}. Pass keras_gans.latents.Coded(noise=62, "
                "categories=(10,), continuous=2)."
            )
        if generator is None:
            generator = networks.infogan.generator(image_shape, latents.shape[0])
        if discriminator is None:
            discriminator = networks.infogan.discriminator(image_shape, latents.categories, latents.continuous)
        super().__init__(generator, discriminator, latents, ema, None, name)

    def recipe(self):
        return {
            **super().recipe(),
            "generator_optimizer": keras.optimizers.Adam(1e-3, beta_1=0.5, epsilon=1e-8),
            "discriminator_optimizer": keras.optimizers.Adam(2e-4, beta_1=0.5, epsilon=1e-8),
            "auxiliary_losses": [MutualInformation()],
            "update_rule": "alternating",
        }

    def check_networks(self):
        super().check_networks()
        check_code_heads(self.discriminator, self.latents)

    def check_recipe(self, plan, optimizers):
        super().check_recipe(plan, optimizers)
        terms = [term for parts in plan.values() for term in parts.terms]
        codes = [head for head in CODE_HEADS if head in self.discriminator.output]
        if not any(isinstance(term, MutualInformation) or set(codes) & set(term.heads) for term in terms):
            raise ValueError(
                f"No term reads the codes that the discriminator finds, {' and '.join(codes)}, so their layers would learn "
                f"nothing. Received: the terms {[term.name for term in terms]}. Add keras_gans.losses.MutualInformation() to "
                "the auxiliary losses; for the same GAN without mutual information, MutualInformation(weight=0). (A term of "
                "your own that reads the codes names them in its `heads`.)"
            )

    def infer_code(self, images, batch_size=None):
        """The codes that the discriminator finds in images, real or generated.

        Args:
            images: Float array `(batch, height, width, channels)`, or a list of images, in `image_range`.
            batch_size: Int, how many at a time. Default: 32.

        Returns:
            Dict: "categories", a list with probabilities `(batch, k)` for each categorical code; "continuous", the means of
            the continuous ones, `(batch, c)`. Float32 NumPy arrays.

        Raises:
            ValueError: if the images have another shape or range.
        """
        images = checked_source(images, self.discriminator.inputs[0], self.image_range, "discriminator takes")
        output = self.discriminator.predict(images, batch_size=batch_size, verbose=0)
        logits = tf.split(output["category_logits"], self.latents.categories, axis=-1) if self.latents.categories else []
        means = output["continuous_mean"] if self.latents.continuous else tf.zeros((len(images), 0)).numpy()
        return {"categories": [tf.nn.softmax(each).numpy() for each in logits], "continuous": means}
