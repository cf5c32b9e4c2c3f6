"""Small pictures for the cells of a workbook: a photo of a telephone would make it too heavy to send."""

import warnings
from pathlib import Path

from PIL import Image, ImageOps

LONGEST_SIDE = 480  # pixels: sharp on paper at the size of a cell
MOST_PIXELS = 100_000_000  # what is larger is no photo but a trap
QUALITY = 80


def shrink(source: Path, target: Path) -> tuple[int, int] | None:
    """Write the picture small, upright and without what it says of place and device; return its size in pixels.

    None where the file is no picture that can be shown.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(source, formats=("JPEG", "PNG", "GIF", "WEBP")) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    return None
                picture.draft("RGB", (LONGEST_SIDE * 2, LONGEST_SIDE * 2))
                upright = ImageOps.exif_transpose(picture)
                upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                plain = Image.new("RGB", upright.size, "white")
                shape = upright.convert("RGBA")
                plain.paste(shape, mask=shape)
                plain.save(target, "JPEG", quality=QUALITY)
                return plain.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
