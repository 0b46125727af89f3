"""Pages: what they show, what they keep, how much they cost."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from gemba.organisation.exchange.doors import export_file
from gemba.organisation.models import ImportUpload, Organisation, Person, User
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.organisation.tests.factories import make_organisation, make_person, make_position


def at(name: str, **kwargs: object) -> str:
    return reverse(f"organisation:{name}", kwargs=kwargs or None)


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def school_form(cast: Cast, **changes: str) -> dict[str, str]:
    return {
        "kind": "institution", "name": cast.school.name, "short_name": "Школа № 1", "code": "004",
        "parent": "003 — Управление образования", "direction": str(cast.school.direction_id),
        "starts_on": "01.01.2020", "inn": "", "version": "1", **changes,
    }  # fmt: skip


def test_an_organisation_is_created_through_the_form(cast: Cast) -> None:
    client = cast.client(Role.ADMIN)
    answer = client.post(
        at("organisation_create"),
        {
            "kind": "institution",
            "name": "Музей реки",
            "parent": "управление  образования",
            "version": "0",
            "participates": "on",
        },
    )
    made = Organisation.objects.get(name="Музей реки")
    assert answer["Location"] == at("organisation", pk=made.pk)
    assert made.parent == cast.education
    page = text(client.get(answer["Location"]))
    assert "Музей реки" in page and "Внесена организация" in page and "Жуков Денис Романович" in page


def test_mistakes_stand_at_their_fields_and_what_was_typed_is_kept(cast: Cast) -> None:
    answer = cast.client(Role.ADMIN).post(
        at("organisation_create"),
        {"kind": "institution", "name": "Музей «Ах»", "inn": "123", "version": "0", "parent": "нет"},
    )
    assert answer.status_code == 422
    page = text(answer)
    assert "Музей «Ах»" in page
    assert "Такой организации в реестре нет." in page
    answer = cast.client(Role.ADMIN).post(
        at("organisation_create"), {"kind": "institution", "name": "Музей", "inn": "123", "version": "0"}
    )
    assert "ИНН «123» — не 10 и не 12 цифр. Проверьте ИНН по документам." in text(answer)


def test_two_editors_of_one_record_lose_nothing(cast: Cast) -> None:
    url = at("organisation_edit", pk=cast.school.pk)
    first, second = cast.client(Role.ADMIN), cast.client(Role.MONITOR)
    assert first.post(url, school_form(cast, short_name="Школа первая")).status_code == 302
    answer = second.post(url, school_form(cast, short_name="Школа вторая"))
    page = text(answer)
    assert answer.status_code == 422
    assert "Жуков Денис Романович" in page
    assert "Школа первая" in page and "Школа вторая" in page
    assert "Короткое название" in page.split("Набрали вы")[1].split("</table>")[0]
    # The form now carries the new version: saving it again is the person's own decision.
    assert 'name="version" id="id_version" value="2"' in page
    assert second.post(url, school_form(cast, short_name="Школа вторая", version="2")).status_code == 302
    cast.school.refresh_from_db()
    assert cast.school.short_name == "Школа вторая"


def test_markup_in_names_is_shown_as_text(cast: Cast) -> None:
    make_organisation(cast.municipality, "<script>alert(1)</script>")
    page = text(cast.client(Role.ADMIN).get(at("organisations")))
    assert "<script>alert(1)</script>" not in page and "&lt;script&gt;alert(1)" in page


def test_an_employee_sees_no_contacts_and_no_list_of_people(cast: Cast) -> None:
    client = cast.client(Role.EMPLOYEE)
    assert client.get(at("people")).status_code == 403
    assert client.get(at("person", pk=cast.people[Role.HEAD].pk)).status_code == 404
    card = text(client.get(at("organisation", pk=cast.school.pk)))
    assert "+7 900" not in card and "Щукина" not in card
    assert "+7 900 000-00-00" in text(client.get(at("person", pk=cast.people[Role.EMPLOYEE].pk)))


def test_contacts_are_shown_to_the_head_of_the_organisation(cast: Cast) -> None:
    page = text(cast.client(Role.UNIT_HEAD).get(at("person", pk=cast.people[Role.EMPLOYEE].pk)))
    assert "+7 900 000-00-00" in page
    curator = text(cast.client(Role.CURATOR).get(at("person", pk=cast.people[Role.EMPLOYEE].pk)))
    assert "+7 900 000-00-00" not in curator


@pytest.mark.parametrize(
    ("name", "limit"), [("organisations", 12), ("people", 12), ("bodies", 11), ("users", 12), ("rights", 9)]
)
def test_a_list_costs_the_same_however_long_it_is(
    cast: Cast, name: str, limit: int, django_assert_max_num_queries
) -> None:
    client = cast.client(Role.ADMIN)
    client.get(at(name))
    for number in range(60):
        organisation = make_organisation(cast.municipality)
        make_position(make_person(cast.municipality, f"Фамилия{'абвг'[number % 4]} Имя"), organisation)
    with django_assert_max_num_queries(limit):
        assert client.get(at(name)).status_code == 200


def test_cards_cost_few_statements(cast: Cast, django_assert_max_num_queries) -> None:
    client = cast.client(Role.ADMIN)
    for url in (at("organisation", pk=cast.school.pk), at("body", pk=cast.working_group.pk)):
        client.get(url)
        with django_assert_max_num_queries(24):
            client.get(url)


def test_the_list_pages_by_keyset_and_keeps_its_filters(cast: Cast) -> None:
    for number in range(70):
        make_organisation(cast.municipality, f"Клуб {number:03d}")
    client = cast.client(Role.ADMIN)
    page = text(client.get(at("organisations"), {"q": "клуб"}))
    assert "Клуб 049" in page and "Клуб 050" not in page
    link = next(part for part in page.split('href="') if "after=" in part).split('"')[0].replace("&amp;", "&")
    second = text(client.get(link))
    assert "Клуб 050" in second and "Клуб 049" not in second and "Школа № 1" not in second


def test_the_list_is_exported_as_it_is_shown(cast: Cast) -> None:
    make_organisation(cast.municipality, "=1+1 клуб")
    answer = cast.client(Role.ADMIN).get(at("organisations_xlsx"), {"kind": "institution"})
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:3] == ("Код", "Вид", "Полное название")
    assert {row[1] for row in rows[1:]} == {"Учреждение"}
    csv = b"".join(cast.client(Role.ADMIN).get(at("organisations_csv")).streaming_content).decode("utf-8-sig")
    assert "'=1+1 клуб" in csv and "Лесная школа" not in csv


def test_suggestions_are_of_the_own_municipality(cast: Cast) -> None:
    page = text(cast.client(Role.ADMIN).get(at("organisation_options"), {"parent": "школ"}))
    assert '<option value="004 — Школа № 1">' in page and "Лесная" not in page
    assert cast.client(Role.EMPLOYEE).get(at("person_options"), {"person": "и"}).status_code == 403


def test_a_person_is_hired_moved_and_dismissed_through_forms(cast: Cast) -> None:
    client = cast.client(Role.COORDINATOR)
    sent = {"family_name": "Новая", "given_name": "Зоя", "organisation": "004", "unit_name": "начальная школа",
            "title": "Учитель", "starts_on": "01.02.2026", "version": "0"}  # fmt: skip
    assert client.post(at("person_create"), sent).status_code == 302
    person = Person.objects.get(family_name="Новая")
    position = person.positions.get()
    assert position.unit == cast.school_unit
    answer = client.post(
        at("position_dismiss", pk=position.pk),
        {"last_day": "10.02.2026", "ground": "Приказ № 1", "version": "1"},
    )
    assert answer.status_code == 302
    position.refresh_from_db()
    assert position.ends_on == date(2026, 2, 10)
    elsewhere = {**sent, "family_name": "Другая", "organisation": "005", "unit_name": ""}
    assert client.post(at("person_create"), elsewhere).status_code == 403


def test_the_composition_form_sets_a_composition_by_act(cast: Cast) -> None:
    client = cast.client(Role.SECRETARY)
    url = at("body_composition", pk=cast.working_group.pk)
    page = text(client.get(url))
    assert "Орлов Михаил Петрович" in page
    chair = cast.people[Role.CHAIR]
    sent = {
        "version": "1", "from_day": "01.03.2026", "act_kind": "Постановление", "act_number": "12-п", "act_on": "",
        "form-TOTAL_FORMS": "3", "form-INITIAL_FORMS": "0",
        "form-0-role": "chair", "form-0-seat": "Первый заместитель главы округа", "form-0-person": f"{chair.code} — {chair}",
        "form-1-role": "secretary", "form-1-seat": "Консультант", "form-1-person": cast.people[Role.SECRETARY].code,
        "form-2-role": "member", "form-2-seat": "", "form-2-person": "",
    }  # fmt: skip
    more = client.post(url, {**sent, "more": "1"})
    assert more.status_code == 200 and "form-7-seat" in text(more)
    answer = client.post(url, sent)
    assert answer["Location"] == f"{at('body', pk=cast.working_group.pk)}?on=01.03.2026"
    table = text(client.get(answer["Location"])).split("<tbody>")[1].split("</tbody>")[0]
    assert "Орлов Михаил Петрович" in table and "Дубов" not in table and "12-п" in table
    before = text(client.get(at("body", pk=cast.working_group.pk), {"on": "28.02.2026"}))
    assert "Дубов Степан Егорович" in before


def test_the_first_password_is_shown_once(cast: Cast) -> None:
    client = cast.client(Role.ADMIN)
    person = make_person(cast.municipality, "Новая Зоя")
    answer = client.post(at("user_invite"), {"login": "novaya", "person": person.code, "title": ""})
    page = text(answer)
    user = User.objects.get(login="novaya")
    password = page.split("Пароль для первого входа: <code>")[1].split("</code>")[0]
    assert user.check_password(password)
    assert password not in text(client.get(at("user", pk=user.pk)))
    assert Client().post("/sign-in/", {"login": "novaya", "password": password}).status_code == 302


def test_the_table_of_rights_names_every_role_and_act(cast: Cast) -> None:
    from gemba.organisation.acts import all_acts
    from gemba.organisation.roles import WITHOUT_ACCOUNT

    page = text(cast.client(Role.EMPLOYEE).get(at("rights")))
    assert all(act.title in page for act in all_acts())
    assert all(role.label in page for role in Role if role not in WITHOUT_ACCOUNT)


def test_the_region_sees_its_page_and_nothing_of_a_municipality(cast: Cast) -> None:
    client = cast.client(Role.REGION)
    page = text(client.get(at("region")))
    assert "Заречный округ" in page and "Лесной округ" in page
    assert client.get(at("organisations")).status_code == 403
    assert client.get(at("organisation", pk=cast.school.pk)).status_code == 403


def uploaded(content: bytes, name: str = "Организации.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_file_is_checked_seen_and_loaded(cast: Cast) -> None:
    client = cast.client(Role.ADMIN)
    book = load_workbook(export_file(subject="organisations", municipality=cast.municipality))
    sheet = book["Организации"]
    sheet["D2"] = "Главная администрация"
    sheet.append([None, "Завод", "Музей"])
    stream = io.BytesIO()
    book.save(stream)
    url = at("exchange", subject="organisations")
    answer = client.post(url, {"file": uploaded(stream.getvalue())})
    page = text(client.get(answer["Location"]))
    assert "короткое название: Администрация → Главная администрация" in page
    assert "Строка 8, ячейка B8: Вида «Завод» нет." in page
    assert "Загрузить 1 верную строку, 1 пропустить" in page
    assert Organisation.objects.get(code="001").short_name == "Администрация"
    upload = ImportUpload.objects.get()
    mark = page.split('name="mark" value="')[1].split('"')[0]
    assert client.post(at("exchange_load", pk=upload.pk), {"mark": mark}).status_code == 409
    done = client.post(at("exchange_load", pk=upload.pk), {"mark": mark, "accept_good": "1"})
    assert done["Location"] == at("organisations")
    assert Organisation.objects.get(code="001").short_name == "Главная администрация"
    assert not ImportUpload.objects.exists()


def test_a_register_that_changed_after_the_check_is_checked_again(cast: Cast) -> None:
    client = cast.client(Role.ADMIN)
    content = export_file(subject="organisations", municipality=cast.municipality).read()
    answer = client.post(at("exchange", subject="organisations"), {"file": uploaded(content)})
    page = text(client.get(answer["Location"]))
    assert "Загружать нечего: в файле то же, что в реестре." in page
    Organisation.objects.filter(code="006").update(name="МУП «Тепло»", name_key='муп "тепло"')
    upload = ImportUpload.objects.get()
    again = client.post(at("exchange_load", pk=upload.pk), {"mark": "0-0-6-0"})
    assert again.status_code == 409 and "реестр изменился" in text(again)


def test_a_wrong_file_is_explained_on_the_form(cast: Cast) -> None:
    client = cast.client(Role.ADMIN)
    answer = client.post(
        at("exchange", subject="people"), {"file": uploaded(b"%PDF-1.7 text", "Сотрудники.xlsx")}
    )
    assert answer.status_code == 422 and "это PDF" in text(answer)
    assert not ImportUpload.objects.exists()


def test_another_administrator_does_not_see_the_file(cast: Cast) -> None:
    content = export_file(subject="organisations", municipality=cast.municipality).read()
    cast.client(Role.ADMIN).post(at("exchange", subject="organisations"), {"file": uploaded(content)})
    assert (
        cast.client(Role.MONITOR).get(at("exchange_checked", pk=ImportUpload.objects.get().pk)).status_code
        == 404
    )


def test_the_municipality_is_changed_and_gets_its_coat(cast: Cast) -> None:
    from PIL import Image

    client = cast.client(Role.ADMIN)
    answer = client.post(
        at("municipality"),
        {"name": "Заречный округ", "short_name": "Заречный", "genitive": "Заречного округа", "accent": "teal",
         "time_zone": "Asia/Omsk", "new_organisations_join": "next_year", "version": "1"},
    )  # fmt: skip
    assert answer.status_code == 302
    cast.municipality.refresh_from_db()
    assert cast.municipality.typed_settings.new_organisations_join == "next_year"
    assert client.get(at("coat")).status_code == 404
    stream = io.BytesIO()
    Image.new("RGB", (900, 1000), "navy").save(stream, "PNG")
    answer = client.post(
        at("municipality_set_coat"), {"picture": SimpleUploadedFile("герб.png", stream.getvalue())}
    )
    assert answer.status_code == 302
    shown = client.get(at("coat"))
    assert shown["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(b"".join(shown.streaming_content))).height == 256
    page = text(client.get(at("municipality")))
    assert 'data-accent="teal"' in page and "/municipality/coat/" in page
    cast.municipality.coat_of_arms.delete()
