"""StyleGAN: styles of latents, mixed in training, and noise that comes from seeds."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans import networks
from keras_gans.export import Sampler
from keras_gans.latents import Normal
from keras_gans.layers import NoiseInjection
from keras_gans.schedules import Growth
from keras_gans.utils import random
from tests import tiny
from tests.evaluation.pieces import Pieces
from tests.explore.test_explorer import check_code
from tests.explore.test_explorer import explore
from tests.export.test_formats import of_openvino
from tests.networks import counting

pytestmark = pytest.mark.slow

SHAPE = (8, 8, 1)
LAYERS, WIDTH = 4, 6
IMAGES = np.random.default_rng(0).uniform(-1, 1, (8, *SHAPE)).astype("float32")
PUBLISHED_DECAY = 0.99778439


def stylegan(growth=None, compiled=True, classes=None, latents=None, network=(), run_eagerly=True, **arguments):
    """It begins with 4x4; a hold of 8 images and a fade of 16. In a graph, each stage would be traced."""
    small = {"image_shape": SHAPE, "base_filters": 64, "max_filters": 8, "classes": classes}
    generator = networks.stylegan.generator(**{**small, "latents": 4, "mapping_layers": 2, "style_width": WIDTH, **dict(network)})
    growth = Growth(hold=8, fade=16) if growth is None else growth
    gan = keras_gans.StyleGAN(generator, networks.stylegan.discriminator(**small), latents=latents, growth=growth, **arguments)
    if compiled:
        gan.compile(run_eagerly=run_eagerly)
    return gan


def with_noise(gan, strength=0.3):
    """The GAN, whose layers' noise is no longer of strength 0."""
    for network in (gan.generator, gan.ema_generator):
        for layer in counting.layers_of(network, NoiseInjection):
            layer.strength.assign(np.full(layer.strength.shape, strength))
    return gan


def fit(gan, epochs, *labels, **arguments):
    """Epochs of one round of 8 images."""
    return gan.fit(IMAGES, *labels, batch_size=8, epochs=epochs, verbose=0, shuffle=False, **arguments)


def drawn(gan, seed, training=True):
    return gan.draw(tf.constant(IMAGES), None, tf.constant(seed), training)


@pytest.fixture(scope="module")
def trained():
    """In the middle of the fade from 4x4 to 8x8, with noise."""
    keras.utils.set_random_seed(7)
    gan = stylegan()
    fit(gan, 2)
    assert gan.stage == (8, 0.5)
    return with_noise(gan)


@pytest.fixture(scope="module")
def exported(trained, tmp_path_factory):
    return trained.export(tmp_path_factory.mktemp("stylegan") / "1")


# Training.


def test_the_time_line():
    for start, stage in ((4, (4, 1.0)), (8, (8, 1.0))):
        gan = stylegan(Growth(600, 600, start=start), compiled=False)
        assert (gan.stage, int(gan.size)) == (stage, start)
        for network in (gan.generator, gan.discriminator, gan.ema_generator):
            assert [float(layer.fade) for layer in networks.stylegan.fades(network).values()] == [float(start == 8)]
        gan.images_seen.assign(900)
        assert gan.stage == (8, 0.5 if start == 4 else 1.0)


def test_resumed_in_the_middle_of_a_fade_it_is_the_uninterrupted_one_to_the_bit(tmp_path):
    whole, resumed = stylegan(), stylegan()  # in a graph, a ProGAN is
    backup = keras.callbacks.BackupAndRestore(tmp_path / "backup", delete_checkpoint=False)
    fit(whole, 2, callbacks=[backup])
    history = fit(whole, 4, initial_epoch=2).history
    assert fit(resumed, 4, callbacks=[backup]).history == history
    assert resumed.stage == (8, 1.0)
    for first, second in zip(whole.weights, resumed.weights, strict=True):
        np.testing.assert_array_equal(first, second, err_msg=first.path)
    np.testing.assert_array_equal(resumed.generate(3, seed=1), whole.generate(3, seed=1))


