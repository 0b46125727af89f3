"""What is there to see: the register as of a day, and its lists."""

from gemba.organisation.queries.as_of import (
    Composition,
    Population,
    bodies_on,
    body_of_code,
    composition_on,
    head_on,
    headcount_on,
    holders,
    line_of,
    namesakes,
    organisations_on,
    participating_on,
    population,
    positions_on,
    tree_of,
    units_on,
)

__all__ = [
    "Composition",
    "Population",
    "bodies_on",
    "body_of_code",
    "composition_on",
    "head_on",
    "headcount_on",
    "holders",
    "line_of",
    "namesakes",
    "organisations_on",
    "participating_on",
    "population",
    "positions_on",
    "tree_of",
    "units_on",
]
