"""Photos made for the test: what is read from them, what is refused, and what a public copy no longer says."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from chuangwei.core import pictures
from chuangwei.core.pictures import BadPicture
from tests.factories.photos import exif_of, png_header, position, saved, street

GPS, BASE, Turn = ExifTags.GPS, ExifTags.Base, Image.Transpose

# Pillow grumbles about the pictures that are broken on purpose.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Corrupt EXIF data"),
    pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning"),
]


@pytest.mark.parametrize(
    ("form", "content_type"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp"), ("GIF", "image/gif")],
)
def test_pictures_of_each_kind_are_read(form, content_type):
    found = pictures.look_at(saved(street(), form))
    assert (found.content_type, found.width, found.height) == (content_type, 160, 120)
    assert (found.taken_at, found.longitude, found.latitude) == (None, None, None)
    assert len(found.phash) == 16


def test_a_phones_double_picture_is_a_jpeg():
    stream = saved(street(), "MPO", save_all=True, append_images=[street((80, 60))])
    assert pictures.look_at(stream).content_type == "image/jpeg"


@pytest.mark.parametrize(
    ("taken", "offset", "instant"),
    [
        ("2023:09:04 15:20:00", None, datetime(2023, 9, 4, 7, 20, tzinfo=UTC)),
        ("2023:09:04 15:20:00", "+08:00", datetime(2023, 9, 4, 7, 20, tzinfo=UTC)),
        ("2023:09:04 15:20:00", "+00:00", datetime(2023, 9, 4, 15, 20, tzinfo=UTC)),
        ("2023:09:04 15:20:00", "nonsense", datetime(2023, 9, 4, 7, 20, tzinfo=UTC)),
        ("0000:00:00 00:00:00", None, None),
        ("2023-09-04", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_when_a_photo_was_taken(taken, offset, instant):
    assert pictures.look_at(saved(street(), exif=exif_of(taken=taken, offset=offset))).taken_at == instant


@pytest.mark.parametrize(
    ("gps", "expected"),
    [
        (position((35.0, 30.0, 36.0), "N", (104.0, 15.0, 0.0), "E"), (104.25, 35.51)),
        (position((33.0, 52.0, 12.0), "S", (70.0, 40.0, 48.0), "W"), (-70.68, -33.87)),
        (position((0.0, 0.0, 0.0), "N", (0.0, 0.0, 0.0), "E"), (None, None)),
        (position((95.0, 0.0, 0.0), "N", (104.0, 0.0, 0.0), "E"), (None, None)),
        (position((35.0, 0.0, 0.0), "N", (190.0, 0.0, 0.0), "E"), (None, None)),
        (position((35.0, 30.0), "N", (104.0, 15.0, 0.0), "E"), (None, None)),
        (position((IFDRational(0, 0), 0.0, 0.0), "N", (104.0, 0.0, 0.0), "E"), (None, None)),
        ({GPS.GPSLatitude: (35.0, 0.0, 0.0), GPS.GPSLatitudeRef: "N"}, (None, None)),
        ({}, (None, None)),
    ],
)
def test_where_a_photo_was_taken(gps, expected):
    found = pictures.look_at(saved(street(), exif=exif_of(gps=gps)))
    assert (found.longitude, found.latitude) == pytest.approx(expected)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    "block", [b"not a tiff header", b"II", b"II*\0\xff\xff\xff\xff", b"II*\0\x08\0\0\0\xff\xff\x69\x87"]
)
def test_exif_that_cannot_be_read_is_no_exif(form, block):
    found = pictures.look_at(saved(street(), form, exif=b"Exif\0\0" + block))
    assert (found.taken_at, found.longitude, found.width) == (None, None, 160)


@settings(max_examples=100, suppress_health_check=[HealthCheck.filter_too_much])
@given(st.binary(max_size=60), st.sampled_from(["JPEG", "PNG"]))
def test_no_exif_block_whatsoever_stops_a_photo(block, form):
    stream = saved(Image.new("RGB", (9, 8)), form, exif=b"Exif\0\0II*\0\x08\0\0\0" + block)
    assert pictures.look_at(stream).width in {8, 9}


@pytest.mark.parametrize(
    ("orientation", "laid"),
    [
        (1, []), (2, [Turn.FLIP_LEFT_RIGHT]), (3, [Turn.ROTATE_180]), (4, [Turn.FLIP_TOP_BOTTOM]), (5, [Turn.TRANSPOSE]),
        (6, [Turn.ROTATE_90]), (7, [Turn.TRANSVERSE]), (8, [Turn.ROTATE_270]), (9, []),
    ],
)  # fmt: skip
def test_a_picture_is_measured_and_hashed_upright(orientation, laid):
    image = street()
    for turn in laid:
        image = image.transpose(turn)
    exif = Image.Exif()
    exif[BASE.Orientation] = orientation
    found = pictures.look_at(saved(image, exif=exif, quality=95))
    assert (found.width, found.height) == (160, 120)
    assert pictures.bits_apart(found.phash, pictures.difference_hash(street())) <= 2


def test_the_same_photo_sent_on_is_nearly_the_same_hash_and_another_is_not():
    first = pictures.difference_hash(street())
    sent_on = Image.open(saved(street().resize((100, 75)), quality=40))
    assert pictures.bits_apart(first, pictures.difference_hash(sent_on)) <= 4
    assert pictures.bits_apart(first, pictures.difference_hash(street(bin_at=70))) > 4
    assert pictures.bits_apart("0" * 16, "f" * 16) == 64


def test_a_picture_of_one_colour_has_no_hash():
    assert pictures.look_at(saved(Image.new("RGB", (50, 50), "white"))).phash == ""


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "打不开"),
        (b"hello", "打不开"),
        (saved(street()).getvalue()[:900], "打不开"),
        (saved(street(), "PNG").getvalue()[:-60], "打不开"),
        (saved(street(), "BMP").getvalue(), "打不开"),
        (png_header(8000, 7000), "图片太大：8000 × 7000 像素，最多 5000 万像素。"),
        (png_header(10_000, 10_000), "图片太大：10000 × 10000 像素"),
        (png_header(50_000, 50_000), "图片太大，最多 5000 万像素。"),
    ],
)
def test_pictures_that_are_refused(content, says):
    with pytest.raises(BadPicture) as refused:
        pictures.look_at(BytesIO(content))
    assert says in refused.value.message


def test_a_public_copy_says_nothing_but_what_is_seen(tmp_path):
    exif = exif_of(taken="2023:09:04 15:20:00", gps=position((35.0, 0.0, 0.0), "N", (104.0, 0.0, 0.0), "E"))
    exif[BASE.Orientation] = 6
    original = saved(street((300, 400)), exif=exif, comment=b"private")
    target = tmp_path / "copy.jpg"
    pictures.public_copy(BytesIO(original.getvalue() + b"<script>tail</script>"), target, longest=200)
    with Image.open(target) as copy:
        assert (copy.format, copy.size, dict(copy.getexif())) == ("JPEG", (200, 150), {})
        assert not {"exif", "comment", "icc_profile"} & set(copy.info)
    assert b"script" not in target.read_bytes()


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "CMYK", "1", "I;16"])
def test_a_public_copy_of_any_mode_is_a_jpeg_on_white(tmp_path, mode):
    form = "JPEG" if mode == "CMYK" else "PNG"
    image = Image.new("RGBA", (20, 20), (0, 0, 0, 0)) if mode == "RGBA" else Image.new(mode, (20, 20))
    target = tmp_path / "copy.jpg"
    pictures.public_copy(saved(image, form), target, longest=100)
    with Image.open(target) as copy:
        assert (copy.mode, copy.size) == ("RGB", (20, 20))
        assert copy.getpixel((10, 10)) == ((255, 255, 255) if mode in {"RGBA", "CMYK"} else (0, 0, 0))
