"""What is invented is alike for the same seed, right in form, and nobody real."""

import hashlib
from datetime import date

from gemba.demo.rules.invention import InventedTown, Measure, all_words, invent_town
from gemba.demo.rules.kinds import KINDS, PROPER
from gemba.demo.rules.names import FAMILY_NAMES, latin, woman_form
from gemba.demo.rules.proposal_texts import IDEAS
from gemba.demo.rules.region import shares
from gemba.demo.rules.region_pack import region_pack
from gemba.demo.rules.seats import holder_of, place_of
from gemba.demo.rules.towns import TOWNS
from gemba.organisation.models import OrganisationKind
from gemba.organisation.roles import MUNICIPAL
from gemba.organisation.rules import inn_problems, phone_problems
from gemba.regulations.pack import load_pack

TODAY = date(2026, 11, 20)
# Family names of the people whom the shipped acts name, male and female, as the first eight hex digits of SHA-256:
# nobody's name stands here in words.
NAMED_IN_ACTS = set(
    """
02fc6f83 09e3b7bb 0adef1e3 0b3da582 0cb5f214 0f35b844 16f93a6d 1856a1d4 1e872839 20c460fd 2265198f 2a274c75
2cff744c 2d018f1f 2d4a2608 2f704cdd 341ca439 39815970 3a882b58 3a9cdebc 3bacab34 3baf8cf1 3bd10577 3d79e789
3e1a1ebc 3ff00df1 45b5ad37 47b9a6af 4b34915b 4e3fd6a7 4fbc68b0 521b2e46 53b29c7a 569f7019 5985e415 5f9b1cdd
60d0dde9 63c5addd 70652a11 721397cd 76c5e17d 795dadfd 7bf8f791 8a122b53 9151982b 9234e6ae 939ed774 957dc759
95d133d3 95f655c1 9b35f001 9c766cea a82dbb65 ac0c36cf b1221cdb b2f26c59 bb14067e bb42cd97 bc4c2a25 bd228277
bfba31f7 c81f5c0d cb91847a d2b26df6 d5e6580f d778d4a6 d894707a d90d185d da023aa3 db58076d e0057282 e0efda86
e1ff8d80 e69f1a46 efbce793 f0875032 f6d18f66 f9db8e8b fdd28bd5
""".split()
)


def invented(seed: int = 1) -> list[InventedTown]:
    return [
        invent_town(
            town.code,
            Measure(
                town.organisations,
                town.people,
                "Тихого округа",
                date(2022, 10, 18),
                TODAY,
                town.first_number,
                1000 * number,
            ),
            seed,
        )
        for number, town in enumerate(TOWNS, 1)
    ]


def digest(name: str) -> str:
    return hashlib.sha256(name.casefold().replace("ё", "е").encode()).hexdigest()[:8]


def test_the_same_seed_invents_the_same() -> None:
    assert all_words(invented()) == all_words(invented())
    assert all_words(invented(1)) != all_words(invented(2))


def test_nobody_named_in_an_act_is_among_the_invented() -> None:
    assert len(NAMED_IN_ACTS) > 60
    families = {*FAMILY_NAMES, *map(woman_form, FAMILY_NAMES)}
    assert not {family for family in families if digest(family) in NAMED_IN_ACTS}


def test_people_differ_within_a_municipality_and_their_contacts_lead_nowhere() -> None:
    for town in invented():
        names = [f"{person.family} {person.given} {person.patronymic}" for person in town.people]
        assert len(set(names)) == len(names)
        for person in town.people:
            assert not person.email or person.email.endswith("@gemba.example")
            assert not person.phone or (
                person.phone.startswith("+7 000 ") and not phone_problems(person.phone)
            )


def test_organisations_have_a_right_inn_that_no_tax_office_gives() -> None:
    numbers = [row.inn for town in invented() for row in town.organisations]
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        assert number.startswith("0000") and inn_problems(number) == []


def test_every_municipality_is_of_the_asked_size_and_has_all_kinds() -> None:
    for town in invented():
        assert 12 <= len(town.organisations) <= 40
        assert 100 <= len(town.people) <= 300
        assert {row.kind.kind for row in town.organisations} == set(OrganisationKind.values)
        assert any(row.successor for row in town.organisations)
        assert any(row.ends_on and not row.successor for row in town.organisations)
        assert any(person.is_acting for person in town.people) or town.code != "belovo"
        for row in town.organisations:
            assert row.people and row.people[0].is_head
            assert all(person.starts_on >= row.starts_on for person in row.people)
            if row.ends_on:
                assert row.ends_on < TODAY and max(row.headcounts) <= row.ends_on


def test_kinds_stand_under_kinds_that_exist_and_have_something_to_propose() -> None:
    for kind in KINDS.values():
        assert not kind.parent or list(KINDS).index(kind.parent) < list(KINDS).index(kind.code)
        assert all(IDEAS[topic] for topic in kind.topics)
        assert not kind.proper or len(set(PROPER[kind.proper])) == len(PROPER[kind.proper])


def test_there_are_enough_different_ideas() -> None:
    texts = [idea.problem for ideas in IDEAS.values() for idea in ideas]
    assert len(texts) >= 60 and len(set(texts)) == len(texts)
    assert all(len(idea.solution) > 20 for ideas in IDEAS.values() for idea in ideas)


def test_a_seat_is_held_by_whoever_it_describes() -> None:
    town = invented()[0]
    assert place_of("начальник финансового управления") == "finance"
    head = holder_of(town, "начальник Управления образования Администрации", set())
    assert head in town.of("education")[0].people and head.is_head
    other = holder_of(town, "начальник Управления образования Администрации", {head.code})
    assert other is not head


def test_the_region_shares_out_everything() -> None:
    found = shares(municipalities=34, scale=10, proposals=10_001, seed=5)
    assert sum(share.proposals for share in found) == 10_001
    assert len({share.name for share in found}) == len({share.code for share in found}) == 34
    assert found[0].proposals > 5 * found[1].proposals
    [alone] = shares(municipalities=1, scale=1, proposals=7, seed=5)
    assert alone.proposals == 7
    assert len({share.name for share in shares(municipalities=120, scale=1, proposals=120, seed=5)}) == 120


def test_the_invented_regulation_is_a_valid_pack() -> None:
    text = region_pack(
        code="fill-1-001",
        name="Тихий округ",
        genitive="Тихого округа",
        short_name="Тихий",
        region="Край",
        time_zone="Asia/Omsk",
    )
    pack = load_pack(text.encode())
    assert len(pack.plan_rows()) == 8 and pack.municipality.code == "fill-1-001"
    assert any(deadline.level == "reminder" for deadline in pack.deadlines)


def test_latin_letters() -> None:
    assert latin("Подъёмщикова-Жэюя") == "podemschikovazheyuya"
    assert len(MUNICIPAL) == 17
