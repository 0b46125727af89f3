"""What makes a register right: names, ИНН, days, codes. Pure functions that answer with problems."""

import re
from datetime import date

from gemba.kernel.numbers import format_date
from gemba.kernel.problems import Problem

EARLIEST = date(1900, 1, 1)
LATEST = date(2100, 12, 31)
MOST_PEOPLE = 100_000
DEEPEST = 9

_INN_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_11 = (7, *_INN_10)
_INN_12 = (3, *_INN_11)
_CODE = re.compile(r"[\w./-]+")
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{2,59}")
_PHONE = re.compile(r"[\d+()\-\s,;доб.]{5,40}")


def name_key(name: str) -> str:
    """Make the form in which two spellings of one name are equal: no case, no ё, plain quotes."""
    plain = name.casefold().replace("ё", "е")
    for quote in "«»„“”\"'’":
        plain = plain.replace(quote, '"')
    return " ".join(plain.split())


def tidy(text: str) -> str:
    """Take away spaces around and doubled, and characters that cannot be seen."""
    seen = "".join(char if char.isprintable() or char.isspace() else "" for char in text)
    return " ".join(seen.split())


def name_problems(name: str, *, field: str = "name", longest: int = 500) -> list[Problem]:
    """Check that a name is there, has a letter and is not too long."""
    if not name:
        return [Problem("Не указано название.", field=field, mend="Введите название.")]
    if not any(char.isalpha() for char in name):
        return [
            Problem(f"В названии «{name}» нет ни одной буквы.", field=field, mend="Введите название словами.")
        ]
    if len(name) > longest:
        return [Problem(f"Название длиннее {longest} знаков.", field=field, mend="Сократите его.")]
    return []


def code_problems(code: str) -> list[Problem]:
    """Check an external code: letters, digits, dot, slash and dash."""
    if not _CODE.fullmatch(code) or len(code) > 40:
        return [
            Problem(
                f"Код «{code}» не подходит.",
                field="code",
                mend="Используйте буквы, цифры, точку, дефис и косую черту, не больше 40 знаков.",
            )
        ]
    return []


def inn_problems(inn: str) -> list[Problem]:
    """Check ИНН: ten digits of a legal entity or twelve of a person, with their check digits; empty is allowed."""
    if not inn:
        return []
    if not inn.isascii() or not inn.isdigit() or len(inn) not in (10, 12):
        return [
            Problem(f"ИНН «{inn}» — не 10 и не 12 цифр.", field="inn", mend="Проверьте ИНН по документам.")
        ]
    digits = [int(char) for char in inn]

    def check(weights: tuple[int, ...]) -> int:
        return sum(weight * digit for weight, digit in zip(weights, digits, strict=False)) % 11 % 10

    right = (
        check(_INN_10) == digits[9]
        if len(digits) == 10
        else check(_INN_11) == digits[10] and check(_INN_12) == digits[11]
    )
    if right:
        return []
    return [
        Problem(
            f"В ИНН {inn} ошибка: не сходится контрольная цифра.",
            field="inn",
            mend="Проверьте ИНН по документам.",
        )
    ]


def span_problems(starts_on: date | None, ends_on: date | None, *, field: str = "ends_on") -> list[Problem]:
    """Check that days go forward and stand within sensible years."""
    for day in (starts_on, ends_on):
        if day is not None and not EARLIEST <= day <= LATEST:
            return [
                Problem(f"Дата {format_date(day)} не похожа на правду.", field=field, mend="Проверьте год.")
            ]
    if starts_on and ends_on and ends_on < starts_on:
        return [
            Problem(
                f"Последний день {format_date(ends_on)} раньше первого {format_date(starts_on)}.",
                field=field,
                mend="Поменяйте даты местами или исправьте одну из них.",
            )
        ]
    return []


def people_problems(people: int) -> list[Problem]:
    """Check a headcount."""
    if not 0 <= people <= MOST_PEOPLE:
        return [
            Problem(f"Численность {people} не похожа на правду.", field="people", mend="Проверьте число.")
        ]
    return []


def login_problems(login: str) -> list[Problem]:
    """Check a login: Latin letters, digits and a few signs."""
    if _LOGIN.fullmatch(login):
        return []
    return [
        Problem(
            f"Имя для входа «{login}» не подходит.",
            field="login",
            mend="Используйте латинские буквы, цифры, точку, дефис, подчёркивание и @; от 3 до 60 знаков.",
        )
    ]


def phone_problems(phone: str) -> list[Problem]:
    """Check that a phone consists of what phones consist of; empty is allowed."""
    if not phone or (_PHONE.fullmatch(phone) and any(char.isdigit() for char in phone)):
        return []
    return [
        Problem(
            f"«{phone}» не похоже на телефон.",
            field="phone",
            mend="Введите цифры, например +7 384 000-00-00.",
        )
    ]


def heir_of(organisation_id: int, successors: dict[int, int | None], living: frozenset[int]) -> int | None:
    """Follow successors until one that lives; a ring or a dead end gives nobody (indicators, 5.1)."""
    seen: set[int] = set()
    at: int | None = organisation_id
    while at is not None and at not in seen:
        if at in living:
            return at
        seen.add(at)
        at = successors.get(at)
    return None
