"""The vocabulary of procedures: criteria, points, cut-offs, bands, experts, places. One shared definition.

A procedure is read in this order: context -> criteria (points) -> normalisation -> coefficient -> blocks ->
total -> cut-offs -> bands -> places. Nothing here computes: `gemba.scorecards.rules` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, StringConstraints, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from gemba.regulations.pack.base import Code, Exact, Refs, Strict, Text

UNDEFINED = "не определено положением"

SHAPES = {
    "number": ("число", r"-?\d+([.,]\d+)?"),
    "date": (
        "дата 2026-12-01",
        r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])|(0[1-9]|[12]\d|3[01])\.(0[1-9]|1[0-2])\.\d{4}",
    ),
    "period": (
        "период 2026, 2026-Q4, Q4, 2026-H1, 2026-9M или 2026-03",
        r"(?i)\d{4}(-?(Q[1-4]|H[12]|([1-9]|1[0-2])M|0[1-9]|1[0-2]))?|Q[1-4]|H[12]|([1-9]|1[0-2])M",
    ),
}
"""How values of variables that are not lists are written."""


def _as_number_text(value: Any) -> Any:
    """Accept 1 for "1", but not 1.10, which YAML has already turned into 1.1."""
    if isinstance(value, bool | float | Decimal):
        raise ValueError(f"возьмите код в кавычки: «{value}» прочитано не как текст")
    return str(value) if isinstance(value, int) else value


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) or value is None else [value]


Key = Annotated[
    str, BeforeValidator(_as_number_text), StringConstraints(pattern=r"^\w[\w.\-/]*$", max_length=40)
]
"""A number or name of a criterion or a row, as the act numbers it: 1, 1a, 2.3, quality."""

Codes = Annotated[list[Code], BeforeValidator(_listed)]

Keys = Annotated[list[Key], BeforeValidator(_listed), Field(min_length=1)]


class Rule(Strict):
    """What every rule carries: its clause and, where the act is silent or unclear, the reading chosen."""

    clause: Refs
    interpretations: Codes = []
    note: Text | None = None


class Part(Strict):
    """A part of a rule: without a clause of its own it stands under the clause of the rule."""

    clause: Refs | None = None
    interpretations: Codes = []
    note: Text | None = None


# --- numbers, bounds, conditions ---------------------------------------------------------------------------


class Interval(Strict):
    """Bounds that say themselves whether they belong: at_least ≥, more_than >, at_most ≤, less_than <."""

    at_least: Exact | None = None
    more_than: Exact | None = None
    at_most: Exact | None = None
    less_than: Exact | None = None

    @model_validator(mode="after")
    def _bounds(self) -> Interval:
        if self.at_least is not None and self.more_than is not None:
            raise ValueError(
                "нижняя граница указана дважды: оставьте at_least (включая) или more_than (не включая)"
            )
        if self.at_most is not None and self.less_than is not None:
            raise ValueError(
                "верхняя граница указана дважды: оставьте at_most (включая) или less_than (не включая)"
            )
        low, high = self.lower, self.upper
        if low is not None and high is not None:
            empty = low == high and (self.more_than is not None or self.less_than is not None)
            if low > high or empty:
                raise ValueError(f"между границами {low} и {high} нет ни одного числа")
        return self

    @property
    def lower(self) -> Decimal | None:
        return self.at_least if self.at_least is not None else self.more_than

    @property
    def upper(self) -> Decimal | None:
        return self.at_most if self.at_most is not None else self.less_than

    @property
    def is_bounded(self) -> bool:
        return self.lower is not None or self.upper is not None

    def overlaps(self, other: Interval) -> bool:
        """Tell whether some number belongs to both."""
        return not (self._ends_before(other) or other._ends_before(self))

    def _ends_before(self, other: Interval) -> bool:
        if self.upper is None or other.lower is None:
            return False
        open_end = self.less_than is not None or other.more_than is not None
        return self.upper < other.lower or (self.upper == other.lower and open_end)


class Allowed(Strict):
    """Which values of a context variable a condition admits: a list of values, or bounds."""

    values: list[str] | None = None
    at_least: str | None = None
    more_than: str | None = None
    at_most: str | None = None
    less_than: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: Any) -> Any:
        if isinstance(given, dict):
            return {key: value if key == "values" else _text(value) for key, value in given.items()}
        return {"values": [_text(value) for value in _listed(given) or []]}

    @model_validator(mode="after")
    def _something(self) -> Allowed:
        if not self.values and not any((self.at_least, self.more_than, self.at_most, self.less_than)):
            raise ValueError("условие пустое: перечислите значения списком или поставьте границу")
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return _or_short(handler(core), {"type": ["string", "number"]}, {"type": "array", "items": {}})


def _text(value: Any) -> str:
    if isinstance(value, bool):
        raise ValueError("возьмите значение в кавычки: YAML читает yes, no, on и off как да/нет")
    return str(value)


def _or_short(full: JsonSchemaValue, *short: JsonSchemaValue) -> JsonSchemaValue:
    return {"anyOf": [*short, full]}


When = dict[Code, Allowed]
"""Conditions on context variables; all of them must hold. Empty means always."""


class Case(Strict):
    """One line of a table of values: holds when its conditions hold."""

    when: When
    value: Exact | None


class Amount(Strict):
    """A number, numbers by a context variable, or a table of cases read from the top; null means undefined."""

    fixed: Exact | None = None
    by: Code | None = None
    values: dict[Key, Exact | None] | None = None
    cases: list[Case] | None = None
    otherwise: Exact | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: Any) -> Any:
        return given if isinstance(given, dict | Amount) else {"fixed": given}

    @model_validator(mode="after")
    def _one_form(self) -> Amount:
        forms = [name for name in ("fixed", "by", "cases") if name in self.model_fields_set]
        if len(forms) != 1:
            raise ValueError("запишите число, или by и values (по переменной), или cases (таблица условий)")
        if ("by" in forms) != (self.values is not None):
            raise ValueError("by и values пишутся вместе: по какой переменной и какое значение")
        if "fixed" in forms and "otherwise" in self.model_fields_set:
            raise ValueError("otherwise пишется только вместе с by или cases")
        return self

    @property
    def is_fixed(self) -> bool:
        return self.by is None and self.cases is None

    @property
    def possible(self) -> list[Decimal | None]:
        """Every number this amount can be."""
        if self.is_fixed:
            return [self.fixed]
        found = [*(self.values or {}).values(), *(case.value for case in self.cases or [])]
        return [*found, self.otherwise] if "otherwise" in self.model_fields_set else found

    @property
    def variables(self) -> set[str]:
        return ({self.by} if self.by else set()) | {name for case in self.cases or [] for name in case.when}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return _or_short(handler(core), {"type": "number"}, {"type": "null"})


ONE = Amount(fixed=Decimal(1))


class Rounding(Strict):
    """How the act tells to round: half_up (0,5 up), half_even (banker's), up, down, none; step or places."""

    mode: Literal["half_up", "half_even", "up", "down", "none"]
    step: Annotated[Exact, Field(gt=0)] | None = None
    places: Annotated[int, Field(ge=0, le=10)] | None = None
    clause: Refs | None = None

    @model_validator(mode="after")
    def _one_unit(self) -> Rounding:
        if self.mode != "none" and (self.step is None) == (self.places is None):
            raise ValueError(
                "укажите, до чего округлять: step (шаг, например 0.5) или places (знаков после запятой)"
            )
        return self

    @property
    def unit(self) -> Decimal:
        return self.step if self.step is not None else Decimal(1).scaleb(-(self.places or 0))


class Variable(Part):
    """What else must be known to score: kind of organisation, class, period. The list of values is closed."""

    code: Code
    title: Text
    kind: Literal["choice", "number", "date", "period"] = "choice"
    values: dict[Key, Text] | None = None

    @model_validator(mode="after")
    def _closed(self) -> Variable:
        if (self.kind == "choice") != bool(self.values):
            raise ValueError(
                f"переменная «{self.code}»: перечислите values (код: название)"
                if self.kind == "choice"
                else f"переменная «{self.code}»: values пишутся только при kind: choice"
            )
        return self


# --- criteria ----------------------------------------------------------------------------------------------


class Normalise(Part):
    """Bring points of different criteria to one scale, before the coefficient."""

    method: Literal["share_of_maximum", "share_of_best", "min_max"]
    scale: Exact = Decimal(1)
    maximum: Exact | None = None
    better: Literal["higher", "lower"] = "higher"
    among: Literal["all", "group"] = "all"
    when_equal: Literal["full", "zero", "undefined"] = "undefined"
    rounding: Rounding | None = None


class CriterionBase(Rule):
    code: Key
    title: Text
    block: Key | None = None
    when: When = {}
    answered_by: Literal["one", "experts"] = "one"
    empty: Literal["zero", "undefined", "required"] | None = None
    may_be_not_applicable: bool = False
    normalise: Normalise | None = None
    coefficient: Amount = ONE
    rounding: Rounding | None = None
    extra: bool = False
    declared_maximum: Exact | None = None
    evidence: Text | None = None

    @property
    def number(self) -> str:
        """Return the number of the criterion in the act."""
        return self.code


class Row(Part):
    """One line of a criterion, worded as in the act."""

    code: Key
    text: Text
    points: Amount
    nothing: bool = False
    each: bool = False
    limit: Annotated[int, Field(ge=1)] | None = None
    when: When = {}
    evidence: Text | None = None

    @model_validator(mode="after")
    def _limit_of_each(self) -> Row:
        if self.limit is not None and not self.each:
            raise ValueError(f"строка {self.code}: limit (не более раз) пишется только вместе с each: true")
        return self


class Rows(CriterionBase):
    """Rows to tick: the best one, exactly one, all added up, or an unbroken chain from the first."""

    kind: Literal["max_row", "one_row", "sum_rows", "levels"]
    rows: Annotated[list[Row], Field(min_length=1)]
    cap: Exact | None = None
    floor: Exact | None = None

    @model_validator(mode="after")
    def _rows(self) -> Rows:
        _unique(f"критерий {self.code}: строка", [row.code for row in self.rows])
        if self.kind != "sum_rows":
            if self.cap is not None or self.floor is not None:
                raise ValueError(f"критерий {self.code}: cap и floor пишутся только при kind: sum_rows")
            if any(row.each for row in self.rows):
                raise ValueError(f"критерий {self.code}: each (за каждый) пишется только при kind: sum_rows")
        if self.kind == "levels":
            chain = [row for row in self.rows if not row.nothing]
            if any(not row.points.is_fixed for row in chain):
                raise ValueError(f"критерий {self.code}: у уровней баллы пишутся числом")
            known = [row.points.fixed for row in chain if row.points.fixed is not None]
            if known != sorted(set(known)):
                raise ValueError(
                    f"критерий {self.code}: уровни пишутся по возрастанию баллов, каждый со своим"
                )
        return self


class Fraction(Strict):
    """The number is a share: numerator / denominator × times; the answer may hold both parts."""

    numerator: Text
    denominator: Text
    times: Exact = Decimal(100)


class Numeric(CriterionBase):
    """A number is entered. `round_value` is applied before anything is looked up."""

    unit: Text | None
    allowed: Interval | None = None
    fraction: Fraction | None = None
    round_value: Rounding | None = None


class Range(Part, Interval):
    """A range of the number and its points."""

    points: Amount
    text: Text | None = None
    when: When = {}


class Ranges(Numeric):
    """A number falls into a range; a number in no range is not defined by the act."""

    kind: Literal["ranges"]
    ranges: Annotated[list[Range], Field(min_length=1)]

    @model_validator(mode="after")
    def _apart(self) -> Ranges:
        for index, first in enumerate(self.ranges):
            if not first.is_bounded and len(self.ranges) > 1 and not first.when:
                raise ValueError(f"критерий {self.code}: у диапазона {index + 1} нет ни одной границы")
            for later, second in enumerate(self.ranges[index + 1 :], index + 2):
                if first.overlaps(second) and can_hold_together(first.when, second.when):
                    raise ValueError(
                        f"критерий {self.code}: диапазоны {index + 1} ({bounds_text(first)}) и {later} "
                        f"({bounds_text(second)}) пересекаются. Решите, к какому относится граница "
                        "(at_least и at_most включают её, more_than и less_than нет), "
                        "и запишите прочтение в interpretations"
                    )
        return self


class PerUnit(Numeric):
    """Points for every unit: `points` for each `per`; whole units only, unless told otherwise."""

    kind: Literal["per_unit"]
    points: Amount
    per: Annotated[Exact, Field(gt=0)] = Decimal(1)
    beyond: Exact | None = None
    short_of: Exact | None = None
    whole_units: bool = True
    cap: Exact | None = None
    floor: Exact | None = None

    @model_validator(mode="after")
    def _one_direction(self) -> PerUnit:
        if self.beyond is not None and self.short_of is not None:
            raise ValueError(f"критерий {self.code}: beyond (сверх) и short_of (до) вместе не пишутся")
        return self


class Value(Numeric):
    """The number itself is the points (mostly with `normalise`)."""

    kind: Literal["value"]
    cap: Exact | None = None
    floor: Exact | None = None


class Mark(CriterionBase):
    """A mark on a scale, by one person or by experts."""

    kind: Literal["mark"]
    minimum: Exact
    maximum: Exact
    step: Annotated[Exact, Field(gt=0)] | None = None
    meaning: dict[Key, Text] | None = None

    @model_validator(mode="after")
    def _scale(self) -> Mark:
        if self.minimum >= self.maximum:
            raise ValueError(f"критерий {self.code}: наименьшая оценка должна быть меньше наибольшей")
        if self.step is not None and (self.maximum - self.minimum) % self.step:
            raise ValueError(f"критерий {self.code}: шаг {self.step} не укладывается в шкалу целое число раз")
        return self


class YesNo(CriterionBase):
    """A question with two answers."""

    kind: Literal["yes_no"]
    yes: Amount
    no: Amount


Criterion = Annotated[Rows | Ranges | PerUnit | Value | Mark | YesNo, Field(discriminator="kind")]


class Block(Rule):
    """A group of criteria with a result of its own."""

    code: Key
    title: Text
    combine: Literal["sum", "mean", "highest", "lowest"] = "sum"
    normalise: Normalise | None = None
    coefficient: Amount = ONE
    cap: Exact | None = None
    floor: Exact | None = None
    rounding: Rounding | None = None
    extra: bool = False
    declared_maximum: Exact | None = None


# --- experts, total, outcomes, places ----------------------------------------------------------------------


class Experts(Rule):
    """How marks of several experts become one."""

    combine: Literal["mean", "median", "sum", "highest", "lowest"]
    of: Literal["criteria", "totals"] = "criteria"
    minimum: Annotated[int, Field(ge=1)] = 1
    abstention: Literal["allowed", "refused", "undefined"] = "undefined"
    incomplete: Literal["leave_out", "undefined"] = "undefined"
    drop_highest: Annotated[int, Field(ge=0)] = 0
    drop_lowest: Annotated[int, Field(ge=0)] = 0
    drop_from: Annotated[int, Field(ge=1)] | None = None
    rounding: Rounding | None = None


class Total(Rule):
    """How results of criteria and blocks become the total."""

    combine: Literal["sum", "mean", "weighted_mean", "product"] = "sum"
    multiplier: Amount = ONE
    normalise: Normalise | None = None
    cap: Exact | None = None
    floor: Exact | None = None
    rounding: Rounding | None = None
    declared_maximum: Exact | None = None


class Outcome(Part):
    """What a subject can become: a status, a level, a refusal, a prize."""

    code: Code
    title: Text
    meaning: Text | None = None


class Cutoff(Rule, Interval):
    """Points this low (or this high) decide the outcome whatever the total is."""

    of: Literal["criterion", "weighted", "value", "block", "total", "expert_mark", "expert_total"]
    criteria: Keys | None = None
    blocks: Keys | None = None
    hits: Annotated[int, Field(ge=1)] = 1
    experts: Literal["any", "majority", "all"] | Annotated[int, Field(ge=1)] = "any"
    outcome: Code
    text: Text | None = None
    when: When = {}

    @model_validator(mode="after")
    def _complete(self) -> Cutoff:
        if not self.is_bounded:
            raise ValueError("у отсечения нет границы: напишите, например, at_most: 0 или less_than: 50")
        if (self.of == "block") != (self.blocks is not None):
            raise ValueError("blocks пишется при of: block, и только при нём")
        if self.of in ("total", "expert_total", "block") and self.criteria is not None:
            raise ValueError(f"criteria не пишется при of: {self.of}")
        if self.of in ("criterion", "weighted", "value") and self.criteria is None:
            raise ValueError(f"при of: {self.of} перечислите критерии в criteria")
        return self


class Band(Rule, Interval):
    """Totals of one status."""

    outcome: Code
    when: When = {}


class TieBreaker(Strict):
    """What decides between equal totals: a criterion, a block, or a context variable."""

    criterion: Key | None = None
    block: Key | None = None
    variable: Code | None = None
    better: Literal["higher", "lower"] = "higher"

    @model_validator(mode="after")
    def _one(self) -> TieBreaker:
        if sum(name is not None for name in (self.criterion, self.block, self.variable)) != 1:
            raise ValueError("при равенстве сравнивается что-то одно: criterion, block или variable")
        return self


class Threshold(Interval):
    """A minimum total, perhaps only under conditions."""

    when: When = {}


class Winners(Rule):
    """Who of the ranked is named: the first `top` with at least the minimum."""

    top: Amount
    minimum: Annotated[list[Threshold], BeforeValidator(_listed)] = []
    at_border: Literal["include", "exclude", "undefined"] = "undefined"
    outcome: Code | None = None
    outcomes: dict[Annotated[int, Field(ge=1)], Code] | None = None

    @model_validator(mode="after")
    def _named(self) -> Winners:
        if (self.outcome is None) == (self.outcomes is None):
            raise ValueError("укажите outcome (один для всех) или outcomes (место: исход)")
        return self


class Ranking(Rule):
    """Places by total; `ties` is what the act says when nothing tells equals apart."""

    better: Literal["higher", "lower"] = "higher"
    groups: list[Code] = []
    tie_breakers: list[TieBreaker] = []
    ties: Literal["share", "dense", "undefined"] = "undefined"
    winners: Winners | None = None
    only_outcomes: list[Code] | None = None


# --- how it is conducted, examples -------------------------------------------------------------------------


class Statement(Rule):
    """A sentence of the act that is shown as written."""

    text: Text


class Conduct(Strict):
    """Who is assessed, by whom, and what the act asks of the assessment."""

    subject: Literal[
        "project", "organisation", "unit", "workplace", "proposal", "application", "person", "other"
    ]
    goal: Statement | None = None
    tasks: list[Statement] = []
    participants: Statement | None = None
    principles: list[Statement] = []
    trained_assessor: Statement | None = None
    agreement: Statement | None = None
    agreed_with: Code | None = None
    deadline: Code | None = None
    counting: list[Statement] = []


class Expected(Strict):
    """What the example must give; only what is written is compared."""

    points: dict[Key, Exact | None] = {}
    weighted: dict[Key, Exact | None] = {}
    total: Exact | None = None
    outcome: Code | None = None
    award: Code | None = None
    place: int | None = None
    cut_by: list[Key] | None = None
    undefined: bool | None = None
    problems: bool | None = None


class ExampleSubject(Strict):
    subject: Text
    context: dict[Code, Any] = {}
    answers: dict[Key, Any] = {}
    experts: dict[Text, dict[Key, Any]] = {}
    expect: Expected


class Example(Strict):
    """A worked example: answers and what they give. A test runs every example of every pack."""

    title: Text
    context: dict[Code, Any] = {}
    answers: dict[Key, Any] | None = None
    experts: dict[Text, dict[Key, Any]] = {}
    expect: Expected | None = None
    subjects: list[ExampleSubject] = []
    note: Text | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Example:
        alone = self.answers is not None or bool(self.experts)
        if alone == bool(self.subjects) or alone != (self.expect is not None):
            raise ValueError(
                f"пример «{self.title}»: запишите answers и expect (один оцениваемый) "
                "или subjects (несколько, у каждого answers и expect)"
            )
        return self


class Procedure(Rule):
    """A procedure of points."""

    code: Code
    title: Text
    use: Literal[
        "project_significance",
        "self_assessment",
        "contest",
        "audit",
        "partner_check",
        "rating",
        "grant",
        "other",
    ]
    conduct: Conduct | None = None
    context: list[Variable] = []
    blocks: list[Block] = []
    criteria: Annotated[list[Criterion], Field(min_length=1)]
    experts: Experts | None = None
    total: Total
    outcomes: list[Outcome] = []
    cutoffs: list[Cutoff] = []
    bands: list[Band] = []
    ranking: Ranking | None = None
    examples: list[Example] = []

    @model_validator(mode="after")
    def _whole(self) -> Procedure:
        if broken := _broken_links(self):
            raise ValueError("; ".join(broken))
        return self


def _unique(what: str, codes: list[str]) -> None:
    for code in codes:
        if codes.count(code) > 1:
            raise ValueError(f"{what} {code} записана дважды: дайте каждой свой код")


def can_hold_together(first: When, second: When) -> bool:
    """Tell whether both conditions can hold at once; unclear ones are taken as able."""
    for name in first.keys() & second.keys():
        one, other = first[name].values, second[name].values
        if one and other and not set(one) & set(other):
            return False
    return True


def bounds_text(interval: Interval) -> str:
    """Say the bounds in words."""
    words = [
        f"{name} {value}".replace(".", ",")
        for name, value in (
            ("не менее", interval.at_least),
            ("более", interval.more_than),
            ("не более", interval.at_most),
            ("менее", interval.less_than),
        )
        if value is not None
    ]
    return ", ".join(words) or "любое число"


def _broken_links(procedure: Procedure) -> list[str]:
    """Name every code that is used but not declared, or declared twice."""
    criteria = {criterion.code: criterion for criterion in procedure.criteria}
    blocks = {block.code for block in procedure.blocks}
    outcomes = {outcome.code for outcome in procedure.outcomes}
    variables = {variable.code: variable for variable in procedure.context}
    found: list[str] = []
    for what, codes in (
        ("критерий", [criterion.code for criterion in procedure.criteria]),
        ("блок", [block.code for block in procedure.blocks]),
        ("исход", [outcome.code for outcome in procedure.outcomes]),
        ("переменная", [variable.code for variable in procedure.context]),
    ):
        found += [
            f"{what} «{code}» записан дважды" for code in sorted({c for c in codes if codes.count(c) > 1})
        ]
    if both := sorted(blocks & set(criteria)):
        found.append(f"коды {', '.join(both)} даны и критерию, и блоку: дайте разные")

    def need(what: str, codes: Iterable[str], declared: Iterable[str], where: str) -> None:
        found.extend(
            f"{where}: кода «{code}» нет ({what}); объявлены: {', '.join(declared) or 'ни одного'}"
            for code in codes
            if code not in set(declared)
        )

    for criterion in procedure.criteria:
        need("блок", [criterion.block] if criterion.block else [], blocks, f"критерий {criterion.code}")
    for index, cutoff in enumerate(procedure.cutoffs, 1):
        need("критерий", cutoff.criteria or [], criteria, f"отсечение {index}")
        need("блок", cutoff.blocks or [], blocks, f"отсечение {index}")
        need("исход", [cutoff.outcome], outcomes, f"отсечение {index}")
        if cutoff.of == "value" and any(
            code in criteria and not isinstance(criteria[code], Numeric | Mark)
            for code in cutoff.criteria or []
        ):
            found.append(f"отсечение {index}: of: value возможно только у критериев, где вводится число")
    for index, band in enumerate(procedure.bands, 1):
        need("исход", [band.outcome], outcomes, f"диапазон итога {index}")
    if ranking := procedure.ranking:
        need("переменная", ranking.groups, variables, "рейтинг, groups")
        need("исход", ranking.only_outcomes or [], outcomes, "рейтинг, only_outcomes")
        for breaker in ranking.tie_breakers:
            need(
                "критерий",
                [breaker.criterion] if breaker.criterion else [],
                criteria,
                "рейтинг, tie_breakers",
            )
            need("блок", [breaker.block] if breaker.block else [], blocks, "рейтинг, tie_breakers")
            need(
                "переменная",
                [breaker.variable] if breaker.variable else [],
                variables,
                "рейтинг, tie_breakers",
            )
        if winners := ranking.winners:
            named = [winners.outcome] if winners.outcome else list((winners.outcomes or {}).values())
            need("исход", named, outcomes, "победители")
    by_experts = any(criterion.answered_by == "experts" for criterion in procedure.criteria)
    if by_experts != (procedure.experts is not None):
        found.append(
            "оценки ставят эксперты (answered_by: experts), но нет раздела experts: как их оценки сводятся"
            if by_experts
            else "есть раздел experts, но ни у одного критерия нет answered_by: experts"
        )
    if procedure.experts and procedure.experts.of == "totals":
        found += [
            f"критерий {criterion.code}: при experts.of: totals критерий экспертов не входит в блок, "
            "и его баллы сводятся к шкале только share_of_maximum"
            for criterion in procedure.criteria
            if criterion.answered_by == "experts"
            and (
                criterion.block or (criterion.normalise and criterion.normalise.method != "share_of_maximum")
            )
        ]
    for where, name, values, bounds in _conditions(procedure):
        if name not in variables:
            need("переменная", [name], variables, where)
            continue
        variable = variables[name]
        if variable.values is not None:
            need(f"значение переменной {name}", values, variable.values, where)
            if bounds:
                found.append(
                    f"{where}: у переменной «{name}» список закрыт, границ у неё нет: перечислите значения"
                )
        found += [
            f"{where}: «{value}» не подходит переменной «{name}», ожидается {SHAPES[variable.kind][0]}"
            for value in [*values, *bounds]
            if variable.values is None and not _is_written_as(variable.kind, value)
        ]
    for example in procedure.examples:
        several: list[Example | ExampleSubject] = [example, *example.subjects]
        for given in several:
            expect = given.expect
            named = [*(given.answers or {}), *(code for marks in given.experts.values() for code in marks)]
            named += [*expect.points, *expect.weighted] if expect else []
            need("критерий", dict.fromkeys(named), [*criteria, *blocks], f"пример «{example.title}»")
            need("переменная", given.context, variables, f"пример «{example.title}»")
    return found


def _is_written_as(kind: str, value: str) -> bool:
    if not re.fullmatch(SHAPES[kind][1], value):
        return False
    if kind != "date":
        return True
    try:
        date.fromisoformat("-".join(reversed(value.split("."))))
    except ValueError:
        return False
    return True


def _conditions(part: Any, where: str = "процедура") -> Iterator[tuple[str, str, list[str], list[str]]]:
    """Walk the procedure and yield every use of a context variable: the values and the bounds it names."""
    if isinstance(part, CriterionBase):
        where = f"критерий {part.code}"
    if isinstance(part, Amount) and part.by:
        yield where, part.by, list(part.values or {}), []
    if isinstance(part, Strict):
        for name, allowed in (getattr(part, "when", None) or {}).items():
            edges = (allowed.at_least, allowed.more_than, allowed.at_most, allowed.less_than)
            yield where, name, allowed.values or [], [edge for edge in edges if edge is not None]
        for name in type(part).model_fields:
            if name not in ("when", "examples"):
                yield from _conditions(getattr(part, name), where)
    elif isinstance(part, list):
        for item in part:
            yield from _conditions(item, where)
