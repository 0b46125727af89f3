"""Who is told, how the counter is kept, what goes out by mail and when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction

from gemba.jobs.work import run
from gemba.notices import actions, digests, queries, reminders
from gemba.notices.mail import send_digest, send_notice
from gemba.notices.models import Mailbox, Notice
from gemba.notices.tests.factories import AT, a_notice
from gemba.organisation.models import Municipality, Person, User
from gemba.organisation.roles import Role
from gemba.regulations.actions import fill_calendar
from gemba.regulations.tests.factories import an_edition

# Friday, 20 November 2026, ten in the morning in the municipality (UTC+7).
MORNING = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """Catch what is asked of the queue."""
    found: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(
        actions, "enqueue", lambda function, **arguments: found.append((function, arguments)) or "1"
    )
    return found


def give_mail(user: User, address: str = "anna@example.org") -> None:
    Person.objects.filter(pk=user.person_id).update(email=address)


def unread(user: User) -> int:
    return queries.unread_count(user_id=user.pk)


def test_people_and_accounts_are_told_once_each(cast: Any) -> None:
    monitor, head = cast.users[Role.MONITOR], cast.users[Role.UNIT_HEAD]
    count = actions.tell(
        kind="news", title="Новая редакция", at=AT, users=[monitor, head.pk],
        person_ids=[monitor.person_id, cast.other_person.pk], municipality_id=cast.municipality.pk,
    )  # fmt: skip
    assert count == 2
    assert (unread(monitor), unread(head), unread(cast.stranger)) == (1, 1, 0)


def test_who_acts_and_who_has_left_are_not_told(cast: Any) -> None:
    monitor, head = cast.users[Role.MONITOR], cast.users[Role.UNIT_HEAD]
    User.objects.filter(pk=head.pk).update(is_active=False)
    assert actions.tell(kind="news", title="Т", at=AT, users=[monitor, head], besides=monitor.pk) == 0


def test_with_a_key_a_person_is_told_once_for_ever(cast: Any) -> None:
    monitor, head = cast.users[Role.MONITOR], cast.users[Role.UNIT_HEAD]
    assert actions.tell(kind="news", title="Т", at=AT, users=[monitor], key="k") == 1
    assert actions.tell(kind="news", title="Т", at=AT, users=[monitor, head], key="k") == 1
    assert unread(monitor) == 1


def test_nothing_is_told_when_the_act_fails(cast: Any) -> None:
    monitor = cast.users[Role.MONITOR]
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.tell(kind="news", title="Т", at=AT, users=[monitor])
        raise RuntimeError
    assert unread(monitor) == 0
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "gossip"},
        {"kind": "news", "immediate": True},
        {"kind": "news", "url": "https://elsewhere.example/"},
        {"kind": "news", "url": "//elsewhere.example/"},
    ],
)
def test_a_wrong_call_is_refused_before_anything_is_written(cast: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        actions.tell(title="Т", at=AT, users=[cast.users[Role.MONITOR]], **wrong)
    assert not Notice.objects.exists()


def test_many_are_told_with_few_statements(
    cast: Any, django_assert_max_num_queries: Any, asked: list[Any]
) -> None:
    with django_assert_max_num_queries(10):
        count = actions.tell(
            kind="news", title="Т", at=AT, users=list(User.objects.values_list("pk", flat=True))
        )
    assert count > 15


def test_reading_counts_down_once(cast: Any) -> None:
    user = cast.users[Role.MONITOR]
    first, _ = a_notice(user), a_notice(user)
    actor = cast.actor(Role.MONITOR)
    assert actions.read(actor=actor, notice=first, at=AT)
    assert not actions.read(actor=actor, notice=first, at=AT)
    assert unread(user) == 1
    at = AT + timedelta(hours=1)
    assert actions.read_all(actor=actor, at=at) == 1
    assert unread(user) == 0
    # Taking back touches only what was read at that moment.
    assert actions.unread(actor=actor, read_at=at) == 1
    assert unread(user) == 1 == Notice.objects.filter(user=user, read_at__isnull=True).count()


def test_nobody_reads_for_another(cast: Any) -> None:
    notice = a_notice(cast.users[Role.MONITOR])
    assert not actions.read(actor=cast.actor(Role.ADMIN), notice=notice, at=AT)
    assert unread(cast.users[Role.MONITOR]) == 1


# --- letters


def test_only_urgent_notices_go_out_at_once(cast: Any, asked: list[Any]) -> None:
    user = cast.users[Role.MONITOR]
    give_mail(user)
    a_notice(user)
    assert asked == []
    notice = a_notice(user, kind="assignment", immediate=True, text="К пятнице.")
    assert asked == [("gemba.notices.mail.send_notice", {"notice_id": notice.pk})]
    send_notice(notice_id=notice.pk)
    [letter] = mail.outbox
    assert letter.to == ["anna@example.org"]
    assert letter.subject.startswith("Поручено вам: ")
    assert "К пятнице." in letter.body


def test_no_letter_without_an_address_or_against_the_wish(cast: Any, asked: list[Any]) -> None:
    user = cast.users[Role.MONITOR]
    a_notice(user, kind="assignment", immediate=True)
    give_mail(user)
    actions.set_wishes(
        actor=cast.actor(Role.MONITOR), is_digest_on=True, is_immediate_on=False, digest_hour=None, at=AT
    )
    a_notice(user, kind="return", immediate=True)
    assert asked == []


def test_without_a_mail_server_letters_stand_in_the_log(
    cast: Any, settings: Any, capsys: pytest.CaptureFixture[str], asked: list[Any]
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "localhost"
    user = cast.users[Role.MONITOR]
    give_mail(user)
    send_notice(notice_id=a_notice(user, kind="assignment", immediate=True).pk)
    assert "To: anna@example.org" in capsys.readouterr().out


def test_what_was_read_meanwhile_is_not_mailed(cast: Any, asked: list[Any]) -> None:
    user = cast.users[Role.MONITOR]
    give_mail(user)
    notice = a_notice(user, kind="assignment", immediate=True)
    actions.read(actor=cast.actor(Role.MONITOR), notice=notice, at=AT)
    send_notice(notice_id=notice.pk)
    assert mail.outbox == []


def test_a_letter_is_really_put_into_the_queue(cast: Any, django_capture_on_commit_callbacks: Any) -> None:
    from django_tasks_db.models import DBTaskResult

    user = cast.users[Role.MONITOR]
    give_mail(user)
    with django_capture_on_commit_callbacks(execute=True):
        notice = a_notice(user, kind="escalation", immediate=True)
    [work] = DBTaskResult.objects.all()
    arguments = work.args_kwargs["kwargs"]
    assert arguments["arguments"] == {"notice_id": notice.pk}
    run.func(**arguments)
    assert len(mail.outbox) == 1


# --- the digest


def test_one_digest_a_day_however_often_the_job_runs(cast: Any, asked: list[Any]) -> None:
    user = cast.users[Role.MONITOR]
    give_mail(user)
    a_notice(user, at=MORNING)
    a_notice(user, at=MORNING, title="Второе")
    assert [digests.send(at=MORNING) for _ in range(3)] == [1, 0, 0]
    # New ones of the same day wait for the next morning.
    a_notice(user, at=MORNING, title="Третье")
    assert digests.send(at=MORNING + timedelta(hours=2)) == 0
    [(path, arguments)] = asked
    assert path == "gemba.notices.mail.send_digest"
    send_digest(**arguments)
    [letter] = mail.outbox
    assert "Второе" in letter.body
    assert "Третье" not in letter.body
    # Monday brings what is left; Saturday and Sunday bring nothing.
    assert digests.send(at=MORNING + timedelta(days=1)) == 0
    assert digests.send(at=MORNING + timedelta(days=2)) == 0
    assert digests.send(at=MORNING + timedelta(days=3)) == 1


def test_no_digest_on_a_holiday_of_the_municipality(cast: Any, asked: list[Any]) -> None:
    user = cast.users[Role.MONITOR]
    give_mail(user)
    holiday = datetime(2026, 11, 4, 3, 0, tzinfo=UTC)
    a_notice(user, at=holiday)
    fill_calendar(actor=cast.actor(Role.MONITOR), municipality=cast.municipality, years=[2026], at=AT)
    assert digests.send(at=holiday) == 0
    assert digests.send(at=holiday + timedelta(days=1)) == 1


def test_no_digest_before_the_hour_nor_without_news_nor_against_the_wish(cast: Any, asked: list[Any]) -> None:
    user, actor = cast.users[Role.MONITOR], cast.actor(Role.MONITOR)
    give_mail(user)
    assert digests.send(at=MORNING) == 0
    a_notice(user, at=MORNING)
    # Seven in the morning there.
    assert digests.send(at=MORNING - timedelta(hours=3)) == 0
    actions.set_wishes(actor=actor, is_digest_on=True, is_immediate_on=True, digest_hour=12, at=AT)
    assert digests.send(at=MORNING) == 0
    actions.set_wishes(actor=actor, is_digest_on=False, is_immediate_on=True, digest_hour=None, at=AT)
    assert digests.send(at=MORNING + timedelta(hours=3)) == 0
    actions.set_wishes(actor=actor, is_digest_on=True, is_immediate_on=True, digest_hour=12, at=AT)
    assert digests.send(at=MORNING + timedelta(hours=2)) == 1


def test_the_hour_of_the_municipality_counts_for_who_has_not_chosen(cast: Any, asked: list[Any]) -> None:
    user = cast.users[Role.MONITOR]
    give_mail(user)
    a_notice(user, at=MORNING)
    actions.set_hour(actor=cast.actor(Role.ADMIN), hour=11, at=AT)
    assert digests.send(at=MORNING) == 0
    assert digests.send(at=MORNING + timedelta(hours=1)) == 1


def test_a_digest_that_was_read_meanwhile_is_not_sent(cast: Any, asked: list[Any]) -> None:
    user = cast.users[Role.MONITOR]
    give_mail(user)
    a_notice(user, at=MORNING)
    digests.send(at=MORNING)
    actions.read_all(actor=cast.actor(Role.MONITOR), at=MORNING)
    send_digest(**asked[0][1])
    assert mail.outbox == []


# --- reminders of terms


@pytest.fixture
def with_terms(cast: Any) -> Any:
    """Give the municipality a regulation with a quarterly report due on the tenth."""
    fill_calendar(actor=cast.actor(Role.MONITOR), municipality=cast.municipality, years=[2026, 2027], at=AT)
    an_edition(cast.municipality)
    return cast


def reminder_moment(cast: Any) -> datetime:
    from datetime import date

    from gemba.regulations.queries import deadlines

    [item] = deadlines(municipality_id=cast.municipality.pk, first=date(2026, 10, 1), last=date(2026, 10, 31))
    first = item.remind_on[0]
    return datetime(first.year, first.month, first.day, 1, 0, tzinfo=UTC)


def test_a_reminder_reaches_those_who_do_the_work_once(with_terms: Any) -> None:
    at = reminder_moment(with_terms)
    assert reminders.remind(at=at) == 3
    assert reminders.remind(at=at + timedelta(hours=1)) == 0
    roles = {role for role, user in with_terms.users.items() if Notice.objects.filter(user=user).exists()}
    assert roles == {Role.COORDINATOR, Role.UNIT_HEAD, Role.MONITOR}
    assert not Notice.objects.filter(user=with_terms.stranger).exists()
    notice = Notice.objects.filter(user=with_terms.users[Role.MONITOR]).get()
    assert notice.kind == "deadline"
    assert "Отчёт за квартал" in notice.title
    assert "до 10 числа месяца" in notice.text
    # The reminder leads where the report is made.
    assert notice.url.startswith("/plan/reports/")


def test_a_reminder_missed_by_a_stopped_worker_is_caught_up(with_terms: Any) -> None:
    assert reminders.remind(at=reminder_moment(with_terms) + timedelta(days=1)) == 3


def test_no_reminder_at_night_nor_in_a_municipality_without_regulation(with_terms: Any) -> None:
    night = reminder_moment(with_terms) - timedelta(hours=4)
    assert reminders.remind(at=night) == 0
    town = Municipality.objects.get(pk=with_terms.other_municipality.pk)
    assert reminders.remind_municipality(municipality=town, at=reminder_moment(with_terms)) == 0


def test_the_usual_hour_of_the_job_costs_little(with_terms: Any, django_assert_max_num_queries: Any) -> None:
    at = reminder_moment(with_terms)
    reminders.remind(at=at)
    with django_assert_max_num_queries(14):
        reminders.remind(at=at + timedelta(hours=1))


def test_old_read_notices_are_cleared_away(cast: Any) -> None:
    user = cast.users[Role.MONITOR]
    old, kept = a_notice(user), a_notice(user)
    actions.read(actor=cast.actor(Role.MONITOR), notice=old, at=AT - timedelta(days=400))
    digests.clear_away(at=AT)
    assert list(Notice.objects.all()) == [kept]
    assert Mailbox.objects.get(pk=user.pk).unread == 1
