"""Terms in a text: found in any word form and explained in place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from gemba.kernel.words import normalise
from gemba.regulations.models import Edition
from gemba.regulations.pack.projects import Term
from gemba.regulations.queries import pack_of

LETTERS = re.compile(r"[\w-]+")
LONGEST_TERM_WORDS = 10


@dataclass(frozen=True)
class Found:
    """A piece of a text, and the term it is, if it is one."""

    text: str
    term: Term | None = None


@lru_cache(maxsize=64)
def _index(edition_id: int, fingerprint: str, terms: tuple[tuple[str, int], ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for words, number in terms:
        found.setdefault(words, number)
    return found


def _terms(edition: Edition) -> tuple[dict[str, int], dict[int, Term]]:
    glossary = pack_of(edition).glossary
    by_number = {term.number: term for term in glossary}
    named = [
        (normalise(name), term.number)
        for term in glossary
        for name in (re.sub(r"\s*\(.*?\)", "", term.term), term.term, *term.also)
    ]
    return _index(edition.pk, edition.fingerprint, tuple(named)), by_number


def define(edition: Edition, name: str) -> Term | None:
    """Return the term with this name in any word form, or None."""
    index, by_number = _terms(edition)
    number = index.get(normalise(name))
    return by_number[number] if number else None


def explained(edition: Edition, text: str) -> list[Found]:
    """Split a text into pieces; each term is marked where it first occurs, the longest term wins."""
    index, by_number = _terms(edition)
    if not index or not text:
        return [Found(text)]
    words = list(LETTERS.finditer(text))
    stems = [normalise(word.group()) for word in words]
    pieces: list[Found] = []
    seen: set[int] = set()
    at, i = 0, 0
    while i < len(words):
        number, length = _longest(index, stems, i)
        if number and number not in seen:
            start, end = words[i].start(), words[i + length - 1].end()
            if start > at:
                pieces.append(Found(text[at:start]))
            pieces.append(Found(text[start:end], by_number[number]))
            seen.add(number)
            at = end
        i += max(length, 1)
    if at < len(text):
        pieces.append(Found(text[at:]))
    return pieces


def _longest(index: dict[str, int], stems: list[str], start: int) -> tuple[int | None, int]:
    for length in range(min(LONGEST_TERM_WORDS, len(stems) - start), 0, -1):
        number = index.get(" ".join(stems[start : start + length]))
        if number:
            return number, length
    return None, 0
