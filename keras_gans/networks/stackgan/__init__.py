"""The networks of StackGAN: text to a small image, then text and that image to a large one, in the layouts of both releases.

Reference:
    Zhang et al., StackGAN: Text to Photo-realistic Image Synthesis with Stacked Generative Adversarial Networks (2017),
    arXiv:1612.03242; layers and initial weights of the authors' code (hanzhanggit/StackGAN for TensorFlow, and
    hanzhanggit/StackGAN-Pytorch).
"""

from keras_gans.networks.stackgan.discriminators import stage_one_discriminator
from keras_gans.networks.stackgan.discriminators import stage_two_discriminator
from keras_gans.networks.stackgan.generators import stage_one_generator
from keras_gans.networks.stackgan.generators import stage_two_generator

__all__ = ["stage_one_discriminator", "stage_one_generator", "stage_two_discriminator", "stage_two_generator"]
