"""What the page computes of generators with styles: mixtures, directions of W, and their code.

Exports of them are explored in `tests/models/test_stylegan.py`, which has one.
"""

import dataclasses

import keras
import numpy as np
import pytest

import keras_gans
from keras_gans.layers import NoiseInjection
from keras_gans.utils.private_keras import all_layers
from tests import tiny
from tests.explore.test_explorer import check_code
from tests.explore.test_explorer import explore
from tests.explore.test_explorer import plain

SHAPE = (16, 16, 1)  # six layers: coarse ones, and two in the middle


def stylegan(classes=None):
    keras.utils.set_random_seed(0)
    network, small = keras_gans.networks.stylegan2, {"image_shape": SHAPE, "base_filters": 64, "max_filters": 4}
    generator = network.generator(**small, classes=classes, latents=4, mapping_layers=1, style_width=5)
    for layer in all_layers(generator):
        if isinstance(layer, NoiseInjection):
            layer.strength.assign(0.1)
    generator.get_layer("styles").average.assign(np.linspace(-1, 1, 5))
    return keras_gans.StyleGAN2(generator, network.discriminator(**small, classes=classes), classes=classes)


@pytest.fixture(scope="module")
def explorer():
    return explore(stylegan(tiny.CLASSES))


def styled(explorer, seed=3, **options):
    """Of everything at once: latents that are moved, of a mixture of classes, and styles that are mixed and moved."""
    options = {"truncation": 0.7, "label": 1, "other": 2, "mix": 0.3, "amounts": (1.5, 0.0), **options}
    return explorer.view(3, seed, mixed=(9, "middle"), moved=((0.0, -2.0), "1-4"), **options)


@pytest.mark.slow
def test_layers_have_names(explorer):
    assert explorer.layers == {"all": [0, 1, 2, 3, 4, 5], "coarse": [0, 1, 2, 3], "middle": [4, 5]}
    for layers, numbers in {"coarse": [0, 1, 2, 3], "2-4": [2, 3, 4], " 5 ": [5], (1, 3): [1, 3]}.items():
        assert explorer.numbers_of(layers) == numbers


def test_a_gan_without_styles():
    explorer = explore(plain())
    assert explorer.layers == {} and explorer.style_directions is None
    with pytest.raises(ValueError, match="Layers are one of"):
        explorer.view(mixed=(1, "coarse"))


@pytest.mark.slow
def test_styles_of_another_seed_are_those_of_mix(explorer):
    gan = explorer.generator.gan
    view = explorer.view(1, 4, truncation=0.6, label=2, mixed=(7, "middle"))
    np.testing.assert_allclose(explorer.images(view), gan.mix([4], [7], "middle", 2, truncation=0.6)[0], atol=1e-6)
    own, other = (gan.map(gan.latents.sample(1, (0, seed)), 2, truncation=0.6) for seed in (4, 7))
    np.testing.assert_allclose(explorer.styles(view), np.concatenate([own[:, :4], other[:, 4:]], axis=1), rtol=1e-6)


@pytest.mark.slow
def test_styles_are_moved_in_deviations_of_w(explorer):
    gan, view = explorer.generator.gan, explorer.view(2, 4)
    moved = explorer.view(2, 4, moved=((0.0, 2.0), "0-1"))
    w = gan.map(gan.latents.sample(10_000, (0, 0)), 0)[:, -1].astype("float64")
    values, vectors = np.linalg.eigh(np.cov(w.T, bias=True))
    styles = gan.map(explorer.latents(view), 0)
    shift = explorer.styles(moved) - styles
    assert (shift[:, 2:] == 0).all()
    length = 2 * np.sqrt(values[-2])
    np.testing.assert_allclose(np.abs(shift[:, :2] @ vectors[:, -2]), length, rtol=1e-3)
    np.testing.assert_allclose(np.linalg.norm(shift[:, :2], axis=-1), length, rtol=1e-3)
    assert (explorer.images(moved) != explorer.images(view)).any()


@pytest.mark.slow
def test_the_code_of_styles(explorer, tmp_path, monkeypatch):
    gan = explorer.generator.gan
    view = styled(explorer)
    check_code(explorer, view, tmp_path, monkeypatch, gan)
    plain = dataclasses.replace(view, styles=None)
    assert (np.abs(explorer.images(view) - explorer.images(plain)) > 1e-4).any(axis=(1, 2, 3)).all()


