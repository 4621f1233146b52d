"""Layers that GAN papers need and Keras does not have."""

from keras_gans.layers.adaptive_augment import AdaptiveAugment
from keras_gans.layers.adaptive_instance_normalization import AdaptiveInstanceNormalization
from keras_gans.layers.bias import Bias
from keras_gans.layers.blur import Blur
from keras_gans.layers.class_embedding import ClassEmbedding
from keras_gans.layers.conditional_batch_normalization import ConditionalBatchNormalization
from keras_gans.layers.conditioning_augmentation import ConditioningAugmentation
from keras_gans.layers.constant_input import ConstantInput
from keras_gans.layers.diff_augment import DiffAugment
from keras_gans.layers.equalized_learning_rate import EqualizedLearningRate
from keras_gans.layers.fade_in import FadeIn
from keras_gans.layers.fir_downsampling import FIRDownSampling2D
from keras_gans.layers.fir_upsampling import FIRUpSampling2D
from keras_gans.layers.global_sum_pooling import GlobalSumPooling2D
from keras_gans.layers.grouped_conv import GroupedConv2D
from keras_gans.layers.instance_noise import InstanceNoise
from keras_gans.layers.instance_normalization import InstanceNormalization
from keras_gans.layers.maxout import Maxout
from keras_gans.layers.minibatch_discrimination import MinibatchDiscrimination
from keras_gans.layers.minibatch_stddev import MinibatchStdDev
from keras_gans.layers.modulated_conv2d import ModulatedConv2D
from keras_gans.layers.noise_injection import NoiseInjection
from keras_gans.layers.pixel_normalization import PixelNormalization
from keras_gans.layers.pixel_shuffle import PixelShuffle
from keras_gans.layers.probabilistic_augment import ProbabilisticAugment
from keras_gans.layers.pyramid_downsampling import PyramidDownSampling2D
from keras_gans.layers.pyramid_upsampling import PyramidUpSampling2D
from keras_gans.layers.reflection_padding import ReflectionPadding2D
from keras_gans.layers.self_attention import SelfAttention
from keras_gans.layers.spectral_normalization import SpectralNormalization
from keras_gans.layers.style_truncation import StyleTruncation
from keras_gans.layers.truncation_batch_normalization import TruncationBatchNormalization
from keras_gans.layers.virtual_batch_normalization import VirtualBatchNormalization

__all__ = [
    "AdaptiveInstanceNormalization",
    "Bias",
    "Blur",
    "AdaptiveAugment",
    "ClassEmbedding",
    "ConditionalBatchNormalization",
    "ConditioningAugmentation",
    "ConstantInput",
    "DiffAugment",
    "EqualizedLearningRate",
    "FIRDownSampling2D",
    "FIRUpSampling2D",
    "FadeIn",
    "GlobalSumPooling2D",
    "GroupedConv2D",
    "InstanceNoise",
    "InstanceNormalization",
    "Maxout",
    "MinibatchDiscrimination",
    "MinibatchStdDev",
    "ModulatedConv2D",
    "NoiseInjection",
    "PixelNormalization",
    "PixelShuffle",
    "ProbabilisticAugment",
    "PyramidDownSampling2D",
    "PyramidUpSampling2D",
    "ReflectionPadding2D",
    "SelfAttention",
    "SpectralNormalization",
    "StyleTruncation",
    "TruncationBatchNormalization",
    "VirtualBatchNormalization",
]