@pytest.mark.parametrize(("count", "layers"), [(2, 2), (4, 6), (6, 6)])
def test_the_layer_from_which_styles_are_mixed(count, layers):
    gan = stylegan(compiled=False)
    mixed = tf.function(lambda seed: gan.mixed(tf.zeros((3, layers, 2)), tf.ones((3, layers, 2)), count, seed))
    crossovers = []
    for number in range(600):
        styles = mixed(tf.constant([5, number])).numpy()
        assert (styles == styles[:1, :, :1]).all()  # one for the minibatch
        assert (np.diff(styles[0, :, 0]) >= 0).all()
        crossovers.append(layers - int(styles[0, :, 0].sum()))
    shares = np.bincount(crossovers, minlength=count + 1)[: count + 1] / 600
    np.testing.assert_allclose(shares, [0, *[0.9 / (count - 1)] * (count - 1), 0.1], atol=0.06)


@pytest.mark.parametrize("size", [4, 8])
def test_images_that_are_drawn_have_two_styles(size):
    gan = with_noise(stylegan(Growth(8, 8, start=size), compiled=False, mixing_probability=1.0))
    generator, seed = networks.stylegan.generator_at(gan.generator, size), tf.constant([1, 2])
    mapping, synthesis = networks.stylegan.mapping_of(generator), networks.stylegan.synthesis_of(generator)
    fake = drawn(gan, [1, 2]).fake.numpy()
    assert fake.shape == (8, size, size, 1)
    first, second = (
        mapping([gan.latents.sample(8, random.fold_in(seed, name)), tf.ones((8, 1))]).numpy()
        for name in ("latents", "mixed_latents")
    )
    count = 2 if size == 4 else 4
    total = sum(2 * each**2 for each in (4, 8) if each <= size)
    maps = random.normal((8, total), random.fold_in(seed, "noise"))
    noisy = networks.blocks.styles.with_noise_input(synthesis)
    differences = []
    for k in range(1, count):
        styles = np.where(np.arange(LAYERS)[:, None] < k, first, second)
        images = noisy({"styles": tf.constant(styles), "noise_maps": maps}).numpy()
        differences.append(np.abs(images - fake).max())
    assert min(differences) < 1e-5
    assert sum(difference < 1e-3 for difference in differences) == 1


def test_noise_and_styles_are_those_of_the_step():
    gan = with_noise(stylegan(compiled=False))
    for training in (True, False):
        first, again, other = (drawn(gan, seed, training).fake.numpy() for seed in ([0, 1], [0, 1], [0, 2]))
        np.testing.assert_array_equal(first, again)
        assert np.abs(first - other).max() > 1e-3
    # Evaluation mixes nothing: the same latents, other noise.
    latents = gan.latents.sample(8, random.fold_in(tf.constant([0, 1]), "latents"))
    one = networks.stylegan.generator_at(gan.generator, 4)([latents, tf.ones((8, 1))]).numpy()
    evaluated = drawn(gan, [0, 1], False).fake.numpy()
    assert np.abs(evaluated - one).max() > 1e-3
    for layer in counting.layers_of(gan.generator, NoiseInjection):
        layer.strength.assign(np.zeros(layer.strength.shape))
    np.testing.assert_allclose(
        drawn(gan, [0, 1], False).fake, networks.stylegan.generator_at(gan.generator, 4)([latents, tf.ones((8, 1))]), atol=1e-5
    )


def test_the_average_of_w():
    gan = stylegan(compiled=False)
    layer, seed = gan.generator.get_layer("styles"), tf.constant([3, 4])
    drawn(gan, [3, 4], training=False)
    np.testing.assert_array_equal(layer.average, np.zeros(WIDTH))
    latents = gan.latents.sample(8, random.fold_in(seed, "latents"))
    w = networks.stylegan.mapping_of(gan.generator)([latents, tf.ones((8, 1))])[:, 0]
    drawn(gan, [3, 4])
    np.testing.assert_allclose(layer.average, 0.005 * np.mean(w, axis=0), rtol=1e-4, atol=1e-7)


def test_the_average_network_has_the_average_of_w(trained):
    average = trained.generator.get_layer("styles").average.numpy()
    assert np.abs(average).max() > 0
    np.testing.assert_array_equal(trained.ema_generator.get_layer("styles").average, average)


