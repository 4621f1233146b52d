"""A callback that stops training at the first NaN or infinite log."""

import math

import keras


class TerminateOnNaN(keras.callbacks.Callback):
    """Raises as soon as a logged value is NaN or infinite.

    It reads every log, and raises after the batch, before any callback can save at the end of the epoch: the last good
    checkpoint survives. (Keras' own callback reads only `loss`, which a GAN does not log, and lets the epoch end.) Logs are
    means over the epoch so far, which a NaN in one step turns into NaN. After an evaluation the callback reads only the terms of
    the game: a metric may be NaN where it does not apply, such as the deviation over subsets if there is only one.

    Raises:
        FloatingPointError: with the epoch, the step and the terms.

    Example:

    ```python
    gan.fit(dataset, epochs=20, callbacks=[keras_gans.callbacks.TerminateOnNaN()])
    ```
    """

    def __init__(self):
        super().__init__()
        self._epoch = 0

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        self._check(logs, f"step {batch} of epoch {self._epoch}")

    def on_test_end(self, logs=None):
        # A GAN's `get_metrics_result` has only the terms of the game.
        terms = self.model.get_metrics_result()
        self._check({name: logs[name] for name in logs or {} if name in terms}, f"the evaluation after epoch {self._epoch}")

    def _check(self, logs, where):
        bad = {name: value for name, value in (logs or {}).items() if not math.isfinite(value)}
        if bad:
            terms = ", ".join(f"{name}={value}" for name, value in bad.items())
            raise FloatingPointError(
                f"Training stopped in {where}: {terms}. Go back to the last checkpoint; a smaller learning rate, gradient "
                "clipping (clipnorm in the optimizer) or a penalty on the discriminator's gradient often helps."
            )
