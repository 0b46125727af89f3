"""What is wrong with the texts of a proposal, and its title."""

import re

from gemba.kernel.problems import Problem

SHORTEST = 5
LONGEST = 10_000
SAY_PROBLEM = "Напишите, что мешает в работе: хватит одной фразы."
SAY_SOLUTION = "Напишите, что сделать: хватит одной фразы."
TITLE = 120


def text_problems(*, problem: str, solution: str, expected: str = "") -> list[Problem]:
    """Check that both texts say something in words and are not too long."""
    found = []
    for text, field, name, mend in (
        (problem, "problem", "Что мешает", SAY_PROBLEM),
        (solution, "solution", "Что предлагаю", SAY_SOLUTION),
    ):
        if not text.strip():
            found.append(Problem(f"Не заполнено поле «{name}».", field=field, mend=mend))
        elif sum(char.isalpha() for char in text) < SHORTEST:
            found.append(Problem(f"В поле «{name}» слишком мало слов.", field=field, mend=mend))
    for text, field, name in (
        (problem, "problem", "Что мешает"),
        (solution, "solution", "Что предлагаю"),
        (expected, "expected", "Что улучшится"),
    ):
        if len(text) > LONGEST:
            found.append(
                Problem(
                    f"В поле «{name}» {len(text)} знаков, помещается {LONGEST}.", field=field,
                    mend="Сократите текст или приложите файл в обсуждении.",
                )
            )  # fmt: skip
    return found


def title_of(solution: str) -> str:
    """Make a title of the first sentence of what is proposed, cut at a word."""
    first = re.split(r"(?<=[.!?…])\s|\n", " ".join(solution.split(" ")).strip(), maxsplit=1)[0]
    plain = " ".join(first.split()).rstrip(" .;,")
    if len(plain) > TITLE:
        plain = plain[:TITLE].rsplit(" ", 1)[0].rstrip(" ,;:—-") + "…"
    return plain[:1].upper() + plain[1:] if plain else "Без названия"
