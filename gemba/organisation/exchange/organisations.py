"""Checks a sheet of organisations against the register."""

from dataclasses import dataclass, field
from datetime import date

from gemba.kernel.numbers import format_date
from gemba.kernel.problems import Problem
from gemba.organisation.exchange.layout import CLEAR
from gemba.organisation.exchange.organisation_rows import Period, facts_of, inn_of, lines_of, period_of
from gemba.organisation.exchange.plans import CHANGE, CREATE, SAME, ImportPlan, RowPlan
from gemba.organisation.exchange.reading import Sheet, SheetRow, as_day
from gemba.organisation.models import (
    Direction,
    Municipality,
    Organisation,
    OrganisationKind,
)
from gemba.organisation.rules import (
    DEEPEST,
    MOST_PEOPLE,
    code_problems,
    inn_problems,
    name_key,
    name_problems,
    span_problems,
    tidy,
)

_KINDS = {name_key(title): value for value, title in OrganisationKind.choices} | {
    value: value for value in OrganisationKind.values
} | {name_key("ОМСУ"): OrganisationKind.OMSU.value}  # fmt: skip
_FIELDS = (
    ("kind", "вид"), ("name", "название"), ("short_name", "короткое название"), ("inn", "ИНН"),
    ("direction_id", "направление"), ("starts_on", "создана"), ("ends_on", "закрыта"),
    ("closing_ground", "основание закрытия"),
)  # fmt: skip


@dataclass
class OrganisationRow:
    """What to write for one row; parents and successors by code, because they may be in the same file."""

    target: Organisation
    is_new: bool
    parent_code: str | None = None
    successor_code: str | None = None
    participation: list[Period] | None = None
    headcount: dict[date, int] = field(default_factory=dict)
    new_units: list[tuple[str, ...]] = field(default_factory=list)


def check(*, sheet: Sheet, municipality: Municipality) -> ImportPlan:
    """Compare the sheet with the register; nothing is written."""
    return _Check(sheet, municipality).run()


