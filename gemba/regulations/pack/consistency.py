"""What must hold between the parts of a pack: every reference leads somewhere, every code is one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from gemba.regulations.pack.addresses import addresses
from gemba.regulations.pack.schema import Pack

Place = tuple[str | int, ...]
Inconsistency = tuple[Place, str, str]


def inconsistencies(pack: Pack) -> list[Inconsistency]:
    """Return every broken reference and repeated code: place, what is wrong, how to mend it."""
    return [
        *_repeated_codes(pack),
        *_broken_clauses(pack),
        *_broken_interpretations(pack),
        *_broken_links(pack),
        *_plan_shape(pack),
        *_shown(pack),
    ]


def walk(part: Any, place: Place = ()) -> Iterator[tuple[Place, BaseModel]]:
    """Visit every part of a pack with its place in the file."""
    if isinstance(part, BaseModel):
        yield place, part
        for name in type(part).model_fields:
            yield from walk(getattr(part, name), (*place, name))
    elif isinstance(part, list | tuple):
        for number, item in enumerate(part):
            yield from walk(item, (*place, number))
    elif isinstance(part, dict):
        for key, item in part.items():
            yield from walk(item, (*place, str(key)))


def _repeated_codes(pack: Pack) -> Iterator[Inconsistency]:
    lists: list[tuple[Place, list[Any]]] = [
        (("acts",), pack.acts),
        (("documents",), pack.documents),
        (("interpretations",), pack.interpretations),
        (("bodies",), pack.bodies),
        (("executors",), pack.executors),
        (("deadlines",), pack.deadlines),
        (("triggers",), pack.triggers),
        (("procedures",), pack.procedures),
        (("tools",), pack.tools),
        (("provisions",), pack.provisions),
        (("projects", "kinds"), pack.projects.kinds),
        (("projects", "grounds"), pack.projects.grounds),
        (("projects", "stages"), pack.projects.stages),
    ]
    for place, items in lists:
        seen: set[str] = set()
        for number, item in enumerate(items):
            if item.code in seen:
                yield (*place, number, "code"), f"код «{item.code}» уже занят", "дайте другой код"
            seen.add(item.code)
    seen_rows: set[str] = set()
    for s, section in enumerate(pack.plan.sections if pack.plan else []):
        for r, row in enumerate(section.rows):
            if row.code in seen_rows:
                yield (
                    ("plan", "sections", s, "rows", r, "code"),
                    f"код строки «{row.code}» уже занят",
                    "повторённый в акте номер пишите в number, а код сделайте своим: 1.2a, 1.2b",
                )
            seen_rows.add(row.code)


def _broken_clauses(pack: Pack) -> Iterator[Inconsistency]:
    known = addresses(pack)
    documents = {document.code for document in pack.documents}
    for place, part in walk(pack):
        for ref in getattr(part, "clause", None) or []:
            if ref in known:
                continue
            document = ref.split(" ")[0]
            if document not in documents:
                yield (
                    (*place, "clause"),
                    f"документа «{document}» нет",
                    f"коды документов этого файла: {', '.join(sorted(documents))}",
                )
            else:
                yield (
                    (*place, "clause"),
                    f"пункта «{ref}» в тексте нет",
                    "сверьте номер с разделом documents: у подпункта «1)» пункта 3.2 адрес 3.2(1), "
                    "у абзаца без номера — 3.2/1",
                )


def _broken_interpretations(pack: Pack) -> Iterator[Inconsistency]:
    known = {interpretation.code for interpretation in pack.interpretations}
    for place, part in walk(pack):
        for number, code in enumerate(getattr(part, "interpretations", None) or []):
            if isinstance(code, str) and code not in known:
                yield (
                    (*place, "interpretations", number),
                    f"прочтения «{code}» нет",
                    "добавьте его в interpretations",
                )


def _broken_links(pack: Pack) -> Iterator[Inconsistency]:
    acts = {act.code for act in pack.acts}
    documents = {document.code for document in pack.documents}
    executors = {executor.code for executor in pack.executors}
    bodies = {body.code for body in pack.bodies}
    deadlines = {deadline.code for deadline in pack.deadlines}
    triggers = {trigger.code for trigger in pack.triggers}
    for number, document in enumerate(pack.documents):
        if document.act not in acts:
            yield ("documents", number, "act"), f"акта «{document.act}» нет", "добавьте его в acts"
        if document.absent and document.sections:
            yield (
                ("documents", number, "absent"),
                "у отсутствующего текста есть разделы",
                "оставьте что-то одно",
            )
    for number, act in enumerate(pack.acts):
        links = [("parent", act.parent.act)] if act.parent else []
        links += [("amends", amendment.act) for amendment in act.amends]
        links += [("repeals", repeal.act) for repeal in act.repeals]
        for field, code in links:
            if code not in acts:
                yield ("acts", number, field), f"акта «{code}» нет", "добавьте его в acts"
        for code in act.approves:
            if code not in documents:
                yield ("acts", number, "approves"), f"документа «{code}» нет", "добавьте его в documents"
    for number, deadline in enumerate(pack.deadlines):
        for who in deadline.who:
            if who not in executors | bodies:
                yield (
                    ("deadlines", number, "who"),
                    f"исполнителя «{who}» нет",
                    "добавьте его в executors или bodies",
                )
        if deadline.rule.kind == "on_event" and deadline.rule.trigger not in triggers:
            yield (
                ("deadlines", number, "rule"),
                f"основания «{deadline.rule.trigger}» нет",
                "добавьте его в triggers",
            )
    for s, section in enumerate(pack.plan.sections if pack.plan else []):
        for r, row in enumerate(section.rows):
            place: Place = ("plan", "sections", s, "rows", r)
            for executor in row.executors:
                if executor not in executors:
                    yield (*place, "executors"), f"исполнителя «{executor}» нет", "добавьте его в executors"
            for year, target in row.targets.items():
                if target.kind == "periodic" and target.deadline and target.deadline not in deadlines:
                    yield (
                        (*place, "targets", str(year), "deadline"),
                        f"срока «{target.deadline}» нет",
                        "добавьте его в deadlines",
                    )


def _shown(pack: Pack) -> Iterator[Inconsistency]:
    known = {
        "composition": {body.code for body in pack.bodies},
        "procedure": {procedure.code for procedure in pack.procedures},
        "report_form": {form.code for form in pack.projects.report_forms},
    }
    for d, document in enumerate(pack.documents):
        shown: list[tuple[Place, str | None]] = [(("documents", d, "shows"), document.shows)]
        shown += [
            (("documents", d, "sections", s, "shows"), section.shows)
            for s, section in enumerate(document.sections)
        ]
        for place, what in shown:
            kind, _, code = (what or "").partition(":")
            if code and code not in known[kind]:
                yield (
                    place,
                    f"показывать нечего: «{code}» нет",
                    f"есть: {', '.join(sorted(known[kind])) or 'ничего'}",
                )


def _plan_shape(pack: Pack) -> Iterator[Inconsistency]:
    if not pack.plan:
        return
    if pack.plan.absent and pack.plan.sections:
        yield ("plan", "absent"), "у отсутствующего плана есть строки", "оставьте что-то одно"
    if pack.plan.document not in {document.code for document in pack.documents}:
        yield ("plan", "document"), f"документа «{pack.plan.document}» нет", "добавьте его в documents"
    for s, section in enumerate(pack.plan.sections):
        for r, row in enumerate(section.rows):
            for year in row.targets:
                if year not in pack.edition.years:
                    yield (
                        ("plan", "sections", s, "rows", r, "targets", str(year)),
                        f"год {year} не входит в годы программы",
                        "проверьте год или edition.years",
                    )
