"""Deciding: register, take, accept, return, reject, hand over, join, appeal, postpone."""

from datetime import date, datetime, timedelta

from gemba.kernel.numbers import format_date
from gemba.kernel.problems import Problem
from gemba.organisation.access import Actor, may
from gemba.organisation.models import Person
from gemba.proposals.actions.base import author_ids, enter_number, move
from gemba.proposals.actions.tell import ASSIGNMENT, RETURN, deciders, tell, tell_authors
from gemba.proposals.models import Author, Proposal
from gemba.proposals.queries.rules import rules_of
from gemba.proposals.rules.states import FINAL, State, Verb


def register(*, actor: Actor, proposal_id: int, at: datetime) -> Proposal:
    """Give the proposal its number.

    :raises PermissionDenied: when the actor may not.
    :raises Refusal: when it is registered already.
    """

    def prepare(proposal: Proposal, today: date) -> None:
        enter_number(proposal, today)

    return move(actor=actor, proposal_id=proposal_id, verb=Verb.REGISTER, at=at, prepare=prepare)


def take(*, actor: Actor, proposal_id: int, at: datetime, reviewer: Person | None = None) -> Proposal:
    """Begin the review; whoever takes it becomes its reviewer unless another is named.

    :raises PermissionDenied: when the actor may not.
    :raises Refusal: when the state does not allow it or the reviewer is an author.
    """

    def prepare(proposal: Proposal, today: date) -> list[Problem]:
        chosen = reviewer.pk if reviewer else proposal.reviewer_id or actor.person_id
        if reviewer is not None:
            if problems := reviewer_problems(proposal, reviewer):
                return problems
        if chosen not in author_ids(proposal):
            proposal.reviewer_id = chosen
        return []

    return move(actor=actor, proposal_id=proposal_id, verb=Verb.TAKE, at=at, prepare=prepare)


def reviewer_problems(proposal: Proposal, reviewer: Person) -> list[Problem]:
    """Say why this person cannot review the proposal."""
    if reviewer.municipality_id != proposal.municipality_id:
        return [Problem("Это сотрудник другого округа.", field="reviewer", mend="Выберите из своего округа.")]
    if reviewer.pk in author_ids(proposal):
        return [
            Problem(
                f"{reviewer.short_name} — автор предложения.", field="reviewer", mend="Назначьте другого."
            )
        ]
    return []


def to_commission(*, actor: Actor, proposal_id: int, at: datetime, reason: str = "") -> Proposal:
    """Hand the proposal to the commission.

    :raises PermissionDenied: when the actor may not.
    :raises Refusal: when it is with the commission already or the state does not allow it.
    """

    def prepare(proposal: Proposal, today: date) -> list[Problem]:
        if proposal.level > 1:
            return [Problem("Предложение уже у комиссии.", mend="Дождитесь её решения.")]
        proposal.level = 2
        return []

    def finish(proposal: Proposal) -> None:
        tell(
            title="Предложение ждёт решения комиссии", proposal=proposal, at=at, users=deciders(proposal, at),
            kind=ASSIGNMENT, besides=actor,
        )  # fmt: skip

    return move(
        actor=actor, proposal_id=proposal_id, verb=Verb.COMMISSION, at=at, reason=reason, prepare=prepare,
        finish=finish,
    )  # fmt: skip


def accept(
    *,
    actor: Actor,
    proposal_id: int,
    at: datetime,
    reason: str = "",
    responsible: Person | None = None,
    planned_on: date | None = None,
) -> Proposal:
    """Accept the proposal for implementation, naming who does it and by when.

    :raises PermissionDenied: when the actor may not, or it is the commission's to decide.
    :raises Refusal: when the state does not allow it, the actor is an author or the date has passed.
    """

    def prepare(proposal: Proposal, today: date) -> list[Problem]:
        problems = level_problems(actor, proposal)
        last = planned_on or today + timedelta(days=rules_of(proposal.municipality_id).implementation_days)
        if last < today:
            problems.append(
                Problem(
                    f"Срок {format_date(last)} уже прошёл.", field="planned_on", mend="Назначьте день позже."
                )
            )
        if responsible is not None and responsible.municipality_id != proposal.municipality_id:
            problems.append(
                Problem(
                    "Ответственный из другого округа.", field="responsible", mend="Выберите из своего округа."
                )
            )
        proposal.decided_on = today
        proposal.decision = reason.strip()
        proposal.planned_on = last
        proposal.responsible = responsible or (proposal.author if proposal.is_author_ready else None)
        return problems

    def finish(proposal: Proposal) -> None:
        term = f"Внедрить до {format_date(proposal.planned_on)}."
        tell_authors(proposal, title="Предложение принято", at=at, text=reason or term, besides=actor)
        if proposal.responsible_id and proposal.responsible_id != actor.person_id:
            tell(
                title="Вам поручено внедрить", proposal=proposal, at=at, people=[proposal.responsible_id],
                text=term, kind=ASSIGNMENT, besides=actor,
            )  # fmt: skip

    return move(
        actor=actor,
        proposal_id=proposal_id,
        verb=Verb.ACCEPT,
        at=at,
        reason=reason,
        prepare=prepare,
        finish=finish,
    )


