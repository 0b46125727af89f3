"""An invented region: names of municipalities, their share of the work, their organisations."""

from dataclasses import dataclass

CODE_PREFIX = "fill-"
_FIRST = ("Светло", "Тихо", "Дальне", "Ясно", "Верхне", "Средне", "Красно", "Сосново")
_SECOND = ("полянский", "реченский", "озерский", "борский", "луговский", "горский")
_OFFICES = (
    "administration",
    "economy",
    "finance",
    "education",
    "culture",
    "social",
    "housing",
    "youth",
    "property",
)
# What a municipality has more of as it grows, in turn.
_MORE = (
    "school", "kindergarten", "territory", "club", "kindergarten", "school", "library", "sport", "social_centre", "art_school",
    "kindergarten", "school", "one_window", "water", "greenery", "creativity", "heat", "bus", "books", "museum", "shelter",
)  # fmt: skip


@dataclass(frozen=True)
class Share:
    """What falls to one municipality of the region."""

    number: int
    code: str
    name: str
    genitive: str
    short_name: str
    organisations: dict[str, int]
    people: int
    proposals: int
    projects: int


def shares(*, municipalities: int, scale: int, proposals: int, seed: int, projects: int = 0) -> list[Share]:
    """Divide the region: the first municipality is a city with a quarter of the work, the others share the rest.

    Organisations grow as the square root of the scale: a region gets more work rather than more schools.
    """
    weights = [0.25, *[0.75 / (municipalities - 1)] * (municipalities - 1)] if municipalities > 1 else [1.0]
    growth = scale**0.5
    found = []
    left, left_projects = proposals, projects
    for number, weight in enumerate(weights, 1):
        count = round(proposals * weight) if number < len(weights) else left
        left -= count
        own = round(projects * weight) if number < len(weights) else left_projects
        left_projects -= own
        stem = _name(number)
        organisations = _organisations(
            round(8.5 * growth * (2.5 if number == 1 and municipalities > 1 else 1))
        )
        found.append(
            Share(
                number, f"{CODE_PREFIX}{seed}-{number:03}", f"{stem} муниципальный округ",
                f"{stem.removesuffix('ий')}ого муниципального округа", stem, organisations,
                max(30, sum(organisations.values()) * 6), count, own,
            )
        )  # fmt: skip
    return found


def _name(number: int) -> str:
    turn, place = divmod(number - 1, len(_FIRST) * len(_SECOND))
    word = _FIRST[place % len(_FIRST)] + _SECOND[place // len(_FIRST)]
    return word if not turn else f"{turn + 1}-й {word}"


def _organisations(count: int) -> dict[str, int]:
    found = dict.fromkeys(_OFFICES[: max(4, min(len(_OFFICES), count // 2))], 1)
    turn = 0
    while sum(found.values()) < count:
        kind = _MORE[turn % len(_MORE)]
        found[kind] = found.get(kind, 0) + 1
        turn += 1
    return found
