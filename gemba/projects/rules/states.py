"""Statuses of a project and the one table of what may follow what, by whom. The stage number is kept apart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Where a project stands in its life; which of the stages it is in is another matter."""

    DRAFT = "draft"
    APPROVAL = "approval"
    ACTIVE = "active"
    PAUSED = "paused"
    STABILITY = "stability"
    STABLE = "stable"
    DEGRADED = "degraded"
    CLOSED_SUCCESS = "closed_success"
    CLOSED_PARTIAL = "closed_partial"
    TERMINATED = "terminated"

    @property
    def title(self) -> str:  # type: ignore[override]
        """Return the words for people."""
        return _WORDS[self][0]

    @property
    def tone(self) -> str:
        """Return the state of the badge: good, warn, bad, info, neutral."""
        return _WORDS[self][1]


_WORDS: dict[Status, tuple[str, str]] = {
    Status.DRAFT: ("Черновик", "neutral"),
    Status.APPROVAL: ("На согласовании", "warn"),
    Status.ACTIVE: ("В работе", "info"),
    Status.PAUSED: ("Приостановлен", "warn"),
    Status.STABILITY: ("Проверка стабильности", "info"),
    Status.STABLE: ("Результат стабилен", "good"),
    Status.DEGRADED: ("Результат ухудшился", "bad"),
    Status.CLOSED_SUCCESS: ("Закрыт с результатом", "good"),
    Status.CLOSED_PARTIAL: ("Закрыт частично", "warn"),
    Status.TERMINATED: ("Прекращён", "neutral"),
}


def number_text(number: int | None, year: int | None) -> str:
    """Return «П-2026-0017», or nothing before the first sending."""
    return f"П-{year}-{number:04d}" if number and year else ""


OPEN = frozenset({Status.ACTIVE, Status.PAUSED})
CLOSED = frozenset(
    {Status.STABILITY, Status.STABLE, Status.DEGRADED, Status.CLOSED_SUCCESS, Status.CLOSED_PARTIAL}
)
# A closed project still has tasks and control measurements.
LIVING = OPEN | CLOSED


class Outcome(StrEnum):
    """How a project was closed."""

    SUCCESS = "success"
    PARTIAL = "partial"
    TERMINATED = "terminated"

    @property
    def title(self) -> str:  # type: ignore[override]
        """Return the words for people."""
        return {
            "success": "Цели достигнуты",
            "partial": "Цели достигнуты частично",
            "terminated": "Прекращён",
        }[self]


class Party(StrEnum):
    """Who an actor is to one project."""

    LEADER = "leader"
    TEAM = "team"
    CUSTOMER = "customer"
    OWNER = "owner"
    OFFICE = "office"
    OVERSEER = "overseer"


PARTY_TITLES = {
    Party.LEADER: "руководитель проекта",
    Party.TEAM: "команда проекта",
    Party.CUSTOMER: "заказчик проекта",
    Party.OWNER: "владелец процесса",
    Party.OFFICE: "координатор или руководитель организации, оператор мониторинга",
    Party.OVERSEER: "глава, куратор или председатель рабочей группы",
}


class Verb(StrEnum):
    """What can be done to a project as a whole."""

    SEND = "send"
    RECALL = "recall"
    APPROVE = "approve"
    RETURN = "return"
    FORWARD = "forward"
    BACK = "back"
    OVERRIDE = "override"
    PAUSE = "pause"
    RESUME = "resume"
    CLOSE = "close"
    TERMINATE = "terminate"
    DROP = "drop"
    REASSIGN = "reassign"


@dataclass(frozen=True)
class Transition:
    """A change: from where, to where (None keeps the status), by whom, and whether a reason is needed."""

    verb: Verb
    title: str
    done: str
    sources: frozenset[Status]
    target: Status | None
    parties: frozenset[Party]
    needs_reason: bool = False
    icon: str = "check"


def _row(
    verb: Verb,
    title: str,
    done: str,
    sources: set[Status] | frozenset[Status],
    target: Status | None,
    parties: set[Party],
    needs_reason: bool = False,
    icon: str = "check",
) -> Transition:
    return Transition(verb, title, done, frozenset(sources), target, frozenset(parties), needs_reason, icon)


_S, _P = Status, Party
_LEADING = {_P.LEADER, _P.OFFICE}
TABLE: dict[Verb, Transition] = {
    row.verb: row
    for row in (
        _row(
            Verb.SEND,
            "Отправить на согласование",
            "Паспорт отправлен на согласование",
            {_S.DRAFT, *LIVING},
            None,
            _LEADING,
            icon="send",
        ),
        _row(
            Verb.RECALL,
            "Отозвать с согласования",
            "Паспорт отозван с согласования",
            {_S.APPROVAL, *LIVING},
            None,
            _LEADING,
            icon="arrow-back-up",
        ),
        _row(
            Verb.APPROVE,
            "Согласовать паспорт",
            "Паспорт согласован",
            {_S.APPROVAL, *LIVING},
            None,
            {_P.CUSTOMER},
            icon="check",
        ),
        _row(
            Verb.RETURN,
            "Вернуть с замечаниями",
            "Паспорт возвращён с замечаниями",
            {_S.APPROVAL, *LIVING},
            None,
            {_P.CUSTOMER},
            True,
            icon="arrow-back-up",
        ),
        _row(
            Verb.FORWARD, "Завершить этап", "Этап завершён", {_S.ACTIVE}, None, _LEADING, icon="arrow-right"
        ),
        _row(
            Verb.BACK,
            "Вернуть на прежний этап",
            "Проект возвращён на прежний этап",
            {_S.ACTIVE},
            None,
            _LEADING,
            True,
            icon="arrow-left",
        ),
        _row(
            Verb.OVERRIDE,
            "Пропустить проверку этапа",
            "Этап завершён без проверки",
            {_S.ACTIVE},
            None,
            {_P.OVERSEER},
            True,
            icon="bolt",
        ),
        _row(
            Verb.PAUSE,
            "Приостановить",
            "Проект приостановлен",
            {_S.ACTIVE},
            _S.PAUSED,
            {_P.LEADER, _P.CUSTOMER, _P.OFFICE},
            True,
            icon="hourglass",
        ),
        _row(
            Verb.RESUME,
            "Возобновить",
            "Проект возобновлён",
            {_S.PAUSED},
            _S.ACTIVE,
            {_P.LEADER, _P.CUSTOMER, _P.OFFICE},
            icon="player-play",
        ),
        _row(Verb.CLOSE, "Закрыть проект", "Проект закрыт", {_S.ACTIVE}, None, {_P.CUSTOMER}, icon="flag"),
        _row(
            Verb.TERMINATE,
            "Прекратить проект",
            "Проект прекращён",
            {_S.APPROVAL, _S.ACTIVE, _S.PAUSED},
            _S.TERMINATED,
            {_P.CUSTOMER},
            True,
            icon="ban",
        ),
        _row(
            Verb.DROP,
            "Удалить черновик",
            "Черновик снят",
            {_S.DRAFT},
            _S.TERMINATED,
            _LEADING,
            True,
            icon="trash",
        ),
        _row(
            Verb.REASSIGN,
            "Заменить заказчика, руководителя или организацию",
            "Сменился ответственный",
            {_S.DRAFT, _S.APPROVAL, *LIVING},
            None,
            {_P.OFFICE, _P.OVERSEER},
            True,
            icon="transform",
        ),
    )
}
