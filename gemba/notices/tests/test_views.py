"""The pages of the notices: the list, reading, paging, wishes."""

from typing import Any

import pytest
from django.urls import reverse

from gemba.notices.models import DigestHour, Mailbox, Notice
from gemba.notices.queries import PAGE, notices_of, unread_count
from gemba.notices.tests.factories import a_notice
from gemba.organisation.models import Person
from gemba.organisation.roles import Role

LIST = "/notices/"


def text_of(response: Any) -> str:
    return response.content.decode()


def test_a_new_person_is_taught_what_will_be_here(cast: Any) -> None:
    answer = cast.client(Role.EMPLOYEE).get(LIST)
    assert "Уведомлений пока нет" in text_of(answer)
    assert "Прочитать все" not in text_of(answer)


def test_the_bell_counts_and_the_list_shows_only_ones_own(cast: Any) -> None:
    a_notice(cast.users[Role.MONITOR], title="Чужое дело")
    a_notice(cast.users[Role.EMPLOYEE], title="<b>Моё</b> дело")
    page = text_of(cast.client(Role.EMPLOYEE).get(LIST))
    assert "Уведомления: 1" in page
    assert "&lt;b&gt;Моё&lt;/b&gt; дело" in page
    assert "Чужое дело" not in page


def test_opening_marks_as_read_and_leads_on(cast: Any) -> None:
    user, client = cast.users[Role.MONITOR], cast.client(Role.MONITOR)
    notice = a_notice(user, url="/account/")
    ahead = client.get(reverse("notices:open", args=[notice.pk]), headers={"Sec-Purpose": "prefetch"})
    assert ahead.status_code == 302
    assert unread_count(user_id=user.pk) == 1
    answer = client.get(reverse("notices:open", args=[notice.pk]))
    assert answer["Location"] == "/account/"
    assert unread_count(user_id=user.pk) == 0


def test_anothers_notice_is_not_there(cast: Any) -> None:
    notice = a_notice(cast.users[Role.MONITOR])
    client = cast.client(Role.ADMIN)
    assert client.get(reverse("notices:open", args=[notice.pk])).status_code == 404
    assert client.post(reverse("notices:read", args=[notice.pk])).status_code == 404
    assert unread_count(user_id=cast.users[Role.MONITOR].pk) == 1


def test_read_all_can_be_taken_back(cast: Any) -> None:
    user, client = cast.users[Role.MONITOR], cast.client(Role.MONITOR)
    a_notice(user), a_notice(user)
    page = text_of(client.post(reverse("notices:read_all"), follow=True))
    assert unread_count(user_id=user.pk) == 0
    [undo] = [part.split('"')[0] for part in page.split('action="') if part.startswith("/notices/unread/")]
    client.post(undo)
    assert unread_count(user_id=user.pk) == 2
    assert client.post("/notices/unread/yesterday/").status_code == 404


def test_htmx_gets_only_the_list(cast: Any) -> None:
    notice = a_notice(cast.users[Role.MONITOR])
    answer = cast.client(Role.MONITOR).post(
        reverse("notices:read", args=[notice.pk]),
        headers={"HX-Request": "true", "HX-Target": "notice-list"},
    )
    assert "<html" not in text_of(answer)
    assert "Предложение № 17" in text_of(answer)


def test_paging_by_key_loses_and_repeats_nothing(cast: Any) -> None:
    user = cast.users[Role.MONITOR]
    for number in range(PAGE * 2 + 5):
        a_notice(user, title=f"Уведомление {number}")
    seen: list[int] = []
    before = None
    while True:
        found = notices_of(user_id=user.pk, before=before)
        seen += [notice.pk for notice in found.notices]
        if found.older_than is None:
            break
        before = found.older_than
    assert seen == sorted(Notice.objects.values_list("pk", flat=True), reverse=True)
    back = notices_of(user_id=user.pk, after=found.newer_than)
    assert [notice.pk for notice in back.notices] == seen[PAGE : PAGE * 2]
    assert back.newer_than == seen[PAGE]
    client = cast.client(Role.MONITOR)
    page = text_of(client.get(LIST, {"before": str(seen[PAGE - 1])}))
    assert "Уведомление 34<" in page
    assert "Уведомление 35<" not in page


@pytest.mark.parametrize("wrong", ["x", "-1", "9" * 30, "٣"])
def test_a_damaged_address_shows_the_first_page(cast: Any, wrong: str) -> None:
    a_notice(cast.users[Role.MONITOR])
    answer = cast.client(Role.MONITOR).get(LIST, {"before": wrong})
    assert "Предложение № 17" in text_of(answer)


def test_a_full_list_costs_as_much_as_a_short_one(cast: Any, django_assert_max_num_queries: Any) -> None:
    for number in range(PAGE + 10):
        a_notice(cast.users[Role.MONITOR], title=f"Уведомление {number}")
    client = cast.client(Role.MONITOR)
    client.get(LIST)
    with django_assert_max_num_queries(8):
        client.get(LIST)


def test_wishes_are_kept(cast: Any) -> None:
    client, user = cast.client(Role.EMPLOYEE), cast.users[Role.EMPLOYEE]
    url = reverse("notices:wishes")
    page = text_of(client.get(url))
    assert "почта не записана" in page
    Person.objects.filter(pk=user.person_id).update(email="daria@example.org")
    assert "daria@example.org" in text_of(client.get(url))
    assert client.post(url, {"is_digest_on": "on", "digest_hour": "9"}).status_code == 302
    kept = Mailbox.objects.get(pk=user.pk)
    assert (kept.is_digest_on, kept.is_immediate_on, kept.digest_hour) == (True, False, 9)
    client.post(url, {"digest_hour": "usual"})
    kept.refresh_from_db()
    assert (kept.is_digest_on, kept.digest_hour) == (False, None)


def test_a_wrong_hour_is_refused_and_nothing_changes(cast: Any) -> None:
    client = cast.client(Role.EMPLOYEE)
    answer = client.post(reverse("notices:wishes"), {"is_digest_on": "on", "digest_hour": "3"})
    assert answer.status_code == 422
    assert not Mailbox.objects.filter(pk=cast.users[Role.EMPLOYEE].pk).exists()


def test_only_upkeep_sets_the_hour_of_the_municipality(cast: Any) -> None:
    url = reverse("notices:set_hour")
    assert cast.client(Role.EMPLOYEE).post(url, {"hour": "9"}).status_code == 403
    assert "Для всего округа" not in text_of(cast.client(Role.EMPLOYEE).get(reverse("notices:wishes")))
    cast.client(Role.ADMIN).post(url, {"hour": "9"})
    assert DigestHour.objects.get().hour == 9
    assert DigestHour.objects.get().municipality_id == cast.municipality.pk
    cast.client(Role.ADMIN).post(url, {"hour": "99"})
    assert DigestHour.objects.get().hour == 9
