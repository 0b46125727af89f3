"""Rewards: who is thanked, by which act, with how many points."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from gemba.kernel.problems import Problem
from gemba.organisation.access import Actor
from gemba.organisation.models import Person
from gemba.proposals.actions.base import happened, move
from gemba.proposals.actions.tell import tell_authors
from gemba.proposals.models import Author, Proposal, Reward, RewardKind
from gemba.proposals.rules.states import Verb


def reward(
    *,
    actor: Actor,
    proposal_id: int,
    at: datetime,
    kind: RewardKind,
    act_number: str,
    act_on: date,
    act_kind: str = "",
    points: int = 0,
    amount: Decimal | None = None,
    note: str = "",
    people: Sequence[Person] = (),
) -> Proposal:
    """Reward the authors (all of them unless some are named) by a decision with its act.

    :raises PermissionDenied: when the actor may not.
    :raises Refusal: when the introduction is not confirmed, nobody is named, or the act or the sum is missing.
    """
    chosen: list[int] = []

    def prepare(proposal: Proposal, today: date) -> list[Problem]:
        authors = list(Author.objects.filter(proposal=proposal).values_list("person_id", flat=True))
        chosen[:] = [person.pk for person in people] or authors
        problems = []
        if proposal.is_anonymous or not authors:
            problems.append(
                Problem("Предложение подано без имени: поощрять некого.", mend="Завершите его без поощрения.")
            )
        if strangers := set(chosen) - set(authors):
            problems.append(
                Problem(
                    f"Среди поощряемых не авторы: {len(strangers)}.",
                    field="people",
                    mend="Выберите из авторов.",
                )
            )
        if not act_number.strip():
            problems.append(
                Problem("Не указан номер акта.", field="act_number", mend="Введите номер распоряжения.")
            )
        if act_on > today:
            problems.append(Problem("Дата акта ещё не наступила.", field="act_on", mend="Проверьте дату."))
        if kind == RewardKind.BONUS and not amount:
            problems.append(
                Problem("Не указана сумма премии.", field="amount", mend="Введите сумму каждому.")
            )
        if kind == RewardKind.POINTS and not points:
            problems.append(
                Problem("Не указано число баллов.", field="points", mend="Введите баллы каждому.")
            )
        return problems

    def finish(proposal: Proposal) -> None:
        Reward.objects.bulk_create(
            Reward(
                proposal=proposal, person_id=person_id, kind=kind, act_kind=act_kind.strip(),
                act_number=act_number.strip(), act_on=act_on, points=points,
                amount=amount if kind == RewardKind.BONUS else None, note=note.strip(), given_at=at,
                given_by=actor.name[:200],
            )
            for person_id in chosen
        )  # fmt: skip
        title = f"Поощрение: {RewardKind(kind).label.lower()}"
        happened(
            proposal,
            actor=actor,
            verb="rewarded",
            title=title,
            at=at,
            text=f"{act_kind} № {act_number}".strip(),
        )
        tell_authors(proposal, title=title, at=at, besides=actor)

    return move(
        actor=actor,
        proposal_id=proposal_id,
        verb=Verb.REWARD,
        at=at,
        reason=note,
        prepare=prepare,
        finish=finish,
    )