@pytest.mark.parametrize("part", [{"network": {"mapping_layers": 0}}, {"network": {"noise": False}}, {"mixing_probability": 0}])
def test_without_a_part(part):
    gan = stylegan(Growth(8, 8, start=8), **part)
    gan.run_eagerly = True
    before = [variable.numpy() for variable in gan.trainable_variables]
    assert np.isfinite(list(gan.train_on_batch(IMAGES, return_dict=True).values())).all()
    moved = [np.any(old != variable) for old, variable in zip(before, gan.trainable_variables, strict=True)]
    assert np.mean(moved) > 0.8
    assert gan.generate(2, seed=0).shape == (2, *SHAPE)
    has_noise = part != {"network": {"noise": False}}
    assert gan.as_sampler().network_is_random == has_noise
    np.testing.assert_array_equal(gan.generate(2, seed=0) == gan.generate(2, seed=0), True)


def test_its_networks_in_another_gan():
    """Fresh noise in training; then that which the generator holds."""
    small = {"image_shape": SHAPE, "base_filters": 64, "max_filters": 8, "growing": False}
    generator = networks.stylegan.generator(**small, latents=4, mapping_layers=1, style_width=WIDTH)
    gan = keras_gans.GAN(generator, networks.stylegan.discriminator(**small), ema=0.9)
    with_noise(gan).compile(run_eagerly=True)
    assert np.isfinite(list(gan.train_on_batch(IMAGES, return_dict=True).values())).all()
    np.testing.assert_array_equal(gan.generate(3, seed=1), gan.generate(3, seed=1))
    np.testing.assert_array_equal(gan.generate(3, seed=1), gan.generate(latents=gan.latents.sample(3, (0, 1))))


# Sampling.


def test_images_come_from_the_seed(trained):
    images = trained.generate(5, seed=3)
    np.testing.assert_array_equal(trained.generate(5, seed=3), images)
    np.testing.assert_allclose(trained.generate(2, seed=3), images[:2], atol=1e-5)
    assert np.abs(trained.generate(5, seed=4) - images).max() > 1e-2
    many = trained.generate(70, seed=3)  # in two chunks
    np.testing.assert_allclose(many[:5], images, atol=1e-5)
    np.testing.assert_array_equal(trained.generate(70, seed=3), many)


def test_fixed_noise(trained):
    z = trained.latents.sample(70, (0, 3))
    fixed = trained.generate(70, seed=3, noise="fixed")
    np.testing.assert_array_equal(trained.generate(latents=z), fixed)
    np.testing.assert_allclose(trained.predict(z, verbose=0), fixed, atol=1e-5)
    np.testing.assert_allclose(trained.ema_generator([z, tf.ones((70, 1))])["images"], fixed, atol=1e-5)
    random_noise = trained.generate(70, seed=3)
    assert np.abs(random_noise - fixed).max(axis=(1, 2, 3)).min() > 1e-3
    # The images of one style, with noise of their own, differ from each other, and without do not.
    styles = np.repeat(trained.map(z[:1]), 4, axis=0)
    for noise, spread in (("random", True), ("fixed", False)):
        images = trained.synthesize(styles, noise)
        assert (np.ptp(images, axis=0).max() > 1e-2) == spread


def test_the_noise_of_a_chunk_is_another_one(trained):
    styles = np.repeat(trained.map(trained.latents.sample(1, (0, 3))), 130, axis=0)
    images = trained.synthesize(styles, seed=1)
    assert len(np.unique(images.round(4), axis=0)) == 130
    np.testing.assert_array_equal(trained.synthesize(styles, seed=1), images)
    assert np.abs(trained.synthesize(styles, seed=2) - images).max() > 1e-2


def test_styles(trained):
    z = trained.latents.sample(5, (0, 3))
    styles = trained.map(z)
    assert (styles.shape, styles.dtype) == ((5, LAYERS, WIDTH), np.float32)
    np.testing.assert_array_equal(styles, styles[:, :1].repeat(LAYERS, axis=1))
    np.testing.assert_allclose(trained.synthesize(styles, "fixed"), trained.generate(latents=z), atol=1e-6)
    half = trained.map(z, truncation=0.5)
    average = trained.ema_generator.get_layer("styles").average.numpy()
    np.testing.assert_allclose(half, average + 0.5 * (styles - average), atol=1e-5)
    np.testing.assert_allclose(
        trained.synthesize(half, "fixed"), trained.generate(5, seed=3, truncation=0.5, noise="fixed"), atol=1e-5
    )


