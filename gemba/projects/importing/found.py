"""What an import found: values, what is wrong at which place of the file; people and places of the register."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gemba.kernel.numbers import MONTHS
from gemba.organisation.models import Municipality, Organisation, Person
from gemba.organisation.rules import name_key


@dataclass(frozen=True)
class PlaceProblem:
    """What is wrong at one place of a file; a grave one keeps the row out."""

    place: str
    text: str
    mend: str = ""
    is_grave: bool = True

    def as_json(self) -> list[Any]:
        """Return what the database keeps."""
        return [self.place, self.text, self.mend, self.is_grave]


@dataclass
class Found:
    """Rows that can be loaded, and every problem."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[PlaceProblem] = field(default_factory=list)


class Register:
    """People and organisations of a municipality by every spelling that files have; two statements in all."""

    def __init__(self, municipality: Municipality) -> None:
        self.people: dict[str, list[tuple[int, str]]] = {}
        for row in Person.objects.filter(municipality=municipality).defer("words"):
            initials = "".join(part[0] + "." for part in (row.given_name, row.patronymic) if part)
            for spelling in (
                row.full_name,
                row.code,
                f"{row.family_name} {row.given_name}",
                f"{row.family_name} {initials}",
                f"{initials} {row.family_name}",
            ):
                key = _person_key(spelling)
                if (row.pk, row.full_name) not in self.people.setdefault(key, []):
                    self.people[key].append((row.pk, row.full_name))
        self.places: dict[str, list[tuple[int, str]]] = {}
        for place in Organisation.objects.filter(municipality=municipality).defer("words"):
            for spelling in {place.code, place.name, place.short_name} - {""}:
                known = self.places.setdefault(name_key(spelling), [])
                if (place.pk, str(place)) not in known:
                    known.append((place.pk, str(place)))

    def person(self, text: str) -> tuple[int, str] | str:
        """Return the person a text names, or in words why nobody is meant."""
        words = [re.sub(r"\s+", " ", text).strip(" .,;_")]
        # «Громов В. А., заместитель главы»: the post follows the name.
        words += [part.strip() for part in re.split(r"[,(—–]| - ", words[0])[:1]]
        for spelling in words:
            found = self.people.get(_person_key(spelling), [])
            if len(found) == 1:
                return found[0]
            if found:
                return f"«{spelling[:60]}»: таких сотрудников несколько."
        return f"«{words[-1][:60]}» нет среди сотрудников."

    def place(self, text: str) -> tuple[int, str] | str:
        """Return the organisation a text names, or in words why none is meant."""
        found = self.places.get(name_key(text.strip(" .,;_")), [])
        if len(found) == 1:
            return found[0]
        if found:
            return f"«{text[:60]}»: таких организаций несколько."
        return f"«{text[:60]}» нет в реестре организаций."


def _person_key(text: str) -> str:
    return re.sub(r"[\s.]+", "", name_key(text))


_WORDS = {word.casefold(): number for number, word in enumerate(MONTHS, start=1)}
_DAY = re.compile(
    r"[«\"“]?\s*(?P<day>\d{1,2})\s*[»\"”]?\s*[.\s]\s*(?P<month>\d{1,2}|[а-яё]{3,9})\s*[.\s]\s*(?P<year>\d{4}|\d{2}(?!\d))",
    re.IGNORECASE,
)


def days_in(text: str) -> list[date | str]:
    """Return the days a text names in their order; one that does not exist stays as its words."""
    found: list[date | str] = []
    for match in _DAY.finditer(text):
        month = match["month"].casefold()
        number = int(month) if month.isdigit() else _WORDS.get(month, 0)
        year = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
        try:
            found.append(date(year, number, int(match["day"])))
        except ValueError:
            found.append(match[0].strip())
    return found
