"""Where the contents of files lie: in a folder or in an object storage, by the setting STORAGES["documents"]."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.core.files.storage import Storage, default_storage, storages

ROOT = "documents"


def storage() -> Storage:
    """Return the storage of documents; without one of their own they lie with all other files."""
    return storages["documents"] if "documents" in settings.STORAGES else default_storage


def name_of(*, municipality_id: int, sha256: str) -> str:
    """Return the name of a content: found by its hash, in folders that stay small."""
    return f"{ROOT}/{municipality_id}/{sha256[:2]}/{sha256}"


def names_before(before: datetime) -> Iterator[str]:
    """Yield the names of everything written before the moment."""
    place = storage()
    waiting = [ROOT]
    while waiting:
        folder = waiting.pop()
        try:
            folders, files = place.listdir(folder)
        except FileNotFoundError:
            continue
        waiting += [f"{folder}/{name}" for name in folders if name]
        for file in files:
            name = f"{folder}/{file}"
            if place.get_modified_time(name) < before:
                yield name