def test_truncation(trained):
    sampler = trained.as_sampler()
    assert (sampler.truncatable, sampler.truncates_latents, trained.latents.truncatable) == (True, True, False)
    np.testing.assert_array_equal(trained.generate(5, seed=3, truncation=1.0), trained.generate(5, seed=3))
    images = trained.generate(5, seed=3, truncation=0.0, noise="fixed")
    np.testing.assert_allclose(images, images[:1].repeat(5, axis=0), atol=1e-6)
    assert np.ptp(trained.generate(5, seed=3, noise="fixed"), axis=0).max() > 1e-2
    curve = keras_gans.evaluation.truncation_curve(trained, Pieces(), IMAGES, values=(0.0, 1.0), num_samples=8, batch_size=8)
    assert curve[0]["truncation_form"] == "the network's input"
    assert curve[0]["fid"] != pytest.approx(curve[1]["fid"])


def test_a_prior_of_the_users():
    assert stylegan(compiled=False, latents=4).latents.truncatable is False
    assert stylegan(compiled=False, latents=Normal(4)).as_sampler().truncation_form == "t * TN(-2, 2) and the network's input"


@pytest.mark.parametrize(("layers", "chosen"), [("coarse", [0, 1, 2, 3]), ([2], [2]), (range(1, 3), [1, 2])])
def test_mixing(trained, layers, chosen):
    images = trained.mix([1, (2, 3)], [4, 5, 6], layers, truncation=0.8)
    assert images.shape == (2, 3, *SHAPE)
    a, b = (
        trained.map(np.concatenate([trained.latents.sample(1, seed) for seed in seeds]), truncation=0.8)
        for seeds in ([(0, 1), (2, 3)], [(0, 4), (0, 5), (0, 6)])
    )
    for i in range(2):
        for j in range(3):
            styles = a[i].copy()
            styles[chosen] = b[j][chosen]
            np.testing.assert_allclose(images[i, j], trained.synthesize(styles[None], "fixed")[0], atol=1e-5)
    if len(chosen) == LAYERS:
        np.testing.assert_allclose(images[0, 1], trained.generate(1, seed=5, truncation=0.8, noise="fixed")[0], atol=1e-5)


def test_what_metrics_see_has_noise(trained):
    minibatch = drawn(trained, [0, 1], training=False)
    seen = trained.samples(minibatch, None).numpy()
    np.testing.assert_array_equal(trained.samples(minibatch, None), seen)
    assert np.abs(seen - trained.predict(minibatch.latents, verbose=0)).max() > 1e-3
    assert seen.shape == (8, *SHAPE)


def test_it_is_evaluated_in_the_middle_of_a_fade(trained):
    assert np.isfinite(list(trained.evaluate(IMAGES, verbose=0, return_dict=True).values())).all()
    options = {"samples": {}, "interpolation": {}, "path_length": {"pairs": 8}}
    found = keras_gans.evaluation.evaluate(trained, IMAGES, [], num_samples=8, analyses=options, progress=False)
    assert found.analyses["samples"].value.shape[1:] == SHAPE
    # Both images of a pair have the same noise: the length is that of the path, not that of the noise over epsilon^2.
    length = found.analyses["path_length"].value.mean
    sensitivity = [
        keras_gans.evaluation.perceptual_path_length(
            trained, trained.latents.sample(8, (0, 1)), trained.latents.sample(8, (0, 2)), epsilon=epsilon
        ).mean
        for epsilon in (1e-2, 5e-3)
    ]
    assert sensitivity[1] == pytest.approx(sensitivity[0], rel=0.5)
    assert length < 1e4


