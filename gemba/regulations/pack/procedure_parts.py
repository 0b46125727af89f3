"""What the vocabulary of procedures is made of: numbers, bounds, conditions, rounding, variables."""

from __future__ import annotations

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


def listed(value: Any) -> Any:
    return value if isinstance(value, list) or value is None else [value]


Key = Annotated[
    str, BeforeValidator(_as_number_text), StringConstraints(pattern=r"^\w[\w.\-/]*$", max_length=40)
]
"""A number or name of a criterion or a row, as the act numbers it: 1, 1a, 2.3, quality."""

Codes = Annotated[list[Code], BeforeValidator(listed)]

Keys = Annotated[list[Key], BeforeValidator(listed), Field(min_length=1)]


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
            return {key: value if key == "values" else text_of(value) for key, value in given.items()}
        return {"values": [text_of(value) for value in listed(given) or []]}

    @model_validator(mode="after")
    def _something(self) -> Allowed:
        if not self.values and not any((self.at_least, self.more_than, self.at_most, self.less_than)):
            raise ValueError("условие пустое: перечислите значения списком или поставьте границу")
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return or_short(handler(core), {"type": ["string", "number"]}, {"type": "array", "items": {}})


def text_of(value: Any) -> str:
    if isinstance(value, bool):
        raise ValueError("возьмите значение в кавычки: YAML читает yes, no, on и off как да/нет")
    return str(value)


def or_short(full: JsonSchemaValue, *short: JsonSchemaValue) -> JsonSchemaValue:
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
        return or_short(handler(core), {"type": "number"}, {"type": "null"})


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


def unique(what: str, codes: list[str]) -> None:
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
    tables: dict[str, Amount] = getattr(interval, "tables", {})
    words = []
    for name, bound in (
        ("не менее", "at_least"),
        ("более", "more_than"),
        ("не более", "at_most"),
        ("менее", "less_than"),
    ):
        value = getattr(interval, bound)
        if bound in tables:
            words.append(f"{name} {_table_text(tables[bound])}")
        elif value is not None:
            words.append(f"{name} {value}".replace(".", ","))
    return ", ".join(words) or "любое число"


def _table_text(amount: Amount) -> str:
    if amount.values is None:
        return "порога, который зависит от условий"
    known = [
        f"{str(number).replace('.', ',')} ({key})"
        for key, number in amount.values.items()
        if number is not None
    ]
    return " / ".join(known)
