"""The page behind a QR code: names and codes, guessing, replays, photos, everything a phone may send."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from gemba.kernel.problems import Refusal
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.proposals import papers
from gemba.proposals.actions.codes import check_code, forget_failures, issue_codes
from gemba.proposals.actions.office import set_rules
from gemba.proposals.models import CodeFailure, PersonCode, Photo, Proposal
from gemba.proposals.pictures import MEGABYTES, read
from gemba.proposals.rules.states import State
from gemba.proposals.rules.terms import ProposalRules
from gemba.proposals.tests.factories import AT, make_in
from gemba.proposals.views.quick import PACE

pytestmark = pytest.mark.django_db
TEXTS = {"problem": "В раздевалке темно по утрам.", "solution": "Поставить датчик движения."}


@pytest.fixture
def code(cast: Cast) -> str:
    [issued] = issue_codes(
        actor=cast.actor(Role.COORDINATOR),
        organisation=cast.school,
        people=[cast.people[Role.EMPLOYEE]],
        at=AT,
    )
    return issued.code


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(AT, tick=True):
        yield


def url(cast: Cast) -> str:
    return reverse("quick:send", args=[cast.school_unit.qr_token])


def jpeg(size: tuple[int, int] = (640, 480), *, exif: bool = False) -> bytes:
    out = io.BytesIO()
    picture = Image.new("RGB", size, "orange")
    data = Image.Exif()
    if exif:
        data[0x010F] = "Камера бабушки"
        data[0x8825] = {1: "N", 2: (54.0, 5.0, 0.0)}
    picture.save(out, "JPEG", exif=data)
    return out.getvalue()


def send(cast: Cast, **fields: Any) -> Any:
    data = {**TEXTS, "person": "nobody", "sent_key": "a" * 32, **fields}
    return Client().post(url(cast), data)


def test_with_name_and_code_and_without_javascript(cast: Cast, code: str) -> None:
    page = Client().get(url(cast)).content.decode()
    assert "Тихонова Дарья Игоревна" in page and "27 ноября" in page.replace("\u00a0", " ")
    answer = send(cast, person=cast.people[Role.EMPLOYEE].pk, code=code)
    made = Proposal.objects.get()
    assert answer.status_code == 303 and answer["Location"] == reverse("quick:receipt", args=[made.receipt])
    assert (made.author, made.unit, made.source, made.state) == (
        cast.people[Role.EMPLOYEE], cast.school_unit, "qr", State.REGISTERED,
    )  # fmt: skip
    receipt = Client().get(answer["Location"]).content.decode()
    assert "2026-0001" in receipt and "27 ноября" in receipt.replace("\u00a0", " ")


def test_without_a_name_only_where_the_municipality_allows(cast: Cast) -> None:
    assert send(cast).status_code == 303
    made = Proposal.objects.get()
    assert made.is_anonymous and made.author is None and not made.authors.exists()
    rules = ProposalRules(allows_anonymous=False)
    set_rules(actor=cast.actor(Role.MONITOR), rules=rules, version=1, at=AT)
    refused = send(cast, sent_key="b" * 32)
    assert refused.status_code == 422 and "Выберите своё имя" in refused.content.decode()
    assert TEXTS["problem"] in refused.content.decode()
    assert "Без имени</option>" not in Client().get(url(cast)).content.decode()


def test_the_same_form_sent_again_makes_one_proposal(cast: Cast, code: str) -> None:
    for _ in range(3):
        assert send(cast, person=cast.people[Role.EMPLOYEE].pk, code=code).status_code == 303
    assert Proposal.objects.count() == 1


def test_the_script_gets_json(cast: Cast) -> None:
    data = {**TEXTS, "person": "nobody", "sent_key": "c" * 32}
    answer = Client().post(url(cast), data, headers={"Accept": "application/json"}).json()
    assert answer["number"] == "2026-0001" and answer["answer"].startswith("Ответим до 27")
    wrong = Client().post(
        url(cast), {**data, "problem": "", "sent_key": "d"}, headers={"Accept": "application/json"}
    )
    assert wrong.status_code == 422 and "problem" in wrong.json()["errors"]


def test_guessing_a_code_is_limited_and_says_so(cast: Cast, code: str) -> None:
    wrong = "0000" if code != "0000" else "1111"
    person = cast.people[Role.EMPLOYEE].pk
    for number in range(5):
        answer = send(cast, person=person, code=wrong, sent_key=f"{number}")
        assert answer.status_code == 422 and "Код не подходит" in answer.content.decode()
    shut = send(cast, person=person, code=code, sent_key="x").content.decode()
    assert "Слишком много неверных кодов" in shut and "15" in shut
    assert not Proposal.objects.exists()
    # Another address is not shut, and after the wait neither is this one.
    check_code(unit=cast.school_unit, person=cast.people[Role.EMPLOYEE], code=code, address="10.0.0.7", at=AT)
    later = AT + timedelta(minutes=16)
    check_code(
        unit=cast.school_unit, person=cast.people[Role.EMPLOYEE], code=code, address="127.0.0.1", at=later
    )


def test_one_person_is_not_guessed_from_many_addresses(cast: Cast, code: str) -> None:
    person = cast.people[Role.EMPLOYEE]
    wrong = "0000" if code != "0000" else "1111"
    for number in range(20):
        with pytest.raises(Refusal, match="не подходит"):
            check_code(unit=cast.school_unit, person=person, code=wrong, address=f"10.0.0.{number}", at=AT)
    with pytest.raises(Refusal, match="Слишком много"):
        check_code(unit=cast.school_unit, person=person, code=code, address="10.0.1.1", at=AT)
    forget_failures(at=AT + timedelta(days=2))
    assert not CodeFailure.objects.exists()


def test_a_code_expires_and_a_new_one_ends_the_old(cast: Cast, code: str) -> None:
    person, unit = cast.people[Role.EMPLOYEE], cast.school_unit
    with pytest.raises(Refusal, match="истёк"):
        check_code(unit=unit, person=person, code=code, address="", at=AT + timedelta(days=366))
    with pytest.raises(Refusal, match="не подходит"):
        check_code(unit=unit, person=cast.people[Role.LEADER], code=code, address="", at=AT)
    coordinator = cast.actor(Role.COORDINATOR)
    [fresh] = issue_codes(actor=coordinator, organisation=cast.school, people=[person], at=AT)
    if fresh.code != code:
        with pytest.raises(Refusal):
            check_code(unit=unit, person=person, code=code, address="", at=AT)
    check_code(unit=unit, person=person, code=fresh.code, address="", at=AT)
    assert fresh.code not in PersonCode.objects.get().digest


def test_codes_are_given_only_in_ones_own_organisation(cast: Cast) -> None:
    for role in (Role.EMPLOYEE, Role.TRAINER, Role.HEAD):
        with pytest.raises(PermissionDenied):
            issue_codes(actor=cast.actor(role), organisation=cast.school, people=[cast.people[role]], at=AT)
    with pytest.raises(PermissionDenied):
        issue_codes(
            actor=cast.actor(Role.COORDINATOR),
            organisation=cast.kindergarten,
            people=[cast.people[Role.HEAD]],
            at=AT,
        )
    client = cast.client(Role.COORDINATOR)
    slips = client.post(
        reverse("proposals:codes", args=[cast.school.pk]), {"chosen": [cast.people[Role.EMPLOYEE].pk]}
    )
    assert b"".join(slips.streaming_content).startswith(b"%PDF")
    assert client.post(reverse("proposals:codes", args=[cast.school.pk])).status_code == 422


def test_the_poster_leads_to_the_page_of_its_unit(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client, printed = cast.client(Role.COORDINATOR), []
    compile_ = papers._compile
    monkeypatch.setattr(
        papers, "_compile", lambda body, data: printed.append((body, data)) or compile_(body, data)
    )
    for name in ("poster", "blank"):
        answer = client.get(reverse(f"proposals:{name}", args=[cast.school_unit.pk]))
        assert b"".join(answer.streaming_content).startswith(b"%PDF"), name
    (poster, data), (card, _) = printed
    address = f"http://testserver{url(cast)}"
    assert 'paper: "a4"' in poster and data["url"] == address and data["qr"] == papers.qr(address)
    assert "Что мешает?" in card and "номер пишет координатор" in card


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"problem": ""}, "Напишите, что мешает"),
        ({"problem": "   "}, "хватит одной фразы"),
        ({"problem": "???"}, "слишком мало слов"),
        ({"solution": "😀😀😀"}, "слишком мало слов"),
        ({"problem": "я" * 20_000}, "Не длиннее 10"),
        ({"person": ""}, "Выберите своё имя"),
        ({"person": "999999"}, "Выберите своё имя из списка"),
        ({"person": "1 OR 1=1"}, "Выберите своё имя из списка"),
    ],
)
def test_bad_input_is_told_in_words_and_the_text_stays(
    cast: Cast, fields: dict[str, str], words: str
) -> None:
    answer = send(cast, **fields)
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page.replace("\u202f", "").replace("\u00a0", " ")
    kept = {**TEXTS, **fields}["solution"]
    assert kept.strip() in page
    assert not Proposal.objects.exists()


def test_html_and_emoji_are_only_text(cast: Cast) -> None:
    send(cast, problem='<script>alert("x")</script> темно 😀', solution="=HYPERLINK(1) поставить лампу <b>")
    made = Proposal.objects.get()
    page = Client().get(reverse("quick:receipt", args=[made.receipt])).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page and "😀" in page
    card = cast.client(Role.UNIT_HEAD).get(reverse("proposals:card", args=[made.pk])).content.decode()
    assert "<script>alert" not in card
    sheet = cast.client(Role.UNIT_HEAD).get(reverse("proposals:export", args=["csv"]), {"view": "all"})
    lines = b"".join(sheet.streaming_content).decode()
    assert "'=HYPERLINK" in lines
    pdf = cast.client(Role.UNIT_HEAD).get(reverse("proposals:sheet", args=[made.pk]))
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")


def test_a_photo_is_drawn_anew_without_place_and_time(cast: Cast) -> None:
    sent = SimpleUploadedFile("фото.jpg", jpeg((4000, 3000), exif=True), "image/jpeg")
    assert b"Exif" in sent.read()
    sent.seek(0)
    assert send(cast, photo=sent).status_code == 303
    photo = Photo.objects.get()
    assert max(photo.width, photo.height) == 1600
    for name in (photo.file.name, photo.preview.name):
        data = (Path(settings.MEDIA_ROOT) / str(name)).read_bytes()
        with Image.open(io.BytesIO(data)) as kept:
            assert not kept.getexif() and "exif" not in kept.info
    client = cast.client(Role.UNIT_HEAD)
    seen = client.get(reverse("proposals:photo", args=[photo.proposal_id, photo.pk]))
    assert b"".join(seen.streaming_content)[:2] == b"\xff\xd8"
    assert (
        cast.client(Role.TRAINER)
        .get(reverse("proposals:photo", args=[photo.proposal_id, photo.pk]))
        .status_code
        == 404
    )


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("снимок.jpg", b"%PDF-1.7 not a photo at all", "PDF"),
        ("снимок.jpg", b"", "пуст"),
        ("снимок.jpg", jpeg()[:200], "поврежд"),
        ("снимок.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "поврежд"),
        ("снимок.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "приложить"),
        ("снимок.jpg", b"MZ" + b"\x00" * 500, "приложить"),
    ],
)
def test_what_is_no_photo_is_refused(cast: Cast, name: str, data: bytes, words: str) -> None:
    answer = send(cast, photo=SimpleUploadedFile(name, data, "image/jpeg"))
    if data:
        assert answer.status_code == 422 and words in answer.content.decode()
        assert not Proposal.objects.exists() and not Photo.objects.exists()


def test_a_bomb_and_a_giant_are_refused_before_they_unpack() -> None:
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    with pytest.raises(ValidationError, match="большой|повреждён"):
        read(SimpleUploadedFile("бомба.png", out.getvalue(), "image/png"))
    heavy = SimpleUploadedFile("фото.jpg", b"\xff\xd8\xff" + b"\x00" * 10, "image/jpeg")
    heavy.size = (MEGABYTES + 1) * 1024 * 1024
    with pytest.raises(ValidationError, match="30 МБ"):
        read(heavy)


def test_a_photo_of_thirty_megabytes_is_taken_and_shrunk() -> None:
    sheet = Image.effect_noise((6000, 5000), 90).convert("RGB")
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=92)
    assert out.tell() > 8 * 1024 * 1024
    # The rest up to thirty megabytes is what a phone writes behind the picture.
    data = out.getvalue() + b"\x00" * (29 * 1024 * 1024 - out.tell())
    picture = read(SimpleUploadedFile("фото.jpg", data, "image/jpeg"))
    assert len(picture.data) < 2 * 1024 * 1024 and picture.width == 1600


def test_the_page_is_light(cast: Cast) -> None:
    page = Client().get(url(cast)).content
    total = len(page)
    for name in ("proposals/quick.css", "proposals/quick.js", "ui/mark.svg"):
        found = finders.find(name)
        assert found, name
        total += Path(str(found)).stat().st_size
    assert b"vendor" not in page and b"woff" not in page
    assert total <= 60 * 1024, total


def test_similar_ones_come_only_from_the_catalogue_of_the_units_municipality(cast: Cast) -> None:
    PACE.forget()
    address, typed = (
        reverse("quick:similar", args=[cast.school_unit.qr_token]),
        {"text": "Ключи от кабинетов ищем"},
    )
    same = {"problem": "Ключи от кабинетов ищем по школе", "solution": "Щиток с ключами у вахты"}

    def found() -> list[dict[str, str]]:
        answer = Client().post(address, typed)
        assert answer.status_code == 200
        kept: list[dict[str, str]] = answer.json()["found"]
        return kept

    undecided = (State.DRAFT, State.REGISTERED, State.UNDER_REVIEW, State.RETURNED, State.REJECTED)
    hidden = [make_in(cast, state, **same).pk for state in undecided]
    assert found() == []
    done = [make_in(cast, state, **same) for state in (State.IMPLEMENTED, *[State.ACCEPTED] * 4)]
    shown = found()
    # At most three, introduced ones first; a title and a state, no number, no place, no name.
    assert len(shown) == 3 and shown[0] == {"title": done[0].title, "state": "Внедрено"}
    assert {one["state"] for one in shown[1:]} == {"Принято"}
    # Another municipality's are never shown.
    Proposal.objects.exclude(pk__in=hidden).update(municipality=cast.other_municipality)
    assert found() == []
    assert Client().post(address, {}).json() == {"found": []} and Client().get(address).status_code == 405
    assert Client().post(reverse("quick:similar", args=["net-takogo"]), typed).status_code == 404


def test_who_asks_for_similar_ones_too_often_gets_nothing(cast: Cast) -> None:
    PACE.forget()
    address = reverse("quick:similar", args=[cast.school_unit.qr_token])
    answers = [Client().post(address, {"text": ""}).status_code for _ in range(PACE.most + 1)]
    assert answers[:-1] == [200] * PACE.most and answers[-1] == 429
    assert Client(REMOTE_ADDR="10.0.0.7").post(address, {"text": ""}).status_code == 200
    with time_machine.travel(AT + timedelta(seconds=90)):
        assert Client().post(address, {"text": ""}).status_code == 200
    PACE.forget()


def test_an_unknown_or_closed_unit(cast: Cast) -> None:
    assert Client().get(reverse("quick:send", args=["net-takogo"])).status_code == 404
    cast.school_unit.ends_on = AT.date() - timedelta(days=10)
    cast.school_unit.save()
    assert "больше нет" in Client().get(url(cast)).content.decode()
    assert "больше нет" in send(cast).content.decode()


def test_the_author_follows_answers_appeals_and_takes_back_by_the_receipt(cast: Cast) -> None:
    for author in (cast.people[Role.EMPLOYEE], None):
        returned = make_in(cast, State.RETURNED, author=author)
        address = reverse("quick:receipt", args=[returned.receipt])
        assert "Где именно?" in Client().get(address).content.decode()
        assert Client().post(address, {"act": "answer", "text": " "}).status_code == 422
        assert Client().post(address, {"act": "answer", "text": "В подвале."}).status_code == 303
        assert Proposal.objects.get(pk=returned.pk).state == State.UNDER_REVIEW
        rejected = make_in(cast, State.REJECTED, author=author)
        address = reverse("quick:receipt", args=[rejected.receipt])
        assert Client().post(address, {"act": "appeal", "text": "Не сделано."}).status_code == 303
        assert Client().post(address, {"act": "accept", "text": "Принять!"}).status_code == 422
        assert Client().post(address, {"act": "withdraw"}).status_code == 303
        assert Proposal.objects.get(pk=rejected.pk).state == State.CANCELLED
    assert Client().get(reverse("quick:receipt", args=["x"])).status_code == 404
    draft = make_in(cast, State.DRAFT)
    assert Client().get(reverse("quick:receipt", args=[draft.receipt])).status_code == 404


def test_the_stand_names_nobody_and_quotes_nothing(cast: Cast) -> None:
    made = make_in(cast, State.REJECTED)
    page = Client().get(reverse("quick:stand", args=[cast.school_unit.qr_token])).content.decode()
    assert made.number_text in page and "Отклонено" in page
    assert made.title not in page and "Тихонова" not in page


def test_photos_of_before_and_after_are_added_by_those_who_do_it(cast: Cast) -> None:
    proposal = make_in(cast, State.IMPLEMENTED)
    address = reverse("proposals:photos", args=[proposal.pk])
    sent = {"kind": "after", "photos": [SimpleUploadedFile(f"{n}.jpg", jpeg(), "image/jpeg") for n in (1, 2)]}
    assert cast.client(Role.COORDINATOR).post(address, sent).status_code == 302
    assert Photo.objects.filter(proposal=proposal, kind="after").count() == 2
    page = cast.client(Role.UNIT_HEAD).get(reverse("proposals:card", args=[proposal.pk])).content.decode()
    assert "Было и стало" in page
    assert cast.client(Role.COORDINATOR).post(address, {"kind": "after"}).status_code == 422
    fresh = {"kind": "after", "photos": SimpleUploadedFile("3.jpg", jpeg(), "image/jpeg")}
    assert cast.client(Role.TRAINER).post(address, fresh).status_code == 403
