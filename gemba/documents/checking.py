"""Is a Word file fit to be a template? Everything that is wrong is told at once, in words for whoever drew it."""

from __future__ import annotations

import difflib
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import nodes
from jinja2.exceptions import TemplateError, TemplateSyntaxError

from gemba.documents.kinds import DocumentKind
from gemba.documents.printing import pdf_of
from gemba.documents.queries import sample_docx
from gemba.documents.rendering import FILTERS, TESTS, BadTemplate, Environment, flaws
from gemba.documents.safety import problems_of_archive
from gemba.kernel.problems import Problem
from gemba.organisation.models import Municipality

# Rows inside rows inside rows: deeper a small file becomes endless work.
DEEPEST = 3
LOOP = ("index", "index0", "first", "last", "length", "revindex")
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const, nodes.For,
    nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Filter,
    nodes.Test,
)  # fmt: skip
_FORBIDDEN = {
    "Call": "вызов функции со скобками", "Include": "include", "Import": "import", "FromImport": "import",
    "Extends": "extends", "Macro": "macro", "CallBlock": "call", "Block": "block", "Assign": "set",
    "AssignBlock": "set", "With": "with", "FilterBlock": "filter", "Getitem": "квадратные скобки",
    "Add": "вычисления", "Sub": "вычисления", "Mul": "вычисления", "Div": "вычисления", "FloorDiv": "вычисления",
    "Mod": "вычисления", "Pow": "вычисления", "Neg": "вычисления", "Pos": "вычисления", "Concat": "вычисления",
    "List": "списки", "Dict": "списки", "Tuple": "списки", "ScopedEvalContextModifier": "autoescape",
    "EvalContextModifier": "autoescape",
}  # fmt: skip
# These put raw text into the XML of Word; a template needs only fields, rows and paragraphs.
_RAW = re.compile(r"\{\{(?:r|p|tr|tc)\s|\{%r\s|\{%\s*(?:colspan|cellbg|vm|hm)\b")

_RAW_PROBLEM = Problem(
    "В шаблоне есть служебные метки вида {{r …}} или {% colspan … %}: они не принимаются.",
    field="file",
    mend="Пишите поля как {{ поле }}, строки таблиц как {%tr for … %}, абзацы как {%p if … %}.",
)


def check_template(content: bytes, *, kind: DocumentKind, municipality: Municipality) -> list[Problem]:
    """Return everything that is wrong with a template; nothing when a sample of it is drawn without trouble."""
    problems = problems_of_archive(content)
    if problems:
        return problems
    try:
        texts = _texts(content)
    except Exception:
        # python-docx fails in many ways on what is not quite a Word file.
        return [
            Problem(
                "Word-файл не читается.", field="file",
                mend="Откройте его, сохраните как «Документ Word (.docx)» и загрузите ещё раз.",
            )
        ]  # fmt: skip
    for raw, text in texts:
        # docxtpl rewrites these marks, so they are looked for in what was typed.
        if _RAW.search(re.sub(r"<[^>]+>", "", raw)):
            problems.append(_RAW_PROBLEM)
        problems += problems_of_text(text, kind.samples())
    if problems:
        return list(dict.fromkeys(problems))
    return _trial(content, kind, municipality)


