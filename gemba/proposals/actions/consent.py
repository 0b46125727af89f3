"""A person's consent to be named among the best."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from gemba.audit.actions import record
from gemba.organisation.access import Actor
from gemba.organisation.models import Person
from gemba.proposals.models import NameConsent


def give_consent(*, actor: Actor, person: Person, at: datetime) -> None:
    """Write down that the person agrees to be named; agreeing twice changes nothing.

    :raises PermissionDenied: when somebody agrees for another.
    """
    _own(actor, person)
    with transaction.atomic():
        _, is_new = NameConsent.objects.get_or_create(person=person, defaults={"given_at": at})
        if is_new:
            record(
                act="proposals.consent", actor=actor, subject=person, title=person.full_name,
                municipality_id=person.municipality_id, at=at, after={"consent": True},
            )  # fmt: skip


def take_consent_back(*, actor: Actor, person: Person, at: datetime) -> None:
    """Write down that the person is not to be named any more.

    :raises PermissionDenied: when somebody speaks for another.
    """
    _own(actor, person)
    with transaction.atomic():
        count, _ = NameConsent.objects.filter(person=person).delete()
        if count:
            record(
                act="proposals.consent_back", actor=actor, subject=person, title=person.full_name,
                municipality_id=person.municipality_id, at=at, before={"consent": True}, after={"consent": False},
            )  # fmt: skip


def _own(actor: Actor, person: Person) -> None:
    if not actor.is_system and actor.person_id != person.pk:
        raise PermissionDenied("Согласие даёт и отзывает сам человек.")
    if actor.municipality_id != person.municipality_id:
        raise PermissionDenied("Это сотрудник другого округа.")
