"""Exchange as XLSX: what people really send, what is refused and how, and that a round trip loses nothing."""

import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from openpyxl import Workbook, load_workbook

from gemba.audit.models import ActRecord
from gemba.kernel.problems import Refusal
from gemba.organisation import actions
from gemba.organisation.access import system_actor
from gemba.organisation.exchange.doors import check_file, export_file, template_file
from gemba.organisation.exchange.organisation_rows import rows_of as organisation_rows
from gemba.organisation.exchange.people import rows_of as people_rows
from gemba.organisation.exchange.plans import CHANGE, CREATE, SAME, ImportPlan
from gemba.organisation.models import (
    Direction,
    HeadcountRecord,
    Municipality,
    Organisation,
    OrganisationKind,
    ParticipationPeriod,
    Person,
    Position,
    Unit,
)
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.organisation.tests.factories import (
    make_municipality,
    make_organisation,
    make_person,
    make_position,
    make_unit,
)

AT = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
HEAD = ["Код", "Вид", "Полное название", "Код вышестоящей", "ИНН", "Создана"]


def sheet(*rows: list[Any], head: list[str] | None = None, before: int = 0, merge: str = "") -> io.BytesIO:
    book = Workbook()
    page = book.active
    for _ in range(before):
        page.append(["Реестр организаций округа на 2026 год"])
    page.append(head if head is not None else HEAD)
    for row in rows:
        page.append(row)
    if merge:
        page.merge_cells(merge)
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


def check(stream: Any, town: Municipality, subject: str = "organisations") -> ImportPlan:
    return check_file(subject=subject, stream=stream, municipality=town)


def load(plan: ImportPlan, town: Municipality, *, accept_good: bool = False) -> None:
    act = actions.import_people if plan.subject == "people" else actions.import_organisations
    act(
        actor=system_actor(town),
        municipality=town,
        plan=plan,
        file_name="файл.xlsx",
        accept_good=accept_good,
        at=AT,
    )


def problems(plan: ImportPlan) -> list[str]:
    return [str(problem) for problem in plan.problems]


@pytest.fixture
def town(db: None) -> Municipality:
    return make_municipality("Полевой округ")


def test_new_rows_are_created_with_their_tree(town: Municipality) -> None:
    plan = check(
        sheet(
            ["Ш1", "Учреждение", "Школа № 1", "УО", None, "01.09.1998"],
            ["УО", "ОМСУ", "Управление образования", None, None, None],
        ),
        town,
    )
    assert problems(plan) == []
    load(plan, town)
    school = Organisation.objects.get(code="Ш1")
    assert school.parent is not None and school.parent.code == "УО"
    assert school.path == school.parent.inner_path
    assert school.starts_on == date(1998, 9, 1)
    assert school.short_name == "Школа № 1"


def test_a_row_without_a_code_gets_the_next_one(town: Municipality) -> None:
    make_organisation(town, code="00041")
    load(check(sheet([None, "Учреждение", "Музей"]), town), town)
    assert Organisation.objects.get(name="Музей").code == "00042"


def test_problems_name_row_cell_and_mend(town: Municipality) -> None:
    plan = check(
        sheet(
            ["1", "Учреждение", "Школа № 1", None, None, None],
            ["2", "Завод", "Школа № 2", None, "123", "завтра"],
            ["3", "Учреждение", "", "нет такой", None, None],
        ),
        town,
    )
    said = problems(plan)
    assert any(
        text.startswith("Строка 3, ячейка B3: Вида «Завод» нет. Выберите из списка: ") for text in said
    )
    assert "Строка 3, ячейка E3: ИНН «123» — не 10 и не 12 цифр. Проверьте ИНН по документам." in said
    assert any(text.startswith("Строка 3, ячейка F3: «завтра» — не дата.") for text in said)
    assert "Строка 4, ячейка C4: Не указано название. Введите название." in said
    assert any(text.startswith("Строка 4, ячейка D4: Организации с кодом «нет такой» нет") for text in said)
    assert plan.bad_rows == {3, 4}
    assert plan.count(CREATE) == 1


