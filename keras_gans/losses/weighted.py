"""Another share of the adversarial loss in each player's objective."""

from keras.optimizers.schedules import LearningRateSchedule

from keras_gans.losses.wrapper import LossWrapper
from keras_gans.utils.numbers import check_not_negative
from keras_gans.utils.numbers import check_positive


class Weighted(LossWrapper):
    """Another loss, of which each player minimizes a share.

    D: discriminator * base D
    G: generator * base G

    A share may be a Keras learning-rate schedule of the player's own updates, such as one that is 0 while the generator warms up.

    Args:
        base: A name, a configuration or an `AdversarialLoss`. Default: "non_saturating".
        discriminator: Float > 0, or a schedule. Default: 1.
        generator: Float >= 0, or a schedule. Default: 1. SRGAN has 1e-3.

    Raises:
        ValueError: if a share is neither a schedule nor such a number; from `compile`, if the generator's is 0, and no
            other term drives it.

    Example:

    ```python
    halved = keras_gans.losses.Weighted("least_squares", discriminator=0.5)
    print(halved.discriminator(tf.zeros((1, 1)), tf.zeros((1, 1))).numpy())  # [[0.25]]
    gan.compile(loss=halved)
    ```

    Reference:
        Isola, Zhu, Zhou, Efros, Image-to-Image Translation with Conditional Adversarial Networks (2017), arXiv:1611.07004,
        section 3.3 (the discriminator's half); Ledig et al., Photo-Realistic Single Image Super-Resolution Using a Generative
        Adversarial Network (2016), arXiv:1609.04802, equation 3 (1e-3 of the generator's).
    """

    more_settings = ("shares",)

    def __init__(self, base="non_saturating", discriminator=1.0, generator=1.0, name=None, **kwargs):
        super().__init__(base, name=name, **kwargs)
        self.shares = {"discriminator": discriminator, "generator": generator}
        for argument, share in self.shares.items():
            if not isinstance(share, LearningRateSchedule):
                check = check_positive if argument == "discriminator" else check_not_negative
                check(**{argument: share})
        self.updates = {}

    @property
    def drives_generator(self):
        return self.base.drives_generator and self.shares["generator"] != 0

    @property
    def uses_real(self):
        return self.base.uses_real

    def build_for(self, gan):
        super().build_for(gan)
        for player, share in self.shares.items():
            if isinstance(share, LearningRateSchedule):
                self.updates[player] = self.add_weight((), "zeros", "int64", trainable=False, name=f"{player}_updates")

    def after_step(self, player, minibatch):
        super().after_step(player, minibatch)
        if player in self.updates:
            self.updates[player].assign_add(1)

    def discriminator(self, real, fake):
        return self._share("discriminator") * self.base.discriminator(real, fake)

    def generator(self, real, fake):
        return self._share("generator") * self.base.generator(real, fake)

    def _share(self, player):
        share = self.shares[player]
        return share(self.updates[player].value if player in self.updates else 0) if callable(share) else share
