"""Pictures that people upload are drawn anew: what is kept is what was seen, and nothing else.

Where and when a picture was taken, the camera's number, a smaller copy of what was cut away, a
second file behind the end: all of that is gone, because only points of colour are taken over.
"""

import io
from typing import Literal

from django.core.exceptions import ValidationError
from PIL import Image, ImageOps, UnidentifiedImageError

JPEG_HEAD = b"\xff\xd8\xff"
PNG_HEAD = b"\x89PNG\r\n\x1a\n"
MOST_POINTS = 50_000_000
"""A page of A4 scanned at 600 dots per inch has 35 million; in memory each takes four bytes."""
QUALITY = 90

DAMAGED = "The picture is damaged or incomplete. Take or scan it again and choose the new one."
TOO_LARGE = (
    "The picture has too many points to be opened here. Save it with a lower resolution, at most "
    f"{MOST_POINTS // 1_000_000} million points, and choose that."
)


def drawn_anew(content: bytes, form: Literal["JPEG", "PNG"]) -> bytes:
    """The picture alone, the right way up. Raises ValidationError."""
    try:
        with Image.open(io.BytesIO(content), formats=(form,)) as picture:
            if picture.width * picture.height > MOST_POINTS:
                raise ValidationError(TOO_LARGE)
            return _written(_plain(picture), form)
    except Image.DecompressionBombError as error:
        raise ValidationError(TOO_LARGE) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise ValidationError(DAMAGED) from error


def _plain(picture: Image.Image) -> Image.Image:
    """Nothing but points of colour, turned as the camera said that they were held."""
    upright = ImageOps.exif_transpose(picture)
    seen_through = upright.has_transparency_data
    plain = upright.convert("RGBA" if seen_through else "RGB")
    plain.info.clear()
    return plain


def _written(picture: Image.Image, form: str) -> bytes:
    made = io.BytesIO()
    if form == "JPEG":
        picture.convert("RGB").save(made, form, quality=QUALITY, optimize=True)
    else:
        picture.save(made, form)
    return made.getvalue()
