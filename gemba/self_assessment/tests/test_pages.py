"""Pages answer for those who may, hide what they must hide, and work without JavaScript."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.self_assessment import actions
from gemba.self_assessment.models import Campaign, Participant
from gemba.self_assessment.rules.states import State
from gemba.self_assessment.tests.factories import (
    AT,
    answers_of,
    by,
    checked,
    edition_of,
    opened,
    sent,
    url_samples,
)

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return opened(cast.municipality, edition_of(cast.municipality))


def of(campaign: Campaign, organisation: object) -> Participant:
    return Participant.objects.select_related("campaign", "organisation").get(
        campaign=campaign, organisation=organisation
    )


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize("role", [Role.MONITOR, Role.UNIT_HEAD, Role.HEAD, Role.EMPLOYEE])
def test_every_page_answers(cast: Cast, role: Role) -> None:
    client = cast.client(role)
    samples = url_samples(cast)
    names = ["index", "open", "mine", "coefficient"]
    addresses = [reverse(f"self_assessment:{name}") for name in names]
    addresses += [reverse(name, kwargs=values) for name, values in samples.items()]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code in (200, 302, 403, 404, 405), f"{address}: {answer.status_code}"


def test_values_of_rows_are_hidden_while_answering(cast: Cast, campaign: Campaign) -> None:
    sheet = of(campaign, cast.school)
    client = cast.client(Role.COORDINATOR)
    page = text_of(client.get(reverse("self_assessment:sheet", args=[sheet.pk])))
    assert "разработана муниципальная «дорожная карта»" in page
    assert "sc-points" not in page and "sc-total" not in page
    sent(sheet, answers_of(c1=["1"]))
    page = text_of(client.get(reverse("self_assessment:sheet", args=[sheet.pk])))
    assert "sc-total" in page and "Чего не хватает для следующего шага" in page


def test_the_form_saves_hands_over_and_is_signed(cast: Cast, campaign: Campaign) -> None:
    sheet = of(campaign, cast.school)
    here = reverse("self_assessment:sheet", args=[sheet.pk])
    client = cast.client(Role.COORDINATOR)
    answer = client.post(
        here, {"version": sheet.version, "a-1": ["1"], "c-1": "Есть карта\x00", "next": "evidence:1"}
    )
    assert answer.status_code == 302 and answer["Location"].endswith("/prove/?criterion=1")
    file = SimpleUploadedFile("карта.pdf", PDF)
    answer = client.post(
        reverse("self_assessment:prove", args=[sheet.pk]),
        {"criterion": "1", "row": "1", "title": "Дорожная карта", "file": file},
    )
    assert answer.status_code == 302
    sheet.refresh_from_db()
    assert sheet.comments == {"1": "Есть карта"}
    answer = client.post(here, {"version": sheet.version, "a-1": ["1"], "next": "hand_over"})
    assert answer.status_code == 302
    assert of(campaign, cast.school).state == State.SIGNING
    assert (
        cast.client(Role.UNIT_HEAD).post(reverse("self_assessment:sign", args=[sheet.pk])).status_code == 302
    )
    proof = sheet.proofs.get()
    shown = cast.client(Role.MONITOR).get(reverse("self_assessment:proof_file", args=[sheet.pk, proof.pk]))
    assert b"".join(shown.streaming_content) == PDF
    checking = reverse("self_assessment:check", args=[sheet.pk])
    version = of(campaign, cast.school).version
    answer = cast.client(Role.MONITOR).post(
        checking, {"version": version, "v-1-1": "confirmed", "next": "accept"}
    )
    assert answer.status_code == 302
    assert of(campaign, cast.school).state == State.CHECKED


def test_a_signed_paper_is_a_signature_too(cast: Cast, campaign: Campaign) -> None:
    sheet = of(campaign, cast.school)
    from gemba.self_assessment.tests.factories import fill

    fill(sheet, answers_of(c1=["1"]))
    answer = cast.client(Role.COORDINATOR).post(
        reverse("self_assessment:sign_paper", args=[sheet.pk]), {"scan": SimpleUploadedFile("лист.pdf", PDF)}
    )
    assert answer.status_code == 302
    sheet = of(campaign, cast.school)
    assert sheet.state == State.SENT
    assert cast.people[Role.UNIT_HEAD].full_name in sheet.signed_by and sheet.scan


def test_a_lost_file_says_what_to_do(cast: Cast, campaign: Campaign) -> None:
    sheet = of(campaign, cast.school)
    actions.keep_answers(
        actor=by(cast.municipality),
        participant_id=sheet.pk,
        version=None,
        answers=answers_of(c1=["1"]),
        comments={},
        at=AT,
    )
    proof = actions.add_proof(
        actor=by(cast.municipality), participant_id=sheet.pk, criterion="1", row="1", title="Карта", link="",
        file=SimpleUploadedFile("карта.pdf", PDF), file_kind="pdf", at=AT,
    )  # fmt: skip
    proof.file.storage.delete(proof.file.name)
    answer = cast.client(Role.COORDINATOR).get(
        reverse("self_assessment:proof_file", args=[sheet.pk, proof.pk])
    )
    assert answer.status_code == 404


def test_an_unpublished_rating_is_for_the_economists(cast: Cast, campaign: Campaign) -> None:
    checked(of(campaign, cast.school), answers_of(c1=["1"]))
    checked(of(campaign, cast.kindergarten), answers_of(c1=["1", "2"]))
    actions.fix(
        actor=by(cast.municipality), campaign_id=campaign.pk, on=date(2026, 11, 20), at=AT, leaves_out=True
    )
    rating = reverse("self_assessment:rating", args=[campaign.pk])
    assert "Родничок" in text_of(cast.client(Role.MONITOR).get(rating))
    assert "Родничок" not in text_of(cast.client(Role.COORDINATOR).get(rating))
    assert "Школа № 1" in text_of(cast.client(Role.COORDINATOR).get(rating))
    assert "Школа № 1" not in text_of(cast.client(Role.EMPLOYEE).get(rating))
    cast.client(Role.MONITOR).post(
        reverse("self_assessment:publish", args=[campaign.pk]), {"is_published": "1"}
    )
    page = text_of(cast.client(Role.EMPLOYEE).get(rating))
    assert "Родничок" in page and "Итог без критерия 3" in page
    for name in ("rating", "heat", "movement"):
        sheet = cast.client(Role.EMPLOYEE).get(
            reverse(f"self_assessment:{name}", args=[campaign.pk]), {"as": "xlsx"}
        )
        assert sheet.status_code == 200 and sheet["Content-Type"].endswith("spreadsheetml.sheet")


def test_the_radar_has_its_table(cast: Cast, campaign: Campaign) -> None:
    sheet = checked(of(campaign, cast.school), answers_of(c1=["1"]))
    actions.fix(
        actor=by(cast.municipality), campaign_id=campaign.pk, on=date(2026, 11, 20), at=AT, leaves_out=True
    )
    page = text_of(cast.client(Role.COORDINATOR).get(reverse("self_assessment:result", args=[sheet.pk])))
    assert "sc-radar" in page and "33,3" in page


def test_a_newer_edition_is_told_and_the_paper_is_made(cast: Cast, campaign: Campaign) -> None:
    from gemba.documents.queries import preview_docx
    from gemba.documents.rendering import flaws
    from gemba.self_assessment.papers import SHEET

    sheet = sent(of(campaign, cast.school), answers_of(c1=["1"]))
    docx = preview_docx(kind=SHEET, subject=sheet, actor=cast.actor(Role.COORDINATOR), at=AT)
    assert flaws(docx) == []
    edition_of(cast.municipality, effective_on="2026-01-21")
    page = text_of(cast.client(Role.MONITOR).get(reverse("self_assessment:campaign", args=[campaign.pk])))
    assert "а действует уже" in page and "Считать по новой редакции" in page
