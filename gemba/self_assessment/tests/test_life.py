"""The whole life of a campaign: open, fill, sign, check, fix, publish; and everything that must be refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from gemba.kernel.problems import Refusal
from gemba.notices.models import Notice
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.self_assessment import actions, queries
from gemba.self_assessment.models import Campaign, Participant, ProofRule, RowCheck, Standing, Verdict
from gemba.self_assessment.rules.states import State
from gemba.self_assessment.tests.factories import (
    AT,
    SHIPPED,
    answers_of,
    by,
    checked,
    edition_of,
    fill,
    opened,
    sent,
)


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return opened(cast.municipality, edition_of(cast.municipality))


def of(campaign: Campaign, organisation: object) -> Participant:
    return Participant.objects.select_related("campaign", "organisation").get(
        campaign=campaign, organisation=organisation
    )


def test_every_participant_is_invited_and_the_heads_are_told(cast: Cast, campaign: Campaign) -> None:
    invited = set(campaign.participants.values_list("organisation__short_name", flat=True))
    assert "Школа № 1" in invited
    assert cast.water_company.pk not in set(campaign.participants.values_list("organisation_id", flat=True))
    assert of(campaign, cast.school).group == "subordinate"
    assert of(campaign, cast.administration).context == {"rating_group": "local_government"}
    told = set(Notice.objects.values_list("user__login", flat=True))
    assert told == {"coordinator", "unit_head"}


def test_dates_come_from_the_regulation_with_their_clause(cast: Cast, campaign: Campaign) -> None:
    procedure = queries.procedure_of(campaign)
    _, send = queries.days_of(municipality_id=cast.municipality.pk, procedure=procedure, year=2026)
    assert send is not None and send.on.month in (11, 12) and send.clause


def test_from_invitation_to_the_place(cast: Cast, campaign: Campaign) -> None:
    checked(of(campaign, cast.school), answers_of(c1=["1"], c3=["3"], c5=["1"]))
    checked(of(campaign, cast.kindergarten), answers_of(c1=["1"], c5=["1"]))
    checked(of(campaign, cast.administration), answers_of(c1=["1", "2"]))
    actions.fix(
        actor=by(cast.municipality), campaign_id=campaign.pk, on=date(2026, 11, 20), at=AT, leaves_out=True
    )
    rows = {row.organisation_id: row for row in Standing.objects.all()}
    assert rows[cast.school.pk].total == Decimal("1.9")
    assert (rows[cast.school.pk].place, rows[cast.kindergarten.pk].place) == (1, 1)
    assert rows[cast.administration.pk].place == 1  # another group
    assert rows[cast.school.pk].banner.startswith("Итог без критерия 3")
    assert rows[cast.school.pk].points["3"][:2] == ["3", None]


def test_equals_share_a_place_and_the_next_is_skipped(cast: Cast) -> None:
    from gemba.organisation.tests.factories import make_organisation

    extra = [
        make_organisation(cast.municipality, f"Школа {n}", code=f"9{n}", parent=cast.education)
        for n in range(2)
    ]
    campaign = opened(cast.municipality, edition_of(cast.municipality))
    for organisation, answers in (
        (cast.school, answers_of(c1=["1", "2"])),
        (cast.kindergarten, answers_of(c1=["1"])),
        (extra[0], answers_of(c1=["1"])),
        (extra[1], answers_of()),
    ):
        sheet = of(campaign, organisation)
        checked(sheet, answers if any(answers.values()) else {**answers, "1": ["0"]})
    actions.fix(
        actor=by(cast.municipality), campaign_id=campaign.pk, on=date(2026, 11, 20), at=AT, leaves_out=True
    )
    assert sorted(Standing.objects.filter(group="subordinate").values_list("place", flat=True)) == [
        1,
        2,
        2,
        4,
    ]


def test_a_row_without_evidence_is_not_signed(cast: Cast, campaign: Campaign) -> None:
    sheet = fill(of(campaign, cast.school), answers_of(c1=["1", "2"]), proven=False)
    with pytest.raises(Refusal) as refused:
        actions.sign(actor=by(cast.municipality), participant_id=sheet.pk, version=sheet.version, at=AT)
    assert [problem.text for problem in refused.value.problems] == [
        "Критерий 1, строка 1: нет подтверждения.",
        "Критерий 1, строка 2: нет подтверждения.",
    ]
    assert of(campaign, cast.school).state == State.FILLING


def test_a_row_that_does_not_exist_is_refused_and_nothing_is_kept(cast: Cast, campaign: Campaign) -> None:
    sheet = of(campaign, cast.school)
    with pytest.raises(Refusal, match="строки «17» нет"):
        actions.keep_answers(
            actor=by(cast.municipality), participant_id=sheet.pk, version=None, answers={"1": ["17"]}, comments={},
            at=AT,
        )  # fmt: skip
    with pytest.raises(Refusal, match="Критерия «99»"):
        actions.keep_answers(
            actor=by(cast.municipality), participant_id=sheet.pk, version=None, answers={"99": ["1"]}, comments={},
            at=AT,
        )  # fmt: skip
    assert of(campaign, cast.school).answers == {}


def test_what_the_records_prove_needs_no_evidence(cast: Cast, campaign: Campaign) -> None:
    from gemba.plan.tests.factories import event

    assert ProofRule.objects.filter(criterion="5", row="1", indicator="people_trained").exists()
    sheet = of(campaign, cast.school)
    assert queries.prefilled(sheet, queries.shown_for(participant=sheet, today=date(2026, 11, 20))) == {}
    event(cast.school, "training", date(2026, 3, 20), people=["Тихонова Дарья Игоревна"])
    shown = queries.shown_for(participant=sheet, today=date(2026, 11, 20))
    assert queries.prefilled(sheet, shown) == {"5": ["1"]}
    fill(sheet, answers_of(c5=["1"]), proven=False)
    signed = actions.sign(actor=by(cast.municipality), participant_id=sheet.pk, version=None, at=AT)
    assert signed.state == State.SENT


def test_a_refused_row_falls_out_and_breaks_the_chain(cast: Cast, campaign: Campaign) -> None:
    sheet = checked(
        of(campaign, cast.school), answers_of(c1=["1", "2", "3"]), {("1", "2"): "Приказ прошлого года."}
    )
    assert sheet.result["total"] == "3"
    assert sheet.checked_result["total"] == "1"
    assert any("Строка 3 не засчитана" in each["text"] for each in sheet.checked_result["explanation"])


def test_refusing_a_row_needs_a_reason(cast: Cast, campaign: Campaign) -> None:
    sheet = sent(of(campaign, cast.school), answers_of(c1=["1"]))
    with pytest.raises(Refusal, match="почему не подтверждена"):
        actions.check_rows(
            actor=by(cast.municipality), participant_id=sheet.pk, version=None,
            verdicts={("1", "1"): ("refused", "  ")}, at=AT,
        )  # fmt: skip
    assert not RowCheck.objects.exists()


def test_an_unchecked_row_stops_the_acceptance(cast: Cast, campaign: Campaign) -> None:
    sheet = sent(of(campaign, cast.school), answers_of(c1=["1"]))
    with pytest.raises(Refusal, match="не проверена"):
        actions.accept(actor=by(cast.municipality), participant_id=sheet.pk, version=sheet.version, at=AT)


def test_two_checkers_on_one_sheet(cast: Cast, campaign: Campaign) -> None:
    sheet = sent(of(campaign, cast.school), answers_of(c1=["1"]))
    verdict = {("1", "1"): ("confirmed", "")}
    actions.check_rows(
        actor=cast.actor(Role.MONITOR),
        participant_id=sheet.pk,
        version=sheet.version,
        verdicts=verdict,
        at=AT,
    )
    with pytest.raises(Refusal, match="его изменили: Зимина"):
        actions.check_rows(
            actor=cast.actor(Role.ASSESSOR), participant_id=sheet.pk, version=sheet.version,
            verdicts={("1", "1"): ("refused", "Нет")}, at=AT,
        )  # fmt: skip
    assert RowCheck.objects.get().verdict == Verdict.CONFIRMED


def test_a_returned_sheet_keeps_the_words_and_comes_back(cast: Cast, campaign: Campaign) -> None:
    sheet = sent(of(campaign, cast.school), answers_of(c1=["1", "2"]))
    actor = by(cast.municipality)
    actions.check_rows(
        actor=actor, participant_id=sheet.pk, version=None, at=AT,
        verdicts={("1", "1"): ("confirmed", ""), ("1", "2"): ("refused", "Нет приказа")},
    )  # fmt: skip
    actions.give_back(actor=actor, participant_id=sheet.pk, version=None, reason="Приложите приказ", at=AT)
    assert Notice.objects.filter(kind="return", user__login="coordinator").exists()
    actions.sign(actor=actor, participant_id=sheet.pk, version=None, at=AT)
    kept = dict(RowCheck.objects.values_list("row", "verdict"))
    assert kept == {"1": Verdict.CONFIRMED, "2": Verdict.AGAIN}


def test_only_the_head_signs_here_and_only_in_the_own_organisation(cast: Cast, campaign: Campaign) -> None:
    sheet = fill(of(campaign, cast.school), answers_of(c1=["1"]))
    for role in (Role.COORDINATOR, Role.MONITOR, Role.ADMIN):
        with pytest.raises(PermissionDenied):
            actions.sign(actor=cast.actor(role), participant_id=sheet.pk, version=None, at=AT)
    other = fill(of(campaign, cast.kindergarten), answers_of(c1=["1"]))
    with pytest.raises(PermissionDenied):
        actions.sign(actor=cast.actor(Role.UNIT_HEAD), participant_id=other.pk, version=None, at=AT)
    done = actions.sign(actor=cast.actor(Role.UNIT_HEAD), participant_id=sheet.pk, version=None, at=AT)
    assert done.signed_by == cast.people[Role.UNIT_HEAD].full_name


def test_unchecked_sheets_stay_out_only_knowingly(cast: Cast, campaign: Campaign) -> None:
    checked(of(campaign, cast.school), answers_of(c1=["1"]))
    with pytest.raises(Refusal, match="в рейтинг они не войдут"):
        actions.fix(actor=by(cast.municipality), campaign_id=campaign.pk, on=date(2026, 11, 20), at=AT)
    assert not Standing.objects.exists()


def test_a_fixed_rating_never_moves(cast: Cast, campaign: Campaign) -> None:
    sheet = checked(of(campaign, cast.school), answers_of(c1=["1"], c3=["3"]))
    actor = by(cast.municipality)
    actions.fix(actor=actor, campaign_id=campaign.pk, on=date(2026, 11, 20), at=AT, leaves_out=True)
    before = list(Standing.objects.values())
    edition = actions.set_coefficient(
        actor=actor, municipality=cast.municipality, edition=campaign.edition, procedure="checklist", criterion="3",
        value=Decimal("0.8"), act=actions.Act("постановление", "77-п", date(2026, 11, 20)),
        effective_on=date(2026, 11, 21), at=AT,
    )  # fmt: skip
    for late in (
        lambda: actions.move_campaign(
            actor=actor, campaign_id=campaign.pk, edition=edition, reason="77-п", at=AT
        ),
        lambda: actions.give_back(
            actor=actor, participant_id=sheet.pk, version=None, reason="Ещё раз", at=AT
        ),
        lambda: actions.fix(
            actor=actor, campaign_id=campaign.pk, on=date(2026, 11, 20), at=AT, leaves_out=True
        ),
    ):
        with pytest.raises(Refusal, match="зафиксирован"):
            late()
    assert list(Standing.objects.values()) == before


def test_an_edition_in_the_middle_changes_nothing_until_the_campaign_is_moved(
    cast: Cast, campaign: Campaign
) -> None:
    sheet = checked(of(campaign, cast.school), answers_of(c1=["1"], c3=["3"]))
    actor = by(cast.municipality, date(2026, 11, 22))
    edition = actions.set_coefficient(
        actor=actor, municipality=cast.municipality, edition=campaign.edition, procedure="checklist", criterion="3",
        value=Decimal("0.8"), act=actions.Act("постановление", "77-п", date(2026, 11, 20)),
        effective_on=date(2026, 11, 21), at=AT,
    )  # fmt: skip
    assert queries.newer_edition(campaign=campaign, today=date(2026, 11, 22)) == edition
    sheet.refresh_from_db()
    assert sheet.checked_result["total"] == "1"
    _, returned = actions.move_campaign(
        actor=actor, campaign_id=campaign.pk, edition=edition, reason="Постановление 77-п", at=AT
    )
    sheet.refresh_from_db()
    assert (returned, sheet.checked_result["total"], sheet.state) == (0, "3.4", State.CHECKED)


def test_a_row_that_a_new_edition_takes_away_returns_the_sheet(cast: Cast, campaign: Campaign) -> None:
    sheet = sent(of(campaign, cast.school), answers_of(c6=["2"]))
    other = sent(of(campaign, cast.kindergarten), answers_of(c6=["1"]))
    words = "система мотивации и стимулирования сотрудников направлена"
    row = SHIPPED.read_text("utf-8").split(words)[0]
    row = row[row.rindex('          - code: "2"') :] + words
    edition = edition_of(
        cast.municipality, effective_on="2026-11-10", change={row: row.replace('"2"', '"2b"')}
    )
    _, returned = actions.move_campaign(
        actor=by(cast.municipality), campaign_id=campaign.pk, edition=edition, reason="Новая редакция", at=AT
    )
    sheet.refresh_from_db()
    other.refresh_from_db()
    assert returned == 1
    assert (sheet.state, other.state) == (State.RETURNED, State.SENT)
    assert "строки «2» нет" in sheet.return_text


def test_a_campaign_is_opened_once_a_year(cast: Cast, campaign: Campaign) -> None:
    with pytest.raises(Refusal, match="уже открыта"):
        opened(cast.municipality, campaign.edition)
    assert Campaign.objects.count() == 1