@pytest.mark.slow
def test_the_code_of_a_path_of_styles(explorer, tmp_path, monkeypatch):
    start, end = styled(explorer).choose(1), explorer.view(2, 8, label=0).choose(1)
    path = explorer.path(start, end, steps=4)
    check_code(explorer, path, tmp_path, monkeypatch, explorer.generator.gan)
    images = explorer.images(path)
    np.testing.assert_allclose(images[0], explorer.images(start)[0], atol=1e-5)
    np.testing.assert_allclose(images[-1], explorer.images(end)[0], atol=1e-5)
    styles = explorer.styles(path)
    np.testing.assert_allclose(styles[1], styles[0] + (styles[-1] - styles[0]) / 3, rtol=1e-5, atol=1e-6)


@pytest.mark.slow
def test_the_code_of_a_table(explorer, tmp_path, monkeypatch):
    gan = explorer.generator.gan
    view = explorer.view(truncation=0.7, label=1, other=2, mix=0.25)
    table = explorer.table(view, [1, 2], [3, 4, 5], "2-4")
    check_code(explorer, table, tmp_path, monkeypatch, gan)
    images = explorer.images(table).reshape(3, 4, *SHAPE)
    assert (images[0, 0] == 1).all()
    condition = np.float32([[0, 0.75, 0.25]])
    np.testing.assert_allclose(images[1:, 1:], gan.mix([1, 2], [3, 4, 5], [2, 3, 4], condition, 0.7), atol=1e-6)
    for number, seeds in {0: (None, None), 2: (None, 4), 4: (1, None), 11: (2, 5)}.items():
        assert table.seeds(number) == seeds
    mixed = explorer.view(1, 2, truncation=0.7, label=1, other=2, mix=0.25, mixed=(5, "2-4"))
    np.testing.assert_allclose(explorer.images(mixed)[0], images[2, 3], atol=1e-5)


@pytest.mark.slow
def test_the_code_without_classes(tmp_path, monkeypatch):
    gan = stylegan()
    explorer = explore(gan)
    view = styled(explorer)
    check_code(explorer, view, tmp_path, monkeypatch, gan)
    check_code(explorer, explorer.table(view, [1], [2], "all"), tmp_path, monkeypatch, gan)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mixed": (1, "fine")}, r"one of \['all', 'coarse', 'middle'\], or a range such as 2-3, of 0 to 5. Received: fine"),
        ({"mixed": (1, "4-6")}, "Received: 4-6"),
        ({"mixed": (1, "0-99999999999999")}, "Received: 0-9"),  # at once
        ({"mixed": (1, "4-2")}, "Received: 4-2"),
        ({"mixed": (1, [])}, r"Received: \[\]"),
        ({"mixed": (2**31, "all")}, "fits in 32 bits"),
        ({"moved": ((1.0,), "")}, "Received: "),
    ],
)
def test_errors_of_a_view(explorer, options, message):
    with pytest.raises(ValueError, match=message):
        explorer.view(**options)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], [1]), "between 1 and 8 seeds a side. Received: 0"),
        (([1], range(9)), "Received: 9"),
        (([1], [-(2**40)]), "fits in 32 bits"),
        (([1], [2], "fine"), "Received: fine"),
    ],
)
def test_errors_of_a_table(explorer, arguments, message):
    with pytest.raises(ValueError, match=message):
        explorer.table(explorer.view(), *arguments)


@pytest.mark.slow  # imports Gradio
def test_what_is_typed_into_the_page():
    pytest.importorskip("gradio")
    from keras_gans.explore.controls import StyleControls
    from keras_gans.explore.controls import seeds_of

    assert seeds_of("1, -2 3,") == [1, -2, 3]
    assert StyleControls.arguments(" ", "coarse", "all", 0.0, 0.0) == {"mixed": None, "moved": None}
    both = StyleControls.arguments("4", "coarse", "2-3", 0.0, 1.5)
    assert both == {"mixed": (4, "coarse"), "moved": ((0.0, 1.5), "2-3")}
    for text, message in {"x": "such as 0, 1, 2. Received: x", "1, 2": "one seed are mixed in. Received: 1, 2"}.items():
        with pytest.raises(ValueError, match=message):
            StyleControls.arguments(text, "coarse", "all")
