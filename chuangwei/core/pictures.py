"""What a photo says: its size, when and where it was taken, what it looks like, and a copy that says only the last."""

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from PIL import ExifTags, Image

from chuangwei.core.clock import SHANGHAI
from chuangwei.core.errors import DomainError

LARGEST_PIXELS = 50_000_000
"""Twice what a good phone takes; decoded it needs some 200 MB."""

TYPES = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
"""What is accepted, by Pillow's names. Several phones write MPO: a JPEG with a second picture behind it."""

TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What turns a picture upright, by its EXIF orientation."""

DECODERS = ("JPEG", "PNG", "WEBP", "GIF")

LEAST_CONTRAST = 8
"""A picture whose 72 samples lie closer together looks like any other of one colour, so its hash would say nothing."""

# Pillow warns of large pictures by a limit of its own; ours is lower and refuses.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


class BadPicture(DomainError):
    """A picture that cannot be used, and why."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What is known of a photo. Width and height are those seen, turned upright; position is WGS84 as EXIF gives it."""

    content_type: str
    width: int
    height: int
    phash: str
    """64 bits as 16 hex digits; empty for a picture without contrast."""
    taken_at: datetime | None
    longitude: float | None
    latitude: float | None


def look_at(source: Path | BinaryIO) -> Picture:
    """Decode a picture whole and say what is in it; BadPicture for what is none, is cut off or is too large."""
    with _opened(source) as image:
        exif = _exif(image)
        upright = _upright(image, exif)
        longitude, latitude = _position(exif)
        return Picture(
            TYPES[str(image.format)], upright.width, upright.height, difference_hash(upright),
            _taken_at(exif), longitude, latitude,
        )  # fmt: skip


def public_copy(source: Path | BinaryIO, target: Path, *, longest: int) -> None:
    """Write an upright JPEG with no side longer than that, made from the pixels alone: no EXIF, no thumbnail, no tail."""
    with _opened(source) as image:
        upright = _upright(image, _exif(image))
        upright.thumbnail((longest, longest), Image.Resampling.LANCZOS)
        flat = Image.new("RGB", upright.size, "white")
        solid = upright.convert("RGBA")
        flat.paste(solid, mask=solid)
        flat.save(target, "JPEG", quality=85, optimize=True)


def difference_hash(image: Image.Image) -> str:
    """dHash: for 8 × 8 samples of the grey picture, is the next one to the right brighter. Alike pictures differ in few
    bits, whatever their size and quality."""
    samples = list(image.convert("L").resize((9, 8), Image.Resampling.LANCZOS).tobytes())
    if max(samples) - min(samples) < LEAST_CONTRAST:
        return ""
    bits = 0
    for row in range(8):
        for column in range(8):
            place = row * 9 + column
            bits = bits << 1 | (samples[place] < samples[place + 1])
    return f"{bits:016x}"


def bits_apart(first: str, second: str) -> int:
    """In how many of their 64 bits two hashes differ."""
    return (int(first, 16) ^ int(second, 16)).bit_count()


@contextmanager
def _opened(source: Path | BinaryIO) -> Iterator[Image.Image]:
    """The picture, decoded; its size is checked before a pixel is read."""
    try:
        with Image.open(source, formats=DECODERS) as image:
            if image.width * image.height > LARGEST_PIXELS:
                raise BadPicture(
                    f"图片太大：{image.width} × {image.height} 像素，最多 {LARGEST_PIXELS // 10_000} 万像素。"
                )
            image.load()
            yield image
    except Image.DecompressionBombError:
        raise BadPicture(f"图片太大，最多 {LARGEST_PIXELS // 10_000} 万像素。") from None
    except (OSError, SyntaxError, ValueError):
        raise BadPicture("图片打不开，可能没有传完或已损坏。请重新上传原图。") from None


def _exif(image: Image.Image) -> Image.Exif:
    """The picture's EXIF; an empty one where it cannot be read, for it is only corroboration."""
    try:
        return image.getexif()
    except (OSError, SyntaxError, ValueError):
        return Image.Exif()


def _upright(image: Image.Image, exif: Image.Exif) -> Image.Image:
    turn = TURNS.get(exif.get(ExifTags.Base.Orientation, 1))
    return image if turn is None else image.transpose(turn)


def _taken_at(exif: Image.Exif) -> datetime | None:
    """When the picture was taken: by the offset it names, else by Shanghai clocks."""
    tags = exif.get_ifd(ExifTags.IFD.Exif)
    written = tags.get(ExifTags.Base.DateTimeOriginal)
    offset = str(tags.get(ExifTags.Base.OffsetTimeOriginal) or "").strip("\0 ")
    try:
        taken = datetime.strptime(str(written).strip("\0 "), "%Y:%m:%d %H:%M:%S").replace(tzinfo=SHANGHAI)
    except ValueError:
        return None
    try:
        return datetime.strptime(f"{taken:%F %T}{offset}", "%Y-%m-%d %H:%M:%S%z").astimezone(UTC)
    except ValueError:
        return taken.astimezone(UTC)


def _position(exif: Image.Exif) -> tuple[float, float] | tuple[None, None]:
    tags = exif.get_ifd(ExifTags.IFD.GPSInfo)
    try:
        latitude = _degrees(tags[ExifTags.GPS.GPSLatitude], tags[ExifTags.GPS.GPSLatitudeRef], "S")
        longitude = _degrees(tags[ExifTags.GPS.GPSLongitude], tags[ExifTags.GPS.GPSLongitudeRef], "W")
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None, None
    # 0, 0 is what cameras write that do not know.
    if not (abs(latitude) <= 90 and abs(longitude) <= 180) or (latitude, longitude) == (0, 0):
        return None, None
    return longitude, latitude


def _degrees(parts: Any, direction: Any, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    total = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(total):
        raise ValueError("not a number")
    return -total if str(direction).strip("\0 ").upper() == negative else total