def level_problems(actor: Actor, proposal: Proposal) -> list[Problem]:
    """Say why the decision is not of this level: money, other units and appeals are the commission's."""
    if actor.is_system or may(actor, "proposals.decide_at_commission"):
        return []
    if proposal.level > 1:
        return [Problem("Предложение у комиссии: решает она.", mend="Дождитесь её решения.")]
    if proposal.needs_money or proposal.touches_others:
        why = "нужны деньги" if proposal.needs_money else "затронуты другие подразделения"
        return [
            Problem(
                f"В предложении {why}: принять его может только комиссия.", mend="Передайте его комиссии."
            )
        ]
    return []


def return_for_answer(*, actor: Actor, proposal_id: int, at: datetime, reason: str) -> Proposal:
    """Return the proposal to its author with a question; the discussion stays.

    :raises PermissionDenied: when the actor may not.
    :raises Refusal: when there is no question, the state does not allow it or the actor is an author.
    """

    def finish(proposal: Proposal) -> None:
        tell_authors(
            proposal, title="Нужно уточнить предложение", at=at, text=reason, kind=RETURN, besides=actor
        )

    return move(actor=actor, proposal_id=proposal_id, verb=Verb.RETURN, at=at, reason=reason, finish=finish)


def answer(*, actor: Actor, proposal_id: int, at: datetime, reason: str) -> Proposal:
    """Answer the question and send the proposal to review again; the answer becomes part of the history.

    :raises PermissionDenied: when the actor is not an author.
    :raises Refusal: when there is no answer or nothing was asked.
    """

    def finish(proposal: Proposal) -> None:
        users = deciders(proposal, at)
        tell(title="Автор уточнил предложение", proposal=proposal, at=at, people=[proposal.reviewer_id], users=users,
             text=reason, besides=actor)  # fmt: skip

    return move(actor=actor, proposal_id=proposal_id, verb=Verb.ANSWER, at=at, reason=reason, finish=finish)


def reject(*, actor: Actor, proposal_id: int, at: datetime, reason: str) -> Proposal:
    """Reject the proposal and say why.

    :raises PermissionDenied: when the actor may not.
    :raises Refusal: when there is no reason, the state does not allow it or the actor is an author.
    """

    def prepare(proposal: Proposal, today: date) -> list[Problem]:
        problems = level_problems(actor, proposal) if proposal.level > 1 else []
        proposal.decided_on = today
        proposal.decision = reason.strip()
        return problems

    def finish(proposal: Proposal) -> None:
        tell_authors(proposal, title="Предложение отклонено", at=at, text=reason, besides=actor)

    return move(
        actor=actor,
        proposal_id=proposal_id,
        verb=Verb.REJECT,
        at=at,
        reason=reason,
        prepare=prepare,
        finish=finish,
    )


def to_project(*, actor: Actor, proposal_id: int, at: datetime, reason: str = "") -> Proposal:
    """Mark that the proposal needs a project; the projects module takes it from there.

    :raises PermissionDenied: when the actor may not.
    :raises Refusal: when the state does not allow it or the actor is an author.
    """

    def prepare(proposal: Proposal, today: date) -> None:
        proposal.decided_on = proposal.decided_on or today
        proposal.decision = reason.strip() or proposal.decision

    def finish(proposal: Proposal) -> None:
        tell_authors(proposal, title="Предложение станет проектом", at=at, text=reason, besides=actor)

    return move(
        actor=actor,
        proposal_id=proposal_id,
        verb=Verb.PROJECT,
        at=at,
        reason=reason,
        prepare=prepare,
        finish=finish,
    )


def join_duplicate(
    *, actor: Actor, proposal_id: int, original_id: int, at: datetime, reason: str = ""
) -> Proposal:
    """Join a repeated proposal to the original; its authors are credited with the original too.

    :raises PermissionDenied: when the actor may not.
    :raises Refusal: when the original is missing, the same, or has no life before it.
    """

    def prepare(proposal: Proposal, today: date) -> list[Problem]:
        original = (
            Proposal.objects.filter(pk=original_id, municipality_id=proposal.municipality_id)
            .exclude(state=State.DRAFT)
            .first()
        )
        if original is None or original.number is None:
            return [
                Problem(
                    "Такого предложения нет.", field="original", mend="Укажите номер, например 2026-0017."
                )
            ]
        if original.pk == proposal.pk:
            return [
                Problem(
                    "Предложение не может повторять само себя.",
                    field="original",
                    mend="Укажите другой номер.",
                )
            ]
        if original.state == State.DUPLICATE:
            return [
                Problem(f"Предложение {original.number_text} само объединено с другим.", field="original",
                        mend="Объедините с тем, с которым объединено оно.")
            ]  # fmt: skip
        if original.state in FINAL - {State.CLOSED, State.TO_PROJECT}:
            return [
                Problem(f"{original.number_text} в состоянии «{original.stage.title}»: объединять не с чем.",
                        field="original", mend="Рассмотрите это предложение отдельно.")
            ]  # fmt: skip
        proposal.duplicate_of = original
        proposal.decided_on = today
        proposal.decision = reason.strip() or f"Повторяет предложение {original.number_text}."
        return []

    def finish(proposal: Proposal) -> None:
        original = proposal.duplicate_of
        assert original is not None
        # Whatever was joined to this one before goes along.
        Proposal.objects.filter(duplicate_of=proposal).update(duplicate_of=original)
        known = set(author_ids(original))
        Author.objects.bulk_create(
            Author(proposal=original, person_id=row.person_id, organisation_id=row.organisation_id,
                   joined_from=proposal)
            for row in Author.objects.filter(proposal=proposal)
            if row.person_id not in known
        )  # fmt: skip
        tell_authors(
            proposal, title=f"Объединено с предложением {original.number_text}", at=at,
            text="Вы указаны его соавтором.", besides=actor,
        )  # fmt: skip

    return move(
        actor=actor,
        proposal_id=proposal_id,
        verb=Verb.DUPLICATE,
        at=at,
        reason=reason,
        prepare=prepare,
        finish=finish,
    )


