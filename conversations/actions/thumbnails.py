"""Small pictures of large ones, made by a worker: turned as the camera was held, nothing told but pixels."""

import warnings
from io import BytesIO
from typing import IO, NamedTuple

from PIL import Image, ImageOps

SIDE = 640  # pixels of a thumbnail's longer side: twice what is shown, for sharp screens
MOST_PIXELS = 50_000_000  # of a picture we open; a photo of today's phones has twelve to fifty million
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF")
QUALITY = 80
ORIENTATION, SIDEWAYS = 0x0112, frozenset({5, 6, 7, 8})  # Exif 2.32 §4.6.4


class NoThumbnail(Exception):
    """The picture is broken, or larger than we open."""


class Thumbnail(NamedTuple):
    """A WebP, and the size of the picture it was made of, as it is held."""

    content: bytes
    width: int
    height: int


def make(file: IO[bytes]) -> Thumbnail:
    """The thumbnail of a picture. Raises `NoThumbnail`; never reads more pixels than `MOST_PIXELS`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=FORMATS) as picture:
                return _made(picture)
    except NoThumbnail:
        raise
    except Exception as error:  # Pillow raises many kinds for what is broken
        raise NoThumbnail(type(error).__name__) from error


def _made(picture: Image.Image) -> Thumbnail:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise NoThumbnail(f"{width} by {height} pixels")
    picture.draft("RGB", (SIDE, SIDE))  # a JPEG is read smaller from the start
    if picture.getexif().get(ORIENTATION) in SIDEWAYS:
        width, height = height, width
    turned = ImageOps.exif_transpose(picture)
    turned.thumbnail((SIDE, SIDE))
    plain = turned.convert("RGBA" if turned.has_transparency_data else "RGB")
    small = Image.new(plain.mode, plain.size)  # takes over no metadata
    small.paste(plain)
    content = BytesIO()
    small.save(content, "WEBP", quality=QUALITY)
    return Thumbnail(content.getvalue(), width, height)
