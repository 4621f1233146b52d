"""Reading back what `gan.save` wrote."""

from keras_gans.utils.choices import check_bools
from keras_gans.utils.saved_files import load_checked


def load_model(filepath, custom_objects=None, compile=True, safe_mode=True):
    """Loads a GAN that `gan.save` wrote, as `keras.saving.load_model`, which works too.

    This function distinguishes a file that was only partly written, by a killed process or an interrupted copy, from one that
    does not exist; Keras calls both "not found".

    Args:
        filepath: Path of a `.keras` file.
        custom_objects, compile, safe_mode: As in `keras.saving.load_model`.

    Returns:
        The GAN, with networks, average, optimizers, state and recipe.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the file is incomplete or damaged, has weights alone, is not one that Keras saved, or holds a class or
            function that is not known here; if `filepath` is not a path.

    Example:

    ```python
    gan.save("gan.keras")
    again = keras_gans.load_model("gan.keras")
    np.allclose(again.generate(4, seed=0), gan.generate(4, seed=0))  # True
    ```
    """
    check_bools(compile=compile, safe_mode=safe_mode)
    return load_checked(filepath, custom_objects=custom_objects, compile=compile, safe_mode=safe_mode)
