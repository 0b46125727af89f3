"""Forms of the acts on a project."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from gemba.kernel.numbers import format_date
from gemba.organisation.models import Person
from gemba.projects.documents import KINDS
from gemba.projects.forms.fields import ColleagueField, PlaceField
from gemba.projects.models import (
    Decision,
    DefenceKind,
    EffectKind,
    Frequency,
    Goal,
    MeasureKind,
    MeasureState,
    Portfolio,
    Stage,
)
from gemba.projects.rules.stages import seen_of
from gemba.projects.rules.states import Outcome, Verb
from gemba.ui.forms import (
    ChoiceField,
    DateField,
    DecimalField,
    Difference,
    TextField,
    VersionedForm,
    WholeField,
)
from gemba.ui.uploads import UploadField

REASON = 5000


def _reason(label: str = "Причина", required: bool = True, hint: str = "") -> TextField:
    return TextField(label=label, rows=3, max_length=REASON, required=required, help_text=hint)


class VerbForm(forms.Form):
    """What one verb of the table asks."""

    def __init__(
        self,
        *args: Any,
        verb: Verb,
        people: QuerySet[Person],
        municipality_id: int,
        stages: list[Stage],
        today: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        add = self.fields
        if verb is Verb.SEND:
            add["note"] = _reason("Пояснение заказчику", required=False)
        elif verb is Verb.RETURN:
            add["reason"] = _reason("Что исправить", hint="Руководитель проекта получит этот текст сразу.")
        elif verb is Verb.RECALL:
            add["reason"] = _reason(required=False)
        elif verb is Verb.FORWARD:
            add["on"] = DateField(label="Этап завершён", last=today, initial=today)
        elif verb is Verb.BACK:
            add["number"] = ChoiceField(
                label="На какой этап", choices=[(str(one.number), str(one)) for one in stages]
            )
            add["reason"] = _reason()
        elif verb is Verb.CLOSE:
            add["outcome"] = ChoiceField(
                label="Итог",
                as_cards=True,
                choices=[(one.value, one.title) for one in (Outcome.SUCCESS, Outcome.PARTIAL)],
            )
            add["on"] = DateField(label="Дата закрытия", last=today, initial=today)
            add["text"] = _reason(
                "Решение и выводы", required=False, hint="Что получилось, что повторить в других местах."
            )
        elif verb is Verb.REASSIGN:
            add["customer"] = ColleagueField(found=people, label="Новый заказчик", required=False)
            add["leader"] = ColleagueField(found=people, label="Новый руководитель проекта", required=False)
            add["organisation"] = PlaceField(
                municipality_id=municipality_id, open_on=today, label="Новая организация", required=False
            )
            add["reason"] = _reason(hint="Например: уволен, учреждение присоединено. Реквизиты акта.")
        elif verb is Verb.RESUME:
            add["reason"] = _reason("Пояснение", required=False)
        elif verb is not Verb.APPROVE:
            add["reason"] = _reason(hint="Останется в истории проекта и в журнале действий.")


class DaysForm(forms.Form):
    """Days that others may move meanwhile: sends back those that were shown."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(
        self, *args: Any, seen: tuple[date | None, date | None] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if seen is not None:
            self.initial["seen"] = seen_of(*seen)
        self.fields["seen"].error_messages["required"] = "Откройте сроки заново: в форме нет прежних дат."

    def differences(self, start: date | None, end: date | None) -> list[Difference]:
        """Compare the days that stand now with those that were sent, and let the person send again."""
        sent: Any = self.data
        data = sent.copy()
        data["seen"] = seen_of(start, end)
        self.data = data
        found = []
        for name, theirs in (("start", start), ("end", end)):
            mine = self.cleaned_data.get(name)
            if name in self.fields and mine != theirs:
                found.append(
                    Difference(
                        str(self[name].label), format_date(theirs) or "пусто", format_date(mine) or "пусто"
                    )
                )
        return found


class ForecastForm(DaysForm):
    """When a stage will really end."""

    start = DateField(label="Начало по прогнозу", required=False)
    end = DateField(label="Окончание по прогнозу")
    moves_following = forms.BooleanField(
        label="Сдвинуть следующие этапы на столько же рабочих дней",
        required=False,
        help_text="Длительность этапов сохранится. Согласованный план не меняется.",
    )
    reason = _reason("Причина отставания", required=False, hint="Обязательна, если прогноз позже плана.")


class ShiftForm(DaysForm):
    """When a project will be closed."""

    end = DateField(
        label="Закрытие по прогнозу",
        help_text="На столько же рабочих дней сдвинутся все незавершённые этапы, их длительность сохранится. "
        "Согласованный план не меняется.",
    )
    reason = _reason("Причина отставания", required=False, hint="Обязательна, если прогноз позже плана.")
    # The chart of many projects from which the person came, with its filters.
    back = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)


