"""The passport as it is filled in: one form by parts or whole; unfinished is kept, nonsense is named."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet

from gemba.kernel.numbers import parse_number
from gemba.organisation.models import Direction, Organisation, Person
from gemba.projects.forms.fields import ColleagueField, PlaceField
from gemba.projects.forms.lines import GoalForm, GroundForm, Lenient, MemberForm, PlaceForm
from gemba.projects.models import Project
from gemba.projects.objects import recognise
from gemba.projects.queries.settings import Acts
from gemba.projects.rules.passport import (
    GoalLine,
    GroundLine,
    MemberLine,
    Passport,
)
from gemba.projects.rules.stages import Days
from gemba.ui.forms import ChoiceField, DateField, TextField, VersionedForm

STEPS = {"general": "Общие данные", "reason": "Обоснование", "goals": "Цели и эффекты", "dates": "Сроки"}
EXTRA = 2
# What approval needs.
ASKED = (
    "title",
    "organisation",
    "customer",
    "leader",
    "aim",
    "process",
    "start_event",
    "end_event",
    "justifications",
)
MOST_ROWS = 30


class NewForm(forms.Form):
    """The first question: what is the project called and whose is it."""

    title = TextField(
        label="Название проекта",
        max_length=300,
        help_text="Что улучшаем: «Сокращение времени выдачи справок». Позже можно изменить.",
    )

    def __init__(self, *args: Any, municipality_id: int, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = PlaceField(
            municipality_id=municipality_id,
            open_on=today,
            label="Организация",
            help_text="Где идёт процесс. Название или код.",
        )


class PassportForm(Lenient, VersionedForm):
    """The plain fields of a step; the lines stand beside as sets of small forms."""

    def __init__(
        self,
        *args: Any,
        project: Project,
        acts: Acts,
        people: QuerySet[Person],
        step: str,
        today: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.project, self.acts, self.step, self.today = project, acts, step, today
        self.people = people
        passport = project.passport
        town = project.municipality_id
        if step in ("general", "all"):
            self._general(passport, acts, people, town)
        if step in ("reason", "all"):
            self.fields["justifications"] = TextField(
                label="Обоснование",
                rows=6,
                required=False,
                max_length=8000,
                help_text="Каждое с новой строки, лучше с цифрами: «За год 1200 обращений, ждут в среднем 40 минут».",
            )
        if step in ("goals", "all"):
            self.fields["is_baseline_unsure"] = forms.BooleanField(
                label="Текущий показатель уточним после картирования",
                required=False,
                help_text="Тогда после второго этапа понадобится новая редакция паспорта.",
            )
            self.fields["effects"] = TextField(
                label="Эффекты",
                rows=4,
                required=False,
                max_length=5000,
                help_text="Что получат люди и организация.",
            )
        if step in ("dates", "all"):
            for kind in acts.stages:
                if kind.is_period:
                    self.fields[f"start_{kind.number}"] = DateField(
                        label=f"Этап {kind.number}, с", required=False
                    )
                self.fields[f"end_{kind.number}"] = DateField(
                    label=f"Этап {kind.number}, {'по' if kind.is_period else 'дата'}", required=False
                )
        if step == "all":
            self.order_fields(["version"])
        self.ask_for(*ASKED, *(name for name in self.fields if name[-1].isdigit()))
        self.initial = {**self.initial, **self._initial(passport)}
        self.sets = self._sets(passport, people, town)

    def _general(self, passport: Passport, acts: Acts, people: QuerySet[Person], town: int) -> None:
        self.fields["title"] = TextField(
            label="Название проекта",
            max_length=300,
            required=False,
            help_text="Что улучшаем, без слова «проект».",
        )
        self.fields["organisation"] = PlaceField(
            municipality_id=town, label="Организация", required=False, help_text="Где идёт процесс."
        )
        self.fields["customer"] = ColleagueField(
            found=people,
            label="Заказчик",
            required=False,
            help_text="Руководитель, который утверждает паспорт. Не руководитель проекта.",
        )
        self.fields["leader"] = ColleagueField(
            found=people,
            label="Руководитель проекта",
            required=False,
            help_text="Ведёт проект по этапам и отвечает за отчёт. Не заказчик.",
        )
        self.fields["process_owner"] = ColleagueField(
            found=people,
            label="Владелец процесса",
            required=False,
            help_text="Проверит стабильность после закрытия. Если не назвать — заказчик.",
        )
        self.fields["direction"] = forms.ModelChoiceField(
            queryset=Direction.objects.filter(municipality_id=town, is_active=True).order_by("name"),
            label="Направление",
            required=False,
            empty_label="По организации",
            help_text="Сфера, в которой проект попадёт в отчёт и рейтинг.",
        )
        self.fields["aim"] = ChoiceField(
            label="Вид по цели",
            choices=acts.aims,
            required=False,
            help_text="Сокращаем время и потери или меняем услугу, изучив, что нужно людям.",
        )
        self.fields["scale"] = ChoiceField(
            label="Вид по участникам",
            choices=[("", "Не выбран"), *acts.scales],
            required=False,
            help_text="Свои сотрудники, несколько учреждений или разные сферы.",
        )
        if acts.objects:
            self.fields["object_kind"] = ChoiceField(
                label="Предмет", choices=[("", "Не выбран"), *acts.objects], required=False
            )
        self.fields["process"] = TextField(
            label="Процесс",
            rows=2,
            max_length=1000,
            required=False,
            help_text="Один процесс, одним предложением.",
        )
        self.fields["start_event"] = TextField(
            label="Процесс начинается, когда",
            max_length=500,
            required=False,
            help_text="Например: заявитель подал заявление.",
        )
        self.fields["end_event"] = TextField(
            label="Процесс заканчивается, когда",
            max_length=500,
            required=False,
            help_text="Например: справка выдана.",
        )
        self.fields["team_order"] = TextField(
            label="Приказ о команде",
            max_length=300,
            required=False,
            help_text="Номер и дата: «Приказ от 02.09.2026 № 33-о».",
        )

    def _initial(self, passport: Passport) -> dict[str, Any]:
        values: dict[str, Any] = dict(passport.as_json())
        values["organisation"] = Organisation.objects.filter(pk=passport.organisation_id or 0).first()
        for name in ("customer", "leader", "process_owner"):
            values[name] = Person.objects.filter(pk=getattr(passport, f"{name}_id") or 0).first() or ""
        values["direction"] = passport.direction_id
        values["justifications"] = "\n".join(passport.justifications)
        for number, one in passport.days().items():
            values[f"start_{number}"], values[f"end_{number}"] = one.start, one.end
        return {name: values[name] for name in self.fields if name in values}

    def _sets(self, passport: Passport, people: QuerySet[Person], town: int) -> dict[str, list[forms.Form]]:
        data: Any = self.data if self.is_bound else None
        sets: dict[str, list[forms.Form]] = {}

        def rows(name: str, make: Any, initial: list[dict[str, Any]]) -> None:
            count = len(initial) + EXTRA
            if data is not None:
                sent = data.get(f"{name}-count", "")
                count = (
                    min(int(sent), MOST_ROWS)
                    if sent.isascii() and sent.isdigit() and len(sent) < 4
                    else count
                )
                count += EXTRA if f"add_{name}" in data else 0
            initial = initial + [{}] * max(0, count - len(initial))
            sets[name] = [
                make(data, prefix=f"{name}-{number}", initial=initial[number])
                for number in range(min(count, MOST_ROWS))
            ]

        if self.step in ("general", "all"):
            found = Person.objects.in_bulk([one.person_id for one in passport.team])
            rows(
                "team",
                lambda *a, **k: MemberForm(*a, people=people, **k),
                [{"person": found.get(one.person_id, ""), "part": one.part} for one in passport.team],
            )
            places = Organisation.objects.in_bulk([int(one["id"]) for one in passport.participants])
            rows(
                "places",
                lambda *a, **k: PlaceForm(*a, municipality_id=town, **k),
                [{"place": places.get(int(one["id"]), "")} for one in passport.participants],
            )
        if self.step in ("reason", "all"):
            rows(
                "grounds",
                lambda *a, **k: GroundForm(*a, acts=self.acts, **k),
                [{"code": one.code, "object_title": one.object_title} for one in passport.grounds],
            )
        if self.step in ("goals", "all"):
            rows(
                "goals",
                GoalForm,
                [
                    {**one.__dict__, "baseline": one.values[0], "target": one.values[1]}
                    for one in passport.goals
                ],
            )
        return sets

    def is_valid(self) -> bool:
        """Check the plain fields and every line."""
        lines = [form.is_valid() for group in self.sets.values() for form in group]
        return super().is_valid() and all(lines)

    @property
    def line_errors(self) -> list[str]:
        """Return what is wrong in the lines, for the summary."""
        names = {"team": "Команда", "places": "Участники", "grounds": "Основания", "goals": "Цели"}
        return [
            f"{names[name]}, строка {number}: {error}"
            for name, group in self.sets.items()
            for number, form in enumerate(group, start=1)
            if form.is_bound
            for errors in form.errors.values()
            for error in errors
        ]

    def passport_values(self) -> dict[str, Any]:
        """Return what this step says of the passport, by its names."""
        data = self.cleaned_data
        values: dict[str, Any] = {
            name: data[name] or ""
            for name in (
                "title",
                "aim",
                "scale",
                "object_kind",
                "process",
                "start_event",
                "end_event",
                "team_order",
                "effects",
            )
            if name in data
        }
        if "title" in values:
            values["title"] = values["title"] or self.project.title
            values["aim"] = values["aim"] or "lean"
        for name in ("organisation", "customer", "leader", "process_owner", "direction"):
            if name in data:
                record = data[name]
                values[f"{name}_id"], values[f"{name}_name"] = (
                    (record.pk, str(record)) if record else (None, "")
                )
        if "organisation_id" in values and values["organisation_id"] is None:
            values["organisation_id"], values["organisation_name"] = (
                self.project.organisation_id,
                str(self.project.organisation),
            )
        if "justifications" in data:
            values["justifications"] = [
                line.strip() for line in data["justifications"].splitlines() if line.strip()
            ]
        if "is_baseline_unsure" in data:
            values["is_baseline_unsure"] = data["is_baseline_unsure"]
        values |= self._line_values()
        return values

    def _line_values(self) -> dict[str, Any]:
        values: dict[str, Any] = {}
        if "team" in self.sets:
            rows = [form.cleaned_data for form in self.sets["team"]]
            values["team"] = [
                MemberLine(row["person"].pk, str(row["person"]), row["part"]) for row in rows if row["person"]
            ]
            rows = [form.cleaned_data for form in self.sets["places"]]
            values["participants"] = [
                {"id": row["place"].pk, "name": str(row["place"])} for row in rows if row["place"]
            ]
        if "grounds" in self.sets:
            values["grounds"] = [
                self._ground(form.cleaned_data)
                for form in self.sets["grounds"]
                if form.cleaned_data.get("code")
            ]
        if "goals" in self.sets:
            values["goals"] = [
                GoalLine(
                    key=row["key"],
                    title=row["title"],
                    unit=row["unit"],
                    better=row["better"] or "less",
                    kind=row["kind"] or "time",
                    baseline=_text(row["baseline"]),
                    target=_text(row["target"]),
                )
                for row in (form.cleaned_data for form in self.sets["goals"])
                if row["title"] or row["baseline"] is not None or row["target"] is not None
            ]
        return values

    def _ground(self, row: Mapping[str, Any]) -> GroundLine:
        kind = next((one for one in self.acts.grounds if one.code == row["code"]), None)
        title = row["object_title"].strip()
        before = next(
            (
                one
                for one in self.project.passport.grounds
                if one.code == row["code"] and one.object_title == title
            ),
            None,
        )
        line = GroundLine(
            code=row["code"],
            text=kind.text if kind else dict(_USUAL_GROUNDS).get(row["code"], row["code"]),
            clause=kind.clause if kind else "",
            links_to=kind.links_to if kind else "",
            object_title=title,
            proposal_id=before.proposal_id if before else None,
            project_id=before.project_id if before else None,
        )
        ref, written = recognise(self.project.municipality_id, self.today, title)
        if ref:
            line.object_title = written
            code, _, key = ref.partition(":")
            if code == "proposal":
                line.proposal_id = int(key)
            elif code == "project":
                line.project_id = int(key) if int(key) != self.project.pk else None
            else:
                line.object_ref = ref
        return line

    def days(self) -> list[Days]:
        """Return the days as typed; a stage of one day has both ends equal."""
        found = []
        for kind in self.acts.stages:
            end = self.cleaned_data.get(f"end_{kind.number}")
            start = self.cleaned_data.get(f"start_{kind.number}") if kind.is_period else end
            found.append(Days(kind.number, start, end))
        return found


_USUAL_GROUNDS = (("other", "Решение руководителя"), ("proposal", "Предложение по улучшению"))


def _text(value: Any) -> str:
    return "" if value is None else format(parse_number(str(value)).normalize(), "f")
