"""Exports of GANs that translate images, and what reads them."""

import json
import os

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans import hub
from tests import tiny
from tests.export.test_formats import of_openvino

pytestmark = pytest.mark.slow
SOURCES = tiny.images(5)
ANY = (None, None, 1)


@pytest.fixture(scope="module")
def pix2pix(tmp_path_factory):
    gan = tiny.pix2pix()
    return gan, gan.export(tmp_path_factory.mktemp("pix2pix") / "1", max_batch_size=6)


@pytest.fixture(scope="module")
def cyclegan(tmp_path_factory):
    """Of any size."""
    gan = keras_gans.CycleGAN(*(tiny.translator(ANY, ANY) for _ in range(2)), *(tiny.discriminator() for _ in range(2)))
    return gan, gan.export(tmp_path_factory.mktemp("cyclegan") / "1")


def test_pix2pix(pix2pix):
    gan, path = pix2pix
    endpoints = tf.saved_model.load(path).signatures
    assert set(endpoints) == {"serve", "serving_default", "sample", "sample_png", "describe"}
    wanted = gan.generate(condition=SOURCES, seed=3)
    sampled = endpoints["sample"](batch_size=tf.constant(5), seed=tf.constant([0, 3]), condition=SOURCES)["images"]
    np.testing.assert_array_equal(sampled, wanted)
    one = endpoints["sample"](batch_size=tf.constant(5), seed=tf.constant([0, 3]), condition=SOURCES[:1])["images"]
    np.testing.assert_array_equal(one, gan.generate(5, condition=SOURCES[:1], seed=3))
    served = endpoints["serve"](condition=tf.constant(SOURCES))["images"]
    np.testing.assert_array_equal(served, gan.generate(condition=SOURCES, seed=0))


def test_pix2pix_read_and_written_again(pix2pix, tmp_path):
    gan, path = pix2pix
    generator = hub.load(path)
    assert generator.latent_shape is generator.truncation_range is None
    assert (generator.image_shape, generator.source_range, generator.image_range) == (tiny.SHAPE, (-1.0, 1.0), (-1.0, 1.0))
    assert generator.as_sampler().statistics == "batch"
    many = np.tile(SOURCES, (3, 1, 1, 1))  # more than one request may ask for
    wanted = gan.generate(condition=many, seed=(1, 3))
    np.testing.assert_array_equal(generator.generate(condition=many, seed=(1, 3)), wanted)
    np.testing.assert_array_equal(generator.generate(4, condition=SOURCES[0], seed=2), gan.generate(4, SOURCES[0], seed=2))
    again = hub.load(generator.export(tmp_path / "again"))
    np.testing.assert_array_equal(again.generate(condition=many, seed=(1, 3)), wanted)
    with pytest.raises(ValueError, match="Sources must be floats"):
        generator.generate(condition=np.zeros((1, *tiny.SHAPE), "uint8"))
    with pytest.raises(ValueError, match="makes images of a source. Pass `condition`"):
        generator.generate(4, seed=0)
    with pytest.raises(ValueError, match="has no signature 'encode'.*exports of systems with an encoder"):
        generator.encode(SOURCES)


def test_cyclegan_of_any_size_read_and_written_again(cyclegan, tmp_path):
    gan, path = cyclegan
    generator = hub.load(path)
    assert set(generator.signatures) == {"serve", "serving_default", "serve_back", "describe"}
    again = hub.load(generator.export(tmp_path / "again"))
    for height in (8, 11):
        x = tiny.images(2, (height, 9, 1))
        for each in (generator, again):
            np.testing.assert_array_equal(each.generate(condition=x), gan.translate(x))
            back = each.signatures["serve_back"](condition=tf.constant(x))["images"]
            np.testing.assert_allclose(back, gan.translate_back(x), atol=1e-6)


def test_what_clients_send_is_checked(pix2pix, cyclegan):
    endpoints = tf.saved_model.load(pix2pix[1]).signatures
    drawing = {"batch_size": tf.constant(1), "seed": tf.constant([0, 3])}
    there, back = (tf.saved_model.load(cyclegan[1]).signatures[name] for name in ("serve", "serve_back"))
    for endpoint, others in ((endpoints["serve"], {}), (endpoints["sample"], drawing), (there, {}), (back, {})):
        for value, message in ((np.nan, "condition"), (200.0, "must be in .-1, 1.*Scale")):
            with pytest.raises(tf.errors.InvalidArgumentError, match=message):
                endpoint(condition=tf.fill((1, *tiny.SHAPE), value), **others)
    with pytest.raises(tf.errors.InvalidArgumentError, match="number of images"):
        endpoints["serve"](condition=tf.zeros((7, *tiny.SHAPE)))
    with pytest.raises(ValueError, match="makes 4 images together.*max_batch_size=2. Allow at least 4"):
        tiny.pix2pix(sampling_batch_size=4).export("never", max_batch_size=2)


