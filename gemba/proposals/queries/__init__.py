"""What there is to see of proposals."""

from gemba.proposals.queries.rules import calendar_of, promise, rules_of

__all__ = ["calendar_of", "promise", "rules_of"]
