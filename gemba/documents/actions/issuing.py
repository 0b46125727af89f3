"""A document is issued: filled, numbered, kept for ever as it is; or declared void, with the reason."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from gemba.audit.actions import record
from gemba.documents import numbers
from gemba.documents.access import municipality_of, require_issue
from gemba.documents.actions.files import keep, write_aside
from gemba.documents.kinds import DocumentKind
from gemba.documents.models import Annulment, IssuedDocument, NumberSeries
from gemba.documents.printing import pdf_of
from gemba.documents.queries import build_docx, current_template, next_number
from gemba.documents.rendering import BadTemplate, flaws
from gemba.kernel.numbers import format_date
from gemba.kernel.problems import Problem, Refusal, refuse_on
from gemba.kernel.words import normalise
from gemba.organisation.access import Actor, require, require_own

# So many people may take the same number at once before the last of them is asked to try again.
ATTEMPTS = 8


def issue(
    *, kind: DocumentKind, subject: Any, actor: Actor, on: date, at: datetime, number: str = ""
) -> IssuedDocument:
    """Issue a document: its files, number, date and author never change afterwards.

    Without a number the next one of the kind and year is given.

    :raises Refusal: when the number is taken, the date is to come, the object is not ready or the template is broken.
    :raises PermissionDenied: when the actor may not.
    """
    require_issue(actor, kind, subject)
    municipality_id = municipality_of(subject)
    assert municipality_id is not None
    problems = _wrong(number, on, timezone.localtime(at).date())
    if kind.hindrances is not None:
        problems += list(kind.hindrances(subject))
    refuse_on(problems)
    template = current_template(municipality_id=municipality_id, kind=kind)
    for _ in range(ATTEMPTS):
        shown = numbers.clean(number) or next_number(
            municipality_id=municipality_id, kind_code=kind.code, year=on.year
        )
        # The pages are drawn before the transaction: it stays short, and nobody waits for a long document.
        try:
            docx = build_docx(
                kind=kind, subject=subject, actor=actor, at=at, template=template, number=shown, on=on
            )
        except BadTemplate as problem:
            raise Refusal(_broken(kind, str(problem))) from problem
        if found := flaws(docx):
            raise Refusal(_broken(kind, found[0]))
        pdf = pdf_of(docx).content
        aside = [write_aside(content, municipality_id=municipality_id) for content in (docx, pdf)]
        try:
            with transaction.atomic():
                taken = _take_number(
                    municipality_id, kind.code, on.year, shown, is_given=bool(number.strip())
                )
                if not taken:
                    continue
                made = IssuedDocument.objects.create(
                    municipality_id=municipality_id,
                    organisation_id=getattr(subject, "organisation_id", None),
                    kind_code=kind.code,
                    kind_title=kind.title[:200],
                    subject_kind=subject._meta.label_lower,
                    subject_id=subject.pk,
                    title=kind.name_of(subject)[:400],
                    number=shown,
                    number_key=numbers.key(shown),
                    year=on.year,
                    dated_on=on,
                    issued_at=at,
                    issued_by=actor.user_id,
                    issued_by_name=actor.name[:200],
                    template=template,
                    docx=keep(docx, aside[0], municipality_id=municipality_id, kind="docx", at=at),
                    pdf=keep(pdf, aside[1], municipality_id=municipality_id, kind="pdf", at=at),
                    words=normalise(f"{shown} {kind.title} {kind.name_of(subject)}"),
                )
                record(
                    act="documents.issue", actor=actor, subject=made,
                    title=f"{made.title} № {shown} от {format_date(on)}", municipality_id=municipality_id, at=at,
                    after={"number": shown, "dated_on": on, "fingerprint": made.pdf.sha256},
                )  # fmt: skip
                return made
        except IntegrityError:
            if number.strip():
                raise Refusal(_taken(kind, shown, on.year)) from None
    raise Refusal(
        Problem("Номер только что заняли несколько раз подряд.", field="number", mend="Выдайте ещё раз.")
    )


def annul(*, actor: Actor, document: IssuedDocument, reason: str, at: datetime) -> Annulment:
    """Declare an issued document void; its row, its files and its number stay.

    :raises Refusal: when there is no reason, or it is void already.
    :raises PermissionDenied: when the actor may not.
    """
    require(actor, "documents.annul")
    require_own(actor, document)
    reason = " ".join(reason.split())[:500]
    if not reason:
        raise Refusal(Problem("Напишите, почему документ аннулируют.", field="reason"))
    with transaction.atomic():
        if Annulment.objects.filter(document=document).exists():
            raise Refusal(Problem("Документ уже аннулирован."))
        try:
            with transaction.atomic():
                made = Annulment.objects.create(
                    document=document, reason=reason, annulled_at=at, annulled_by_name=actor.name[:200]
                )
        except IntegrityError:
            raise Refusal(Problem("Документ уже аннулирован.")) from None
        record(
            act="documents.annul", actor=actor, subject=document, title=f"{document.title} № {document.number}",
            municipality_id=document.municipality_id, at=at, after={"annulled": True}, reason=reason,
        )  # fmt: skip
    return made


def _take_number(municipality_id: int, kind_code: str, year: int, shown: str, *, is_given: bool) -> bool:
    """Hold the series and tell whether the number is still free to take.

    :raises Refusal: when a number somebody wrote is taken.
    """
    NumberSeries.objects.bulk_create(
        [NumberSeries(municipality_id=municipality_id, kind_code=kind_code, year=year)], ignore_conflicts=True
    )
    series = NumberSeries.objects.select_for_update().get(
        municipality_id=municipality_id, kind_code=kind_code, year=year
    )
    is_taken = IssuedDocument.objects.filter(
        municipality_id=municipality_id, kind_code=kind_code, year=year, number_key=numbers.key(shown)
    ).exists()
    if is_given:
        if is_taken:
            raise Refusal(
                Problem(
                    f"Номер {shown} в {year} году уже занят.", field="number",
                    mend="Возьмите другой или оставьте поле пустым: номер подберётся сам.",
                )
            )  # fmt: skip
        return True
    if is_taken:
        return False
    series.last = int(shown)
    series.save(update_fields=["last"])
    return True


def _wrong(number: str, on: date, today: date) -> list[Problem]:
    problems = []
    if len(numbers.clean(number)) > 40:
        problems.append(Problem("Номер длиннее 40 знаков.", field="number", mend="Сократите его."))
    if on > today:
        problems.append(
            Problem(
                f"Дата документа ещё не наступила: {format_date(on)}.", field="on",
                mend="Поставьте сегодняшнюю или более раннюю.",
            )
        )  # fmt: skip
    elif on.year < 2000:
        problems.append(Problem("Проверьте год документа.", field="on"))
    return problems


def _taken(kind: DocumentKind, number: str, year: int) -> Problem:
    return Problem(
        f"Номер {number} в {year} году уже занят: {kind.title.lower()}.", field="number",
        mend="Возьмите другой или оставьте поле пустым: номер подберётся сам.",
    )  # fmt: skip


def _broken(kind: DocumentKind, why: str) -> Problem:
    return Problem(
        f"Шаблон «{kind.title}» не заполняется: {why}.",
        mend="Попросите администратора проверить шаблон или вернуть стандартный.",
    )