def test_exported(trained, exported):
    endpoints = tf.saved_model.load(exported).signatures
    assert {"serve", "serve_with_seed", "sample", "sample_png", "latents", "map", "synthesize"} < set(endpoints)
    z, none = trained.latents.sample(70, (0, 3)), tf.constant(-1.0)
    for psi in (None, 0.5):
        truncation = none if psi is None else tf.constant(psi)
        images = trained.generate(70, seed=3, truncation=psi)
        sampled = endpoints["sample"](batch_size=tf.constant(70), seed=tf.constant([0, 3]), truncation=truncation)["images"]
        np.testing.assert_allclose(sampled, images, atol=1e-5)
        served = endpoints["serve_with_seed"](latents=z[:64], seed=tf.constant([0, 3]), truncation=truncation)["images"]
        np.testing.assert_allclose(served, images[:64], atol=1e-5)
        fixed = trained.generate(70, seed=3, truncation=psi, noise="fixed")
        np.testing.assert_allclose(endpoints["serve"](latents=z, truncation=truncation)["images"], fixed, atol=1e-5)
        styles = endpoints["map"](latents=z, truncation=truncation)["styles"]
        np.testing.assert_allclose(styles, trained.map(z, truncation=psi), atol=1e-6)
        np.testing.assert_allclose(endpoints["synthesize"](styles=styles)["images"], fixed, atol=1e-5)


def test_read_and_written_again(trained, exported, tmp_path):
    generator = keras_gans.hub.load(exported)
    again = keras_gans.hub.load(generator.export(tmp_path / "again"))
    z = trained.latents.sample(5, (0, 3))
    for each in (generator, again):
        assert (each.latents.shape, each.latents.truncate_by) == ((4,), None)
        for psi in (None, 0.5):
            wanted = trained.generate(70, seed=(1, 3), truncation=psi)
            np.testing.assert_allclose(each.generate(70, seed=(1, 3), truncation=psi), wanted, atol=1e-5)
            np.testing.assert_allclose(
                each.generate(latents=z, truncation=psi), trained.generate(latents=z, truncation=psi), atol=1e-5
            )
        mapped = each.signatures["map"](latents=z, truncation=tf.constant(0.5))["styles"]
        np.testing.assert_allclose(mapped, trained.map(z, truncation=0.5), atol=1e-6)
        images = each.signatures["synthesize"](styles=mapped)["images"]
        np.testing.assert_allclose(images, trained.generate(latents=z, truncation=0.5), atol=1e-5)
        np.testing.assert_allclose(each.map(z, truncation=0.5), mapped, atol=1e-6)
        np.testing.assert_allclose(each.synthesize(mapped), images, atol=1e-6)
        assert each.named_layers() == trained.named_layers()
        np.testing.assert_allclose(each.mix([1], [2, 3], [1, 2]), trained.mix([1], [2, 3], [1, 2]), atol=1e-5)
        with pytest.raises(ValueError, match='only with noise="fixed".*Received: noise=.random.'):
            each.synthesize(mapped, "random")
        with pytest.raises(ValueError, match='only with noise="fixed".*seed=3. Leave both out'):
            each.synthesize(mapped, seed=3)
        with pytest.raises(ValueError, match=r"`styles` must have shape \(n, 4, 6\)"):
            each.synthesize(mapped[0])
        with pytest.raises(ValueError, match="`latents` must be an array of numbers"):
            each.map("abc")
        with pytest.raises(ValueError, match="`styles` must be finite"):
            each.synthesize(mapped * np.nan)
        adapter = keras_gans.evaluation.load_generator(each)
        assert adapter.normal_latents and adapter.truncatable
        np.testing.assert_allclose(adapter.generate(5, seed=(1, 3)), trained.generate(5, seed=(1, 3)), atol=1e-5)
    with pytest.raises(ValueError, match="makes 64 images together.*max_batch_size=8. Allow at least 64"):
        trained.export("never", max_batch_size=8)


def test_the_export_is_explored(trained, exported, tmp_path, monkeypatch):
    explorer, own = explore(exported), explore(trained)
    assert explorer.layers == own.layers == {"all": [0, 1, 2, 3], "coarse": [0, 1, 2, 3]}
    options = {"truncation": 0.7, "mixed": (9, "2-3"), "moved": ((0.0, -2.0), "1-2")}
    view = explorer.view(3, 5, **options)
    check_code(explorer, view, tmp_path, monkeypatch)
    np.testing.assert_allclose(explorer.images(view), own.images(own.view(3, 5, **options)), atol=1e-3)
    table = explorer.table(view, [1, 2], [3], "1-2")
    check_code(explorer, table, tmp_path, monkeypatch)
    np.testing.assert_allclose(explorer.images(table), own.images(table), atol=1e-5)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_the_network_alone_has_the_noise_that_it_holds(trained, tmp_path):
    pytest.importorskip("openvino")
    z = np.asarray(trained.latents.sample(3, (0, 3)))
    path = trained.export(tmp_path / "model.xml", format="openvino")
    images = of_openvino(path, [z, np.full((3, 1), 0.5, "float32")])
    np.testing.assert_allclose(images, trained.generate(latents=z, truncation=0.5), atol=1e-4)


