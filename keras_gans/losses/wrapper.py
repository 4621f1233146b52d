"""Losses that are made of another loss."""

from keras_gans.losses.adversarial_loss import AdversarialLoss
from keras_gans.losses.get import get


class LossWrapper(AdversarialLoss):
    """The base of losses that change the halves of another one, `base`.

    Args:
        base: A name, a configuration or an `AdversarialLoss`. Its state is the wrapper's.
    """

    def __init__(self, base, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        self.base = get(base)

    @property
    def drives_generator(self):
        return self.base.drives_generator

    @property
    def logits(self):
        return self.base.logits

    @property
    def threshold(self):
        return self.base.threshold

    def build_for(self, gan):
        if self.base.built:  # it belongs to another loss or GAN
            self.base = self.base.from_config(self.base.get_config())
        self.base.build_for(gan)
        self.base.built = True

    def after_step(self, player, minibatch):
        self.base.after_step(player, minibatch)

    def discriminator(self, real, fake):
        return self.base.discriminator(real, fake)
