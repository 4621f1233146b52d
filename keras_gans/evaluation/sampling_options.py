"""How samples of a generator are drawn."""

import dataclasses

import numpy as np

from keras_gans.utils.integers import check_ints
from keras_gans.utils.integers import is_int
from keras_gans.utils.truncation import check_truncation


@dataclasses.dataclass(frozen=True, eq=False)
class SamplingOptions:
    """How samples of a generator are drawn: in batches, number i with the seed (seed, i).

    Args:
        num_samples: Int. Default: 10,000.
        batch_size: Int; the last batch may be smaller. Default: 64.
        seed: Int of 32 bits. Default: 0.
        truncation: Float >= 0, for priors that have it. Default: None.
        condition: Array of length `num_samples`, or one condition for all. A generator whose conditions are vectors takes one of
            them for all; any other takes a vector of length `num_samples` for one number an image. Default: None.
        statistics: Those of batch normalization, "moving", "batch" or "standing". Default: the generator's own.

    Raises:
        ValueError: if a number is out of range.

    Example:

    ```python
    options = keras_gans.evaluation.SamplingOptions(num_samples=150, batch_size=64, seed=1)
    print(options.batch_sizes)  # [64, 64, 22]
    ```
    """

    num_samples: int = 10_000
    batch_size: int = 64
    seed: int = 0
    truncation: float | None = None
    condition: np.ndarray | None = None
    statistics: str | None = None

    def __post_init__(self):
        check_ints(1, num_samples=self.num_samples, batch_size=self.batch_size)
        if not is_int(self.seed) or not -(2**31) <= self.seed < 2**31:
            raise ValueError(f"`seed` must be an int that fits in 32 bits. Received: seed={self.seed!r}")
        check_truncation(self.truncation)
        if self.condition is not None:
            condition = np.asarray(self.condition)
            one_for_all = condition.ndim == 0 or len(condition) not in (1, self.num_samples)
            object.__setattr__(self, "condition", condition[None] if one_for_all else condition)

    @property
    def batch_sizes(self):
        """The sizes of all batches, a list of ints."""
        starts = range(0, self.num_samples, self.batch_size)
        return [min(self.batch_size, self.num_samples - start) for start in starts]

    @property
    def protocol(self):
        """Dict, what figures depend on, besides condition and generator."""
        return {name: getattr(self, name) for name in ("num_samples", "batch_size", "seed", "truncation")}

    def conditions(self, places):
        """The conditions of the samples with these numbers, an int array; None if there are none."""
        return None if self.condition is None else self.condition[places % len(self.condition)]
