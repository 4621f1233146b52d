"""ALI's networks: counts to the unit, layer by layer from the paper's tables, and what the layers compute."""

import keras
import numpy as np
import pytest

from keras_gans.networks import ali
from keras_gans.utils.networks import image_range_of
from tests.networks import counting
from tests.networks import torch_terms as torch

RANDOM = np.random.default_rng(0)
SHAPES = {"svhn": (32, 32, 3), "celeba": (64, 64, 3), "cifar10": (32, 32, 3)}
SLOPES = {"svhn": 0.01, "celeba": 0.02, "cifar10": 0.1}
LATENTS = {"svhn": 256, "celeba": 256, "cifar10": 64}

# The tables' kernel sizes, strides and feature maps.
DOWN = {
    "svhn": [(5, 1, 32), (4, 2, 64), (4, 1, 128), (4, 2, 256), (4, 1, 512)],
    "celeba": [(2, 1, 64), (7, 2, 128), (5, 2, 256), (7, 2, 256), (4, 1, 512)],
}
UP = {
    "svhn": [(4, 1, 256), (4, 2, 128), (4, 1, 64), (4, 2, 32), (5, 1, 32), (1, 1, 32)],
    "celeba": [(4, 1, 512), (7, 2, 256), (5, 2, 256), (7, 2, 128), (2, 1, 64)],
}
DOWN["cifar10"], UP["cifar10"] = DOWN["svhn"], UP["svhn"]
CODE, JOINT = {"svhn": 512, "celeba": 1024, "cifar10": 512}, {"svhn": 1024, "celeba": 2048, "cifar10": 1024}


def kernels(table, channels, maxout=1):
    """Weights of each layer of a table, and channels after it."""
    for size, _, maps in table:
        yield size * size * channels * maps, maps
        channels = maps // maxout


def normalized(table, channels):
    """Weights of layers without bias, each with a gain and a bias of its normalization."""
    return sum(weights + 2 * maps for weights, maps in kernels(table, channels))


def of_encoder(layout):
    table = DOWN[layout] + ([] if layout == "celeba" else [(1, 1, 512)])
    return normalized(table, 3) + 2 * LATENTS[layout] * (512 + 1)


def of_generator(layout):
    """With a bias for each pixel and channel."""
    return normalized(UP[layout], LATENTS[layout]) + UP[layout][-1][2] * 3 + int(np.prod(SHAPES[layout]))


