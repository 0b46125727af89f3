"""Personal codes: given out, checked with a limit of attempts, and sending by them without an account."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import Q

from gemba.audit.actions import record
from gemba.kernel.numbers import counted
from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.access import Actor, require
from gemba.organisation.models import Organisation, Person, Unit
from gemba.proposals.actions.base import day_of
from gemba.proposals.actions.submit import NewProposal, create
from gemba.proposals.models import CodeFailure, PersonCode, Proposal, Source
from gemba.proposals.pictures import Picture
from gemba.proposals.queries.rules import rules_of
from gemba.proposals.queries.units import people_of_unit

MOST_AT_ONCE = 500
# One person's code is not tried from a thousand addresses either.
PERSON_LIMIT = 20
UNIT_LIMIT = 60
KEPT = timedelta(days=1)


@lru_cache(maxsize=1)
def _nobody() -> str:
    return make_password(secrets.token_hex(8))


@dataclass(frozen=True)
class Issued:
    """A code to hand over: shown and printed once, never kept."""

    person: Person
    code: str
    expires_on: date


def issue_codes(
    *, actor: Actor, organisation: Organisation, people: Sequence[Person], at: datetime
) -> list[Issued]:
    """Give these people of the organisation new codes; the old ones stop working.

    :raises PermissionDenied: when the organisation is not the actor's.
    :raises Refusal: when nobody is chosen, too many are, or one is of another municipality.
    """
    require(actor, "proposals.issue_codes", organisation.pk)
    if not people or len(people) > MOST_AT_ONCE:
        raise Refusal(
            Problem("Отметьте, кому выдать коды.", mend=f"Не больше {MOST_AT_ONCE} человек за раз.")
        )
    if any(person.municipality_id != actor.municipality_id for person in people):
        raise Refusal(Problem("Среди выбранных сотрудник другого округа.", mend="Уберите его."))
    rules = rules_of(organisation.municipality_id)
    today = day_of(at, organisation.municipality)
    expires = today + timedelta(days=rules.code_days)
    issued = []
    with transaction.atomic():
        for person in people:
            code = "".join(secrets.choice("0123456789") for _ in range(rules.code_digits))
            PersonCode.objects.update_or_create(
                person=person,
                defaults={
                    "municipality_id": person.municipality_id, "digest": make_password(code), "issued_on": today,
                    "expires_on": expires, "issued_by": actor.name[:200],
                },
            )  # fmt: skip
            CodeFailure.objects.filter(person=person).delete()
            issued.append(Issued(person, code, expires))
        record(
            act="proposals.issue_codes", actor=actor, subject=organisation,
            title=f"{organisation}: {counted(len(issued), 'код', 'кода', 'кодов')}",
            municipality_id=organisation.municipality_id, at=at, after={"people": [str(one.person) for one in issued]},
        )  # fmt: skip
    return issued


def check_code(*, unit: Unit, person: Person, code: str, address: str, at: datetime) -> None:
    """Let pass whoever knows the code; count the failures.

    :raises Refusal: when the code is wrong, has expired, was never given, or too many were tried.
    """
    town = unit.organisation.municipality
    rules = rules_of(town.pk)
    since = at - timedelta(minutes=rules.attempts_minutes)
    recent = CodeFailure.objects.filter(at__gt=since)
    tried = recent.filter(unit=unit, address=address[:64]).count()
    flood = (
        recent.filter(person=person).count() >= PERSON_LIMIT or recent.filter(unit=unit).count() >= UNIT_LIMIT
    )
    if tried >= rules.attempts or flood:
        wait = counted(rules.attempts_minutes, "минуту", "минуты", "минут")
        raise Refusal(
            Problem(
                f"Слишком много неверных кодов. Подождите {wait} и попробуйте ещё раз.", field="code",
                mend="Текст сохранён в форме. Если код забыт, новый даст координатор.",
            )
        )  # fmt: skip
    kept = PersonCode.objects.filter(person=person).first()
    # Without a code the same work is done, so that the time of the answer does not tell who has one.
    is_right = check_password(code.strip(), kept.digest if kept else _nobody())
    if kept is not None and is_right and kept.expires_on < day_of(at, town):
        raise Refusal(
            Problem(
                f"Срок кода истёк {kept.expires_on:%d.%m.%Y}.",
                field="code",
                mend="Новый код даст координатор.",
            )
        )
    if kept is None or not is_right:
        CodeFailure.objects.create(unit=unit, person=person, address=address[:64], at=at)
        left = rules.attempts - tried - 1
        more = (
            f"Осталось {counted(left, 'попытка', 'попытки', 'попыток')}." if left else "Попытки закончились."
        )
        raise Refusal(
            Problem(
                f"Код не подходит. {more}", field="code", mend="Код выдаёт координатор вашей организации."
            )
        )
    CodeFailure.objects.filter(unit=unit, address=address[:64]).delete()


def submit_by_qr(
    *,
    unit: Unit,
    person: Person | None,
    code: str,
    problem: str,
    solution: str,
    photos: Sequence[Picture],
    sent_key: str,
    address: str,
    at: datetime,
) -> Proposal:
    """Send a proposal from the page of a unit: by name and code, or without a name where the municipality allows.

    :raises Refusal: when the code or the texts are wrong, or a name is needed.
    """
    organisation = unit.organisation
    town = organisation.municipality
    today = day_of(at, town)
    # Replayed after an answer that was lost on the way: the person has proved themselves the first time.
    known = Proposal.objects.filter(sent_key=sent_key, municipality=town).first() if sent_key else None
    if known is not None:
        return known
    if not unit.is_on(today) or not organisation.is_on(today):
        raise Refusal(
            Problem("Этого подразделения больше нет.", mend="Спросите у координатора новый QR-код.")
        )
    if person is None:
        if not rules_of(town.pk).allows_anonymous:
            raise Refusal(
                Problem("Выберите своё имя.", field="person", mend="В вашем округе предложения именные.")
            )
    else:
        if not people_of_unit(unit=unit, day=today).filter(pk=person.pk).exists():
            raise Refusal(Problem("Выберите своё имя из списка.", field="person"))
        check_code(unit=unit, person=person, code=code, address=address, at=at)
    actor = Actor(
        person_id=person.pk if person else None, name=person.full_name if person else "Без имени",
        municipality_id=town.pk, today=today, ip=address or None, municipality=town,
    )  # fmt: skip
    new = NewProposal(
        organisation=organisation, unit=unit, author=person, problem=problem, solution=solution, photos=photos
    )
    return create(actor=actor, new=new, at=at, source=Source.QR, sent_key=sent_key)


def forget_failures(*, at: datetime) -> None:
    """Clear away failures of yesterday and before."""
    CodeFailure.objects.filter(Q(at__lt=at - KEPT)).delete()