def test_nothing_is_loaded_until_all_is_right_or_the_good_rows_are_accepted(town: Municipality) -> None:
    stream = sheet(["1", "Учреждение", "Школа № 1"], ["2", "Завод", "Школа № 2"])
    plan = check(stream, town)
    with pytest.raises(Refusal, match="Строк с ошибками: 1"):
        load(plan, town)
    assert not Organisation.objects.filter(municipality=town).exists()
    load(plan, town, accept_good=True)
    assert list(Organisation.objects.values_list("code", flat=True)) == ["1"]


def test_a_row_below_a_bad_row_is_not_loaded_either(town: Municipality) -> None:
    plan = check(
        sheet(
            ["1", "Завод", "Управление"],
            ["2", "Учреждение", "Школа", "1"],
            ["3", "Учреждение", "Филиал", "2"],
        ),
        town,
    )
    assert plan.bad_rows == {2, 3, 4}
    assert "Строка 2, на которую она ссылается, с ошибкой" in problems(plan)[1]


def test_the_preview_says_what_will_change(town: Municipality) -> None:
    make_organisation(town, "Школа № 1", code="Ш1", inn="")
    plan = check(sheet(["Ш1", "Организация", "Школа № 1", None, "7707083893", None]), town)
    assert plan.count(CHANGE) == 1
    assert plan.rows[0].changes == ["вид: Учреждение → Организация", "ИНН: не указано → 7707083893"]


def test_an_empty_cell_changes_nothing_and_a_dash_clears(town: Municipality) -> None:
    parent = make_organisation(town, "Управление", code="У")
    make_organisation(town, "Школа", code="Ш", parent=parent, inn="7707083893")
    assert check(sheet(["Ш", "Учреждение", "Школа"]), town).count(SAME) == 1
    load(check(sheet(["Ш", "Учреждение", "Школа", "-", "-", "-"]), town), town)
    school = Organisation.objects.get(code="Ш")
    assert (school.parent, school.path, school.inn, school.starts_on) == (None, "/", "", None)


def test_moving_a_parent_moves_everything_below(town: Municipality) -> None:
    top = make_organisation(town, "Администрация", code="А")
    middle = make_organisation(town, "Управление", code="У")
    leaf = make_organisation(town, "Школа", code="Ш", parent=middle)
    load(check(sheet(["У", "ОМСУ", "Управление", "А"]), town), town)
    leaf.refresh_from_db()
    assert leaf.path == f"/{top.pk}/{middle.pk}/"


def test_a_ring_in_the_tree_is_refused(town: Municipality) -> None:
    plan = check(sheet(["1", "ОМСУ", "Первая", "2"], ["2", "ОМСУ", "Вторая", "1"]), town)
    assert [text for text in problems(plan) if "по кругу" in text]
    assert plan.bad_rows == {2, 3}


def test_twins_in_the_file_and_against_the_register_are_found(town: Municipality) -> None:
    make_organisation(town, "Школа", code="Ш", inn="7707083893")
    plan = check(
        sheet(
            ["1", "Учреждение", "Сад «Ель»"],
            ["2", "Учреждение", 'САД "ЕЛЬ"'],
            ["3", "Учреждение", "Музей", None, "7707083893"],
            ["1", "Учреждение", "Клуб"],
        ),
        town,
    )
    said = problems(plan)
    assert any("Строка 3, ячейка C3: Такое название здесь уже есть: в строке 2" in text for text in said)
    assert any("Строка 4, ячейка E4: ИНН 7707083893 уже у организации «Школа» (Ш)" in text for text in said)
    assert any("Строка 5, ячейка A5: Код 1 уже есть в строке 2" in text for text in said)


