"""Numbers of documents: what a person wrote compared as people compare, and the next one of a series."""

import re

_SPACES = re.compile(r"\s+")
_OUTSIDE = re.compile(r"^№\s*")


def clean(number: str) -> str:
    """Return a number as it will stand on the document: «№ 17 - п» is «17 - п»."""
    return _OUTSIDE.sub("", _SPACES.sub(" ", number).strip())


def key(number: str) -> str:
    """Return what makes two written numbers the same: no case, no spaces, one kind of dash, Latin and Russian alike."""
    alike = str.maketrans("abcehkmoptxy", "авсенкмортху")
    return re.sub(r"[‐‑–—−]", "-", _SPACES.sub("", clean(number)).casefold()).translate(alike)
