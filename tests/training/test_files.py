"""Files of a GAN: folders are made, the last good file survives, a half one is told as such."""

import os

import keras
import numpy as np
import pytest

import keras_gans
from tests import tiny

pytestmark = pytest.mark.slow

SAVES = {"gan.keras": "save", "gan.weights.h5": "save_weights"}


@pytest.fixture
def gan():
    made = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    made.compile(**tiny.sgd(), run_eagerly=True)
    made.train_on_batch(tiny.images(8))
    return made


@pytest.fixture
def vae():
    """What is no GAN, and makes the same promises."""
    small = {"image_shape": tiny.SHAPE, "latents": 3, "units": 16}
    made = keras_gans.VAE(keras_gans.networks.vae.generator(**small), keras_gans.networks.vae.encoder(**small))
    made.compile(run_eagerly=True)
    made.train_on_batch(0.5 * tiny.images(8) + 0.5)
    return made


@pytest.fixture(params=["gan", "vae"])
def model(request):
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize(("name", "save"), SAVES.items())
def test_folders_are_made(model, name, save, tmp_path):
    getattr(model, save)(tmp_path / "runs" / "today" / name)
    assert os.listdir(tmp_path / "runs" / "today") == [name]


def test_the_last_good_files_survive_a_full_disk(gan, tmp_path, full_disk):
    grid = keras_gans.callbacks.SampleGrid(tmp_path / "grid", rows=8, columns=8)
    grid.set_model(gan)
    grid.on_epoch_end(0)
    for name, save in SAVES.items():
        getattr(gan, save)(tmp_path / name)
    gan.export(tmp_path / "serving")
    before = {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()}
    weights = gan.get_weights()
    gan.set_weights([weight + 1 for weight in weights])
    full_disk(20_000)
    for name, save in SAVES.items():
        with pytest.raises(OSError) as caught:
            getattr(gan, save)(tmp_path / name)
        assert str(tmp_path / name) in str(caught.value)
        assert any("could not be written" in note for note in caught.value.__notes__)
    full_disk(600)
    for version, folder in ((None, "serving"), ("auto", "versions")):
        with pytest.raises(OSError) as caught:
            gan.export(tmp_path / folder, version=version)
        assert f"{tmp_path}/{folder}" in str(caught.value)
        assert ".writing-" not in str(caught.value)
    assert os.listdir(tmp_path / "versions") == []
    full_disk(50)
    with pytest.warns(RuntimeWarning, match="epoch_0001.png' could not be written: File too large. Training goes on."):
        grid.on_epoch_end(0)
    assert {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()} == before
    gan.load_weights(tmp_path / "gan.weights.h5")
    for now, then in zip(gan.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(now, then)


def test_the_last_good_files_of_a_vae_survive_a_full_disk(vae, tmp_path, full_disk):
    for name, save in SAVES.items():
        getattr(vae, save)(tmp_path / name)
    before = {path: path.read_bytes() for path in sorted(tmp_path.iterdir())}
    weights = vae.get_weights()
    vae.set_weights([weight + 1 for weight in weights])
    full_disk(2_000)
    for name, save in SAVES.items():  # HDF5 crashes the process where it runs out of room
        with pytest.raises(OSError) as caught:
            getattr(vae, save)(tmp_path / name)
        assert str(tmp_path / name) in str(caught.value)
    assert {path: path.read_bytes() for path in sorted(tmp_path.iterdir())} == before
    again = keras_gans.load_model(tmp_path / "gan.keras")
    vae.load_weights(tmp_path / "gan.weights.h5")
    for one, other, then in zip(again.get_weights(), vae.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(one, then)
        np.testing.assert_array_equal(other, then)


def test_what_a_vae_refuses(vae, tmp_path):
    with pytest.raises(ValueError, match="A VAE is saved as a `.keras` file"):
        vae.save(tmp_path / "vae.h5")


def test_checkpoints_of_keras_go_through_it(gan, tmp_path):
    path = tmp_path / "runs" / "best.keras"
    gan.fit(tiny.images(8), verbose=0, callbacks=[keras.callbacks.ModelCheckpoint(path, monitor="g_loss", mode="min")])
    assert os.listdir(tmp_path / "runs") == ["best.keras"]


@pytest.mark.parametrize(("name", "save"), SAVES.items())
@pytest.mark.parametrize("kept", [0.0, 0.5, 0.99])
def test_half_a_file_is_told_as_such(model, name, save, kept, tmp_path):
    path = tmp_path / name
    load = keras_gans.load_model if save == "save" else model.load_weights
    with pytest.raises(FileNotFoundError, match="There is no file"):
        load(path)
    getattr(model, save)(path)
    load(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(kept * len(whole))])
    with pytest.raises(ValueError, match=f"{name}' is incomplete or damaged.*another checkpoint"):
        load(path)


def test_damage_in_the_middle_is_told_as_such(gan, tmp_path):
    path = tmp_path / "gan.keras"
    gan.save(path)
    whole = bytearray(path.read_bytes())
    for place in range(len(whole) // 3, 2 * len(whole) // 3):
        whole[place] ^= 0xFF
    path.write_bytes(whole)
    with pytest.raises(ValueError, match="gan.keras' is incomplete or damaged.*another checkpoint"):
        keras_gans.load_model(path)


def test_overwriting_is_asked_for(gan, tmp_path, monkeypatch):
    path = tmp_path / "gan.keras"
    gan.save(path)
    before = path.read_bytes()
    gan.train_on_batch(tiny.images(8))
    monkeypatch.setattr("builtins.input", lambda *prompt: "n")
    gan.save(path, overwrite=False)
    assert path.read_bytes() == before
    monkeypatch.setattr("builtins.input", lambda *prompt: "y")
    gan.save(path, overwrite=False)
    assert path.read_bytes() != before


def test_shards_come_along(gan, tmp_path):
    path = tmp_path / "weights" / "gan.weights.json"
    gan.save_weights(path, max_shard_size=6e-6)
    assert len(list(path.parent.glob("*.h5"))) > 1
    before = gan.get_weights()
    gan.set_weights([weight + 1 for weight in before])
    gan.load_weights(path)
    for now, then in zip(gan.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)


@pytest.mark.parametrize(("name", "save"), SAVES.items())
def test_a_folder_is_not_replaced_by_a_file(model, name, save, tmp_path):
    (tmp_path / name).mkdir()
    (tmp_path / name / "precious.txt").write_text("precious")
    with pytest.raises((ValueError, IsADirectoryError), match="is a folder"):
        getattr(model, save)(tmp_path / name)
    (tmp_path / "grid.png").mkdir()
    with pytest.raises(IsADirectoryError, match="is a folder"):
        keras_gans.utils.save_images(tmp_path / "grid.png", tiny.images(4))
    assert (tmp_path / name / "precious.txt").read_text() == "precious"


@pytest.mark.filterwarnings("ignore:Skipping nested container")  # Keras', before it raises
def test_weights_of_other_networks_are_told_as_such(gan, tmp_path):
    """As in a backup of a script whose options are others now."""
    gan.save_weights(tmp_path / "latest.weights.h5")
    smaller = keras_gans.GAN(tiny.generator(shape=(4, 4, 1)), tiny.discriminator(shape=(4, 4, 1)))
    fits_not = r"latest.weights.h5' do not fit this GAN.*not fit: .*\. Build.*repeat the options of its first run.*another folder"
    before = tiny.weights(smaller)
    with pytest.raises(ValueError, match=fits_not):
        smaller.load_weights(tmp_path / "latest.weights.h5")
    np.testing.assert_array_equal(tiny.weights(smaller), before)  # Keras had set those that fit


def test_a_pickle_is_refused_by_whatever_reads_a_gan():
    for load in (keras_gans.load_model, keras_gans.evaluation.load_generator, keras_gans.hub.load):
        with pytest.raises(ValueError, match="ffhq.PKL' is a pickle.*Convert it"):
            load("ffhq.PKL")


def test_a_home_is_a_home(gan, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    expected = gan.generate(2, seed=0)
    gan.save("~/gan.keras")
    gan.save_weights("~/gan.weights.h5")
    gan.load_weights("~/gan.weights.h5")
    np.testing.assert_allclose(keras_gans.load_model("~/gan.keras").generate(2, seed=0), expected, atol=1e-6)
    exported = keras_gans.hub.load(gan.export("~/served", version="auto"))
    np.testing.assert_allclose(exported.generate(2, seed=0), expected, atol=1e-5)
    keras_gans.hub.load("~/served")
    keras_gans.utils.save_images("~/grid.png", expected)
    grid = keras_gans.callbacks.SampleGrid("~/grid", rows=2, columns=2)
    gan.fit(tiny.images(8), verbose=0, callbacks=[grid])
    keras_gans.evaluation.evaluate(gan, tiny.images(8), [], num_samples=8, analyses=["samples"], output="~/evaluation")
    assert os.listdir(tmp_path) == ["home"]
    made = {"gan.keras", "gan.weights.h5", "served", "grid.png", "grid", "evaluation"}
    assert set(os.listdir(tmp_path / "home")) == made
