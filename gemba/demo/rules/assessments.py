"""How organisations of the demo answer a checklist, and how projects stand in the significance procedure."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from gemba.regulations.pack.procedures import Procedure, Rows

# What stands beside a claimed row.
PROOFS = (
    "Приказ о рабочей группе", "Фотографии стенда", "Протокол штаба проекта", "План обучения с отметками",
    "Журнал предложений", "Стандарт рабочего места", "Отчёт за год", "Ссылка на страницу сайта",
)  # fmt: skip
REFUSALS = (
    "Приказ прошлого года: нужен действующий",
    "На снимке не видно, чей это стенд",
    "Протокол без подписи",
)
RETURN = "По двум строкам приложены прошлогодние документы. Замените и направьте снова."


@dataclass(frozen=True)
class Significance:
    """A project whose significance is assessed: rows chosen, and how far the sheet went."""

    answers: Mapping[str, list[str]]
    until: str
    """draft, submitted, returned, agreed."""
    reason: str = ""


# Best, good, modest, weak by the rows of the shipped procedure; only codes that a procedure knows are used.
SIGNIFICANCE: tuple[Significance, ...] = (
    Significance({"1": ["1a"], "2": ["2d"], "3": ["3a"], "4": ["4a"], "5": ["5a"], "6": ["6b"], "7": ["7c"]}, "agreed"),
    Significance({"1": ["1c"], "2": ["2b"], "3": ["3a"], "4": ["4a"], "5": ["5z"], "6": ["6a"], "7": ["7b"]}, "agreed"),
    Significance({"1": ["1d"], "2": ["2a"], "3": ["3z"], "4": ["4a"], "5": ["5a"], "6": ["6a"], "7": ["7a"]}, "submitted"),
    Significance(
        {"1": ["1b"], "2": ["2c"], "3": ["3a"], "4": ["4b"], "5": ["5a"], "6": ["6c"], "7": ["7b"]}, "returned",
        "По критерию 3 приложите письмо организации, которая внедрила решение у себя.",
    ),
    Significance({"1": ["1c"], "2": ["2a"]}, "draft"),
)  # fmt: skip


def invent_answers(procedure: Procedure, zeal: float, dice: random.Random) -> dict[str, list[str]]:
    """Answer a checklist as an organisation would that cares as much as `zeal` (0…1)."""
    answers: dict[str, list[str]] = {}
    for criterion in procedure.criteria:
        if not isinstance(criterion, Rows):
            continue
        rows = [row.code for row in criterion.rows]
        wanted = min(len(rows) - 1, max(0, round((zeal + dice.uniform(-0.35, 0.35)) * (len(rows) - 1))))
        claimed = rows[1 : wanted + 1] if criterion.kind == "levels" else [rows[wanted]]
        answers[criterion.code] = claimed if wanted else []
    return answers


def known_answers(procedure: Procedure, answers: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Keep of the answers what the procedure knows."""
    rows = {
        each.code: {row.code for row in each.rows} for each in procedure.criteria if isinstance(each, Rows)
    }
    return {code: chosen for code, chosen in answers.items() if set(chosen) <= rows.get(code, set())}
