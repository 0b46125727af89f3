"""The passport as a value: what it says, what is missing, how two editions differ. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any

from gemba.kernel.calendar import WorkCalendar
from gemba.kernel.numbers import format_date, format_number
from gemba.kernel.problems import Problem, Severity
from gemba.projects.rules.stages import Days, StageKind, day_problems

BETTER = (("less", "Чем меньше, тем лучше"), ("more", "Чем больше, тем лучше"))
GOAL_KINDS = (
    ("time", "Время"),
    ("quality", "Качество услуги"),
    ("money", "Деньги"),
    ("count", "Количество"),
    ("other", "Другое"),
)


@dataclass
class GoalLine:
    """A goal: what is measured, where it stands now and where it must come."""

    key: str
    title: str = ""
    unit: str = ""
    baseline: str = ""
    target: str = ""
    better: str = "less"
    kind: str = "time"

    @property
    def values(self) -> tuple[Decimal | None, Decimal | None]:
        """Return the present and the wanted value."""
        return (
            Decimal(self.baseline) if self.baseline else None,
            Decimal(self.target) if self.target else None,
        )


@dataclass
class GroundLine:
    """A ground of the regulation and the object it is linked to."""

    code: str
    text: str = ""
    clause: str = ""
    links_to: str = ""
    object_title: str = ""
    object_on: str = ""
    proposal_id: int | None = None
    project_id: int | None = None
    # Of another record of the product, as `projects.objects` names it.
    object_ref: str = ""

    @property
    def is_linked(self) -> bool:
        """Tell whether the object is a record of the product, not words alone."""
        return bool(self.proposal_id or self.project_id or self.object_ref)


# What is kept in the product when it is kept at all: a ground in words alone is worth a second look.
KEPT_HERE = {
    "indicator": "показатель плана",
    "assignment": "поручение",
    "plan_proposal": "предложение",
    "employee_feedback": "предложение",
    "earlier_project": "прежний проект",
    "replication": "прежний проект",
}


@dataclass
class MemberLine:
    """A member of the team and the part in it."""

    person_id: int
    name: str = ""
    part: str = ""


@dataclass
class StageLine:
    """The planned days of a stage."""

    number: int
    start: str = ""
    end: str = ""


@dataclass
class Passport:
    """Everything the passport says; names stand beside numbers, so that an old edition reads the same for ever."""

    title: str = ""
    organisation_id: int | None = None
    organisation_name: str = ""
    customer_id: int | None = None
    customer_name: str = ""
    customer_position: str = ""
    leader_id: int | None = None
    leader_name: str = ""
    process_owner_id: int | None = None
    process_owner_name: str = ""
    direction_id: int | None = None
    direction_name: str = ""
    aim: str = "lean"
    scale: str = ""
    object_kind: str = ""
    participants: list[dict[str, Any]] = field(default_factory=list)
    team: list[MemberLine] = field(default_factory=list)
    team_order: str = ""
    process: str = ""
    start_event: str = ""
    end_event: str = ""
    justifications: list[str] = field(default_factory=list)
    goals: list[GoalLine] = field(default_factory=list)
    is_baseline_unsure: bool = False
    effects: str = ""
    grounds: list[GroundLine] = field(default_factory=list)
    stages: list[StageLine] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return what the database keeps."""
        return asdict(self)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Passport:
        """Read what is kept; fields unknown to this release are left out."""
        known = {one.name for one in fields(cls)}
        values = {key: value for key, value in data.items() if key in known}
        values["goals"] = [GoalLine(**row) for row in values.get("goals", [])]
        values["grounds"] = [GroundLine(**row) for row in values.get("grounds", [])]
        values["team"] = [MemberLine(**row) for row in values.get("team", [])]
        values["stages"] = [StageLine(**row) for row in values.get("stages", [])]
        return cls(**values)

    def days(self) -> dict[int, Days]:
        """Return the planned days by the number of the stage."""
        return {line.number: Days(line.number, _day(line.start), _day(line.end)) for line in self.stages}

    def set_days(self, days: Sequence[Days]) -> None:
        """Put the planned days."""
        self.stages = [
            StageLine(
                one.number, one.start.isoformat() if one.start else "", one.end.isoformat() if one.end else ""
            )
            for one in sorted(days, key=lambda one: one.number)
        ]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