def problems_of_text(text: str, samples: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong in the tags of one part of the file."""
    try:
        tree = Environment().parse(text)
    except TemplateSyntaxError as problem:
        return [_syntax(problem, text)]
    except TemplateError as problem:
        return [Problem(f"Шаблон не разобран: {problem}.", field="file")]
    walk = _Walk(samples)
    walk.visit(tree, dict(samples), 0)
    return walk.problems


class _Walk:
    """Goes through the tags of a template with what is known at each place."""

    def __init__(self, samples: Mapping[str, Any]) -> None:
        self.samples = samples
        self.problems: list[Problem] = []

    def visit(self, node: nodes.Node, scope: dict[str, Any], depth: int) -> None:
        """Check a node and everything below it."""
        if not isinstance(node, _ALLOWED):
            word = _FORBIDDEN.get(type(node).__name__, type(node).__name__)
            self.say(f"В шаблоне не разрешено: {word}.", "Оставьте поля, условия if и повторы for.")
            return
        if isinstance(node, nodes.For):
            self._loop(node, scope, depth)
            return
        if isinstance(node, nodes.Name | nodes.Getattr):
            self.resolve(node, scope)
            return
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            self.say(f"Неизвестное преобразование «{node.name}».", f"Есть: {', '.join(sorted(FILTERS))}.")
        if isinstance(node, nodes.Test) and node.name not in TESTS:
            self.say(f"Неизвестная проверка «{node.name}».", f"Есть: {', '.join(sorted(TESTS))}.")
        for child in node.iter_child_nodes():
            self.visit(child, scope, depth)

    def resolve(self, node: nodes.Node, scope: dict[str, Any]) -> Any:
        """Return the sample a name stands for; an unknown one is told with what is like it."""
        if isinstance(node, nodes.Name):
            if node.name in scope:
                return scope[node.name]
            self._unknown(node.name, node.name, scope)
            return None
        if not isinstance(node, nodes.Getattr):
            self.visit(node, scope, 0)
            return None
        whole = self.resolve(node.node, scope)
        if whole is None:
            return None
        written = f"{_written(node.node)}.{node.attr}"
        if not isinstance(whole, Mapping):
            self.say(f"У поля «{_written(node.node)}» нет части «{node.attr}».", "Напишите поле без точки.")
            return None
        if node.attr not in whole:
            self._unknown(written, node.attr, whole)
            return None
        return whole[node.attr]

    def _loop(self, node: nodes.For, scope: dict[str, Any], depth: int) -> None:
        if node.recursive or node.test is not None or node.else_:
            self.say("В шаблоне не разрешён сложный повтор.", "Пишите {% for строка in строки %}.")
            return
        if depth >= DEEPEST:
            self.say(f"Повторы вложены глубже {DEEPEST}.", "Разделите таблицу.")
            return
        if not isinstance(node.target, nodes.Name):
            self.say("В повторе одна переменная.", "Пишите {% for строка in строки %}.")
            return
        if isinstance(node.iter, nodes.Name | nodes.Getattr):
            many = self.resolve(node.iter, scope)
        else:
            self.visit(node.iter, scope, depth)
            self.say("Повторять можно только поле-список.")
            return
        if many is None:
            element: Any = None
        elif isinstance(many, Sequence) and not isinstance(many, str):
            element = many[0] if many else ""
        else:
            self.say(f"Поле «{_written(node.iter)}» не список: его нельзя повторять.")
            return
        inner = {**scope, "loop": dict.fromkeys(LOOP, 1)}
        if element is None:
            return  # the list itself is unknown, which has been told
        inner[node.target.name] = element
        for child in node.body:
            self.visit(child, inner, depth + 1)

    def _unknown(self, written: str, name: str, known: Mapping[str, Any]) -> None:
        alike = {one.casefold().replace("ё", "е"): one for one in known}
        close = difflib.get_close_matches(name.casefold().replace("ё", "е"), list(alike), n=2, cutoff=0.6)
        names = " или ".join(f"«{alike[one]}»" for one in close)
        self.say(
            f"Неизвестное поле «{written}».",
            f"Может быть, {names}?" if names else "Список полей — на странице шаблона.",
        )

    def say(self, text: str, mend: str = "") -> None:
        """Tell a problem once."""
        problem = Problem(text, field="file", mend=mend)
        if problem not in self.problems:
            self.problems.append(problem)


def _texts(content: bytes) -> list[tuple[str, str]]:
    """Return the parts of the file that hold tags, as they were typed and as docxtpl will read them."""
    document = DocxTemplate(io.BytesIO(content))
    document.render_init()
    raw = [document.get_xml()]
    for address in (document.HEADER_URI, document.FOOTER_URI):
        raw += [document.get_part_xml(part) for _, part in document.get_headers_footers(address)]
    for part in document.docx.part.package.parts:
        if str(part.content_type).endswith("footnotes+xml"):
            raw.append(part.blob.decode("utf-8", "replace"))
    texts = [(text, document.patch_xml(text)) for text in raw]
    properties = document.docx.core_properties
    names = ("author", "comments", "identifier", "language", "subject", "title")
    return texts + [(text, text) for name in names if (text := str(getattr(properties, name) or ""))]


def _trial(content: bytes, kind: DocumentKind, municipality: Municipality) -> list[Problem]:
    """Draw a sample as Word and as PDF."""
    try:
        made = sample_docx(kind=kind, template=content, municipality=municipality)
    except BadTemplate as problem:
        return [
            Problem(
                f"Образец не заполняется: {problem}.", field="file",
                mend="Проверьте, что метки for и if открыты и закрыты в одной строке таблицы или в своих абзацах.",
            )
        ]  # fmt: skip
    if found := flaws(made):
        return [Problem(f"Образец получился повреждённым: {found[0]}.", field="file")]
    try:
        pdf_of(made)
    except Exception:
        return [
            Problem(
                "PDF по этому шаблону не получается.", field="file",
                mend="Уберите вложенные объекты и рамки, упростите таблицы.",
            )
        ]  # fmt: skip
    return []


def _syntax(problem: TemplateSyntaxError, text: str) -> Problem:
    lines = text.splitlines()
    line = lines[min(problem.lineno, len(lines)) - 1] if lines else ""
    tags = re.findall(r"\{[%{].*?[%}]\}", line) or re.findall(r"\{[%{][^<]{0,60}", line)
    place = f" рядом с «{tags[0][:60]}»" if tags else ""
    said = str(problem.message or "")
    if "end of" in said or "endfor" in said or "endif" in said:
        return Problem(
            f"В шаблоне не закрыт for или if{place}.",
            field="file",
            mend="Добавьте {% endfor %} или {% endif %}.",
        )
    return Problem(f"В шаблоне ошибка в метке{place}.", field="file", mend="Пишите {{ поле }} одним словом.")


def _written(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    return f"{_written(node.node)}.{node.attr}" if isinstance(node, nodes.Getattr) else "…"
