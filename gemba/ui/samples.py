"""Invented content of the component gallery: every component in every state, with long names and with nothing."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms as django_forms
from markupsafe import Markup

from gemba.ui import forms, uploads

LONG = (
    "Муниципальное бюджетное дошкольное образовательное учреждение "
    "«Детский сад комбинированного вида № 14 «Рябинка»"
)
TODAY = date(2026, 11, 21)


class SampleForm(django_forms.Form):
    """A form with a field of every kind."""

    problem = forms.TextField(
        label="Что мешает работать",
        rows=4,
        max_length=2000,
        help_text="Одним-двумя предложениями: где, что происходит, сколько времени теряется.",
    )
    place = forms.TextField(label="Где это происходит", max_length=120, required=False)
    kind = forms.ChoiceField(
        label="Вид улучшения",
        as_cards=True,
        choices=[("time", "Экономит время"), ("money", "Экономит деньги"), ("people", "Удобнее людям")],
        hints={"time": "Ожидание, поиск, лишние шаги", "people": "Посетителям или сотрудникам"},
    )
    organisation = forms.ChoiceField(
        label="Организация",
        choices=[("", "Выберите"), ("1", LONG), ("2", "Управление образования")],
        help_text="Где предложение внедрят.",
    )
    started_on = forms.DateField(label="Внедрить к", help_text="Например, 21.12.2026.", required=False)
    effect = forms.DecimalField(label="Экономия времени", unit="мин. на обращение", required=False)
    areas = django_forms.MultipleChoiceField(
        label="Кого касается",
        choices=[("kids", "Дети и родители"), ("staff", "Сотрудники"), ("other", "Другие ведомства")],
        widget=django_forms.CheckboxSelectMultiple,
        required=False,
    )
    photo = uploads.UploadField(label="Снимок «до»", kinds=uploads.PICTURES, megabytes=10, required=False)
    is_anonymous = django_forms.BooleanField(label="Не показывать моё имя в каталоге", required=False)


def gallery() -> dict[str, Any]:
    """Give the gallery its content."""
    return {
        "long": LONG,
        "sample_today": TODAY,
        "form": SampleForm(initial={"kind": "time", "effect": Decimal("12.5")}),
        "wrong": SampleForm(
            {
                "problem": "<script>alert(1)</script> печать справки занимает 40 минут",
                "started_on": "31.02.2026",
                "effect": "много",
            }
        ),
        "form_states": _states(),
        "menu_tabs": _tabs(),
        "events": _events(),
        "columns": _columns(),
        "rows": _rows(),
        "board": _board(),
        "days": _days(),
        "heat_rows": _heat(),
        "differences": [forms.Difference("Срок", "01.12.2026", "15.12.2026")],
        "months": ["янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"],
        "lines": [
            {"title": "Подано", "values": [12, 18, 22, 31, 28, 40, 37, 45, 52, 61, 58, None]},
            {"title": "Внедрено", "values": [2, 6, 9, 14, 15, 19, 24, 26, 33, 35, 41, None]},
        ],
        "bars": [
            {"title": LONG, "value": 41, "state": "good", "url": "#chart", "note": ""},
            {"title": "Управление образования", "value": 27, "state": "warn"},
            {"title": "Центр культуры", "value": 9, "state": "bad"},
            {"title": "Архив", "value": None},
        ],
        "funnel": [
            {"title": "Подано", "value": 240},
            {"title": "Принято", "value": 172},
            {"title": "Внедрено", "value": 118},
            {"title": "Тиражировано", "value": 12},
        ],
        "words": [("same", "Отчёт сдаётся "), ("del", "до 5"), ("ins", "до 10"), ("same", " числа месяца.")],
    }


def _states() -> list[tuple[str, str]]:
    return [
        ("good", "В срок"),
        ("warn", "Под угрозой"),
        ("bad", "Просрочено"),
        ("info", "На рассмотрении"),
        ("neutral", "Черновик"),
    ]


def _tabs() -> list[dict[str, Any]]:
    titles = [("Все", 128), ("Ждут меня", 4), ("Мои", 12), ("Внедрённые", 96)]
    return [
        {"title": title, "url": "#tabs", "count": count, "is_current": title == "Ждут меня"}
        for title, count in titles
    ]


def _events() -> list[dict[str, Any]]:
    return [
        {
            "title": "Внедрено",
            "at": datetime(2026, 11, 20, 14, 5),  # noqa: DTZ001
            "who": "Ветрова Анна Павловна",
            "icon": "circle-check",
            "state": "good",
        },
        {
            "title": "Возвращено с замечаниями",
            "text": "Не указано, кто отвечает за внедрение.\nДополните до 18 ноября.",
            "at": date(2026, 11, 12),
            "who": "Северов Илья Маркович",
            "icon": "arrow-back-up",
            "state": "warn",
        },
        {"title": "Подано", "at": date(2026, 11, 10), "who": "Лугова Мария Сергеевна", "icon": "send"},
    ]


def _columns() -> list[dict[str, str]]:
    return [
        {"title": "Предложение", "sort": "?sort=title"},
        {"title": "Состояние"},
        {"title": "Подано", "kind": "date", "sort": "?sort=date", "sorted": "down"},
        {"title": "Экономия", "kind": "number", "hint": "мин. в месяц"},
    ]


def _rows() -> list[dict[str, Any]]:
    return [
        {
            "pk": 1,
            "title": "Убрать второй экземпляр журнала выдачи ключей <b>",
            "note": LONG,
            "state": ("good", "Внедрено"),
            "on": date(2026, 11, 20),
            "value": Decimal("12500.5"),
        },
        {
            "pk": 2,
            "title": "Единая форма заявки на ремонт",
            "note": "Управление образования",
            "state": ("bad", "Ответ просрочен"),
            "on": date(2026, 10, 2),
            "value": Decimal("340"),
        },
        {
            "pk": 3,
            "title": "Очередь по времени",
            "note": "Многофункциональный центр",
            "state": ("info", "На рассмотрении"),
            "on": date(2026, 11, 21),
            "value": None,
        },
    ]


def _board() -> list[dict[str, Any]]:
    cards = [
        {
            "title": "Карта текущего состояния процесса «Приём в детский сад»",
            "number": "№ 14",
            "owner": "Ветрова А. П.",
            "age": "3 дня",
            "state": "warn",
            "state_title": "Срок завтра",
            "url": "#board",
            "move_url": "/ui/gallery/",
        },
        {
            "title": "Хронометраж",
            "number": "№ 15",
            "owner": "Лугова М. С.",
            "age": "1 день",
            "obstacle": "Нет доступа к журналу",
            "move_url": "/ui/gallery/",
        },
    ]
    third = {**cards[1], "title": "Анкета родителей", "number": "№ 16", "obstacle": ""}
    return [
        {"code": "todo", "title": "Надо", "limit": None, "cards": [third]},
        {"code": "doing", "title": "Делаем", "limit": 1, "cards": cards},
        {"code": "check", "title": "Проверяем", "limit": 3, "cards": []},
        {"code": "done", "title": "Сделано", "limit": None, "cards": []},
    ]


def _days() -> list[dict[str, Any]]:
    clause = Markup('<span class="clause">п. 4.3 Положения</span>')
    return [
        {
            "on": TODAY,
            "items": [
                {
                    "title": "Отчёт за III квартал",
                    "url": "#calendar",
                    "note": "Управление образования",
                    "state": "bad",
                    "state_title": "Просрочен",
                    "clause": clause,
                }
            ],
        },
        {
            "on": date(2026, 12, 1),
            "items": [
                {"title": "Самооценка", "note": "Напоминание 20.11.2026", "clause": clause},
                {"title": "Заседание рабочей группы", "state": "info", "state_title": "Назначено"},
            ],
        },
    ]


def _heat() -> list[dict[str, Any]]:
    def one(value: float, state: str, word: str) -> dict[str, Any]:
        return {"value": value, "state": state, "word": word}

    done, late, near = ("good", "выполнено"), ("bad", "не выполнено"), ("warn", "рядом")
    return [
        {
            "title": "Обучено сотрудников, %",
            "url": "#heat",
            "cells": [one(12, *late), one(31, *near), one(44, *done), None],
        },
        {"title": "Внедрено предложений", "cells": [one(18, *done), one(22, *done), one(21, *done), None]},
    ]
