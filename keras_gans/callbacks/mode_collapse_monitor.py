"""A callback that warns when a generator's samples lose their diversity."""

import math
import warnings

import keras
import numpy as np

from keras_gans.callbacks.classes import conditions_of
from keras_gans.callbacks.classes import in_turns
from keras_gans.callbacks.classes import known_classes
from keras_gans.callbacks.reals import check_reals
from keras_gans.callbacks.reals import first_reals
from keras_gans.utils.integers import check_ints
from keras_gans.utils.numbers import check_finite_numbers
from keras_gans.utils.pixels import as_generated
from keras_gans.utils.pixels import as_metrics_take
from keras_gans.utils.random import make_seed


def spread(images):
    """Root mean square distance of two images, per pixel: sqrt(2 mean of the pixels' variances, divisor n - 1).

    Equals sqrt(mean over i != j of ||x_i - x_j||^2 / d), without the pairs. Works for points too.

    Args:
        images: Array `(n, ...)`, n >= 2.

    Returns:
        Float, in [0, 2] for images in [-1, 1] as n grows.

    Raises:
        ValueError: if there are fewer than two images.

    Example:

    ```python
    print(keras_gans.callbacks.spread([[-1.0], [1.0]]))  # 2.0
    ```
    """
    images = np.asarray(images, "float64")
    if images.ndim < 1 or len(images) < 2:
        raise ValueError(f"A spread needs at least two images, (n, ...). Received: shape {images.shape}.")
    return float(np.sqrt(2.0 * np.var(images, axis=0, ddof=1).mean()))


