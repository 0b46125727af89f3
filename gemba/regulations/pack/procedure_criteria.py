"""Criteria: every way in which an act turns an answer into points, and the blocks they stand in."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from gemba.regulations.pack.base import Exact, Strict, Text
from gemba.regulations.pack.procedure_parts import (
    ONE,
    Amount,
    Interval,
    Key,
    Part,
    Rounding,
    Rule,
    When,
    bounds_text,
    can_hold_together,
    unique,
)


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
        unique(f"критерий {self.code}: строка", [row.code for row in self.rows])
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
    when_not_applicable: Literal["undefined", "leave_out"] = "undefined"
    declared_maximum: Exact | None = None