class MoveForm(DaysForm):
    """When a line of the roadmap will be done."""

    start = DateField(label="Начало", required=False)
    end = DateField(label="Срок")
    moves_following = forms.BooleanField(
        label="Сдвинуть на столько же рабочих дней и строки, которые ждут эту", required=False
    )


class ReasonForm(forms.Form):
    """A text that explains."""

    def __init__(
        self, *args: Any, label: str = "Причина", name: str = "reason", required: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields[name] = _reason(label, required)


class FileForm(forms.Form):
    """A file as evidence."""

    title = TextField(label="Что это", max_length=200, required=False)
    file = UploadField(label="Файл", kinds=KINDS)


class MeasureForm(VersionedForm):
    """A line of the plan of measures."""

    kind = ChoiceField(label="Что это", choices=MeasureKind.choices)
    problem = TextField(label="Проблема", rows=2, max_length=2000, required=False)
    root_cause = TextField(
        label="Первопричина", rows=2, max_length=2000, required=False, help_text="Последнее «почему»."
    )
    title = TextField(label="Что сделать", max_length=300)
    starts_on = DateField(label="Начало", required=False)
    due_on = DateField(label="Срок", required=False)
    expected = TextField(label="Ожидаемый результат", rows=2, max_length=2000, required=False)
    resources = TextField(label="Ресурсы", max_length=1000, required=False)
    follows = TextField(
        label="После каких строк", max_length=100, required=False, help_text="Номера через запятую: 1, 3."
    )

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].required = False
        self.fields["responsible"] = ColleagueField(found=people, label="Ответственный", required=False)
        order = ["version", "title", "kind", "problem", "root_cause", "responsible", "starts_on", "due_on"]
        self.order_fields([*order, "expected", "resources", "follows"])

    def clean_follows(self) -> list[int]:
        """Read numbers of lines.

        :raises ValidationError: when a part is no number.
        """
        parts = [
            part.strip(" №")
            for part in self.cleaned_data["follows"].replace(";", ",").split(",")
            if part.strip()
        ]
        if any(not (part.isascii() and part.isdigit() and len(part) < 6) for part in parts):
            raise forms.ValidationError("Введите номера строк через запятую: 1, 3.")
        return [int(part) for part in parts]


class MarkForm(forms.Form):
    """How far a measure has come."""

    state = ChoiceField(label="Состояние", choices=MeasureState.choices, as_cards=True)
    on = DateField(label="Когда выполнено", required=False)
    evidence = TextField(
        label="Подтверждение",
        rows=2,
        max_length=2000,
        required=False,
        help_text="Документ с номером, где лежит снимок, что изменилось.",
    )
    was = TextField(label="Было", rows=2, max_length=2000, required=False)
    became = TextField(label="Стало", rows=2, max_length=2000, required=False)
    reason = _reason("Почему снято", required=False)


class WeekForm(forms.Form):
    """The weekly look at the plan."""

    text = TextField(label="Что сделано и что решили", rows=4, max_length=REASON)
    obstacles = TextField(label="Что мешает", rows=3, max_length=REASON, required=False)


