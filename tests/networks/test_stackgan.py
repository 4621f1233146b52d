"""StackGAN's networks in both layouts: counts to the unit, shapes, what is frozen, what the code does."""

import keras
import numpy as np
import pytest

from keras_gans.networks import stackgan
from tests.networks import counting

LAYOUTS = ("tensorflow", "pytorch")
SMALL = {"units": 8, "filters": 8}
every_layout = pytest.mark.parametrize("layout", LAYOUTS)
RANDOM = np.random.default_rng(0)


def normal(*shape):
    return RANDOM.normal(size=shape).astype("float32")


def small_stages(layout="tensorflow", size=16):
    one = stackgan.stage_one_generator((size, size, 3), noise=10, embedding_dim=12, layout=layout, **SMALL)
    return one, stackgan.stage_two_generator(one, (2 * size, 2 * size, 3), blocks=1, layout=layout, **SMALL)


def counts(network):
    return counting.trainable(network), counting.total(network)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("layout", "one", "two"),
    [
        ("tensorflow", [(14_264_192, 39_168), (4_029_824, 4_352)], [(26_290_080, 11_712), (48_603_520, 13_568)]),
        ("pytorch", [(10_301_248, 34_688), (5_715_713, 2_816)], [(26_290_080, 11_712), (71_269_122, 12_032)]),
    ],
)
def test_counts(layout, one, two):
    with counting.without_weights():
        g1, d1 = stackgan.stage_one_generator(layout=layout), stackgan.stage_one_discriminator(layout=layout)
        first = counts(g1)
        g2, d2 = stackgan.stage_two_generator(g1, layout=layout), stackgan.stage_two_discriminator(layout=layout)
    assert [first, counts(d1)] == [(trainable, trainable + rest) for trainable, rest in one]
    assert counts(d2) == (two[1][0], sum(two[1]))
    assert counting.trainable(g2) == two[0][0]  # its own: the first stage is frozen
    assert counting.total(g2) == sum(two[0]) + sum(one[0])
    if layout == "pytorch":
        assert two[0][0] + one[0][0] == 36_591_328
    assert g1.output["images"].shape == d1.inputs[0].shape == (None, 64, 64, 3)
    assert g2.output["images"].shape == d2.inputs[0].shape == (None, 256, 256, 3)
    assert [(x.name, x.shape[1]) for x in g1.inputs] == [("latents", 228), ("embedding", 1024)]
    assert [(x.name, x.shape[1]) for x in g2.inputs] == [("latents", 356), ("embedding", 1024)]
    assert [(x.name, x.shape[-1]) for x in d2.inputs] == [("images", 3), ("embedding", 1024 if layout == "tensorflow" else 128)]
    for network in (g1, g2, d1, d2):
        norms = counting.layers_of(network, keras.layers.BatchNormalization)
        assert all((layer.momentum, layer.epsilon) == (0.9, 1e-5) for layer in norms)
    for network in (d1, d2):
        assert all(layer.negative_slope == 0.2 for layer in counting.layers_of(network, keras.layers.LeakyReLU))
    assert d1.get_layer("joint_conv").output.shape[1:] == (4, 4, 512)


def test_counts_of_the_networks_for_coco():
    with counting.without_weights():
        one = stackgan.stage_one_generator(filters=192, layout="pytorch")
        assert counting.trainable(one) == 20_020_832
        two = stackgan.stage_two_generator(one, filters=192, blocks=2, layout="pytorch")
        assert counting.trainable(two) == 37_130_480
        one = stackgan.stage_one_discriminator(filters=96, layout="pytorch")
        two = stackgan.stage_two_discriminator(filters=96, layout="pytorch")
    assert (counting.trainable(one), counting.trainable(two)) == (12_407_425, 159_889_538)


