"""The base of the loss families."""

import types
from collections.abc import Callable

from keras_gans.utils.component import Component
from keras_gans.utils.shapes import compatible


class AdversarialLoss(Component):
    """Both halves of an adversarial loss, in one class. Subclass it to make a new one.

    Both halves are minimized, each by its player. They see raw scores (logits, critic values, energies) as float32, of
    shape `(batch, 1)` or as a patch map `(batch, height, width, 1)`, and return one value per score, or a scalar; the GAN
    takes the mean. A high score means "real" unless a family says otherwise.

    Class attributes:
        uses_real: Bool, whether `generator` looks at the real scores. If it is False, `real` may be None there: the discriminator
            is not run on real images for the generator. Default: False.
        logits: Bool, whether scores must be raw. A discriminator that ends in a sigmoid is then refused. Default: True.
        threshold: Float, the score above which the discriminator takes an example for real; None if its scores have no such
            threshold, like a critic's. Default: 0.
        drives_generator: Bool, False where the loss has no half for the generator, and a term must drive it. Default: True.

    Example:

    ```python
    class LeastSquares(keras_gans.losses.AdversarialLoss):
        def discriminator(self, real, fake):
            return 0.5 * ((real - 1) ** 2 + fake**2)

        def generator(self, real, fake):
            return 0.5 * (fake - 1) ** 2
    ```
    """

    declares = Component.declares | {
        "discriminator": (Callable,),
        "generator": (Callable,),
        "uses_real": (bool,),
        "logits": (bool,),
        "threshold": (float, types.NoneType),
        "drives_generator": (bool,),
    }
    uses_real = False
    logits = True
    threshold = 0.0
    drives_generator = True

    def discriminator(self, real, fake):
        """What the discriminator minimizes."""
        raise NotImplementedError(f"{type(self).__name__} must override `discriminator(real, fake)`.")

    def generator(self, real, fake):
        """What the generator minimizes."""
        raise NotImplementedError(f"{type(self).__name__} must override `generator(real, fake)`.")


def check_scores(real, fake):
    """Raises if real and fake scores differ in shape: they would broadcast to something other than a loss."""
    if not compatible(real.shape, fake.shape):
        raise ValueError(
            "Real and fake scores must have the same shape. "
            f"Received: real {tuple(real.shape)}, fake {tuple(fake.shape)}. "
            "Score real and generated images with the same discriminator, in batches of the same size."
        )
