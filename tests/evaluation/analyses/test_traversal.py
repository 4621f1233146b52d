"""Traversals: what changes in a row, and what stays."""

import numpy as np
import pytest

import keras_gans
from keras_gans.evaluation import evaluate
from keras_gans.evaluation import traverse_codes
from keras_gans.latents import Coded
from tests import tiny
from tests.evaluation.analyses.test_codes import knowing
from tests.evaluation.analyses.test_reconstruction import exact
from tests.evaluation.fakes import Function

PRIOR = Coded(2, (3, 2), 2)
OPTIONS = {"num_samples": 8, "progress": False}


def pixels(latents, condition=0):
    return np.reshape(latents, (-1, 1, 9, 1)) + np.reshape(condition, (-1, 1, 1, 1))


def test_one_code_changes_at_a_time():
    z = np.float32([[0.1, 0.2, 1, 0, 0, 0, 1, 0.3, 0.4], [-0.1, -0.2, 0, 0, 1, 1, 0, -0.3, -0.4]])
    rows = traverse_codes(Function(pixels), z, PRIOR, steps=3, reach=2.0)
    assert list(rows) == ["category 1", "category 2", "continuous 1", "continuous 2"]
    expected = np.repeat(z[:, None], 3, axis=1)
    expected[:, :, 2:5] = np.eye(3)
    np.testing.assert_allclose(rows["category 1"].reshape(2, 3, 9), expected, atol=1e-6)
    expected = np.repeat(z[:, None], 3, axis=1)
    expected[:, :, 8] = [-2, 0, 2]
    np.testing.assert_allclose(rows["continuous 2"].reshape(2, 3, 9), expected, atol=1e-6)
    assert rows["category 2"].shape == (2, 2, 1, 9, 1)
    conditional = traverse_codes(Function(pixels), z, PRIOR, steps=3, condition=[5, 7])
    np.testing.assert_allclose(conditional["continuous 1"][1, :, 0, 7, 0], 7 + np.array([-1, 0, 1]), atol=1e-6)


def test_errors():
    z = np.zeros((2, 9), "float32")
    with pytest.raises(ValueError, match="`prior` must be keras_gans.latents.Coded"):
        traverse_codes(Function(pixels), z, keras_gans.latents.Normal(9))
    with pytest.raises(ValueError, match="`steps` must be an int >= 2"):
        traverse_codes(Function(pixels), z, PRIOR, steps=1)
    with pytest.raises(ValueError, match=r"latents of shape \(batch, 9\)"):
        traverse_codes(Function(pixels), z[:, :5], PRIOR)


def black(count):
    """Images that are 0 where the latents of `exact` are, and black elsewhere."""
    images = np.full((count, *tiny.SHAPE), -1, "float32")
    images[:, 0, :6] = 0
    return images


def names(found):
    return [name.split(",")[0] for name in found.analyses["traversal"].value]


def test_codes_and_directions_in_the_report():
    options = {"traversal": {"rows": 2, "steps": 3, "directions": 2, "direction_samples": 20}}
    found = evaluate(knowing(), None, analyses=options, **OPTIONS)
    assert (found.failed, found.skipped) == ({}, {})
    analysis = found.analyses["traversal"]
    assert names(found)[:2] == ["category 1", "continuous 1"]
    assert names(found)[2] == "principal direction 1 of images"  # no layer has weights for the noise
    np.testing.assert_allclose(analysis.value["category 1"][..., 0], np.tile(2 * np.eye(3)[:, None] - 1, (2, 1, 1, 1)), atol=1e-5)
    assert analysis.value["continuous 1, from -1 to 1"].std(axis=1).max() < 1e-6  # these images do not show it
    assert 0 < analysis.figures["explained_2"] <= analysis.figures["explained_1"] < 1
    assert len(analysis.blocks) == 4
    assert found.records[-1]["protocol"]["reach"] == 1.0


@pytest.mark.slow
def test_attributes_of_labels():
    """Two attributes that mostly go together, in one latent each: projected out, each moves its own latent alone."""
    images = black(8)
    present = np.array([[1, 1], [1, 1], [1, 1], [1, 0], [0, 1], [0, 0], [0, 0], [0, 0]])
    images[:, 0, :2, 0] = 0.4 * present
    options = {"traversal": {"rows": 2, "steps": 3, "directions": 0, "vectors": {"given": np.eye(6)[3]}}}
    found = evaluate(exact(), (images, present), analyses=options, **OPTIONS)
    assert found.failed == {}
    assert names(found) == ["given", "attribute 0", "attribute 1"]
    given, first, second = found.analyses["traversal"].value.values()
    np.testing.assert_allclose(given[:, 2] - given[:, 1], given[:, 1] - given[:, 0], atol=1e-6)
    np.testing.assert_allclose((given[:, 2] - given[:, 1])[:, 0, 3, 0], 1, atol=1e-6)
    np.testing.assert_allclose(first[:, 1, 0], images[:2, 0] * (images[:2, 0] > 0), atol=1e-6)
    # Means are 0.4 (1, 3/4) and 0.4 (0, 1/4): v = 0.4 (1, 1/2), w = 0.4 (1/2, 1), v - (v.w / w.w) w = 0.4 (0.6, -0.3).
    step = (first[:, 2] - first[:, 1])[:, 0, :2, 0]
    np.testing.assert_allclose(step, [[0.24, -0.12]] * 2, atol=1e-5)
    assert abs(step[0] @ [0.2, 0.4]) < 1e-6


