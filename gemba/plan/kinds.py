"""The kinds of entries of the journal: what is asked for, and which indicators they feed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Asks(StrEnum):
    """What a form of a kind asks for besides day, organisation, title and document."""

    PEOPLE = "people"
    COUNT = "count"
    QUARTER = "quarter"
    YEAR = "year"
    UNTIL = "until"
    MARK = "mark"
    PARTNERS = "partners"
    PROJECT = "project"


@dataclass(frozen=True)
class Kind:
    """A kind of entry in words of a person who enters it."""

    code: str
    title: str
    day: str
    """What the day means: «Дата документа»."""
    subject: str
    """What the title names: «Программа обучения»."""
    feeds: tuple[str, ...]
    asks: frozenset[Asks] = frozenset()
    count: str = ""
    mark: str = ""
    hint: str = ""
    needs_document: bool = False
    only_monitor: bool = False
    """Kept for the whole municipality by whoever monitors the programme."""

    def has(self, what: str) -> bool:
        """Tell whether the form asks for this."""
        return what in self.asks


def _kinds(*found: Kind) -> dict[str, Kind]:
    return {kind.code: kind for kind in found}


KINDS = _kinds(
    Kind(
        "training", "Обучение", "Дата документа или окончания", "Программа обучения", ("people_trained",),
        frozenset({Asks.PEOPLE}), hint="Один человек за год считается один раз.", needs_document=True,
    ),
    Kind(
        "factory", "Фабрика процессов", "Дата проведения", "Название фабрики",
        ("people_trained_factory", "people_trained", "people_trained_or_factory"), frozenset({Asks.PEOPLE}),
        hint="С документом об обучении человек считается и обученным.",
    ),
    Kind(
        "trainer", "Внутренний тренер", "Назначен с", "Чему учит, сколько часов выделено", ("internal_trainers",),
        frozenset({Asks.PEOPLE, Asks.UNTIL}), needs_document=True,
        hint="Считаются те, кто назначен с выделением рабочего времени, на последний день каждого квартала.",
    ),
    Kind(
        "event", "Участие в мероприятии", "Дата мероприятия", "Круглый стол, конференция, семинар",
        ("events_attended",), frozenset({Asks.PEOPLE, Asks.COUNT}), count="Сколько участвовало без имён",
    ),
    Kind(
        "round_table", "Проведён круглый стол, семинар", "Дата проведения", "Тема", ("round_tables_held",),
        frozenset({Asks.COUNT}), count="Сколько человек участвовало",
    ),
    Kind(
        "consultation", "Консультация", "Дата консультации", "Кому и о чём", ("consultations_given",),
        frozenset({Asks.COUNT}), count="Сколько консультаций",
    ),
    Kind(
        "popularisation", "Популяризация", "Дата", "Публикация, стенд, выступление", ("popularisation_events",),
    ),
    Kind(
        "selfdiagnosis", "Самодиагностика культуры", "Дата проведения", "Что выявлено, какие направления проектов",
        ("culture_selfdiagnosis_done",),
    ),
    Kind(
        "survey", "Измерение удовлетворённости", "Дата окончания опроса", "Услуга или результат проекта",
        ("satisfaction_measurements",), frozenset({Asks.COUNT, Asks.MARK}), count="Получено ответов",
        mark="Ответов достаточно", hint="Без отметки опрос виден как «недостаточно ответов» и в план не идёт.",
    ),
    Kind(
        "sample", "Образец подтверждён", "Дата положительного заключения", "Направление деятельности образца",
        ("samples_confirmed",), frozenset({Asks.MARK}), mark="Подтверждён не впервые", needs_document=True,
        hint="Повторное подтверждение — не новый образец.",
    ),
    Kind(
        "contest", "Конкурс", "Дата итогового протокола", "Название конкурса", ("contests_held", "contest_entries"),
        frozenset({Asks.COUNT}), count="Сколько заявок", needs_document=True, only_monitor=True,
    ),
    Kind(
        "analytical", "Аналитическая информация", "Дата представления", "Название документа",
        ("analytical_reports",), frozenset({Asks.QUARTER}), needs_document=True, only_monitor=True,
        hint="Информация за IV квартал представляется в январе и относится к прошедшему году.",
    ),
    Kind(
        "project", "Закрытый проект", "Дата закрытия", "Название проекта",
        ("projects_closed", "projects_closed_quality", "projects_replicated", "replicated_projects_share"),
        frozenset({Asks.MARK, Asks.PARTNERS}), mark="Есть достигнутый показатель качества услуги",
        hint="Совместный проект считается у каждого участника и один раз в округе.",
    ),
    Kind(
        "replication", "Тиражирование", "Дата, когда внедрено", "Что и где внедрено",
        ("replications_count", "projects_replicated", "replicated_projects_share"), frozenset({Asks.PROJECT}),
    ),
    Kind(
        "project_proposals", "Предложения в план проектов", "Дата направления", "Тема и сроки или «предложений нет»",
        ("project_proposals_submitted_on_time",), hint="Предложений несколько — считается первое.",
    ),
    Kind(
        "significance", "Оценка значимости проектов", "Дата оценки", "Какие проекты оценены или «оценивать нечего»",
        ("significance_assessed_on_time",),
    ),
    Kind(
        "project_plan", "Проект плана на следующий год", "Дата подготовки", "Название документа",
        ("project_plan_prepared_on",), needs_document=True, only_monitor=True,
    ),
    Kind(
        "defence_plan", "План защиты утверждён", "Дата утверждения", "Название документа",
        ("defence_plan_approved_on",), frozenset({Asks.YEAR}), needs_document=True, only_monitor=True,
        hint="План на текущий год может быть утверждён и раньше его начала.",
    ),
)  # fmt: skip


def kinds_of(indicator: str) -> list[Kind]:
    """Return the kinds whose entries feed the indicator."""
    return [kind for kind in KINDS.values() if indicator in kind.feeds]
