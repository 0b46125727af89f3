"""The register of acts: what can be done in the product and by which roles. Every module declares its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from gemba.organisation.roles import WITHOUT_ACCOUNT, Role


class Nature(Enum):
    """What kind of act it is; some roles are shut out of a whole kind (roles, 7.1)."""

    # Decisions and everyday work of the programme: never the administrator, never the regional office.
    BUSINESS = "Работа"
    # Reading inside one municipality: never the regional office.
    READING = "Чтение"
    # Consolidated reading over municipalities, regulations, templates.
    CONSOLIDATED = "Сводные данные"
    # Accounts, roles, reference data.
    UPKEEP = "Ведение"


_SHUT_OUT: dict[Nature, frozenset[Role]] = {
    Nature.BUSINESS: frozenset({Role.ADMIN, Role.REGION}),
    Nature.READING: frozenset({Role.REGION}),
    Nature.CONSOLIDATED: frozenset(),
    Nature.UPKEEP: frozenset({Role.REGION}),
}


@dataclass(frozen=True)
class Act:
    """Something that can be done: its code, its title for people and who may."""

    code: str
    title: str
    roles: frozenset[Role]
    nature: Nature

    @property
    def module(self) -> str:
        """Return the module that declared the act."""
        return self.code.split(".", 1)[0]


class UnknownAct(LookupError):
    """Somebody asks about an act that no module has declared."""


_acts: dict[str, Act] = {}


def declare(code: str, title: str, roles: Iterable[Role], nature: Nature = Nature.BUSINESS) -> Act:
    """Declare an act `module.verb` at import time; declaring the very same act again changes nothing.

    :raises ValueError: when the code is taken or malformed, or a role may not have an act of this nature.
    """
    act = Act(code, title, frozenset(roles), nature)
    module, dot, verb = code.partition(".")
    if not (dot and module and verb and title):
        raise ValueError(f"{code!r}: an act is `module.verb` with a title.")
    if forbidden := act.roles & (_SHUT_OUT[nature] | WITHOUT_ACCOUNT):
        names = ", ".join(sorted(role.value for role in forbidden))
        raise ValueError(
            f"{code}: {names} may not have an act of nature {nature.name}. The administrator makes no "
            f"business decisions and the regional office reads consolidated data only: pass "
            f"nature=Nature.READING, Nature.CONSOLIDATED or Nature.UPKEEP where it is such an act, "
            "or take the role out."
        )
    if _acts.get(code, act) != act:
        raise ValueError(f"{code}: declared twice with different titles or roles.")
    _acts[code] = act
    return act


def act_of(code: str) -> Act:
    """Return the declared act.

    :raises UnknownAct: when no module has declared it.
    """
    try:
        return _acts[code]
    except KeyError:
        raise UnknownAct(
            f"{code}: declare it with organisation.acts.declare in the module's access.py."
        ) from None


def all_acts() -> list[Act]:
    """Return every declared act, by module and code."""
    return sorted(_acts.values(), key=lambda act: act.code)
