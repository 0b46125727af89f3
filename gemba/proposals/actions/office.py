"""The coordinator's work: assignment, escalation, discussion, ready answers, saved filters, settings."""

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from gemba.audit.actions import record
from gemba.kernel.problems import Problem, Refusal
from gemba.notices.models import Kind
from gemba.organisation.access import Actor, require
from gemba.organisation.models import Municipality, Organisation, Person, User
from gemba.organisation.queries import holders
from gemba.organisation.roles import Role
from gemba.proposals import access
from gemba.proposals.actions.base import author_ids, day_of, happened, locked, note_act
from gemba.proposals.actions.decide import reviewer_problems
from gemba.proposals.actions.tell import ASSIGNMENT, ESCALATION, tell, tell_authors
from gemba.proposals.models import (
    AnswerTemplate,
    Comment,
    EffectMethod,
    Proposal,
    ProposalSettings,
    SavedFilter,
)
from gemba.proposals.queries.rules import rules_of
from gemba.proposals.rules.states import AWAITING_ANSWER, TABLE, State, Verb
from gemba.proposals.rules.terms import ProposalRules

MOST_AT_ONCE = 200


def assign(*, actor: Actor, proposal_ids: Sequence[int], reviewer: Person, at: datetime) -> int:
    """Name who reviews these proposals, all or none; return how many.

    :raises PermissionDenied: when one of them is not the actor's to assign.
    :raises Refusal: when one is decided already, or the reviewer is its author.
    """
    if len(proposal_ids) > MOST_AT_ONCE:
        raise Refusal(Problem(f"Отмечено больше {MOST_AT_ONCE}.", mend="Назначайте частями."))
    with transaction.atomic():
        problems = []
        for pk in sorted(set(proposal_ids)):
            proposal = locked(actor=actor, proposal_id=pk)
            require(actor, "proposals.register", proposal.organisation_id)
            name = proposal.number_text or proposal.title
            if proposal.state not in AWAITING_ANSWER:
                problems.append(
                    Problem(f"{name}: уже «{proposal.stage.title}».", mend="Снимите с него отметку.")
                )
                continue
            if found := reviewer_problems(proposal, reviewer):
                problems += [Problem(f"{name}: {one.text}", field=one.field, mend=one.mend) for one in found]
                continue
            before = {"reviewer": str(proposal.reviewer) if proposal.reviewer_id else ""}
            proposal.reviewer = reviewer
            proposal.version += 1
            proposal.save(update_fields=["reviewer", "version"])
            title = f"Рассматривает {reviewer.short_name}"
            happened(proposal, actor=actor, verb="assign", title=title, at=at)
            note_act(
                proposal,
                actor=actor,
                act="assign",
                at=at,
                before=before,
                after={"reviewer": reviewer.full_name},
            )
            tell(
                title="Рассмотрите предложение", proposal=proposal, at=at, people=[reviewer.pk], kind=ASSIGNMENT,
                besides=actor,
            )  # fmt: skip
        if problems:
            raise Refusal(problems)
    return len(set(proposal_ids))


def escalate(*, actor: Actor, proposal_id: int, at: datetime, reason: str) -> Proposal:
    """Raise one's own proposal one level up, once, saying why.

    :raises PermissionDenied: when the actor is not an author.
    :raises Refusal: when it was raised before, nobody is waited for, or there is no reason.
    """
    with transaction.atomic():
        proposal = locked(actor=actor, proposal_id=proposal_id)
        if not actor.is_system and actor.person_id not in author_ids(proposal):
            raise PermissionDenied("Поднять на уровень выше может автор.")
        if proposal.state not in AWAITING_ANSWER:
            raise Refusal(
                Problem(f"Предложение в состоянии «{proposal.stage.title}»: ответа никто не должен.",
                        mend="Напишите в обсуждении.")
            )  # fmt: skip
        if proposal.has_author_escalated:
            raise Refusal(
                Problem(
                    "Вы уже поднимали это предложение.", mend="Дождитесь ответа или напишите в обсуждении."
                )
            )
        if not reason.strip():
            raise Refusal(
                Problem("Не указана причина.", field="reason", mend="Напишите, почему решение нужно выше.")
            )
        proposal.has_author_escalated = True
        _raise_up(proposal, actor=actor, at=at, text=reason.strip(), title="Автор поднял на уровень выше")
    return proposal


def escalate_silent(*, at: datetime) -> int:
    """Raise one level up whatever got no answer in its term; silence is an error. Return how many."""
    count = 0
    for town in Municipality.objects.all():
        today = day_of(at, town)
        late = Proposal.objects.filter(
            municipality=town, state__in=AWAITING_ANSWER, term_on__lt=today, escalations=0
        ).values_list("pk", flat=True)
        actor = Actor(name="Система", municipality_id=town.pk, today=today, is_system=True, municipality=town)
        for pk in list(late[:5000]):
            with transaction.atomic():
                proposal = locked(actor=actor, proposal_id=pk)
                if proposal.escalations or proposal.state not in AWAITING_ANSWER:
                    continue  # answered meanwhile
                text = "Ответа не было в срок."
                _raise_up(
                    proposal, actor=actor, at=at, text=text, title="Поднято на уровень выше: срок прошёл"
                )
            count += 1
    return count


