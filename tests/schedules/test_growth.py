"""When networks grow."""

import json

import keras
import pytest

from keras_gans.schedules import Growth

V2 = Growth(600_000, 600_000)


@pytest.mark.parametrize(
    ("images", "size", "share"),
    [
        (0, 4, 1.0),
        (600_000, 4, 1.0),
        (606_000, 8, 0.01),
        (900_000, 8, 0.5),  # lod 7.5
        (1_200_000, 8, 1.0),
        (1_800_000, 8, 1.0),
        (2_100_000, 16, 0.5),
        (9_000_000 + 594_000, 1024, 0.99),
        (9_600_000, 1024, 1.0),
        (50_000_000, 1024, 1.0),
    ],
)
def test_the_time_line_of_600_and_600(images, size, share):
    found = V2.at(images, 1024)
    assert found == (size, pytest.approx(share, abs=1e-9))


def test_a_size_is_fully_there():
    assert V2.images_until(1024) == 9_600_000
    assert Growth(600_000, 600_000, start=8).images_until(1024) == 8_400_000
    assert V2.at(V2.images_until(1024) - 1, 1024)[1] < 1 == V2.at(V2.images_until(1024), 1024)[1]


def test_without_a_fade_and_with_another_start():
    assert [Growth(10, 0).at(n, 16) for n in (0, 9, 10, 20, 30)] == [(4, 1), (4, 1), (8, 1), (16, 1), (16, 1)]
    assert [Growth(10, 10, start=8).at(n, 4) for n in (0, 15, 30)] == [(4, 1)] * 3  # images that are smaller than the first size
    assert Growth(10, 10, start=8).at(15, 32) == (16, 0.5)


def test_what_changes_with_the_size():
    growth = Growth(1, 1, step_sizes={32: 64, 4: 128}, learning_rates={128: 1.5})
    assert [growth.step_size(size) for size in (4, 16, 32, 512)] == [128, 128, 64, 64]
    assert [growth.learning_rate(size) for size in (64, 128, 1024)] == [1.0, 1.5, 1.5]
    assert Growth(1, 1).step_size(8) is None
    read = Growth.from_config(json.loads(json.dumps(growth.get_config())))
    assert (read.step_sizes, read.learning_rates) == (growth.step_sizes, growth.learning_rates)
    assert keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(growth)).step_sizes == growth.step_sizes


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"hold": 0, "fade": 1}, "`hold` must be"),
        ({"hold": 1, "fade": -1}, "`fade` must be"),
        ({"hold": 1, "fade": 1, "start": 6}, "`start` must be a power of two"),
        ({"hold": 1, "fade": 1, "start": 2}, "`start` must be an int >= 4"),
        ({"hold": 1, "fade": 1, "step_sizes": 64}, "`step_sizes` must be a dict whose keys are sizes of images"),
        ({"hold": 1, "fade": 1, "step_sizes": {4: 0}}, r"`step_sizes\[4\]` must be"),
        ({"hold": 1, "fade": 1, "learning_rates": {4: float("nan")}}, r"`learning_rates\[4\]` must be"),
        ({"hold": 1, "fade": 1, "learning_rates": {4: 0.0}}, r"`learning_rates\[4\]` must be positive"),
        ({"hold": 1, "fade": 1, "learning_rates": {8: -1}}, r"`learning_rates\[8\]` must be positive"),
        ({"hold": 1, "fade": 1, "learning_rates": {7: 1.0}}, "keys of `learning_rates` must be sizes of images.*Received: 7"),
        ({"hold": 1, "fade": 1, "step_sizes": {"8x8": 3}}, "keys of `step_sizes` must be sizes of images.*Received: '8x8'"),
        ({"hold": 1, "fade": 1, "step_sizes": {2: 3}}, "keys of `step_sizes` must be sizes of images.*Received: 2"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        Growth(**arguments)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda growth: growth.at(5, 0), "`full` must be an int >= 4. Received: full=0"),
        (lambda growth: growth.at(5, 24), "`full` must be a power of two. Received: full=24"),
        (lambda growth: growth.at(-1, 8), "`images` must be an int >= 0"),
        (lambda growth: growth.images_until(2), "`size` must be an int >= 4. Received: size=2"),
        (lambda growth: growth.images_until("8"), "`size` must be an int >= 4. Received: size='8'"),
    ],
)
def test_sizes_that_are_none(ask, message):
    with pytest.raises(ValueError, match=message):
        ask(Growth(hold=1, fade=1))
