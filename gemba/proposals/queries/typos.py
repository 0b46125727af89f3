"""What was meant by words that found nothing: looked for among the words of the municipality's own proposals."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from gemba.kernel.typos import Lexicon
from gemba.proposals.models import Proposal
from gemba.proposals.rules.states import State

# So many of the newest proposals hold the words that people search for.
NEWEST = 5000
MOST_TOWNS = 16


@dataclass
class _Kept:
    last: int = 0
    lexicon: Lexicon = field(default_factory=Lexicon)


_kept: "OrderedDict[int, _Kept]" = OrderedDict()
_lock = threading.Lock()


def meant(*, municipality_id: int, words: str) -> str:
    """Return the words without their mistakes, or nothing. The caller makes sure that they find what the actor sees.

    The words are gathered when first asked for and then only from what has been sent since.
    """
    with _lock:
        known = _kept.setdefault(municipality_id, _Kept())
        _kept.move_to_end(municipality_id)
        while len(_kept) > MOST_TOWNS:
            _kept.popitem(last=False)
        sent = Proposal.objects.filter(municipality_id=municipality_id, pk__gt=known.last)
        rows = (
            sent.exclude(state=State.DRAFT)
            .order_by("-pk")
            .values_list("pk", "problem", "solution", "expected")
        )
        for pk, *texts in rows[:NEWEST]:
            known.last = max(known.last, pk)
            for text in texts:
                known.lexicon.add(text)
        return known.lexicon.mend(words)


def forget_typos() -> None:
    """Let all words be gathered anew."""
    with _lock:
        _kept.clear()
