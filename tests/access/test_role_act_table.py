"""Who may do what is one table: committed, compared, and true of living people."""

from gemba.organisation.access import may
from gemba.organisation.acts import Nature, all_acts
from gemba.organisation.roles import WITHOUT_ACCOUNT, Role
from gemba.organisation.tests.cast import Cast
from tests.access.table import TABLE, table


def test_the_committed_table_is_the_true_one() -> None:
    assert TABLE.read_text(encoding="utf-8") == table(), (
        "review the change, then: python -m tests.access.table"
    )


def test_the_table_holds_for_people(cast: Cast) -> None:
    wrong = []
    for role in Role:
        if role in WITHOUT_ACCOUNT:
            continue
        actor = cast.actor(role)
        for act in all_acts():
            expected = bool(act.roles & actor.roles)
            if may(actor, act.code) is not expected:
                wrong.append(f"{role.value} {act.code}: {'may not' if expected else 'may'}")
    assert wrong == []


def test_the_administrator_decides_nothing_about_the_work() -> None:
    assert [act.code for act in all_acts() if act.nature is Nature.BUSINESS and Role.ADMIN in act.roles] == []


def test_the_regional_office_only_reads_consolidated_data() -> None:
    natures = {act.nature for act in all_acts() if Role.REGION in act.roles}
    assert natures <= {Nature.CONSOLIDATED}


def test_a_citizen_has_no_act_that_needs_an_account() -> None:
    assert [act.code for act in all_acts() if act.roles & WITHOUT_ACCOUNT] == []