def test_requests_to_warm_up_have_a_size_that_is_answered(cyclegan):
    """The server does not start where one of them fails, as images of one pixel may."""
    messages = pytest.importorskip("tensorflow_serving.apis.prediction_log_pb2")
    records = tf.data.TFRecordDataset(os.path.join(cyclegan[1], "assets.extra", "tf_serving_warmup_requests"))
    requests = [messages.PredictionLog.FromString(record.numpy()).predict_log.request for record in records]
    assert [request.model_spec.signature_name for request in requests] == ["serve", "serve_back"]
    assert all(tf.make_ndarray(request.inputs["condition"]).shape == (1, 64, 64, 1) for request in requests)


def test_a_network_that_takes_none_of_the_sizes_has_no_warm_up():
    from keras_gans.export.warm_up import example_request

    class Refusing:
        def answer(self, name, values):
            tried.append(values["condition"].shape[1])
            raise ValueError

    tried, spec = [], tf.TensorSpec((None, None, None, 3), tf.float32, "condition")
    assert example_request(Refusing(), "serve", [spec]) == {}
    assert len(tried) > 3


class Encoding(keras_gans.GAN):
    """A GAN with an encoder, which only its exports have."""

    def endpoints(self, generator):
        return {"encode": (encoder(), "images", "latents", self.image_range)}


def encoder():
    images = keras.Input(tiny.SHAPE, name="images")
    return keras.Model(images, keras.layers.Dense(tiny.LATENTS, kernel_initializer="ones")(keras.layers.Flatten()(images)))


def test_an_encoder_is_read_and_written_again(tmp_path):
    gan, wanted = Encoding(tiny.generator(), tiny.discriminator()), encoder()(SOURCES)
    generator = hub.load(gan.export(tmp_path / "1"))
    for each in (generator, hub.load(generator.export(tmp_path / "2"))):
        np.testing.assert_allclose(each.encode(SOURCES), wanted, rtol=1e-5)
        np.testing.assert_allclose(each.generate(3, seed=1), gan.generate(3, seed=1), atol=1e-6)
        encode = each.signatures["encode"]
        with pytest.raises(tf.errors.InvalidArgumentError, match="`images` must be in .-1, 1.*Scale"):
            encode(images=tf.constant(127.5 * SOURCES + 127.5))
        many = np.resize(SOURCES, (70, *tiny.SHAPE))  # more than one chunk
        np.testing.assert_allclose(encode(images=tf.constant(many))["latents"], encoder()(many), rtol=1e-5)
    with pytest.raises(ValueError, match="The encoder gives .'latents'.. Received: output='z_mean'"):
        generator.encode(SOURCES, output="z_mean")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_networks_alone_take_sources_of_any_size(cyclegan, tmp_path):
    gan, x = cyclegan[0], tiny.images(2, (12, 10, 1))
    litert = pytest.importorskip("ai_edge_litert.interpreter")
    interpreter = litert.Interpreter(gan.export(tmp_path / "model.tflite", format="tflite"))
    given, made = interpreter.get_input_details()[0]["index"], interpreter.get_output_details()[0]["index"]
    interpreter.resize_tensor_input(given, x.shape)
    interpreter.allocate_tensors()
    interpreter.set_tensor(given, x)
    interpreter.invoke()
    np.testing.assert_allclose(interpreter.get_tensor(made), gan.translate(x), atol=1e-5)
    np.testing.assert_allclose(
        of_openvino(gan.export(tmp_path / "model.xml", format="openvino"), [x]), gan.translate(x), atol=1e-5
    )
    with pytest.raises(ValueError, match='sampled as in training.*format=.tflite.*Pix2Pix.mode="inference"'):
        tiny.pix2pix().export(tmp_path / "model.tflite", format="tflite")


def test_it_is_evaluated_as_the_gan_is(pix2pix, tmp_path):
    evaluate, metric = keras_gans.evaluation.evaluate, keras_gans.metrics.PSNR
    options = {"analyses": [], "batch_size": 2, "progress": False, "paired": True, "output": tmp_path}
    figures = [evaluate(each, (SOURCES, -SOURCES), [metric()], **options).figures for each in pix2pix]
    assert figures[0] == figures[1]
    lines = [json.loads(line) for line in (tmp_path / "results.jsonl").read_text().splitlines()]
    assert lines[0]["protocol"] == lines[1]["protocol"]
    assert lines[0]["protocol"]["sampling"]["statistics"] == "batch"