class ModeCollapseMonitor(keras.callbacks.Callback):
    """Measures the diversity of samples, from the same latents each time, and warns when most of it is lost.

    It logs `diversity` at the end of each epoch, and `modes`, the number of classes that a classifier sees, if there is one.
    When a figure falls below `threshold` times its reference, or is not a number, the monitor warns, with the step; again only
    after the figure has recovered. The reference is the figure of real images, or, without them, the highest since training
    began. In the list of callbacks the monitor comes before those that read these logs.

    Two modes far apart are still a wide spread: a classifier, or a measure in feature space, sees that better than pixels do.

    Args:
        num_samples: Int >= 2, images drawn each time. Default: 128.
        every: Int, epochs between looks. Default: 1.
        steps: Int, batches between looks, instead. Default: none.
        threshold: Float in (0, 1). Default: 0.5.
        measure: Callable, NumPy images `(n, ...)` in [-1, 1] to a float, larger for more diverse ones; for example the spread
            of an extractor's features, or 1 - MS-SSIM. Default: `spread`, of pixels.
        classifier: `keras.Model`, images in [-1, 1] to scores `(batch, classes)`, two classes at least. Default: none.
        reals: Array or list of images, a pair of it and labels, or a `tf.data.Dataset` of batches; the first `num_samples` images
            are the reference: uint8, or floats as the generator makes them, in `gan.image_range`. Default: none.
        classes: For a conditional GAN: int n, a list of n names, or a list of conditions; the samples take turns at 0..n-1, or at
            the conditions. For several conditions a list of dicts, or a dict of lists. Default: all classes of the GAN, if it has
            classes and they are known.
        seed: Int, of the latents, or of what a translation draws. Default: 0.
        sources: Array of images, for a GAN that translates, uint8, or floats in `gan.source_range`: the samples are their
            translations, in turns. Default: none.

    Attributes:
        history: List of dicts: `step`, batches since training began, and the figures.

    Raises:
        ValueError: if an argument is invalid; when training begins, if `reals` are not what the generator can make, or are all
            alike, if `classes` do not fit the generator, or `classifier` gives no scores.

    Warns:
        RuntimeWarning: of a collapse.
        UserWarning: if `reals` lie in [0, 1], and the generator's images range over [-1, 1].

    Example:

    ```python
    monitor = keras_gans.callbacks.ModeCollapseMonitor(reals=images, classifier=classifier)
    features = keras_gans.callbacks.ModeCollapseMonitor(
        measure=lambda x: keras_gans.callbacks.spread(extractor(x)["features"]), steps=500
    )
    gan.fit(dataset, epochs=20, callbacks=[monitor])
    print(sorted(monitor.history[-1]))  # ['diversity', 'modes', 'step']
    ```
    """

    def __init__(
        self,
        num_samples=128,
        every=1,
        steps=None,
        threshold=0.5,
        measure=spread,
        classifier=None,
        reals=None,
        classes=None,
        seed=0,
        sources=None,
    ):
        super().__init__()
        check_ints(2, num_samples=num_samples)
        check_ints(1, every=every, steps=1 if steps is None else steps)
        check_finite_numbers(threshold=threshold)
        if not 0 < threshold < 1:
            raise ValueError(f"`threshold` must be in (0, 1), a share of the reference. Received: threshold={threshold!r}")
        make_seed(seed)
        if not callable(measure):
            raise ValueError(f"`measure` must be a function of images to a float. Received: measure={measure!r}")
        if classifier is not None and not isinstance(classifier, keras.Model):
            raise ValueError(
                f"`classifier` must be a keras.Model. Received: classifier={classifier!r}. Load one from a file: "
                "keras.saving.load_model(path)."
            )
        check_reals(reals)
        if hasattr(reals, "shape") and len(reals) < 2:
            raise ValueError(f"`reals` must be two images at least. Received: {len(reals)}")
        self.num_samples = num_samples
        self.every = every
        self.steps = steps
        self.threshold = threshold
        self.measure = measure
        self.classifier = classifier
        self.reals = reals
        self.conditions = conditions_of(classes)
        self.seed = seed
        self.sources = sources
        self.history = []

    def on_train_begin(self, logs=None):
        self.history, self._step, self._epoch_start, self._collapsed = [], 0, 0, set()
        translates = self.model.as_sampler().translates
        if translates != (self.sources is not None) or (translates and self.conditions is not None):
            raise ValueError(
                "The monitor of a GAN that translates needs sources, ModeCollapseMonitor(sources=images), and no `classes`. "
                f"For any other GAN, leave `sources` out. Received: {type(self.model).__name__}, "
                f"sources={None if self.sources is None else np.shape(self.sources)}."
            )
        conditions = conditions_of(known_classes(self.model)) if self.conditions is None else self.conditions
        if translates:
            conditions = as_generated(self.sources, getattr(self.model, "source_range", (-1.0, 1.0)))
        self.condition = in_turns(conditions, self.num_samples)
        if self.condition is None and self.model.as_sampler().condition_input is not None:
            raise ValueError(
                "The generator is conditional, and the monitor has no conditions to draw with. Pass "
                "ModeCollapseMonitor(classes=n) for the classes 0..n-1, or a list of conditions."
            )
        drawn = self._in_range(self._draw())  # what does not fit fails before training
        if self.classifier is not None and np.isfinite(drawn).all() and not math.isfinite(self._modes(drawn)):
            raise ValueError("`classifier` must give scores that are numbers. Received: NaN for generated images.")
        self._fixed = self.reals is not None
        self._reference = self._figures_of_reals() if self._fixed else {}

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch_start = self._step

    def on_train_batch_end(self, batch, logs=None):
        before, self._step = self._step, self._epoch_start + batch + 1
        if self.steps is not None and self._step // self.steps > before // self.steps:
            self._look()

    def on_epoch_end(self, epoch, logs=None):
        if self.steps is None and (epoch + 1) % self.every == 0:
            self._look()
        if logs is not None and self.history:
            logs.update({name: value for name, value in self.history[-1].items() if name != "step"})

    def figures(self, images):
        """The figures of images, a dict; they are NaN if images hold NaN or infinite values."""
        if not np.isfinite(images).all():
            return dict.fromkeys(["diversity"] + ["modes"] * (self.classifier is not None), math.nan)
        found = {"diversity": float(self.measure(images))}
        if self.classifier is not None:
            found["modes"] = self._modes(images)
        return found

    def _modes(self, images):
        """How many classes the classifier sees in images; NaN if its scores are not all numbers."""
        scores = self.classifier.predict(images, verbose=0)
        if np.ndim(scores) != 2 or scores.shape[1] < 2:
            raise ValueError(
                "`classifier` must give scores (batch, classes) for at least two classes. Received: "
                f"{getattr(scores, 'shape', type(scores).__name__)}."
            )
        return float(len(np.unique(np.argmax(scores, axis=-1)))) if not np.isnan(scores).any() else math.nan

    def _figures_of_reals(self):
        reals = first_reals(self.reals, self.num_samples, self.model)
        if len(reals) < 2:
            raise ValueError(f"`reals` must be two images at least. Received: {len(reals)}")
        figures = self.figures(self._in_range(reals))
        for name, value in figures.items():
            if not math.isfinite(value):
                raise ValueError(
                    f"`measure` must return a finite number for `reals`. Received: {name} is {value}. Try it on them."
                )
            if value <= 0:
                raise ValueError(
                    f"`reals` must be diverse: a share of their {name} is what samples are compared with. Received: {name} is "
                    f"{value:g}. Are they all alike?"
                )
        return figures

    def _in_range(self, images):
        return as_metrics_take(np.asarray(images), self.model.image_range)

    def _draw(self):
        return self.model.generate(self.num_samples, condition=self.condition, seed=self.seed)

    def _look(self):
        figures = self.figures(self._in_range(self._draw()))
        self.history.append({"step": self._step, **figures})
        for name, value in figures.items():
            if not self._fixed and math.isfinite(value):
                self._reference[name] = max(value, self._reference.get(name, value))
            self._judge(name, value)

    def _judge(self, name, value):
        reference = self._reference.get(name, 0.0)
        if math.isfinite(value) and value >= self.threshold * reference:
            self._collapsed.discard(name)
        elif name not in self._collapsed:
            self._collapsed.add(name)
            if not math.isfinite(value):
                warnings.warn(
                    f"The generator may have collapsed by step {self._step}: {name} is {value}, because its images, or what is "
                    "computed from them, are not numbers. Go back to a checkpoint, and train with TerminateOnNaN.",
                    RuntimeWarning,
                    stacklevel=2,
                )
                return
            of = "of real images" if self._fixed else "that it had"
            warnings.warn(
                f"The generator may have collapsed by step {self._step}: {name} is {value:.4g}, less than {self.threshold:g} of "
                f"the {reference:.4g} {of}. Look at samples; go back to a checkpoint, or try another loss, a penalty, or "
                "layers.MinibatchStdDev in the discriminator.",
                RuntimeWarning,
                stacklevel=2,
            )
