"""Photos drawn for tests, with the EXIF a phone would write."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image, ImageDraw

GPS, EXIF, BASE = ExifTags.GPS, ExifTags.IFD.Exif, ExifTags.Base


def street(size: tuple[int, int] = (160, 120), *, bin_at: int = 20) -> Image.Image:
    """A picture with something to see: sky, road, and a bin somewhere on it."""
    image = Image.new("RGB", size, "skyblue")
    draw = ImageDraw.Draw(image)
    width, height = size
    draw.polygon([(0, height), (width // 2, height // 3), (width, height)], fill="dimgray")
    left = width * bin_at // 100
    draw.rectangle([left, height // 2, left + width // 8, height * 3 // 4], fill="darkgreen")
    return image


def exif_of(*, taken: str | None = None, offset: str | None = None, gps: dict[int, Any] | None = None) -> Image.Exif:
    exif = Image.Exif()
    block = exif.get_ifd(EXIF)
    if taken is not None:
        block[BASE.DateTimeOriginal] = taken
    if offset is not None:
        block[BASE.OffsetTimeOriginal] = offset
    if gps is not None:
        exif.get_ifd(ExifTags.IFD.GPSInfo).update(gps)
    return exif


def saved(image: Image.Image, form: str = "JPEG", **options: Any) -> BytesIO:
    stream = BytesIO()
    image.save(stream, form, **options)
    stream.seek(0)
    return stream


def position(latitude: object, south: str, longitude: object, west: str) -> dict[int, object]:
    return {
        GPS.GPSLatitudeRef: south, GPS.GPSLatitude: latitude, GPS.GPSLongitudeRef: west, GPS.GPSLongitude: longitude,
    }  # fmt: skip


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it is so large and holds nothing."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    header = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    return b"\x89PNG\r\n\x1a\n" + header + struct.pack(">I", 9) + b"IDAT"
