"""Russian word forms reduced to stems, so that one search finds them all on any database."""

import re
import threading
import unicodedata

import Stemmer

# Longer runs of characters are keys or damage, not words; PostgreSQL refuses lexemes above 2 KB.
LONGEST_WORD = 60

_WORD = re.compile(r"[^\W_]+")
# «прием», «объем», «подъем», «проем»: the stemmer takes the root's own «ем» for the ending of a verb.
_NOUN_IN_EM = re.compile(r"(?:ъ|при|про|водо)ему?$")
# A stemmer object is not safe to share between threads.
_local = threading.local()


def normalise(text: str) -> str:
    """Return the stems of the words of a text: case-folded, ё→е, separated by single spaces.

    The same function serves the index and the question; only letters and digits are left.
    """
    plain = unicodedata.normalize("NFC", text).casefold().replace("ё", "е")
    return " ".join(_stem(word[:LONGEST_WORD]) for word in _WORD.findall(plain))


def _stem(word: str) -> str:
    if word.endswith(("ем", "ему")) and _NOUN_IN_EM.search(word, max(0, len(word) - 7)):
        return word.removesuffix("у")
    stem: str = _stemmer().stemWord(word)
    return stem


def _stemmer() -> "Stemmer.Stemmer":
    stemmer: Stemmer.Stemmer | None = getattr(_local, "stemmer", None)
    if stemmer is None:
        stemmer = _local.stemmer = Stemmer.Stemmer("russian")
    return stemmer