class DefenceForm(forms.Form):
    """A defence with its decision; remarks one a line: «текст; фамилия или код; срок»."""

    kind = ChoiceField(label="Перед кем", choices=DefenceKind.choices, as_cards=True)
    held_on = DateField(label="Дата")
    place = TextField(label="Где", max_length=300, required=False)
    decision = ChoiceField(label="Решение", choices=Decision.choices, as_cards=True)
    decided_by = TextField(
        label="Кто принял решение", max_length=300, help_text="Фамилия, имя, отчество и должность."
    )
    text = _reason("Обсуждение и причины", required=False)
    attended = TextField(
        label="Кто присутствовал",
        rows=2,
        max_length=REASON,
        required=False,
        help_text="Войдёт в протокол. Подставлены заказчик, руководитель и команда: поправьте, как было.",
    )

    def __init__(self, *args: Any, people: QuerySet[Person], rows: int = 3, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for number in range(1, rows + 1):
            self.fields[f"remark_{number}"] = TextField(
                label=f"Замечание {number}", rows=2, max_length=2000, required=False
            )
            self.fields[f"who_{number}"] = ColleagueField(found=people, label="Ответственный", required=False)
            self.fields[f"due_{number}"] = DateField(label="Срок", required=False)
        # The customer decides from a phone: what is asked of him comes first, what is known already last.
        asked = [f"{name}_{number}" for number in range(1, rows + 1) for name in ("remark", "who", "due")]
        self.order_fields(["kind", "decision", *asked, "text", "decided_by", "held_on", "place", "attended"])

    def remarks(self) -> list[tuple[str, Person | None, Any]]:
        """Return the remarks that were written."""
        data = self.cleaned_data
        found = [(data[f"remark_{n}"], data[f"who_{n}"], data[f"due_{n}"]) for n in range(1, self.rows + 1)]
        return [row for row in found if row[0].strip()]


class MeasurementForm(forms.Form):
    """A measured value."""

    on = DateField(label="Дата измерения")
    value = DecimalField(label="Значение", max_digits=14, decimal_places=4)
    how = TextField(label="Как измеряли", max_length=300, required=False)


class FinalForm(forms.Form):
    """The final value of a goal."""

    value = DecimalField(label="Итоговое значение", max_digits=14, decimal_places=4)
    reason = _reason("Почему цель не достигнута", required=False, hint="Нужно, если итог хуже цели.")


class EffectForm(forms.Form):
    """An effect: only the fields of the chosen kind are read."""

    kind = ChoiceField(
        label="В чём эффект",
        choices=EffectKind.choices,
        as_cards=True,
        hints={"time": "минуты × как часто × сколько людей", "money": "рублей в год"},
    )
    minutes = DecimalField(
        label="Минут экономится за раз", required=False, unit="мин", max_digits=8, decimal_places=2
    )
    times = DecimalField(label="Сколько раз", required=False, max_digits=8, decimal_places=2)
    frequency = ChoiceField(label="Как часто", choices=[("", "Выберите"), *Frequency.choices], required=False)
    people = WholeField(label="У скольких людей", required=False, min_value=1, max_value=10_000_000)
    money = DecimalField(label="Рублей в год", required=False, unit="₽", max_digits=14, decimal_places=2)
    before = DecimalField(
        label="Удовлетворённость до",
        required=False,
        unit="%",
        max_digits=5,
        decimal_places=2,
        min_value=0,
        max_value=100,
    )
    after = DecimalField(
        label="Удовлетворённость после",
        required=False,
        unit="%",
        max_digits=5,
        decimal_places=2,
        min_value=0,
        max_value=100,
    )
    text = TextField(label="Пояснение", rows=3, max_length=2000, required=False)


class PointForm(forms.Form):
    """A control point: a value for every goal."""

    on = DateField(label="Дата проверки")

    def __init__(self, *args: Any, goals: list[Goal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goals = goals
        for goal in goals:
            self.fields[f"value_{goal.pk}"] = DecimalField(
                label=f"{goal.title}, {goal.unit}", max_digits=14, decimal_places=4, unit=goal.unit
            )
        self.fields["text"] = _reason("Вывод", required=False)
        self.fields["corrective"] = _reason("Что сделать, если результат ухудшился", required=False)

    def values(self) -> dict[int, Any]:
        """Return the values by goal."""
        return {goal.pk: self.cleaned_data[f"value_{goal.pk}"] for goal in self.goals}


class PortfolioForm(VersionedForm):
    """A portfolio."""

    title = TextField(label="Название портфеля", max_length=200)
    purpose = TextField(label="Зачем он", rows=3, max_length=2000, required=False)
    is_active = forms.BooleanField(label="Действует", required=False, initial=True)

    def __init__(self, *args: Any, municipality_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].required = False
        self.fields["organisation"] = PlaceField(
            municipality_id=municipality_id,
            label="Чей портфель",
            required=False,
            help_text="Пусто — всего округа.",
        )
        self.order_fields(["version", "title", "organisation", "purpose", "is_active"])


class ChoosePortfolioForm(forms.Form):
    """Which portfolio a project belongs to."""

    def __init__(self, *args: Any, municipality_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = Portfolio.objects.filter(municipality_id=municipality_id, is_active=True).order_by("title")
        self.fields["portfolio"] = forms.ModelChoiceField(
            queryset=found, label="Портфель", required=False, empty_label="Без портфеля"
        )


class RulesForm(forms.Form):
    """What the municipality decides for itself."""

    yellow_days = WholeField(label="За сколько рабочих дней этап желтеет", min_value=0, max_value=60)
    approval_days = WholeField(label="Срок согласования паспорта, рабочих дней", min_value=1, max_value=60)
    measurements_needed = WholeField(
        label="Сколько измерений по каждой цели после внедрения", min_value=1, max_value=50
    )
    tolerance_percent = WholeField(
        label="На сколько результат может отступить", unit="%", min_value=0, max_value=100
    )
    stability_months = TextField(
        label="Контроль стабильности через, месяцев", max_length=60, help_text="Через запятую: 3, 6, 12."
    )
    is_partial_counted = forms.BooleanField(label="Закрытый частично считается реализованным", required=False)

    def clean_stability_months(self) -> tuple[int, ...]:
        """Read the months.

        :raises ValidationError: when a part is no number.
        """
        parts = [part.strip() for part in self.cleaned_data["stability_months"].split(",") if part.strip()]
        if any(not (part.isascii() and part.isdigit() and len(part) < 3) for part in parts):
            raise forms.ValidationError("Введите числа через запятую: 3, 6, 12.")
        return tuple(int(part) for part in parts)


class PresentationForm(forms.Form):
    """Where the presentation lies."""

    url = forms.URLField(
        label="Ссылка на презентацию",
        max_length=500,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "Введите адрес целиком, например https://…"},
    )
