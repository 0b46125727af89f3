"""Terms of the regulation as pages show them: the day, its clauses with their words, the working days left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest

from gemba.kernel.calendar import WorkCalendar
from gemba.kernel.numbers import counted, format_date
from gemba.organisation.access import Actor
from gemba.regulations.deadlines import Cadence, DeadlineDate, cadences, dates_between
from gemba.regulations.models import Edition
from gemba.regulations.queries import addresses_of, clause_title, clause_url, editions, pack_of
from gemba.ui import frame

# What the terms are about, by the subject codes of the packs; a subject that is not here is «Прочее».
WHATS: dict[str, tuple[str, frozenset[str]]] = {
    "report": (
        "Отчёты",
        frozenset({
            "quarterly_report", "analytical_report", "plan_information", "diagnostics_report", "monitoring",
            "plan_monitoring",
        }),
    ),
    "plan": ("Планы", frozenset({"project_plan", "defence_plan", "project_proposals"})),
    "project": (
        "Проекты",
        frozenset({
            "project_passport", "significance_assessment", "replication_choice", "lean_cycle", "process_audit",
            "standardisation", "task_board_meeting",
        }),
    ),
    "assessment": (
        "Оценка и конкурс", frozenset({"self_assessment", "self_assessment_result", "checklist", "contest"}),
    ),
    "people": (
        "Обучение и опросы",
        frozenset({
            "corporate_training", "culture_diagnostics", "satisfaction_survey", "client_feedback",
            "methodical_support",
        }),
    ),
    "body": (
        "Заседания и управление",
        frozenset({"body_meeting", "administration_mission", "tools_administration", "permanent_tools"}),
    ),
    "public": ("Публикация", frozenset({"promulgation", "yearly_results_publication", "popularisation"})),
}  # fmt: skip
OTHER = "other"
# Words of a clause beside a term; the whole clause is one touch away.
LONGEST_WORDS = 900
WORKING_DAYS = ("рабочий день", "рабочих дня", "рабочих дней")
# How far ahead the home page looks.
AHEAD = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Ref:
    """A clause behind a term: how it is called, where it stands, what it says."""

    title: str
    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Term:
    """A day by which something must be done, and the words of the act behind it."""

    item: DeadlineDate
    what: str
    what_title: str
    refs: tuple[Ref, ...]

    @property
    def code(self) -> str:
        """Return the name of this very term for addresses inside a page."""
        return f"{self.item.code}-{self.item.legal_on.isoformat()}"


@dataclass(frozen=True, slots=True)
class Duty:
    """A periodic duty that names no day."""

    item: Cadence
    what_title: str
    refs: tuple[Ref, ...]


def notes_of(term: Term) -> list[str]:
    """Return what must be known of a term besides its day."""
    item = term.item
    notes = []
    if item.is_recommended:
        notes.append("Срок рекомендованный.")
    if item.falls_on_day_off:
        moved = f" Сделайте до {format_date(item.due_on)}." if item.due_on != item.legal_on else ""
        notes.append(f"Дата по акту выпадает на выходной.{moved}")
    if item.is_after_programme:
        notes.append("Программа завершена, новой редакции положения нет.")
    return notes


def what_of(subject: str) -> str:
    """Return what a subject of a pack is about."""
    return next((code for code, (_, subjects) in WHATS.items() if subject in subjects), OTHER)


def what_title(code: str) -> str:
    """Return the word for people."""
    return WHATS[code][0] if code in WHATS else "Прочее"


def refs_of(edition: Edition, clauses: Iterable[str]) -> tuple[Ref, ...]:
    """Return the clauses with their words."""
    known = addresses_of(edition)
    return tuple(
        Ref(clause_title(edition, ref), clause_url(edition, ref), _clipped(address.title, address.text))
        if (address := known.get(ref))
        else Ref(clause_title(edition, ref), clause_url(edition, ref), "")
        for ref in clauses
    )


def _clipped(title: str, text: str) -> str:
    words = f"{title} {text}".strip()
    return words if len(words) <= LONGEST_WORDS else f"{words[:LONGEST_WORDS].rsplit(' ', 1)[0]} …"


def terms_between(*, known: list[Edition], calendar: WorkCalendar, first: date, last: date) -> list[Term]:
    """Return the terms due from `first` to `last`, each by the edition in force on its day, without a statement."""
    found: list[Term] = []
    until = last
    for edition in known:
        if edition.effective_on > last:
            continue
        since = max(first, edition.effective_on)
        if since <= until:
            for item in dates_between(pack_of(edition), since, until, calendar):
                what = what_of(item.subject)
                found.append(Term(item, what, what_title(what), refs_of(edition, item.clause)))
        until = min(until, edition.effective_on - date.resolution)
        if until < first:
            break
    return sorted(found, key=lambda term: term.item)


class OfRequest:
    """What the parts of one page share: editions and working days are read once."""

    def __init__(self, request: HttpRequest, actor: Actor) -> None:
        self.actor = actor
        self.calendar: WorkCalendar = frame.of(request).calendar or WorkCalendar()
        self._coming: list[Term] | None = None
        self.editions = list(editions(municipality_id=actor.municipality_id)) if actor.municipality_id else []

    @property
    def edition(self) -> Edition | None:
        """Return the edition in force today, or the first one to come."""
        in_force = (edition for edition in self.editions if edition.effective_on <= self.actor.today)
        return next(in_force, self.editions[-1] if self.editions else None)

    def between(self, first: date, last: date) -> list[Term]:
        """Return the terms due in these days."""
        return terms_between(known=self.editions, calendar=self.calendar, first=first, last=last)

    def coming(self) -> list[Term]:
        """Return the terms of the four months ahead, today's among them."""
        if self._coming is None:
            today = self.actor.today
            self._coming = self.between(today, today + AHEAD)
        return self._coming

    def duties(self) -> list[Duty]:
        """Return the periodic duties without a day."""
        edition = self.edition
        if edition is None:
            return []
        return [
            Duty(item, what_title(what_of(item.subject)), refs_of(edition, item.clause))
            for item in cadences(pack_of(edition))
        ]

    def working_left(self, day: date) -> int:
        """Count the working days left to the day."""
        return self.calendar.working_days_between(self.actor.today, day)

    def left_words(self, day: date) -> str:
        """Say how much time is left: «5 рабочих дней», «сегодня последний день», «прошёл»."""
        if day < self.actor.today:
            return "прошёл"
        if day == self.actor.today:
            return "сегодня последний день"
        left = self.working_left(day)
        if left == 0:
            return "рабочих дней до него не осталось"
        return f"{'остался' if left % 10 == 1 and left % 100 != 11 else 'осталось'} {counted(left, *WORKING_DAYS)}"


def of_request(request: HttpRequest) -> OfRequest:
    """Return what the parts of this page share, made at the first question."""
    kept: OfRequest | None = getattr(request, "_workspace_terms", None)
    if kept is None:
        kept = OfRequest(request, request.actor)  # type: ignore[attr-defined]
        request._workspace_terms = kept  # type: ignore[attr-defined]
    return kept