def test_extra_rows_columns_other_order_and_other_titles_do_no_harm(town: Municipality) -> None:
    plan = check(
        sheet(
            ["Школа № 1", "примечание", "Учреждение", "1"],
            head=["Наименование", "Заметки", "ВИД *", "Код"],
            before=3,
        ),
        town,
    )
    assert problems(plan) == []
    assert plan.unknown_columns == ["Заметки"]
    load(plan, town)
    assert Organisation.objects.get(code="1").name == "Школа № 1"


def test_a_merged_cell_counts_for_every_row_it_covers(town: Municipality) -> None:
    make_organisation(town, "Управление", code="У")
    stream = sheet(
        ["1", "Учреждение", "Школа № 1", "У"], ["2", None, "Школа № 2", None], ["3", None, "Школа № 3", None],
        merge="D2:D4",
    )  # fmt: skip
    book = load_workbook(stream)
    book.active.merge_cells("B2:B4")
    again = io.BytesIO()
    book.save(again)
    plan = check(again, town)
    assert problems(plan) == []
    load(plan, town)
    assert Organisation.objects.filter(parent__code="У", kind="institution").count() == 3


def test_dates_as_text_as_dates_and_as_numbers_are_one(town: Municipality) -> None:
    load(
        check(
            sheet(
                ["1", "Учреждение", "А один", None, None, "5.3.2020"],
                ["2", "Учреждение", "А два", None, None, datetime(2020, 3, 5)],
                ["3", "Учреждение", "А три", None, None, 43895],
                ["4", "Учреждение", "А четыре", None, None, "2020-03-05"],
            ),
            town,
        ),
        town,
    )
    assert set(Organisation.objects.values_list("starts_on", flat=True)) == {date(2020, 3, 5)}


def test_leading_zeros_that_excel_ate_are_found_again(town: Municipality) -> None:
    make_organisation(town, "Школа", code="00004", inn="")
    plan = check(sheet([4, "Учреждение", "Школа", None, 101000021, None]), town)
    assert problems(plan) == []
    assert plan.rows[0].changes == ["ИНН: не указано → 0101000021"]


def test_a_formula_gives_its_value_not_itself(town: Municipality) -> None:
    stream = sheet(["1", "Учреждение", '="Шко"&"ла"'])
    # A formula that was never computed has no value: the cell is empty.
    assert any("Не указано название" in text for text in problems(check(stream, town)))


def test_a_text_like_a_formula_survives_export_as_text(town: Municipality) -> None:
    make_organisation(town, "=HYPERLINK(школа)", code="Ш", short_name="+7 школа")
    page = load_workbook(export_file(subject="organisations", municipality=town))["Организации"]
    assert [cell.data_type for cell in page[2][2:4]] == ["s", "s"]
    assert page["C2"].value == "=HYPERLINK(школа)"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7 ...", "Это PDF, а не таблица. Сохраните таблицу как"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "Это старый Excel"),
        ("Код;Вид\n1;2\n".encode(), "Это текст, а не таблица"),
        (b"PK\x03\x04" + b"broken" * 100, "Файл повреждён"),
        (b"\x00\x01\x02", "Это не таблица Excel"),
    ],
)
def test_a_wrong_file_is_named(town: Municipality, content: bytes, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        check(io.BytesIO(content), town)


def test_a_zip_bomb_is_not_unpacked(town: Municipality) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 200_000_000)
    with pytest.raises(Refusal, match="слишком большой объём"):
        check(stream, town)


def test_a_file_beyond_the_limit_is_refused_before_reading(town: Municipality) -> None:
    with pytest.raises(Refusal, match="больше 25 МБ"):
        check(io.BytesIO(b"PK\x03\x04" + bytes(26 * 1024 * 1024)), town)


def test_a_document_type_in_xml_is_refused(town: Municipality) -> None:
    stream = sheet(["1", "Учреждение", "Школа"])
    evil = io.BytesIO()
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(evil, "w") as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                data = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>' + data
            target.writestr(entry, data)
    with pytest.raises(Refusal, match="Файл повреждён"):
        check(evil, town)