# Where in the wizard each thing is filled in.
STEP_OF = {
    "title": "general",
    "organisation": "general",
    "customer": "general",
    "leader": "general",
    "process": "general",
    "start_event": "general",
    "end_event": "general",
    "team": "general",
    "direction": "general",
    "scale": "general",
    "justifications": "reason",
    "grounds": "reason",
    "goals": "goals",
    "effects": "goals",
}


def passport_problems(
    passport: Passport,
    *,
    kinds: Sequence[StageKind],
    ground_codes: Sequence[str] | None,
    calendar: WorkCalendar | None = None,
    clause: str = "",
) -> list[Problem]:
    """Name everything that is missing or wrong; an empty list opens the gate of the first stage.

    `ground_codes` are those of the regulation in force; None when it names no grounds, then any stated one will do.
    """
    found: list[Problem] = []

    def need(value: Any, text: str, name: str, mend: str = "") -> None:
        if not value:
            found.append(Problem(text, field=name, mend=mend, clause=clause))

    need(passport.title.strip(), "Нет названия проекта.", "title")
    need(passport.organisation_id, "Не указана организация.", "organisation")
    need(
        passport.customer_id,
        "Не назван заказчик.",
        "customer",
        "Это руководитель, который утверждает паспорт.",
    )
    need(passport.leader_id, "Не назван руководитель проекта.", "leader")
    if passport.customer_id and passport.customer_id == passport.leader_id:
        found.append(
            Problem(
                "Заказчик и руководитель проекта — один человек.",
                field="customer",
                mend="Назовите двух разных людей.",
            )
        )
    need(passport.team, "Не назван ни один член команды.", "team")
    need(passport.process.strip(), "Не назван процесс.", "process")
    need(passport.start_event.strip(), "Нет события, с которого процесс начинается.", "start_event")
    need(passport.end_event.strip(), "Нет события, которым процесс заканчивается.", "end_event")
    need(
        any(text.strip() for text in passport.justifications),
        "Нет обоснования.",
        "justifications",
        "Напишите хотя бы одно, лучше с цифрами.",
    )
    found += _ground_problems(passport, ground_codes)
    found += _goal_problems(passport)
    found += day_problems(kinds, passport.days(), calendar)
    return found


def _ground_problems(passport: Passport, codes: Sequence[str] | None) -> list[Problem]:
    found = []
    if not passport.grounds:
        found.append(
            Problem("Не выбрано основание для открытия.", field="grounds", mend="Выберите его из положения.")
        )
    for ground in passport.grounds:
        if codes is not None and ground.code not in codes:
            found.append(
                Problem(
                    f"Основания «{ground.text[:60]}» нет в действующем положении.",
                    field="grounds",
                    mend="Выберите другое.",
                )
            )
        if not (ground.object_title.strip() or ground.proposal_id or ground.project_id):
            found.append(
                Problem(
                    f"Основание «{ground.text[:60]}» ни к чему не привязано.",
                    field="grounds",
                    mend="Укажите, к чему именно: показатель, поручение, предложение, прежний проект.",
                )
            )
        elif ground.links_to in KEPT_HERE and not ground.is_linked:
            found.append(
                Problem(
                    f"Основание «{ground.text[:60]}» названо только словами.",
                    field="grounds",
                    mend=f"Если {KEPT_HERE[ground.links_to]} есть в программе, выберите его из подсказок.",
                    severity=Severity.WARNING,
                )
            )
    return found