def of_discriminator(layout):
    maxout = 2 if layout == "cifar10" else 1
    code, joint = CODE[layout], JOINT[layout]
    images = sum(weights for weights, _ in kernels(DOWN[layout], 3, maxout)) + DOWN[layout][0][2]
    if layout != "cifar10":
        images += sum(2 * maps for _, _, maps in DOWN[layout][1:])
    latents = LATENTS[layout] * code + code // maxout * code
    both = ((512 + code) // maxout + 1) * joint + (joint // maxout + 1) * joint + joint // maxout + 1
    return images + latents + both


def built(layout):
    with counting.without_weights():
        return [build(SHAPES[layout], layout=layout) for build in (ali.encoder, ali.generator, ali.discriminator)]


@pytest.mark.parametrize("layout", SHAPES)
def test_counts(layout):
    encoder, generator, discriminator = built(layout)
    assert counting.trainable(encoder) == of_encoder(layout)
    assert counting.trainable(generator) == of_generator(layout)
    assert counting.trainable(discriminator) == of_discriminator(layout)


def test_counts_of_the_reference():
    """Those with one output bias a channel; here each pixel has its own."""
    trainable = {"svhn": (3_315_488, 1_764_515, 5_283_073), "celeba": (6_794_880, 11_799_107, 15_189_057)}
    frozen = {"svhn": (3_008, 1_088, 1_920), "celeba": (2_432, 2_432, 2_304)}
    for layout, (of_e, of_g, of_d) in trainable.items():
        networks = built(layout)
        untied = int(np.prod(SHAPES[layout])) - 3
        assert untied == {"svhn": 3_069, "celeba": 12_285}[layout]
        assert [counting.trainable(network) for network in networks] == [of_e, of_g + untied, of_d]
        assert tuple(counting.total(network) - counting.trainable(network) for network in networks) == frozen[layout]
    # The documented ones of CIFAR-10: sums over the paper's table, with the release's biases.
    assert (of_encoder("cifar10"), of_generator("cifar10"), of_discriminator("cifar10")) == (3_118_496, 981_152, 2_610_049)
    assert (of_generator("svhn"), of_generator("celeba")) == (1_767_584, 11_811_392)


@pytest.mark.slow
@pytest.mark.parametrize("layout", SHAPES)
def test_inputs_outputs_and_constants(layout):
    encoder, generator, discriminator = built(layout)
    width = LATENTS[layout]
    assert [tensor.name for network in (encoder, generator) for tensor in network.inputs] == ["images", "latents"]
    assert [tensor.name for tensor in discriminator.inputs] == ["images", "latents"]
    assert {name: tensor.shape for name, tensor in encoder.output.items()} == {"mean": (None, width), "log_scale": (None, width)}
    assert generator.output_shape == (None, *SHAPES[layout])
    assert discriminator.input_shape == [(None, *SHAPES[layout]), (None, width)]
    assert discriminator.output_shape == (None, 1)
    assert image_range_of(generator) == (0.0, 1.0)
    for network in (encoder, generator, discriminator):
        norms = counting.layers_of(network, keras.layers.BatchNormalization)
        assert all((n.momentum, n.epsilon, n.center, n.scale) == (0.95, 1e-4, True, True) for n in norms)
        assert {a.negative_slope for a in counting.layers_of(network, keras.layers.LeakyReLU)} <= {SLOPES[layout]}
    sizes = {64: [63, 29, 13, 4, 1], 32: [28, 13, 10, 4, 1]}[SHAPES[layout][0]]
    assert [encoder.get_layer(f"conv_{k}").output.shape[1] for k in range(1, 6)] == sizes
    rates = [layer.rate for layer in counting.layers_of(discriminator, keras.layers.Dropout)]
    assert sorted(rates) == ([0.2] * 2 + [0.5] * 8 if layout == "cifar10" else [0.2] * 10)


def leaky(x, layout):
    return np.where(x > 0, x, SLOPES[layout] * x)


def norm(x):
    """At the beginning, the moving mean is 0 and the moving variance 1."""
    return x / np.sqrt(1 + 1e-4)


def act(x, layout):
    return np.maximum(x[..., ::2], x[..., 1::2]) if layout == "cifar10" else leaky(x, layout)


def dense(network, name, x):
    kernel, bias = torch.weights_of(network, name)
    return x @ kernel + (0 if bias is None else bias)


def enlarged(network):
    """With weights that make each layer's output as large as its input, and biases."""
    for layer in network.layers:
        if hasattr(layer, "kernel"):
            layer.kernel.assign(100 * layer.kernel / np.sqrt(np.prod(layer.kernel.shape[:-1])))
        if getattr(layer, "bias", None) is not None:
            layer.bias.assign(RANDOM.normal(size=layer.bias.shape))
    return network


@pytest.mark.slow
@pytest.mark.parametrize("layout", SHAPES)
def test_the_layers_compute_what_the_tables_say(layout):
    shape, small = SHAPES[layout], {"latents": 3, "layout": layout, "filters": 2}
    images, z = RANDOM.uniform(size=(2, *shape)), RANDOM.normal(size=(2, 3))
    inputs = images.astype("float32"), z.astype("float32")
    strides = [stride for _, stride, _ in DOWN[layout]]

    network, x = enlarged(ali.encoder(shape, **small)), images
    for k, stride in enumerate(strides, 1):
        x = leaky(norm(torch.conv(x, torch.weights_of(network, f"conv_{k}")[0], stride)), layout)
    x = x.reshape(2, -1)
    if layout != "celeba":
        x = leaky(norm(dense(network, "mix", x)), layout)
    for name, output in network(inputs[0]).items():
        np.testing.assert_allclose(output, dense(network, name, x), rtol=1e-3, atol=1e-4)

    network, x = enlarged(ali.generator(shape, **small)), z.reshape(2, 1, 1, 3)
    for k, (_, stride, _) in enumerate(UP[layout][:5], 1):
        x = leaky(norm(torch.transposed(x, torch.weights_of(network, f"up_{k}")[0], stride, 0)), layout)
    if layout != "celeba":
        x = leaky(norm(torch.conv(x, torch.weights_of(network, "mix")[0])), layout)
    expected = 1 / (1 + np.exp(-dense(network, "to_rgb", x)))
    np.testing.assert_allclose(network(inputs[1]), expected, atol=1e-4)

    network, x, code = enlarged(ali.discriminator(shape, **small)), images, z
    for k, stride in enumerate(strides, 1):
        kernel, bias = torch.weights_of(network, f"image_{k}")
        assert (bias is None) == (k > 1)
        x = torch.conv(x, kernel, stride, bias=bias)
        x = act(x if k == 1 or layout == "cifar10" else norm(x), layout)
    for k in (1, 2):
        code = act(dense(network, f"code_{k}", code), layout)
    x = np.concatenate([x.reshape(2, -1), code], axis=1)
    for name in ("joint_1", "joint_2"):
        x = act(dense(network, name, x), layout)
    np.testing.assert_allclose(network(list(inputs)), dense(network, "scores", x), rtol=1e-3, atol=1e-4)


def test_the_generator_begins_at_the_mean_image():
    mean = RANDOM.uniform(0.1, 0.9, (32, 32, 3))
    mean[0, 0, 0], mean[0, 0, 1] = 0.0, 1.0
    network = ali.generator(filters=1, latents=2, mean_image=mean)
    np.testing.assert_allclose(network(np.zeros((1, 2), "float32"))[0], mean, atol=1e-6)
    bias = network.get_layer("to_rgb").bias.numpy()
    assert bias.shape == (32, 32, 3)
    np.testing.assert_allclose(bias[0, 0, :2], [-16.1181, 16.1181], rtol=0.02)  # the log odds of 1e-7
    loaded = keras.Model.from_config(network.get_config())
    np.testing.assert_allclose(loaded.get_layer("to_rgb").bias, bias, atol=1e-6)


@pytest.mark.slow
def test_initial_weights():
    for network in (ali.generator(filters=8), ali.encoder(filters=8), ali.discriminator(filters=8)):
        for layer in network.layers:
            if hasattr(layer, "kernel") and np.prod(layer.kernel.shape) > 1000:
                assert np.std(layer.kernel) == pytest.approx(0.01, rel=0.1), layer.name
            if getattr(layer, "bias", None) is not None:
                assert not np.any(layer.bias)


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["svhn", "cifar10"])
def test_they_are_saved_and_loaded(layout, tmp_path):
    z, x = RANDOM.normal(size=(2, 3)).astype("float32"), RANDOM.uniform(size=(2, 32, 32, 3)).astype("float32")
    small = {"latents": 3, "layout": layout, "filters": 2}
    for network, inputs in ((ali.generator(**small), z), (ali.discriminator(**small), [x, z])):
        network.save(tmp_path / "network.keras")
        np.testing.assert_array_equal(keras.saving.load_model(tmp_path / "network.keras")(inputs), network(inputs))


@pytest.mark.parametrize(
    ("build", "arguments", "message"),
    [
        (ali.generator, {"image_shape": (28, 28, 1)}, "32, 64"),
        (ali.encoder, {"layout": "celeba"}, "'svhn' or 'cifar10'"),
        (ali.discriminator, {"layout": "mnist"}, "`layout` must fit"),
        (ali.generator, {"latents": 0}, "`latents`"),
        (ali.encoder, {"filters": 0}, "`filters`"),
        (ali.discriminator, {"layout": "cifar10", "filters": 3}, "must be even"),
        (ali.generator, {"mean_image": np.zeros((32, 32, 1))}, "`mean_image` must have the shape"),
        (ali.generator, {"mean_image": np.full((32, 32, 3), -0.5)}, r"\[0, 1\].*Rescale"),
        (ali.generator, {"mean_image": np.full((32, 32, 3), np.nan)}, "`mean_image`"),
    ],
)
def test_what_is_refused(build, arguments, message):
    with pytest.raises(ValueError, match=message):
        build(**arguments)