def test_the_layers():
    with counting.without_weights():
        tensorflow, pytorch = (stackgan.stage_one_generator(layout=layout) for layout in LAYOUTS)
        d = stackgan.stage_one_discriminator()
    assert counting.parts(tensorflow, "augmentation", "stem_dense") == [262_400, 228 * 16_384 + 16_384]
    assert counting.parts(pytorch, "augmentation", "stem_dense") == [262_400, 228 * 16_384]
    maps = {
        name: tensorflow.get_layer(f"{name}_conv").output.shape[1:] for name in ("stem_branch_1", "up_1", "up_1_branch_2", "up_3")
    }
    assert maps == {"stem_branch_1": (4, 4, 256), "up_1": (8, 8, 512), "up_1_branch_2": (8, 8, 128), "up_3": (32, 32, 128)}
    assert [pytorch.get_layer(f"up_{k}_conv").output.shape[1:] for k in range(1, 5)] == [
        *((8, 8, 512), (16, 16, 256), (32, 32, 128), (64, 64, 64))
    ]
    assert [d.get_layer(f"branch_{k}_conv").output.shape[-1] for k in (1, 2, 3)] == [128, 128, 512]
    # No activation between the last two convolutions of TensorFlow's first discriminator
    assert d.get_layer("conv_4_conv").input is d.get_layer("conv_3_norm").output
    assert d.get_layer("conv_3_conv").input is not d.get_layer("conv_2_norm").output


def test_the_layers_of_the_second_discriminator():
    with counting.without_weights():
        networks = [stackgan.stage_two_discriminator(layout=layout) for layout in LAYOUTS]
    for network, kernel in zip(networks, (1, 3), strict=True):
        assert [network.get_layer(f"conv_{k}_conv").output.shape[-1] for k in range(1, 7)] == [64, 128, 256, 512, 1024, 2048]
        for k, width in ((1, 1024), (2, 512)):
            layer = network.get_layer(f"reduce_{k}_conv")
            assert (layer.kernel_size, layer.output.shape[1:]) == ((kernel, kernel), (4, 4, width))
        assert network.get_layer("conv_4_conv").input is not network.get_layer("conv_3_norm").output
        assert network.get_layer("joint_conv").kernel_size == (kernel, kernel)
        assert network.get_layer("joint_conv").input.shape[1:] == (4, 4, 640)
    assert counting.trainable(networks[1].get_layer("unconditional_scores_conv")) == 4 * 4 * 512 + 1
    assert networks[0].output_shape == (None, 1)


@pytest.mark.slow
@every_layout
@pytest.mark.parametrize("size", [16, 32])
def test_small_sizes(layout, size):
    g, d = (
        stackgan.stage_one_generator((size, size, 1), noise=10, embedding_dim=12, layout=layout, **SMALL),
        stackgan.stage_one_discriminator((size, size, 1), embedding_dim=12, layout=layout, **SMALL),
    )
    output = g([normal(2, 18), normal(2, 12)])
    assert output["images"].shape == (2, size, size, 1)
    assert np.abs(output["images"]).max() < 1
    assert output["mean"].shape == output["log_scale"].shape == (2, 8)
    assert d([output["images"].numpy(), normal(2, 12 if layout == "tensorflow" else 8)]).shape == (2, 1)


@pytest.mark.slow
@every_layout
def test_both_stages_at_small_sizes(layout):
    one, two = small_stages(layout)
    discriminator = stackgan.stage_two_discriminator((32, 32, 3), embedding_dim=12, layout=layout, **SMALL)
    output = two([normal(2, 26), normal(2, 12)])
    assert output["images"].shape == (2, 32, 32, 3)
    scores = discriminator([output["images"].numpy(), normal(2, discriminator.inputs[1].shape[1])])
    scores = scores["unconditional_scores"] if layout == "pytorch" else scores
    assert scores.shape == (2, 1)


