"""One finding of the linter."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Finding:
    """A place of an act that contradicts itself, is silent, or will surprise; in plain words."""

    code: str
    """The kind of finding: `repeated-number`."""
    clauses: tuple[str, ...]
    text: str
    advice: str
    place: tuple[str | int, ...] = ()
    interpretations: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Return the kind in words."""
        return TITLES[self.code]

    def read_as(self, interpretations: tuple[str, ...]) -> Finding:
        """Return the finding with the interpretations that settle it."""
        return replace(self, interpretations=interpretations)


TITLES: dict[str, str] = {
    "absent-text": "Текст не приведён",
    "no-requisites": "Не проставлены номер или дата",
    "person-named": "Назван человек",
    "term-not-defined": "Слово не определено",
    "repeated-number": "Номер повторяется",
    "target-missing": "Нет цели на год",
    "target-empty": "Клетка плана пуста",
    "date-breaks-pattern": "Дата выбивается из ряда",
    "bare-target": "Число без «не менее»",
    "scope-not-said": "Не сказано, для кого цель",
    "unit-not-fitting": "Единица не подходит к показателю",
    "two-populations": "Разные знаменатели у похожих долей",
    "odd-count": "Необычное количество",
    "two-deadlines": "Два срока у одного предмета",
    "month-not-named": "Месяц не назван",
    "inclusive-not-said": "Не сказано, входит ли день «до»",
    "day-off": "Срок выпадает на выходные",
    "deadline-without-form": "Срок есть, формы нет",
    "no-own-deadline": "Срок не назван",
    "rule-not-set": "Правило не установлено",
    "only-chair-signs": "Протокол подписывает один председатель",
    "column-without-source": "Графа без правила",
    "short-date": "Дата без дня",
    "period-as-date": "Период одной датой",
    "two-meanings": "Слово в двух значениях",
    "no-gates": "Этапы без сроков и условий",
    "no-coefficient": "Коэффициент не указан",
    "no-zero-row": "Нет строки «ноль»",
    "unreachable-band": "Статус недостижим",
    "band-gap": "Разрыв между статусами",
    "band-overlap": "Статусы пересекаются",
    "declared-maximum": "Максимум не сходится",
    "no-bands": "Уровни не определены",
    "cutoff-unclear": "Набор отсекающих критериев неясен",
    "cumulative-unclear": "Накопление описано не полностью",
    "missing-level": "Пропущен уровень",
    "no-tie-rule": "Не сказано, что делать при равенстве",
    "open-question": "Решает муниципалитет",
    "not-as-written": "Записано не то, что в акте",
    "own-indicator": "Показатель ведётся вручную",
    "said-twice": "Записано дважды",
    "dates-order": "Даты не по порядку",
}
