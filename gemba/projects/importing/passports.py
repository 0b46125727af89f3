"""A passport in the form of приложение № 1, filled in Word, becomes the passport of a draft."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from gemba.kernel.numbers import parse_number
from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.models import Municipality
from gemba.organisation.rules import name_key
from gemba.projects.importing.found import Found, PlaceProblem, Register, days_in
from gemba.projects.importing.words import Words, bare, read
from gemba.projects.models import Project
from gemba.projects.queries.settings import Acts
from gemba.projects.rules.passport import GoalLine, MemberLine, Passport
from gemba.projects.rules.stages import Days

_PROJECT = r"(?:\S+\s+)?проекта"
LABELS = {
    "customer": re.compile(r"^заказчик\s*:", re.IGNORECASE),
    "process": re.compile(r"^процесс\s*:", re.IGNORECASE),
    "bounds": re.compile(r"^границы(?:\s+процесса)?\s*:", re.IGNORECASE),
    "leader": re.compile(rf"^руководитель\s+{_PROJECT}\s*:", re.IGNORECASE),
    "team": re.compile(rf"^команда\s+{_PROJECT}\s*:", re.IGNORECASE),
    "effects": re.compile(r"^эффекты\s*:", re.IGNORECASE),
}
SECTIONS = {
    "general": re.compile(r"^(?:\d\.?\s*)?общие данные\s*:?$", re.IGNORECASE),
    "reason": re.compile(r"^(?:\d\.?\s*)?обоснование\s*:?$", re.IGNORECASE),
    "goals": re.compile(r"^(?:\d\.?\s*)?цели и эффекты\s*:?$", re.IGNORECASE),
    "dates": re.compile(r"^(?:\d\.?\s*)?сроки\s*:?$", re.IGNORECASE),
}
TITLES = {
    "customer": "Заказчик",
    "process": "Процесс",
    "bounds": "Границы процесса",
    "leader": "Руководитель проекта",
    "team": "Команда",
    "effects": "Эффекты",
}
_NUMBERED = re.compile(r"^(\d{1,2})\s*[.)]\s*(.*)$")
_AMOUNT = re.compile(r"[-−]?\d[\d\s\u00a0\u202f]*(?:[.,]\d+)?")
ENOUGH = 3


def read_passport(content: bytes, *, municipality: Municipality, acts: Acts) -> Found:
    """Read a passport; what cannot be understood is told with its place, and the rest is kept.

    :raises Refusal: when the file is not this form at all.
    """
    words = read(content)
    said, head = _divided(words)
    if sum(name in said for name in (*LABELS, *SECTIONS)) < ENOUGH:
        raise Refusal(
            Problem(
                "В файле не видно формы паспорта.",
                field="file",
                mend="Нужны слова приложения № 1: «Общие данные», «Заказчик», «Процесс», «Обоснование», «Сроки».",
            )
        )
    found = Found()
    passport = Passport()
    register = Register(municipality)
    _head(passport, head, register, found)
    _people(passport, said, register, found)
    passport.process = " ".join(said.get("process", []))[:1000]
    passport.start_event, passport.end_event = _bounds(" ".join(said.get("bounds", [])), found)
    passport.justifications = _numbered(said.get("reason", []))
    passport.effects = "\n".join(said.get("effects", []))[:5000]
    passport.goals = _goals(words.goals, found)
    _dates(passport, said.get("dates", []), acts, found)
    for value, place in (
        (passport.title, "Название проекта"),
        (passport.process, "Процесс"),
        (passport.justifications, "Обоснование"),
        (passport.goals, "Цели и эффекты"),
    ):
        if not value:
            found.problems.append(PlaceProblem(place, "Не заполнено или не найдено.", is_grave=False))
    same = Project.objects.filter(organisation_id=passport.organisation_id or 0).exclude(status="terminated")
    if passport.title and name_key(passport.title) in map(name_key, same.values_list("title", flat=True)):
        found.problems.append(
            PlaceProblem(
                "Название проекта",
                "Проект с таким названием у этой организации уже есть.",
                "Проверьте, не загружен ли он раньше.",
                False,
            )
        )
    found.rows = [{"passport": passport.as_json()}]
    return found


def _divided(words: Words) -> tuple[dict[str, list[str]], list[str]]:
    """Divide the lines by the labels of the form; the lines before the first of them are the head."""
    said: dict[str, list[str]] = {}
    head: list[str] = []
    place = ""
    for line in words.lines:
        text = bare(line)
        section = next((name for name, mark in SECTIONS.items() if mark.match(text)), "")
        label = next((name for name, mark in LABELS.items() if mark.match(text)), "")
        if section or label:
            place = section or label
            said.setdefault(place, [])
            text = LABELS[label].sub("", text).strip() if label else ""
        if not text:
            continue
        (said[place] if place else head).append(text)
    return said, head


def _head(passport: Passport, lines: list[str], register: Register, found: Found) -> None:
    """Read whose project it is and what it is called, by the captions under the lines."""
    waiting: list[str] = []
    named = {"organisation": "", "title": ""}
    for line in lines:
        low = line.casefold()
        if low.startswith(("(", "утверждаю")):
            key = "organisation" if "наименование" in low else "title" if "(название" in low else ""
            if key and not named[key]:
                named[key] = " ".join(waiting)
            waiting = []
            if low.startswith("утверждаю"):
                break
        elif not (low.startswith(("паспорт", "приложение", "к положению"))):
            waiting.append(line)
    title = named["title"].strip()
    passport.title = (title[1:-1] if title.startswith("«") and title.endswith("»") else title)[:300]
    if not named["organisation"]:
        found.problems.append(
            PlaceProblem("Организация", "Полное название не найдено.", "Выберите организацию сами.", False)
        )
        return
    known = register.place(named["organisation"])
    if isinstance(known, str):
        found.problems.append(PlaceProblem("Организация", known, "Выберите организацию сами.", False))
    else:
        passport.organisation_id, passport.organisation_name = known


def _people(passport: Passport, said: dict[str, list[str]], register: Register, found: Found) -> None:
    for name in ("customer", "leader"):
        text = " ".join(said.get(name, []))
        if not text:
            found.problems.append(PlaceProblem(TITLES[name], "Не заполнено.", is_grave=False))
            continue
        known = register.person(text)
        if isinstance(known, str):
            found.problems.append(
                PlaceProblem(TITLES[name], known, "Назовите его в черновике после загрузки.", False)
            )
        else:
            setattr(passport, f"{name}_id", known[0])
            setattr(passport, f"{name}_name", known[1])
    text = ", ".join(said.get("team", []))
    order = re.search(r"\(((?:приказ|распоряжение)[^)]*)\)", text, re.IGNORECASE)
    if order:
        passport.team_order, text = order[1][:300], text.replace(order[0], "")
    for part in filter(None, (one.strip(" .") for one in re.split(r"[,;]", text))):
        name, _, does = re.sub(r"\s+[—–-]\s+", "|", re.sub(r"\s*\(([^)]*)\)", r"|\1", part)).partition("|")
        known = register.person(name)
        if isinstance(known, str):
            found.problems.append(
                PlaceProblem("Команда", known, "Добавьте его в черновике после загрузки.", False)
            )
        elif known[0] not in [one.person_id for one in passport.team]:
            passport.team.append(MemberLine(known[0], known[1], does.strip()[:200]))


def _bounds(text: str, found: Found) -> tuple[str, str]:
    """Divide «заявление подано — справка выдана» into the two events."""
    text = re.sub(r"^(?:начало|от|с)\s*:\s*", "", text, flags=re.IGNORECASE)
    parts = re.split(
        r"\s+[—–-]\s+|;\s*|,?\s*(?:окончание|конец)\s*:\s*", text, maxsplit=1, flags=re.IGNORECASE
    )
    if text and len(parts) < 2:
        found.problems.append(
            PlaceProblem(
                "Границы процесса",
                "Не видно, где начало и где окончание.",
                "Напишите событие окончания в черновике.",
                False,
            )
        )
    return parts[0].strip()[:500], (parts[1].strip()[:500] if len(parts) > 1 else "")


def _numbered(lines: list[str]) -> list[str]:
    """Join the lines of a numbered list into its items."""
    found: list[str] = []
    for line in lines:
        match = _NUMBERED.match(line)
        if match:
            found.append(match[2])
        elif found:
            found[-1] = f"{found[-1]} {line}".strip()
        else:
            found.append(line)
    return [text for text in found if text]


def _goals(rows: list[list[str]], found: Found) -> list[GoalLine]:
    goals = []
    for number, row in enumerate(rows, start=1):
        title, before, after = (*row, "", "")[:3]
        title = bare(title)
        if not title:
            continue
        name, comma, unit = title.rpartition(",")
        goal = GoalLine(
            f"import-{number}", (name if comma else title).strip()[:300], unit.strip()[:60] if comma else ""
        )
        for field, text, word in (("baseline", before, "Текущий"), ("target", after, "Целевой")):
            amount = _AMOUNT.search(bare(text))
            if amount is None:
                found.problems.append(
                    PlaceProblem(
                        f"Цели, строка {number}",
                        f"{word} показатель «{bare(text)[:40]}» — не число.",
                        is_grave=False,
                    )
                )
                continue
            setattr(goal, field, f"{parse_number(amount[0]):f}")
            rest = bare(text)[amount.end() :].strip(" .")
            if rest and not goal.unit:
                goal.unit = rest[:60]
        before_value, after_value = goal.values
        if before_value is not None and after_value is not None:
            goal.better = "less" if after_value < before_value else "more"
        goal.kind = "time" if re.search(r"врем|минут|час|дн|срок", title, re.IGNORECASE) else "other"
        goals.append(goal)
    return goals


def _dates(passport: Passport, lines: list[str], acts: Acts, found: Found) -> None:
    days: list[Days] = []
    kinds = {kind.number: kind for kind in acts.stages}
    for text in _stage_lines(lines):
        match = _NUMBERED.match(text)
        kind = kinds.get(int(match[1])) if match else None
        if match is None or kind is None:
            continue
        place, named = f"Сроки, этап {kind.number}", days_in(match[2])
        wrong: list[Any] = [one for one in named if isinstance(one, str)]
        if wrong:
            found.problems.append(PlaceProblem(place, f"Такого дня нет: {wrong[0]}.", is_grave=False))
        good = [one for one in named if isinstance(one, date)]
        if wrong or not good:
            if not wrong:
                found.problems.append(PlaceProblem(place, "Срок не указан.", is_grave=False))
            continue
        first, last = good[0], good[-1]
        if last < first:
            found.problems.append(PlaceProblem(place, "Окончание раньше начала.", "Исправьте даты.", False))
        days.append(Days(kind.number, first if kind.is_period else last, last))
    passport.set_days(days)


def _stage_lines(lines: list[str]) -> list[str]:
    """Join what a narrow cell has broken: a line without a number goes on with the one above."""
    found: list[str] = []
    for line in lines:
        if _NUMBERED.match(line) and not re.match(r"^\d{1,2}\.\d{1,2}\.\d{2}", line):
            found.append(line)
        elif found:
            found[-1] = f"{found[-1]} {line}"
    return found
