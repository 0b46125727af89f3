"""The plan of measures and the deadlines: targets as written, dates, periods, triggers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gemba.regulations.pack.base import Code, Day, Exact, Refs, Strict, Text
from gemba.regulations.pack.bodies import OrganisationKind

Month = Annotated[int, Field(ge=1, le=12)]
DayOfMonth = Annotated[int, Field(ge=1, le=31)]
Period = Literal["day", "week", "month", "quarter", "year"]


class _Target(Strict):
    as_written: str
    """Клетка плана слово в слово; у пустой клетки — пустая строка."""
    interpretations: list[Code] = []


class AtLeast(_Target):
    """«не менее N»."""

    kind: Literal["at_least"]
    value: Exact


class BareNumber(_Target):
    """Просто число или процент: читается как «не менее», но так не написано."""

    kind: Literal["number"]
    value: Exact


class ByDate(_Target):
    """«до 01.12.2022»."""

    kind: Literal["by_date"]
    date: Day


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
    | BareNumber
    | ByDate
    | ByDayOfYear
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


class Yearly(Strict):
    """Число и месяц каждого года."""

    kind: Literal["yearly"]
    month: Month
    day: DayOfMonth


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
    """При наступлении события из `triggers`."""

    kind: Literal["on_event"]
    trigger: Code


DeadlineRule = Annotated[
    AfterPeriod | Yearly | FixedDates | AtLeastTimes | Times | Daily | Regularly | OnEvent,
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
