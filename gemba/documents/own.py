"""The kinds of documents of this module: «Служебная записка» and the reading notes of a regulation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from gemba.audit import words
from gemba.documents.access import may_keep_document, may_read_document, may_read_note, register_subject
from gemba.documents.kinds import DocumentKind, Field
from gemba.documents.kinds import register as register_kind
from gemba.documents.models import IssuedDocument, Note
from gemba.documents.paper import Column, Paper
from gemba.kernel.numbers import format_date
from gemba.kernel.problems import Problem
from gemba.organisation.access import Actor, may
from gemba.regulations.models import Edition
from gemba.regulations.queries import clause_title, findings_of, pack_of

ACTS = {
    "documents.issue": "Выдан документ",
    "documents.annul": "Аннулирован документ",
    "documents.attach_file": "Приложен файл",
    "documents.remove_file": "Убран файл",
    "documents.try_template": "Загружен шаблон на пробу",
    "documents.replace_template": "Заменён шаблон документа",
    "documents.use_standard_template": "Возвращён стандартный шаблон",
    "documents.write_note": "Составлена служебная записка",
    "documents.change_note": "Изменена служебная записка",
}
FIELDS = {
    "fingerprint": "отпечаток SHA-256",
    "dated_on": "дата документа",
    "annulled": "аннулирован",
    "addressee_post": "должность адресата",
    "addressee_name": "имя адресата",
    "heading": "заголовок",
    "signer_post": "должность подписавшего",
    "signer_name": "подпись",
}


def register() -> None:
    """Enter the kinds, the objects files hang on, and the words of the record."""
    register_kind(NOTE)
    register_kind(READINGS)
    register_subject(Note, may_read_note, may_read_note)
    register_subject(IssuedDocument, may_read_document, may_keep_document)
    register_subject(Edition, _reads_edition, _keeps_edition)
    words.name_acts(ACTS)
    words.name_fields(FIELDS)


def _reads_edition(actor: Actor, edition: Any) -> bool:
    return may(actor, "regulations.read")


def _keeps_edition(actor: Actor, edition: Any) -> bool:
    return may(actor, "regulations.load")


@lru_cache(maxsize=1)
def note_template() -> bytes:
    """Build the standard template of a note."""
    paper = Paper()
    paper.letterhead("{{ округ }}")
    paper.addressee("{{ адресат_должность }}", "{{ адресат }}")
    paper.text("СЛУЖЕБНАЯ ЗАПИСКА", align="center", bold=True, after=10, keep=True)
    paper.dated()
    paper.text("{{ заголовок }}", bold=True, after=14, keep=True)
    paper.condition("for абзац in абзацы")
    paper.body("{{ абзац }}")
    paper.condition("endfor")
    paper.signature("{{ должность }}", "{{ подпись }}")
    paper.executor("{{ составил }}")
    return paper.save()


def note_context(note: Note, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return what a note says."""
    return {
        "адресат_должность": note.addressee_post,
        "адресат": note.addressee_name,
        "заголовок": note.heading,
        "абзацы": [line for line in note.body.split("\n") if line.strip()],
        "должность": note.signer_post,
        "подпись": note.signer_name,
    }


def _not_yet_issued(note: Note) -> Sequence[Problem]:
    if IssuedDocument.objects.filter(
        subject_kind=note._meta.label_lower, subject_id=note.pk, annulment__isnull=True
    ).exists():
        return [Problem("Эта записка уже выдана.", mend="Составьте новую или аннулируйте прежнюю.")]
    return []


NOTE = DocumentKind(
    code="documents.note",
    title="Служебная записка",
    fields=[
        Field(
            "адресат_должность", "Должность адресата в дательном падеже", "Начальнику управления экономики"
        ),
        Field("адресат", "Адресат в дательном падеже", "Петрову И.С."),
        Field("заголовок", "О чём записка", "О проведении картирования процесса"),
        Field("абзацы", "Текст по абзацам", ["Прошу рассмотреть вопрос.", "Материалы прилагаются."]),
        Field("должность", "Должность подписавшего", "Главный специалист"),
        Field("подпись", "Имя подписавшего", "А.И. Петрова"),
    ],
    default_template=note_template,
    context=note_context,
    subject_model="documents.Note",
    act="documents.write_note",
    title_of=lambda note: f"Служебная записка «{note.heading}»",
    may_issue=may_read_note,
    hindrances=_not_yet_issued,
)


