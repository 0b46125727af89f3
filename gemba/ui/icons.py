"""Icons of the product's one sprite, and addresses of static files."""

import re
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles.storage import staticfiles_storage
from markupsafe import Markup


def static(path: str) -> str:
    """Give the address of a static file."""
    return staticfiles_storage.url(path)


@lru_cache(maxsize=2048)
def icon(name: str, label: str | None = None, css: str = "") -> Markup:
    """Draw an icon of the sprite; without a label it is decoration, hidden from screen readers.

    :raises ValueError: when the sprite has no such icon: it would be drawn as nothing and nobody would notice.
    """
    if name not in _drawn():
        raise ValueError(f"no icon {name!r} in the sprite: choose another or add it in gemba/ui/vendor.py")
    meaning = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon{}" {}><use href="{}#{}"></use></svg>').format(
        f" {css}" if css else "", meaning, static("ui/icons.svg"), name
    )


@lru_cache(maxsize=1)
def _drawn() -> frozenset[str]:
    sprite = Path(__file__).parent / "static" / "ui" / "icons.svg"
    return frozenset(re.findall(r'symbol id="([\w-]+)"', sprite.read_text()))
