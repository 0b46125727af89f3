"""What was sent: facts by hand, entries of the journal, readings of rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from gemba.kernel.periods import Quarter
from gemba.organisation.models import Organisation, Person
from gemba.organisation.rules import name_key
from gemba.plan.kinds import Asks, Kind
from gemba.plan.models import JournalEntry, ReportRow
from gemba.plan.reporting import REQUIRED, Column, Remark
from gemba.ui.forms import ChoiceField, DateField, DecimalField, TextField, WholeField
from gemba.ui.uploads import SHEETS, UploadField

DASH = " — "


class OrganisationField(forms.CharField):
    """An organisation named by its code: «004 — Школа № 1»; the code alone or the exact name is enough too."""

    search_name = "organisation:organisation_options"

    def __init__(self, *, found: QuerySet[Organisation], **kwargs: Any) -> None:
        self.found = found
        kwargs.setdefault("max_length", 600)
        kwargs.setdefault("error_messages", {"required": "Начните вводить и выберите из подсказок."})
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Write an organisation as a person reads it."""
        return f"{value.code}{DASH}{value}" if isinstance(value, Organisation) else value

    def clean(self, value: Any) -> Any:
        """Find the organisation.

        :raises ValidationError: when there is none, or it is not the person's.
        """
        text = super().clean(value)
        return self.one(text) if text else None

    def one(self, text: str) -> Organisation:
        """Find one organisation by what was typed.

        :raises ValidationError: when there is none, or it is not the person's.
        """
        found = self.found.filter(code=text.partition(DASH)[0].strip()).first()
        if found is None:
            same = list(self.found.filter(name_key=name_key(text))[:2])
            found = same[0] if len(same) == 1 else None
        if found is None:
            raise ValidationError(
                f"«{text[:80]}»: такой организации нет среди тех, за которые вы вносите данные. "
                "Введите часть названия и выберите из подсказок."
            )
        return found


