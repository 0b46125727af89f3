"""What changes: an edition is loaded, days of the calendar are set. An edition itself is never changed."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

import holidays
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from gemba.audit.actions import record
from gemba.kernel.problems import Problem, Refusal
from gemba.kernel.words import normalise
from gemba.organisation.access import Actor, require
from gemba.organisation.models import Municipality
from gemba.regulations.models import CalendarDay, ClauseText, DayKind, Edition
from gemba.regulations.pack import Pack, PackError, load_pack
from gemba.regulations.pack.addresses import addresses


def load_edition(
    *, actor: Actor, municipality: Municipality, source: bytes, name: str, at: datetime
) -> Edition:
    """Load a pack into a municipality as an immutable edition; nothing is half loaded.

    :raises PackError: when the file is not a valid pack.
    :raises Refusal: when it belongs to another municipality, or the edition or its day is taken.
    """
    require(actor, "regulations.load")
    require_own_municipality(actor, municipality)
    pack = load_pack(source, name=name)
    fingerprint = hashlib.sha256(source).hexdigest()
    _refuse_misplaced(municipality, pack, fingerprint)
    try:
        with transaction.atomic():
            edition = Edition.objects.create(
                municipality=municipality,
                code=pack.edition.code,
                title=pack.edition.title,
                programme=pack.edition.programme,
                first_year=min(pack.edition.years),
                last_year=max(pack.edition.years),
                effective_on=pack.edition.effective_on,
                is_draft=pack.edition.is_draft,
                changes=pack.edition.changes or "",
                pack=pack.model_dump(mode="json", exclude_unset=True),
                source=source.decode("utf-8-sig"),
                fingerprint=fingerprint,
                loaded_at=at,
                loaded_by=actor.name,
            )
            ClauseText.objects.bulk_create(_clauses(edition, pack), batch_size=500)
            record(
                act="regulations.load",
                actor=actor,
                subject=edition,
                title=f"Редакция «{edition.title}»",
                municipality_id=municipality.pk,
                at=at,
                after={
                    "code": edition.code,
                    "effective_on": edition.effective_on,
                    "fingerprint": fingerprint,
                },
            )
    except IntegrityError:
        raise Refusal(
            Problem(
                "Эту редакцию только что загрузил кто-то другой.",
                mend="Обновите страницу и сравните загруженное.",
            )
        ) from None
    return edition


def require_own_municipality(actor: Actor, municipality: Municipality) -> None:
    """Stop an act in another municipality; a command on the server may act in any.

    :raises PermissionDenied: when the municipality is not the actor's.
    """
    if not actor.is_system and actor.municipality_id != municipality.pk:
        raise PermissionDenied("Это положение другого округа.")


def _clauses(edition: Edition, pack: Pack) -> list[ClauseText]:
    return [
        ClauseText(
            edition=edition,
            ordinal=ordinal,
            ref=address.ref,
            document=address.document,
            number=address.number,
            title=address.title,
            text=address.text,
            words=normalise(f"{address.number} {address.title} {address.text}"),
        )
        for ordinal, address in enumerate(addresses(pack).values(), start=1)
    ]


def _refuse_misplaced(municipality: Municipality, pack: Pack, fingerprint: str) -> None:
    if pack.municipality.code != municipality.code:
        raise Refusal(
            Problem(
                f"Это положение другого муниципалитета: {pack.municipality.name}.",
                mend=f"Загрузите файл с municipality.code: {municipality.code}.",
            )
        )
    known = Edition.objects.filter(municipality=municipality)
    same = known.filter(code=pack.edition.code).first()
    if same:
        if same.fingerprint == fingerprint:
            raise Refusal(Problem(f"Редакция «{same.code}» уже загружена, файл тот же.", field="file"))
        raise Refusal(
            Problem(
                f"Редакция «{same.code}» уже загружена, а её текст другой. Загруженная редакция не меняется.",
                field="file",
                mend="Дайте исправленной редакции другой код и день вступления в силу.",
            )
        )
    if known.filter(effective_on=pack.edition.effective_on).exists():
        raise Refusal(
            Problem(
                f"С {pack.edition.effective_on:%d.%m.%Y} уже действует другая редакция.",
                field="file",
                mend="Проверьте edition.effective_on.",
            )
        )


def fill_calendar(*, actor: Actor, municipality: Municipality, years: list[int], at: datetime) -> int:
    """Copy the holidays and moved days of Russia into the municipality's calendar; own days stay. Return how many."""
    require(actor, "regulations.edit_calendar")
    require_own_municipality(actor, municipality)
    known = set(CalendarDay.objects.filter(municipality=municipality).values_list("day", flat=True))
    russia = holidays.country_holidays("RU", years=years, language="ru")
    days = [
        CalendarDay(municipality=municipality, day=day, kind=DayKind.OFF, title=title[:200])
        for day, title in sorted(russia.items())
        if day not in known
    ]
    days += [
        CalendarDay(
            municipality=municipality, day=day, kind=DayKind.WORKING, title="Рабочий выходной (перенос)"
        )
        for day in sorted(russia.weekend_workdays - russia.keys() - known)
        if day.year in years
    ]
    with transaction.atomic():
        CalendarDay.objects.bulk_create(days, ignore_conflicts=True)
        record(
            act="regulations.fill_calendar",
            actor=actor,
            subject=municipality,
            title=f"Производственный календарь: {', '.join(str(year) for year in years)}",
            municipality_id=municipality.pk,
            at=at,
            after={"days": len(days)},
        )
    return len(days)


