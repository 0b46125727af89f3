"""Acts and the text of their documents: requisites, links between acts, clauses word for word."""

from __future__ import annotations

from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import Field, StringConstraints, field_validator

from gemba.regulations.pack.base import Code, Day, Ref, Refs, Strict, Text

ClauseNumber = Annotated[str, StringConstraints(pattern=r"^\S+$")]
Shows = Annotated[
    str,
    StringConstraints(
        pattern=r"^(plan|glossary|passport|report_form(:[a-z0-9_-]+)?|composition:[a-z0-9_-]+|procedure:[a-z0-9_-]+)$"
    ),
]


class Municipality(Strict):
    """Муниципалитет, чьё это положение."""

    code: Code
    """Латиницей; совпадает с именем папки: `belovo`."""
    name: Text
    """Полное имя: «Беловский городской округ»."""
    genitive: Text
    """В родительном падеже: «Беловского городского округа»."""
    short_name: Text
    """Короткое имя для узких мест: «Белово»."""
    region: Text
    """Субъект Российской Федерации."""
    time_zone: Text = "Europe/Moscow"

    @field_validator("time_zone")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError(f"часового пояса «{name}» нет: например, Europe/Moscow или Asia/Novokuznetsk")
        return name


class EditionHeader(Strict):
    """Редакция: с какого дня действует и что в ней изменилось."""

    code: Code | Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}-\d{2})?$")]
    """Имя файла без расширения: `2022-10-18`."""
    title: Text
    programme: Text
    """Программа: «Бережливый Кузбасс» на 2022–2024 годы."""
    years: Annotated[list[int], Field(min_length=1)]
    """Годы программы; в каждом из них строка плана обязана иметь целевое значение."""
    effective_on: Day
    """С какого дня редакция действует."""
    clause: Refs | None = None
    """Где сказано о вступлении в силу; пусто — не сказано."""
    is_draft: bool = False
    """Номер и дата акта в тексте не проставлены."""
    replaces: Text | None = None
    """Код редакции, которую эта заменяет."""
    changes: Text | None = None
    """Что изменилось по сравнению с прежней редакцией, словами."""
    interpretations: list[Code] = []


class Amendment(Strict):
    """Что акт меняет в другом акте."""

    act: Code
    what: Text
    clause: Refs


class Repeal(Strict):
    """Какой акт признан утратившим силу."""

    act: Code
    clause: Refs


class Parent(Strict):
    """Во исполнение чего издан акт."""

    act: Code
    point: Text | None = None
    """Пункт вышестоящего акта."""
    clause: Refs


class EntryIntoForce(Strict):
    """Когда акт вступает в силу."""

    rule: Literal["on_signing", "after_promulgation", "after_publication", "on_date", "not_stated"]
    text: Text
    clause: Refs | None = None


class Official(Strict):
    """Должность, на которую возложена обязанность; без имён людей."""

    position: Text
    clause: Refs


class PublicationPlace(Strict):
    """Где акт обнародуется или публикуется."""

    kind: Literal["stand", "site", "bulletin", "media"]
    place: Text
    by: Text | None = None
    """Кто размещает."""
    clause: Refs


class Act(Strict):
    """Акт: реквизиты, связи с другими актами, контроль, обнародование."""

    code: Code
    kind: Literal[
        "постановление",
        "распоряжение",
        "приказ",
        "решение",
        "положение",
        "программа",
        "закон",
        "стандарт",
        "методика",
        "стратегия",
        "федеральный проект",
        "устав",
        "иной акт",
    ]
    issuer: Text
    number: Text | None
    """Номер; пусто — в тексте не проставлен."""
    date: Day | None
    """Дата; пусто — в тексте не проставлена."""
    title: Text
    status: Literal["in_force", "repealed", "parent", "mentioned", "draft"]
    parent: Parent | None = None
    approves: list[Ref] = []
    """Документы, которые акт утверждает: коды документов."""
    amends: list[Amendment] = []
    repeals: list[Repeal] = []
    entry_into_force: EntryIntoForce | None = None
    control: Official | None = None
    """На какую должность возложен контроль за исполнением."""
    signed_by: Text | None = None
    """Должность подписавшего."""
    has_drafter: bool = False
    """В акте указаны исполнитель и его телефон (сами сведения в файл не вносятся)."""
    publication: list[PublicationPlace] = []
    interpretations: list[Code] = []


class Clause(Strict):
    """Пункт или часть пункта, слово в слово."""

    number: ClauseNumber | None = None
    """Номер, как в акте: `6.2` или `1)`; у абзаца и дефиса номера нет."""
    title: Text | None = None
    text: Text | None = None
    items: list[Clause] = []
    """Подпункты и абзацы пункта."""


class Section(Strict):
    """Раздел документа."""

    number: ClauseNumber | None = None
    title: Text | None = None
    shows: Shows | None = None
    """Что стоит здесь вместо текста и берётся из правил этого же файла: plan, glossary, passport, …"""
    clauses: list[Clause] = []


class Document(Strict):
    """Документ акта: положение, план, порядок, состав, форма."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
    """Латиницей, без пробелов; с него начинается адрес пункта: `polozhenie 6.2`."""
    title: Text
    short_title: Text
    """Как назвать в ссылке: «Положение», «Порядок оценки»."""
    kind: Literal[
        "act", "regulation", "plan", "procedure", "form", "composition", "checklist", "glossary", "other"
    ]
    act: Code
    attachment: Text | None = None
    """Чем приложен: «Приложение № 2 к постановлению»."""
    shows: Shows | None = None
    absent: Text | None = None
    """Почему текста нет: «в акте не приведён». У такого документа нет пунктов."""
    sections: list[Section] = []


class Interpretation(Strict):
    """Прочтение неясного места: что неясно, как читает программа и почему."""

    code: Code
    number: int | None = None
    """Номер в списке противоречий предметной области, если он там есть."""
    clause: Refs
    problem: Text
    reading: Text
    reason: Text
    status: Literal["settled", "open"]
    """`open` — решает муниципалитет; до решения действует `reading`."""
