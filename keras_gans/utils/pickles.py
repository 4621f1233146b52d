"""Files that run code when they are read."""

import os


def refuse_pickle(path):
    """Raises a ValueError, with what to do instead, for a path that ends in .pkl or .pickle."""
    path = os.fspath(path)
    if path.lower().endswith((".pkl", ".pickle")):
        raise ValueError(
            f"{path!r} is a pickle, as NVIDIA releases StyleGAN2-ADA and StyleGAN3: to read one is to run the Python code in it, "
            "so it is not read here. Convert it where you trust it, with the code of NVIDIA and PyTorch: export the generator to "
            "ONNX (torch.onnx), that to a SavedModel (onnx2tf), and load its folder with keras_gans.hub.load; or save its "
            "images, and evaluate their folder. The weights stay under NVIDIA's Source Code License, which allows research and "
            "evaluation, not commercial use."
        )