class _Check:
    """One check: the register in memory, then row by row, then the tree as a whole."""

    def __init__(self, sheet: Sheet, municipality: Municipality) -> None:
        self.sheet, self.municipality = sheet, municipality
        known = list(Organisation.objects.filter(municipality=municipality))
        self.by_code = {row.code: row for row in known}
        self.by_id = {row.pk: row for row in known}
        self.by_bare_code: dict[str, list[Organisation]] = {}
        for row in known:
            self.by_bare_code.setdefault(row.code.lstrip("0"), []).append(row)
        self.by_inn = {row.inn: row for row in known if row.inn}
        self.by_name: dict[str, list[Organisation]] = {}
        for row in known:
            self.by_name.setdefault(row.name_key, []).append(row)
        self.directions = {
            direction.name_key: direction for direction in Direction.objects.filter(municipality=municipality)
        }
        self.periods, self.headcounts, self.units = facts_of(municipality)
        self.last_number = max(
            (int(code) for code in self.by_code if len(code) == 5 and code.isascii() and code.isdigit()),
            default=0,
        )
        self.plans: dict[int, tuple[SheetRow, OrganisationRow]] = {}
        self.taken: dict[str, int] = {}
        self.touched: dict[int, int] = {}

    def run(self) -> ImportPlan:
        """Check every row, then the tree that would come out."""
        for row in self.sheet.rows:
            if (code := row.text("code")) and code not in self.taken:
                self.taken[code] = row.number
        for row in self.sheet.rows:
            planned = self._row(row)
            if planned is not None:
                self.plans[row.number] = (row, planned)
        self._check_twins()
        self._check_tree()
        rows, problems, bad = [], [], set()
        for row in self.sheet.rows:
            problems += row.problems
            if row.problems:
                bad.add(row.number)
            elif row.number in self.plans:
                rows.append(self._plan(row.number, self.plans[row.number][1]))
        return ImportPlan("organisations", rows, problems, frozenset(bad), self.sheet.unknown)

    def _row(self, row: SheetRow) -> OrganisationRow | None:
        name = row.text("name")
        target = self._target(row, name)
        if target is None:
            return None
        is_new = target.pk is None
        if not is_new:
            if (other := self.touched.get(target.pk)) is not None:
                row.blame("code", f"Эта организация уже есть в строке {other}.", "Оставьте одну строку.")
                return None
            self.touched[target.pk] = row.number
        planned = OrganisationRow(_copy(target), is_new)
        self._fill(row, planned.target, name, is_new)
        for key, attribute in (("parent", "parent_code"), ("successor", "successor_code")):
            if (code := row.text(key)) is not None:
                setattr(planned, attribute, self._code_of(row, key, code) if code else "")
        planned.participation = self._participation(row)
        planned.headcount = self._headcount(row)
        planned.new_units = self._new_units(row, target)
        return planned

    def _target(self, row: SheetRow, name: str | None) -> Organisation | None:
        code = row.text("code")
        if code:
            if self.taken.get(code, row.number) != row.number:
                row.blame(
                    "code", f"Код {code} уже есть в строке {self.taken[code]}.", "Оставьте одну строку."
                )
                return None
            found = self.by_code.get(code)
            if found is None and code.isdigit():
                # Excel eats leading zeros of codes that are not text.
                same = self.by_bare_code.get(code.lstrip("0"), [])
                found = same[0] if len(same) == 1 else None
            if found is not None:
                return found
            _blame(row, "code", code_problems(code))
            return Organisation(municipality=self.municipality, code=code)
        inn = inn_of(row.text("inn") or "")
        if inn and inn in self.by_inn:
            return self.by_inn[inn]
        same = self.by_name.get(name_key(name or ""), []) if name else []
        if len(same) == 1:
            return same[0]
        if len(same) > 1:
            codes = ", ".join(sorted(one.code for one in same))
            row.blame("name", f"Организаций с таким названием несколько: {codes}.", "Укажите код нужной.")
            return None
        return Organisation(municipality=self.municipality, code=self._next_code())

    def _next_code(self) -> str:
        self.last_number += 1
        while (code := f"{self.last_number:05d}") in self.taken:
            self.last_number += 1
        return code

    def _fill(self, row: SheetRow, target: Organisation, name: str | None, is_new: bool) -> None:
        if name is not None or is_new:
            target.name = tidy(name or "")
            target.name_key = name_key(target.name)
        _blame(row, "name", name_problems(target.name))
        short = row.text("short_name")
        if short is not None:
            target.short_name = short
        target.short_name = (target.short_name or target.name)[:200]
        kind = row.text("kind")
        if kind:
            target.kind = _KINDS.get(name_key(kind), "")
        if target.kind not in OrganisationKind.values:
            said = f"Вида «{kind}» нет." if kind else "Не указан вид."
            row.blame("kind", said, f"Выберите из списка: {', '.join(OrganisationKind.labels)}.")
        inn = row.text("inn")
        if inn is not None:
            target.inn = inn_of(inn)
            _blame(row, "inn", inn_problems(target.inn))
        self._direction(row, target)
        for key in ("starts_on", "ends_on"):
            if (day := row.day(key)) is not None or row.is_cleared(key):
                setattr(target, key, day)
        _blame(
            row, "ends_on" if target.ends_on else "starts_on", span_problems(target.starts_on, target.ends_on)
        )
        if (ground := row.text("closing_ground")) is not None:
            target.closing_ground = ground[:300]

    def _direction(self, row: SheetRow, target: Organisation) -> None:
        direction = row.text("direction")
        if direction is None:
            return
        if not direction:
            target.direction = None
            return
        found = self.directions.get(name_key(direction))
        if found is None:
            known = ", ".join(one.name for one in self.directions.values()) or "справочник пуст"
            row.blame("direction", f"Направления «{direction}» нет.", f"Есть: {known}.")
        target.direction = found

    def _code_of(self, row: SheetRow, key: str, text: str) -> str | None:
        """Find the code that a cell means: a code of the register or the file, or an exact name."""
        if text in self.taken or text in self.by_code:
            return text
        bare = self.by_bare_code.get(text.lstrip("0"), []) if text.isdigit() else []
        if len(bare) == 1:
            return bare[0].code
        named = self.by_name.get(name_key(text), [])
        if len(named) == 1:
            return named[0].code
        row.blame(key, f"Организации с кодом «{text}» нет ни в файле, ни в реестре.", "Проверьте код.")
        return None

    def _participation(self, row: SheetRow) -> list[Period] | None:
        text = row.values.get("participation")
        if text is None:
            return None
        if text == CLEAR:
            return []
        found: list[Period] = []
        for line in lines_of(text):
            try:
                found.append(period_of(line))
            except ValueError as error:
                row.blame("participation", str(error), "Напишите, например: 01.01.2024 – 31.12.2024.")
                return None
        found.sort(key=lambda period: period[0] or date.min)
        for one, next_one in zip(found, found[1:], strict=False):
            if one[1] is None or (next_one[0] is not None and one[1] >= next_one[0]):
                row.blame("participation", "Периоды участия пересекаются.", "Исправьте даты.")
                return None
        return found

    def _headcount(self, row: SheetRow) -> dict[date, int]:
        text = row.values.get("headcount")
        found: dict[date, int] = {}
        if text is None or text == CLEAR:
            return found
        for line in str(text).replace(";", "\n").splitlines():
            if not line.strip():
                continue
            day_text, colon, number = line.partition(":")
            bare = (number if colon else line).replace("\u00a0", "").replace(" ", "").removesuffix("чел.")
            if not bare.isascii() or not bare.isdigit() or int(bare) > MOST_PEOPLE:
                row.blame("headcount", f"«{line}» — не численность.", "Напишите, например: 01.01.2024: 62.")
                continue
            if not colon:
                row.blame(
                    "headcount", "Не указано, на какую дату.", f"Напишите, например: 01.01.2024: {bare}."
                )
                continue
            try:
                found[as_day(day_text)] = int(bare)
            except Exception as error:  # a date field names the mistake in Russian
                row.blame("headcount", getattr(error, "messages", [str(error)])[0])
        return found

    def _new_units(self, row: SheetRow, target: Organisation) -> list[tuple[str, ...]]:
        text = row.values.get("units")
        if text is None or text == CLEAR:
            return []
        known = {tuple(map(name_key, path)) for path in self.units.get(target.pk or 0, [])}
        found = []
        for line in lines_of(text):
            path = tuple(tidy(part) for part in line.split(">"))
            problems = [problem for part in path for problem in name_problems(part, longest=300)]
            _blame(row, "units", problems[:1])
            for length in range(1, len(path) + 1):
                if (keys := tuple(map(name_key, path[:length]))) not in known:
                    known.add(keys)
                    found.append(path[:length])
        return found

    def _check_twins(self) -> None:
        """Find in the coming register two organisations with one ИНН or one name in one place."""
        coming = {code: row for code, row in self.by_code.items() if row.pk not in self.touched}
        inns = {row.inn: f"«{row}» ({row.code})" for row in coming.values() if row.inn}
        places: dict[tuple[str, str], str] = {
            (self._code(row.parent_id), row.name_key): f"«{row}» ({row.code})"
            for row in coming.values()
            if row.ends_on is None
        }
        for number, (row, planned) in self.plans.items():
            target = planned.target
            if target.inn:
                if target.inn in inns:
                    row.blame(
                        "inn", f"ИНН {target.inn} уже у организации {inns[target.inn]}.", "Проверьте ИНН."
                    )
                inns.setdefault(target.inn, f"в строке {number}")
            if target.ends_on is None and target.name_key:
                place = (self._parent_code(planned), target.name_key)
                if place in places:
                    row.blame(
                        "name", f"Такое название здесь уже есть: {places[place]}.", "Уточните название."
                    )
                places.setdefault(place, f"в строке {number}")

    def _check_tree(self) -> None:
        """Find rings, too deep trees, closed parents; a row below a bad new row is bad too."""
        by_code = {planned.target.code: (row, planned) for row, planned in self.plans.values()}
        parents = {code: self._code(row.parent_id) for code, row in self.by_code.items()}
        parents |= {code: self._parent_code(planned) for code, (_, planned) in by_code.items()}
        for code, (row, _planned) in by_code.items():
            line, at = [code], parents.get(code, "")
            while at and at not in line and len(line) <= DEEPEST + 1:
                line.append(at)
                at = parents.get(at, "")
            if at in line:
                row.blame("parent", "Подчинение идёт по кругу.", "Проверьте коды вышестоящих.")
            elif len(line) > DEEPEST + 1:
                row.blame("parent", f"Больше {DEEPEST} уровней подчинения.", "Поднимите организацию выше.")
        changed = True
        while changed:
            changed = False
            for row, planned in self.plans.values():
                if row.problems:
                    continue
                for key, code in (
                    ("parent", self._parent_code(planned)),
                    ("successor", planned.successor_code or ""),
                ):
                    changed |= self._check_link(row, planned, key, code, by_code)

    def _check_link(
        self,
        row: SheetRow,
        planned: OrganisationRow,
        key: str,
        code: str,
        by_code: dict[str, tuple[SheetRow, OrganisationRow]],
    ) -> bool:
        if not code:
            return False
        other_row, other = by_code.get(code, (None, None))
        if other_row is not None and other is not None and other.is_new and other_row.problems:
            row.blame(
                key,
                f"Строка {other_row.number}, на которую она ссылается, с ошибкой.",
                "Исправьте сначала её.",
            )
            return True
        if other_row is None and code in self.taken and code not in self.by_code:
            row.blame(
                key,
                f"Строка {self.taken[code]}, на которую она ссылается, с ошибкой.",
                "Исправьте сначала её.",
            )
            return True
        linked = other.target if other is not None else self.by_code.get(code)
        if key == "successor":
            if code == planned.target.code or planned.target.ends_on is None:
                row.blame(
                    key, "Правопреемник бывает только у закрытой организации.", "Укажите последний день."
                )
                return True
        elif (
            linked is not None
            and linked.ends_on
            and not (planned.target.ends_on and planned.target.ends_on <= linked.ends_on)
        ):
            row.blame(
                key, f"Вышестоящая организация закрыта {format_date(linked.ends_on)}.", "Укажите другую."
            )
            return True
        return False

    def _parent_code(self, planned: OrganisationRow) -> str:
        return self._code(planned.target.parent_id) if planned.parent_code is None else planned.parent_code

    def _code(self, pk: int | None) -> str:
        return self.by_id[pk].code if pk in self.by_id else ""

    def _plan(self, number: int, planned: OrganisationRow) -> RowPlan:
        target = planned.target
        if planned.is_new:
            return RowPlan(number, CREATE, target.name, data=planned)
        old = self.by_id[target.pk]
        changes = [
            f"{title}: {_said(old, name)} → {_said(target, name)}"
            for name, title in _FIELDS
            if getattr(old, name) != getattr(target, name)
        ]
        for attribute, title, pk in (
            ("parent_code", "кому подчинена", old.parent_id),
            ("successor_code", "правопреемник", old.successor_id),
        ):
            code = getattr(planned, attribute)
            if code is not None and code != self._code(pk):
                changes.append(f"{title}: {self._code(pk) or 'не указано'} → {code or 'не указано'}")
        if planned.participation is not None and planned.participation != self.periods.get(target.pk, []):
            changes.append("участие в программе")
        else:
            planned.participation = None
        counts = self.headcounts.get(target.pk, {})
        planned.headcount = {
            day: people for day, people in planned.headcount.items() if counts.get(day) != people
        }
        if planned.headcount:
            changes.append("численность")
        if planned.new_units:
            changes.append("подразделения: " + ", ".join(path[-1] for path in planned.new_units[:5]))
        return RowPlan(number, CHANGE if changes else SAME, target.name, changes, planned)


def _copy(row: Organisation) -> Organisation:
    made = Organisation()
    for name in [one.attname for one in Organisation._meta.concrete_fields]:
        setattr(made, name, getattr(row, name))
    return made


def _said(row: Organisation, name: str) -> str:
    if name == "kind":
        return row.get_kind_display()
    if name == "direction_id":
        return str(row.direction or "не указано")
    value = getattr(row, name)
    return format_date(value) if isinstance(value, date) else str(value or "не указано")


def _blame(row: SheetRow, key: str, problems: list[Problem]) -> None:
    for problem in problems:
        row.blame(key, problem.text, problem.mend)
