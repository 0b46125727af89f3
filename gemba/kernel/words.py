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
_VOWELS = "аеиоуыэюя"
# A consonant of the root, perhaps «о», «е» or a soft sign, the consonant of a suffix.
_FLEETING = re.compile(r"(?P<root>[а-я]+[бвгджзклмнпрстфхцчшщ])[оеь]?(?P<last>[кцлнр])")
_FIGHTER = re.compile(r"(?P<root>[а-я]+[аеиоуыэюя])[ей](?P<last>ц)")
# A stemmer object is not safe to share between threads.
_local = threading.local()


def normalise(text: str) -> str:
    """Return the stems of the words of a text: case-folded, ё→е, separated by single spaces.

    The same function serves the index and the question; only letters and digits are left.
    """
    plain = unicodedata.normalize("NFC", text).casefold().replace("ё", "е")
    return " ".join(_stem(word[:LONGEST_WORD]) for word in _WORD.findall(plain))


def twins(stem: str) -> tuple[str, ...]:
    """Return the stem and what it may be with a vowel that comes and goes: «щиток» and «щитк», «палец» and «пальц».

    The question is asked with all of them; what is not a word finds nothing.
    """
    parts = _fleeting(stem)
    if parts is None:
        return (stem,)
    root, last, between = parts
    found = (f"{root}{one}{last}" for one in between)
    return (stem, *(one for one in found if one != stem))


def bare(stem: str) -> str:
    """Return what all forms share where a vowel comes and goes: «щитк» of «щиток» and of «щитки»."""
    parts = _fleeting(stem)
    return f"{parts[0]}{parts[1]}" if parts else stem


def _fleeting(stem: str) -> tuple[str, str, tuple[str, ...]] | None:
    if found := _FIGHTER.fullmatch(stem):
        return found["root"], found["last"], ("е", "й")
    found = _FLEETING.fullmatch(stem)
    # A root without a vowel is a short word, whose own vowel stays: «стол», «кран».
    if found is None or not any(letter in _VOWELS for letter in found["root"]):
        return None
    return found["root"], found["last"], ("", "о", "е", "ь")


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
