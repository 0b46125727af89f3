"""The set for an information stand: sheets to print and hang, each with the day it was brought up to date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from gemba.documents.kinds import Field
from gemba.documents.paper import Column, Paper, Series, line_chart, on_fields
from gemba.kernel.numbers import format_date
from gemba.organisation.access import Actor
from gemba.projects.models import Evidence, Project
from gemba.projects.papers import story
from gemba.projects.papers.a3 import state_of
from gemba.projects.papers.fields import COMMON
from gemba.projects.papers.passport import PASSPORT, passport_context, write_passport

MAP_MM, PHOTO_MM = (262.0, 140.0), (122.0, 80.0)
CHART_MM, WIDE_CHART_MM = (128.0, 62.0), (230.0, 105.0)
MOST_MAPS, MOST_CHARTS, MOST_PHOTOS = 3, 4, 2
_PASSPORT_ONLY = [field for field in PASSPORT if field not in COMMON and field.name != "цели"]
_SAMPLE_PHOTO = line_chart(Series([]), width_mm=40, height_mm=30)

STAND = [
    *COMMON,
    *_PASSPORT_ONLY,
    Field(
        "цели",
        "Цели: как в паспорте и как вышло",
        [
            {
                "название": "Время выдачи, мин",
                "сейчас": "40",
                "нужно": "15",
                "было": "40",
                "план": "15",
                "стало": "14",
                "итог": "достигнута",
            }
        ],
    ),
    Field("состояние", "Состояние проекта", "Мониторинг результатов: в срок"),
    Field("обновлён", "День, на который составлен набор", "21.11.2026"),
    Field(
        "участники",
        "Участники с местом для фотографии",
        [{"имя": "Ёлкина Ольга Павловна", "участие": "хронометраж"}],
    ),
    *story.map_fields(*MAP_MM),
    story.PROBLEMS,
    Field(
        "мероприятия",
        "План мероприятий",
        [{**story.MEASURES.sample[0], "было": "Один стол", "стало": "Два стола"}],
    ),
    Field(
        "было_стало",
        "Что изменилось, словами",
        [{"мероприятие": "Второй стол", "было": "Один стол, очередь", "стало": "Два стола, очереди нет"}],
    ),
    Field("фото_было", "Снимки «было»", [_SAMPLE_PHOTO]),
    Field("фото_стало", "Снимки «стало»", [_SAMPLE_PHOTO]),
    story.chart_field(),
    Field("эффект", "Эффект в год", "Эффект в год: 104 ч, 36 400 руб."),
    Field("эффект_подтверждён", "Подтверждён ли эффект", "подтверждён"),
    Field("выводы", "Решение о закрытии и выводы", "Повторить в других школах."),
    story.POINTS,
]


def stand_context(project: Project, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return everything that hangs on the stand."""
    said = passport_context(project, actor, at)
    results = story.results(project, size_mm=CHART_MM, alone_mm=WIDE_CHART_MM, most=MOST_CHARTS)
    measures = story.measures(project)
    photos = list(project.evidence.filter(is_current=True, code="").order_by("pk"))
    return {
        **said,
        "состояние": state_of(project, actor),
        "обновлён": format_date(actor.today),
        "участники": [
            {"имя": said["заказчик"], "участие": "заказчик"},
            {"имя": said["руководитель"], "участие": "руководитель проекта"},
            *(
                {"имя": str(one.person), "участие": one.part or "участник команды"}
                for one in project.team.select_related("person").order_by("pk")
            ),
        ],
        **story.maps(project, width_mm=MAP_MM[0], height_mm=MAP_MM[1], most=MOST_MAPS),
        "проблемы": story.problems(project),
        "мероприятия": measures,
        "было_стало": [
            {name: one[name] for name in ("мероприятие", "было", "стало")}
            for one in measures
            if one["было"] or one["стало"]
        ],
        "фото_было": _photos(photos, "было"),
        "фото_стало": _photos(photos, "стало"),
        **story.effect_of(project),
        "выводы": project.closing_text,
        "стабильность": story.points(project),
        "графики": results["графики"],
        "цели": _both(said["цели"], results["цели"]),
    }


def _photos(rows: Sequence[Evidence], word: str) -> list[Any]:
    """Return pictures of the project whose title begins with the word."""
    own = [row for row in rows if row.title.strip().casefold().startswith(word)]
    return story.pictures_of(own, width_mm=PHOTO_MM[0], height_mm=PHOTO_MM[1], most=MOST_PHOTOS)


