"""Edited images that still show the same person: the identity-preserving loss."""

from keras_gans.losses.auxiliary.perceptual import Perceptual


class IdentityPreservation(Perceptual):
    """An edited image keeps the features that a frozen network, such as one that recognizes faces, gave to the original.

    G: weight * sum over features of (scale * phi(x) - scale * phi(G(E(x), l')))^2

    the mean over the batch. The minibatch has G(E(x), l') as `edited`: the same code, decoded with other labels, which are drawn
    for each image. Of a feature map, the squares are averaged over positions, as in `Perceptual`. As there, the network is a
    copy, frozen, in inference mode, and saved with the GAN.

    Args:
        features: A built functional or Sequential `keras.Model` from images in [-1, 1], of the size that the generator makes,
            to vectors or a map. One of another size or range begins with layers that change it: `keras.layers.Resizing`,
            `keras.layers.Rescaling`.
        layer, weights, every: As in `Perceptual`.
        weight: Float. Default: 1.
        scale: Float, by which features are multiplied. Default: 1.

    Raises:
        ValueError: if `features` is not such a model, or has no such layer; from `compile`, if it does not take the images; in
            training, if the GAN edits no images.

    Example:

    ```python
    face = keras.Sequential([keras.Input((16, 16, 1)), keras.layers.Conv2D(4, 3, 2), keras.layers.GlobalAveragePooling2D()])
    network, small = keras_gans.networks.caae, {"image_shape": (16, 16, 1), "genders": None, "filters": 4}
    gan = keras_gans.CAAE(network.generator(**small))
    image_losses = [keras_gans.losses.Reconstruction(100.0, "l2"), keras_gans.losses.IdentityPreservation(face, weight=0.1)]
    gan.compile(auxiliary_losses={"image": image_losses})
    ```

    Differences: the paper's weight, and the layer of its network, are not known.

    Reference:
        Xiao, Zhao, Enhance Gender and Identity Preservation in Face Aging Simulation for Infants and Toddlers (2020),
        arXiv:2011.07431, whose system the lectures call CAAE-GV. No official code was found.
    """

    def __init__(self, features, layer=None, weight=1.0, scale=1.0, weights=None, every=1, name=None, **kwargs):
        super().__init__(features, layer, weight, scale, weights, every, name, **kwargs)

    def generator(self, minibatch):
        if "edited" not in dir(minibatch):  # `hasattr` would compute it
            raise ValueError(
                "IdentityPreservation needs a GAN that edits images. Received: a GAN, or a game, that does not. Give it to the "
                'game of images of a keras_gans.CAAE: auxiliary_losses={"image": [...]}.'
            )
        return self.distance(minibatch.target, minibatch.edited)
