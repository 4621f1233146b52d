"""Section 1 of the facts: counts to the unit, maps, receptive fields, where dropout and norms stand, what layers compute."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.networks import pix2pix
from tests.networks import counting
from tests.networks import receptive_field
from tests.networks import torch_terms as torch

SMALL = (32, 32, 3)


@pytest.mark.parametrize(
    ("arguments", "trainable", "total"),
    [
        ({}, 54_413_955, 54_423_811),
        ({"use_bias": True}, 54_419_459, 54_429_315),
        ({"norm": "instance"}, 54_409_603, 54_409_603),
        ({"image_shape": (128, 128, 3)}, 41_828_995, 41_836_803),
        ({"skip_connections": False}, 39_075_459, 39_085_315),
        ({"image_shape": (256, 256, 2), "source_channels": 1}, 54_409_858, None),
    ],
)
def test_counts_of_generators(arguments, trainable, total):
    with counting.without_weights():
        g = pix2pix.generator(**arguments)
    assert counting.trainable(g) == trainable
    assert total in (None, counting.total(g))
    shape = arguments.get("image_shape", (256, 256, 3))
    assert [(x.name, x.shape[1:]) for x in g.inputs] == [("source", (*shape[:2], arguments.get("source_channels", 3)))]
    assert g.output_shape == (None, *shape)


def test_the_table_of_the_generator():
    with counting.without_weights():
        g = pix2pix.generator()
    down, up = ([g.get_layer(f"{way}_{k}") for k in range(1, 9)] for way in ("down", "up"))
    assert [counting.trainable(layer) for layer in down] == [3_072, 131_072, 524_288, 2_097_152, *[4_194_304] * 4]
    assert [counting.trainable(layer) for layer in up] == [
        *(4_194_304, 8_388_608, 8_388_608, 8_388_608, 4_194_304, 1_048_576, 262_144, 6_147)
    ]
    assert [layer.output.shape[1] for layer in down] == [128, 64, 32, 16, 8, 4, 2, 1]
    assert [layer.output.shape[1] for layer in up] == [2, 4, 8, 16, 32, 64, 128, 256]
    norms = {layer.name: counting.trainable(layer) for layer in counting.layers_of(g, keras.layers.BatchNormalization)}
    assert norms == {
        **{f"down_{k}_norm": count for k, count in zip(range(2, 8), (256, 512, *[1_024] * 4), strict=True)},
        **{f"up_{k}_norm": count for k, count in zip(range(1, 8), (*[1_024] * 4, 512, 256, 128), strict=True)},
    }
    # Channels after the concatenations: the paper's CD512-CD1024-CD1024-C1024-C1024-C512-C256-C128 less what comes in
    assert [layer.output.shape[-1] for layer in counting.layers_of(g, keras.layers.Concatenate)] == [
        *(1024, 1024, 1024, 1024, 512, 256, 128)
    ]


@pytest.mark.parametrize(
    ("size", "dropped", "widths"),
    [(256, (2, 4, 8), [1, 2, 4, 8, 8, 8, 8, 8]), (128, (2, 4, 8), [1, 2, 4, 8, 8, 8, 8])]
    + [(32, (2, 4, 8), [1, 2, 4, 8, 8]), (8, (2, 4), [1, 2, 4]), (4, (2,), [1, 2])],
)
def test_levels_and_dropout(size, dropped, widths):
    """Dropout as in the paper: on the innermost three that are normalized."""
    with counting.without_weights():
        g = pix2pix.generator((size, size, 1), filters=1)
    dropout = counting.layers_of(g, keras.layers.Dropout)
    assert tuple(layer.output.shape[1] for layer in dropout) == dropped
    assert all(layer.rate == 0.5 for layer in dropout)
    assert [g.get_layer(f"down_{k + 1}").filters for k in range(len(widths))] == widths
    assert g.get_layer(f"down_{len(widths)}").output.shape[1:3] == (1, 1)
    assert g.output_shape == (None, size, size, 1)


@pytest.mark.slow
def test_closed_forms():
    for n, i, o in ((2, 1, 3), (3, 4, 1)):
        with counting.without_weights():
            g, small = (pix2pix.generator((size, size, o), source_channels=i, filters=n) for size in (256, 128))
            d = pix2pix.discriminator((256, 256, o), source_channels=i, filters=n)
        assert counting.trainable(g) == 13280 * n**2 + (16 * i + 32 * o + 154) * n + o
        assert counting.trainable(small) == 10208 * n**2 + (16 * i + 32 * o + 122) * n + o
        assert counting.trainable(d) == 672 * n**2 + (16 * (i + o) + 157) * n + 1


@pytest.mark.parametrize("skip_connections", [True, False])
def test_the_generator_computes_what_the_released_one_does(skip_connections):
    """With instance norm, which computes the same in training and inference."""
    g = pix2pix.generator((16, 16, 2), filters=2, norm="instance", skip_connections=skip_connections)
    for variable in g.trainable_variables:  # biases are zero at the start
        variable.assign(np.random.default_rng(variable.shape.num_elements()).normal(0, 0.3, variable.shape))
    source = np.random.default_rng(1).normal(size=(2, 16, 16, 3)).astype("float32")
    x, maps = np.float64(source), []
    for k in range(1, 5):
        kernel, bias = torch.weights_of(g, f"down_{k}")
        x = torch.conv(x if k == 1 else torch.leaky(x), kernel, 2, 1, bias)
        x = torch.instance_norm(x) if 1 < k < 4 else x
        maps.append(x)
    for k in range(1, 5):
        kernel, bias = torch.weights_of(g, f"up_{k}")
        x = torch.transposed(torch.relu(x), kernel, bias=bias)
        if k < 4:
            x = torch.instance_norm(x)
            x = np.concatenate([x, maps[3 - k]], -1) if skip_connections else x
    np.testing.assert_allclose(g(source), np.tanh(x), atol=2e-5)


@pytest.mark.slow
def test_what_is_noise_and_what_is_not():
    g = pix2pix.generator(SMALL, filters=4)
    source = np.random.default_rng(0).uniform(-1, 1, (2, *SMALL)).astype("float32")
    training, inference = ([g(source, training=training).numpy() for _ in range(2)] for training in (True, False))
    assert not np.array_equal(*training)
    np.testing.assert_array_equal(*inference)
    assert training[0].shape == (2, *SMALL)
    assert 0 < np.abs(training[0]).max() < 1
    without = pix2pix.generator(SMALL, filters=4, dropout=0)
    np.testing.assert_array_equal(*[without(source, training=True).numpy() for _ in range(2)])


@pytest.mark.slow
def test_initial_weights_and_constants():
    g, d = pix2pix.generator((64, 64, 3), filters=24), pix2pix.discriminator((64, 64, 3), filters=24)
    for network in (g, d):
        for variable in network.trainable_variables:
            value = variable.numpy()
            if variable.name == "kernel" and value.size > 20_000:
                assert (value.mean(), value.std()) == pytest.approx((0, 0.02), abs=5e-4)
            if variable.name == "gamma" and value.size > 180:
                assert (value.mean(), value.std()) == pytest.approx((1, 0.02), abs=5e-3)
            if variable.name in ("bias", "beta"):
                assert not value.any()
        norms = counting.layers_of(network, keras.layers.BatchNormalization)
        assert norms
        assert all((layer.epsilon, layer.momentum) == (1e-5, 0.9) for layer in norms)
        assert all(layer.negative_slope == 0.2 for layer in counting.layers_of(network, keras.layers.LeakyReLU))
    assert not np.array_equal(g.get_layer("down_5").kernel, g.get_layer("down_6").kernel)


PATCHES = [
    # layers, receptive field, map of 256, trainable with 6 channels and batch norm, with 3, with 3 and instance norm
    (0, 1, 256, 9_025, 8_833, 8_705),
    (1, 16, 126, 139_585, 136_513, 136_385),
    (2, 34, 62, 666_433, 663_361, 662_977),
    (3, 70, 30, 2_768_705, 2_765_633, 2_764_737),
    (4, 142, 14, 6_964_033, 6_960_961, 6_959_553),
    (5, 286, 6, 11_159_361, 11_156_289, 11_154_369),
    (6, 574, 2, 15_354_689, 15_351_617, 15_349_185),
]


@pytest.mark.parametrize(("layers", "field", "size", "pairs", "alone", "instance"), PATCHES)
def test_patches(layers, field, size, pairs, alone, instance):
    with counting.without_weights():
        d = pix2pix.discriminator(layers=layers)
        unconditional = pix2pix.discriminator(source_channels=None, layers=layers)
        normalized = pix2pix.discriminator(source_channels=None, layers=layers, norm="instance")
    assert tuple(map(counting.trainable, (d, unconditional, normalized))) == (pairs, alone, instance)
    assert d.output_shape == (None, size, size, 1)
    assert [x.name for x in d.inputs] == ["images", "source"]
    assert [x.name for x in unconditional.inputs] == ["images"]
    assert receptive_field.computed(d) == field


def test_the_table_of_the_discriminator():
    with counting.without_weights():
        d, everywhere = pix2pix.discriminator(), pix2pix.discriminator(use_bias=True)
    assert counting.total(d) == 2_770_497
    assert (counting.trainable(everywhere), counting.total(everywhere)) == (2_769_601, 2_771_393)
    assert [counting.trainable(layer) for layer in d.layers if layer.weights] == [
        *(6_208, 131_072, 256, 524_288, 512, 2_097_152, 1_024, 8_193)
    ]


@pytest.mark.parametrize(
    ("layers", "position", "rows"),
    [(0, 10, (10, 10)), (1, 9, (13, 28)), (2, 9, (25, 58)), (3, 9, (49, 118)), (4, 5, (33, 174))],
)
def test_a_score_sees_its_patch_and_nothing_else(layers, position, rows):
    d = pix2pix.discriminator((192, 192, 1), source_channels=1, layers=layers, filters=1)
    assert rows[1] - rows[0] + 1 == PATCHES[layers][1]
    assert receptive_field.measured(d, position, position) == [rows, rows]


@pytest.mark.parametrize("shape", [(24, 37, 1), (24, 24, 1)])
def test_the_discriminator_computes_what_the_released_one_does(shape):
    d = pix2pix.discriminator(shape, source_channels=2, layers=2, filters=2, norm="instance")
    for variable in d.trainable_variables:
        variable.assign(np.random.default_rng(variable.shape.num_elements()).normal(0, 0.3, variable.shape))
    random = np.random.default_rng(1)
    images, source = (random.normal(size=(2, *shape[:2], channels)).astype("float32") for channels in (1, 2))
    x = np.concatenate([source, images], -1).astype("float64")
    for name, stride in (("conv_1", 2), ("conv_2", 2), ("conv_3", 1), ("scores", 1)):
        kernel, bias = torch.weights_of(d, name)
        x = torch.conv(x, kernel, stride, 1, bias)
        x = torch.instance_norm(x) if name in ("conv_2", "conv_3") else x
        x = x if name == "scores" else torch.leaky(x)
    scores = d([images, source])
    assert scores.dtype == "float32"
    np.testing.assert_allclose(scores, x, atol=2e-5)


@pytest.mark.slow
def test_saved_and_loaded(tmp_path):
    random = np.random.default_rng(0)
    images, source = (random.uniform(-1, 1, (2, *SMALL)).astype("float32") for _ in range(2))
    for network, inputs in (
        (pix2pix.generator(SMALL, filters=2), source),
        (pix2pix.discriminator(SMALL, layers=2, filters=2), [images, source]),
    ):
        network.save(tmp_path / "network.keras")
        np.testing.assert_array_equal(keras.saving.load_model(tmp_path / "network.keras")(inputs), network(inputs))


def test_half_precision():
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        g, d = pix2pix.generator((8, 8, 3), filters=2), pix2pix.discriminator((8, 8, 3), layers=1, filters=2)
    finally:
        keras.config.set_dtype_policy("float32")
    source = tf.zeros((2, 8, 8, 3))
    images = g(source, training=True)
    assert (images.dtype, d([images, source]).dtype) == ("float32", "float32")


def test_errors():
    for shape in ((250, 250, 3), (96, 96, 3), (256, 128, 3), (2, 2, 3)):
        with pytest.raises(ValueError, match=r"(?s)4, 8, 16, 32, 64, 128, 256.*Received: image_shape"):
            pix2pix.generator(shape)
    for build in (pix2pix.generator, pix2pix.discriminator):
        for shape in ((256, 256), (None, None, 3), (256, 256, 0)):
            with pytest.raises(ValueError, match=r"`image_shape` must be \(height, width, channels\)"):
                build(shape)
    with pytest.raises(ValueError, match='`norm` must be "batch" or "instance"'):
        pix2pix.generator(norm="layer")
    with pytest.raises(ValueError, match="`dropout`"):
        pix2pix.generator(dropout=1.0)
    for build in (pix2pix.generator, pix2pix.discriminator):
        for arguments in ({"filters": 0}, {"source_channels": 0}):
            with pytest.raises(ValueError, match=next(iter(arguments))):
                build(**arguments)
    # 3 positions must be left after the halvings
    for size, most in ((32, 3), (23, 2), (24, 3), (2, 0)):
        pix2pix.discriminator((size, 64, 1), layers=most, filters=1)
        with pytest.raises(ValueError, match=rf"at most {most}.*layers={most + 1}"):
            pix2pix.discriminator((size, 64, 1), layers=most + 1)
    with pytest.raises(ValueError, match="`layers` must be an int >= 0"):
        pix2pix.discriminator(layers=-1)
