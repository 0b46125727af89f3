"""Findings about acts and their texts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from gemba.regulations.pack.acts import Clause
from gemba.regulations.pack.addresses import addresses
from gemba.regulations.pack.lint.finding import Finding
from gemba.regulations.pack.plan import PlanRow
from gemba.regulations.pack.schema import Pack

INITIALS = re.compile(r"\b[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?[А-ЯЁ][а-яё]+|[А-ЯЁ][а-яё]+\s[А-ЯЁ]\.\s?[А-ЯЁ]\.")
MAIL_OR_PHONE = re.compile(r"[\w.+-]+@[\w-]+\.\w+|(?:\+7|\b8)[\s(-]*\d{3}[\s)-]*\d{3}[\s-]*\d{2}[\s-]*\d{2}")

# What plans count without saying what it is: the word, and the indicators that count it.
COUNTED_WORDS = {
    "реализованный проект": {"projects_closed", "projects_closed_quality", "orgs_with_projects_share"},
    "тиражируемый проект": {"replicated_projects_share", "replications_count"},
    "образец": {"samples_confirmed"},
}


def check(pack: Pack) -> Iterator[Finding]:
    """Find absent texts, empty requisites, named people, words that are counted but not defined."""
    yield from _absent(pack)
    yield from _requisites(pack)
    yield from _people(pack)
    yield from _undefined_words(pack)
    yield from _open_questions(pack)
    yield from _twice(pack)
    yield from _order_of_dates(pack)


def _absent(pack: Pack) -> Iterator[Finding]:
    for number, document in enumerate(pack.documents):
        if document.absent:
            yield Finding(
                "absent-text",
                (document.code,),
                f"«{document.title}»: {document.absent}",
                "Правила этого документа не придуманы. Когда появится текст, добавьте его новой редакцией файла.",
                ("documents", number),
            )


def _requisites(pack: Pack) -> Iterator[Finding]:
    for number, act in enumerate(pack.acts):
        if act.status in {"in_force", "draft"} and (act.number is None or act.date is None):
            missing = " и ".join(
                name for name, value in (("номер", act.number), ("дата", act.date)) if value is None
            )
            yield Finding(
                "no-requisites",
                (),
                f"{act.kind.capitalize()} «{act.title}»: в тексте не проставлено — {missing}.",
                "Сверьте с подписанным актом и впишите реквизиты.",
                ("acts", number),
                tuple(act.interpretations),
            )


def _people(pack: Pack) -> Iterator[Finding]:
    for ref, address in addresses(pack).items():
        for words in (INITIALS, MAIL_OR_PHONE):
            if words.search(f"{address.title} {address.text}"):
                yield Finding(
                    "person-named",
                    (ref,),
                    f"В тексте пункта «{ref}» названы имя, телефон или почта.",
                    "Замените на должность: положение читают все, а люди меняются.",
                )
                break


def _undefined_words(pack: Pack) -> Iterator[Finding]:
    defined = " ".join(f"{term.term} {' '.join(term.also)}" for term in pack.glossary).lower()
    for word, indicators in COUNTED_WORDS.items():
        rows = [row for row in pack.plan_rows() if row.indicator in indicators]
        if rows and word.split()[0] not in defined:
            numbers = ", ".join(row.number for row in rows)
            read = _about(pack, rows, word)
            yield Finding(
                "term-not-defined",
                tuple(ref for row in rows for ref in row.clause),
                f"План считает «{word}» (строки {numbers}), а определения в акте нет.",
                "Как программа понимает это слово, сказано в прочтении; согласуйте его с экономическим подразделением."
                if read
                else "Запишите в interpretations, как вы понимаете это слово.",
                interpretations=read,
            )


def _about(pack: Pack, rows: list[PlanRow], word: str) -> tuple[str, ...]:
    """Return the readings of the rows that speak of the word itself."""
    named = {code for row in rows for code in row.interpretations}
    stem = word.split()[0][:6]
    return tuple(
        item.code for item in pack.interpretations if item.code in named and stem in item.problem.lower()
    )


def _open_questions(pack: Pack) -> Iterator[Finding]:
    for number, interpretation in enumerate(pack.interpretations):
        if interpretation.status == "open":
            yield Finding(
                "open-question",
                tuple(interpretation.clause),
                interpretation.problem,
                f"До решения действует: {interpretation.reading}",
                ("interpretations", number),
                (interpretation.code,),
            )


def _twice(pack: Pack) -> Iterator[Finding]:
    for document in pack.documents:
        numbers = [
            clause.number for section in document.sections for clause in section.clauses if clause.number
        ]
        for number, times in Counter(numbers).items():
            if times > 1:
                yield _repeated(
                    f"{document.short_title}: номер пункта {number}", (f"{document.code} {number}",)
                )
    for term, times in Counter(term.term.casefold() for term in pack.glossary).items():
        if times > 1:
            yield _repeated(f"Глоссарий: термин «{term}»", ())
    for body in pack.bodies:
        if sum(seat.role == "chair" for seat in body.seats) > 1:
            yield _repeated(f"{body.name}: председатель", tuple(body.clause))
    for form in pack.projects.report_forms:
        for column, times in Counter(column.number for column in form.columns).items():
            if times > 1:
                yield _repeated(f"{form.title}: графа {column}", tuple(form.clause))


def _repeated(what: str, clauses: tuple[str, ...]) -> Finding:
    return Finding(
        "said-twice", clauses, f"{what} — дважды.", "Сверьте с актом и оставьте то, что в нём есть."
    )


def _order_of_dates(pack: Pack) -> Iterator[Finding]:
    for act in pack.acts:
        if act.status == "in_force" and act.date and act.date > pack.edition.effective_on:
            yield Finding(
                "dates-order",
                (),
                f"Редакция действует с {pack.edition.effective_on:%d.%m.%Y}, раньше дня акта ({act.date:%d.%m.%Y}).",
                "Проверьте edition.effective_on и дату акта.",
            )


def texts(clauses: list[Clause]) -> Iterator[str]:
    """Yield every text of clauses and their items."""
    for clause in clauses:
        if clause.text:
            yield clause.text
        yield from texts(clause.items)
