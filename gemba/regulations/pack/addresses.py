"""Every clause of a pack has an address: `polozhenie 6.2`, `rg 3.2(1)`, `polozhenie 2.3/1`, `plan 1.2a`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gemba.regulations.pack.acts import Clause, Document
from gemba.regulations.pack.schema import Pack


@dataclass(frozen=True)
class Address:
    """Where a clause stands and what it says."""

    ref: str
    document: str
    number: str
    """Empty for a whole document."""
    section: str
    title: str
    text: str

    @property
    def anchor(self) -> str:
        """Return the part of a page address after #: unique in the edition, safe in HTML."""
        return self.ref.replace(" ", ":")


def addresses(pack: Pack) -> dict[str, Address]:
    """Return every address of the pack, in the order of reading: documents, sections, clauses, shown rules."""
    found: dict[str, Address] = {}
    for document in pack.documents:
        _put(found, Address(document.code, document.code, "", "", document.title, document.absent or ""))
        for section in document.sections:
            if section.number:
                ref = f"{document.code} {section.number}"
                _put(
                    found,
                    Address(ref, document.code, section.number, section.number, section.title or "", ""),
                )
            for address in _clauses(document, section.clauses, section.number or "", ""):
                _put(found, address)
        for address in _shown(pack, document):
            _put(found, address)
    return found


def _put(found: dict[str, Address], address: Address) -> None:
    # The first wins: a section and its only paragraph may share a number.
    found.setdefault(address.ref, address)


def _clauses(document: Document, clauses: Iterable[Clause], section: str, parent: str) -> Iterator[Address]:
    for ordinal, clause in enumerate(clauses, start=1):
        number = clause_number(clause, ordinal, parent or section)
        yield Address(
            f"{document.code} {number}", document.code, number, section, clause.title or "", clause.text or ""
        )
        yield from _clauses(document, clause.items, section, number)


def clause_number(clause: Clause, ordinal: int, parent: str) -> str:
    """Return the full number: `3.2(1)` for «1)» in 3.2, `2.3/1` for the first paragraph of 2.3, else its own."""
    if clause.number is None:
        return f"{parent}/{ordinal}" if parent else f"/{ordinal}"
    if clause.number.endswith(")"):
        return f"{parent}({clause.number[:-1].lstrip('(')})"
    return clause.number


def _shown(pack: Pack, document: Document) -> Iterator[Address]:
    """Yield the addresses of rules printed in the document: rows, seats, stages, columns, criteria, terms."""
    for ref, title, text in _printed_rules(pack):
        if ref.split(" ")[0] == document.code and " " in ref:
            yield Address(ref, document.code, ref.split(" ", 1)[1], "", title, text)


def _printed_rules(pack: Pack) -> Iterator[tuple[str, str, str]]:
    shown = {document.shows or "" for document in pack.documents}
    shown |= {section.shows or "" for document in pack.documents for section in document.sections}
    if "plan" in shown and pack.plan:
        for section in pack.plan.sections:
            yield f"{pack.plan.document} {section.number}", section.title, ""
            for row in section.rows:
                yield from ((ref, f"Строка {row.number}", row.title) for ref in row.clause)
    if "glossary" in shown:
        for term in pack.glossary:
            yield from ((ref, term.term, term.definition) for ref in term.clause)
    if "passport" in shown and pack.projects.passport:
        yield from ((ref, pack.projects.passport.title, "") for ref in pack.projects.passport.clause)
        for block in pack.projects.passport.blocks:
            for field in block.fields:
                yield from ((ref, f"Блок «{block.title}»", field.title) for ref in field.clause)
        for stage in pack.projects.stages:
            yield from ((ref, f"Этап {stage.number}", stage.title) for ref in stage.clause)
    for form in pack.projects.report_forms:
        if shown & {"report_form", f"report_form:{form.code}"}:
            for column in form.columns:
                yield from ((ref, f"Графа {column.number}", column.title) for ref in column.clause)
    for body in pack.bodies:
        if f"composition:{body.code}" in shown:
            for seat in body.seats:
                yield from ((ref, f"Состав, место {seat.number}", seat.position) for ref in seat.clause)
    for procedure in pack.procedures:
        if f"procedure:{procedure.code}" in shown:
            for criterion in procedure.criteria:
                yield from ((ref, f"Критерий {criterion.code}", criterion.title) for ref in criterion.clause)


def spoken(number: str) -> str:
    """Say a number as people do: `2.3/1` is «п. 2.3, абз. 1», a paragraph without any number is «абз. 1»."""
    own, _, paragraph = number.partition("/")
    parts = [f"п. {own}"] if own else []
    if paragraph:
        parts.append("абз. " + paragraph.replace("/", "."))
    return ", ".join(parts)
