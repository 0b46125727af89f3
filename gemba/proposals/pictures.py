"""Photos: whatever was sent is drawn anew, so nothing but the picture is left; broken ones are refused."""

import io
import secrets
import warnings
from dataclasses import dataclass
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps, UnidentifiedImageError

from gemba.ui.uploads import MAX_POINTS, PICTURES, check

MEGABYTES = 30
SIDE = 1600
PREVIEW = 480


@dataclass(frozen=True)
class Picture:
    """A photo ready to be kept: JPEG without anything the camera wrote beside."""

    data: bytes
    preview: bytes
    width: int
    height: int


def read(file: UploadedFile[Any]) -> Picture:
    """Draw the photo anew, upright and not larger than needed.

    :raises ValidationError: in Russian, when it is no photo, is broken or too large.
    """
    check(file, kinds=PICTURES, megabytes=MEGABYTES)
    file.seek(0)
    return redraw(file)


def redraw(stream: IO[bytes]) -> Picture:
    """Draw a picture anew from its content.

    :raises ValidationError: in Russian, when it is broken or unpacks beyond measure.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(stream) as source:
                if source.width * source.height > MAX_POINTS:
                    raise ValidationError("Снимок слишком большой. Уменьшите его и приложите ещё раз.")
                # A JPEG is read at once in the smaller size: a large photo costs little memory.
                source.draft("RGB", (SIDE * 2, SIDE * 2))
                upright = ImageOps.exif_transpose(source) or source
                if upright.mode in ("RGBA", "LA", "P", "PA"):
                    coloured = upright.convert("RGBA")
                    sheet = Image.new("RGB", coloured.size, "white")
                    sheet.paste(coloured, mask=coloured.getchannel("A"))
                else:
                    sheet = upright.convert("RGB")
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        MemoryError,
        Image.DecompressionBombError,
    ):
        raise ValidationError(
            "Снимок повреждён. Откройте его, сохраните заново и выберите ещё раз."
        ) from None
    sheet.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    small = sheet.copy()
    small.thumbnail((PREVIEW, PREVIEW), Image.Resampling.LANCZOS)
    return Picture(_jpeg(sheet, 82), _jpeg(small, 76), sheet.width, sheet.height)


def keep(picture: Picture, *, municipality_id: int) -> tuple[str, str]:
    """Write the photo and its preview under names nobody can guess; return the names."""
    name = f"proposals/{municipality_id}/{secrets.token_urlsafe(16)}"
    return (
        default_storage.save(f"{name}.jpg", ContentFile(picture.data)),
        default_storage.save(f"{name}-s.jpg", ContentFile(picture.preview)),
    )


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()
