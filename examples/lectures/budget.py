"""What comparisons at equal time share: a clock that ends a training, and figures as they are written."""

import time

import keras


class Clock(keras.callbacks.Callback):
    """Stops a training that has had its seconds of processor time. Tracing, in the first rounds, does not count."""

    def __init__(self, seconds):
        super().__init__()
        self.seconds, self.rounds, self.start = seconds, 0, None

    def on_train_batch_end(self, batch, logs=None):
        self.rounds, self.start = batch + 1, self.start or time.process_time()
        self.model.stop_training = time.process_time() - self.start >= self.seconds


def rounded(figures):
    """Pairs of names and numbers as a dict of floats, to six digits."""
    return {name: float(f"{float(value):.6g}") for name, value in figures}
