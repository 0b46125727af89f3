"""Who is let in, and what happens to the text of a person whose session ended."""

import pytest
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpResponse

from gemba.ui import drafts, guards, owner, views
from gemba.ui.tests.conftest import person


@guards.guard(lambda actor: getattr(actor, "is_head", False), "Согласование предложений")
def heads_only(request):
    return HttpResponse("внутри")


@guards.signed_in
def everybody(request):
    return HttpResponse(f"внутри: {request.POST.get('text', '')}")


@guards.public("страница для всех")
def open_page(request):
    return HttpResponse("открыто")


@pytest.fixture(autouse=True)
def _sign_in_address(settings):
    settings.LOGIN_URL = "/sign-in/"


def test_a_stranger_goes_to_sign_in_and_back(ask):
    answer = heads_only(ask("/proposals/?q=1"))
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in/?next=%2Fproposals%2F%3Fq%3D1"


def test_a_request_without_an_actor_is_a_strangers(ask):
    request = ask("/proposals/")
    del request.actor
    assert heads_only(request).status_code == 302


def test_htmx_is_redirected_as_a_whole_and_comes_back_to_the_page_it_was_on(ask):
    answer = everybody(ask("/part/", htmx="list", HX_Current_URL="http://testserver/proposals/?late=1"))
    assert (answer.status_code, answer["HX-Redirect"]) == (
        204,
        "/sign-in/?next=%2Fproposals%2F%3Flate%3D1",
    )


def test_the_way_back_never_leads_to_another_site(ask):
    answer = everybody(ask("/part/", htmx="list", HX_Current_URL="http://evil.example/proposals/"))
    assert answer["HX-Redirect"] == "/sign-in/?next=%2F"


def test_the_wrong_person_is_told_which_right_is_needed(ask):
    with pytest.raises(guards.Forbidden, match="Согласование предложений"):
        heads_only(ask(actor=person(is_head=False)))
    answer = views.forbidden(ask(actor=person()), guards.Forbidden("Нужно право «Согласование предложений»."))
    assert answer.status_code == 403
    assert "Согласование предложений" in answer.content.decode()


def test_the_right_person_and_the_open_page(ask):
    assert heads_only(ask(actor=person(is_head=True))).content.decode() == "внутри"
    assert open_page(ask()).content.decode() == "открыто"


def test_every_decorator_leaves_its_mark():
    assert (heads_only.guard.kind, heads_only.guard.title) == ("guard", "Согласование предложений")
    assert everybody.guard.kind == "signed_in"
    assert (open_page.guard.kind, open_page.guard.title) == ("public", "страница для всех")


def form_of(ask, number=7, **fields):
    """Give the fields of a form drawn for a signed-in person."""
    return {owner.FIELD: owner.mark(ask(actor=person(number))), **fields}


class TestExpiredSession:
    """The session ended in the middle of a form."""

    def expire(self, ask, **fields):
        session = SessionStore()
        posted = form_of(ask, text="Печать справки занимает 40 минут", kind="7", password="секрет", **fields)
        answer = everybody(ask("/proposals/7/accept/?from=list", post=posted, session=session))
        return session, answer

    def test_what_was_typed_waits_and_sign_in_leads_to_it(self, ask):
        session, answer = self.expire(ask)
        assert answer["Location"] == "/sign-in/?next=%2Fui%2Fdraft%2F"
        assert drafts.waiting(ask(session=session))

    def test_htmx_sends_the_whole_page_to_sign_in_and_keeps_the_text(self, ask):
        session = SessionStore()
        posted = form_of(ask, text="Набранное в окне")
        answer = everybody(ask("/p/7/comment/", post=posted, session=session, htmx="comments"))
        assert (answer.status_code, answer["HX-Redirect"]) == (204, "/sign-in/?next=%2Fui%2Fdraft%2F")
        shown = views.draft(ask(actor=person(7), session=session)).content.decode()
        assert "Набранное в окне" in shown

    def test_its_owner_sees_it_and_can_send_it(self, ask):
        session, _ = self.expire(ask)
        shown = views.draft(ask("/ui/draft/", actor=person(7), session=session)).content.decode()
        assert "Печать справки занимает 40 минут" in shown
        assert 'action="/proposals/7/accept/?from=list"' in shown
        assert "csrfmiddlewaretoken" in shown
        again = ask(
            "/proposals/7/accept/", actor=person(7), session=session, post={"text": "да", "_draft": "1"}
        )
        assert everybody(again).content.decode() == "внутри: да"
        assert not drafts.waiting(again)

    def test_a_password_is_never_kept(self, ask):
        session, _ = self.expire(ask, new_password="тоже секрет")
        assert "секрет" not in str(dict(session.items()))

    def test_somebody_else_at_the_same_computer_never_sees_it(self, ask):
        session, _ = self.expire(ask)
        other = ask("/ui/draft/", actor=person(8), session=session)
        assert views.draft(other).status_code == 302
        assert not drafts.waiting(other)

    def test_nothing_is_kept_for_a_form_that_we_did_not_give(self, ask):
        for mark in ("", "7", "7:forged:mark"):
            session = SessionStore()
            answer = everybody(ask("/x/", post={owner.FIELD: mark, "text": "мусор"}, session=session))
            assert "draft" not in answer["Location"]
            assert not drafts.waiting(ask(session=session))

    def test_a_very_long_text_is_left_to_the_browser(self, ask):
        session = SessionStore()
        posted = form_of(ask, text="ж" * (drafts.MAX_CHARACTERS + 1))
        everybody(ask("/x/", post=posted, session=session))
        assert not drafts.waiting(ask(session=session))

    def test_html_in_the_draft_is_shown_as_text(self, ask):
        session = SessionStore()
        posted = form_of(ask, text="</textarea><script>alert(1)</script> и ещё")
        everybody(ask("/x/", post=posted, session=session))
        shown = views.draft(ask(actor=person(7), session=session)).content.decode()
        assert "<script>alert" not in shown

    def test_it_can_be_thrown_away(self, ask):
        session, _ = self.expire(ask)
        request = ask("/ui/draft/", actor=person(7), session=session, post={})
        assert views.draft(request).status_code == 302
        assert not drafts.waiting(request)

    def test_the_sign_in_page_says_that_nothing_is_lost(self, ask):
        session, _ = self.expire(ask)
        shown = views.not_found(ask(session=session)).content.decode()
        assert "набранное сохранено" in shown

    def test_an_out_of_date_token_keeps_the_text_too(self, ask):
        session = SessionStore()
        posted = form_of(ask, text="Длинный набранный текст")
        answer = views.csrf_failure(ask("/x/", actor=person(7), post=posted, session=session))
        assert answer["Location"] == "/ui/draft/"
        assert (
            "Длинный набранный текст" in views.draft(ask(actor=person(7), session=session)).content.decode()
        )

    def test_a_forged_form_gets_a_plain_refusal(self, ask):
        answer = views.csrf_failure(ask("/x/", actor=person(7), post={"text": "чужое"}))
        assert answer.status_code == 403
        assert "чужое" not in answer.content.decode()
