"""A page on which a generator is explored: `python -m keras_gans.explore <saved GAN, export or hub handle>`.

`Explorer` computes, and needs nothing else; the page needs the extra `explore`. `import keras_gans` does not import this package.
"""

from keras_gans.explore.explorer import Explorer
from keras_gans.explore.launch import explore

__all__ = ["Explorer", "explore"]
