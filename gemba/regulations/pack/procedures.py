"""The vocabulary of procedures: criteria, points, cut-offs, bands, experts, places. One shared definition.

A procedure is read in this order: context -> criteria (points) -> normalisation -> coefficient -> blocks ->
total -> cut-offs -> bands -> places. Nothing here computes: `gemba.scorecards.rules` does.
"""

from __future__ import annotations

import fractions
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from gemba.regulations.pack.base import Code, Exact, Strict, Text
from gemba.regulations.pack.procedure_criteria import (
    Block,
    Criterion,
    CriterionBase,
    Fraction,
    Mark,
    Normalise,
    Numeric,
    PerUnit,
    Range,
    Ranges,
    Row,
    Rows,
    Value,
    YesNo,
)
from gemba.regulations.pack.procedure_links import broken_links
from gemba.regulations.pack.procedure_parts import (
    ONE,
    SHAPES,
    UNDEFINED,
    Allowed,
    Amount,
    Case,
    Codes,
    Interval,
    Key,
    Keys,
    Part,
    Rounding,
    Rule,
    Variable,
    When,
    bounds_text,
    can_hold_together,
    listed,
    or_short,
)

# The door of the vocabulary: its parts stand in the files beside.
__all__ = [
    "BOUNDS",
    "ONE",
    "SHAPES",
    "UNDEFINED",
    "Allowed",
    "Amount",
    "Band",
    "Block",
    "Case",
    "Codes",
    "Conduct",
    "Criterion",
    "CriterionBase",
    "Cutoff",
    "Example",
    "ExampleSubject",
    "Expected",
    "Experts",
    "Fraction",
    "Interval",
    "Key",
    "Keys",
    "Mark",
    "Normalise",
    "Numeric",
    "Outcome",
    "Part",
    "PerUnit",
    "Procedure",
    "Range",
    "Ranges",
    "Ranking",
    "Rounding",
    "Row",
    "Rows",
    "Rule",
    "Statement",
    "Threshold",
    "TieBreaker",
    "Total",
    "Value",
    "Variable",
    "When",
    "Winners",
    "YesNo",
    "bounds_text",
    "can_hold_together",
]


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


BOUNDS: Final = ("at_least", "more_than", "at_most", "less_than")


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
    when_none: Literal["undefined", "not_cut"] | None = None
    tables: dict[Literal["at_least", "more_than", "at_most", "less_than"], Amount] = {}

    @model_validator(mode="before")
    @classmethod
    def _tables(cls, given: Any) -> Any:
        """Take a bound that depends on the context, `less_than: {by: …, values: …}`, as a table."""
        if not isinstance(given, dict):
            return given
        tables = {name: given[name] for name in BOUNDS if isinstance(given.get(name), dict)}
        rest = {name: value for name, value in given.items() if name not in tables}
        return {**rest, "tables": {**(given.get("tables") or {}), **tables}} if tables else rest

    def bounds_by(self, value_of: Callable[[Amount], fractions.Fraction | None]) -> Interval | None:
        """Return the bounds that hold here, or None where the tables give no number."""
        found = {name: value_of(amount) for name, amount in self.tables.items()}
        if None in found.values():
            return None
        fixed = {name: getattr(self, name) for name in BOUNDS if getattr(self, name) is not None}
        known = {
            name: Decimal(number.numerator) / number.denominator
            for name, number in found.items()
            if number is not None
        }
        return Interval(**fixed, **known)

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(core)
        parts = handler.resolve_ref_schema(schema).get("properties", {})
        amount = parts.get("tables", {}).get("additionalProperties")
        for name in BOUNDS:
            if amount and name in parts:
                parts[name] = or_short(parts[name], amount)
        return schema

    @model_validator(mode="after")
    def _complete(self) -> Cutoff:
        if doubled := [name for name in self.tables if getattr(self, name) is not None]:
            raise ValueError(f"граница {doubled[0]} записана дважды: оставьте число или таблицу")
        for one, other, how in (("at_least", "more_than", "нижняя"), ("at_most", "less_than", "верхняя")):
            if all(name in self.tables or getattr(self, name) is not None for name in (one, other)):
                raise ValueError(f"{how} граница указана дважды: оставьте {one} или {other}")
        if not self.is_bounded and not self.tables:
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
    minimum: Annotated[list[Threshold], BeforeValidator(listed)] = []
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
        if broken := broken_links(self):
            raise ValueError("; ".join(broken))
        return self
