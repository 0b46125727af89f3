"""Search for duplicates: how many it finds, how many of what it finds are true, and how it behaves among many."""

import re
import sys
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gemba.organisation.access import system_actor
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.proposals import actions
from gemba.proposals.actions.load import Filled, bulk_fill
from gemba.proposals.actions.stems import count_stems
from gemba.proposals.models import Author, Proposal, StemCount
from gemba.proposals.queries.likeness import similar
from gemba.proposals.queries.lists import by_words
from gemba.proposals.queries.typos import forget_typos
from gemba.proposals.rules.likeness import THRESHOLD, keys_of, likeness, to_ask, weights
from gemba.proposals.rules.states import State
from gemba.proposals.tests.factories import AT, make_in, make_proposal
from gemba.proposals.tests.pairs import DIFFERENT, SAME


def score(first: str, second: str) -> float:
    one, two = keys_of(first), keys_of(second)
    return likeness(weights(one, {}, 0), weights(two, {}, 0))


def test_labelled_pairs_are_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(SAME) + len(DIFFERENT) >= 60
    found = [pair for pair in SAME if score(*pair) >= THRESHOLD]
    wrong = [pair for pair in DIFFERENT if score(*pair) >= THRESHOLD]
    recall = Decimal(len(found)) / len(SAME)
    precision = Decimal(len(found)) / (len(found) + len(wrong))
    with capsys.disabled():
        sys.stdout.write(
            f"\nduplicates: {len(SAME)} + {len(DIFFERENT)} pairs, recall {recall:.2f}, precision {precision:.2f}\n"
        )
    assert recall >= Decimal("0.85"), [(score(*pair), pair) for pair in SAME if pair not in found]
    assert precision >= Decimal("0.90"), wrong


@pytest.mark.django_db
def test_among_all_others_the_same_one_comes_first(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    system = system_actor(cast.municipality)
    texts = [pair[0] for pair in SAME] + [text for pair in DIFFERENT for text in pair]
    rows = [
        Filled(organisation_id=cast.school.pk, problem=text.partition(". ")[0], solution=text.partition(". ")[2],
               submitted_on=AT.date())
        for text in texts
    ]  # fmt: skip
    bulk_fill(municipality=cast.municipality, rows=rows, actor=system, at=AT)
    ids = list(Proposal.objects.order_by("pk").values_list("pk", flat=True))[: len(SAME)]
    hits, first = 0, 0
    for pk, (_, text) in zip(ids, SAME, strict=True):
        found = [row.pk for row in similar(municipality_id=cast.municipality.pk, text=text, limit=5)]
        twins = {pk} | set(
            Proposal.objects.filter(title=Proposal.objects.get(pk=pk).title).values_list("pk", flat=True)
        )
        hits += bool(set(found) & twins)
        first += bool(found and found[0] in twins)
    with capsys.disabled():
        sys.stdout.write(f"\nsearch among {len(texts)}: found {hits} of {len(SAME)}, {first} of them first\n")
    assert hits >= len(SAME) * 0.85 and first >= len(SAME) * 0.6


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Распечатывать приказы на двух сторонах", "Двусторонняя распечатка приказов"),
        ("приём граждан по субботам", "принимать граждан в субботу"),
        ("ёлки во дворе", "ЕЛКА ВО ДВОРАХ"),
    ],
)
def test_word_forms_meet(first: str, second: str) -> None:
    assert score(first, second) >= THRESHOLD


@pytest.mark.parametrize("repeats", [1, 100, 1000])
def test_what_many_have_written_is_still_found(repeats: int) -> None:
    mine = keys_of("инструмент лежит в общем ящике, повесить щит с контурами")
    theirs = keys_of(
        "Инструмент лежит в общем ящике, ищем ключ по пятнадцать минут. Сделать щит с контурами инструмента."
    )
    other = keys_of("Инструмент выдают по журналу в общем окне. Закупить вторую кассу и стол для жалоб.")
    counts = dict.fromkeys([*mine, *theirs, *other], repeats)
    one, two, three = (weights(keys, counts, 25_000) for keys in (mine, theirs, other))
    assert likeness(one, two) >= THRESHOLD > likeness(one, three)