class LinkField(TextField):
    """An address of a document: http or https."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=500, **kwargs)

    def clean(self, value: Any) -> str:
        """Read the address.

        :raises ValidationError: when it is not one.
        """
        text = str(super().clean(value)).strip()
        if text and not text.lower().startswith(("http://", "https://")):
            raise ValidationError("Адрес начинается с http:// или https://.")
        if " " in text:
            raise ValidationError("В адресе не бывает пробелов.")
        return text


class FactForm(forms.Form):
    """The value of a row that nothing feeds."""

    organisation: forms.Field

    def __init__(
        self,
        *args: Any,
        organisations: QuerySet[Organisation],
        is_date: bool,
        unit: str,
        may_whole: bool,
        for_units: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if for_units:
            self.fields["organisation"] = OrganisationField(
                found=organisations,
                label="Организация",
                required=not may_whole,
                help_text="Пусто — значение по всему округу." if may_whole else "",
            )
        if is_date:
            self.fields["on"] = DateField(label="Когда сделано")
        else:
            self.fields["value"] = DecimalField(
                label="Значение с начала года", unit=unit, max_digits=14, decimal_places=4,
                help_text="Нарастающим итогом с 1 января.",
            )  # fmt: skip
        self.fields["evidence"] = TextField(
            label="Подтверждение",
            rows=2,
            max_length=500,
            help_text="Вид, дата и номер документа или где он лежит.",
        )
        self.fields["link"] = LinkField(label="Ссылка на документ")


class EntryForm(forms.Form):
    """An event of the journal; the kind decides what is asked."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        kind: Kind,
        organisations: QuerySet[Organisation],
        all_organisations: QuerySet[Organisation],
        projects: QuerySet[JournalEntry],
        years: list[int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.all_organisations = kind, all_organisations
        add = self.fields.__setitem__
        add("organisation", OrganisationField(found=organisations, label="Организация"))
        add("on", DateField(label=kind.day))
        if kind.has(Asks.UNTIL):
            add("ends_on", DateField(label="До какого дня", required=False, help_text="Пусто — по сей день."))
        if kind.has(Asks.QUARTER):
            quarters = [Quarter(year, number) for year in years for number in (1, 2, 3, 4)]
            choices = [("", "Выберите"), *((one.key, one.label) for one in quarters)]
            add("quarter", ChoiceField(label="За какой квартал", choices=choices))
        if kind.has(Asks.YEAR):
            choices = [("", "По дате"), *((str(year), f"{year} год") for year in years)]
            add("year", ChoiceField(label="План какого года", choices=choices, required=False))
        add("title", TextField(label=kind.subject, max_length=500))
        if kind.has(Asks.PROJECT):
            choices = [
                ("", "Выберите"),
                *((str(one.pk), f"{one.title} ({one.on:%d.%m.%Y})") for one in projects),
            ]
            add("of", ChoiceField(label="Какой проект тиражирован", choices=choices))
            self.projects = {str(one.pk): one for one in projects}
        if kind.has(Asks.PEOPLE):
            add(
                "people",
                TextField(
                    label="Кто", rows=5, max_length=20_000, required=not kind.has(Asks.COUNT),
                    help_text="По одному человеку в строке: фамилия, имя, отчество.",
                ),
            )  # fmt: skip
        if kind.has(Asks.COUNT):
            add("count", WholeField(label=kind.count, min_value=0, max_value=10_000, required=False))
        if kind.has(Asks.PARTNERS):
            add(
                "partners",
                TextField(
                    label="Другие участники проекта", rows=3, max_length=10_000, required=False,
                    help_text="По одной организации в строке: код или название из реестра.",
                ),
            )  # fmt: skip
        if kind.has(Asks.MARK):
            add("is_marked", forms.BooleanField(label=kind.mark, required=False))
        add(
            "document",
            TextField(
                label="Документ", max_length=300, required=kind.needs_document, help_text="Вид, дата, номер."
            ),
        )
        add("link", LinkField(label="Ссылка на документ"))

    def clean_people(self) -> list[str]:
        """Read one person a line."""
        return [line for line in self.cleaned_data["people"].splitlines() if line.strip()]

    def clean_partners(self) -> list[Organisation]:
        """Read one organisation a line.

        :raises ValidationError: naming the line that is not in the register.
        """
        field = OrganisationField(found=self.all_organisations)
        lines = self.cleaned_data["partners"].splitlines()
        return [field.one(line.strip()) for line in lines if line.strip()]

    def clean_quarter(self) -> Quarter | None:
        """Read the quarter."""
        year, _, number = self.cleaned_data["quarter"].partition("-")
        return Quarter(int(year), int(number)) if year else None

    def clean_year(self) -> int | None:
        """Read the year."""
        return int(self.cleaned_data["year"]) if self.cleaned_data["year"] else None

    def clean_of(self) -> JournalEntry | None:
        """Find the project."""
        return self.projects.get(self.cleaned_data["of"])


class ReasonForm(forms.Form):
    """Why an entry no longer counts."""

    reason = TextField(label="Почему запись не считается", rows=2, max_length=300)


class AllowForm(forms.Form):
    """A quota of one unit, or its exemption."""

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = OrganisationField(found=organisations, label="Организация")
        self.fields["what"] = ChoiceField(
            label="Что разрешить",
            as_cards=True,
            choices=[("quota", "Квота меньше цели"), ("exempt", "Освободить на год")],
            hints={"quota": "Сравнивается с квотой; 0 — квоты не было"},
        )
        self.fields["value"] = WholeField(label="Квота", min_value=0, max_value=10_000, required=False)
        self.fields["reason"] = TextField(label="Причина и основание", rows=2, max_length=300)

    def clean(self) -> dict[str, Any]:
        """Ask for the quota when it is a quota."""
        data = super().clean() or {}
        if data.get("what") == "quota" and data.get("value") is None and "value" not in self.errors:
            self.add_error("value", "Введите квоту; 0 — квоты не было.")
        return data


class ReadingForm(forms.Form):
    """How a row is read."""

    def __init__(self, *args: Any, indicators: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["counts"] = ChoiceField(label="Что считается", choices=indicators)
        self.fields["scope"] = ChoiceField(
            label="Для кого цель",
            as_cards=True,
            choices=[
                ("per_unit", "Для каждого исполнителя"),
                ("municipality", "Для округа в целом"),
                ("both", "Видны оба прочтения"),
            ],
            hints={"both": "Состояние строки — по округу, рядом видно, кто достиг цели сам"},
        )
        self.fields["reason"] = TextField(
            label="Почему так", rows=3, max_length=500, help_text="Кто решил и чем это подтверждено."
        )


class MeasureForm(forms.Form):
    """What to do, who, until when."""

    def __init__(
        self, *args: Any, people: QuerySet[Person], first: date, needs_cause: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if needs_cause:
            self.fields["cause"] = TextField(label="Почему отстаёт", rows=2, max_length=500)
        self.fields["text"] = TextField(label="Что сделать", rows=3, max_length=1000)
        self.fields["responsible"] = PersonField(found=people, label="Кто отвечает")
        self.fields["due_on"] = DateField(label="До какого дня", first=first)


class MoveForm(forms.Form):
    """More time for a measure."""

    due_on = DateField(label="Новый срок")
    reason = TextField(label="Почему", rows=2, max_length=300)


class DoneForm(forms.Form):
    """What was done."""

    report = TextField(
        label="Что сделано", rows=3, max_length=1000, help_text="И каким документом подтверждено."
    )
    link = LinkField(label="Ссылка на документ")


class WhyForm(forms.Form):
    """Why something comes back."""

    reason = TextField(label="Чего не хватает", rows=2, max_length=300)


class PersonField(forms.CharField):
    """A person named as in the register: «p12 — Фамилия Имя Отчество»."""

    search_name = "organisation:person_options"

    def __init__(self, *, found: QuerySet[Person], **kwargs: Any) -> None:
        self.found = found
        super().__init__(
            max_length=400,
            error_messages={"required": "Начните вводить фамилию и выберите из подсказок."},
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        """Write a person as people read it."""
        return f"{value.code}{DASH}{value}" if isinstance(value, Person) else value

    def clean(self, value: Any) -> Any:
        """Find the person.

        :raises ValidationError: when there is none.
        """
        text = str(super().clean(value) or "")
        found = self.found.filter(code=text.partition(DASH)[0].strip()).first()
        if found is None:
            same = list(self.found.filter(name_key=name_key(text))[:2])
            found = same[0] if len(same) == 1 else None
        if found is None:
            raise ValidationError("Такого сотрудника нет. Введите часть фамилии и выберите из подсказок.")
        return found


class LinkExecutorForm(forms.Form):
    """Which organisation an executor of the act is."""

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = OrganisationField(found=organisations, label="Организация реестра")


class RowForm(forms.Form):
    """One project of the report: a field for each column of the form."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    HINTS = {
        "opened_year": "Четыре цифры, например 2026.",
        "closed_on": "Месяц и год, например 09.26. Пусто, пока проект открыт.",
        "passport_link": "Адрес или реквизиты. Для нового проекта обязательно.",
        "significance": "Пусто, если оценки ещё не было.",
    }

    def __init__(self, *args: Any, columns: Sequence[Column], stages: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for column in columns:
            if column.code == "stage" and stages:
                chosen = str((self.initial or {}).get("stage") or "")
                choices = [("", "Выберите"), *((one, one) for one in stages)]
                if chosen and chosen not in stages:
                    choices.append((chosen, chosen))
                field: forms.Field = ChoiceField(label=column.title, choices=choices)
            else:
                field = TextField(
                    label=column.title, max_length=500, required=column.code in REQUIRED,
                    help_text=self.HINTS.get(column.code, ""),
                )  # fmt: skip
            self.fields[column.code] = field

    def cells(self) -> dict[str, str]:
        """Return what was typed, by column."""
        return {name: str(value or "") for name, value in self.cleaned_data.items() if name != "version"}


class AnalyticalForm(forms.Form):
    """Words of the analytical information that a person may write instead of the computed ones."""

    conclusion = TextField(
        label="Вывод", rows=6, max_length=6000, required=False,
        help_text="Составлен по данным: поправьте своими словами. Пустой — снова станет составленным по данным.",
    )  # fmt: skip
    further = TextField(
        label="Что ещё сказать", rows=6, max_length=6000, required=False,
        help_text="Предложения, лучшие практики, планы на следующий период. Станет отдельным абзацем.",
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class ReturnForm(forms.Form):
    """Remarks to a report: one to the whole, one to a cell of each row."""

    text = TextField(label="Замечание ко всему отчёту", rows=2, max_length=500, required=False)

    def __init__(
        self, *args: Any, rows: Sequence[ReportRow], columns: Sequence[Column], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.row_ids = [row.pk for row in rows]
        choices = [("", "вся строка"), *((column.code, column.title) for column in columns)]
        for row in rows:
            name = row.cells.get("project") or f"строка {row.ordinal}"
            self.fields[f"column-{row.pk}"] = ChoiceField(
                label=f"{name}: графа", choices=choices, required=False
            )
            self.fields[f"text-{row.pk}"] = TextField(
                label=f"{name}: замечание", max_length=500, required=False
            )

    def remarks(self) -> list[Remark]:
        """Return what was remarked."""
        data = self.cleaned_data
        found = [Remark(data["text"])]
        found += [Remark(data[f"text-{pk}"], pk, data[f"column-{pk}"]) for pk in self.row_ids]
        return [remark for remark in found if remark.text.strip()]


class ReportFileForm(forms.Form):
    """A spreadsheet with the form."""

    # An old .xls is known by the container that an old Word document has too.
    file = UploadField(label="Таблица с отчётом", kinds=(*SHEETS, "doc"), megabytes=10)


class CommentForm(forms.Form):
    """A word to the report that goes to the head of the organisation."""

    comment = TextField(label="Пояснение к отчёту", rows=2, max_length=1000, required=False)
