"""The end of an encoder whose code is a Gaussian."""

from keras import layers


def gaussian_code(x, latents, kernel_initializer):
    """A dict of `mean` and `log_scale` `(batch, latents)` in float32, of two dense layers.

    Papers have the second layer compute the log of the variance, v; log_scale is v / 2, the log of the standard deviation.

    Args:
        x: Features `(batch, width)`.
        latents: Int, width of the code.
        kernel_initializer: Function without arguments that makes an initializer, one for each kernel.
    """
    mean, log_variance = (
        layers.Dense(latents, kernel_initializer=kernel_initializer(), dtype="float32", name=name)(x)
        for name in ("mean", "log_variance")
    )
    return {"mean": mean, "log_scale": layers.Rescaling(0.5, dtype="float32", name="log_scale")(log_variance)}