def test_common_words_say_nothing() -> None:
    assert keys_of("Предлагаю сделать, чтобы было удобно сотрудникам в работе") == []
    assert score("Предлагаю сделать работу удобнее", "Предлагаю сделать работу быстрее") == 0
    assert keys_of("") == [] and keys_of("12 345 !?") == []


def test_the_rarest_words_are_asked_first_and_the_common_ones_left_out() -> None:
    counts = {"ключ": 9000, "щиток": 3, "школа": 8000, "вахта": 200}
    assert to_ask(["ключ", "щиток", "школа", "вахта"], counts) == ["щиток", "вахта"]


@pytest.mark.django_db
def test_introduced_ones_stand_first_and_drafts_nowhere(cast: Cast) -> None:
    texts = {"problem": "Ключи от кабинетов ищем по школе", "solution": "Повесить у вахты щиток с ключами"}
    waiting = make_proposal(cast, **texts)
    done = make_in(cast, State.IMPLEMENTED, **texts)
    make_in(cast, State.DRAFT, **texts)
    found = similar(municipality_id=cast.municipality.pk, text="щиток с ключами от кабинетов у вахты")
    assert [row.pk for row in found] == [done.pk, waiting.pk]
    assert found[0].percent > 50 and found[0].is_done
    assert similar(municipality_id=cast.other_municipality.pk, text="щиток с ключами от кабинетов") == []
    public = similar(municipality_id=cast.municipality.pk, text="щиток с ключами у вахты", only_public=True)
    assert [row.pk for row in public] == [done.pk]
    # Other organisations of the municipality too; whoever decides sees how alike they are.
    elsewhere = make_in(cast, State.IMPLEMENTED, organisation=cast.kindergarten, **texts)
    typed = cast.client(Role.EMPLOYEE).get(reverse("proposals:similar"), texts).content.decode()
    assert f"/proposals/{elsewhere.pk}/" in typed and f"/proposals/{waiting.pk}/" not in typed
    card = cast.client(Role.UNIT_HEAD).get(reverse("proposals:card", args=[waiting.pk])).content.decode()
    assert f"/proposals/{elsewhere.pk}/" in card and re.search(r"похоже на \d+ %", card)


@pytest.mark.django_db
def test_joining_credits_both_and_counts_once(cast: Cast) -> None:
    first = make_proposal(cast)
    second = make_proposal(cast, author=cast.people[Role.LEADER], co_authors=[cast.people[Role.TEAM]])
    head = cast.actor(Role.UNIT_HEAD)
    joined = actions.join_duplicate(actor=head, proposal_id=second.pk, original_id=first.pk, at=AT)
    assert joined.state == State.DUPLICATE and joined.duplicate_of_id == first.pk
    credited = set(Author.objects.filter(proposal=first).values_list("person_id", flat=True))
    assert credited == {cast.people[role].pk for role in (Role.EMPLOYEE, Role.LEADER, Role.TEAM)}
    third = make_proposal(cast)
    for wrong, words in ((third.pk, "само себя"), (second.pk, "само объединено"), (999_999, "нет")):
        with pytest.raises(actions_refusal(), match=words):
            actions.join_duplicate(actor=head, proposal_id=third.pk, original_id=wrong, at=AT)


def actions_refusal() -> type[Exception]:
    from gemba.kernel.problems import Refusal

    return Refusal


