"""Files that run code when they are read."""

import os
import re


def refuse_pickle(path):
    """Raises a ValueError, with what to do instead, for a path or an address of a .pkl or .pickle file."""
    path = os.fspath(path)
    if re.search(r"\.(pkl|pickle)(\?.*)?$", path.lower()):
        raise ValueError(
            f"{path!r} is a pickle, as NVIDIA releases StyleGAN2-ADA and StyleGAN3: reading one runs the code in it, so it is "
            "not read here. Convert it where you trust it, with the code of NVIDIA and PyTorch: export the generator, a "
            "function of z alone, to ONNX (torch.onnx), that to a SavedModel (onnx2tf), and load its folder with "
            'keras_gans.hub.load(folder, signature="serving_default"); or save its images, and evaluate their folder. The '
            "weights stay under NVIDIA's Source Code License, which allows research and evaluation, not commercial use."
        )
