"""Pydantic's findings in Russian, each with its mend."""

from __future__ import annotations

import difflib
import re
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

MENDS: dict[str, tuple[str, str]] = {
    "string_type": ("ожидается текст", "запишите одну строку текста"),
    "string_too_short": ("текст пуст", "заполните поле или уберите его"),
    "int_parsing": ("ожидается целое число", "запишите число без единицы измерения"),
    "int_from_float": ("ожидается целое число", "запишите число без дробной части"),
    "decimal_parsing": ("ожидается число", "запишите число: 0,3 или 0.3"),
    "decimal_type": ("ожидается число", "запишите число: 0,3 или 0.3"),
    "bool_parsing": ("ожидается true или false", "запишите true или false"),
    "bool_type": ("ожидается true или false", "запишите true или false"),
    "date_from_datetime_parsing": ("это не дата", "запишите дату: 2022-12-01 или 01.12.2022"),
    "date_parsing": ("это не дата", "запишите дату: 2022-12-01 или 01.12.2022"),
    "date_type": ("ожидается дата", "запишите дату: 2022-12-01 или 01.12.2022"),
    "date_from_datetime_inexact": ("ожидается дата без времени", "запишите дату: 2022-12-01"),
    "list_type": ("ожидается список", "начните каждую строку списка с «- »"),
    "dict_type": ("ожидаются вложенные поля", "запишите поля строками ниже с отступом"),
    "model_type": ("ожидаются вложенные поля", "запишите поля строками ниже с отступом"),
    "model_attributes_type": ("ожидаются вложенные поля", "запишите поля строками ниже с отступом"),
    "too_short": ("список пуст", "добавьте хотя бы одну строку"),
}


# Words people write for keys that are called otherwise.
OTHER_WORDS = {
    "terms": "glossary",
    "title_short": "short_title",
    "members": "seats",
    "composition": "seats",
    "measures": "plan",
    "act_date": "date",
    "effective_from": "effective_on",
    "scoring": "procedures",
    "definitions": "glossary",
}


def explain(detail: ErrorDetails, data: Any, root: type[BaseModel]) -> tuple[tuple[str | int, ...], str, str]:
    """Return place, what is wrong and how to mend it for one finding of pydantic."""
    place = _real_place(detail["loc"], data)
    kind = detail["type"]
    context: dict[str, Any] = detail.get("ctx") or {}
    given = detail.get("input")
    if kind == "missing":
        return place, f"не указано поле «{place[-1]}»", _mend_missing(str(place[-1]))
    if kind == "extra_forbidden":
        if re.search(r"[\s,;]", str(place[-1])):
            return (
                place[:-1],
                f"текст разорван на «{str(place[-1])[:40]}»",
                "возможно, внутри { } стоит запятая или двоеточие: возьмите весь текст в кавычки",
            )
        if place[-1] in OTHER_WORDS:
            return (
                place,
                f"неизвестное поле «{place[-1]}»",
                f"это поле называется «{OTHER_WORDS[str(place[-1])]}»",
            )
        near = difflib.get_close_matches(str(place[-1]), _known_keys(root), n=1, cutoff=0.7)
        hint = (
            f"возможно, имелось в виду «{near[0]}»"
            if near
            else "уберите поле или проверьте имя по regulations/README.md"
        )
        return place, f"неизвестное поле «{place[-1]}»", hint
    if kind in {"literal_error", "enum"}:
        return place, f"значение «{given}» не из списка", f"допустимо: {_expected(context)}"
    if kind in {"union_tag_invalid", "union_tag_not_found"}:
        tags = str(context.get("expected_tags", "")).replace("'", "")
        return (
            (*place, "kind"),
            "вид правила (kind) не указан или неизвестен",
            f"допустимо: {tags}" if tags else "укажите kind",
        )
    if kind == "string_pattern_mismatch":
        return place, f"запись «{given}» не по образцу", _mend_pattern(str(context.get("pattern", "")))
    if kind in {"greater_than_equal", "less_than_equal", "greater_than", "less_than"}:
        bounds = ", ".join(f"{_bound(name)} {value}" for name, value in context.items())
        return place, f"число {given} вне границ", f"запишите число {bounds}"
    if kind == "value_error":
        return place, str(context.get("error", detail["msg"])), ""
    wrong, mend = MENDS.get(
        kind, (f"неверное значение ({detail['msg']})", "сверьтесь с regulations/README.md")
    )
    shown = f" (написано «{str(given)[:60]}»)" if isinstance(given, str | int | float) else ""
    return place, wrong + shown, mend


def _real_place(location: tuple[str | int, ...], data: Any) -> tuple[str | int, ...]:
    """Leave out the steps pydantic adds for a union's branch, which are not keys of the file."""
    place: list[str | int] = []
    here = data
    for number, step in enumerate(location):
        last = number == len(location) - 1
        if isinstance(here, dict) and step not in here and not last:
            key = str(step)
            if key in here:
                step = key
            else:
                continue
        place.append(step)
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            here = None
    return tuple(place)


def _known_keys(root: type[BaseModel]) -> list[str]:
    seen: set[type[BaseModel]] = set()
    keys: set[str] = set()

    def walk(kind: Any) -> None:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            if kind in seen:
                return
            seen.add(kind)
            for name, field in kind.model_fields.items():
                keys.add(name)
                walk(field.annotation)
        for inner in get_args(kind):
            walk(inner)

    walk(root)
    return sorted(keys)


def _mend_missing(name: str) -> str:
    if name == "unit":
        return "укажите единицу измерения, как в акте; если её нет, напишите `unit: null`"
    if name == "clause":
        return "укажите пункт: код документа и номер, например `clause: polozhenie 6.2`"
    if name == "as_written":
        return "перепишите клетку плана слово в слово"
    return f"добавьте строку `{name}: …`"


def _mend_pattern(pattern: str) -> str:
    if pattern.startswith("^(plan|"):
        return "plan, glossary, passport, report_form, composition:КОД_ОРГАНА или procedure:КОД_ПОРЯДКА"
    if pattern.startswith("^[a-z][a-z0-9-]*( "):
        return "пункт пишется так: код документа латиницей, пробел, номер — `polozhenie 6.2`"
    if "a-z" in pattern:
        return "латинские строчные буквы, цифры, дефис и подчёркивание, без пробелов"
    return "без пробелов"


def _expected(context: dict[str, Any]) -> str:
    return str(context.get("expected", "")).replace("'", "").replace(" or ", " или ")


def _bound(name: str) -> str:
    return {"ge": "не меньше", "le": "не больше", "gt": "больше", "lt": "меньше"}.get(name, name)


# What the YAML parser says, in words for a person who does not write programs.
YAML_WORDS = {
    "mapping values are not allowed": "лишнее двоеточие: возьмите текст с «: » в кавычки",
    "could not find expected ':'": "не хватает двоеточия после имени поля",
    "did not find expected": "сбит отступ или не закрыта скобка",
    "expected <block end>": "сбит отступ",
    "expected ',' or": "не закрыта скобка { } или [ ]",
    "found character '\\t'": "табуляция вместо пробелов",
    "found unexpected end of stream": "не закрыта кавычка",
    "cannot start any token": "строка начинается со знака, который нужно взять в кавычки",
    "special characters are not allowed": "в файле непечатаемые знаки",
}


def yaml_words(problem: str) -> str:
    """Say a problem of the YAML parser in Russian."""
    return next((words for english, words in YAML_WORDS.items() if english in problem), "ошибка записи")