def _both(written: list[dict[str, Any]], measured: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join the goals of the passport with what was measured; before the approval there is nothing to join."""
    known = {one["название"]: one for one in measured}
    return [
        {
            "было": one["сейчас"],
            "план": one["нужно"],
            "стало": "ещё не измерено",
            "итог": "",
            **known.get(one["название"], {}),
            **one,
        }
        for one in written
    ]


def _write(paper: Paper) -> None:
    paper.footer("Проект «{{ проект }}». Обновлено {{ обновлён }}. За стенд отвечает {{ руководитель }}")
    _front(paper)
    paper.new_page()
    write_passport(paper)
    for title, pictures, files in (
        ("Карта текущего состояния", "карта_текущая", "файлы_текущей"),
        ("Карта целевого состояния", "карта_целевая", "файлы_целевой"),
    ):
        paper.new_page()
        _map(paper, title, pictures, files)
    paper.new_page()
    _plan(paper)
    paper.new_page()
    _progress(paper)
    paper.new_page()
    _was_became(paper)


def _front(paper: Paper) -> None:
    paper.text("{{ организация }}", align="center", size=14, before=6, after=10)
    paper.text("Проект", align="center", size=16)
    paper.text("«{{ проект }}»", align="center", bold=True, size=26, after=8)
    paper.text("{{ состояние }}", align="center", bold=True, size=14, after=8)
    width = paper.width_mm
    paper.condition("if приказ")
    paper.text("Команда создана: {{ приказ }}", align="center", after=4)
    paper.condition("endif")
    paper.table(
        [
            Column("Фото", 32, "center"),
            Column("Участник", width * 0.45),
            Column("Что делает", width * 0.55 - 32),
        ],
        each="строка in участники",
        row=["\n\n\n", "{{ строка.имя }}", "{{ строка.участие }}"],
        size=13,
    )


def _map(paper: Paper, title: str, pictures: str, files: str) -> None:
    paper.heading(title, before=0, after=6, size=16)
    paper.condition(f"for рисунок in {pictures}")
    paper.text("{{ рисунок }}", align="center", after=4)
    paper.condition("endfor")
    paper.condition(f"if not {pictures}")
    paper.text(
        f"{{% if {files} %}}Повесьте сюда карту: {{{{ {files} }}}}{{% else %}}Место для карты: её ещё нет{{% endif %}}",
        align="center",
        size=14,
        before=60,
        after=60,
    )
    paper.condition("endif")


def _plan(paper: Paper) -> None:
    paper.heading("Проблемы и план мероприятий", before=0, after=6, size=16)
    width = paper.width_mm
    paper.condition("if проблемы")
    paper.table(
        [
            Column("№", width * 0.05, "center"),
            Column("Проблема", width * 0.475),
            Column("Коренная причина", width * 0.475),
        ],
        each="строка in проблемы",
        row=["{{ строка.номер }}", "{{ строка.проблема }}", "{{ строка.причина }}"],
        size=12,
    )
    paper.text("", size=6)
    paper.condition("endif")
    paper.condition("if мероприятия")
    paper.table(
        [
            Column("№", width * 0.05, "center"),
            Column("Мероприятие", width * 0.37),
            Column("Ответственный", width * 0.17),
            Column("Срок", width * 0.11, "center"),
            Column("Ожидаемый результат", width * 0.17),
            Column("Состояние", width * 0.13),
        ],
        each="строка in мероприятия",
        row=[
            f"{{{{ строка.{name} }}}}"
            for name in ("номер", "мероприятие", "ответственный", "срок", "результат", "состояние")
        ],
        size=12,
    )
    paper.condition("else")
    paper.text("План ещё не составлен.", align="center", size=14, before=40)
    paper.condition("endif")


def _progress(paper: Paper) -> None:
    paper.heading("Показатели проекта", before=0, after=6, size=16)
    width = paper.width_mm
    paper.table(
        [
            Column("Показатель", width * 0.44),
            *(Column(word, width * 0.13, "center") for word in ("Было", "План", "Стало")),
            Column("Итог", width * 0.17, "center"),
        ],
        each="строка in цели",
        row=[f"{{{{ строка.{name} }}}}" for name in ("название", "было", "план", "стало", "итог")],
        size=13,
    )
    paper.condition("if графики")
    paper.text("{% for график in графики %}{{ график.рисунок }} {% endfor %}", before=6)
    paper.condition("else")
    paper.text("График появится после первого измерения.", italic=True, before=10)
    paper.condition("endif")
    paper.text(
        "{{ эффект }}{% if эффект_подтверждён %} ({{ эффект_подтверждён }}){% endif %}",
        bold=True,
        size=13,
        before=6,
    )


def _was_became(paper: Paper) -> None:
    paper.heading("Было — стало", before=0, after=6, size=16)
    width = paper.width_mm
    photos = paper.grid([width / 2, width / 2], count=2)
    for column, (word, name) in enumerate((("Было", "фото_было"), ("Стало", "фото_стало"))):
        paper.shade(photos.rows[0].cells[column])
        paper.inside(photos.rows[0].cells[column], size=13).text(word, align="center", bold=True)
        place = paper.inside(photos.rows[1].cells[column], size=12)
        place.condition(f"for снимок in {name}")
        place.text("{{ снимок }}", align="center", after=2)
        place.condition("endfor")
        place.condition(f"if not {name}")
        place.text("Место для снимка", align="center", before=60, after=60)
        place.condition("endif")
    paper.condition("if было_стало")
    paper.text("", size=6)
    paper.table(
        [Column("Мероприятие", width * 0.3), Column("Было", width * 0.35), Column("Стало", width * 0.35)],
        each="строка in было_стало",
        row=["{{ строка.мероприятие }}", "{{ строка.было }}", "{{ строка.стало }}"],
        size=12,
    )
    paper.condition("endif")
    paper.condition("if выводы")
    paper.text("{{ выводы }}", before=6)
    paper.condition("endif")
    paper.condition("if стабильность")
    paper.text(
        "{% for строка in стабильность %}Контроль {{ строка.точка }} ({{ строка.срок }}): {{ строка.итог }}. "
        "{% endfor %}",
        before=6,
    )
    paper.condition("endif")


stand_template = on_fields(
    _write, landscape=True, size=12, margins_mm=(15, 10, 10, 14), has_page_numbers=False
)
