"""Proposals like this one."""

from typing import Any

from gemba.proposals.models import Proposal


def candidates(*, proposal: Proposal) -> list[Any]:
    """Return the proposals most like this one."""
    return []
