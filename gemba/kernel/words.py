"""Russian word forms reduced to stems, so that one search finds them all on any database."""

import re
import threading
import unicodedata

import Stemmer

# Longer runs of characters are keys or damage, not words; PostgreSQL refuses lexemes above 2 KB.
LONGEST_WORD = 60

_WORD = re.compile(r"[^\W_]+")
# A stemmer object is not safe to share between threads.
_local = threading.local()


def normalise(text: str) -> str:
    """Return the stems of the words of a text: case-folded, ё→е, separated by single spaces.

    The same function serves the index and the question; only letters and digits are left.
    """
    plain = unicodedata.normalize("NFC", text).casefold().replace("ё", "е")
    words = [word[:LONGEST_WORD] for word in _WORD.findall(plain)]
    return " ".join(_stemmer().stemWords(words))


def _stemmer() -> "Stemmer.Stemmer":
    stemmer: Stemmer.Stemmer | None = getattr(_local, "stemmer", None)
    if stemmer is None:
        stemmer = _local.stemmer = Stemmer.Stemmer("russian")
    return stemmer
