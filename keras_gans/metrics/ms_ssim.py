"""Diversity by multi-scale structural similarity."""

import tensorflow as tf

from keras_gans.metrics.gan_metric import GANMetric
from keras_gans.metrics.state import places_of
from keras_gans.utils.choices import check_bools
from keras_gans.utils.conditions import to_labels
from keras_gans.utils.config import Serializable
from keras_gans.utils.integers import check_ints
from keras_gans.utils.pixels import to_pixels

POWER_FACTORS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
_WINDOW = 11
_SIGMA = 1.5


class MSSSIM(Serializable, GANMetric):
    """How alike generated images are to each other: lower is more diverse. Values far above the real images' indicate collapse.

    MS-SSIM = l_M^b_M prod cs_j^b_j,   j = 1..M scales, each half of the one before

    with the luminance l and the contrast and structure cs of SSIM, negative ones as 0; the mean over pairs: each image of a batch
    with the next one, 0-1, 2-3, ..., within a class if `per_class`. The results are a dict: `ms_ssim`, and `ms_ssim_real`, the
    same of the real images, to compare with.

    Five scales need 176 pixels, and few GANs have them. So M is the largest number, at most 5, whose coarsest image still holds
    the 11x11 window: 28 and 32 pixels have 2 scales, 64 have 3, 128 have 4. The weights b are the first M of 0.0448, 0.2856,
    0.3001, 0.2363, 0.1333, divided by their sum if M < 5. If not even one scale holds the window, window and sigma shrink to the
    image. `protocol` says what they are. Compare only figures of equal sizes.

    Args:
        pairs: Int, how many count, the first ones. Default: 10,000.
        per_class: Bool, whether only images of one class, of equal `condition`, make a pair. Batches must be large enough to
            contain classes twice. Default: False.
        power_factors: Sequence of floats b, one a scale; the window shrinks to the coarsest scale. Default: by the rule above.
        quantize: Bool, whether pixels are rounded to 0..255 first. Default: True.
        name: String. Default: "ms_ssim".

    Shapes:
        Images `(batch, height, width, channels)` in [-1, 1], all of one size; `condition` integers `(batch,)`.

    Raises:
        ValueError: if an argument is out of range; in `update_state` if images have another size than before, or labels are
            missing.

    Example:

    ```python
    gan.compile(metrics=[keras_gans.metrics.MSSSIM()])
    logs = gan.evaluate(images, batch_size=10, return_dict=True)
    alike, real = logs["ms_ssim"], logs["ms_ssim_real"]  # far above that of real images: the generator has collapsed
    ```

    Reference:
        Odena et al., Conditional Image Synthesis with Auxiliary Classifier GANs (2017), arXiv:1610.09585, pairs within a class;
        Karras et al., Progressive Growing of GANs (2018), arXiv:1710.10196, consecutive pairs, 10,000 of them; equals
        `tf.image.ssim_multiscale` with max_val=255.

    Differences: Odena et al. draw 100 pairs of each class, and report each class. tkarras/progressive_growing_of_gans keeps five
    scales of small images, and shrinks the window of each scale.
    """

    separate_sides = True
    min_samples = 2
    settings = ("pairs", "per_class", "quantize")

    def __init__(self, pairs=10_000, per_class=False, power_factors=None, quantize=True, name="ms_ssim"):
        check_bools(per_class=per_class, quantize=quantize)
        super().__init__(name=name)
        check_ints(1, pairs=pairs)
        if power_factors is not None and (not len(power_factors) or not min(power_factors) >= 0):
            raise ValueError(f"`power_factors` must be numbers >= 0, one a scale. Received: power_factors={power_factors!r}")
        self.pairs = pairs
        self.per_class = self.needs_labels = per_class
        self.power_factors = None if power_factors is None else tuple(power_factors)
        self.quantize = quantize
        self.image_shape = None
        for side in ("generated", "real"):
            for what in ("total", "count"):
                weight = self.add_weight(shape=(), dtype="float64", initializer="zeros", name=f"{side}_{what}")
                setattr(self, f"{side}_{what}", weight)

    def update_state(self, real, generated, condition=None):
        """Adds the pairs of a batch of real and of generated images.

        Args:
            real: Array or tensor, or None: then `ms_ssim_real` stays NaN.
            generated: Array or tensor.
            condition: Labels of both; ignored unless `per_class`.
        """
        for side, images in (("generated", generated), ("real", real)):
            if images is not None:
                self._add(side, to_pixels(images, "MSSSIM", self.quantize), condition)

    def _add(self, side, pixels, condition):
        if self.image_shape not in (None, tuple(pixels.shape[1:])):
            raise ValueError(f"Images must have the shape {self.image_shape}, as before. Received: {tuple(pixels.shape)}.")
        self.image_shape = tuple(pixels.shape[1:])
        total, count = getattr(self, f"{side}_total"), getattr(self, f"{side}_count")
        first, second, valid = pairs_of_a_class(self._labels(condition, tf.shape(pixels)[0]))
        power_factors, window, sigma = self.scales()
        values = tf.image.ssim_multiscale(
            tf.gather(pixels, first), tf.gather(pixels, second), 255.0, power_factors, filter_size=window, filter_sigma=sigma
        )
        # The count is the number of the next pair, as long as there is room.
        taken = valid & (places_of(count, tf.size(values)) < self.pairs)
        total.assign(total + tf.reduce_sum(tf.cast(tf.where(taken, values, 0.0), tf.float64)))
        count.assign(count + tf.reduce_sum(tf.cast(taken, tf.float64)))

    def _labels(self, condition, batch):
        return to_labels(condition, "MSSSIM(per_class=True)") if self.per_class else tf.zeros(batch, tf.int32)

    def scales(self):
        """The power factors, the window's side and its sigma, for the images seen."""
        side, weights = min(self.image_shape[:2]), self.power_factors
        if weights is None:
            number = max([scales for scales in range(1, 6) if _coarsest(side, scales) >= _WINDOW], default=1)
            weights = POWER_FACTORS[:number]
            if number < len(POWER_FACTORS):
                weights = tuple(weight / sum(weights) for weight in weights)
        window = min(_WINDOW, _coarsest(side, len(weights)))
        return weights, window, _SIGMA * window / _WINDOW

    def result(self):
        """A dict of float64 scalars, the mean over pairs of generated and of real images. NaN before the first pair."""
        sides = {"": "generated", "_real": "real"}
        return {self.name + suffix: self._value(f"{side}_total") / self._value(f"{side}_count") for suffix, side in sides.items()}

    def _value(self, weight):
        return tf.convert_to_tensor(getattr(self, weight).value)

    @property
    def protocol(self):
        """Dict, everything that the figures depend on. Scales and window are known once images were seen."""
        protocol = {**super().protocol, "pairing": "consecutive in a batch" + ", of one class" * self.per_class}
        if self.image_shape is not None:
            weights, window, sigma = self.scales()
            protocol["image_shape"] = " x ".join(map(str, self.image_shape))
            protocol["scales"] = len(weights)
            protocol["power_factors"] = " ".join(f"{weight:.6g}" for weight in weights)
            protocol.update(window=window, sigma=sigma)
        counts = {side: 2 * int(self._value(f"{side}_count").numpy()) for side in ("generated", "real")}
        return {**protocol, "samples": counts}


def pairs_of_a_class(labels):
    """Pairs each element with the next one of its class; an odd one out has none.

    Args:
        labels: Int tensor `(n,)`.

    Returns:
        Indices of the first and of the second elements, and whether there is such a pair: three tensors `(n // 2,)`, the real
        pairs first. Their size does not depend on the labels, so that XLA can compile it.
    """
    count = tf.shape(labels)[0]
    order = tf.argsort(labels, stable=True)
    ordered = tf.gather(labels, order)
    rank = tf.range(count) - tf.searchsorted(ordered, ordered)
    valid = (rank[:-1] % 2 == 0) & (ordered[:-1] == ordered[1:])
    chosen = tf.argsort(tf.cast(~valid, tf.int32), stable=True)[: count // 2]
    return tf.gather(order[:-1], chosen), tf.gather(order[1:], chosen), tf.gather(valid, chosen)


def _coarsest(side, scales):
    """The side of the last of that many scales; odd sizes are rounded up."""
    return -(-side // 2 ** (scales - 1))
