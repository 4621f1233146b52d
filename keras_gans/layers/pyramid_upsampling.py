"""Enlarging as Laplacian pyramids do it, inside a network."""

from keras_gans.layers.pyramid_resizing import PyramidResizing
from keras_gans.utils.laplacian_pyramid import pyramid_up


class PyramidUpSampling2D(PyramidResizing):
    """Enlarges images to a size, linearly between their pixels, so that the corners stay: u of `utils.laplacian_pyramid`.

    0 3  enlarged to 4:  0 1 2 3

    `keras.layers.UpSampling2D(interpolation="bilinear")` and `Resizing` put the pixels elsewhere: they would not undo a pyramid.

    Args:
        size: Int, or pair of ints (height, width): the size of the output.

    Shapes:
        Input `(batch, height, width, channels)`, output `(batch, *size, channels)`.

    Raises:
        ValueError: if `size` is not such an int or pair; if the input is larger, or its size is not known.

    Example:

    ```python
    row = tf.reshape([0.0, 3.0], (1, 1, 2, 1))
    print(np.ravel(keras_gans.layers.PyramidUpSampling2D((1, 4))(row)).tolist())  # [0.0, 1.0, 2.0, 3.0]
    ```

    Reference:
        Denton, Chintala, Szlam, Fergus, Deep Generative Image Models using a Laplacian Pyramid of Adversarial Networks (2015),
        arXiv:1506.05751; as Torch's `image.scale` in the authors' code (facebookarchive/eyescream).
    """

    resize = staticmethod(pyramid_up)
    refused = "larger"
