"""What each act asks: as little as its rule needs."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from gemba.organisation.models import Person
from gemba.proposals.forms.fields import ColleagueField, PhotosField
from gemba.proposals.rules.states import TABLE, Verb
from gemba.ui.forms import DateField, TextField

_REASONS = {
    Verb.RETURN: ("Что уточнить", "Автор ответит, и предложение вернётся к вам."),
    Verb.ANSWER: ("Ваш ответ", ""),
    Verb.REJECT: ("Почему отклонено", "Автор прочтёт эти слова и сможет обжаловать один раз."),
    Verb.APPEAL: ("С чем вы не согласны", "Предложение рассмотрит комиссия. Обжаловать можно один раз."),
    Verb.POSTPONE: ("Почему отложено", ""),
    Verb.CANCEL: ("Почему снимаете", "Автор получит эти слова."),
    Verb.REWORK: ("Что не сделано", ""),
}


class ActForm(forms.Form):
    """The common part: the reason, obligatory where the table says so, with ready answers beside."""

    def __init__(self, *args: Any, verb: Verb, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = TABLE[verb]
        label, hint = _REASONS.get(verb, ("Примечание", ""))
        if verb in _WITH_PERSON:
            name, title = _WITH_PERSON[verb]
            self.fields[name] = ColleagueField(found=people, label=title, required=False)
        if verb in _WITH_DAY:
            name, title, hint_of_day = _WITH_DAY[verb]
            is_asked = verb in (Verb.POSTPONE, Verb.IMPLEMENT)
            self.fields[name] = DateField(label=title, required=is_asked, help_text=hint_of_day)
        if verb is Verb.DUPLICATE:
            self.fields["original"] = TextField(
                label="Номер предложения, которое повторяется",
                max_length=20,
                help_text="Например, 2026-0017.",
            )
        if verb is Verb.IMPLEMENT:
            self.fields["before"] = PhotosField(label="Было", help_text="Снимки до изменений.")
            self.fields["after"] = PhotosField(label="Стало", help_text="Снимки после изменений.")
        if verb not in (Verb.REGISTER, Verb.TAKE, Verb.START, Verb.RESUME, Verb.SUBMIT):
            self.fields["reason"] = TextField(
                label=label, help_text=hint, rows=4, max_length=5000, required=row.needs_reason,
                error_messages={"required": f"Напишите словами: {label[0].lower()}{label[1:]}."},
            )  # fmt: skip


_WITH_PERSON = {
    Verb.ACCEPT: ("responsible", "Кто внедряет"),
    Verb.START: ("responsible", "Кто внедряет"),
    Verb.TAKE: ("reviewer", "Кто рассматривает"),
}
_WITH_DAY = {
    Verb.ACCEPT: ("planned_on", "Внедрить до", "Пусто — срок из настроек округа."),
    Verb.RESUME: ("planned_on", "Внедрить до", "Пусто — срок из настроек округа."),
    Verb.POSTPONE: ("until", "Отложить до", "В этот день внедрение возобновится само."),
    Verb.IMPLEMENT: ("implemented_on", "День внедрения", ""),
}
