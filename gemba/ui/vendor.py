"""Maintainer's script: rebuild the vendored front-end files and their manifest.

Users and CI never need it: the built files are committed. It needs npm and, for the font subset, `fonttools` and
`brotli`:

    npm install --ignore-scripts htmx.org@2 @tabler/icons @fontsource-variable/golos-text axe-core
    python -m gemba.ui.vendor node_modules

Checking that the committed files are those of the manifest needs nothing: `python -m gemba.ui.vendor --check`.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static" / "ui"
VENDOR = STATIC / "vendor"
MANIFEST = VENDOR / "manifest.json"

ICONS = """
activity alert-circle alert-triangle archive arrow-back-up arrow-down arrow-down-right arrow-left arrow-right arrow-up
arrow-up-right award ban bell bolt book book-2 bookmark briefcase building building-bank building-community bulb
calendar calendar-due calendar-event camera certificate chart-bar chart-line check checklist checks chevron-down
chevron-left chevron-right chevron-up circle circle-check circle-dashed circle-dot circle-x clipboard clipboard-check
clipboard-list clock coins columns copy dots download edit external-link eye eye-off file file-description
file-spreadsheet file-text file-type-pdf filter flag flag-3 folder gavel hand-move help-circle history home
hourglass id-badge-2 inbox info-circle key layout-kanban layout-dashboard link list list-check lock login logout mail
map-pin maximize medal menu-2 message message-circle minus mood-smile moon network note notebook paperclip percentage
photo player-play plus printer quote refresh report-analytics route scale school search send settings shield
shield-check shield-lock sitemap sort-ascending sort-descending star stars sun sun-moon table target target-arrow
thumb-up timeline tools transform trash trending-down trending-up trophy upload user user-check user-circle user-plus
users users-group versions wand wifi-off world writing x zoom-in
""".split()

LATIN = (
    "U+0020-007E,U+00A0,U+00A7,U+00A9,U+00AB,U+00AD,U+00B0-00B3,U+00B5,U+00B7,U+00BB,U+00BD,U+00D7,U+00F7,U+2009,"
    "U+2010-2015,U+2018-201E,U+2020,U+2022,U+2026,U+2030,U+2190-2193,U+2212,U+2248,U+2260,U+2264,U+2265"
)
CYRILLIC = "U+0400-045F,U+0490-0491,U+2116"


def build(modules: Path) -> None:
    """Build every vendored file from installed packages and write the manifest."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    shutil.copy(modules / "htmx.org/dist/htmx.min.js", VENDOR / "htmx.min.js")
    shutil.copy(modules / "htmx.org/LICENSE", VENDOR / "htmx.LICENSE")
    shutil.copy(modules / "@tabler/icons/LICENSE", VENDOR / "tabler-icons.LICENSE")
    shutil.copy(modules / "@fontsource-variable/golos-text/LICENSE", VENDOR / "golos-text.LICENSE")
    _fonts(modules / "@fontsource-variable/golos-text/files")
    _sprite(modules / "@tabler/icons/icons/outline")
    axe = HERE / "tests" / "vendor"
    axe.mkdir(exist_ok=True)
    shutil.copy(modules / "axe-core/axe.min.js", axe / "axe.min.js")
    shutil.copy(modules / "axe-core/LICENSE", axe / "axe-core.LICENSE")

    def entry(package: str, licence: str, change: str, *paths: Path) -> dict[str, object]:
        version = json.loads((modules / package / "package.json").read_text())["version"]
        files = [{"file": path.relative_to(HERE).as_posix(), "sha256": _sum(path)} for path in paths]
        return {"package": package, "version": version, "licence": licence, "change": change, "files": files}

    entries = [
        entry("htmx.org", "0BSD", "none", VENDOR / "htmx.min.js", VENDOR / "htmx.LICENSE"),
        entry(
            "@tabler/icons",
            "MIT",
            "one sprite of the icons used",
            STATIC / "icons.svg",
            VENDOR / "tabler-icons.LICENSE",
        ),
        entry(
            "@fontsource-variable/golos-text",
            "OFL-1.1",
            "subset, weights 400-700",
            VENDOR / "golos-text-cyrillic.woff2",
            VENDOR / "golos-text-latin.woff2",
            VENDOR / "golos-text.LICENSE",
        ),
        entry("axe-core", "MPL-2.0", "none, tests only", axe / "axe.min.js", axe / "axe-core.LICENSE"),
    ]
    MANIFEST.write_text(json.dumps(entries, indent=1) + "\n")


def check() -> list[str]:
    """Name the vendored files that differ from the manifest, or that it does not know."""
    wrong, known = [], {MANIFEST}
    for entry in json.loads(MANIFEST.read_text()):
        for file in entry["files"]:
            path = HERE / file["file"]
            known.add(path)
            if not path.exists() or _sum(path) != file["sha256"]:
                wrong.append(file["file"])
    return wrong + [path.name for path in VENDOR.iterdir() if path not in known]


def _sum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _fonts(files: Path) -> None:
    with TemporaryDirectory() as place:
        for script, unicodes in (("cyrillic", CYRILLIC), ("latin", LATIN)):
            narrowed = Path(place) / f"{script}.ttf"
            source = files / f"golos-text-{script}-wght-normal.woff2"
            _tool("varLib.instancer", str(source), "wght=400:700", "-q", "-o", str(narrowed))
            _tool(
                "subset",
                str(narrowed),
                f"--unicodes={unicodes}",
                "--flavor=woff2",
                "--layout-features=kern,liga,tnum,ccmp,locl,mark,mkmk,calt",
                f"--output-file={VENDOR / f'golos-text-{script}.woff2'}",
            )


def _tool(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "fontTools", *words], check=True)


def _sprite(outline: Path) -> None:
    symbols = []
    for name in ICONS:
        drawing = (outline / f"{name}.svg").read_text()
        inner = re.sub(r"<!--.*?-->", "", drawing, flags=re.DOTALL)
        inner = re.search(r"<svg[^>]*>(.*)</svg>", inner, re.DOTALL)[1]  # type: ignore[index]
        inner = re.sub(r"\s*\n\s*", "", inner).replace(" />", "/>")
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>')
    (STATIC / "icons.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n"
    )


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        sys.exit("\n".join(check()) or 0)
    build(Path(sys.argv[1]))
