"""A person with a browser: does what people do, and notices what they would notice."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.architecture.sources import BASE

AXE = (BASE / "gemba" / "ui" / "tests" / "vendor" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
PHONE, DESK = 360, 1440
# Two cores serve the browser and the server at once; a person would wait as long.
PATIENCE = 15_000
# What a refusal that the journey itself provoked says in the console.
_ANSWERS = re.compile(r"Failed to load resource|Response Status Error|net::ERR_INTERNET_DISCONNECTED")


class Visitor:
    """One person, one browser, one or more tabs."""

    def __init__(
        self, browser: Browser, url: str, *, width: int = DESK, scheme: str = "light", **more: Any
    ) -> None:
        self.url = url
        self.troubles: list[str] = []
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 900},
            base_url=url,
            # A colour caught in the middle of its change is nobody's contrast.
            reduced_motion="reduce",
            color_scheme=scheme,  # type: ignore[arg-type]
            locale="ru",
            timezone_id="Asia/Novokuznetsk",
            accept_downloads=True,
            **more,
        )
        self.context.set_default_timeout(PATIENCE)
        self.context.on("request", lambda asked: self._stays_here(asked.url))
        self.context.on("weberror", lambda error: self.troubles.append(str(error.error)))
        self.context.on("console", self._console)
        self.page: Page = self.context.new_page()

    # --- going about ---------------------------------------------------------------------------------

    def open(self, address: str) -> "Visitor":
        """Open an address of the installation, or one copied whole."""
        self.page.goto(address)
        return self

    def new_tab(self) -> Page:
        """Open another tab of the same browser."""
        return self.context.new_page()

    def sign_in(self, town: str, role: str) -> "Visitor":
        """Enter with one click on a role of the demo."""
        self.open("/sign-in/")
        self.page.locator("section").filter(
            has=self.page.get_by_role("heading", name=town, exact=True)
        ).locator("button.demo-person").filter(
            has=self.page.locator("b", has_text=re.compile(f"^{role}$"))
        ).first.click()
        # On a phone the menu is closed: it is there, but nobody sees it.
        expect(self.page.locator("#menu")).to_be_attached()
        self.page.wait_for_load_state()
        return self

    def follow(
        self, name: str | re.Pattern[str], *, within: Locator | None = None, exact: bool = False
    ) -> "Visitor":
        """Press a link by its words."""
        (within or self.page.locator("main")).get_by_role("link", name=name, exact=exact).first.click()
        return self

    def press(
        self, name: str | re.Pattern[str], *, within: Locator | None = None, exact: bool = True
    ) -> "Visitor":
        """Press a button by its words."""
        (within or self.page.locator("main")).get_by_role("button", name=name, exact=exact).first.click()
        return self

    def write(self, label: str | re.Pattern[str], text: str) -> "Visitor":
        """Write into a field by its label."""
        self.page.get_by_label(label).first.fill(text)
        return self

    def download(self, act: Callable[[], Any]) -> Path:
        """Take the file that an act gives."""
        with self.page.expect_download() as waiting:
            act()
        return Path(waiting.value.path())

    def slow_network(self) -> "Visitor":
        """Go on over a bad mobile network: 300 ms there and back, 50 KB a second."""
        wire = self.context.new_cdp_session(self.page)
        wire.send("Network.enable")
        wire.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": 300, "downloadThroughput": 50_000, "uploadThroughput": 25_000},
        )
        return self

    # --- noticing ------------------------------------------------------------------------------------

    def sees(self, words: str | re.Pattern[str]) -> "Visitor":
        """Find words on the page, waiting for them as a person would."""
        expect(self.page.get_by_text(words).filter(visible=True).first).to_be_visible()
        return self

    def sees_no(self, words: str) -> "Visitor":
        """Find no such words on the page."""
        expect(self.page.get_by_text(words).filter(visible=True)).to_have_count(0)
        return self

    def heading(self, words: str | re.Pattern[str]) -> "Visitor":
        """Stand on the page with this title."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(words)
        return self

    def main_text(self) -> str:
        """Return the words of the page."""
        return self.page.locator("main").inner_text()

    def is_accessible(self) -> "Visitor":
        """Let axe examine the page; it is handed over as a value, so the security policy stays as strict as it is."""
        found = violations(self.page)
        assert not found, "\n".join([self.page.url, *found])
        return self

    def is_not_wider(self, width: int | None = None) -> "Visitor":
        """See that nothing has to be scrolled sideways."""
        if width:
            self.page.set_viewport_size({"width": width, "height": 900})
        assert overflow(self.page) == [], f"{self.page.url} at {width}"
        return self

    def left(self) -> list[str]:
        """Close the browser and tell what went wrong in it."""
        self.context.close()
        return self.troubles

    def _stays_here(self, asked: str) -> None:
        if urlsplit(asked).scheme not in {"data", "blob"} and not asked.startswith(self.url):
            self.troubles.append(f"a request left the machine: {asked}")

    def _console(self, line: Any) -> None:
        if line.type in {"error", "warning"} and not _ANSWERS.search(line.text):
            self.troubles.append(f"{line.page.url if line.page else ''}: {line.text}")


def violations(page: Page, rules: list[str] | None = None) -> list[str]:
    """Run axe inside the page and return what it found."""
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", rules or RULES)
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def overflow(page: Page) -> list[str]:
    """Name what sticks out beyond the right edge of the screen; nothing when the page cannot be scrolled sideways."""
    found: list[str] = page.evaluate(
        """() => { const w = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= w) return [];
        const out = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > w + 1
          && getComputedStyle(e).position !== 'fixed');
        return [`${document.documentElement.scrollWidth} > ${w}`, ...out.slice(-3).map(e => e.outerHTML.slice(0, 160))]; }"""
    )
    return found
