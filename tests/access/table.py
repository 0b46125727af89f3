"""The complete table role × act as text. Write it anew after a reviewed change of rights:

python -m tests.access.table
"""

from pathlib import Path

TABLE = Path(__file__).with_name("role_act_table.txt")
YES, NO = "x", "."


def table() -> str:
    """Draw the table: a row an act, a column a role."""
    from django.urls import get_resolver

    from gemba.organisation.acts import all_acts
    from gemba.organisation.roles import Role

    # Modules declare their acts where they are used: every address is loaded first.
    assert get_resolver().url_patterns
    roles = list(Role)
    codes = [f"{act.code} ({act.nature.name.lower()})" for act in all_acts()]
    width = max(map(len, codes))
    tall = max(len(role.value) for role in roles)
    lines = ["Role x act: who may do what. Written by `python -m tests.access.table`, held by a test.", ""]
    for level in range(tall):
        letters = [role.value.rjust(tall)[level] for role in roles]
        lines.append((" " * width + "  " + " ".join(letters)).rstrip())
    for act, code in zip(all_acts(), codes, strict=True):
        marks = " ".join(YES if role in act.roles else NO for role in roles)
        lines.append(f"{code.ljust(width)}  {marks}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    TABLE.write_text(table(), encoding="utf-8")