def test_labels(tmp_path):
    gan = stylegan(Growth(8, 8, start=8), classes=tiny.CLASSES)
    gan.run_eagerly = True
    labels = np.arange(8) % tiny.CLASSES
    assert np.isfinite(fit(gan, 1, labels).history["d_loss"]).all()
    z = gan.latents.sample(3, (0, 1))
    styles = gan.map(z, condition=[0, 1, 2], truncation=0.5)
    assert np.abs(styles - gan.map(z, condition=[1, 1, 1], truncation=0.5)).max(axis=(1, 2))[[0, 2]].min() > 1e-4
    images = gan.generate(3, condition=[0, 1, 2], seed=1, truncation=0.5)
    generator = keras_gans.hub.load(gan.export(tmp_path / "1"))
    np.testing.assert_allclose(generator.generate(3, condition=[0, 1, 2], seed=1, truncation=0.5), images, atol=1e-5)
    mapped = generator.signatures["map"](latents=z, condition=np.eye(3, dtype="float32"), truncation=tf.constant(0.5))["styles"]
    np.testing.assert_allclose(mapped, styles, atol=1e-6)
    mixed = gan.mix([1], [2], "coarse", condition=1)
    assert mixed.shape == (1, 1, *SHAPE)
    np.testing.assert_allclose(generator.mix([1], [2], "coarse", condition=1), mixed, atol=1e-5)


# What was published.


@pytest.mark.parametrize("configuration", ["ffhq", "celeba_hq"])
def test_what_was_published(configuration):
    small = {"image_shape": SHAPE, "base_filters": 64, "max_filters": 8}
    generator = networks.stylegan.generator(**small, latents=4, mapping_layers=1, style_width=WIDTH)
    gan = keras_gans.StyleGAN(generator, networks.stylegan.discriminator(**small), configuration=configuration)
    growth = gan.growth
    assert (growth.start, growth.hold, growth.fade) == (8, 600_000, 600_000)
    steps = {4: 512, 8: 256, 16: 128, 32: 64, 64: 32, 128: 32, 1024: 32}
    assert {size: growth.step_size(size) for size in steps} == steps
    rates = {8: 1.0, 64: 1.0, 128: 1.5, 256: 2.0, 512: 3.0, 1024: 3.0}
    assert {size: growth.learning_rate(size) for size in rates} == rates
    assert (gan.mixing_probability, gan.ema.decay) == (0.9, pytest.approx(PUBLISHED_DECAY, abs=5e-9))
    truncation = gan.generator.get_layer("styles")
    assert (truncation.cutoff, truncation.decay) == (8, 0.995)
    gan.compile()
    for optimizer in gan.optimizers.values():
        config = optimizer.get_config()
        assert (config["beta_1"], config["beta_2"], config["epsilon"]) == (0.0, 0.99, 1e-8)
        assert config["learning_rate"] == pytest.approx(1e-3)
    assert gan.update_rule == "alternating"
    terms = {name: (type(term).__name__, term.weight, term.every) for name, term in gan.penalties.items()}
    if configuration == "ffhq":
        assert terms == {"r1": ("R1", 10.0, 1)}
        assert type(gan.adversarial_loss).__name__ == "NonSaturating"
    else:
        assert terms == {"gradient_penalty": ("GradientPenalty", 10.0, 1), "drift": ("Drift", 0.001, 1)}
        assert (type(gan.adversarial_loss).__name__, gan.penalties["gradient_penalty"].target) == ("Wasserstein", 1.0)


def test_the_networks_of_the_paper():
    with counting.without_weights():
        gan = keras_gans.StyleGAN()
    counts = [sum(int(np.prod(v.shape)) for v in gan.variables_of(player)) for player in ("generator", "discriminator")]
    assert counts == [26_219_627, 23_087_249]
    assert (gan.latents.shape, gan.latents.truncatable) == ((512,), False)
    assert (gan.as_sampler().chunk, gan.generator.get_layer("styles").output.shape[1]) == (4, 18)


