"""The plan of measures and the deadlines: targets as written, dates, periods, triggers."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator

from gemba.regulations.pack.base import Code, Day, Exact, Refs, Strict, Text
from gemba.regulations.pack.bodies import OrganisationKind

Month = Annotated[int, Field(ge=1, le=12)]
DayOfMonth = Annotated[int, Field(ge=1, le=31)]
Period = Literal["day", "week", "month", "quarter", "half_year", "year"]


class _Target(Strict):
    as_written: str
    """Клетка плана слово в слово; у пустой клетки — пустая строка."""
    interpretations: list[Code] = []


class AtLeast(_Target):
    """«не менее N»."""

    kind: Literal["at_least"]
    value: Exact


class AtMost(_Target):
    """«не более N»: больше — хуже."""

    kind: Literal["at_most"]
    value: Exact


class Between(_Target):
    """«от N до M»: и ниже, и выше — не выполнено."""

    kind: Literal["between"]
    least: Exact
    most: Exact

    @model_validator(mode="after")
    def _forward(self) -> Between:
        if self.least > self.most:
            raise ValueError("least больше most: поменяйте границы местами")
        return self


class BareNumber(_Target):
    """Просто число или процент: читается как «не менее», но так не написано."""

    kind: Literal["number"]
    value: Exact


class ByDate(_Target):
    """«до 01.12.2022»."""

    kind: Literal["by_date"]
    date: Day


class ByQuarter(_Target):
    """«IV квартал»: до последнего дня квартала."""

    kind: Literal["by_quarter"]
    quarter: Annotated[int, Field(ge=1, le=4)]


class ByDayOfYear(_Target):
    """«не позднее 25 декабря» каждого года."""

    kind: Literal["by_day_of_year"]
    month: Month
    day: DayOfMonth


class Periodic(_Target):
    """«ежеквартально, до 10 числа следующего месяца»: срок назван правилом из `deadlines`."""

    kind: Literal["periodic"]
    times: Annotated[int, Field(ge=1)]
    """Сколько раз в год."""
    deadline: Code | None = None


class InWords(_Target):
    """Цель словами, для которой здесь нет вида: показывается как написана и не судится."""

    kind: Literal["words"]


class Ongoing(_Target):
    """«постоянно»."""

    kind: Literal["ongoing"]


class OngoingAtLeast(_Target):
    """«постоянно не менее N»: на конец каждого квартала."""

    kind: Literal["ongoing_at_least"]
    value: Exact


class AsNeeded(_Target):
    """«по мере необходимости»."""

    kind: Literal["as_needed"]


class NotPlanned(_Target):
    """«0»: в этом году не планировалось."""

    kind: Literal["zero"]


class EmptyTarget(_Target):
    """Клетка пуста: плана на этот год нет (это не ноль)."""

    kind: Literal["empty"]


Target = Annotated[
    AtLeast
    | AtMost
    | Between
    | BareNumber
    | ByDate
    | ByQuarter
    | ByDayOfYear
    | InWords
    | Periodic
    | Ongoing
    | OngoingAtLeast
    | AsNeeded
    | NotPlanned
    | EmptyTarget,
    Field(discriminator="kind"),
]


class PlanRow(Strict):
    """Строка плана, как она напечатана, и как она считается."""

    code: Annotated[str, Field(pattern=r"^[0-9a-z.]+$")]
    """Внутренний номер, без повторов: `1.2a`."""
    number: Text
    """Номер, как напечатан: `1.2`."""
    title: Text
    unit: Text | None
    """Единица измерения, как напечатана; `null`, если в акте её нет. Пропустить это поле нельзя."""
    targets: dict[int, Target]
    """Год → целевое значение."""
    executors: Annotated[list[Code], Field(min_length=1)]
    executors_as_written: Text
    indicator: Code
    """Канонический показатель, который наполняет строку: `proposals_implemented`."""
    scope: Literal["per_unit", "municipality", "both"]
    """Для кого цель: для каждого исполнителя, для муниципалитета в целом или видны оба прочтения."""
    population: list[OrganisationKind] = []
    """Виды организаций в знаменателе доли и в списке «кто достиг»."""
    note: Text | None = None
    clause: Refs
    interpretations: list[Code] = []


class PlanSection(Strict):
    """Раздел плана."""

    number: Text
    title: Text
    rows: list[PlanRow]


class Plan(Strict):
    """План мероприятий."""

    title: Text
    document: Code
    """Код документа, в котором план напечатан."""
    columns: list[Text] = []
    """Заголовки граф, как напечатаны."""
    absent: Text | None = None
    """Почему строк нет: «план до 02.12.2025 в акте не приведён»."""
    sections: list[PlanSection] = []


class AfterPeriod(Strict):
    """«до 5 числа месяца, следующего за отчётным кварталом»."""

    kind: Literal["after_period"]
    period: Period
    month: Annotated[int, Field(ge=1, le=12)] = 1
    """Какой месяц после окончания периода: 1 — следующий."""
    day: DayOfMonth


class InPeriod(Strict):
    """«до 25 числа последнего месяца квартала», «последний рабочий день месяца»: срок внутри самого периода."""

    kind: Literal["in_period"]
    period: Literal["month", "quarter", "half_year", "year"]
    month: Month | None = None
    """Который месяц периода; пусто — последний."""
    day: DayOfMonth | None = None
    """Число; пусто — последний день месяца."""
    is_working_day: bool = False
    """Последний рабочий день не позже названного."""


class Yearly(Strict):
    """Число и месяц каждого года."""

    kind: Literal["yearly"]
    month: Month
    day: DayOfMonth

    @model_validator(mode="after")
    def _exists(self) -> Yearly:
        # 29 February is a day of some years.
        try:
            datetime.date(2024, self.month, self.day)
        except ValueError:
            raise ValueError(f"дня {self.day:02}.{self.month:02} не бывает") from None
        return self


class FixedDates(Strict):
    """Названные даты."""

    kind: Literal["dates"]
    dates: Annotated[list[Day], Field(min_length=1)]


class AtLeastTimes(Strict):
    """«не реже одного раза в квартал»."""

    kind: Literal["at_least_times"]
    times: Annotated[int, Field(ge=1)] = 1
    per: Period
    every: Annotated[int, Field(ge=1)] = 1
    """Период длиной во столько единиц: раз в три года — `per: year`, `every: 3`."""


class Times(Strict):
    """«4 раза в год», «ежегодно»: сколько раз за период, срок внутри периода не назван."""

    kind: Literal["times"]
    times: Annotated[int, Field(ge=1)]
    per: Period
    from_year: int | None = None


class Daily(Strict):
    """Ежедневная встреча."""

    kind: Literal["daily"]
    minutes: Annotated[int, Field(ge=1)]


class Regularly(Strict):
    """«на регулярной основе», «постоянно»: срок в днях не назван."""

    kind: Literal["regularly"]


class OnEvent(Strict):
    """При наступлении события из `triggers`; срок от события — одним из трёх полей."""

    kind: Literal["on_event"]
    trigger: Code
    days: Annotated[int, Field(ge=1)] | None = None
    working_days: Annotated[int, Field(ge=1)] | None = None
    months: Annotated[int, Field(ge=1)] | None = None
    direction: Literal["after", "before"] = "after"
    """После события или до него."""

    @model_validator(mode="after")
    def _one_term(self) -> OnEvent:
        if sum(value is not None for value in (self.days, self.working_days, self.months)) > 1:
            raise ValueError("срок от события указан дважды: оставьте days, working_days или months")
        return self


DeadlineRule = Annotated[
    AfterPeriod | InPeriod | Yearly | FixedDates | AtLeastTimes | Times | Daily | Regularly | OnEvent,
    Field(discriminator="kind"),
]


class Deadline(Strict):
    """Срок или периодичность."""

    code: Code
    title: Text
    subject: Code
    """Что сдаётся или делается; два срока одного предмета находит проверка."""
    level: Literal["legal", "reminder"] = "legal"
    """`legal` — законный срок, `reminder` — более ранний, предупреждающий."""
    who: list[Code] = []
    """Исполнители из `executors` или органы из `bodies`."""
    to: Text | None = None
    """Кому представляется."""
    rule: DeadlineRule
    as_written: Text
    is_recommended: bool = False
    """В акте сказано «рекомендательный характер»."""
    clause: Refs
    interpretations: list[Code] = []


class Condition(Strict):
    """Числовое условие."""

    measure: Code
    operator: Literal["more_than", "at_least", "less_than", "at_most", "equals"]
    value: Exact
    unit: Text


class Trigger(Strict):
    """Основание, при наступлении которого нужно действовать."""

    code: Code
    title: Text
    condition: Condition | None = None
    event: Text | None = None
    action: Text
    clause: Refs
    interpretations: list[Code] = []


class Conventions(Strict):
    """Как читать сроки и числа, когда акт молчит. Всё это — настройки."""

    is_due_day_included: bool = True
    """«до N» включает день N."""
    day_off: Literal["keep", "previous", "next"] = "keep"
    """Куда переносится срок, выпавший на выходной."""
    remind_working_days_before: list[int] = [10, 5, 1]
    interpretations: list[Code] = []
