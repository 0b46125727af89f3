"""In what order a sheet lives: filled, agreed or returned; the table says everything."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a sheet is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    AGREED = "agreed"

    @property
    def title(self) -> str:  # type: ignore[override]
        """Return the state in words."""
        return {
            State.DRAFT: "Заполняется",
            State.SUBMITTED: "На согласовании",
            State.RETURNED: "Возвращена",
            State.AGREED: "Согласована",
        }[self]

    @property
    def tone(self) -> str:
        """Return the word of the colour."""
        return {
            State.DRAFT: "neutral",
            State.SUBMITTED: "info",
            State.RETURNED: "warn",
            State.AGREED: "good",
        }[self]

    @property
    def may_be_edited(self) -> bool:
        """Tell whether answers may still change."""
        return self in (State.DRAFT, State.RETURNED)


class Stage(StrEnum):
    """Which of the two assessments it is."""

    PRELIMINARY = "preliminary"
    FINAL = "final"

    @property
    def title(self) -> str:  # type: ignore[override]
        """Return the stage in words."""
        return {Stage.PRELIMINARY: "Предварительная", Stage.FINAL: "Итоговая"}[self]


MOVES: dict[str, tuple[frozenset[State], State]] = {
    "submit": (frozenset({State.DRAFT, State.RETURNED}), State.SUBMITTED),
    "agree": (frozenset({State.SUBMITTED}), State.AGREED),
    "give_back": (frozenset({State.SUBMITTED}), State.RETURNED),
}


def move(verb: str, state: State) -> State | None:
    """Return the state after the act, or None when the act is not possible now."""
    sources, target = MOVES[verb]
    return target if state in sources else None
