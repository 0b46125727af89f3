"""Who of the invented people sits on a seat that an act describes by position."""

from dataclasses import replace

from gemba.demo.rules.invention import InventedOrganisation, InventedPerson, InventedTown

# The first root that stands in the description of a seat names the kind of organisation.
_PLACES: tuple[tuple[str, str], ...] = (
    ("территориальн", "territory"),
    ("архитектур", "housing"),
    ("капитальн", "customer"),
    ("служба заказчика", "customer"),
    ("школ", "school"),
    ("детским сад", "kindergarten"),
    ("комплексного центра", "social_centre"),
    ("образован", "education"),
    ("укмпст", "culture"),
    ("культуры и", "youth"),
    ("молодежн", "youth"),
    ("молодёжн", "youth"),
    ("культур", "culture"),
    ("социальной защит", "social"),
    ("земельн", "property"),
    ("куми", "property"),
    ("имуществ", "property"),
    ("финансовое управление", "finance"),
    ("финансового управления", "finance"),
    ("сельск", "agriculture"),
    ("мобилизац", "emergency"),
    ("экономического развития", "economy"),
    ("сектор", "economy"),
    ("муниципального контроля", "economy"),
    ("начальник управления по жизнеобеспечению", "housing"),
)


def place_of(title: str) -> str:
    """Return the kind of organisation where such a seat is held; the administration when nothing else is named."""
    text = title.casefold()
    if text.startswith(("заместитель главы", "первый заместитель главы", "и.о. заместителя главы")):
        return "administration"
    return next((kind for root, kind in _PLACES if root in text), "administration")


def holder_of(town: InventedTown, title: str, taken: set[str]) -> InventedPerson:
    """Return the person for a seat: the head of the place when the seat is a head's, otherwise somebody there."""
    text = title.casefold()
    is_head = any(
        word in text for word in ("начальник", "председател", "директор", "заведующ", "руководител")
    )
    is_deputy_of_town = "заместител" in text and "главы" in text
    for organisation in _places(town, place_of(title)):
        people = [
            person for person in organisation.people if person.code not in taken and person.ends_on is None
        ]
        if is_deputy_of_town:
            people = [
                person for person in people if "заместитель главы" in person.title.casefold()
            ] or people[1:]
        elif is_head:
            people = [person for person in people if person.is_head]
        else:
            people = [person for person in people if not person.is_head]
        if people:
            return people[0]
    return next(
        person
        for organisation in _places(town, "administration")
        for person in organisation.people
        if person.code not in taken and person.ends_on is None and not person.is_head
    )


def _places(town: InventedTown, kind: str) -> list[InventedOrganisation]:
    return [row for row in town.of(kind) if row.ends_on is None]


def give_titles(town: InventedTown, positions: list[str]) -> None:
    """Let the positions of the deputies of the head, and those who are acting, be called as the act calls them."""
    taken: set[str] = set()
    for text in positions:
        person = holder_of(town, text, taken)
        taken.add(person.code)
        is_acting = text.casefold().startswith("и.о. ")
        title = text[5:] if is_acting else text
        if place_of(text) != "administration" and not is_acting:
            continue
        for organisation in town.organisations:
            if person in organisation.people:
                place = organisation.people.index(person)
                named = title if is_acting else title[:1].upper() + title[1:]
                organisation.people[place] = replace(person, title=named, is_acting=is_acting)