def appeal(*, actor: Actor, proposal_id: int, at: datetime, reason: str) -> Proposal:
    """Appeal against a refusal, once: the commission decides anew.

    :raises PermissionDenied: when the actor is not an author.
    :raises Refusal: when it was appealed before, or there is no reason.
    """

    def prepare(proposal: Proposal, today: date) -> list[Problem]:
        if proposal.has_appealed:
            return [
                Problem(
                    "Обжаловать отказ можно один раз, он уже обжалован.", mend="Подайте новое предложение."
                )
            ]
        proposal.has_appealed = True
        proposal.level = 2
        return []

    def finish(proposal: Proposal) -> None:
        tell(
            title="Автор обжаловал отказ", proposal=proposal, at=at, users=deciders(proposal, at), text=reason,
            kind=ASSIGNMENT, besides=actor,
        )  # fmt: skip

    return move(
        actor=actor,
        proposal_id=proposal_id,
        verb=Verb.APPEAL,
        at=at,
        reason=reason,
        prepare=prepare,
        finish=finish,
    )


def postpone(*, actor: Actor, proposal_id: int, at: datetime, reason: str, until: date) -> Proposal:
    """Put the implementation off until a day; on that day it comes back by itself.

    :raises PermissionDenied: when the actor may not.
    :raises Refusal: when there is no reason or the day is not ahead.
    """

    def prepare(proposal: Proposal, today: date) -> list[Problem]:
        if until <= today:
            return [Problem("День возобновления уже наступил.", field="until", mend="Назначьте день позже.")]
        proposal.postponed_until = until
        return []

    def finish(proposal: Proposal) -> None:
        title = f"Внедрение отложено до {format_date(until)}"
        tell_authors(proposal, title=title, at=at, text=reason, besides=actor)

    return move(
        actor=actor,
        proposal_id=proposal_id,
        verb=Verb.POSTPONE,
        at=at,
        reason=reason,
        prepare=prepare,
        finish=finish,
    )


def resume(*, actor: Actor, proposal_id: int, at: datetime, planned_on: date | None = None) -> Proposal:
    """Take the implementation up again.

    :raises PermissionDenied: when the actor may not.
    :raises Refusal: when it was not put off or the new day has passed.
    """

    def prepare(proposal: Proposal, today: date) -> list[Problem]:
        if planned_on is not None and planned_on < today:
            return [Problem("Срок уже прошёл.", field="planned_on", mend="Назначьте день позже.")]
        proposal.postponed_until = None
        days = rules_of(proposal.municipality_id).implementation_days
        proposal.planned_on = planned_on or today + timedelta(days=days)
        return []

    def finish(proposal: Proposal) -> None:
        tell(title="Внедрение возобновлено", proposal=proposal, at=at, people=[proposal.responsible_id],
             kind=ASSIGNMENT, besides=actor)  # fmt: skip

    return move(actor=actor, proposal_id=proposal_id, verb=Verb.RESUME, at=at, prepare=prepare, finish=finish)


def cancel(*, actor: Actor, proposal_id: int, at: datetime, reason: str) -> Proposal:
    """Give up an accepted proposal and say why.

    :raises PermissionDenied: when the actor may not.
    :raises Refusal: when there is no reason, the state does not allow it or the actor is an author.
    """

    def finish(proposal: Proposal) -> None:
        tell_authors(proposal, title="Предложение снято с внедрения", at=at, text=reason, besides=actor)

    return move(actor=actor, proposal_id=proposal_id, verb=Verb.CANCEL, at=at, reason=reason, finish=finish)


def withdraw(*, actor: Actor, proposal_id: int, at: datetime, reason: str = "") -> Proposal:
    """Take one's own proposal back before it is decided.

    :raises PermissionDenied: when the actor is not an author.
    :raises Refusal: when it is decided already.
    """
    return move(actor=actor, proposal_id=proposal_id, verb=Verb.WITHDRAW, at=at, reason=reason)