def _goal_problems(passport: Passport) -> list[Problem]:
    found = []
    if not passport.goals:
        found.append(
            Problem("Нет ни одной цели.", field="goals", mend="Добавьте цель с единицей, «сейчас» и «нужно».")
        )
    for number, goal in enumerate(passport.goals, start=1):
        name = f"Цель {number}" + (f" «{goal.title}»" if goal.title else "")
        before, after = goal.values
        if not goal.title.strip():
            found.append(Problem(f"{name}: нет названия.", field="goals"))
        if not goal.unit.strip():
            found.append(Problem(f"{name}: нет единицы измерения.", field="goals"))
        if before is None or after is None:
            found.append(Problem(f"{name}: нужны текущий и целевой показатель.", field="goals"))
        elif before == after:
            found.append(Problem(f"{name}: текущий и целевой показатель равны.", field="goals"))
        elif (after < before) != (goal.better == "less"):
            word = "меньше" if goal.better == "less" else "больше"
            found.append(
                Problem(
                    f"{name}: лучше, когда {word}, а цель хуже текущего.",
                    field="goals",
                    mend="Проверьте числа.",
                )
            )
    return found


@dataclass(frozen=True)
class Change:
    """One thing that two editions say differently."""

    title: str
    before: str
    after: str
    # Approved dates and targets: such a change needs the next edition.
    is_weighty: bool = False


TITLES = {
    "title": "Название",
    "organisation_name": "Организация",
    "customer_name": "Заказчик",
    "leader_name": "Руководитель",
    "process_owner_name": "Владелец процесса",
    "direction_name": "Направление",
    "aim": "Вид по цели",
    "scale": "Вид по участникам",
    "object_kind": "Предмет",
    "team_order": "Приказ о команде",
    "process": "Процесс",
    "start_event": "Начало процесса",
    "end_event": "Окончание процесса",
    "effects": "Эффекты",
    "is_baseline_unsure": "Уточнить после картирования",
}


def differences(old: Passport, new: Passport, kinds: Sequence[StageKind] = ()) -> list[Change]:
    """Compare two editions, line by line of the form."""
    found = [
        Change(title, _word(getattr(old, name)), _word(getattr(new, name)))
        for name, title in TITLES.items()
        if getattr(old, name) != getattr(new, name)
    ]
    for title, one, two in (
        ("Команда", _team(old), _team(new)),
        ("Участники", _places(old), _places(new)),
        ("Обоснование", "\n".join(old.justifications), "\n".join(new.justifications)),
        ("Основания", _grounds(old), _grounds(new)),
    ):
        if one != two:
            found.append(Change(title, one, two))
    was, now = ({goal.key: goal for goal in passport.goals} for passport in (old, new))
    for key in dict.fromkeys([*was, *now]):
        one, two = (_goal(goals.get(key)) for goals in (was, now))
        if one != two:
            found.append(Change(f"Цель «{(now.get(key) or was[key]).title}»", one, two, True))
    names = {kind.number: kind.title for kind in kinds}
    days_was, days_now = old.days(), new.days()
    for number in sorted({*days_was, *days_now}):
        one, two = (_period(days.get(number)) for days in (days_was, days_now))
        if one != two:
            found.append(
                Change(
                    f"Срок этапа {number}" + (f" «{names[number]}»" if number in names else ""),
                    one,
                    two,
                    True,
                )
            )
    return found


def _word(value: Any) -> str:
    return ("да" if value else "нет") if isinstance(value, bool) else str(value or "")


def _team(passport: Passport) -> str:
    return "\n".join(f"{one.name} — {one.part}" if one.part else one.name for one in passport.team)


def _places(passport: Passport) -> str:
    return "\n".join(str(one.get("name", "")) for one in passport.participants)


def _grounds(passport: Passport) -> str:
    return "\n".join(f"{one.text}: {one.object_title}" for one in passport.grounds)


def _goal(goal: GoalLine | None) -> str:
    if goal is None:
        return ""
    before, after = goal.values
    return f"{format_number(before)} → {format_number(after)} {goal.unit}"


def _period(days: Days | None) -> str:
    if days is None or days.end is None:
        return ""
    return (
        format_date(days.end)
        if days.start == days.end
        else f"{format_date(days.start)} — {format_date(days.end)}"
    )
