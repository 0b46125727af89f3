"""Counting how rare words are; run every night, and after a great many proposals were loaded at once."""

from collections import Counter
from datetime import datetime

from django.db import transaction

from gemba.organisation.models import Municipality
from gemba.proposals.models import Proposal, StemCount
from gemba.proposals.queries.likeness import TOTAL, forget_words
from gemba.proposals.rules.states import State

# A word of one or two proposals is as rare as one that nobody has counted.
RARE = 3


def count_stems(*, municipality_id: int) -> int:
    """Count anew in how many proposals of the municipality each key occurs; return how many keys are kept."""
    counts: Counter[str] = Counter()
    total = 0
    rows = Proposal.objects.filter(municipality_id=municipality_id).exclude(state=State.DRAFT)
    for kept in rows.values_list("likeness", flat=True).iterator(chunk_size=5000):
        counts.update(set(kept.split()))
        total += 1
    fresh = [
        StemCount(municipality_id=municipality_id, stem=stem[:60], count=count)
        for stem, count in counts.items()
        if count >= RARE
    ]
    with transaction.atomic():
        StemCount.objects.filter(municipality_id=municipality_id).delete()
        fresh.append(StemCount(municipality_id=municipality_id, stem=TOTAL, count=total))
        StemCount.objects.bulk_create(fresh, batch_size=2000)
    forget_words(municipality_id=municipality_id)
    return len(fresh) - 1


def count_all_stems(*, at: datetime) -> None:
    """Count the words of every municipality."""
    for municipality_id in Municipality.objects.values_list("pk", flat=True):
        count_stems(municipality_id=municipality_id)
