"""A loss whose generator sees both scores."""

from keras_gans.losses.wrapper import LossWrapper


class Symmetric(LossWrapper):
    """Another loss with the labels flipped for the generator, on both scores.

    D: base D(real, fake)
    G: base D(fake, real)          with "non_saturating": sp(-fake) + sp(real), sp = softplus

    BiGAN and ALI need this loss: their "real" scores depend on the encoder, which plays on the generator's side.

    Args:
        base: A name, a configuration or an `AdversarialLoss`. Default: "non_saturating".
        generator: The loss whose D(fake, real) the generator minimizes. Default: `base`. BigBiGAN has
            `Symmetric("hinge", generator="wasserstein")`: G: real - fake, without a hinge.

    Example:

    ```python
    loss = keras_gans.losses.Symmetric("hinge")
    real, fake = tf.constant([[2.0]]), tf.constant([[-0.5]])
    print(loss.discriminator(real, fake).numpy())  # [[0.5]]
    print(loss.generator(real, fake).numpy())  # [[4.5]]
    ```

    Reference:
        Donahue, Krähenbühl, Darrell, Adversarial Feature Learning (2016), arXiv:1605.09782; jeffdonahue/bigan, where every term
        counts half. Dumoulin et al., Adversarially Learned Inference (2016), arXiv:1606.00704. Donahue, Simonyan, Large Scale
        Adversarial Representation Learning (2019), arXiv:1907.02544, section 2, for the generator's own loss.
    """

    uses_real = True
    more_settings = ("flipped",)

    def __init__(self, base="non_saturating", generator=None, name=None, **kwargs):
        super().__init__(base, name=name, **kwargs)
        try:
            self.flipped = None if generator is None else LossWrapper(generator)
        except ValueError as error:
            raise ValueError(f"`generator` must be a loss. {error}") from error

    def build_for(self, gan):
        super().build_for(gan)
        if self.flipped is not None:
            self.flipped.build_for(gan)
            self.flipped.built = True

    def after_step(self, player, minibatch):
        super().after_step(player, minibatch)
        if self.flipped is not None:
            self.flipped.after_step(player, minibatch)

    def generator(self, real, fake):
        return (self.flipped or self.base).discriminator(fake, real)