def attributes_of(present, codes, **options):
    """The rows of attributes of images that hold `codes`, and the report's HTML."""
    images = black(len(codes))
    images[:, 0, :6, 0] = codes
    options = {"traversal": {"rows": 1, "steps": 3, "directions": 0, **options}}
    found = evaluate(exact(), (images, present), analyses=options, **OPTIONS)
    assert found.failed == {}
    return found


@pytest.mark.slow
def test_attributes_that_do_not_go_together_are_not_projected_out():
    """Nine attributes of six latents, of which only the first two go together: each still moves its images."""
    rng = np.random.default_rng(0)
    present = np.array([[index >> bit & 1 for bit in range(8)] for index in range(256)])  # all pairs uncorrelated
    present = np.column_stack([np.where(rng.random(256) < 0.1, 1 - present[:, 0], present[:, 0]), present])
    codes = 0.1 * present @ rng.normal(size=(9, 6))
    found = attributes_of(present, codes)
    rows = list(found.analyses["traversal"].value.values())
    assert names(found) == [f"attribute {number}" for number in range(9)]
    vectors = np.stack([codes[column == 1].mean(axis=0) - codes[column == 0].mean(axis=0) for column in present.T])
    steps = [(row[:, 2] - row[:, 1])[0, 0, :6, 0] for row in rows]
    for number in range(2, 9):
        np.testing.assert_allclose(steps[number], vectors[number], atol=1e-5)
    for number, other in ((0, 1), (1, 0)):
        v, w = vectors[number], vectors[other]
        np.testing.assert_allclose(steps[number], v - v @ w / (w @ w) * w, atol=1e-5)
    assert found.records[-1]["protocol"]["correlation"] == 0.3
    alone = attributes_of(present, codes, correlation=1.0)
    first = alone.analyses["traversal"].value["attribute 0, real images from -1 to 1 times the vector"]
    np.testing.assert_allclose((first[:, 2] - first[:, 1])[0, 0, :6, 0], vectors[0], atol=1e-5)


def test_attributes_without_a_vector_of_their_own_are_left_out_with_the_reason():
    """One beside its complement; and where there is nothing else, the analysis does not apply."""
    smiling, hat = np.array([[1, 1, 0, 0, 1, 1, 0, 0], [1, 0, 1, 0, 1, 0, 1, 0]])
    codes = 0.2 * np.column_stack([smiling, hat, *np.zeros((4, 8))])
    found = attributes_of(np.column_stack([smiling, hat, 1 - smiling]), codes)
    assert names(found) == ["attribute 1"]
    analysis = found.analyses["traversal"]
    for number in (0, 2):
        (said,) = [block for block in analysis.blocks if f"attribute {number}" in block]
        assert "others explain the vector" in said
    alone = attributes_of(np.column_stack([smiling, 1 - smiling, smiling]), codes)
    assert "others explain the vector" in alone.skipped["traversal"]


@pytest.mark.parametrize("correlation", [-0.1, 1.5, None])
def test_a_correlation_is_a_share(correlation):
    with pytest.warns(RuntimeWarning, match="; the others go on"):
        found = evaluate(exact(), black(4), analyses={"traversal": {"correlation": correlation}}, **OPTIONS)
    assert "`correlation` must be" in found.failed["traversal"]


@pytest.mark.slow
def test_classes_of_labels():
    images = black(6)
    labels = np.array([0, 1, 2, 0, 1, 2])
    images[np.arange(6), 0, labels, 0] = 0.5
    options = {"traversal": {"rows": 1, "steps": 3, "directions": 0}}
    for given in (labels, np.eye(3)[labels]):  # one-hot rows are classes, too
        found = evaluate(exact(), (images, given), analyses=options, **OPTIONS)
        rows = list(found.analyses["traversal"].value.values())
        assert names(found) == [f"class {label} against the others" for label in range(3)]
        np.testing.assert_allclose((rows[1][:, 2] - rows[1][:, 1])[0, 0, :3, 0], [-0.25, 0.5, -0.25], atol=1e-6)


@pytest.mark.slow
def test_a_conditional_gan_and_what_does_not_apply():
    gan = keras_gans.GAN(tiny.generator(tiny.CLASSES), tiny.discriminator(tiny.CLASSES))
    options = {"traversal": {"rows": 2, "steps": 3, "directions": 1, "direction_samples": 20}}
    found = evaluate(gan, (tiny.images(8), tiny.labels(8)), analyses=options, **OPTIONS)
    (images,) = found.analyses["traversal"].value.values()
    assert images.shape == (2, 3, *tiny.SHAPE)
    np.testing.assert_allclose(
        images[:, 1], gan.generate(2, condition=tiny.labels(8)[:2], latents=gan.as_sampler().draw_latents(2, (0, 1))), atol=1e-5
    )
    translated = evaluate(tiny.cyclegan(), (tiny.images(4), tiny.images(4)), analyses=["traversal"], **OPTIONS)
    assert "has no latents" in translated.skipped["traversal"]
