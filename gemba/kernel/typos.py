"""A word written with a mistake, and the one that was meant: among the words that are really in the texts."""

import re
from collections import Counter, defaultdict

from gemba.kernel.words import normalise, twins

SHORTEST = 3
# From this length of a stem two mistakes in it are forgiven.
LONG = 6

_WORD = re.compile(r"[^\W\d_]+")
_ENDINGS = "аеиоуыьэюя"
_KEYS = dict(zip("qwertyuiop[]asdfghjkl;'zxcvbnm,.`", "йцукенгшщзхъфывапролджэячсмитьбюё", strict=True))


class Lexicon:
    """The stems of texts, each with the form in which people write it most."""

    def __init__(self) -> None:
        self._forms: dict[str, Counter[str]] = {}
        self._by_trigram: dict[str, list[str]] = defaultdict(list)
        self._stems: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._forms)

    def add(self, text: str) -> None:
        """Take in the words of a text."""
        for word in _WORD.findall(text.casefold().replace("ё", "е")):
            stem = self._stems.get(word)
            if stem is None:
                stem = self._stems[word] = normalise(word)
            if len(stem) < SHORTEST:
                continue
            forms = self._forms.get(stem)
            if forms is None:
                forms = self._forms[stem] = Counter()
                for part in _trigrams(stem):
                    self._by_trigram[part].append(stem)
            forms[word] += 1

    def mend(self, words: str) -> str:
        """Return the words as they were meant; nothing when they are known already, or no known word is near.

        A word typed with the Latin layout is read as the same keys with the Russian one.
        """
        asked = words.casefold().replace("ё", "е").split()
        mended = [self._mend_word(word, is_last=word is asked[-1]) for word in asked]
        return " ".join(mended) if all(mended) and mended != asked else ""

    def _mend_word(self, word: str, *, is_last: bool) -> str:
        if any(char.isdigit() for char in word) or self._knows(word, is_last=is_last):
            return word
        russian = "".join(_KEYS.get(char, char) for char in word)
        if russian != word and self._knows(russian, is_last=is_last):
            return russian
        for one in dict.fromkeys((russian, word)):
            # «лмпа» has lost the vowel by which the stemmer finds its ending.
            for stem in dict.fromkeys((normalise(one), one.rstrip(_ENDINGS))):
                if found := self._nearest(one, stem):
                    return found
        return ""

    def _knows(self, word: str, *, is_last: bool) -> bool:
        stem = normalise(word)
        if not stem or len(stem) < SHORTEST or any(one in self._forms for one in twins(stem)):
            return True
        # The last word may be unfinished.
        return is_last and any(known.startswith(stem) for known in self._by_trigram.get(f"  {stem[0]}", ()))

    def _nearest(self, word: str, stem: str) -> str:
        if " " in stem or len(stem) < SHORTEST:
            return ""
        most = 2 if len(stem) >= LONG else 1
        parts = _trigrams(stem)
        shared = Counter(known for part in parts for known in self._by_trigram.get(part, ()))
        # One mistake touches three of the trigrams, two neighbours in the wrong order four.
        near = []
        for known, count in shared.items():
            if count < len(parts) - 4 * most or abs(len(known) - len(stem)) > most:
                continue
            far = distance(stem, known, most)
            # Of two mistakes none is in the first letter.
            if far <= (most if known[0] == stem[0] else 1):
                near.append((far, known[0] != stem[0], -self._forms[known].total(), known))
        if not near:
            return ""
        forms = self._forms[min(near)[-1]]
        return min(forms, key=lambda form: (distance(word, form, 6), -forms[form], form))


def _trigrams(stem: str) -> set[str]:
    padded = f"  {stem} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def distance(first: str, second: str, most: int) -> int:
    """Count the letters put in, left out, replaced or swapped with the next one; beyond `most` just more than it."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, one in enumerate(first, 1):
        older, before, row = before, row, [i]
        for j, other in enumerate(second, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (one != other))
            if i > 1 and j > 1 and one == second[j - 2] and first[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most and min(before) > most:
            return most + 1
    return min(row[-1], most + 1)
