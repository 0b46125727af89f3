"""The sheet of self-assessment as an official document: Word and PDF, with the head's signature."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from gemba.documents import kinds
from gemba.documents.files import register_subject
from gemba.documents.kinds import DocumentKind
from gemba.kernel.problems import Problem
from gemba.organisation.access import Actor
from gemba.scorecards.entering import for_page, views_of
from gemba.scorecards.papers import FIELDS, lines_of, said_total, sheet_template
from gemba.self_assessment.access import light_campaigns, visible_participants
from gemba.self_assessment.models import Participant
from gemba.self_assessment.queries import procedure_of, proofs_of
from gemba.self_assessment.rules.states import State


def _context(sheet: Participant, actor: Actor, at: datetime) -> dict[str, Any]:
    campaign = light_campaigns().get(pk=sheet.campaign_id)
    procedure = procedure_of(campaign)
    result = sheet.checked_result or sheet.result
    views = views_of(
        procedure,
        answers=sheet.answers,
        comments=sheet.comments,
        proofs=proofs_of(sheet),
        context=sheet.context,
    )
    return {
        "заголовок": f"САМООЦЕНКА ЗА {campaign.year} ГОД",
        "порядок": procedure.title,
        "оценивается": str(sheet.organisation),
        "организация": sheet.organisation.name,
        "строки": lines_of(views, for_page(result)),
        "итог": said_total(result),
        "статус": "После проверки." if sheet.checked_result else "По ответам организации.",
        "подписал_должность": "Руководитель",
        "подписал": sheet.signed_by,
        "согласовал": sheet.checked_by or "____________________",
    }


def _not_ready(sheet: Participant) -> Sequence[Problem]:
    if not State(sheet.state).is_handed_in:
        return [Problem("Лист ещё не подписан.", mend="Подпишите и отправьте его на проверку.")]
    return []


def _sees(actor: Actor, sheet: Participant) -> bool:
    return visible_participants(actor).filter(pk=sheet.pk).exists()


def _keeps(actor: Actor, sheet: Participant) -> bool:
    return actor.may("self_assessment.fill", sheet.organisation_id)


SHEET = DocumentKind(
    code="self_assessment.sheet",
    title="Лист самооценки",
    fields=FIELDS,
    default_template=sheet_template,
    context=_context,
    subject_model="self_assessment.Participant",
    act="self_assessment.fill",
    title_of=lambda sheet: f"Лист самооценки: {sheet.organisation}",
    may_issue=_sees,
    hindrances=_not_ready,
)


def register() -> None:
    """Enter the document and let files be attached to sheets."""
    kinds.register(SHEET)
    register_subject(Participant, _sees, _keeps)
