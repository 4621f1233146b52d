"""Files of every format come out as a person sees them."""

import struct
import zlib

import numpy as np
import PIL
import pytest
from PIL import Image
from PIL import ImageCms

from keras_gans.data import images

COLOR = np.random.default_rng(0).integers(0, 256, (8, 8, 3)).astype("uint8")
GRAY = COLOR[..., 0]


def load(folder, **arguments):
    """The images of a folder as whole numbers of 0..255."""
    (batch,) = list(images(folder, size=arguments.pop("size", 8), shuffle=False, verbose=False, **arguments))
    return np.rint((batch.numpy() + 1) * 127.5)


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["png", "PNG", "bmp", "tif", "TIFF", "tga", "ppm", "qoi"])
def test_colors_are_kept(tmp_path, ending):
    Image.fromarray(COLOR).save(tmp_path / f"a.{ending}")
    np.testing.assert_array_equal(load(tmp_path), COLOR[None])
    gray = np.asarray(Image.fromarray(COLOR).convert("L"))
    np.testing.assert_allclose(load(tmp_path, channels=1)[0, ..., 0], gray, atol=1)  # libpng rounds down


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["png", "bmp", "tif", "gif", "pgm"])
def test_gray_images_have_one_channel(tmp_path, ending):
    Image.fromarray(GRAY).save(tmp_path / f"a.{ending}")
    np.testing.assert_array_equal(load(tmp_path), GRAY[None, ..., None])
    np.testing.assert_array_equal(load(tmp_path, channels=3), np.stack([GRAY] * 3, -1)[None])


@pytest.mark.parametrize("ending", ["jpg", "JPG", "jpeg", "jfif"])
@pytest.mark.parametrize("progressive", [False, True])
def test_jpeg(tmp_path, ending, progressive):
    smooth = Image.fromarray(COLOR[:3, :3]).resize((64, 64), Image.BICUBIC)
    smooth.save(tmp_path / f"a.{ending}", "jpeg", progressive=progressive, quality=95)
    np.testing.assert_allclose(load(tmp_path, size=64)[0], np.asarray(smooth), atol=12)


@pytest.mark.slow
def test_webp_and_files_with_wrong_or_no_ending(tmp_path):
    Image.fromarray(COLOR).save(tmp_path / "a.webp", lossless=True)
    Image.fromarray(COLOR).save(tmp_path / "b.jpg", "png")
    Image.fromarray(COLOR).save(tmp_path / "c.png", "bmp")
    Image.fromarray(COLOR).save(tmp_path / "d", "png")
    np.testing.assert_array_equal(load(tmp_path), [COLOR] * 4)


@pytest.mark.slow
def test_a_gray_image_among_colored_ones_takes_no_colors(tmp_path):
    Image.fromarray(GRAY).save(tmp_path / "a.png")
    Image.fromarray(COLOR).save(tmp_path / "b.png")
    Image.fromarray(COLOR).convert("CMYK").save(tmp_path / "c.tif")
    np.testing.assert_array_equal(load(tmp_path), [np.stack([GRAY] * 3, -1), COLOR, COLOR])


def test_palettes(tmp_path):
    palette = Image.fromarray(COLOR).quantize(16)
    palette.save(tmp_path / "a.gif")
    palette.save(tmp_path / "b.png")
    palette.save(tmp_path / "c.bmp")
    np.testing.assert_array_equal(load(tmp_path), [np.asarray(palette.convert("RGB"))] * 3)
    np.testing.assert_array_equal(load(tmp_path, channels=1)[0, ..., 0], np.asarray(palette.convert("L")))


def test_one_bit(tmp_path):
    bits = Image.fromarray(GRAY > 128)
    assert bits.mode == "1"
    bits.save(tmp_path / "a.png")
    bits.save(tmp_path / "b.tif")
    np.testing.assert_array_equal(load(tmp_path)[..., 0], [(GRAY > 128) * 255.0] * 2)


def test_transparent_pixels_are_white(tmp_path):
    alpha = np.zeros((8, 8), "uint8")
    alpha[:, 4:] = 255
    alpha[0] = 128
    colors = Image.fromarray(np.dstack([COLOR, alpha]))
    colors.save(tmp_path / "a.png")
    colors.save(tmp_path / "b.webp", lossless=True, exact=True)
    expected = COLOR * (alpha / 255.0)[..., None] + 255 * (1 - alpha / 255.0)[..., None]
    np.testing.assert_allclose(load(tmp_path), [expected] * 2, atol=1)
    np.testing.assert_array_equal(load(tmp_path)[:, 1:, :4], np.full((2, 7, 4, 3), 255))


def test_transparent_grays_palettes_and_colors_are_white(tmp_path):
    gray = np.full((8, 8), 7, "uint8")
    gray[2:] = 100
    expected = np.where(gray == 7, 255, 100)[..., None]
    Image.fromarray(np.dstack([gray, (gray != 7) * np.uint8(255)])).save(tmp_path / "a.png")
    Image.fromarray(gray).save(tmp_path / "b.png", transparency=7)
    Image.fromarray(gray.astype("uint16") * 257).save(tmp_path / "c.png", transparency=7 * 257)
    np.testing.assert_array_equal(load(tmp_path), [expected] * 3)
    indices = Image.fromarray(gray)
    indices.putpalette([n for n in range(256) for _ in range(3)])
    indices.save(tmp_path / "d.gif", transparency=7)
    indices.save(tmp_path / "e.png", transparency=7)
    Image.fromarray(np.dstack([gray] * 3)).save(tmp_path / "f.png", transparency=(7, 7, 7))
    np.testing.assert_array_equal(load(tmp_path), [np.dstack([expected] * 3)] * 6)


