"""Word search: the same answers on both databases, true after every change of the table."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, models

from gemba.kernel.words import normalise
from gemba.search.fields import WordsField
from gemba.search.indexes import after_migrate
from gemba.search.queries import any_question, matching, question, similar

pytestmark = pytest.mark.django_db(transaction=True)

TEXTS = [
    "Предложение по улучшению приёма граждан",
    "Карта процесса: учёт предложений",
    "План обучения муниципальных служащих на 2026 год",
    "Планирование ремонта дорог, 5С",
    "Щиток с ключами у вахты, уголки для документов",
]


class Note(models.Model):
    """A table of this test."""

    text = models.TextField()
    words = WordsField()

    class Meta:
        app_label = "search"


class Remark(models.Model):
    """A table that leads to the notes."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE)

    class Meta:
        app_label = "search"


@pytest.fixture(autouse=True)
def notes() -> Iterator[None]:
    with connection.schema_editor() as editor:
        editor.create_model(Note)
        editor.create_model(Remark)
    after_migrate(apps.get_app_config("search"), using="default")
    Note.objects.bulk_create([Note(text=text, words=normalise(text)) for text in TEXTS])
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(Remark)
        editor.delete_model(Note)


def asked(words: str) -> list[int]:
    """Return the same by the question of a statement written once."""
    written = question(Note, words)
    if not words.strip():
        return found(words)
    rows = Note.objects.filter(words__asked=written) if written else Note.objects.none()
    return [TEXTS.index(note.text) for note in rows.order_by("pk")]


def found(words: str) -> list[int]:
    """Return the numbers, from 0, of the texts found."""
    return [TEXTS.index(note.text) for note in matching(Note.objects.order_by("pk"), words)]


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("предложения", [0, 1]),
        ("ПРЕДЛОЖЕНИЯМИ улучшений", [0]),
        ("учет", [1]),
        ("учёт предложений", [1]),
        ("прием граждан", [0]),
        ("план", [2, 3]),
        ("планы обуч", [2]),
        ("2026", [2]),
        ("202", [2]),
        ("5с", [3]),
        ("дорога ремонт", [3]),
        ("собака", []),
        ("план собака", []),
        ("щитки", [4]),
        ("ключи от щитка", []),
        ("щитков ключами", [4]),
        ("уголок", [4]),
        ("документы уголок", [4]),
        ("уголк", [4]),
        ("щит", [4]),
        ("", [0, 1, 2, 3, 4]),
        ("  ", [0, 1, 2, 3, 4]),
        ("!?", []),
    ],
)
def test_words_are_found_in_any_form(words: str, numbers: list[int]) -> None:
    assert found(words) == asked(words) == numbers


@pytest.mark.parametrize(
    "words", ['"', "'", "план' | 'x", 'план" OR "x', "план:*", "NOT план", "(план", "план\\", "%", "\x00план"]
)
def test_signs_of_the_query_languages_are_only_text(words: str) -> None:
    assert set(found(words)) <= {2, 3}


def test_the_index_follows_every_change() -> None:
    note = Note.objects.get(text=TEXTS[3])
    note.words = normalise("закупка бумаги")
    note.save()
    assert found("дорога") == [] and found("бумага") == [3]
    Note.objects.filter(pk=note.pk).update(words=normalise("вывоз мусора"))
    assert found("бумага") == [] and found("мусор") == [3]
    note.delete()
    assert found("мусор") == []


def test_a_search_joins_and_combines_with_other_filters() -> None:
    for note in Note.objects.order_by("pk"):
        Remark.objects.create(note=note)
    remarks = matching(Remark.objects.all(), "предложения", "note__words")
    assert remarks.count() == 2
    assert matching(Note.objects.exclude(text=TEXTS[0]), "предложения").count() == 1
    assert Note.objects.exclude(words__matching="предложения").count() == 3


def test_a_remade_table_finds_again_after_migrate() -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for trigger in ("added", "removed", "changed"):
                cursor.execute(f"DROP TRIGGER search_note_words_found__{trigger}")
    else:
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX search_note_words_found")
    Note.objects.create(text="Вывоз мусора", words=normalise("Вывоз мусора"))
    after_migrate(apps.get_app_config("search"), using="default")
    assert matching(Note.objects.all(), "мусор").count() == 1


def test_keeping_an_index_twice_changes_nothing() -> None:
    after_migrate(apps.get_app_config("search"), using="default")
    assert found("предложения") == [0, 1]


def test_the_question_uses_the_index() -> None:
    if connection.vendor != "postgresql":
        assert "VIRTUAL TABLE INDEX" in matching(Note.objects.all(), "план").explain()
        return
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        try:
            assert "search_note_words_found" in matching(Note.objects.all(), "план").explain()
        finally:
            cursor.execute("RESET enable_seqscan")


def test_similar_texts_come_with_the_most_shared_words_first() -> None:
    texts = [
        note.text for note in similar(Note.objects.all(), "Улучшения процесса приёма: предложения граждан")
    ]
    assert texts == [TEXTS[0], TEXTS[1]]
    assert similar(Note.objects.all(), "и на по") == []
    assert len(similar(Note.objects.all(), "предложение", limit=1)) == 1


def test_any_of_several_stems_is_one_question() -> None:
    rows = Note.objects.filter(words__asked=any_question(Note, ["учет", "дорог"]))
    assert [TEXTS.index(note.text) for note in rows.order_by("pk")] == [1, 3]
    assert question(Note, "!!!") == ""
