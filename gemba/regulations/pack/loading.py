"""Reading a pack strictly: every problem at once, with file, line, clause, what is wrong and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from gemba.regulations.pack.consistency import inconsistencies
from gemba.regulations.pack.messages import explain, yaml_words
from gemba.regulations.pack.schema import Pack

LARGEST_FILE = 5 * 1024 * 1024
DEEPEST = 40

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class PackProblem:
    """One thing to mend in a pack: where it is, what is wrong, what to do."""

    file: str
    line: int
    place: str
    clause: str
    text: str
    mend: str

    def __str__(self) -> str:
        clause = f", пункт «{self.clause}»" if self.clause else ""
        mend = f" Как исправить: {self.mend}" if self.mend else ""
        return f"{self.file}, строка {self.line}{clause}, {self.place}: {self.text}.{mend}"


class PackError(Exception):
    """A pack that was not loaded: all its problems, in the order of lines."""

    def __init__(self, problems: list[PackProblem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.line)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class _Broken(Exception):
    def __init__(self, line: int, place: str, text: str, mend: str) -> None:
        super().__init__(text)
        self.problem = (line, place, text, mend)


class _Tree:
    """Plain data of a YAML document and the line of every place in it."""

    def __init__(self) -> None:
        self.lines: dict[Place, int] = {(): 1}
        self.repeated: list[tuple[Place, int, str]] = []

    def build(self, node: yaml.Node, place: Place) -> Any:
        self.lines.setdefault(place, node.start_mark.line + 1)
        if len(place) > DEEPEST:
            raise _Broken(
                node.start_mark.line + 1,
                name_of(place),
                "слишком глубокая вложенность",
                "уберите лишние уровни",
            )
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*place, number)) for number, item in enumerate(node.value)]
        # Every plain scalar stays text («1.10» is a number of a clause, not 1.1); the schema gives it its type.
        if node.tag == "tag:yaml.org,2002:null" and node.value in {"", "~", "null", "Null", "NULL"}:
            return None
        return node.value

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[Any, Any]:
        values: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else str(key_node.value)
            inner = (*place, key)
            if key in values:
                self.repeated.append((inner, key_node.start_mark.line + 1, key))
                continue
            self.lines[inner] = key_node.start_mark.line + 1
            values[key] = self.build(value_node, inner)
        return values


def name_of(place: Place) -> str:
    """Write a place as a path: `plan → sections[1] → rows[2] → unit` (items are counted from one)."""
    parts: list[str] = []
    for step in place:
        if isinstance(step, int) and parts:
            parts[-1] += f"[{step + 1}]"
        else:
            parts.append(str(step))
    return " → ".join(parts) or "файл"


def load_pack(source: Path | str | bytes, *, name: str = "") -> Pack:
    """Read one pack; nothing is half loaded.

    `source` is a path, or the text of the file itself as `bytes` or as `str` with a line break in it.

    :raises PackError: with every problem found, when the file is not a valid pack.
    """
    text, file = _read(source, name)
    tree = _Tree()
    data = _parse(text, file, tree)
    problems = [
        _problem(file, tree, data, place, f"поле «{key}» указано дважды", "оставьте одно")
        for place, _line, key in tree.repeated
    ]
    try:
        pack = Pack.model_validate(data)
    except ValidationError as error:
        problems += [
            _problem(file, tree, data, place, wrong, mend)
            for place, wrong, mend in (explain(detail, data, Pack) for detail in error.errors())
        ]
        raise PackError(problems) from None
    problems += [
        _problem(file, tree, data, place, wrong, mend) for place, wrong, mend in inconsistencies(pack)
    ]
    if problems:
        raise PackError(problems)
    return pack


def line_index(source: Path | str | bytes, *, name: str = "") -> dict[Place, int]:
    """Return the line of every place of a readable file (for findings of the linter).

    :raises PackError: when the file is not YAML.
    """
    text, file = _read(source, name)
    tree = _Tree()
    _parse(text, file, tree)
    return tree.lines


def _read(source: Path | str | bytes, name: str) -> tuple[str, str]:
    if isinstance(source, str) and "\n" not in source:
        source = Path(source)
    file = name or (source.name if isinstance(source, Path) else "положение.yaml")
    if isinstance(source, Path):
        try:
            source = source.read_bytes()
        except OSError:
            raise PackError(
                [PackProblem(file, 1, "файл", "", "файл не читается", "проверьте имя файла и права на него")]
            ) from None
    raw = source.encode() if isinstance(source, str) else source
    if len(raw) > LARGEST_FILE:
        raise PackError(
            [PackProblem(file, 1, "файл", "", "файл больше 5 МБ", "положение хранится текстом, без вложений")]
        )
    try:
        return raw.decode("utf-8-sig"), file
    except UnicodeDecodeError:
        raise PackError(
            [PackProblem(file, 1, "файл", "", "это не текст в кодировке UTF-8", "сохраните файл в UTF-8")]
        ) from None


def _parse(text: str, file: str, tree: _Tree) -> dict[Any, Any]:
    try:
        _refuse_growth(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if not isinstance(node, yaml.MappingNode):
            raise _Broken(
                1, "файл", "в файле нет полей", "начните с `municipality:`; образец — в regulations/README.md"
            )
        data: dict[Any, Any] = tree.build(node, ())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        what = f"строка не читается как YAML: {yaml_words(getattr(error, 'problem', '') or '')}"
        mend = "проверьте отступы, двоеточия и кавычки в этой строке и в строке выше"
        raise PackError([PackProblem(file, line, "файл", "", what, mend)]) from None
    except _Broken as broken:
        line, place, what, mend = broken.problem
        raise PackError([PackProblem(file, line, place, "", what, mend)]) from None
    return data


def _refuse_growth(text: str) -> None:
    """Refuse anchors, aliases and deep nesting before the tree is built: a small file could otherwise cost hours."""
    depth = 0
    events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.SafeLoader)
    for event in events:
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Broken(line, "файл", "якоря и ссылки YAML (& и *) не поддерживаются", "повторите текст")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise _Broken(line, "файл", "слишком глубокая вложенность", "уберите лишние уровни")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _problem(file: str, tree: _Tree, data: Any, place: Place, wrong: str, mend: str) -> PackProblem:
    known = place
    while known and known not in tree.lines:
        known = known[:-1]
    return PackProblem(file, tree.lines[known], name_of(place), _clause_near(data, place), wrong, mend)


def _clause_near(data: Any, place: Place) -> str:
    """Return the clause of the innermost rule around the place."""
    found = ""
    here = data
    for step in (*place, None):
        if isinstance(here, dict) and here.get("clause"):
            clause = here["clause"]
            found = ", ".join(str(part) for part in clause) if isinstance(clause, list) else str(clause)
        if step is None:
            break
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            break
    return found