@pytest.mark.slow
def test_the_first_stage_is_frozen_and_runs_in_inference():
    one, two = small_stages()
    assert not one.trainable_variables
    assert not {id(v) for v in one.weights} & {id(v) for v in two.trainable_variables}
    latents, embedding = normal(4, 26), normal(4, 12)
    before = one.get_weights()
    two([latents, embedding], training=True)
    for old, new in zip(before, one.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    part = keras.Model(two.inputs, two.get_layer("down_0_conv").input)
    expected = one([latents[:, :18], embedding])["images"]
    np.testing.assert_allclose(part([latents, embedding], training=True), expected, atol=1e-6)


@pytest.mark.slow
def test_a_first_stage_around_another_network():
    """Here without augmentation: the noise of the code is zero."""
    inner = stackgan.stage_one_generator((16, 16, 1), noise=4, embedding_dim=6, units=3, filters=4)
    latents, embedding = keras.Input((4,), name="latents"), keras.Input((6,), name="embedding")
    padded = keras.ops.pad(latents, [[0, 0], [0, 3]])
    outer = keras.Model([latents, embedding], inner([padded, embedding]))
    generator = stackgan.stage_two_generator(outer, (32, 32, 1), units=3, filters=4, blocks=0)
    assert generator.inputs[0].shape == (None, 4 + 3)
    z, text = np.ones((2, 7), "float32"), np.ones((2, 6), "float32")
    assert generator([z, text])["images"].shape == (2, 32, 32, 1)


@pytest.mark.slow
def test_where_the_noise_enters():
    """Same text and z: another epsilon makes another image; the second stage has an epsilon of its own."""
    one, two = small_stages()
    embedding = normal(1, 12)
    one.get_layer("augmentation").dense.kernel.assign(normal(12, 16))
    two.get_layer("augmentation").dense.kernel.assign(normal(12, 16))
    latents = normal(1, 26)
    first, second = one([latents[:, :18], embedding]), two([latents, embedding])
    other = latents.copy()
    other[:, 18:] += 1
    np.testing.assert_array_equal(one([other[:, :18], embedding])["images"], first["images"])
    changed = two([other, embedding])
    assert np.abs(changed["images"] - second["images"]).max() > 1e-4
    np.testing.assert_array_equal(changed["mean"], second["mean"])
    other = latents.copy()
    other[:, 10:18] += 1
    assert np.abs(one([other[:, :18], embedding])["images"] - first["images"]).max() > 1e-4
    assert not np.allclose(first["mean"], second["mean"])  # each stage has its own augmentation


@pytest.mark.slow
def test_without_scale_the_code_is_deterministic():
    one, _ = small_stages()
    dense = one.get_layer("augmentation").dense
    dense.bias.assign(np.r_[np.zeros(8), np.full(8, 5 * -100.0)].astype("float32"))  # LeakyReLU makes it -100
    latents, embedding = normal(1, 18), normal(1, 12)
    images = one([latents, embedding])["images"]
    latents[:, 10:] += 1
    np.testing.assert_array_equal(one([latents, embedding])["images"], images)


def test_initial_weights():
    g = stackgan.stage_one_generator((16, 16, 3), noise=10, embedding_dim=12, units=8, filters=64)
    stem, conv = g.get_layer("stem_dense").kernel.numpy(), g.get_layer("up_1_conv").kernel.numpy()
    assert stem.std() == pytest.approx(0.02, rel=0.05)
    assert np.abs(stem).max() > 0.045
    assert np.abs(conv).max() <= 0.046  # truncated
    gamma = g.get_layer("stem_norm").gamma.numpy()
    assert gamma.mean() == pytest.approx(1, abs=0.01)
    assert gamma.std() == pytest.approx(0.02, rel=0.25)


@pytest.mark.slow
@every_layout
def test_stages_are_saved_and_loaded(layout, tmp_path):
    _, two = small_stages(layout)
    two.save(tmp_path / "two.keras")
    loaded = keras.saving.load_model(tmp_path / "two.keras")
    inputs = [normal(2, 26), normal(2, 12)]
    np.testing.assert_array_equal(loaded(inputs)["images"], two(inputs)["images"])
    assert len(loaded.trainable_variables) == len(two.trainable_variables)


@pytest.mark.slow
def test_what_is_refused():
    for build in (stackgan.stage_one_generator, stackgan.stage_one_discriminator, stackgan.stage_two_discriminator):
        for shape in ((8, 8, 3), (48, 48, 3), (64, 32, 3), (64, 64)):
            with pytest.raises(ValueError, match="a power of two, 16 or more"):
                build(shape)
        with pytest.raises(ValueError, match='`layout` must be "tensorflow" or "pytorch"'):
            build((16, 16, 3), layout="keras")
    with pytest.raises(ValueError, match="`filters`"):
        stackgan.stage_one_generator(filters=2)
    one, two = small_stages()
    with pytest.raises(ValueError, match="inputs `latents` and `embedding`"):
        stackgan.stage_two_generator(keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]))
    for shape in ((16, 16, 3), (64, 32, 3)):
        with pytest.raises(ValueError, match=r"2, 4, ... times as large|power of two"):
            stackgan.stage_two_generator(one, shape, **SMALL)
    with pytest.raises(ValueError, match="multiple of 4"):
        stackgan.stage_two_generator(one, (64, 64, 3), filters=6)
