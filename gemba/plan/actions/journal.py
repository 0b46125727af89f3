"""Acts on the journal: an entry is written, corrected, cancelled; nothing is ever erased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import Min

from gemba.audit.actions import record
from gemba.kernel.numbers import format_date
from gemba.kernel.periods import Quarter
from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.access import Actor, require, require_own
from gemba.organisation.models import Organisation, Person, Unit
from gemba.organisation.rules import name_key, tidy
from gemba.plan.kinds import KINDS, Asks, Kind
from gemba.plan.models import JournalEntry, JournalPart

MOST_PEOPLE = 300
MOST_COUNT = 10_000


@dataclass(frozen=True)
class EntryFields:
    """What a person says of an event."""

    kind: str
    organisation: Organisation
    on: date
    title: str
    unit: Unit | None = None
    ends_on: date | None = None
    document: str = ""
    link: str = ""
    people: Sequence[str] = ()
    count: int | None = None
    is_marked: bool = False
    quarter: Quarter | None = None
    year: int | None = None
    partners: Sequence[Organisation] = field(default=())
    of: JournalEntry | None = None


class StaleEntry(Refusal):
    """Somebody changed the entry while the person was filling the form."""


def write_entry(*, actor: Actor, fields: EntryFields, at: datetime) -> JournalEntry:
    """Write an event into the journal.

    :raises Refusal: with everything that is wrong with the fields.
    """
    kind = _checked(actor, fields)
    with transaction.atomic():
        entry = JournalEntry(municipality_id=fields.organisation.municipality_id, kind=kind.code)
        _put(entry, kind, fields, actor, at)
        record(
            act="plan.write_entry",
            actor=actor,
            subject=entry,
            title=f"{kind.title}: {entry.title}",
            municipality_id=entry.municipality_id,
            at=at,
            after=_said(entry, fields),
        )
    return entry


def change_entry(
    *, actor: Actor, entry: JournalEntry, fields: EntryFields, version: int, at: datetime
) -> JournalEntry:
    """Correct an entry.

    :raises StaleEntry: when somebody corrected it meanwhile.
    :raises Refusal: with everything that is wrong with the fields.
    """
    require_own(actor, entry)
    require(actor, "plan.enter", entry.organisation_id)
    kind = _checked(actor, fields)
    with transaction.atomic():
        kept = _locked(entry)
        if kept.version != version:
            raise StaleEntry(
                Problem(
                    f"Пока вы заполняли форму, запись изменил другой пользователь: {kept.entered_by}.",
                    mend="Введённое вами не потеряно: откройте запись, сверьте и сохраните ещё раз.",
                )
            )
        was = _as_kept(kept)
        old_project = kept.of
        _put(kept, kind, fields, actor, at)
        if old_project is not None and old_project.pk != kept.of_id:
            _mark_replicated(old_project)
        record(
            act="plan.change_entry",
            actor=actor,
            subject=kept,
            title=f"{kind.title}: {kept.title}",
            municipality_id=kept.municipality_id,
            at=at,
            before=was,
            after=_said(kept, fields),
        )
    return kept


def cancel_entry(*, actor: Actor, entry: JournalEntry, reason: str, at: datetime) -> JournalEntry:
    """Take an entry out of all counts; it stays to be read with the reason.

    :raises Refusal: when it is cancelled already or the reason is missing.
    """
    require_own(actor, entry)
    require(actor, "plan.enter", entry.organisation_id)
    if not reason.strip():
        raise Refusal(
            Problem("Не названа причина.", field="reason", mend="Напишите, почему запись не считается.")
        )
    with transaction.atomic():
        kept = _locked(entry)
        if kept.is_cancelled:
            raise Refusal(Problem("Запись уже отменена.", mend="Обновите страницу."))
        kept.is_cancelled, kept.cancelled_because = True, reason.strip()[:300]
        kept.version += 1
        kept.save()
        if kept.of is not None:
            _mark_replicated(kept.of)
        record(
            act="plan.cancel_entry",
            actor=actor,
            subject=kept,
            title=f"{KINDS[kept.kind].title}: {kept.title}",
            municipality_id=kept.municipality_id,
            at=at,
            reason=reason.strip(),
        )
    return kept


def _locked(entry: JournalEntry) -> JournalEntry:
    return JournalEntry.objects.select_for_update(of=("self",)).select_related("of").get(pk=entry.pk)


def _checked(actor: Actor, fields: EntryFields) -> Kind:
    require_own(actor, fields.organisation)
    require(actor, "plan.enter", fields.organisation.pk)
    kind = KINDS[fields.kind]
    if kind.only_monitor:
        require(actor, "plan.enter_whole")
    problems = _problems(kind, fields, actor.today)
    if problems:
        raise Refusal(problems)
    return kind


def _problems(kind: Kind, fields: EntryFields, today: date) -> list[Problem]:
    found = []
    if not tidy(fields.title):
        found.append(Problem("Не заполнено.", field="title", mend=f"Введите: {kind.subject.lower()}."))
    if fields.on > today:
        found.append(
            Problem("Этот день ещё не наступил.", field="on", mend="Записывайте то, что уже произошло.")
        )
    if fields.on.year < 2000:
        found.append(Problem("Дата не похожа на правду.", field="on", mend="Проверьте год."))
    if fields.ends_on and fields.ends_on < fields.on:
        found.append(
            Problem(
                f"Последний день {format_date(fields.ends_on)} раньше первого {format_date(fields.on)}.",
                field="ends_on",
                mend="Исправьте одну из дат.",
            )
        )
    if kind.needs_document and not fields.document.strip():
        found.append(Problem("Не назван документ.", field="document", mend="Укажите вид, дату и номер."))
    people = _people(fields)
    if kind.has(Asks.PEOPLE) and not people and not (kind.has(Asks.COUNT) and fields.count):
        found.append(
            Problem("Не названо ни одного человека.", field="people", mend="Введите фамилию, имя и отчество.")
        )
    if len(people) > MOST_PEOPLE:
        found.append(
            Problem(f"Людей больше {MOST_PEOPLE}.", field="people", mend="Разделите на несколько записей.")
        )
    found += [
        Problem(
            f"«{name[:60]}» не похоже на имя.", field="people", mend="Пишите по одному человеку в строке."
        )
        for name in people
        if len(name) > 150 or not any(char.isalpha() for char in name)
    ]
    if fields.count is not None and not 0 <= fields.count <= MOST_COUNT:
        found.append(Problem("Число не похоже на правду.", field="count", mend="Проверьте число."))
    if kind.has(Asks.QUARTER):
        if fields.quarter is None:
            found.append(Problem("Не выбран квартал.", field="quarter", mend="Выберите, за какой квартал."))
        elif fields.quarter.first > fields.on:
            found.append(
                Problem("Квартал ещё не начался к этому дню.", field="quarter", mend="Проверьте квартал.")
            )
    if kind.has(Asks.PROJECT) and fields.of is None:
        found.append(
            Problem(
                "Не выбран проект.",
                field="of",
                mend="Сначала запишите закрытый проект, потом его тиражирование.",
            )
        )
    if fields.of is not None and fields.of.on > fields.on:
        found.append(
            Problem(
                f"Проект закрыт {format_date(fields.of.on)}, позже этого дня.",
                field="on",
                mend="Проверьте дату.",
            )
        )
    return found


def _people(fields: EntryFields) -> list[str]:
    return list(dict.fromkeys(name for line in fields.people if (name := tidy(line))))


def _put(entry: JournalEntry, kind: Kind, fields: EntryFields, actor: Actor, at: datetime) -> None:
    entry.organisation, entry.unit = fields.organisation, fields.unit
    entry.on, entry.ends_on = fields.on, fields.ends_on
    entry.counts_on = _counts_on(kind, fields)
    entry.title = tidy(fields.title)[:500]
    entry.document, entry.link = tidy(fields.document)[:300], fields.link.strip()
    entry.is_marked = fields.is_marked if kind.has(Asks.MARK) else False
    entry.of = fields.of if kind.has(Asks.PROJECT) else None
    entry.entered_by, entry.entered_at = actor.name, at
    entry.version = entry.version + 1 if entry.pk else 1
    entry.save()
    JournalPart.objects.filter(entry=entry).delete()
    JournalPart.objects.bulk_create(_parts(entry, kind, fields))
    if entry.of is not None:
        _mark_replicated(entry.of)


def _counts_on(kind: Kind, fields: EntryFields) -> date:
    if kind.has(Asks.QUARTER) and fields.quarter is not None:
        return fields.quarter.last
    if kind.has(Asks.YEAR) and fields.year is not None and fields.year != fields.on.year:
        # A plan of defences may be approved before its year begins: the day stays, the year is that of the plan.
        return date(fields.year, 1, 1) if fields.on.year < fields.year else date(fields.year, 12, 31)
    return fields.on


def _parts(entry: JournalEntry, kind: Kind, fields: EntryFields) -> list[JournalPart]:
    if kind.has(Asks.PEOPLE):
        people = _people(fields)
        known = _known_people(entry.municipality_id, people)
        parts = []
        for name in people:
            person = known.get(name_key(name))
            key = f"p{person.pk}" if person else f"n:{name_key(name)}"
            parts.append(
                JournalPart(
                    entry=entry, organisation=fields.organisation, person=person, person_name=name[:200],
                    person_key=key[:200],
                )
            )  # fmt: skip
        if kind.has(Asks.COUNT) and fields.count:
            parts.append(JournalPart(entry=entry, organisation=fields.organisation, count=fields.count))
        return parts
    count = 1 if fields.count is None or not kind.has(Asks.COUNT) else fields.count
    own = [JournalPart(entry=entry, organisation=fields.organisation, count=count)]
    partners = {one.pk: one for one in fields.partners if one.pk != fields.organisation.pk}
    return own + [JournalPart(entry=entry, organisation=one) for one in partners.values()]


def _known_people(municipality_id: int, names: Sequence[str]) -> dict[str, Person]:
    """Find the people of the register by full name; namesakes stay names, for nobody knows which is meant."""
    keys = [name_key(name) for name in names]
    found: dict[str, Person | None] = {}
    for person in Person.objects.filter(municipality_id=municipality_id, name_key__in=keys):
        found[person.name_key] = None if person.name_key in found else person
    return {key: person for key, person in found.items() if person is not None}


def _mark_replicated(project: JournalEntry) -> None:
    first = JournalEntry.objects.filter(of=project, is_cancelled=False).aggregate(first=Min("on"))["first"]
    JournalEntry.objects.filter(pk=project.pk).update(replicated_on=first)


def _said(entry: JournalEntry, fields: EntryFields) -> dict[str, object]:
    return {
        **_as_kept(entry, with_parts=False),
        "entry_people": _people(fields) or None,
        "entry_count": fields.count,
        "entry_partners": [str(one) for one in fields.partners] or None,
    }


def _as_kept(entry: JournalEntry, *, with_parts: bool = True) -> dict[str, object]:
    said: dict[str, object] = {
        "entry_day": entry.on,
        "entry_until": entry.ends_on,
        "entry_title": entry.title,
        "organisation": str(entry.organisation),
        "entry_document": entry.document,
        "entry_mark": entry.is_marked,
    }
    if with_parts:
        parts = list(JournalPart.objects.filter(entry=entry).select_related("organisation").order_by("pk"))
        said["entry_people"] = [part.person_name for part in parts if part.person_name] or None
        said["entry_count"] = next((part.count for part in parts if not part.person_key), None)
        partners = [str(part.organisation) for part in parts if part.organisation_id != entry.organisation_id]
        said["entry_partners"] = partners or None
    return said