def test_a_sheet_without_the_heading_is_sent_to_the_template(town: Municipality) -> None:
    with pytest.raises(Refusal, match="нет листа с заголовками «Вид», «Полное название»"):
        check(sheet(["а", "б"], head=["Раз", "Два"]), town)
    with pytest.raises(Refusal, match="Нет столбца «Вид»"):
        check(sheet(["1", "Школа", "1"], head=["Код", "Полное название", "ИНН"]), town)
    with pytest.raises(Refusal, match="нет ни одной заполненной строки"):
        check(sheet(), town)


def test_the_template_is_accepted_once_filled(town: Municipality) -> None:
    Direction.objects.create(municipality=town, name="Культура", name_key="культура")
    book = load_workbook(template_file(subject="organisations", municipality=town))
    assert book.sheetnames == ["Организации", "Как заполнять", "Справочники"]
    assert book["Справочники"]["A2"].value == "Культура"
    page = book["Организации"]
    assert len(page.data_validations.dataValidation) == 2
    page["B2"], page["C2"], page["F2"] = "Учреждение", "Музей", "культура"
    stream = io.BytesIO()
    book.save(stream)
    plan = check(stream, town)
    assert problems(plan) == []
    load(plan, town)
    assert Organisation.objects.get().direction.name == "Культура"


def test_the_load_is_one_entry_in_the_record(town: Municipality) -> None:
    make_organisation(town, "Школа", code="Ш")
    before = ActRecord.objects.count()
    load(check(sheet(["Ш", "Организация", "Школа"], ["М", "Учреждение", "Музей"]), town), town)
    record = ActRecord.objects.order_by("-id")[0]
    assert ActRecord.objects.count() == before + 1
    assert (record.after["created"], record.after["changed"], record.after["skipped"]) == (1, 1, 0)
    assert record.after["told"] == ["Школа: вид: Учреждение → Организация"]


def test_a_register_round_trip_loses_nothing(town: Municipality) -> None:
    direction = Direction.objects.create(municipality=town, name="Культура", name_key="культура")
    root = make_organisation(town, "Администрация", kind="omsu", code="00001", inn="7707083893")
    heir = make_organisation(town, "Дом культуры", parent=root, direction=direction, short_name="ДК; «Заря»")
    old = make_organisation(
        town, "Клуб", parent=root, participates=False, ends_on=date(2025, 5, 31), successor=heir,
        closing_ground="Постановление № 5; от 01.05.2025",
    )  # fmt: skip
    ParticipationPeriod.objects.create(
        organisation=old,
        starts_on=date(2023, 1, 1),
        ends_on=date(2023, 12, 31),
        ground="Соглашение (№ 1); 2023",
    )
    ParticipationPeriod.objects.create(
        organisation=old, starts_on=date(2024, 2, 1), ends_on=date(2025, 5, 31)
    )
    for day, people in ((date(2024, 1, 1), 14), (date(2025, 1, 1), 1200)):
        HeadcountRecord.objects.create(organisation=heir, counted_on=day, people=people)
    hall = make_unit(heir, "Зал", starts_on=None)
    make_unit(heir, "Сцена", parent=hall, starts_on=None)
    make_unit(heir, "Буфет", starts_on=None)
    exported = export_file(subject="organisations", municipality=town).read()
    assert check(io.BytesIO(exported), town).work == []

    other = make_municipality("Луговой округ")
    Direction.objects.create(municipality=other, name="Культура", name_key="культура")
    plan = check(io.BytesIO(exported), other)
    assert problems(plan) == []
    load(plan, other)
    assert list(organisation_rows(municipality=other)) == list(organisation_rows(municipality=town))
    assert Unit.objects.get(organisation__municipality=other, name="Сцена").parent.name == "Зал"