def resume_due(*, at: datetime) -> int:
    """Take up again whatever was put off until today. Return how many."""
    from gemba.proposals.actions.decide import resume

    count = 0
    for town in Municipality.objects.all():
        today = day_of(at, town)
        due = Proposal.objects.filter(municipality=town, state=State.POSTPONED, postponed_until__lte=today)
        actor = Actor(name="Система", municipality_id=town.pk, today=today, is_system=True, municipality=town)
        for pk in list(due.values_list("pk", flat=True)[:5000]):
            try:
                resume(actor=actor, proposal_id=pk, at=at)
            except Refusal:
                continue  # somebody was quicker
            count += 1
    return count


def _raise_up(proposal: Proposal, *, actor: Actor, at: datetime, text: str, title: str) -> None:
    proposal.escalations += 1
    proposal.escalated_on = day_of(at, proposal.municipality)
    proposal.version += 1
    proposal.save(update_fields=["escalations", "escalated_on", "has_author_escalated", "version"])
    happened(proposal, actor=actor, verb="escalate", title=title, at=at, text=text)
    note_act(
        proposal, actor=actor, act="escalate", at=at, reason=text, after={"escalations": proposal.escalations}
    )
    tell(
        title=title,
        proposal=proposal,
        at=at,
        users=one_level_up(proposal, at),
        text=text,
        kind=ESCALATION,
        besides=actor,
    )
    tell_authors(proposal, title=title, at=at, besides=actor)


def one_level_up(proposal: Proposal, at: datetime) -> list[User]:
    """Return who stands one level above: the head of the organisation above, else the curator, else the monitor."""
    town, day = proposal.municipality_id, day_of(at, proposal.municipality)
    if proposal.level > 1:
        chain: list[tuple[Role, int | None]] = [(Role.CHAIR, None)]
    else:
        place = Organisation.objects.get(pk=proposal.organisation_id)
        chain = [(Role.UNIT_HEAD, place.parent_id)] if place.parent_id else []
    for role, organisation_id in [*chain, (Role.CURATOR, proposal.organisation_id), (Role.MONITOR, None)]:
        found = list(holders(municipality_id=town, role=role, day=day, organisation_id=organisation_id))
        if found:
            return found
    return []


_MENTION = re.compile(r"@([А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?)(?:\s+([А-ЯЁ])[а-яё]*\.?)?")


def comment(*, actor: Actor, proposal: Proposal, text: str, at: datetime) -> Comment:
    """Write into the discussion; people named with @ are told.

    :raises PermissionDenied: when the discussion is not open to the actor.
    :raises Refusal: when the text is empty or too long, or a person named with @ is unknown or ambiguous.
    """
    if not access.has_whole_view(actor, proposal, author_ids(proposal)) and not actor.is_system:
        raise PermissionDenied("Обсуждение открыто автору, координатору и тем, кто решает.")
    text = text.strip()
    if not text:
        raise Refusal(Problem("Сообщение пустое.", field="text", mend="Напишите хотя бы слово."))
    if len(text) > 5000:
        raise Refusal(Problem("Сообщение длиннее 5000 знаков.", field="text", mend="Разделите его на части."))
    people, problems = _mentioned(proposal, text)
    if problems:
        raise Refusal(problems)
    with transaction.atomic():
        made = Comment.objects.create(
            proposal=proposal, person_id=actor.person_id, user_id=actor.user_id, name=(actor.name or "Без имени")[:200],
            text=text, at=at,
        )  # fmt: skip
        made.mentioned.set(people)
        note_act(proposal, actor=actor, act="comment", at=at)
        named = {person.pk for person in people}
        tell(title="Вас позвали в обсуждение", proposal=proposal, at=at, people=named, text=text, kind=Kind.MESSAGE,
             besides=actor)  # fmt: skip
        others = (
            {*author_ids(proposal), proposal.reviewer_id, proposal.responsible_id} - named - {actor.person_id}
        )
        tell(title="Новое в обсуждении", proposal=proposal, at=at, people=others, text=text, kind=Kind.MESSAGE,
             besides=actor)  # fmt: skip
    return made