def set_calendar_day(
    *, actor: Actor, municipality: Municipality, day: date, kind: str, title: str, at: datetime
) -> CalendarDay:
    """Make a day off or working.

    :raises Refusal: when the kind is unknown or the title empty.
    """
    require(actor, "regulations.edit_calendar")
    require_own_municipality(actor, municipality)
    problems = []
    if kind not in DayKind.values:
        problems.append(Problem("Выберите, выходной это или рабочий день.", field="kind"))
    if not title.strip():
        problems.append(Problem("Напишите причину: праздник, перенос, местный выходной.", field="title"))
    if problems:
        raise Refusal(problems)
    with transaction.atomic():
        before = CalendarDay.objects.select_for_update().filter(municipality=municipality, day=day).first()
        was = {"kind": before.get_kind_display(), "title": before.title} if before else {}
        saved, _ = CalendarDay.objects.update_or_create(
            municipality=municipality, day=day, defaults={"kind": kind, "title": title.strip()[:200]}
        )
        record(
            act="regulations.set_calendar_day",
            actor=actor,
            subject=saved,
            title=f"Календарь: {day:%d.%m.%Y}",
            municipality_id=municipality.pk,
            at=at,
            before=was,
            after={"kind": saved.get_kind_display(), "title": saved.title},
        )
    return saved


def clear_calendar_day(*, actor: Actor, municipality: Municipality, day: date, at: datetime) -> None:
    """Let a day follow the five-day week again.

    :raises Refusal: when the day is not in the calendar.
    """
    require(actor, "regulations.edit_calendar")
    require_own_municipality(actor, municipality)
    with transaction.atomic():
        found = CalendarDay.objects.select_for_update().filter(municipality=municipality, day=day).first()
        if found is None:
            raise Refusal(Problem(f"{day:%d.%m.%Y} уже не отмечен в календаре."))
        record(
            act="regulations.clear_calendar_day",
            actor=actor,
            subject=found,
            title=f"Календарь: {day:%d.%m.%Y}",
            municipality_id=municipality.pk,
            at=at,
            before={"kind": found.get_kind_display(), "title": found.title},
        )
        found.delete()


__all__ = ["PackError", "clear_calendar_day", "fill_calendar", "load_edition", "set_calendar_day"]
