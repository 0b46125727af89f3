"""In what order an organisation's sheet lives: filled, signed, checked; the table says everything."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a sheet of an organisation is."""

    INVITED = "invited"
    FILLING = "filling"
    SIGNING = "signing"
    SENT = "sent"
    RETURNED = "returned"
    CHECKED = "checked"

    @property
    def title(self) -> str:  # type: ignore[override]
        """Return the state in words."""
        return {
            State.INVITED: "Не начата",
            State.FILLING: "Заполняется",
            State.SIGNING: "На подписи",
            State.SENT: "На проверке",
            State.RETURNED: "Возвращена",
            State.CHECKED: "Проверена",
        }[self]

    @property
    def tone(self) -> str:
        """Return the word of the colour."""
        return {
            State.INVITED: "neutral",
            State.FILLING: "neutral",
            State.SIGNING: "info",
            State.SENT: "info",
            State.RETURNED: "warn",
            State.CHECKED: "good",
        }[self]

    @property
    def may_be_edited(self) -> bool:
        """Tell whether the organisation may still change its answers."""
        return self in (State.INVITED, State.FILLING, State.RETURNED)

    @property
    def is_handed_in(self) -> bool:
        """Tell whether the organisation has done its part."""
        return self in (State.SENT, State.CHECKED)


_EDITED = frozenset({State.INVITED, State.FILLING, State.RETURNED})
MOVES: dict[str, tuple[frozenset[State], State]] = {
    "save": (_EDITED, State.FILLING),
    "hand_over": (_EDITED, State.SIGNING),
    "take_back": (frozenset({State.SIGNING}), State.FILLING),
    "sign": (_EDITED | {State.SIGNING}, State.SENT),
    "give_back": (frozenset({State.SENT, State.CHECKED}), State.RETURNED),
    "accept": (frozenset({State.SENT}), State.CHECKED),
}


def move(verb: str, state: State) -> State | None:
    """Return the state after the act, or None when the act is not possible now."""
    sources, target = MOVES[verb]
    return target if state in sources else None
