import numpy as np
import pytest

from keras_gans.evaluation import linear_separability
from keras_gans.evaluation.analyses.separability import conditional_entropy

LATENTS = np.random.default_rng(0).normal(size=(600, 4))


def test_entropy_by_hand():
    x = np.array([0, 0, 0, 0, 1, 1, 1, 1], bool)
    y = np.array([0, 0, 0, 1, 1, 1, 0, 0], bool)
    quarter = -0.25 * np.log(0.25) - 0.75 * np.log(0.75)
    assert conditional_entropy(x, y) == pytest.approx(0.5 * quarter + 0.5 * np.log(2))
    assert conditional_entropy(x, x) == 0
    assert conditional_entropy(np.zeros(8, bool), y) == pytest.approx(-(3 * np.log(3 / 8) + 5 * np.log(5 / 8)) / 8)


def test_what_a_hyperplane_decides_has_no_entropy_left():
    found = linear_separability(LATENTS, np.stack([LATENTS[:, 0], -LATENTS[:, 1]], axis=1))
    assert found.score == pytest.approx(1, abs=0.02)
    np.testing.assert_array_equal(found.accuracies, [1, 1])


def test_what_latents_do_not_tell_keeps_its_entropy():
    noise = np.random.default_rng(1).normal(size=(600, 2))
    found = linear_separability(LATENTS, noise)
    np.testing.assert_allclose(found.entropies, np.log(2), atol=0.02)
    assert found.score == pytest.approx(np.exp(found.entropies.sum()))


def test_the_images_of_which_the_classifier_is_unsure_are_left_out():
    logits = 5 * LATENTS[:, :1]
    unsure = np.abs(logits[:, 0]) < np.quantile(np.abs(logits), 0.5)
    logits[unsure] *= -1  # wrong where it is unsure
    assert linear_separability(LATENTS, logits).accuracies[0] == 1
    assert linear_separability(LATENTS, logits, confident=1.0).accuracies[0] < 0.9


def test_an_attribute_that_all_have_counts_nothing():
    found = linear_separability(LATENTS, np.stack([LATENTS[:, 0], np.ones(600)], axis=1))
    assert np.isnan(found.entropies[1]) and found.score == pytest.approx(1, abs=0.02)
    with pytest.raises(ValueError, match="nothing to separate"):
        linear_separability(LATENTS, np.ones((600, 1)))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((LATENTS, LATENTS[:, 0]), "Expected latents"),
        ((LATENTS, LATENTS[:5]), "Expected latents"),
        ((LATENTS, LATENTS, 0.0), "confident"),
        ((LATENTS, np.full((600, 1), np.nan)), "logits"),
    ],
)
def test_wrong_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        linear_separability(*arguments)
