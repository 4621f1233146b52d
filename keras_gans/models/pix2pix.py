"""pix2pix."""

from keras_gans import networks
from keras_gans.export import TrainingModeSampler
from keras_gans.latents import NoLatents
from keras_gans.losses import Reconstruction
from keras_gans.losses import Weighted
from keras_gans.models.translation import Translation
from keras_gans.models.translation import check_one_source
from keras_gans.training.gan import GAN
from keras_gans.training.network_checks import check_network
from keras_gans.training.network_checks import output_shape
from keras_gans.utils.integers import check_ints
from keras_gans.utils.network_inputs import NetworkInputs


class Pix2Pix(Translation, GAN):
    """pix2pix: translates images, learnt from pairs, by a U-Net that a PatchGAN judges together with its source.

    D: 1/2 [BCE(D(x, y), 1) + BCE(D(x, G(x)), 0)]          means over the patches
    G: BCE(D(x, G(x)), 1) + 100 mean |y - G(x)|

    The discriminator's step comes first; both have Adam(2e-4, beta_1=0.5). The paper's batches have 1 to 10 images. Data are
    batches of `(source, target)`; `keras_gans.data.paired` makes them.

    There are no latents: the noise is the generator's dropout, which drops when it is used as when it is trained, and batch
    normalization uses the images at hand. So do `translate`, `generate`, `predict`, evaluation and an export, of one image at a
    time, as published (`sampling_batch_size`); what is drawn comes from the seed. `mode="inference"` has no dropout and the
    moving averages instead.

    A discriminator without a second input makes the paper's unconditional ablation; without `auxiliary_losses`, the one of the
    adversarial loss alone.

    Args:
        generator: Built `keras.Model`, source to images. Default: `keras_gans.networks.pix2pix.generator`.
        discriminator: Built `keras.Model`, images and source to scores. Default: `networks.pix2pix.discriminator`, 70x70 patches.
        image_shape: Tuple (size, size, channels) of the images that are made. Default: (256, 256, 3).
        source_channels: Int, channels of the sources. Default: 3.
        ema: As in `GAN`.
        mode: "training" or "inference", how the generator is used. Default: "training".
        sampling_batch_size: Int >= 1, how many images are normalized together in the mode "training". Default: 1.
        name: String.

    Raises:
        ValueError: for another mode, or networks that do not fit together.

    Example:

    ```python
    gan = keras_gans.Pix2Pix(
        keras_gans.networks.pix2pix.generator((32, 32, 1), 1, filters=4),
        keras_gans.networks.pix2pix.discriminator((32, 32, 1), 1, layers=1, filters=4),
    )
    gan.compile()
    images = np.random.default_rng(0).uniform(-1, 1, (4, 32, 32, 1)).astype("float32")
    gan.fit(-images, images, batch_size=2)  # source, target
    print(gan.translate(-images, seed=0).shape)  # (4, 32, 32, 1)
    ```

    Differences: the generator's step draws its images anew, with other dropout than those of the discriminator's step; the
    authors' code draws once. The halved objective of the discriminator is the paper's and the PyTorch code's; the Torch code
    halves what it prints. The learning rate is constant, as in the Torch code; the PyTorch code's has `schedules.LinearDecay`.

    Reference:
        Isola, Zhu, Zhou, Efros, Image-to-Image Translation with Conditional Adversarial Networks (2017), arXiv:1611.07004;
        matches phillipi/pix2pix and junyanz/pytorch-CycleGAN-and-pix2pix.
    """

    paired = True

    def __init__(
        self,
        generator=None,
        discriminator=None,
        image_shape=(256, 256, 3),
        source_channels=3,
        ema=None,
        mode="training",
        sampling_batch_size=1,
        name=None,
    ):
        if mode not in ("training", "inference"):
            raise ValueError(f'`mode` must be "training" or "inference". Received: mode={mode!r}')
        check_ints(1, sampling_batch_size=sampling_batch_size)
        if generator is None:
            generator = networks.pix2pix.generator(image_shape, source_channels)
        if discriminator is None:
            check_network(generator, "generator")
            source = NetworkInputs(generator, None).condition
            check_one_source(source)
            discriminator = networks.pix2pix.discriminator(output_shape(generator), source.shape[-1])
        self._sampling = mode, sampling_batch_size
        super().__init__(generator, discriminator, NoLatents(), ema, None, name)
        self.mode = mode

    def recipe(self):
        return {
            **super().recipe(),
            "loss": Weighted("non_saturating", discriminator=0.5),
            "auxiliary_losses": [Reconstruction(100.0)],
            "update_rule": "alternating",
        }

    def make_sampler(self, network, endpoints):
        mode, batch_size = self._sampling
        if mode == "inference":
            return super().make_sampler(network, endpoints)
        sampler = TrainingModeSampler(network, self.latents, self.classes, self.image_range, endpoints, self.source_range)
        sampler.chunk = batch_size
        return sampler

    def draw(self, real, condition, seed, training=True):
        if training:
            return super().draw(real, condition, seed)
        network = self.sampling_network(self.generator)
        images = self.make_sampler(network, {}).run_in_chunks(None, condition, seed=seed)
        return self.minibatch(real, images, None, condition, seed, training)
