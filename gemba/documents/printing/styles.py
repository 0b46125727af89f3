"""What a paragraph or a piece of text looks like: its own properties over its style, over the document's defaults."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = {"0", "false", "off", "none"}
# Word's own size where nothing says another.
USUAL_SIZE = 10.0


def val(element: Any, name: str = "val") -> str | None:
    """Return an attribute of Word's namespace."""
    found: str | None = None if element is None else element.get(f"{W}{name}")
    return found


def points(text: str | None, default: float = 0.0) -> float:
    """Turn twips into points."""
    try:
        return round(float(text) / 20, 2) if text not in (None, "", "auto") else default
    except ValueError:
        return default


def is_on(element: Any) -> bool:
    """Tell whether a switch like <w:b/> is on."""
    return element is not None and (val(element) or "1").lower() not in _OFF


@dataclass
class Styles:
    """The styles of a document by their names, and its defaults."""

    elements: dict[str, Any] = field(default_factory=dict)
    paragraph_default: Any = None
    run_default: Any = None
    usual: str = ""

    @classmethod
    def of(cls, root: Any) -> Styles:
        """Read styles.xml; a document without it has none."""
        made = cls()
        if root is None:
            return made
        for style in root.iter(f"{W}style"):
            name = val(style, "styleId") or ""
            made.elements[name] = style
            if val(style, "type") == "paragraph" and val(style, "default") in ("1", "true"):
                made.usual = name
        defaults = root.find(f"{W}docDefaults")
        if defaults is not None:
            made.paragraph_default = defaults.find(f"{W}pPrDefault/{W}pPr")
            made.run_default = defaults.find(f"{W}rPrDefault/{W}rPr")
        return made

    def chain(self, name: str | None) -> list[Any]:
        """Return a style and those it is based on, the nearest first."""
        found: list[Any] = []
        while name and name in self.elements and len(found) < 20:
            style = self.elements[name]
            found.append(style)
            name = val(style.find(f"{W}basedOn"))
        return found

    def paragraph_layers(self, properties: Any) -> list[Any]:
        """Return the properties of a paragraph from its own to the defaults."""
        name = val(None if properties is None else properties.find(f"{W}pStyle")) or self.usual
        layers = [properties, *(style.find(f"{W}pPr") for style in self.chain(name)), self.paragraph_default]
        return [layer for layer in layers if layer is not None]

    def run_layers(self, properties: Any, paragraph: Any, table_style: str | None = None) -> list[Any]:
        """Return the properties of a piece of text from its own to the defaults."""
        own = val(None if properties is None else properties.find(f"{W}rStyle"))
        place = val(None if paragraph is None else paragraph.find(f"{W}pStyle")) or self.usual
        layers = [
            properties,
            *(style.find(f"{W}rPr") for style in self.chain(own)),
            *(style.find(f"{W}rPr") for style in self.chain(place)),
            *(style.find(f"{W}rPr") for style in self.chain(table_style)),
            self.run_default,
        ]
        return [layer for layer in layers if layer is not None]


def first(layers: Iterable[Any], name: str) -> Any:
    """Return the nearest element of the name."""
    for layer in layers:
        found = layer.find(f"{W}{name}")
        if found is not None:
            return found
    return None


def attribute(layers: Iterable[Any], element: str, *names: str) -> str | None:
    """Return the nearest attribute: properties like spacing are inherited attribute by attribute."""
    for layer in layers:
        found = layer.find(f"{W}{element}")
        for name in names:
            if found is not None and val(found, name) is not None:
                return val(found, name)
    return None


def paragraph_look(layers: list[Any], size: float) -> dict[str, Any]:
    """Return alignment, indents and spacing of a paragraph."""
    align = {"both": "justify", "distribute": "justify", "end": "right", "right": "right", "center": "center"}.get(
        val(first(layers, "jc")) or "", "left"
    )  # fmt: skip
    rule = attribute(layers, "spacing", "lineRule") or "auto"
    line = attribute(layers, "spacing", "line")
    hanging = points(attribute(layers, "ind", "hanging"))
    auto_before = attribute(layers, "spacing", "beforeAutospacing") in ("1", "true")
    look = {
        "k": "p",
        "align": align,
        "left": points(attribute(layers, "ind", "left", "start")),
        "right": points(attribute(layers, "ind", "right", "end")),
        "first": -hanging if hanging else points(attribute(layers, "ind", "firstLine")),
        "before": 14.0 if auto_before else points(attribute(layers, "spacing", "before")),
        "after": points(attribute(layers, "spacing", "after")),
        "rule": "auto" if rule == "auto" else "exact",
        "line": _line(line, rule),
        "size": size,
    }
    if rule != "auto" and not _is_number(line):
        look["rule"] = "auto"
    if is_on(first(layers, "keepNext")):
        look["keep"] = True
    if is_on(first(layers, "pageBreakBefore")):
        look["break"] = True
    borders = first(layers, "pBdr")
    if borders is not None:
        for side in ("top", "bottom"):
            edge = borders.find(f"{W}{side}")
            if edge is not None and (val(edge) or "nil") not in ("nil", "none"):
                look[f"rule-{side}"] = 0.75
    return look


def run_look(layers: list[Any]) -> dict[str, Any]:
    """Return size, weight and the like of a piece of text."""
    size = val(first(layers, "sz"))
    look: dict[str, Any] = {"s": float(size) / 2 if size and _is_number(size) else USUAL_SIZE}
    for key, name in (("b", "b"), ("i", "i"), ("strike", "strike"), ("caps", "caps")):
        if is_on(first(layers, name)):
            look[key] = True
    underline = first(layers, "u")
    if underline is not None and (val(underline) or "single") != "none":
        look["u"] = True
    height = val(first(layers, "vertAlign"))
    if height in ("superscript", "subscript"):
        look["sup" if height == "superscript" else "sub"] = True
    colour = val(first(layers, "color")) or ""
    if (
        len(colour) == 6
        and colour not in ("000000", "auto")
        and all(c in "0123456789abcdefABCDEF" for c in colour)
    ):
        look["c"] = f"#{colour}"
    return look


def _line(text: str | None, rule: str) -> float:
    """Return the height of a line: times the usual one, or points."""
    if not text or not _is_number(text):
        return 1.0
    return float(text) / 240 if rule == "auto" else float(text) / 20


def _is_number(text: str | None) -> bool:
    return bool(text) and str(text).replace(".", "", 1).isdigit()