def test_a_people_round_trip_loses_nothing(cast: Cast) -> None:
    town = cast.municipality
    gone = make_person(town, "Бывшая Нина", email="n@example.org", phone="8 (38400) 1-22-33 доб. 4")
    make_position(
        gone, cast.school, "Сторож", starts_on=date(2021, 2, 3), ends_on=date(2022, 1, 1), is_acting=True
    )
    make_position(gone, cast.kindergarten, "Сторож", starts_on=date(2022, 1, 2))
    make_person(town, "Ничей Олег Олегович")
    organisations = export_file(subject="organisations", municipality=town).read()
    people = export_file(subject="people", municipality=town).read()
    assert check(io.BytesIO(people), town, "people").work == []

    other = make_municipality("Луговой округ")
    Direction.objects.create(municipality=other, name="Образование", name_key="образование")
    load(check(io.BytesIO(organisations), other), other)
    plan = check(io.BytesIO(people), other, "people")
    assert problems(plan) == []
    load(plan, other)
    assert list(people_rows(municipality=other)) == list(people_rows(municipality=town))
    assert (
        Person.objects.filter(municipality=other).count() == Person.objects.filter(municipality=town).count()
    )


PEOPLE_HEAD = ["Код", "Фамилия", "Имя", "Отчество", "Код организации", "Должность", "Работает с", "и.о."]


def test_one_person_with_two_positions_is_one_person(cast: Cast) -> None:
    rows = [
        ["Н1", "Новая", "Зоя", "", cast.school.code, "Учитель", "01.09.2024", "да"],
        ["Н1", "Новая", "Зоя", "", cast.kindergarten.code, "Воспитатель", "01.10.2024", ""],
    ]
    plan = check(sheet(*rows, head=PEOPLE_HEAD), cast.municipality, "people")
    assert problems(plan) == []
    load(plan, cast.municipality)
    person = Person.objects.get(code="Н1")
    assert sorted(Position.objects.filter(person=person).values_list("title", "is_acting")) == [
        ("Воспитатель", False), ("Учитель", True),
    ]  # fmt: skip


def test_a_namesake_without_a_code_must_be_told_apart(cast: Cast) -> None:
    row = ["", "Тихонова", "Дарья", "Игоревна", cast.kindergarten.code, "Воспитатель", "01.09.2024", ""]
    plan = check(sheet(row, head=PEOPLE_HEAD), cast.municipality, "people")
    code = cast.people[Role.EMPLOYEE].code
    assert problems(plan) == [
        f"Строка 2, ячейка A2: Такой сотрудник уже есть, код {code}. "
        "Если это он, укажите его код; если однофамилец — дайте новый код."
    ]


def test_the_same_person_in_the_same_organisation_is_recognised_by_name(cast: Cast) -> None:
    row = ["", "ТИХОНОВА", "Дарья", "Игоревна", cast.school.code, "Завуч", "01.09.2024", ""]
    plan = check(sheet(row, head=PEOPLE_HEAD), cast.municipality, "people")
    assert (plan.count(CREATE), plan.count(CHANGE)) == (0, 1)
    load(plan, cast.municipality)
    assert cast.people[Role.EMPLOYEE].positions.count() == 2


def test_people_problems_name_their_cells(cast: Cast) -> None:
    plan = check(
        sheet(
            ["а", "Иванов2", "", "", "999", "Учитель", "01.09.2024", "может быть"],
            ["б", "Новый", "Олег", "", cast.school.code, "", "01.09.2024", ""],
            ["в", "Другой", "Олег", "", cast.school.code, "Учитель", "", ""],
            head=PEOPLE_HEAD,
        ),
        cast.municipality,
        "people",
    )
    said = problems(plan)
    for cell in ("B2", "C2", "E2", "H2", "F3", "G4"):
        assert any(f"ячейка {cell}:" in text for text in said), (cell, said)


