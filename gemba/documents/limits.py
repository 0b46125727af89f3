"""What may be attached and how large: settings DOCUMENTS_KINDS, DOCUMENTS_MEGABYTES, DOCUMENTS_KEEP_REMOVED_DAYS."""

from django.conf import settings

from gemba.ui.uploads import DOCUMENTS, PICTURES

MEGABYTES = 20
KINDS = (*DOCUMENTS, *PICTURES, "text", "zip")
KEEP_REMOVED_DAYS = 30


def limits() -> tuple[tuple[str, ...], int]:
    """Return the kinds of files that may be attached and their size in megabytes."""
    return (
        tuple(getattr(settings, "DOCUMENTS_KINDS", KINDS)),
        int(getattr(settings, "DOCUMENTS_MEGABYTES", MEGABYTES)),
    )


def keep_removed_days() -> int:
    """Return how long the content of a removed file is kept."""
    return int(getattr(settings, "DOCUMENTS_KEEP_REMOVED_DAYS", KEEP_REMOVED_DAYS))