@lru_cache(maxsize=1)
def readings_template() -> bytes:
    """Build the standard template of the reading notes: a standing page with facts, lying pages with tables."""
    paper = Paper(size=13)
    paper.letterhead("{{ округ }}")
    paper.text("ЛИСТ ПРОЧТЕНИЙ", align="center", bold=True, size=14, keep=True)
    paper.text("{{ положение }}", align="center", after=12)
    paper.dated()
    paper.body("Лист показывает, как читаются неясные места положения, пока в него не внесены изменения.")
    paper.body("Редакция действует с {{ действует_с }}. Отпечаток файла редакции: {{ отпечаток }}.")
    paper.body("Прочтений: {{ прочтения|length }}. Замечаний к тексту: {{ замечания|length }}.", after=6)
    paper.signature("{{ должность }}", "____________________", before=24)
    paper.new_page(landscape=True)
    paper.heading("Прочтения", before=0)
    paper.table(
        [Column("№", 12, "center"), Column("Пункт", 44), Column("Что неясно", 66), Column("Как читается", 66),
         Column("Почему", 54)],
        each="строка in прочтения",
        row=["{{ строка.номер }}", "{{ строка.пункт }}", "{{ строка.неясно }}", "{{ строка.читается }}",
             "{{ строка.почему }}"],
        size=11, has_numbers=True,
    )  # fmt: skip
    paper.heading("Замечания к тексту", before=18)
    paper.table(
        [Column("№", 12, "center"), Column("Пункты", 50), Column("Замечание", 100), Column("Что предлагается", 80)],
        each="строка in замечания",
        row=["{{ строка.номер }}", "{{ строка.пункты }}", "{{ строка.замечание }}", "{{ строка.предлагается }}"],
        size=11, has_numbers=True,
    )  # fmt: skip
    return paper.save()


def readings_context(edition: Edition, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return the readings and findings of an edition."""
    pack = pack_of(edition)

    def places(refs: Sequence[str]) -> str:
        return "; ".join(clause_title(edition, ref) for ref in refs)

    return {
        "положение": edition.title,
        "действует_с": format_date(edition.effective_on),
        "отпечаток": edition.fingerprint[:16],
        "должность": "Ответственный за мониторинг",
        "прочтения": [
            {
                "номер": number,
                "пункт": places(reading.clause),
                "неясно": reading.problem,
                "читается": reading.reading,
                "почему": reading.reason + ("" if reading.status == "settled" else " Решает округ."),
            }
            for number, reading in enumerate(pack.interpretations, start=1)
        ],
        "замечания": [
            {
                "номер": number,
                "пункты": places(finding.clauses),
                "замечание": finding.text,
                "предлагается": finding.advice,
            }
            for number, finding in enumerate(findings_of(edition), start=1)
        ],
    }


READINGS = DocumentKind(
    code="documents.readings",
    title="Лист прочтений положения",
    fields=[
        Field("положение", "Название положения", "Положение о реализации бережливого управления"),
        Field("действует_с", "День, с которого действует редакция", "01.10.2026"),
        Field("отпечаток", "Начало отпечатка файла редакции", "9f86d081884c7d65"),
        Field("должность", "Кто подписывает", "Ответственный за мониторинг"),
        Field(
            "прочтения", "Прочтения неясных мест",
            [{"номер": 1, "пункт": "п. 6.2, Положение", "неясно": "Не сказано, входит ли день «до».",
              "читается": "День «до» входит в срок.", "почему": "Так сложилась практика."}],
        ),
        Field(
            "замечания", "Замечания к тексту",
            [{"номер": 1, "пункты": "п. 5.1, Положение", "замечание": "Номер пункта повторяется.",
              "предлагается": "Исправить нумерацию."}],
        ),
    ],
    default_template=readings_template,
    context=readings_context,
    subject_model="regulations.Edition",
    act="documents.issue_readings",
    title_of=lambda edition: f"Лист прочтений: {edition.title}",
)  # fmt: skip
