"""Proposals like this one, quickly among very many: few rare words bring candidates, the whole text ranks them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from gemba.proposals.models import Proposal, StemCount
from gemba.proposals.rules.likeness import (
    MOST_CANDIDATES,
    THRESHOLD,
    Weighed,
    compared,
    keys_of,
    share,
    to_ask,
    weighed,
    weights,
)
from gemba.proposals.rules.states import IMPLEMENTED, State
from gemba.proposals.rules.terms import number_text
from gemba.search.queries import any_question
from gemba.statements import written

# The row that holds the number of proposals counted.
TOTAL = ""
# So many compared texts a municipality keeps in memory.
MOST_TEXTS = 5000
FEW_SHOWN = 5


@dataclass(frozen=True)
class Words:
    """How often the words of a municipality occur, and what each weighs; made once for each nightly count."""

    stamp: tuple[int, int] = (0, 0)
    counts: Mapping[str, int] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    rare: float = 1.0
    # Texts that were compared already: who types asks about the same ones again and again.
    texts: dict[str, Weighed] = field(default_factory=dict)

    def weigh(self, keys: Iterable[str]) -> Weighed:
        """Weigh the keys of a text."""
        return weighed({key: self.weights.get(key, self.rare) for key in keys})

    def of_text(self, kept: str) -> Weighed:
        """Weigh the keys kept with a proposal."""
        found = self.texts.get(kept)
        if found is None:
            if len(self.texts) >= MOST_TEXTS:
                self.texts.clear()
            found = self.texts[kept] = self.weigh(kept.split())
        return found


_words: dict[int, Words] = {}


@written
def _stamp(*, municipality_id: int) -> "QuerySet[StemCount, tuple[int, int]]":
    return StemCount.objects.filter(municipality_id=municipality_id, stem=TOTAL).values_list("pk", "count")


def _words_of(municipality_id: int) -> Words:
    found = _stamp(municipality_id=municipality_id)
    if not found:
        # Nobody has counted yet: every word is as rare as another.
        return Words()
    stamp = found[0]
    kept = _words.get(municipality_id)
    if kept is None or kept.stamp != stamp:
        counts = dict(StemCount.objects.filter(municipality_id=municipality_id).values_list("stem", "count"))
        total = counts.pop(TOTAL, 0)
        weighed = weights(counts, counts, total)
        kept = Words(stamp, counts, weighed, weights([TOTAL], {}, total)[TOTAL])
        _words[municipality_id] = kept
    return kept


def forget_words(*, municipality_id: int) -> None:
    """Let the words of a municipality be read anew."""
    _words.pop(municipality_id, None)


@dataclass(frozen=True)
class Similar:
    """A proposal like the one in hand."""

    pk: int
    number: str
    title: str
    place: str
    state: State
    percent: int

    @property
    def state_title(self) -> str:
        """Return its state in words."""
        return self.state.title

    @property
    def tone(self) -> str:
        """Return the tone of its badge."""
        return self.state.tone

    @property
    def is_done(self) -> bool:
        """Tell whether it has been introduced."""
        return self.state in IMPLEMENTED


def similar(
    *, municipality_id: int, text: str, besides: int | None = None, only_public: bool = False, limit: int = 5
) -> list[Similar]:
    """Return the proposals of the municipality most like the text: introduced ones first, then by likeness."""
    keys = keys_of(text)[:80]
    if not keys:
        return []
    words = _words_of(municipality_id)
    question = any_question(Proposal, to_ask(keys, words.counts))
    rows = _candidates(
        municipality_id=municipality_id, question=question, besides=besides or 0, only_public=only_public
    )
    mine = words.weigh(keys)
    # The same keys stand under many proposals: they are compared once.
    scores = {kept: compared(mine, words.of_text(kept)) for kept in {kept for _, kept, _ in rows}}
    best = sorted(
        ((scores[kept], pk, state) for pk, kept, state in rows if scores[kept] >= THRESHOLD), reverse=True
    )
    chosen = sorted(
        ((State(state) not in IMPLEMENTED, -share(score), -pk) for score, pk, state in best[: limit * 4]),
    )[:limit]
    shown = {row[0]: row[1:] for row in _shown([-pk for _, _, pk in chosen])}
    return [
        Similar(-pk, number_text(year, number), title, short or name, State(state), -percent)
        for _, percent, pk in chosen
        for title, state, year, number, short, name in (shown[-pk],)
    ]


@written
def _candidates(
    *, municipality_id: int, question: str, besides: int, only_public: bool
) -> "QuerySet[Proposal, tuple[int, str, str]]":
    found = Proposal.objects.filter(municipality_id=municipality_id, likeness__asked=question)
    found = found.exclude(pk=besides)
    if only_public:
        # What is public is no draft and no repetition.
        found = found.filter(is_public=True)
    else:
        found = found.exclude(state__in=(State.DRAFT, State.DUPLICATE, State.CANCELLED))
    return found.order_by("-pk").values_list("pk", "likeness", "state")[:MOST_CANDIDATES]


def _shown(keys: list[int]) -> Iterable[tuple[Any, ...]]:
    if len(keys) > FEW_SHOWN:
        return _lines().filter(pk__in=keys)
    one, two, three, four, five = (*keys, *[0] * (FEW_SHOWN - len(keys)))
    return _few(one=one, two=two, three=three, four=four, five=five) if keys else []


@written
def _few(*, one: int, two: int, three: int, four: int, five: int) -> "QuerySet[Proposal, tuple[Any, ...]]":
    return _lines().filter(pk__in=(one, two, three, four, five))


def _lines() -> "QuerySet[Proposal, tuple[Any, ...]]":
    return Proposal.objects.values_list(
        "pk", "title", "state", "number_year", "number", "organisation__short_name", "organisation__name"
    )


def candidates(*, proposal: Proposal) -> list[Similar]:
    """Return what the reviewer should compare a proposal with."""
    text = f"{proposal.problem} {proposal.solution}"
    found = similar(municipality_id=proposal.municipality_id, text=text, besides=proposal.pk, limit=5)
    return [row for row in found if row.number]
