"""Making images smaller as Laplacian pyramids do it, inside a network."""

from keras_gans.layers.pyramid_resizing import PyramidResizing
from keras_gans.utils.laplacian_pyramid import pyramid_down


class PyramidDownSampling2D(PyramidResizing):
    """Makes images smaller, to a size: each pixel is the average of the area that it covers, d of `utils.laplacian_pyramid`.

    0 3 6  of size 2:  1 5

    Args:
        size: Int, or pair of ints (height, width): the size of the output.

    Shapes:
        Input `(batch, height, width, channels)`, output `(batch, *size, channels)`.

    Raises:
        ValueError: if `size` is not such an int or pair; if the input is smaller, or its size is not known.

    Example:

    ```python
    row = tf.reshape([0.0, 3.0, 6.0], (1, 1, 3, 1))
    print(np.round(np.ravel(keras_gans.layers.PyramidDownSampling2D((1, 2))(row)), 5).tolist())  # [1.0, 5.0]
    ```

    Reference:
        Denton, Chintala, Szlam, Fergus, Deep Generative Image Models using a Laplacian Pyramid of Adversarial Networks (2015),
        arXiv:1506.05751; as Torch's `image.scale` in the authors' code (facebookarchive/eyescream).
    """

    resize = staticmethod(pyramid_down)
    refused = "smaller"
