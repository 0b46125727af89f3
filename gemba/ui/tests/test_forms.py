"""What people type: dates, numbers, texts; two people at one record."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from gemba.ui import forms


@pytest.mark.parametrize(
    "text",
    ["21.11.2026", "21.11.26", " 21/11/2026 ", "21-11-2026", "2026-11-21", "21 11 2026", "21.11.2026 г."],
)
def test_a_date_is_read_as_people_write_it(text):
    assert forms.parse_date(text) == date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "words"),
    [("31.02.2026", "Такого дня нет"), ("завтра", "не дата"), ("01.01.0206", "Проверьте год")],
)
def test_a_wrong_date_is_explained(text, words):
    with pytest.raises(ValidationError, match=words):
        forms.parse_date(text)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31)))
def test_a_shown_date_is_read_back(day):
    assert forms.DateField().clean(forms.DateWidget().format_value(day)) == day


def test_a_date_is_held_between_its_ends():
    field = forms.DateField(first=date(2026, 1, 1), last=date(2026, 12, 31))
    with pytest.raises(ValidationError, match="не раньше 01.01.2026"):
        field.clean("31.12.2025")
    with pytest.raises(ValidationError, match="не позже 31.12.2026"):
        field.clean("01.01.2027")


@pytest.mark.parametrize("text", ["12,5", "12.5", " 12,50 "])
def test_a_number_is_read_with_comma_or_point(text):
    assert forms.DecimalField().clean(text) == Decimal("12.5")


def test_groups_of_three_are_read():
    assert forms.DecimalField().clean("12\u202f500,5") == Decimal("12500.5")


def test_a_wrong_number_is_explained():
    with pytest.raises(ValidationError, match="не число"):
        forms.DecimalField().clean("много")
    with pytest.raises(ValidationError, match="Не меньше 0"):
        forms.DecimalField(min_value=0).clean("-1")
    with pytest.raises(ValidationError, match="целое"):
        forms.WholeField().clean("1,5")
    assert forms.WholeField().clean("40") == 40


def test_a_text_is_cleaned_and_its_length_explained():
    assert forms.TextField().clean(" a\r\nb\x00\x07 ") == "a\nb"
    with pytest.raises(ValidationError, match="Не длиннее 5 знаков"):
        forms.TextField(max_length=5).clean("длинный текст")


class Record(forms.VersionedForm):
    title = forms.TextField(label="Название")
    due_on = forms.DateField(label="Срок", required=False)


def test_the_version_goes_out_and_comes_back():
    assert Record(version=3)["version"].value() == 3
    form = Record({"version": "3", "title": "x"})
    assert form.is_valid()
    assert form.cleaned_data["version"] == 3


def test_a_form_without_its_version_is_refused():
    assert "Откройте запись заново" in str(Record({"title": "x"}).errors["version"])


def test_both_writings_are_shown_and_the_second_sending_knows():
    form = Record(QueryDict("version=3&title=Моё&due_on=15.12.2026"))
    assert form.is_valid()
    found = form.differences({"title": "Чужое", "due_on": date(2026, 12, 15)})
    assert found == [forms.Difference("Название", "Чужое", "Моё")]
    form.refresh(4)
    assert form["version"].value() == "4"
    assert form["title"].value() == "Моё"


def test_hints_and_cards():
    field = forms.ChoiceField(choices=[("a", "А")], hints={"a": "первая"}, as_cards=True)
    assert isinstance(field.widget, django_forms.RadioSelect)
    with pytest.raises(ValidationError, match="Выберите из списка"):
        field.clean("б")
