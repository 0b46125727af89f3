"""The two spreadsheets: a list of projects as they stand, and the roadmap of one project."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from gemba.organisation.models import Municipality
from gemba.organisation.rules import name_key
from gemba.projects.importing.found import Found, Register
from gemba.projects.importing.tables import Row, read_rows
from gemba.projects.models import Project
from gemba.projects.queries.settings import Acts
from gemba.projects.rules.passport import GoalLine, MemberLine, Passport

# The first name whose words stand in a heading takes the column, so the narrower words come first.
PROJECT_WORDS: dict[str, tuple[str, ...]] = {
    "closed_on": ("дата закрыт", "закрыт"),
    "opened_on": ("дата открыт", "открыт", "начало проекта"),
    "stage": ("этап", "стадия"),
    "outcome": ("итог",),
    "customer": ("заказчик",),
    "leader": ("руководител",),
    "team": ("команда",),
    "start_event": ("начало процесса", "событие начала"),
    "end_event": ("окончание процесса", "событие окончания"),
    "why": ("обоснован",),
    "effects": ("эффект",),
    "final": ("стало", "достигнут", "фактич"),
    "baseline": ("было", "текущий показател", "сейчас"),
    "target": ("целевой показател", "план показател", "нужно"),
    "unit": ("единица", "ед. изм"),
    "goal": ("цель", "показатель"),
    "url": ("презентац",),
    "process": ("процесс",),
    "organisation": ("организац", "учрежден", "участник"),
    "title": ("назван", "наименован", "проект"),
}
PROJECT_TITLES = {
    "title": "Название проекта", "organisation": "Организация", "customer": "Заказчик", "leader": "Руководитель",
    "team": "Команда", "opened_on": "Дата открытия", "stage": "Текущий этап", "closed_on": "Дата закрытия",
    "outcome": "Итог", "process": "Процесс", "start_event": "Начало процесса", "end_event": "Окончание процесса",
    "why": "Обоснование", "goal": "Цель", "unit": "Единица", "baseline": "Было", "target": "Целевой показатель",
    "final": "Стало", "effects": "Эффекты", "url": "Презентация",
}  # fmt: skip
PROJECT_REQUIRED = ("title", "organisation")
OUTCOMES = {
    "": "success", "цели достигнуты": "success", "достигнуты": "success", "успешно": "success", "закрыт": "success",
    "цели достигнуты частично": "partial", "частично": "partial", "прекращен": "terminated",
}  # fmt: skip

MEASURE_WORDS: dict[str, tuple[str, ...]] = {
    "root_cause": ("причин",),
    "problem": ("проблем",),
    "responsible": ("ответствен", "исполнител"),
    "starts_on": ("начало", "дата начала"),
    "due_on": ("срок", "окончание", "дата"),
    "expected": ("результат", "показател"),
    "resources": ("ресурс",),
    "title": ("мероприят", "задача", "что сделать"),
}
MEASURE_TITLES = {
    "problem": "Проблема", "root_cause": "Первопричина", "title": "Мероприятие", "responsible": "Ответственный",
    "starts_on": "Начало", "due_on": "Срок", "expected": "Ожидаемый результат", "resources": "Ресурсы",
}  # fmt: skip
MEASURE_REQUIRED = ("title", "due_on")


def read_projects(content: bytes, *, municipality: Municipality, acts: Acts, today: date) -> Found:
    """Read a list of projects; each right row says what it becomes: a draft, in work, or closed.

    :raises Refusal: when it is no spreadsheet with these columns.
    """
    rows = read_rows(content, words=PROJECT_WORDS, titles=PROJECT_TITLES, required=PROJECT_REQUIRED)
    register, found = Register(municipality), Found()
    known = {
        (organisation, name_key(title))
        for organisation, title in Project.objects.filter(municipality=municipality)
        .exclude(status="terminated")
        .values_list("organisation_id", "title")
    }
    seen: dict[tuple[int, str], int] = {}
    for row in rows:
        made = _project(row, register, acts, today)
        key = (made["organisation_id"] or 0, name_key(made["title"]))
        if key in seen:
            row.blame("title", f"Повторяет строку {seen[key]}.", "Удалите одну из них.")
        elif key in known:
            row.blame("title", "Такой проект у этой организации уже есть.", "Удалите строку.")
        seen.setdefault(key, row.number)
        found.problems += row.problems
        if not any(one.is_grave for one in row.problems):
            found.rows.append(made)
    return found


def _project(row: Row, register: Register, acts: Acts, today: date) -> dict[str, Any]:
    title = row.text("title")
    if not title:
        row.blame("title", "Не заполнено.", "Назовите проект.")
    place = register.place(row.text("organisation"))
    if isinstance(place, str):
        row.blame("organisation", place, "Напишите название или код как в реестре.")
    passport = Passport(title=title)
    for name in ("customer", "leader"):
        text = row.text(name)
        person = register.person(text) if text else ""
        if isinstance(person, tuple):
            setattr(passport, f"{name}_id", person[0])
            setattr(passport, f"{name}_name", person[1])
        elif text:
            row.blame(name, person, "Исправьте имя или напишите код сотрудника.")
    if passport.customer_id and passport.customer_id == passport.leader_id:
        row.blame(
            "customer", "Заказчик и руководитель проекта — один человек.", "Назовите двух разных людей."
        )
    for part in filter(None, (one.strip() for one in row.text("team", 2000).replace("\n", ",").split(","))):
        person = register.person(part)
        if isinstance(person, tuple):
            passport.team.append(MemberLine(*person))
        else:
            row.blame("team", person, "Добавьте его в карточке проекта.", is_grave=False)
    passport.process, passport.effects = row.text("process", 1000), row.text("effects", 5000)
    passport.start_event, passport.end_event = row.text("start_event", 500), row.text("end_event", 500)
    passport.justifications = [text for text in row.text("why", 8000).split("\n") if text.strip()]
    _goal(row, passport)
    opened, closed, stage = _opened(row, today), row.day("closed_on"), _stage(row, acts)
    for name, day in (("opened_on", opened), ("closed_on", closed)):
        if day and day > today:
            row.blame(name, "Дата ещё не наступила.", "Проверьте год.")
    if opened and closed and closed < opened:
        row.blame("closed_on", "Раньше открытия.", "Проверьте обе даты.")
    outcome = OUTCOMES.get(name_key(row.text("outcome")).strip(" ."), "?")
    if outcome == "?":
        row.blame(
            "outcome",
            f"«{row.text('outcome')[:40]}»: такого итога нет.",
            "Цели достигнуты, частично или прекращён.",
        )
    url = row.text("url", 500)
    if url and not url.startswith(("http://", "https://")):
        row.blame("url", "Это не ссылка.", "Начните с https:// или оставьте пустым.")
    is_whole = bool(opened and passport.customer_id and passport.leader_id)
    if (stage or closed) and not is_whole:
        row.blame(
            "title",
            "Станет черновиком: чтобы встать на свой этап, нужны заказчик, руководитель и дата открытия.",
            is_grave=False,
        )
    state = "draft" if not is_whole else "closed" if closed else "active"
    return {
        "line": row.number,
        "title": title,
        "organisation_id": None if isinstance(place, str) else place[0],
        "organisation": "" if isinstance(place, str) else place[1],
        "state": "terminated" if state == "closed" and outcome == "terminated" else state,
        "stage": stage or 2,
        "opened_on": opened.isoformat() if opened else "",
        "closed_on": closed.isoformat() if closed else "",
        "outcome": outcome,
        "final": row.text("final"),
        "url": url,
        "passport": passport.as_json(),
    }


def _goal(row: Row, passport: Passport) -> None:
    text, unit = row.text("goal"), row.text("unit", 60)
    if not text:
        return
    baseline, target, final = row.amount("baseline"), row.amount("target"), row.amount("final")
    if not unit and "," in text:
        text, _, unit = (part.strip() for part in text.rpartition(","))
    if baseline is None or target is None or baseline == target:
        row.blame(
            "goal", "Без «было» и «нужно» цель не переносится.", "Допишите её в паспорте.", is_grave=False
        )
        return
    better = "less" if target < baseline else "more"
    passport.goals = [
        GoalLine("import-1", text, unit or "ед.", f"{baseline:f}", f"{target:f}", better, "other")
    ]
    row.values["final"] = "" if final is None else f"{final:f}"


def _opened(row: Row, today: date) -> date | None:
    value = row.text("opened_on")
    if value.isdigit() and len(value) == 4 and 1990 < int(value) <= today.year:
        # The report of the acts knows the year alone.
        row.blame("opened_on", "Известен только год: взято 1 января.", is_grave=False)
        return date(int(value), 1, 1)
    return row.day("opened_on")


def _stage(row: Row, acts: Acts) -> int:
    text = row.text("stage")
    if not text:
        return 0
    number = text.split(".")[0].split(" ")[0]
    if number.isdigit() and any(kind.number == int(number) for kind in acts.stages):
        return int(number)
    key = name_key(text)
    found = next(
        (kind.number for kind in acts.stages if name_key(kind.title) in key or key in name_key(kind.title)), 0
    )
    if not found:
        row.blame(
            "stage", f"«{text[:60]}»: такого этапа нет.", "Напишите номер от 1 до 10 или название этапа."
        )
    return found


def read_roadmap(content: bytes, *, project: Project) -> Found:
    """Read the lines of a roadmap.

    :raises Refusal: when it is no spreadsheet with these columns.
    """
    rows = read_rows(content, words=MEASURE_WORDS, titles=MEASURE_TITLES, required=MEASURE_REQUIRED)
    register, found = Register(project.municipality), Found()
    for row in rows:
        made: dict[str, Any] = {
            "line": row.number,
            "title": row.text("title"),
            **{name: row.text(name, 5000) for name in ("problem", "root_cause", "expected", "resources")},
        }
        if not made["title"]:
            row.blame("title", "Не заполнено.", "Напишите, что сделать.")
        starts, due = row.day("starts_on"), row.day("due_on")
        if starts and due and due < starts:
            row.blame("due_on", "Срок раньше начала.", "Поменяйте даты.")
        if due and project.opened_on and due < project.opened_on - timedelta(days=366):
            row.blame("due_on", "Раньше открытия проекта.", "Проверьте год.")
        made["starts_on"] = starts.isoformat() if starts else ""
        made["due_on"] = due.isoformat() if due else ""
        made["responsible_id"], made["responsible"] = None, ""
        if text := row.text("responsible"):
            person = register.person(text)
            if isinstance(person, tuple):
                made["responsible_id"], made["responsible"] = person
            else:
                row.blame(
                    "responsible",
                    person,
                    "Исправьте имя или назовите ответственного в плане.",
                    is_grave=False,
                )
        found.problems += row.problems
        if not any(one.is_grave for one in row.problems):
            found.rows.append(made)
    return found