def test_large_images_are_made_a_few_at_a_time():
    sampler = stylegan(compiled=False).as_sampler()
    assert (sampler.chunk, Sampler.chunk) == (64, 64)


def test_what_is_refused(trained):
    for arguments, message in (
        ({"configuration": "v2"}, "`configuration` must be one of"),
        ({"mixing_probability": 1.5}, r"`mixing_probability` must be in \[0, 1\]"),
        ({"mixing_probability": None}, "`mixing_probability` must be a finite number"),
    ):
        with pytest.raises(ValueError, match=message):
            stylegan(compiled=False, **arguments)
    for ask, name in ((trained.map, "latents"), (trained.synthesize, "styles")):
        given = trained.latents.sample(2, (0, 1)) if name == "latents" else trained.map(trained.latents.sample(2, (0, 1)))
        with pytest.raises(ValueError, match=f"`{name}` must be finite. Received: 1 of"):
            ask(np.where(np.arange(np.size(given)).reshape(np.shape(given)) == 3, np.nan, given))
    progan = networks.progan.generator(SHAPE, latents=4, base_filters=64, max_filters=8)
    with pytest.raises(ValueError, match="must have styles"):
        keras_gans.StyleGAN(progan, networks.stylegan.discriminator(SHAPE, base_filters=64, max_filters=8))
    with pytest.raises(ValueError, match="`growth` must start at the size .* or below it, 8. Received: start=16"):
        stylegan(compiled=False, growth=keras_gans.schedules.Growth(8, 8, start=16))
    with pytest.raises(ValueError, match="must grow.*networks.stylegan.*keras_gans.StyleGAN2 takes networks that do not grow"):
        stylegan(compiled=False, network={"growing": False})
    for call, message in (
        (lambda: trained.generate(2, noise="none"), "`noise` must be"),
        (lambda: trained.map(np.zeros((2, 5))), r"`latents` must have shape \(2, 4\)"),
        (lambda: trained.map(np.zeros((2, 4)), truncation=-1), "`truncation` must be >= 0"),
        (lambda: trained.synthesize(np.zeros((2, WIDTH))), r"`styles` must have shape \(n, 4, 6\)"),
        (lambda: trained.synthesize(np.zeros((0, LAYERS, WIDTH))), r"`styles` must have shape"),
        (lambda: trained.synthesize(np.zeros((2, LAYERS, WIDTH)), "fixed", seed=1), "nothing to draw"),
        (
            lambda: trained.map(np.zeros((2, 4)), truncation=np.inf),
            "`truncation` must be >= 0, or None. Received: truncation=inf",
        ),
        (lambda: trained.generate(2, truncation="0.7"), "`truncation` must be >= 0, or None. Received: truncation='0.7'"),
        (lambda: trained.generate(2, truncation=[0.5, 0.7]), "`truncation` must be >= 0"),
        (lambda: trained.generate(2, seed=1.5), "`seed` must be None, an int or a pair of ints.*Received: seed=1.5"),
        (lambda: trained.mix([1], []), "must be lists of at least one seed"),
        (lambda: trained.mix(1, [2]), "must be lists of at least one seed"),
        (lambda: trained.mix("12", [2]), "must be lists of at least one seed.*Received: '12'"),
        (lambda: trained.map("abc"), "`latents` must be an array of numbers. Received: latents='abc'"),
        (lambda: trained.synthesize("abc"), "`styles` must be an array of numbers"),
        (lambda: trained.mix([0.5], [2]), "`seed` must be None, an int or a pair of ints"),
        (lambda: trained.mix([1], [2], "middle"), "`layers` must be one of .*of the 4 layers"),
        (lambda: trained.mix([1], [2], [4]), "`layers` must be one of"),
        (lambda: trained.mix([1], [2], "all"), "`layers` must be one of"),
    ):
        with pytest.raises(ValueError, match=message):
            call()


def test_what_may_be_set_between_two_fits_is_saved(tmp_path):
    gan = stylegan(compiled=False)
    gan.set_mixing_probability(0.25)
    gan.growth = Growth(hold=80, fade=16)
    gan.save(tmp_path / "gan.keras")
    loaded = keras_gans.load_model(tmp_path / "gan.keras")
    assert (loaded.mixing_probability, loaded.growth.hold) == (0.25, 80)
