"""Every macro draws, escapes what it is given, and stands in the gallery."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from django.template import engines
from jinja2.exceptions import UndefinedError
from markupsafe import Markup

from gemba.kernel.problems import Problem
from gemba.ui import engine, frame, icons, samples, small, vendor, views
from gemba.ui.tests.conftest import person

FILES = ("components", "forms", "tables", "boards", "charts")
PLACE = Path(engine.__file__).parent / "templates" / "ui"
EVIL = "<script>alert('x')</script>"


def draw(source: str, ask=None, **context) -> str:
    """Render a piece of a template that knows every macro."""
    names = {name: macros(name) for name in FILES}
    imports = "".join(
        f'{{% from "ui/{name}.html" import {", ".join(f"{m} as {m}_" if m == "form" else m for m in found)} %}}'
        for name, found in names.items()
    )
    request = ask(actor=person()) if ask else None
    return engines.all()[0].from_string(imports + source).render(context, request)


def macros(name: str) -> list[str]:
    text = (PLACE / f"{name}.html").read_text()
    return [
        found
        for found in re.findall(r"{%-? (?:macro (?=\w+\()|set (?=\w+ = small\.[a-z]))(\w+)", text)
        if not found.startswith("_")
    ]


def gallery(ask) -> str:
    return views.gallery(ask("/ui/gallery/", actor=person())).content.decode()


@pytest.mark.parametrize("file", FILES)
def test_the_gallery_shows_every_macro(file):
    shown = (PLACE / "gallery.html").read_text()
    inner = {"problems", "fields", "draw", "avatar", "sparkline", "field"}
    missing = [
        name
        for name in macros(file)
        if name not in inner and not re.search(rf"\b{name}(?: as \w+)?\b", shown)
    ]
    assert missing == []


def test_the_gallery_escapes_what_people_typed(ask):
    body = gallery(ask)
    assert "<script>alert(1)" not in body
    assert "&lt;script&gt;alert(1)" in body
    assert "ключей &lt;b&gt;" in body


def test_no_inline_style_or_script_anywhere(ask):
    body = gallery(ask)
    assert not re.search(r"\sstyle=", body)
    assert not re.search(r"<script(?![^>]*\ssrc=)", body)
    assert not re.search(r"\son\w+=", body)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', body)


def test_every_id_is_one_and_every_reference_leads_somewhere(ask):
    body = gallery(ask)
    ids = re.findall(r'\sid="([^"]+)"', body)
    assert sorted(ids) == sorted(set(ids))
    for attribute in ("for", "popovertarget", "aria-labelledby", "data-opens"):
        for wanted in re.findall(rf'\s{attribute}="([^"]+)"', body):
            assert wanted in ids, (attribute, wanted)
    for wanted in re.findall(r'aria-describedby="([^"]+)"', body):
        assert set(wanted.split()) <= set(ids), wanted


def test_an_icon_that_does_not_exist_is_an_error():
    with pytest.raises(ValueError, match="no icon 'нет'"):
        icons.icon("нет")


def test_every_icon_is_in_the_sprite():
    sprite = (PLACE.parents[1] / "static" / "ui" / "icons.svg").read_text()
    drawn = set(re.findall(r'symbol id="([\w-]+)"', sprite))
    asked = set()
    for path in PLACE.glob("*.html"):
        asked |= set(re.findall(r'icon(?:_name)?(?:\(|=|": )"([\w-]+)"', path.read_text()))
    assert asked
    assert asked <= drawn, asked - drawn


SAMPLES = {
    "button": "{{ button(evil, href=evil, icon_name='check') }}{{ button(evil, name=evil, value=evil, attrs={'title': evil}) }}",
    "act": "{{ act(evil, evil, fields={'a': evil}) }}",
    "badge": "{{ badge(evil, 'good') }}",
    "tag": "{{ tag(evil) }}{{ tag(evil, href=evil) }}",
    "card": "{% call card(evil, link_title=evil, link_url=evil, note=evil) %}{{ evil }}{% endcall %}",
    "page_header": "{% call page_header(evil, number=evil, state_title=evil, note=evil, who=evil) %}{{ evil }}{% endcall %}",
    "facts": "{{ facts([(evil, evil), ('пусто', none)]) }}",
    "key_value": "{{ key_value(evil, evil) }}",
    "timeline": "{{ timeline([{'title': evil, 'text': evil, 'who': evil, 'at': day}]) }}",
    "tabs": "{{ tabs([{'title': evil, 'url': evil}], label=evil) }}",
    "chips": "{{ chips([{'title': evil, 'url': evil, 'count': 2}], label=evil, target='rows') }}",
    "empty": "{{ empty(evil, evil, evil, evil) }}",
    "banner": "{{ banner(evil, 'bad', title=evil) }}",
    "clause": "{{ clause(evil, url=evil, act=evil, text=evil) }}{{ clause(evil, url=evil) }}{{ clause(evil) }}",
    "avatar": "{{ avatar(evil) }}",
    "person": "{{ person(evil, note=evil, url=evil) }}",
    "progress": "{{ progress(1, 2, evil, unit=evil) }}",
    "steps": "{{ steps([{'title': evil, 'state': 'current', 'url': evil}], label=evil) }}",
    "dialog": "{% call dialog('d', evil) %}{{ evil }}{% endcall %}",
    "menu": "{% call menu(evil) %}{{ evil }}{% endcall %}",
    "disclosure": "{% call disclosure(evil) %}{{ evil }}{% endcall %}",
    "error_summary": "{{ error_summary(sent) }}",
    "problems": "{{ problems(found) }}",
    "field": "{% for one in sent %}{{ field(one, unit=evil, suggest=[evil], search_url=evil) }}{% endfor %}",
    "draw": "{{ draw(field_view(sent['problem']), suffix='-again') }}",
    "fields": "{{ fields(sent) }}",
    "form": "{{ form_(sent, evil, cancel_url=evil, draft=evil) }}",
    "stale": "{{ stale(evil, none, [{'label': evil, 'theirs': evil, 'mine': evil}]) }}",
    "table": (
        "{% call(row) table(evil, [{'title': evil, 'sort': evil, 'hint': evil}], [{'pk': evil}], select='b', foot='') %}"
        "<td>{{ row.pk }}</td>{% endcall %}{% call(row) table(evil, [], [], empty_title=evil) %}{% endcall %}"
    ),
    "cell": "<table><tr>{{ cell(evil, href=evil, note=evil) }}</tr></table>",
    "paging": "{{ paging(evil, evil, evil, target='rows') }}",
    "filters": "{% call filters(evil, target=evil, submit=evil, label=evil) %}{{ evil }}{% endcall %}",
    "bulk": "{% call bulk('b', evil) %}{{ evil }}{% endcall %}",
    "board": (
        "{{ board([{'code': evil, 'title': evil, 'limit': 0, 'cards': [{'title': evil, 'url': evil, 'number': evil, "
        "'owner': evil, 'age': evil, 'state_title': evil, 'obstacle': evil, 'move_url': evil}]}], label=evil) }}"
    ),
    "metric": "{{ metric(evil, evil, unit=evil, target=evil, state_title=evil, trend=[1, 2], trend_words=evil, url=evil) }}",
    "calendar_list": "{{ calendar_list([{'on': day, 'items': [{'title': evil, 'url': evil, 'note': evil, 'state_title': evil}]}]) }}",
    "diff": "{{ diff(evil, evil) }}{{ diff(words=[('del', evil), ('ins', evil), ('same', evil)]) }}",
    "document": "{{ document(evil, file_url=evil, missing=[(evil, evil)]) }}",
    "line_chart": "{{ line_chart(evil, [evil, evil], [{'title': evil, 'values': [1, none]}], unit=evil, target=1, target_title=evil) }}",
    "bar_chart": "{{ bar_chart(evil, [{'title': evil, 'value': 1, 'url': evil, 'note': evil}], unit=evil, target=2, head=evil) }}",
    "column_chart": "{{ column_chart(evil, [evil], [1], unit=evil, target=1, target_title=evil) }}",
    "heat": "{{ heat(evil, [evil], [{'title': evil, 'url': evil, 'cells': [{'value': evil, 'word': evil, 'url': evil}, none]}], head=evil) }}",
    "sparkline": "{{ sparkline([1, none, 3], evil) }}",
    "funnel": "{{ funnel(evil, [{'title': evil, 'value': 2, 'url': evil}, {'title': evil, 'value': 0}], unit=evil) }}",
    "progress_ring": "{{ progress_ring(evil, 1, 2, note=evil) }}",
}


def test_every_macro_is_tried():
    assert set(SAMPLES) == {name for file in FILES for name in macros(file)}


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_macro_draws_and_escapes(name, ask):
    sent = samples.SampleForm({"problem": EVIL, "organisation": EVIL, "started_on": EVIL, "effect": EVIL})
    body = draw(
        SAMPLES[name],
        ask,
        evil=EVIL,
        day=date(2026, 11, 21),
        sent=sent,
        found=[Problem(EVIL, clause=EVIL, mend=EVIL)],
    )
    assert "<script" not in body
    assert "&lt;script&gt;" in body or name == "avatar"


def test_colour_never_stands_without_a_word_and_an_icon():
    body = draw("{{ badge('В срок', 'good') }}")
    assert "В срок" in body
    assert "#circle-check" in body


def test_a_table_row_names_its_columns_for_a_phone():
    body = draw(
        "{% call(row) table('Список', [{'title': 'Имя'}, {'title': 'Балл', 'kind': 'number'}], [1]) %}"
        "{{ cell('a', main=true) }}{{ cell('b', kind='number') }}{% endcall %}"
    )
    assert '<td data-label="Имя" class=" cell-main">' in body
    assert '<td data-label="Балл" class="num">' in body


def test_a_sorted_column_says_so():
    body = draw(
        "{% call(row) table('Список', [{'title': 'Имя', 'sort': '?s', 'sorted': 'down'}], [1]) %}<td>1</td>{% endcall %}"
    )
    assert 'aria-sort="descending"' in body


def test_a_field_keeps_what_was_typed_and_tells_the_error_at_its_place():
    sent = samples.SampleForm({"started_on": "31.02.2026", "kind": "time"})
    body = draw("{{ field(sent.started_on) }}{{ field(sent.kind) }}{{ error_summary(sent) }}", sent=sent)
    assert 'value="31.02.2026"' in body
    assert 'aria-invalid="true"' in body
    assert 'aria-describedby="id_started_on-hint id_started_on-error"' in body
    assert 'href="#id_started_on"' in body
    assert re.search(r'value="time"[^>]* checked', body)


def test_optional_is_marked_and_required_is_the_rule():
    form = samples.SampleForm()
    body = draw("{{ field(form.place) }}|{{ field(form.problem) }}", form=form)
    optional, required = body.split("|", 1)
    assert "необязательно" in optional
    assert " required" not in optional
    assert "необязательно" not in required
    assert " required" in required


def test_a_term_is_explained_and_an_unknown_one_stays_text(ask, monkeypatch):
    known = frame.Definition("Поток", "движение <всего>", "п. 1.3", "/reg/1.3/")
    monkeypatch.setitem(
        frame._providers, "glossary", lambda request: lambda text: known if text == "поток" else None
    )
    body = draw("{{ term('поток', 'потоком') }} {{ term('<i>') }}", ask)
    assert ">потоком</button>" in body
    assert "движение &lt;всего&gt;" in body
    assert 'href="/reg/1.3/"' in body
    assert "&lt;i&gt;" in body


def test_dates_near_and_far(ask):
    body = draw("{{ a | near }}|{{ b | near }}", ask, a=date(2026, 11, 22), b=date(2027, 3, 1))
    near, far = body.split("|")
    assert "завтра" in near
    assert "22.11.2026" in near
    assert "1\u00a0марта 2027 года" in far
    assert "01.03.2027" not in far


def test_money_and_percent():
    assert engine.money(12500) == "12\u202f500\u00a0₽"
    assert engine.money(None) == "—"
    assert draw("{{ 45.5 | percent }}") == "45,5\u00a0%"


def test_showing_a_missing_name_is_an_error_and_asking_about_it_is_not():
    assert draw("{{ 'да' if nothing else 'нет' }}{{ {}.url or 'пусто' }}") == "нетпусто"
    with pytest.raises(UndefinedError):
        draw("{{ nothing }}")


def test_initials():
    assert engine.initials("Ветрова Анна Павловна") == "ВА"
    assert engine.initials("  ") == "?"


def test_labels_go_only_into_cells():
    assert engine.labelled(Markup("<td>1</td><th>2</th><tdx>"), ["<А>", "Б"]) == (
        '<td data-label="&lt;А&gt;">1</td><th data-label="Б">2</th><tdx>'
    )


def test_vendored_files_are_those_of_the_manifest():
    assert vendor.check() == []
    for entry in json.loads(vendor.MANIFEST.read_text()):
        assert entry["version"]
        assert entry["licence"]


def test_a_card_of_a_board_escapes_what_was_written_and_nothing_else() -> None:
    card = {
        "title": "Срок <1 дня>", "url": "/1/", "number": "П-1", "state_title": "Просрочен", "state": "bad",
        "obstacle": "Нет & не будет", "owner": "А. Ким", "age": "3 дня",
    }  # fmt: skip
    drawn = small.board_card(card, Markup("<form></form>"))
    assert '<span class="muted small tabular">П-1</span><span class="badge badge-bad">' in drawn
    assert '<a href="/1/">Срок &lt;1 дня&gt;</a>' in drawn and "Нет &amp; не будет" in drawn
    assert drawn.count("&lt;") == 1 and "<form></form>" in drawn and 'draggable="true"' in drawn
    assert "draggable" not in small.board_card({"title": "Одно название"})
