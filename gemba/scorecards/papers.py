"""The sheet as an official document: Word and PDF, every criterion in the words of the act."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from gemba.documents import kinds
from gemba.documents.files import register_subject
from gemba.documents.kinds import DocumentKind, Field
from gemba.documents.paper import Column, Paper
from gemba.kernel.numbers import format_number
from gemba.kernel.problems import Problem
from gemba.organisation.access import Actor
from gemba.scorecards.access import visible_sheets
from gemba.scorecards.entering import CriterionView, for_page, views_of
from gemba.scorecards.models import Sheet
from gemba.scorecards.queries import procedure_of, proofs_of
from gemba.scorecards.rules.states import State

ROW = {"номер": "1a", "показатель": "Влияет на достижение показателей", "вес": "1", "отметка": "✓", "балл": "1",
       "подтверждение": "Отчёт проекта"}  # fmt: skip


def lines_of(views: Iterable[CriterionView], result: dict[str, Any]) -> list[dict[str, str]]:
    """Return a sheet as rows of a table: a criterion, then its rows."""
    lines = []
    for view in views:
        given = (result.get("criteria") or {}).get(view.code) or {}
        proofs = [*view.proofs, *(proof for row in view.rows for proof in row.proofs)]
        lines.append(
            {
                "номер": view.code, "показатель": view.title, "вес": "", "отметка": view.value,
                "балл": str(given.get("points") or ""), "подтверждение": "; ".join(proof.title for proof in proofs),
            }
        )  # fmt: skip
        lines += [
            {
                "номер": row.code, "показатель": row.text,
                "вес": "" if row.points is None else format_number(row.points),
                "отметка": row.times or ("✓" if row.is_chosen else ""), "балл": "", "подтверждение": "",
            }
            for row in view.rows
        ]  # fmt: skip
    return lines


def sheet_template() -> bytes:
    """Build the standard template of a sheet."""
    paper = Paper(size=13)
    paper.letterhead("{{ округ }}")
    paper.text("{{ заголовок }}", align="center", bold=True, size=14, keep=True)
    paper.text("{{ порядок }}", align="center", after=8)
    paper.dated()
    paper.body("{{ оценивается }}. {{ организация }}.", after=8)
    paper.table(
        [Column("№", 12, "center"), Column("Критерий, показатель", 74), Column("Вес", 14, "center"),
         Column("Отметка", 18, "center"), Column("Балл", 14, "center"), Column("Подтверждение", 38)],
        each="строка in строки",
        row=["{{ строка.номер }}", "{{ строка.показатель }}", "{{ строка.вес }}", "{{ строка.отметка }}",
             "{{ строка.балл }}", "{{ строка.подтверждение }}"],
        size=10,
    )  # fmt: skip
    paper.body("Итог: {{ итог }}. {{ статус }}", after=6)
    paper.signature("{{ подписал_должность }}", "{{ подписал }}", before=18)
    paper.text("Согласовано: {{ согласовал }}")
    return paper.save()


FIELDS = [
    Field("заголовок", "Заголовок", "ЛИСТ ОЦЕНКИ"),
    Field("порядок", "Порядок из положения", "Порядок проведения оценки значимости"),
    Field("оценивается", "Что оценивается", "Ключи у вахты"),
    Field("организация", "Организация", "Школа № 1"),
    Field("строки", "Критерии и показатели", [ROW]),
    Field("итог", "Итог", "8,5 из 10"),
    Field("статус", "Статус", "Региональный бережливый проект."),
    Field("подписал_должность", "Кто оценил: основание", "Сертификат № 7"),
    Field("подписал", "Кто оценил", "Берёзкин Павел Олегович"),
    Field("согласовал", "Кто согласовал", "Зимина Наталья Юрьевна"),
]


def said_total(result: dict[str, Any]) -> str:
    """Write the total with what it is out of, and what is missing in it."""
    shown = for_page(result)
    total = shown.get("total") or shown.get("known_total") or "—"
    most = f" из {shown['maximum']}" if shown.get("maximum") else ""
    return f"{total}{most}" + (f" ({shown['banner'].lower()})" if shown.get("banner") else "")


def _context(sheet: Sheet, actor: Actor, at: datetime) -> dict[str, Any]:
    procedure = procedure_of(sheet)
    views = views_of(
        procedure,
        answers=sheet.answers,
        comments=sheet.comments,
        proofs=proofs_of(sheet),
        context=sheet.context,
    )
    status = (sheet.result or {}).get("status_title") or ""
    return {
        "заголовок": "ЛИСТ ОЦЕНКИ",
        "порядок": procedure.title,
        "оценивается": sheet.subject.title,
        "организация": sheet.subject.organisation.name,
        "строки": lines_of(views, for_page(sheet.result)),
        "итог": said_total(sheet.result),
        "статус": f"{status}." if status else "",
        "подписал_должность": sheet.training.document if sheet.training else "Оценил",
        "подписал": sheet.assessor_name,
        "согласовал": sheet.decided_by if sheet.state == State.AGREED else "____________________",
    }


def _not_ready(sheet: Sheet) -> Sequence[Problem]:
    if sheet.standing.may_be_edited:
        return [Problem("Лист ещё заполняется.", mend="Отправьте его на согласование.")]
    return []


def _sees(actor: Actor, sheet: Sheet) -> bool:
    return visible_sheets(actor).filter(pk=sheet.pk).exists()


def _keeps(actor: Actor, sheet: Sheet) -> bool:
    return actor.person_id is not None and sheet.assessor_id == actor.person_id


SHEET = DocumentKind(
    code="scorecards.sheet",
    title="Лист оценки",
    fields=FIELDS,
    default_template=sheet_template,
    context=_context,
    subject_model="scorecards.Sheet",
    act="scorecards.assess",
    title_of=lambda sheet: f"Лист оценки: {sheet.subject.title}",
    may_issue=_sees,
    hindrances=_not_ready,
)


def register() -> None:
    """Enter the document and let files be attached to sheets."""
    kinds.register(SHEET)
    register_subject(Sheet, _sees, _keeps)
