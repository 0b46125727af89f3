"""States of a proposal and the one table of what may follow what (domain, 4.21)."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a proposal stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REGISTERED = "registered"
    UNDER_REVIEW = "under_review"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    TO_PROJECT = "to_project"
    DUPLICATE = "duplicate"
    IN_PROGRESS = "in_progress"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    IMPLEMENTED = "implemented"
    VERIFIED = "verified"
    REWARDED = "rewarded"
    CLOSED = "closed"

    @property
    def title(self) -> str:  # type: ignore[override]
        """Return the state in words."""
        return TITLES[self]

    @property
    def tone(self) -> str:
        """Return the tone of its badge."""
        return TONES[self]


S = State
TITLES: dict[str, str] = {
    S.DRAFT: "Черновик",
    S.SUBMITTED: "Подано",
    S.REGISTERED: "Зарегистрировано",
    S.UNDER_REVIEW: "Рассматривается",
    S.RETURNED: "Нужно уточнить",
    S.ACCEPTED: "Принято",
    S.REJECTED: "Отклонено",
    S.TO_PROJECT: "Передано в проект",
    S.DUPLICATE: "Повтор",
    S.IN_PROGRESS: "Внедряется",
    S.POSTPONED: "Отложено",
    S.CANCELLED: "Снято",
    S.IMPLEMENTED: "Внедрено",
    S.VERIFIED: "Внедрение подтверждено",
    S.REWARDED: "Автор поощрён",
    S.CLOSED: "Завершено",
}
TONES: dict[str, str] = {
    **dict.fromkeys((S.DRAFT, S.DUPLICATE, S.CANCELLED, S.CLOSED), "neutral"),
    **dict.fromkeys((S.SUBMITTED, S.REGISTERED, S.UNDER_REVIEW, S.IN_PROGRESS, S.TO_PROJECT), "info"),
    **dict.fromkeys((S.RETURNED, S.POSTPONED), "warn"),
    S.REJECTED: "bad",
    **dict.fromkeys((S.ACCEPTED, S.IMPLEMENTED, S.VERIFIED, S.REWARDED), "good"),
}

# Counted as «реализовано» (4.21): implemented with a date, whatever happened after.
IMPLEMENTED = frozenset({S.IMPLEMENTED, S.VERIFIED, S.REWARDED, S.CLOSED})
# Everybody of the municipality sees these, without names: the catalogue.
PUBLIC = frozenset({S.ACCEPTED, S.IN_PROGRESS, *IMPLEMENTED})
# Somebody owes the author an answer.
AWAITING_ANSWER = frozenset({S.SUBMITTED, S.REGISTERED, S.UNDER_REVIEW})
# Somebody owes an act; a term runs.
WITH_TERM = frozenset({*AWAITING_ANSWER, S.RETURNED, S.ACCEPTED, S.IN_PROGRESS, S.IMPLEMENTED})
FINAL = frozenset({S.REJECTED, S.TO_PROJECT, S.DUPLICATE, S.CANCELLED, S.CLOSED})


class Party(StrEnum):
    """Who somebody is to one proposal."""

    AUTHOR = "author"
    REGISTRAR = "registrar"
    HEAD = "head"
    COMMISSION = "commission"
    RESPONSIBLE = "responsible"
    REWARDER = "rewarder"
    OVERSEER = "overseer"
    SYSTEM = "system"


PARTY_TITLES: dict[str, str] = {
    Party.AUTHOR: "автор",
    Party.REGISTRAR: "координатор",
    Party.HEAD: "руководитель",
    Party.COMMISSION: "комиссия",
    Party.RESPONSIBLE: "ответственный за внедрение",
    Party.REWARDER: "тот, кто поощряет",
    Party.OVERSEER: "куратор или оператор мониторинга",
    Party.SYSTEM: "система",
}


class Verb(StrEnum):
    """What can be done to a proposal that changes its state."""

    SUBMIT = "submit"
    REGISTER = "register"
    TAKE = "take"
    COMMISSION = "commission"
    ACCEPT = "accept"
    RETURN = "return"
    ANSWER = "answer"
    REJECT = "reject"
    PROJECT = "project"
    DUPLICATE = "duplicate"
    APPEAL = "appeal"
    START = "start"
    IMPLEMENT = "implement"
    VERIFY = "verify"
    REWORK = "rework"
    REWARD = "reward"
    CLOSE = "close"
    POSTPONE = "postpone"
    RESUME = "resume"
    CANCEL = "cancel"
    WITHDRAW = "withdraw"


@dataclass(frozen=True)
class Transition:
    """One permitted change: from which states, to which, by whom, and whether it must say why."""

    verb: Verb
    sources: frozenset[State]
    target: State
    parties: frozenset[Party]
    title: str
    done: str
    needs_reason: bool = False
    # The parts of deciding: never by an author of the proposal.
    is_decision: bool = False
    icon: str = "circle-dot"


P = Party
_DECIDERS = frozenset({P.HEAD, P.COMMISSION, P.SYSTEM})
_OFFICE = frozenset({P.REGISTRAR, P.HEAD, P.COMMISSION, P.SYSTEM})
_DOERS = frozenset({P.RESPONSIBLE, P.REGISTRAR, P.HEAD, P.SYSTEM})
_OPEN = frozenset({S.REGISTERED, S.UNDER_REVIEW})


def _t(
    verb: Verb,
    sources: frozenset[State] | State,
    target: State,
    parties: frozenset[Party],
    title: str,
    done: str,
    **more: object,
) -> Transition:
    found = sources if isinstance(sources, frozenset) else frozenset({sources})
    return Transition(verb, found, target, parties, title, done, **more)  # type: ignore[arg-type]


TABLE: dict[Verb, Transition] = {
    row.verb: row
    for row in (
        _t(Verb.SUBMIT, S.DRAFT, S.SUBMITTED, frozenset({P.AUTHOR, P.SYSTEM}), "Отправить", "Подано", icon="send"),
        _t(Verb.REGISTER, S.SUBMITTED, S.REGISTERED, _OFFICE, "Зарегистрировать", "Зарегистрировано", icon="bookmark"),
        _t(Verb.TAKE, S.REGISTERED, S.UNDER_REVIEW, _OFFICE, "Взять на рассмотрение", "Рассмотрение начато",
           icon="eye"),
        _t(Verb.COMMISSION, _OPEN, S.UNDER_REVIEW, _OFFICE, "Передать комиссии", "Передано комиссии",
           icon="users-group"),
        _t(Verb.ACCEPT, _OPEN, S.ACCEPTED, _DECIDERS, "Принять", "Принято", is_decision=True, icon="check"),
        _t(Verb.RETURN, _OPEN, S.RETURNED, _OFFICE, "Вернуть на уточнение", "Возвращено на уточнение",
           needs_reason=True, is_decision=True, icon="arrow-back-up"),
        _t(Verb.ANSWER, S.RETURNED, S.UNDER_REVIEW, frozenset({P.AUTHOR, P.REGISTRAR, P.SYSTEM}),
           "Ответить и отправить снова", "Уточнено", needs_reason=True, icon="send"),
        _t(Verb.REJECT, _OPEN, S.REJECTED, _DECIDERS, "Отклонить", "Отклонено", needs_reason=True, is_decision=True,
           icon="x"),
        _t(Verb.PROJECT, _OPEN | {S.ACCEPTED}, S.TO_PROJECT, _DECIDERS, "Передать в проект", "Передано в проект",
           is_decision=True, icon="briefcase"),
        _t(Verb.DUPLICATE, _OPEN | {S.RETURNED}, S.DUPLICATE, _OFFICE, "Объединить с другим", "Объединено как повтор",
           is_decision=True, icon="copy"),
        _t(Verb.APPEAL, S.REJECTED, S.UNDER_REVIEW, frozenset({P.AUTHOR, P.SYSTEM}), "Обжаловать", "Обжаловано",
           needs_reason=True, icon="scale"),
        _t(Verb.START, S.ACCEPTED, S.IN_PROGRESS, _DOERS, "Начать внедрение", "Внедрение начато", icon="player-play"),
        _t(Verb.IMPLEMENT, frozenset({S.ACCEPTED, S.IN_PROGRESS}), S.IMPLEMENTED, _DOERS, "Отметить внедрение",
           "Внедрено", icon="circle-check"),
        _t(Verb.VERIFY, S.IMPLEMENTED, S.VERIFIED, frozenset({P.AUTHOR, P.HEAD, P.COMMISSION, P.OVERSEER, P.SYSTEM}),
           "Подтвердить внедрение", "Внедрение подтверждено", icon="shield-check"),
        _t(Verb.REWORK, S.IMPLEMENTED, S.IN_PROGRESS, frozenset({P.HEAD, P.COMMISSION, P.OVERSEER, P.SYSTEM}),
           "Вернуть во внедрение", "Возвращено во внедрение", needs_reason=True, icon="refresh"),
        _t(Verb.REWARD, S.VERIFIED, S.REWARDED, frozenset({P.REWARDER, P.SYSTEM}), "Поощрить", "Автор поощрён",
           icon="award"),
        _t(Verb.CLOSE, frozenset({S.VERIFIED, S.REWARDED}), S.CLOSED, _OFFICE, "Завершить", "Завершено",
           icon="archive"),
        _t(Verb.POSTPONE, frozenset({S.ACCEPTED, S.IN_PROGRESS}), S.POSTPONED, _OFFICE, "Отложить", "Отложено",
           needs_reason=True, icon="clock"),
        _t(Verb.RESUME, S.POSTPONED, S.ACCEPTED, _OFFICE, "Возобновить", "Возобновлено", icon="player-play"),
        _t(Verb.CANCEL, frozenset({S.ACCEPTED, S.IN_PROGRESS, S.POSTPONED}), S.CANCELLED, _DECIDERS,
           "Снять с внедрения", "Снято с внедрения", needs_reason=True, is_decision=True, icon="ban"),
        _t(Verb.WITHDRAW, frozenset({S.SUBMITTED, S.REGISTERED, S.UNDER_REVIEW, S.RETURNED}), S.CANCELLED,
           frozenset({P.AUTHOR, P.SYSTEM}), "Отозвать", "Отозвано автором", icon="arrow-back-up"),
    )
}  # fmt: skip


def allowed(state: State | str, parties: frozenset[Party]) -> list[Transition]:
    """Return the changes that somebody of these parties may make from the state."""
    return [row for row in TABLE.values() if state in row.sources and row.parties & parties]


def move(source: State | str, target: State | str) -> Transition | None:
    """Return the change that leads from one state to another, for a board; a state onto itself is none."""
    if source == target:
        return None
    found = [row for row in TABLE.values() if source in row.sources and row.target == target]
    # Of two ways to one state the earlier in the table is the ordinary one.
    return found[0] if found else None