def sixteen_bit_png(path, values, color_type):
    """Writes a PNG of a kind that Pillow does not write: 16 bits a channel."""

    def chunk(name, content):
        return len(content).to_bytes(4, "big") + name + content + zlib.crc32(name + content).to_bytes(4, "big")

    rows = b"".join(b"\x00" + row.astype(">u2").tobytes() for row in values)
    header = struct.pack(">IIBBBBB", values.shape[1], len(values), 16, color_type, 0, 0, 0)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunks)


def test_sixteen_bits_of_several_channels(tmp_path):
    alpha = np.zeros((8, 8, 1), "uint16")
    alpha[2:] = 65535
    gray = COLOR[..., :1].astype("uint16") * 257
    sixteen_bit_png(tmp_path / "a.png", np.concatenate([gray, alpha], -1), 4)
    np.testing.assert_array_equal(load(tmp_path)[0], np.where(alpha, COLOR[..., :1], 255))
    sixteen_bit_png(tmp_path / "a.png", COLOR.astype("uint16") * 257, 2)
    sixteen_bit_png(tmp_path / "b.png", np.concatenate([COLOR.astype("uint16") * 257, alpha], -1), 6)
    np.testing.assert_array_equal(load(tmp_path), [COLOR, np.where(alpha, COLOR, 255)])


@pytest.mark.parametrize("ending", ["png", "tif"])
def test_sixteen_bits_are_scaled(tmp_path, ending):
    values = np.arange(64, dtype="uint16").reshape(8, 8) * 1040
    Image.fromarray(values).save(tmp_path / f"a.{ending}")
    np.testing.assert_array_equal(load(tmp_path)[0, ..., 0], np.rint(values / 257))


def test_sixteen_bits_with_white_as_zero(tmp_path):
    values = np.arange(64, dtype="uint16").reshape(8, 8) * 1040
    Image.fromarray(values).save(tmp_path / "a.tif", tiffinfo={262: 0})
    with Image.open(tmp_path / "a.tif") as image:
        assert image.tag_v2[262] == 0
    np.testing.assert_array_equal(load(tmp_path)[0, ..., 0], 255 - np.rint(values / 257))


def test_thirty_two_bits_have_no_range(tmp_path):
    for mode in ("F", "I"):
        Image.fromarray(GRAY).convert(mode).save(tmp_path / "a.tif")
        with pytest.raises(ValueError, match=r"a\.tif.*32-bit.*8 or 16 bits"):
            load(tmp_path)


@pytest.mark.parametrize("ending", ["jpg", "png", "tif", "webp"])
@pytest.mark.parametrize("orientation", [3, 6])
def test_orientation(tmp_path, ending, orientation):
    """What EXIF says is done: turned by 180 degrees, or clockwise by 90."""
    upright = np.full((16, 16, 3), 20, "uint8")
    upright[:8, :8] = 240
    stored = np.rot90(upright, {3: 2, 6: 1}[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(stored).save(tmp_path / f"a.{ending}", exif=exif)
    np.testing.assert_allclose(load(tmp_path, size=16)[0], upright, atol=12)


def test_orientation_after_the_pixels_of_a_png(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 3
    Image.fromarray(COLOR).save(tmp_path / "a.png")
    chunk = b"eXIf" + exif.tobytes().removeprefix(b"Exif\x00\x00")
    chunk = (len(chunk) - 4).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    content = (tmp_path / "a.png").read_bytes()
    (tmp_path / "a.png").write_bytes(content[:-12] + chunk + content[-12:])  # IEND takes 12
    np.testing.assert_array_equal(load(tmp_path)[0], COLOR[::-1, ::-1])


def test_damaged_exif_turns_nothing(tmp_path):
    Image.fromarray(COLOR).save(tmp_path / "a.png", exif=b"Exif\x00\x00nonsense")
    np.testing.assert_array_equal(load(tmp_path)[0], COLOR)


def test_cmyk_ycbcr_and_lab(tmp_path):
    smooth = Image.new("RGB", (8, 8), (200, 120, 40))
    smooth.convert("CMYK").save(tmp_path / "a.jpg", quality=100)
    if int(PIL.__version__.partition(".")[0]) >= 13:  # before, Pillow could not read such a file
        smooth.convert("YCbCr").save(tmp_path / "b.tif")
    profiles = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    ImageCms.profileToProfile(smooth, *profiles, outputMode="LAB").save(tmp_path / "c.tif")
    images = load(tmp_path)
    np.testing.assert_allclose(images, [np.asarray(smooth)] * len(list(tmp_path.iterdir())), atol=4)


@pytest.mark.parametrize("ending", ["gif", "webp", "png", "tif", "mpo"])
def test_the_first_of_several_frames(tmp_path, ending):
    first, second = Image.new("RGB", (8, 8), (200, 120, 40)), Image.new("RGB", (8, 8), (10, 10, 10))
    first.save(tmp_path / f"a.{ending}", save_all=True, append_images=[second])
    np.testing.assert_allclose(load(tmp_path)[0], np.asarray(first), atol=4)


@pytest.mark.slow
def test_several_sizes_and_enlarging(tmp_path):
    Image.new("L", (30, 4), 100).save(tmp_path / "a.png")
    Image.new("L", (3, 40), 100).save(tmp_path / "b.png")
    np.testing.assert_array_equal(load(tmp_path, size=(16, 12)), np.full((2, 16, 12, 1), 100))
