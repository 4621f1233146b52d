"""Symlets: the least asymmetric of Daubechies' orthogonal wavelets, as low-pass filters."""

import numpy as np

# A symlet of N vanishing moments has 2N taps f, of which sum f_n = sqrt(2); sum f_n f_(n + 2k) = 0 for k != 0, and 1 for k = 0;
# sum (-1)^n n^k f_n = 0 for k < N. Of the few filters that have these properties, it has the phase nearest to a straight line.
SYMLET_2 = np.array([1 - 3**0.5, 3 - 3**0.5, 3 + 3**0.5, 1 + 3**0.5]) / (4 * 2**0.5)
SYMLET_6 = np.array(
    [
        0.0154041093270448,
        0.0034907120842222,
        -0.11799011114852,
        -0.0483117425856981,
        0.4910559419279737,
        0.787641141028651,
        0.3379294217281658,
        -0.0726375227863766,
        -0.0210602925123708,
        0.0447249017707814,
        0.001767711864254,
        -0.0078007083250324,
    ]
)
