"""What the coordinator works with: ready answers."""

from dataclasses import dataclass

from gemba.proposals.models import AnswerTemplate
from gemba.proposals.rules.states import Verb


@dataclass(frozen=True)
class Ready:
    """A ready answer."""

    title: str
    text: str
    pk: int | None = None


# Offered until the municipality writes its own.
READY: dict[Verb, tuple[Ready, ...]] = {
    Verb.RETURN: (
        Ready("Где именно", "Уточните, где и когда это случается: место, участок, время."),
        Ready("Сколько времени", "Сколько минут и как часто уходит на это сейчас?"),
        Ready("Что сделать", "Опишите, что именно нужно сделать и что для этого понадобится."),
    ),
    Verb.REJECT: (
        Ready("Уже сделано", "Это уже сделано или выполняется по другому решению."),
        Ready(
            "Не в наших силах",
            "Решение зависит от закона или другой организации и не может быть принято здесь.",
        ),
        Ready("Хлопот больше пользы", "Затраты на внедрение больше ожидаемой пользы."),
    ),
    Verb.ACCEPT: (Ready("Принято", "Предложение полезно, внедряем."),),
    Verb.CANCEL: (Ready("Условия изменились", "Условия работы изменились, внедрение потеряло смысл."),),
    Verb.POSTPONE: (Ready("Ждём средств", "Внедрение начнётся после выделения средств."),),
}


def answer_templates(*, municipality_id: int, verb: Verb) -> list[Ready]:
    """Return the municipality's ready answers for an act, or the usual ones while it has none."""
    rows = AnswerTemplate.objects.filter(municipality_id=municipality_id, verb=verb).order_by("title")
    own = [Ready(row.title, row.text, row.pk) for row in rows]
    return own or list(READY.get(verb, ()))
