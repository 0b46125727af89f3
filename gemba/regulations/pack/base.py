"""What every part of a pack is made of: strictness, references to clauses, exact numbers."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

CODE_PATTERN = r"^[a-z][a-z0-9_-]*$"
REF_PATTERN = r"^[a-z][a-z0-9-]*( \S+)?$"


class Strict(BaseModel):
    """A part of a pack: an unknown key is an error, and nothing changes after loading."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, use_attribute_docstrings=True
    )


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _exact(value: Any) -> Any:
    """Accept 0.3, "0.3" and «0,3»; a float goes through its text, so no binary tail remains."""
    if isinstance(value, bool):
        raise ValueError("ожидается число, а написано да/нет")
    if isinstance(value, float):
        return str(value)
    if isinstance(value, str):
        return re.sub(r"[\s\u00a0\u202f]", "", value).replace(",", ".")
    return value


def _as_day(value: Any) -> Any:
    """Accept 2022-12-01 and 01.12.2022."""
    if isinstance(value, str):
        found = re.fullmatch(r"(\d{2})\.(\d{2})\.(\d{4})", value.strip())
        if found:
            day, month, year = (int(part) for part in found.groups())
            try:
                return date(year, month, day)
            except ValueError:
                raise ValueError(f"дня {value.strip()} не бывает") from None
    return value


Code = Annotated[str, StringConstraints(pattern=CODE_PATTERN)]
"""A latin name of a rule, unique among its kind: `quarterly_report`."""

Ref = Annotated[str, StringConstraints(pattern=REF_PATTERN)]
"""A clause: code of the document, a space, the number of the clause: `polozhenie 6.2`."""

Refs = Annotated[list[Ref], BeforeValidator(_as_list), Field(min_length=1)]
"""One clause or several."""

Text = Annotated[str, StringConstraints(min_length=1)]
Exact = Annotated[Decimal, BeforeValidator(_exact)]
Day = Annotated[date, BeforeValidator(_as_day)]


class Note(Strict):
    """A remark of whoever wrote the pack; it is shown beside the rule and rules nothing."""

    text: Text
    clause: Refs | None = None
