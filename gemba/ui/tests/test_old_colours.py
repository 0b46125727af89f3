"""Browsers that do not know OKLCH see the colours of all others: the plain numbers of base.css are the OKLCH ones."""

import math
import re
from pathlib import Path

CSS = Path(__file__).parents[1] / "static" / "ui" / "css"
BASE = (CSS / "base.css").read_text(encoding="utf-8")
OLD, NEW = BASE.split("@supports (color:oklch(0% 0 0)){", 1)
OKLCH = re.compile(r"oklch\(([\d.]+)% ([\d.]+) ([\d.]+)(?:/([\d.]+))?\)")


def tokens(css: str, rule: str) -> dict[str, str]:
    """Read the custom properties of every rule with this selector."""
    bodies = re.findall(r"(?:^|[}{\n])" + re.escape(rule) + r"\{([^}]*)\}", css)
    return dict(re.findall(r"(--[\w-]+):([^;]+)", ";".join(bodies).replace("\n", "")))


def plain(text: str, settings: dict[str, str]) -> str:
    """Write each OKLCH colour of a value as sRGB, clipped to what a screen shows."""
    text = text.replace("var(--hue)", settings["--hue"])
    text = re.sub(
        r"calc\(var\(--chroma\)\*([.\d]+)\)",
        lambda part: f"{float(settings['--chroma']) * float(part[1]):.6f}",
        text,
    ).replace("var(--chroma)", settings["--chroma"])
    return OKLCH.sub(_srgb, text)


def _srgb(found: re.Match[str]) -> str:
    lightness, chroma, hue = float(found[1]) / 100, float(found[2]), math.radians(float(found[3]))
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    # Björn Ottosson's matrices of OKLab.
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    red, green, blue = (_byte(min(1.0, max(0.0, part))) for part in linear)
    return f"rgba({red},{green},{blue},{found[4]})" if found[4] else f"#{red:02x}{green:02x}{blue:02x}"


def _byte(part: float) -> int:
    return round(255 * (12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055))


def test_plain_numbers_are_the_same_colours() -> None:
    settings = tokens(NEW, ":root")
    compared = 0
    for rule in (":root", ":root[data-theme=dark]", ":root:not([data-theme])"):
        old = tokens(OLD, rule)
        for name, value in tokens(NEW, rule).items():
            if "oklch" in value:
                assert old[name] == plain(value, settings), (rule, name)
                compared += 1
    assert compared > 90


def test_no_colour_is_said_in_new_words_alone() -> None:
    alone = []
    for sheet in Path(__file__).parents[2].glob("*/static/**/*.css"):
        for body in re.findall(r"\{([^{}]*)\}", sheet.read_text(encoding="utf-8")):
            said = [part.partition(":")[::2] for part in body.split(";")]
            known = {name.strip() for name, value in said if "color-mix(" not in value}
            alone += [
                f"{sheet.name}: {name}:{value}"
                for name, value in said
                # A line under a link stays in the link's own colour.
                if "color-mix(" in value and name.strip() not in known | {"text-decoration-color"}
            ]
    assert alone == []