@pytest.mark.django_db
def test_search_by_number_and_by_word_forms(cast: Cast) -> None:
    made = make_proposal(cast, problem="Темно на лестнице", solution="Повесить светильник с датчиком")
    make_proposal(cast)
    rows = Proposal.objects.all()
    assert list(by_words(rows, made.number_text)) == [made]
    assert list(by_words(rows, "светильники датчики")) == [made]
    assert list(by_words(rows, "СВЕТИЛЬНИКОМ")) == [made]
    assert not by_words(rows, "2026-9999").exists() and not by_words(rows, "!!!").exists()


@pytest.mark.django_db
def test_counting_words_twice_changes_nothing(cast: Cast) -> None:
    for _ in range(4):
        make_proposal(cast)
    assert (
        count_stems(municipality_id=cast.municipality.pk)
        == count_stems(municipality_id=cast.municipality.pk)
        > 0
    )
    kept = dict(StemCount.objects.values_list("stem", "count"))
    assert kept[""] == 4 and kept["щитк"] == 4


@pytest.mark.django_db
def test_among_many_proposals_the_same_few_statements_find_the_similar(cast: Cast) -> None:
    system = system_actor(cast.municipality)
    words = [text for pair in (*SAME, *DIFFERENT) for text in pair]
    rows = [
        Filled(organisation_id=cast.school.pk, problem=f"{words[n % len(words)]} Ряд {n}",
               solution=f"{words[(n * 7) % len(words)]} Ряд {n}", submitted_on=AT.date())
        for n in range(2000)
    ]  # fmt: skip
    bulk_fill(municipality=cast.municipality, rows=rows, actor=system, at=AT)
    for _, text in SAME[:15]:
        with CaptureQueriesContext(connection) as asked:
            assert similar(municipality_id=cast.municipality.pk, text=text)
        assert len(asked) <= 6


@pytest.mark.django_db
def test_a_search_with_a_mistake_says_what_was_meant(cast: Cast) -> None:
    forget_typos()
    make_proposal(cast, problem="На лестнице темно", solution="Улучшить освещение, повесить светильник")
    client, address = cast.client(Role.UNIT_HEAD), reverse("proposals:list")
    for typed, meant in (
        ("освищение", "освещение"),
        ("jcdtotybt", "освещение"),
        ("темно освищение", "темно освещение"),
    ):
        page = client.get(address, {"view": "all", "q": typed}).content.decode()
        assert "Возможно, вы имели в виду" in page and f"<b>{meant}</b>" in page
        assert "имели в виду" not in client.get(address, {"view": "all", "q": meant}).content.decode()
    # What was sent a moment ago is known too.
    assert "имели в виду" not in client.get(address, {"view": "all", "q": "штацыонар"}).content.decode()
    make_proposal(cast, problem="Тесно в коридоре", solution="Перенести стационар")
    assert "<b>стационар</b>" in client.get(address, {"view": "all", "q": "стацыонар"}).content.decode()
    # The search over everything too, whole and as suggestions.
    everywhere = reverse("workspace:search")
    assert "<b>освещение</b>" in client.get(everywhere, {"q": "освищение"}).content.decode()
    hints = client.get(everywhere, {"q": "освищение"}, headers={"hx-request": "true", "hx-target": "suggest"})
    assert "имели в виду: освещение" in hints.content.decode()
    # Nobody learns words of what they may not see.
    page = cast.client(Role.EMPLOYEE).get(address, {"view": "catalogue", "q": "освищение"}).content.decode()
    assert "Ничего не нашлось" in page and "имели в виду" not in page
    page = cast.client(Role.TRAINER).get(everywhere, {"q": "освищение"}).content.decode()
    assert "имели в виду" not in page


@pytest.mark.django_db
def test_a_search_that_finds_asks_for_no_words(cast: Cast) -> None:
    make_proposal(cast, problem="На лестнице темно", solution="Улучшить освещение")
    client, address = cast.client(Role.UNIT_HEAD), reverse("proposals:list")
    with CaptureQueriesContext(connection) as asked:
        client.get(address, {"view": "all", "q": "освещение"})
    assert not any('"solution"' in one["sql"] for one in asked)
