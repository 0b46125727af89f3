"""Files that show evidence: checked by content, stored under a name nobody can guess, never run in a page."""

import secrets
from datetime import datetime
from typing import IO, Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import get_valid_filename

from gemba.documents.files import storage
from gemba.documents.paper import first_page_of
from gemba.projects.models import Evidence
from gemba.ui.uploads import DOCUMENTS, MEDIA_TYPES, PICTURES, check

KINDS = (*DOCUMENTS, *PICTURES)


def store(file: "UploadedFile[Any]", *, at: datetime) -> tuple[str, str, str]:
    """Store a file; return where it stands, its name for people and its kind.

    :raises ValidationError: in Russian, when the file is too large, broken or of another kind.
    """
    kind = check(file, kinds=KINDS)
    name = (file.name or "файл").replace("\\", "/").rpartition("/")[2][-180:]
    ending = get_valid_filename(name.rpartition(".")[2] or kind)[:10]
    place = storage().save(f"projects/{at:%Y/%m}/{secrets.token_hex(16)}.{ending}", file)
    return place, name, kind


def discard(place: str) -> None:
    """Delete a stored file whose record was not written."""
    storage().delete(place)


def open_stored(row: Evidence) -> IO[bytes]:
    """Open a stored file.

    :raises FileNotFoundError: when it is not on the disk.
    """
    name, place = row.file.name or "", storage()
    if place is not default_storage and not place.exists(name):
        # Attached before the municipality moved to an object storage.
        place = default_storage
    stream: Any = place.open(name)
    return stream  # type: ignore[no-any-return]


def media_type(row: Evidence) -> str:
    """Return the media type by the content the file had when it came."""
    return MEDIA_TYPES.get(row.kind, "application/octet-stream")


def read_picture(row: Evidence) -> bytes:
    """Return a file that is a picture, or the first page of a PDF; nothing of another kind or of one that is lost."""
    if row.kind not in (*PICTURES, "pdf"):
        return b""
    try:
        return _page(row) if row.kind == "pdf" else _read(row)
    except OSError:
        return b""


def _read(row: Evidence) -> bytes:
    with open_stored(row) as stream:
        return stream.read()


# What lies under one name never changes: a drawn page serves every paper of the day.
_pages: dict[str, bytes] = {}
_MOST_PAGES = 16


def _page(row: Evidence) -> bytes:
    name = row.file.name or ""
    drawn = _pages.get(name)
    if drawn is None:
        drawn = first_page_of(_read(row))
        if len(_pages) >= _MOST_PAGES:
            _pages.clear()
        _pages[name] = drawn
    return drawn
