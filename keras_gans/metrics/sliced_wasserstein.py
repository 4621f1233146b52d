"""The sliced Wasserstein distance between patches, at each resolution."""

import numpy as np
import tensorflow as tf

from keras_gans.metrics.functions.patches import normalized_patches
from keras_gans.metrics.functions.patches import projected_distances
from keras_gans.metrics.functions.pyramid import binomial_pyramid
from keras_gans.metrics.gan_metric import GANMetric
from keras_gans.metrics.gan_metric import check_sides
from keras_gans.metrics.state import Buffer
from keras_gans.utils.choices import check_bools
from keras_gans.utils.config import Serializable
from keras_gans.utils.integers import check_ints
from keras_gans.utils.pixels import to_pixels
from keras_gans.utils.random import fold_in
from keras_gans.utils.random import make_seed
from keras_gans.utils.random import normal
from keras_gans.utils.replicas import once_for_all_replicas

_BLOCK = 64  # directions at a time: of 2,048 images with 128 patches, 64 MB a side


class SlicedWasserstein(Serializable, GANMetric):
    """How far generated patches are from real ones in distribution, at each resolution: lower is better. Needs no network.

    Levels of a Laplacian pyramid are cut into patches at random places. These, normalized by each color's mean and deviation over
    all patches of a side, are vectors u (real) and v (generated), and

    SWD = 1000 mean over unit directions w of W1(w . u, w . v),   W1(a, b) = mean |sort(a) - sort(b)|

    The results are a dict: `sliced_wasserstein_64`, `_32`, ..., one a level, by the smaller side of its images in pixels, and
    `sliced_wasserstein`, their mean (before the first image that alone, NaN). Coarse levels measure structure, fine ones texture.
    Equal distributions do not give 0: the value for two halves of the real images is the floor, which falls with their number.
    Compare only figures of equal protocols.

    Args:
        num_images: Int, how many images of either side are kept, the first ones, in float32: 4 height width channels bytes each,
            for 2,048 images of 28x28x1 6 MB, of 64x64x3 101 MB, of 128x128x3 403 MB a side; `result` takes about 1.5 GB
            more, for the patches of 2,048 color images. Default: 2,048. The paper: 16,384. If one side has fewer, as many of the
            other count.
        resolution_min: Int, pixels: levels are halved as long as their smaller side is at least this. Default: 16.
        patches: Int, of an image at a level. Default: 128.
        patch_size: Int, pixels. Default: 7.
        projections: Int, number of directions. Default: 512.
        quantize: Bool, whether pixels are rounded to 0..255 first. Default: True.
        seed: Int, of places and directions. Default: 0.
        name: String. Default: "sliced_wasserstein".

    Shapes:
        Images `(batch, height, width, channels)` in [-1, 1], all of one size. Odd sizes are halved upwards.

    Raises:
        ValueError: if an argument is out of range; in `update_state` if images are smaller than `resolution_min`, or have another
            size than before.

    Example:

    ```python
    metric = keras_gans.metrics.SlicedWasserstein(patches=16)
    metric.update_state(images, gan.generate(20))
    print(sorted(metric.result()))  # ['sliced_wasserstein', 'sliced_wasserstein_28']
    ```

    Reference:
        Karras et al., Progressive Growing of GANs (2018), arXiv:1710.10196; matches tkarras/progressive_growing_of_gans, but
        for its random numbers.

    Differences: a color that does not vary at all is 0, not NaN. TF-GAN normalizes each patch by itself: other numbers.
    """

    settings = ("num_images", "resolution_min", "patches", "patch_size", "projections", "quantize", "seed")

    def __init__(
        self,
        num_images=2048,
        resolution_min=16,
        patches=128,
        patch_size=7,
        projections=512,
        quantize=True,
        seed=0,
        name="sliced_wasserstein",
    ):
        check_bools(quantize=quantize)
        super().__init__(name=name)
        check_ints(1, num_images=num_images, patches=patches, patch_size=patch_size, projections=projections)
        check_ints(1, resolution_min=resolution_min)
        check_ints(0, seed=seed)
        if resolution_min < max(patch_size, 3):
            raise ValueError(
                "`resolution_min` must be at least 3 and at least `patch_size`, so that a patch fits in an image. Received: "
                f"resolution_min={resolution_min!r}, patch_size={patch_size!r}"
            )
        self.num_images = num_images
        self.resolution_min = resolution_min
        self.patches = patches
        self.patch_size = patch_size
        self.projections = projections
        self.quantize = quantize
        self.seed = seed
        self.image_shape = None
        self.sides = {}

    def update_state(self, real, generated, condition=None):
        """Adds a batch of real and generated images, as many as there is room for; `condition` is ignored."""
        check_sides(self, real=real, generated=generated)
        for side, images in (("real", real), ("generated", generated)):
            pixels = to_pixels(images, "SlicedWasserstein", self.quantize)
            self._check(tuple(pixels.shape[1:]))
            self.sides[side].add(tf.reshape(pixels, (tf.shape(pixels)[0], self.sides[side].rows.shape[1])))

    def _check(self, shape):
        if self.image_shape is None:
            if min(shape[:2]) < self.resolution_min:
                raise ValueError(
                    f"SlicedWasserstein needs images of {self.resolution_min} pixels or more. Received: shape {shape}. "
                    "Pass a smaller `resolution_min`, and a `patch_size` that is not larger."
                )
            self.build(shape)
        if self.image_shape != shape:
            raise ValueError(f"Images must have the shape {self.image_shape}, as before. Received: {shape}.")

    def build(self, shape):
        """Creates the state for images of this shape. The first batch does it."""

        def create():
            self.image_shape = shape
            with tf.init_scope():
                self.sides = {side: Buffer(self, self.num_images, int(np.prod(shape)), side) for side in ("real", "generated")}

        once_for_all_replicas(create)

    @property
    def resolutions(self):
        """The smaller side of each level, from the finest to the coarsest. Known once images were seen."""
        sizes = [min(self.image_shape[:2])]
        while -(-sizes[-1] // 2) >= self.resolution_min:
            sizes.append(-(-sizes[-1] // 2))
        return sizes

    def result(self):
        """A dict of float64 scalars. NaN before the first images of both sides."""
        if self.image_shape is None:
            return {self.name: tf.constant(np.nan, tf.float64)}
        names = [f"{self.name}_{resolution}" for resolution in self.resolutions]
        if tf.executing_eagerly() and not all(self.counts.values()):
            return dict.fromkeys([self.name, *names], tf.constant(np.nan, tf.float64))
        sides = {side: buffer.values() for side, buffer in self.sides.items()}
        count = tf.reduce_min([tf.shape(rows)[0] for rows in sides.values()])
        pyramids = [binomial_pyramid(tf.reshape(rows[:count], (count, *self.image_shape)), len(names)) for rows in sides.values()]
        distances = [self._distance(level, *images) for level, images in enumerate(zip(*pyramids, strict=True))]
        return {self.name: tf.add_n(distances) / len(distances), **dict(zip(names, distances, strict=True))}

    def _distance(self, level, real, generated):
        seeds = [fold_in(make_seed(self.seed), level, what) for what in ("real", "generated", "directions")]
        patches = [
            normalized_patches(images, self.patches, self.patch_size, seed)
            for images, seed in zip((real, generated), seeds, strict=False)
        ]
        directions = normal((patches[0].shape[1], self.projections), seeds[-1])
        distances = [
            projected_distances(*patches, tf.linalg.l2_normalize(directions[:, start : start + _BLOCK], axis=0))
            for start in range(0, self.projections, _BLOCK)
        ]
        return 1000.0 * tf.reduce_mean(tf.cast(tf.concat(distances, axis=0), tf.float64))

    @property
    def counts(self):
        """The number of images of each side that were used."""
        smaller = min([int(buffer.count.numpy()) for buffer in self.sides.values()], default=0)
        return {"generated": smaller, "real": smaller}

    @property
    def protocol(self):
        """Dict, everything that the figures depend on."""
        protocol = super().protocol
        if self.image_shape is not None:
            protocol["image_shape"] = " x ".join(map(str, self.image_shape))
        return {**protocol, "samples": self.counts}
