"""A regulation of an invented municipality: small, whole and quick to load."""

import json
from typing import Any

_CLAUSES: dict[str, list[str]] = {
    "Общие положения": [
        "Положение действует для органов местного самоуправления и подведомственных им учреждений и организаций.",
        "Бережливое управление устраняет потери времени, ошибок и лишних перемещений с участием сотрудников.",
        "Участие сотрудника в улучшениях добровольно, каждое предложение рассматривается.",
    ],
    "Рабочая группа": [
        "Рабочую группу возглавляет заместитель главы округа.",
        "Рабочая группа рассматривает предложения, которые требуют затрат или затрагивают несколько организаций.",
        "Заседания проводятся не реже одного раза в квартал.",
    ],
    "Предложения по улучшению": [
        "Предложение подаёт любой сотрудник в свободной форме.",
        "Руководитель организации принимает решение и сообщает о нём автору.",
        "Внедрение подтверждает автор или руководитель.",
        "Отказ содержит причину.",
    ],
    "Мониторинг": [
        "Отчёт представляется в управление экономики ежеквартально до 10 числа следующего месяца.",
        "Предварительные сведения представляются до 5 числа месяца, следующего за отчётным кварталом.",
        "План мероприятий на следующий год готовится не позднее 25 декабря.",
        "Итоги года размещаются на сайте до 1 февраля.",
    ],
}
_ROWS: list[tuple[str, str, str, str, tuple[int, int, int]]] = [
    ("proposals_implemented", "Реализованные предложения по улучшению", "единиц", "per_unit", (2, 2, 3)),
    (
        "orgs_with_proposals_share",
        "Доля организаций, в которых реализованы предложения",
        "%",
        "municipality",
        (40, 60, 80),
    ),
    ("projects_closed", "Реализованные бережливые проекты", "единиц", "per_unit", (1, 1, 2)),
    ("replicated_projects_share", "Доля тиражируемых проектов", "%", "municipality", (10, 20, 30)),
    ("people_trained", "Обучено сотрудников", "человек", "per_unit", (2, 3, 4)),
    ("internal_trainers", "Внутренние тренеры", "человек", "municipality", (2, 3, 4)),
    ("contests_held", "Проведение конкурса лучших практик", "единиц", "municipality", (1, 1, 1)),
    ("satisfaction_measurements", "Измерение удовлетворённости посетителей", "единиц", "per_unit", (1, 1, 1)),
]
_TERMS = {
    "Потеря": "действие, которое потребляет ресурсы и не создаёт ценности.",
    "Ценность": "полезность услуги с точки зрения того, кто её получает.",
    "Гемба": "место, где выполняется работа.",
    "Стандарт": "описание лучшего известного способа выполнить работу.",
    "Поток": "последовательность действий от запроса до результата.",
    "5С": "порядок на рабочем месте: сортировка, соблюдение порядка, содержание в чистоте, стандартизация, совершенствование.",
    "Предложение по улучшению": "предложение сотрудника, которое улучшает текущую работу и не требует проекта.",
    "Хронометраж": "измерение времени действий.",
}
YEARS = (2025, 2026, 2027)


def region_pack(*, code: str, name: str, genitive: str, short_name: str, region: str, time_zone: str) -> str:
    """Return the text of the regulation; JSON is YAML too, and nothing in it needs another notation."""
    sections: list[dict[str, Any]] = [
        {
            "number": str(number),
            "title": title,
            "clauses": [
                {"number": f"{number}.{place}", "text": text} for place, text in enumerate(clauses, 1)
            ],
        }
        for number, (title, clauses) in enumerate(_CLAUSES.items(), 1)
    ]
    sections.append({"number": "5", "title": "Термины", "shows": "glossary"})
    pack = {
        "municipality": {
            "code": code, "name": name, "genitive": genitive, "short_name": short_name, "region": region,
            "time_zone": time_zone,
        },
        "edition": {
            "code": "2025-01-15", "title": "Положение о бережливом управлении", "programme": "Бережливый округ",
            "years": list(YEARS), "effective_on": "2025-01-15",
        },
        "acts": [
            {
                "code": "decree", "kind": "постановление", "issuer": f"Администрация {genitive}", "number": "12-п",
                "date": "2025-01-15", "title": "О бережливом управлении", "status": "in_force",
                "approves": ["polozhenie", "plan"],
            }
        ],
        "documents": [
            {
                "code": "polozhenie", "title": "Положение о бережливом управлении", "short_title": "Положение",
                "kind": "regulation", "act": "decree", "sections": sections,
            },
            {"code": "plan", "title": "План мероприятий", "short_title": "План", "kind": "plan", "act": "decree", "shows": "plan"},
        ],
        "bodies": [
            {"code": "working_group", "kind": "working_group", "name": "Рабочая группа", "clause": "polozhenie 2.1"}
        ],
        "executors": [
            {
                "code": "all", "name": "Все организации", "kinds": ["omsu", "structural_unit", "institution", "organisation"],
                "clause": "polozhenie 1.1",
            }
        ],
        "plan": {"title": "План мероприятий", "document": "plan", "sections": [_plan_section()]},
        "deadlines": _deadlines(),
        "glossary": [
            {"number": number, "term": term, "definition": text, "clause": "polozhenie 1.1"}
            for number, (term, text) in enumerate(_TERMS.items(), 1)
        ],
    }  # fmt: skip
    return json.dumps(pack, ensure_ascii=False, indent=1)


def _plan_section() -> dict[str, Any]:
    return {
        "number": "1",
        "title": "Улучшения",
        "rows": [
            {
                "code": f"1.{number}", "number": f"1.{number}", "title": title, "unit": unit,
                "targets": {
                    str(year): {"kind": "at_least", "value": str(value), "as_written": f"не менее {value}"}
                    for year, value in zip(YEARS, values, strict=True)
                },
                "executors": ["all"], "executors_as_written": "Все организации", "indicator": indicator, "scope": scope,
                "population": ["omsu", "structural_unit", "institution", "organisation"], "clause": f"plan 1.{number}",
            }
            for number, (indicator, title, unit, scope, values) in enumerate(_ROWS, 1)
        ],
    }  # fmt: skip


def _deadlines() -> list[dict[str, Any]]:
    def rule(
        code: str, title: str, how: dict[str, Any], written: str, clause: str, level: str = "legal"
    ) -> dict[str, Any]:
        return {
            "code": code, "title": title, "subject": code, "who": ["all"], "rule": how, "as_written": written,
            "clause": clause, "level": level,
        }  # fmt: skip

    after = {"kind": "after_period", "period": "quarter"}
    return [
        rule("quarterly_report", "Отчёт за квартал", {**after, "day": 10}, "до 10 числа следующего месяца", "polozhenie 4.1"),
        rule("early_figures", "Предварительные сведения", {**after, "day": 5}, "до 5 числа следующего месяца", "polozhenie 4.2",
             "reminder"),
        rule("next_plan", "План на следующий год", {"kind": "yearly", "month": 12, "day": 25}, "не позднее 25 декабря",
             "polozhenie 4.3"),
        rule("year_results", "Итоги года на сайте", {"kind": "yearly", "month": 2, "day": 1}, "до 1 февраля", "polozhenie 4.4"),
        rule("meeting", "Заседание рабочей группы", {"kind": "at_least_times", "times": 1, "per": "quarter"},
             "не реже одного раза в квартал", "polozhenie 2.3"),
    ]  # fmt: skip
