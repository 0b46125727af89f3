"""The coordinator's day: queue, assignment, escalation, discussion, drafts, board, notices."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from gemba.jobs import schedule
from gemba.kernel.problems import Refusal
from gemba.notices.models import Notice
from gemba.organisation.access import system_actor
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.organisation.tests.factories import grant, make_person, make_user
from gemba.proposals import actions
from gemba.proposals.actions.office import (
    assign,
    comment,
    escalate,
    escalate_silent,
    keep_filter,
    keep_template,
    resume_due,
)
from gemba.proposals.actions.submit import edit_draft
from gemba.proposals.models import Comment, Proposal, ProposalEvent, SavedFilter, Source
from gemba.proposals.places import tasks
from gemba.proposals.queries.lists import Filters, found, page_of
from gemba.proposals.queries.office import answer_templates
from gemba.proposals.rules.states import State, Verb
from gemba.proposals.rules.terms import ProposalRules
from gemba.proposals.tests.factories import AT, make_in, make_proposal, new

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=30)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(AT, tick=True):
        yield


def told(user: Any) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("title", flat=True))


def test_assigning_many_is_all_or_nothing(cast: Cast) -> None:
    first, second = make_proposal(cast), make_proposal(cast)
    decided = make_in(cast, State.ACCEPTED)
    coordinator, reviewer = cast.actor(Role.COORDINATOR), cast.people[Role.LEADER]
    with pytest.raises(Refusal, match="уже «Принято»"):
        assign(actor=coordinator, proposal_ids=[first.pk, decided.pk], reviewer=reviewer, at=AT)
    assert not Proposal.objects.filter(reviewer__isnull=False).exists()
    with pytest.raises(Refusal, match="автор"):
        assign(actor=coordinator, proposal_ids=[first.pk], reviewer=cast.people[Role.EMPLOYEE], at=AT)
    with pytest.raises(PermissionDenied):
        assign(actor=cast.actor(Role.EMPLOYEE), proposal_ids=[first.pk], reviewer=reviewer, at=AT)
    assert assign(actor=coordinator, proposal_ids=[first.pk, second.pk], reviewer=reviewer, at=AT) == 2
    notices = Notice.objects.filter(user=cast.users[Role.LEADER], kind="assignment")
    assert notices.count() == 2
    answer = cast.client(Role.COORDINATOR).post(
        reverse("proposals:assign"),
        {"chosen": [first.pk], "reviewer": "Лапин Артём Сергеевич", "back": "view=queue"},
    )
    assert answer["Location"].endswith("?view=queue")
    for data in ({"reviewer": "Лапин"}, {"chosen": [first.pk], "reviewer": "Никто"}, {"chosen": ["x"]}):
        assert cast.client(Role.COORDINATOR).post(reverse("proposals:assign"), data).status_code == 302


def test_silence_goes_one_level_up_once(cast: Cast) -> None:
    proposal = make_proposal(cast)
    answered = make_in(cast, State.RETURNED)
    assert "proposals.escalate_silent" in {entry.name for entry in schedule.entries()}
    assert escalate_silent(at=AT + timedelta(days=1)) == 0
    assert escalate_silent(at=LATER) == 1
    assert escalate_silent(at=LATER) == 0
    kept = Proposal.objects.get(pk=proposal.pk)
    assert kept.escalations == 1 and kept.state == State.REGISTERED
    assert Proposal.objects.get(pk=answered.pk).escalations == 0
    # The school stands under the board of education, which has no head in the cast: the curator is next.
    assert any("срок прошёл" in title for title in told(cast.users[Role.CURATOR]))
    assert Notice.objects.filter(user=cast.users[Role.CURATOR], kind="escalation").exists()
    boss = make_user("boss", person=make_person(cast.municipality, "Рогова Анна Олеговна"))
    grant(boss, Role.UNIT_HEAD, organisation=cast.education)
    other = make_proposal(cast)
    escalate_silent(at=LATER + timedelta(days=30))
    assert any(other.title in title for title in told(boss))


def test_an_author_raises_once_and_says_why(cast: Cast) -> None:
    proposal = make_proposal(cast)
    employee = cast.actor(Role.EMPLOYEE)
    with pytest.raises(Refusal, match="причина"):
        escalate(actor=employee, proposal_id=proposal.pk, at=AT, reason=" ")
    with pytest.raises(PermissionDenied):
        escalate(actor=cast.actor(Role.LEADER), proposal_id=proposal.pk, at=AT, reason="Долго.")
    escalate(actor=employee, proposal_id=proposal.pk, at=AT, reason="Решение не у директора.")
    event = ProposalEvent.objects.get(proposal=proposal, verb="escalate")
    assert event.text == "Решение не у директора."
    with pytest.raises(Refusal, match="уже поднимали"):
        escalate(actor=employee, proposal_id=proposal.pk, at=AT, reason="Ещё раз.")
    done = make_in(cast, State.IMPLEMENTED)
    with pytest.raises(Refusal, match="никто не должен"):
        escalate(actor=employee, proposal_id=done.pk, at=AT, reason="Долго.")


def test_what_was_put_off_comes_back_by_itself(cast: Cast) -> None:
    proposal = make_in(cast, State.POSTPONED)
    assert resume_due(at=AT) == 0
    assert resume_due(at=datetime(2026, 12, 24, 3, tzinfo=AT.tzinfo)) == 1
    assert Proposal.objects.get(pk=proposal.pk).state == State.ACCEPTED


def test_terms_run_in_working_days_and_overdue_is_computed(cast: Cast) -> None:
    sent = make_proposal(cast)
    assert (sent.term_on, sent.answer_by) == (date(2026, 11, 27), date(2026, 11, 27))
    system = system_actor(cast.municipality)
    assert actions.to_commission(actor=system, proposal_id=sent.pk, at=AT).term_on == date(2026, 12, 3)
    assert actions.return_for_answer(actor=system, proposal_id=sent.pk, at=AT, reason="Где?").term_on == date(
        2026, 11, 26
    )
    rules = ProposalRules()
    actor = cast.actor(Role.UNIT_HEAD)
    late = make_proposal(cast)
    rows = found(actor=actor, filters=Filters(view="queue", trouble="overdue"), rules=rules, at=AT)
    assert not rows.exists()
    Proposal.objects.filter(pk=late.pk).update(term_on=date(2026, 11, 18))
    assert [row.pk for row in rows.all()] == [late.pk]


def test_bottlenecks_by_the_thresholds(cast: Cast) -> None:
    actor, rules = cast.actor(Role.UNIT_HEAD), ProposalRules()
    waiting, accepted = make_proposal(cast), make_in(cast, State.ACCEPTED)

    def codes(trouble: str, at: datetime) -> set[int]:
        rows = found(actor=actor, filters=Filters(view="all", trouble=trouble), rules=rules, at=at)
        return set(rows.values_list("pk", flat=True))

    assert codes("unassigned", AT + timedelta(days=6)) == set()
    assert codes("unassigned", AT + timedelta(days=8)) == {waiting.pk, accepted.pk}
    assert codes("stagnant", AT + timedelta(days=29)) == set()
    assert codes("stagnant", AT + timedelta(days=31)) == {waiting.pk, accepted.pk}


def test_discussion_calls_people_by_name(cast: Cast) -> None:
    proposal = make_proposal(cast)
    employee = cast.actor(Role.EMPLOYEE)
    comment(actor=employee, proposal=proposal, text="@Щукина посмотрите, пожалуйста 😀", at=AT)
    assert any("позвали" in title for title in told(cast.users[Role.UNIT_HEAD]))
    for text, words in (("", "пуст"), ("я" * 5001, "5000"), ("@Никитина где?", "нет"), ("  \n ", "пуст")):
        with pytest.raises(Refusal, match=words):
            comment(actor=employee, proposal=proposal, text=text, at=AT)
    make_user("twin", person=make_person(cast.municipality, "Щукина Анна Львовна"))
    comment(actor=employee, proposal=proposal, text="@Щукина Елена, и ещё", at=AT)
    assert Comment.objects.count() == 2
    with pytest.raises(PermissionDenied):
        comment(actor=cast.actor(Role.TRAINER), proposal=proposal, text="Чужое", at=AT)
    client = cast.client(Role.EMPLOYEE)
    address = reverse("proposals:comment", args=[proposal.pk])
    assert client.post(address, {"text": ""}).status_code == 409
    assert client.post(address, {"text": "<b>жирно</b>"}).status_code == 302
    assert "&lt;b&gt;жирно" in client.get(reverse("proposals:card", args=[proposal.pk])).content.decode()


def test_only_assignments_returns_and_escalations_go_out_at_once(cast: Cast) -> None:
    proposal = make_proposal(cast)
    head = cast.actor(Role.UNIT_HEAD)
    actions.take(actor=head, proposal_id=proposal.pk, at=AT)
    comment(actor=head, proposal=proposal, text="Смотрим.", at=AT)
    actions.return_for_answer(actor=head, proposal_id=proposal.pk, at=AT, reason="Где?")
    actions.answer(actor=cast.actor(Role.EMPLOYEE), proposal_id=proposal.pk, at=AT, reason="Там.")
    # What was said before the return is still there after it.
    page = cast.client(Role.EMPLOYEE).get(reverse("proposals:card", args=[proposal.pk])).content.decode()
    assert all(words in page for words in ("Смотрим.", "Где?", "Там."))
    actions.accept(actor=head, proposal_id=proposal.pk, at=AT, responsible=cast.people[Role.LEADER])
    kinds = dict(Notice.objects.values_list("title", "kind"))
    urgent = {title for title, kind in kinds.items() if kind in ("assignment", "return", "escalation")}
    assert {title.partition(":")[0] for title in urgent} == {
        "Нужно уточнить предложение",
        "Вам поручено внедрить",
    }
    # A refusal and the giving up of an accepted one are decisions: the morning digest tells them.
    actions.cancel(actor=head, proposal_id=proposal.pk, at=AT, reason="Здание закрыли.")
    actions.reject(actor=head, proposal_id=make_proposal(cast).pk, at=AT, reason="Уже есть.")
    for title in ("Предложение снято с внедрения", "Предложение отклонено"):
        told = Notice.objects.get(title__startswith=title)
        assert told.kind == "decision" and not told.is_immediate, title


def test_ready_answers_are_the_municipalitys_own_once_written(cast: Cast) -> None:
    town = cast.municipality.pk
    assert [one.pk for one in answer_templates(municipality_id=town, verb=Verb.REJECT)] == [None] * 3
    keep_template(
        actor=cast.actor(Role.COORDINATOR), verb="reject", title="Нет средств", text="В бюджете нет.", at=AT
    )
    keep_template(
        actor=cast.actor(Role.COORDINATOR), verb="reject", title="Нет средств", text="Средств нет.", at=AT
    )
    assert [one.text for one in answer_templates(municipality_id=town, verb=Verb.REJECT)] == ["Средств нет."]
    with pytest.raises(Refusal):
        keep_template(actor=cast.actor(Role.COORDINATOR), verb="reject", title=" ", text="x", at=AT)
    with pytest.raises(PermissionDenied):
        keep_template(actor=cast.actor(Role.EMPLOYEE), verb="reject", title="Нет", text="Нет.", at=AT)


def test_kept_filters_belong_to_one_person(cast: Cast) -> None:
    client = cast.client(Role.UNIT_HEAD)
    client.post(
        reverse("proposals:filter_keep"), {"title": "Просрочены", "query": "view=queue&trouble=overdue"}
    )
    row = SavedFilter.objects.get()
    assert "Просрочены" in client.get(reverse("proposals:list")).content.decode()
    assert cast.client(Role.MONITOR).post(reverse("proposals:filter_drop", args=[row.pk])).status_code == 404
    with pytest.raises(Refusal):
        keep_filter(actor=cast.actor(Role.UNIT_HEAD), title="", query="")


def test_pages_of_the_queue_follow_the_term_and_lose_nothing(cast: Cast) -> None:
    actor, rules = cast.actor(Role.UNIT_HEAD), ProposalRules()
    for number in range(11):
        row = make_proposal(cast)
        Proposal.objects.filter(pk=row.pk).update(term_on=date(2026, 11, 20 + number % 3))
    rows = found(actor=actor, filters=Filters(view="queue"), rules=rules, at=AT)
    seen: list[tuple[Any, int]] = []
    after = None
    while True:
        cut = page_of(rows=rows, by_term=True, after=after, size=4)
        seen += [(row.term_on, row.pk) for row in cut.rows]
        if cut.after is None:
            break
        after = cut.after
    assert seen == sorted(seen) and len(set(seen)) == 11
    back = page_of(rows=rows, by_term=True, before=cut.rows[0].pk, size=4)
    assert [(row.term_on, row.pk) for row in back.rows] == seen[4:8]
    newest = found(actor=actor, filters=Filters(view="all"), rules=rules, at=AT)
    first = page_of(rows=newest, by_term=False, size=4)
    second = page_of(rows=newest, by_term=False, after=first.after, size=4)
    assert [row.pk for row in page_of(rows=newest, by_term=False, before=second.before, size=4).rows] == [
        row.pk for row in first.rows
    ]


def test_a_draft_is_its_authors_alone_and_is_sent_once(cast: Cast) -> None:
    employee = cast.actor(Role.EMPLOYEE)
    draft = actions.submit(actor=employee, new=new(cast), at=AT, is_draft=True)
    assert draft.number is None
    for role in (Role.UNIT_HEAD, Role.MONITOR, Role.HEAD):
        assert cast.client(role).get(reverse("proposals:card", args=[draft.pk])).status_code == 404
    edit_draft(
        actor=employee, proposal_id=draft.pk, new=new(cast, solution="Повесить крючки для ключей."), at=AT
    )
    with pytest.raises(PermissionDenied):
        edit_draft(actor=cast.actor(Role.UNIT_HEAD), proposal_id=draft.pk, new=new(cast), at=AT)
    client = cast.client(Role.EMPLOYEE)
    assert "крючки" in client.get(reverse("proposals:draft", args=[draft.pk])).content.decode()
    sent = actions.send_draft(actor=employee, proposal_id=draft.pk, at=AT)
    kept = Proposal.objects.get(pk=sent.pk)
    assert kept.state == State.REGISTERED and kept.number == 1 and kept.answer_by
    with pytest.raises(Refusal):
        actions.send_draft(actor=employee, proposal_id=draft.pk, at=AT)
    with pytest.raises(Refusal, match="уже отправлено"):
        edit_draft(actor=employee, proposal_id=draft.pk, new=new(cast), at=AT)


def test_the_staff_form_in_one_click_and_replayed(cast: Cast) -> None:
    client = cast.client(Role.EMPLOYEE)
    page = client.get(reverse("proposals:submit")).content.decode()
    assert "27" in page and "ноября" in page
    # From anywhere, for those who may.
    link = f'<a class="button top-act" href="{reverse("proposals:submit")}">'
    assert link in client.get("/search/").content.decode()
    assert link not in cast.client(Role.REGION).get("/search/").content.decode()
    data = {
        "problem": "В раздевалке темно.", "solution": "Поставить датчик.", "sent_key": "k" * 32,
        "co_authors": "Ёлкина Ольга Павловна", "has_consent": "on", "category": "conditions",
        "expected": "Перестанем спотыкаться.", "is_author_ready": "on",
    }  # fmt: skip
    for _ in range(2):
        assert client.post(reverse("proposals:submit"), data).status_code == 302
    # The way back of the browser shows the same text under a new key.
    assert client.post(reverse("proposals:submit"), {**data, "sent_key": "b" * 32}).status_code == 302
    made = Proposal.objects.get()
    assert made.authors.count() == 2 and made.category == "conditions" and made.source == Source.STAFF
    assert made.expected == "Перестанем спотыкаться." and made.is_author_ready
    wrong = client.post(reverse("proposals:submit"), {**data, "sent_key": "", "co_authors": "Нетакой Иван"})
    assert wrong.status_code == 422 and "Нетакой Иван" in wrong.content.decode()
    assert "Снимки выберите ещё раз" in wrong.content.decode() and "ещё раз" not in page
    assert client.post(reverse("proposals:submit"), {"problem": "", "solution": ""}).status_code == 422
    kept = client.post(reverse("proposals:submit"), {**data, "sent_key": "d" * 32, "draft": "1"})
    assert kept.status_code == 302 and Proposal.objects.filter(state=State.DRAFT).count() == 1
    # Who is ready to do it is asked to do it.
    accepted = actions.accept(actor=cast.actor(Role.UNIT_HEAD), proposal_id=made.pk, at=AT)
    assert accepted.responsible == made.author


def test_nobody_sends_for_another_but_a_paper_card(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        actions.submit(actor=cast.actor(Role.COORDINATOR), new=new(cast), at=AT)
    with pytest.raises(PermissionDenied):
        actions.submit(actor=cast.actor(Role.EMPLOYEE), new=new(cast), at=AT, source=Source.PAPER)
    with pytest.raises(PermissionDenied):
        actions.submit(actor=cast.actor(Role.ADMIN), new=new(cast, author=cast.people[Role.MEMBER]), at=AT)
    client = cast.client(Role.COORDINATOR)
    first = make_proposal(cast)
    data = {
        "organisation": cast.school.pk, "author": "Тихонова Дарья Игоревна", "sent_on": "16.11.2026",
        "problem": "Мел крошится о доску.", "solution": "Закупить доску для маркера.", "sent_key": "p" * 32,
    }  # fmt: skip
    assert client.post(reverse("proposals:paper"), data).status_code == 302
    card = Proposal.objects.get(source=Source.PAPER)
    assert card.number == (first.number or 0) + 1 and card.submitted_on == date(2026, 11, 16)
    late = client.post(reverse("proposals:paper"), {**data, "sent_on": "20.11.2026", "sent_key": "q"})
    assert late.status_code == 422 and "не наступила" in late.content.decode()
    assert (
        client.post(reverse("proposals:paper"), {**data, "organisation": cast.kindergarten.pk}).status_code
        == 422
    )


def test_cards_of_the_board_move_where_they_may(cast: Cast) -> None:
    client = cast.client(Role.UNIT_HEAD)
    proposal = make_proposal(cast)
    address = reverse("proposals:move", args=[proposal.pk])

    def move(column: str) -> str:
        answer = client.post(address, {"column": column})
        return str(answer["Location"]) if answer.status_code == 302 else str(answer.status_code)

    assert move("under_review") == reverse("proposals:board")
    assert Proposal.objects.get(pk=proposal.pk).state == State.UNDER_REVIEW
    # Acceptance asks who and when, a return asks what: their forms open.
    assert move("accepted") == reverse("proposals:act", args=[proposal.pk, "accept"])
    assert move("returned") == reverse("proposals:act", args=[proposal.pk, "return"])
    assert move("verified") == reverse("proposals:board")
    assert move("nowhere") == "404"
    assert Proposal.objects.get(pk=proposal.pk).state == State.UNDER_REVIEW
    page = client.get(reverse("proposals:board")).content.decode()
    assert proposal.title in page and 'data-column="under_review"' in page


def test_acts_through_pages_twice_and_out_of_order(cast: Cast) -> None:
    client = cast.client(Role.UNIT_HEAD)
    proposal = make_proposal(cast)

    def act(verb: str, **data: str) -> int:
        return client.post(reverse("proposals:act", args=[proposal.pk, verb]), data).status_code

    assert act("reject", reason="") == 422
    assert act("accept", responsible="Никто Такой") == 422
    assert act("accept", planned_on="вчера") == 422
    assert act("accept", responsible="Лапин Артём Сергеевич", planned_on="20.12.2026") == 302
    answer = client.post(reverse("proposals:act", args=[proposal.pk, "accept"]), {"reason": "ещё раз"})
    assert answer.status_code == 409 and "сейчас невозможно" in answer.content.decode()
    assert act("verify") == 409
    assert act("implement", implemented_on="19.11.2026") == 302
    assert act("dance") == 404
    assert client.get(reverse("proposals:act", args=[proposal.pk, "reject"])).status_code == 403


def test_the_home_page_shows_what_waits(cast: Cast) -> None:
    proposal = make_proposal(cast)

    class Request:
        actor = cast.actor(Role.UNIT_HEAD)

    [task] = tasks(Request(), 5)  # type: ignore[arg-type]
    assert task.title == proposal.title and task.due_on == proposal.term_on and task.verb == "Рассмотреть"
    assert proposal.title in cast.client(Role.UNIT_HEAD).get("/").content.decode()
    hits = cast.client(Role.UNIT_HEAD).get("/search/", {"q": "ключи подписей"}).content.decode()
    assert proposal.title in hits
