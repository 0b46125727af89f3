"""The small pieces drawn in Python say the same as the templates and Django would."""

import pytest
from django.urls import NoReverseMatch, reverse, set_script_prefix

from gemba.ui import engine, small

VIEWS = [("organisation:organisation", "pk"), ("proposals:card", "pk"), ("regulations:calendar", "year")]


@pytest.mark.parametrize(("view", "name"), VIEWS)
@pytest.mark.parametrize("number", [0, 7, 2026, 10**12])
def test_the_short_way_to_an_address_gives_what_django_gives(view, name, number):
    expected = reverse(view, args=[number])
    assert engine.url(view, number) == expected
    assert engine.url(view, **{name: number}) == expected


def test_an_address_knows_under_which_path_the_product_stands():
    engine.url("organisation:organisation", 1)
    set_script_prefix("/lean/")
    try:
        assert engine.url("organisation:organisation", 1) == "/lean/organisations/1/"
    finally:
        set_script_prefix("/")


@pytest.mark.parametrize("arguments", [((1,), {}), ((), {"nobody": 1})])
def test_a_view_or_a_name_that_does_not_exist_is_an_error(arguments):
    args, kwargs = arguments
    view = "organisation:organisation" if kwargs else "organisation:nowhere"
    with pytest.raises(NoReverseMatch):
        engine.url(view, *args, **kwargs)


def test_a_badge_of_an_unknown_state_is_an_error():
    with pytest.raises(KeyError):
        small.badge("В срок", "purple")


def test_a_cell_keeps_ready_html_and_escapes_the_rest():
    assert small.cell(small.badge("Да", "good")).startswith('<td class=""><span class="badge badge-good">')
    assert small.cell("<b>", href='"x', note="<i>") == (
        '<td class=""><a href="&#34;x">&lt;b&gt;</a><span class="cell-note">&lt;i&gt;</span></td>'
    )