def _mentioned(proposal: Proposal, text: str) -> tuple[list[Person], list[Problem]]:
    people, problems = [], []
    for family, initial in dict.fromkeys(_MENTION.findall(text)):
        found = Person.objects.filter(
            municipality_id=proposal.municipality_id, family_name=family, user__isnull=False
        )
        same = [person for person in found[:50] if not initial or person.given_name.startswith(initial)]
        near = [person for person in same if _works_at(person, proposal)]
        same = near or same
        if len(same) == 1:
            people.append(same[0])
        elif same:
            problems.append(
                Problem(
                    f"@{family}: таких сотрудников несколько.",
                    field="text",
                    mend=f"Добавьте имя: @{family} Анна.",
                )
            )
        else:
            problems.append(
                Problem(
                    f"@{family}: такого сотрудника с учётной записью нет.",
                    field="text",
                    mend="Проверьте фамилию.",
                )
            )
    return people, problems


def _works_at(person: Person, proposal: Proposal) -> bool:
    return person.positions.filter(
        Q(organisation_id=proposal.organisation_id), Q(ends_on__isnull=True)
    ).exists()


def keep_template(*, actor: Actor, verb: str, title: str, text: str, at: datetime) -> AnswerTemplate:
    """Keep a ready answer of the municipality; the same title is written anew.

    :raises PermissionDenied: when the actor may not.
    :raises Refusal: when the act is unknown or something is empty.
    """
    require(actor, "proposals.register")
    title, text = title.strip(), text.strip()
    if verb not in TABLE or not title or not text:
        raise Refusal(Problem("Укажите действие, название и текст ответа.", field="text"))
    with transaction.atomic():
        row, _ = AnswerTemplate.objects.update_or_create(
            municipality_id=actor.municipality_id or 0,
            verb=Verb(verb),
            title=title[:100],
            defaults={"text": text[:5000]},
        )
        _note_town(actor, "template", title, at, after={"text": text})
    return row


def drop_template(*, actor: Actor, template_id: int, at: datetime) -> None:
    """Remove a ready answer.

    :raises PermissionDenied: when the actor may not.
    """
    require(actor, "proposals.register")
    with transaction.atomic():
        row = AnswerTemplate.objects.filter(
            pk=template_id, municipality_id=actor.municipality_id or 0
        ).first()
        if row is not None:
            _note_town(actor, "template", row.title, at, before={"text": row.text})
            row.delete()


def keep_filter(*, actor: Actor, title: str, query: str) -> SavedFilter:
    """Keep the filters of a list under a name; the same name is written anew.

    :raises Refusal: when there is no name.
    """
    if not title.strip() or actor.user_id is None:
        raise Refusal(Problem("Назовите отбор.", field="title", mend="Например, «Просрочены у школ»."))
    row, _ = SavedFilter.objects.update_or_create(
        user_id=actor.user_id, title=title.strip()[:100], defaults={"query": query[:1000]}
    )
    return row


def drop_filter(*, actor: Actor, filter_id: int) -> None:
    """Forget a kept filter of one's own."""
    SavedFilter.objects.filter(pk=filter_id, user_id=actor.user_id or 0).delete()


def set_rules(*, actor: Actor, rules: ProposalRules, version: int, at: datetime) -> ProposalSettings:
    """Set the terms and rules of the municipality; a new rate makes a new version of the method of effects.

    :raises PermissionDenied: when the actor may not.
    :raises Refusal: when a value is out of bounds or somebody changed the settings meanwhile.
    """
    require(actor, "proposals.set_rules")
    try:
        checked = ProposalRules.of(rules.as_json())
    except ValueError as error:
        raise Refusal(Problem(str(error))) from error
    with transaction.atomic():
        row, _ = ProposalSettings.objects.get_or_create(municipality_id=actor.municipality_id or 0)
        row = ProposalSettings.objects.select_for_update().get(pk=row.pk)
        if row.version != version:
            raise Refusal(
                Problem("Настройки изменил другой пользователь.", mend="Обновите страницу и внесите свои.")
            )
        before = row.rules.as_json()
        row.data = checked.as_json()
        row.version += 1
        row.save()
        _note_town(actor, "set_rules", "Сроки и правила предложений", at, before=before, after=row.data)
        method_of(municipality_id=row.municipality_id, at=at)
    return row


def method_of(*, municipality_id: int, at: datetime) -> EffectMethod:
    """Return the version of the method that the settings of now demand, made when they have changed."""
    rules = rules_of(municipality_id)
    last = EffectMethod.objects.filter(municipality_id=municipality_id).order_by("-number").first()
    same = last is not None and (last.hour_rate, last.work_days_a_year) == (
        Decimal(rules.hour_rate), rules.work_days_a_year
    )  # fmt: skip
    if last is not None and same:
        return last
    return EffectMethod.objects.create(
        municipality_id=municipality_id, number=(last.number if last else 0) + 1, hour_rate=rules.hour_rate,
        work_days_a_year=rules.work_days_a_year, made_at=at,
    )  # fmt: skip


def _note_town(
    actor: Actor,
    act: str,
    title: str,
    at: datetime,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    record(
        act=f"proposals.{act}", actor=actor, subject=None, title=title, municipality_id=actor.municipality_id, at=at,
        before=before, after=after,
    )  # fmt: skip
