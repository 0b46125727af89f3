"""The user guide is true: its links lead somewhere, the words it quotes from the screen are there."""

import re
from pathlib import Path

import pytest

from tests.architecture.sources import BASE

GUIDE = BASE / "docs" / "user-guide"
PAGES = sorted(GUIDE.glob("*.md"))
LINK = re.compile(r"\[[^\]]+\]\(([^)#\s]+)\)")
QUOTED = re.compile(r"\*\*«?([^*»]+?)[.:»]?\*\*")
# Said of the page itself, not of the screen.
OWN = {"так", "Поиск", "Термины", "Пункт", "Клавиши", "Печать", "Тема"}


def screen() -> str:
    """Return every word that can come to the screen: templates and code of the modules."""
    files = [*BASE.glob("gemba/**/*.html"), *BASE.glob("gemba/**/*.py"), *BASE.glob("gemba/**/*.js")]
    return "\n".join(file.read_text() for file in files if "tests" not in file.parts)


@pytest.fixture(scope="module")
def words() -> str:
    return screen()


def test_every_role_has_a_page_and_the_contents_name_it() -> None:
    named = set(LINK.findall((GUIDE / "README.md").read_text()))
    assert {page.name for page in PAGES} - {"README.md"} == {name for name in named if "/" not in name}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_of_the_guide_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text()):
        assert (page.parent / link).exists(), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_quoted_buttons_stand_on_the_screen(page: Path, words: str) -> None:
    quoted = [text.replace("\n", " ") for text in QUOTED.findall(page.read_text())]
    assert quoted
    assert [text for text in quoted if text not in OWN and text not in words] == []
