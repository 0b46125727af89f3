"""The four municipalities of the demo: how many organisations of each kind, colour, years of work."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Town:
    """What the demo invents for a municipality whose regulation is shipped."""

    code: str
    accent: str
    organisations: dict[str, int]
    people: int
    work_years: tuple[int, ...]
    """Years of the programme in which work is shown."""
    first_number: int
    """Numbers of schools and kindergartens begin here: beyond those that exist."""
    zeal: float = 0.0
    """The least any organisation cares: 0 — some hardly begin, 0.6 — nearly all reach their targets."""


_OFFICES = (
    "administration",
    "economy",
    "finance",
    "education",
    "culture",
    "youth",
    "social",
    "housing",
    "property",
)

TOWNS: tuple[Town, ...] = (
    Town(
        "belovo", "blue",
        {**dict.fromkeys(_OFFICES, 1), "council": 1, "audit": 1, "personnel": 1, "it": 1, "legal": 1, "archive": 1,
         "territory": 3, "school": 4, "gymnasium": 1, "kindergarten": 6, "creativity": 1, "books": 1, "library": 1, "club": 1,
         "museum": 1, "sport": 1, "social_centre": 1, "customer": 1, "dispatch": 1, "water": 1, "heat": 1},
        280, (2022, 2023, 2024), 241,
    ),
    Town(
        "leninsk-kuznetsky", "teal",
        {**dict.fromkeys(_OFFICES, 1), "council": 1, "personnel": 1, "legal": 1, "territory": 2, "school": 3, "kindergarten": 4,
         "creativity": 1, "library": 1, "club": 1, "sport_school": 1, "social_centre": 1, "one_window": 1, "greenery": 1,
         "water": 1},
        200, (2022, 2023, 2024), 341, 0.62,
    ),
    Town(
        "promyshlennovsky", "amber",
        {**dict.fromkeys(_OFFICES, 1), "council": 1, "agriculture": 1, "emergency": 1, "school": 3, "kindergarten": 4,
         "books": 1, "club": 1, "library": 1, "sport": 1, "social_centre": 1, "shelter": 1, "heat": 1, "bus": 1},
        170, (2025, 2026), 441, 0.3,
    ),
    Town(
        "novooskolsky", "green",
        {**dict.fromkeys(_OFFICES, 1), "it": 1, "school": 3, "kindergarten": 3, "art_school": 1, "museum": 1, "social_centre": 1,
         "sport": 1, "greenery": 1, "bus": 1},
        140, (2025, 2026), 541, 0.2,
    ),
)  # fmt: skip
