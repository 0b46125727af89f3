"""`make screenshots`: pictures of the main pages of the demo for the README, into docs/pictures/.

A demo of its own in a temporary folder, a server on a free port of the loopback, Chromium; nothing else is touched,
and everything started here is ended by its number.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

BASE = Path(__file__).resolve().parents[1]
PICTURES = BASE / "docs" / "pictures"
MOST_BYTES = 3_000_000
WIDE, PHONE = (1440, 900), (390, 844)

# File, municipality, role, address or the words of a link to follow from there, sizes.
SHOTS: list[tuple[str, str, str, str, tuple[tuple[int, int], ...]]] = [
    ("home", "promyshlennovsky", "monitor", "/", (WIDE, PHONE)),
    ("plan", "belovo", "monitor", "/plan/?year=2024", (WIDE,)),
    ("plan-row", "belovo", "monitor", "/plan/row/1.3/?year=2024", (WIDE,)),
    ("head", "promyshlennovsky", "head", "/plan/head/", (WIDE, PHONE)),
    ("regulation", "belovo", "employee", "/regulations/", (WIDE, PHONE)),
    ("deadlines", "promyshlennovsky", "coordinator", "/deadlines/", (WIDE,)),
    ("proposals", "promyshlennovsky", "monitor", "/proposals/?view=all", (WIDE,)),
    ("board", "promyshlennovsky", "unit_head", "/proposals/board/", (WIDE,)),
    ("projects", "promyshlennovsky", "monitor", "/projects/?view=all", (WIDE,)),
    ("terms", "promyshlennovsky", "monitor", "/projects/gantt/", (WIDE,)),
    ("rating", "promyshlennovsky", "monitor", "/self-assessment/1/criteria/", (WIDE,)),
    ("submit", "promyshlennovsky", "employee", "/proposals/new/", (WIDE, PHONE)),
    ("organisations", "belovo", "monitor", "/organisations/", (WIDE,)),
]


def main() -> int:
    """Take all pictures."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="gemba-pictures-") as var:
        environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        environment |= {
            "GEMBA_VAR": var,
            "GEMBA_DEMO": "1",
            "GEMBA_LOG_LEVEL": "ERROR",
            "PYTHONPATH": str(BASE),
        }
        for word in ("migrate", "demo"):
            subprocess.run(
                [sys.executable, "-m", "gemba.cli.main", word], cwd=BASE, env=environment, check=True
            )
        server = subprocess.Popen(
            [sys.executable, "-m", "gemba.cli.main", "serve", "--port", "0", "--without-worker"],
            cwd=BASE, env=environment, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert server.stdout is not None
            match = re.search(r"(http://[^\s/]+)/", server.stdout.readline())
            if not match:
                raise SystemExit("Сервер не запустился.")
            take(match[1], chromium)
        finally:
            server.terminate()
            server.wait(30)
    size = sum(file.stat().st_size for file in PICTURES.glob("*.webp"))
    print(f"{len(list(PICTURES.glob('*.webp')))} картинок, {size // 1024} КБ: {PICTURES.relative_to(BASE)}")
    return 0 if size < MOST_BYTES else 1


def take(address: str, chromium: str | None) -> None:
    """Walk through the pages in both themes and both sizes."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for theme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": WIDE[0], "height": WIDE[1]}, color_scheme=theme, locale="ru-RU",
                device_scale_factor=1, reduced_motion="reduce",
            )  # fmt: skip
            page = context.new_page()
            page.goto(f"{address}/sign-in/")
            if theme == "light":
                keep(page, "sign-in", WIDE, theme)
            known = people(page)
            signed = ""
            for name, town, role, path, sizes in SHOTS:
                if signed != f"{town}.{role}":
                    context.clear_cookies()
                    page.goto(f"{address}/sign-in/")
                    page.locator(f"form[action='{known[town, role]}'] button").click()
                    page.wait_for_load_state()
                    signed = f"{town}.{role}"
                answer = page.goto(f"{address}{path}")
                if answer is None or answer.status >= 400:
                    raise SystemExit(f"{path}: {answer.status if answer else 'нет ответа'}")
                for size in sizes:
                    # Dark pictures of the wide pages only: the README needs no more.
                    if theme == "light" or size == WIDE:
                        keep(page, name, size, theme)
            context.close()
        browser.close()


def people(page: Page) -> dict[tuple[str, str], str]:
    """Return the address of one-click sign-in of every role of every municipality, read from the sign-in page."""
    from gemba.demo.rules.towns import TOWNS
    from gemba.regulations.pack import load_pack

    names = {}
    for town in TOWNS:
        file = sorted((BASE / "regulations" / town.code).glob("*.yaml"))[-1]
        names[load_pack(file).municipality.name] = town.code
    titles = roles()
    found = {}
    for section in page.locator("section", has=page.locator("form[action*='/sign-in/demo/']")).all():
        town = names.get(section.locator("h2").first.inner_text().strip())
        for form in section.locator("form").all():
            title = form.locator("b").first.inner_text().strip()
            if town and title in titles:
                found[town, titles[title]] = form.get_attribute("action") or ""
    return found


def roles() -> dict[str, str]:
    """Return roles by the title on the card."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from gemba.organisation.roles import Role

    return {str(role.label): role.value for role in Role}


def keep(page: Page, name: str, size: tuple[int, int], theme: str) -> None:
    """Write a picture of what the window shows."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.wait_for_load_state("networkidle")
    shot = Image.open(BytesIO(page.screenshot()))
    suffix = ("-phone" if size == PHONE else "") + ("-dark" if theme == "dark" else "")
    shot.convert("RGB").save(PICTURES / f"{name}{suffix}.webp", quality=82, method=6)


if __name__ == "__main__":
    sys.path.insert(0, str(BASE))
    sys.exit(main())