def test_two_thousand_rows_of_organisations_come_in_whole(town: Municipality) -> None:
    rows = [
        [f"{n:05d}", "Учреждение", f"Учреждение № {n}", f"{n // 100 * 100:05d}" if n % 100 else None]
        for n in range(1, 2001)
    ]
    rows[0][3] = None
    for row in rows:
        row[3] = None if row[3] == "00000" else row[3]
    stream = sheet(*rows)
    load(check(stream, town), town)
    assert Organisation.objects.filter(municipality=town).count() == 2000


def test_two_thousand_rows_of_people_come_in_whole(cast: Cast) -> None:
    rows = [
        [
            f"Т{n}",
            f"Фамилия{'абвгдежзик'[n % 10]}",
            "Имя" + "ы" * (n % 7),
            "",
            cast.school.code,
            "Учитель",
            "01.09.2020",
            "",
        ]
        for n in range(2000)
    ]
    stream = sheet(*rows, head=PEOPLE_HEAD)
    load(check(stream, cast.municipality, "people"), cast.municipality)
    assert Position.objects.filter(organisation=cast.school, title="Учитель").count() == 2000


def test_a_load_that_dies_halfway_leaves_nothing(town: Municipality, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = check(sheet(["1", "Учреждение", "Школа"]), town)

    def dies(*args: Any, **kwargs: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gemba.organisation.actions.exchange.record", dies)
    with pytest.raises(KeyboardInterrupt):
        load(plan, town)
    assert not Organisation.objects.filter(municipality=town).exists()


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=40).map(
    lambda text: " ".join(f"Я{text}".split())
)


class RoundTrip(TestCase):
    """Whatever names, dates and headcounts there are, they come back."""

    @settings(max_examples=25)
    @given(
        st.lists(
            st.tuples(
                NAMES, NAMES, st.sampled_from(OrganisationKind.values), st.dates(date(1990, 1, 1), date(2026, 1, 1)),
                st.integers(0, 100_000), st.booleans(),
            ),
            min_size=1, max_size=6, unique_by=lambda row: row[0],
        )
    )  # fmt: skip
    def test_any_register_comes_back(self, rows: list[tuple[str, str, str, date, int, bool]]) -> None:
        one, other = make_municipality("Первый округ"), make_municipality("Второй округ")
        above = None
        for number, (name, short_name, kind, start, people, is_below) in enumerate(rows):
            made = make_organisation(
                one,
                f"{name} {number}",
                short_name=short_name,
                kind=kind,
                starts_on=start,
                parent=above if is_below else None,
            )
            HeadcountRecord.objects.create(organisation=made, counted_on=start, people=people)
            above = above or made
        exported = export_file(subject="organisations", municipality=one).read()
        assert check(io.BytesIO(exported), one).work == []
        plan = check(io.BytesIO(exported), other)
        assert problems(plan) == []
        load(plan, other)
        assert list(organisation_rows(municipality=other)) == list(organisation_rows(municipality=one))


def test_the_command_line_checks_and_loads(
    town: Municipality, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import argparse

    from gemba.organisation.cli import add_parser

    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    file = tmp_path / "организации.xlsx"
    file.write_bytes(sheet(["1", "Учреждение", "Школа"], ["2", "Завод", "Музей"]).read())

    def run(*line: str) -> int:
        options = parser.parse_args(["organisations", *line, "--municipality", town.code])
        return int(options.run(options))

    assert run("import", str(file), "--dry-run") == 1
    assert "Строка 3, ячейка B3" in capsys.readouterr().out
    assert run("import", str(file)) == 2
    assert not Organisation.objects.filter(municipality=town).exists()
    assert run("import", str(file), "--accept-good") == 0
    assert Organisation.objects.get(municipality=town).name == "Школа"
    out = tmp_path / "назад.xlsx"
    assert run("export", str(out)) == 0
    assert load_workbook(out)["Организации"]["C2"].value == "Школа"
    assert run("import", str(tmp_path / "нет.xlsx")) == 2
    town.code = "другой"
    assert run("export", str(out)) == 2
    assert "Округа с кодом «другой» нет" in capsys.readouterr().err
