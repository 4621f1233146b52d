"""An endpoint of an export beside sampling."""

from typing import NamedTuple

import keras


class Endpoint(NamedTuple):
    """A network that an export answers with, such as an encoder.

    network       Functional `keras.Model` of one input, which computes each row for itself; or of latents, and of the sampler's
                  condition or a truncation beside them, which clients call as those of `sample`.
    input         String, the name that clients give the input; of several, that of the latents.
    output        String, the name of the answer; where the network returns a dict, the key that is answered.
    input_range   Pair of floats, the values of black and white in images that it takes. Default: not checked.

    Example:

    ```python
    images = keras.Input((28, 28, 1), name="images")
    encoder = keras.Model(images, keras.layers.Dense(8)(keras.layers.Flatten()(images)))
    endpoint = keras_gans.export.Endpoint(encoder, "images", "latents", (-1, 1))
    sampler = keras_gans.export.Sampler(gan.generator, gan.latents, endpoints={"encode": endpoint})
    print(list(sampler.endpoints))  # ['encode']
    ```
    """

    network: keras.Model
    input: str
    output: str
    input_range: tuple[float, float] | None = None
