"""A campaign of thousands opens, is filled and is fixed within seconds."""

from __future__ import annotations

import sys
from datetime import date
from time import perf_counter

import pytest

from gemba.organisation.models import Organisation, ParticipationPeriod
from gemba.organisation.tests.cast import Cast
from gemba.self_assessment import actions
from gemba.self_assessment.models import Participant, Standing
from gemba.self_assessment.rules.states import State
from gemba.self_assessment.tests.factories import AT, answers_of, by, edition_of, opened

MANY = 3000


@pytest.mark.bench
def test_three_thousand_participants(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    made = Organisation.objects.bulk_create(
        [
            Organisation(
                municipality=cast.municipality, kind="institution", code=f"m{n:04}", name=f"Учреждение {n}",
                name_key=f"учреждение {n}", short_name=f"Учреждение {n}", starts_on=date(2000, 1, 1),
            )
            for n in range(MANY)
        ],
        batch_size=500,
    )  # fmt: skip
    ParticipationPeriod.objects.bulk_create(
        [ParticipationPeriod(organisation=each, starts_on=date(2000, 1, 1)) for each in made], batch_size=500
    )
    edition = edition_of(cast.municipality)
    times = {}
    start = perf_counter()
    campaign = opened(cast.municipality, edition)
    times["open"] = perf_counter() - start
    assert campaign.participants.count() >= MANY
    start = perf_counter()
    rows = list(Participant.objects.filter(campaign=campaign))
    for number, row in enumerate(rows):
        row.checked_answers = answers_of(
            c1=["1", "2", "3"][: number % 4],
            c2=["1"] if number % 2 else ["0"],
            c3=["3"],
            c8=[str(number % 5)],
        )
        row.state, row.signed_by = State.CHECKED, "Руководитель"
    Participant.objects.bulk_update(rows, ["checked_answers", "state", "signed_by"], batch_size=200)
    times["fill (bulk)"] = perf_counter() - start
    start = perf_counter()
    actions.fix(actor=by(cast.municipality), campaign_id=campaign.pk, on=date(2026, 11, 20), at=AT)
    times["fix"] = perf_counter() - start
    with capsys.disabled():
        sys.stdout.write(f"{times}\n")
    assert Standing.objects.filter(campaign=campaign).count() == len(rows)
    assert times["open"] < 15 and times["fix"] < 30, times
