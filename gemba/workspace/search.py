"""One search over everything: modules enter sources, each answers quickly and only with what the person may see."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from gemba.organisation.access import Actor

log = logging.getLogger("gemba.workspace")

# A source slower than this is named in the log: the search answers while the person types.
SLOW_SECONDS = 0.1

More = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: its name, what it is, where it stands."""

    title: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where to look: `find(actor, words, limit)` returns at most `limit` hits, the best first.

    `words` is what was typed, trimmed; `gemba.search.queries.matching` reads it. `more` gives the address of the page
    with all that this source finds for the words, or nothing. `meant` reads words that found nothing and returns those
    that were meant and do find something for this actor, or nothing.
    """

    code: str
    title: str
    find: Callable[[Actor, str, int], list[Hit]]
    icon: str = "search"
    order: int = 50
    more: More | None = None
    meant: Callable[[Actor, str], str] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """What one source found; `is_more` when it has more than is shown, `has_failed` when it could not answer."""

    code: str
    title: str
    icon: str
    hits: list[Hit]
    more_url: str = ""
    is_more: bool = False
    has_failed: bool = False


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Enter a source.

    :raises ValueError: when another source has this code.
    """
    if _sources.setdefault(source.code, source).find != source.find:
        raise ValueError(f"the search already has a source {source.code!r}")


def sources() -> list[Source]:
    """Return the sources in their order."""
    return sorted(_sources.values(), key=lambda source: (source.order, source.code))


def found(actor: Actor, words: str, limit: int, code: str = "") -> list[Group]:
    """Ask every source, or the one of the code; those that found nothing are left out."""
    asked = [source for source in sources() if code in ("", source.code)]
    groups = (_asked(source, actor, words, limit) for source in asked)
    return [group for group in groups if group.hits or group.has_failed]


def meant(actor: Actor, words: str, code: str = "") -> str:
    """Return what was meant by words that found nothing anywhere, from the first source that knows."""
    for source in sources():
        if source.meant is not None and code in ("", source.code):
            try:
                if better := source.meant(actor, words):
                    return better
            except Exception:
                log.exception("search: the source %s failed", source.code)
    return ""


def _asked(source: Source, actor: Actor, words: str, limit: int) -> Group:
    begun = time.perf_counter()
    try:
        hits = source.find(actor, words, limit + 1)
    except Exception:
        log.exception("search: the source %s failed", source.code)
        return Group(source.code, source.title, source.icon, [], has_failed=True)
    spent = time.perf_counter() - begun
    if spent > SLOW_SECONDS:
        log.warning("search: the source %s took %d ms", source.code, spent * 1000)
    more = source.more(words) if source.more else ""
    return Group(source.code, source.title, source.icon, hits[:limit], more, is_more=len(hits) > limit)
