"""Grounds are linked to records: offered while typed, recognised by name, opened from the passport."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.plan.models import Measure
from gemba.projects import objects
from gemba.projects.actions import approval
from gemba.projects.models import Ground
from gemba.projects.rules.passport import GroundLine
from gemba.projects.tests.factories import AT, DAY, make_active, make_draft, values
from gemba.proposals.tests.factories import make_proposal
from gemba.regulations.queries import pack_on
from gemba.regulations.tests.factories import an_edition

pytestmark = pytest.mark.django_db


def _assignment(cast: Cast) -> Measure:
    return Measure.objects.create(
        municipality=cast.municipality, text="Сократить очередь в канцелярии", responsible=cast.people[Role.LEADER],
        due_on=date(2026, 12, 1), first_due_on=date(2026, 12, 1), given_by="Глава", given_at=datetime(2026, 11, 1, tzinfo=UTC),
    )  # fmt: skip


def test_records_are_offered_and_what_is_chosen_becomes_a_link(cast: Cast) -> None:
    earlier, proposal, task = (
        make_active(cast, title="Прежний проект"),
        make_proposal(cast),
        _assignment(cast),
    )
    project = make_draft(cast)
    client = cast.client(Role.LEADER)
    address = reverse("projects:fill", args=[project.pk, "reason"])
    texts = []
    for role, words, title in (
        (Role.LEADER, "прежний", f"Проект {earlier.number_text}: Прежний проект"),
        (Role.MONITOR, proposal.number_text, f"Предложение {proposal.number_text}: {proposal.title}"),
        (Role.LEADER, "очередь в канц", f"Поручение № {task.pk} (до 01.12.2026): {task.text}"),
    ):
        answer = cast.client(role).get(reverse("projects:objects"), {"grounds-0-object_title": words})
        assert title in answer.content.decode(), words
        texts.append(title)
    data = {"version": project.version, "justifications": "Жалуются.", "grounds-count": "4"}
    for number, text in enumerate([*texts, "Поручение № 7 из протокола совещания"]):
        data |= {f"grounds-{number}-code": "other", f"grounds-{number}-object_title": text}
    assert client.post(address, data).status_code == 302
    project.refresh_from_db()
    lines = project.passport.grounds
    assert (lines[0].project_id, lines[1].proposal_id) == (earlier.pk, proposal.pk)
    assert lines[2].object_ref == f"assignment:{task.pk}" and not lines[3].is_linked
    page = client.get(reverse("projects:passport", args=[project.pk])).content.decode()
    for url in (
        reverse("projects:card", args=[earlier.pk]),
        reverse("proposals:card", args=[proposal.pk]),
        reverse("plan:measure", args=[task.pk]),
    ):
        assert f'<a href="{url}">' in page, url


def test_a_row_of_the_plan_is_a_link_under_the_words_of_the_leader(cast: Cast) -> None:
    an_edition(cast.municipality)
    pack = pack_on(municipality_id=cast.municipality.pk, day=DAY)
    assert pack is not None
    row = pack.plan_rows()[0]
    whole = f"Показатель {row.number}: {row.title}"
    assert objects.offered(cast.actor(Role.LEADER), row.title[:12].casefold())[0] == whole

    def seen(text: str) -> tuple[str, str]:
        return objects.recognise(cast.municipality.pk, DAY, text)

    ref = f"row:{row.code}"
    own = f"Показатель {row.number} плана мероприятий ниже целевого"
    assert seen(own) == (ref, own) and seen(f"показатель {row.number}") == (ref, whole)
    assert objects.url_of(ref) == reverse("plan:row", args=[row.code])
    for words in ("Показатель 99.9", "Показатели 1.1", "2024-2025 годы", "Поручение № 1", "", "row:1.1"):
        assert seen(words) == ("", ""), words
    assert objects.url_of("") == objects.url_of("nothing:5") == ""


def test_the_approved_passport_keeps_the_link(cast: Cast) -> None:
    line = GroundLine("other", "Решение руководителя", object_title="Показатель 1.1", object_ref="row:1.1")
    project = make_draft(cast, **values(cast, grounds=[line]))
    approval.send(actor=cast.actor(Role.LEADER), project_id=project.pk, at=AT)
    approval.approve(actor=cast.actor(Role.SPONSOR), project_id=project.pk, at=AT)
    assert Ground.objects.get(project=project).object_ref == "row:1.1"
    card = cast.client(Role.EMPLOYEE).get(reverse("projects:card", args=[project.pk])).content.decode()
    assert f'<a href="{reverse("plan:row", args=["1.1"])}">Показатель 1.1</a>' in card
