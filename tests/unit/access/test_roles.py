"""Who may do what: the table that is shipped, cell by cell, and tables with mistakes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from queues.access import SCOPES, Permission, Role, Scope, read_roles
from queues.access.callers import Person, Program
from queues.errors import InvalidSettings, PermissionMissing, ScopeMissing
from queues.ids import new_id
from tests.architecture.sources import ROOT

FILE = ROOT / "config" / "roles.toml"
TABLE = read_roles(FILE)
TEXT = FILE.read_text(encoding="utf-8")

#: In the order of the columns.
ROLES = (
    Role.POLICY_AUTHOR,
    Role.POLICY_APPROVER,
    Role.MODERATOR,
    Role.SENIOR,
    Role.MANAGER,
    Role.ADMIN,
    Role.AUDITOR,
)
EXPECTED = {
    # Columns: author approver moderator senior manager admin auditor.
    Permission.ITEMS_READ: "xxxxxxx",
    Permission.ITEMS_SEND: ".....x.",
    Permission.ITEMS_ERASE: ".....x.",
    Permission.ITEMS_EXPLAIN: "xx.xxx.",
    Permission.SIGNALS_SEND: ".....x.",
    Permission.REPORTS_SEND: "..xxxx.",
    Permission.APPEALS_SEND: "....xx.",
    Permission.CASES_READ: "xxxxxxx",
    Permission.CASES_CLAIM_SINGLE: "..xx...",
    Permission.CASES_CLAIM_SENIOR: "...x...",
    Permission.CASES_DECIDE: "..xx...",
    Permission.RELEASES_READ: "xxxxxxx",
    Permission.RELEASES_PUBLISH: "x......",
    Permission.RELEASES_APPROVE: ".x.....",
    Permission.RELEASES_TRY: ".x.....",
    Permission.RELEASES_ACTIVATE: ".x.....",
    Permission.RELEASES_ROLLBACK: ".x..xx.",
    Permission.OVERRIDES_READ: "xx..xxx",
    Permission.OVERRIDES_WRITE: ".x..x..",
    Permission.BACKTESTS_RUN: "xx..x..",
    Permission.RULES_SIGN_OFF: ".x.....",
    Permission.MODELS_READ: "xx..xxx",
    Permission.MODELS_ACTIVATE: ".x.....",
    Permission.MODELS_TRAIN: ".x..x..",
    Permission.AUDIT_READ: "....xxx",
    Permission.STATEMENTS_READ: "....xxx",
    Permission.QUALITY_READ: "xx..x.x",
    Permission.QUALITY_MANAGE: "xx..x..",
    Permission.PEOPLE_READ: "....xxx",
    Permission.PEOPLE_SCHEDULE: "....xx.",
    Permission.PEOPLE_MANAGE: ".....x.",
    Permission.KEYS_MANAGE: ".....x.",
    Permission.WEBHOOKS_MANAGE: ".....x.",
    Permission.METRICS_READ: "....xx.",
    Permission.PROCESSES_READ: "xx..xxx",
}


def cells() -> Iterator[tuple[Role, Permission, bool]]:
    """Each cell of the table, and whether it is yes."""
    for permission, row in EXPECTED.items():
        for role, mark in zip(ROLES, row, strict=True):
            yield role, permission, mark == "x"


@pytest.mark.parametrize(("role", "permission", "yes"), list(cells()))
def test_each_cell(role: Role, permission: Permission, *, yes: bool) -> None:
    """A role may what it is said to here, and nothing else."""
    assert TABLE.may([role], permission) is yes


def test_all_cells_are_tested() -> None:
    """No operation and no role is left out here, and each operation has a scope for programs."""
    assert EXPECTED.keys() == set(Permission) == SCOPES.keys()
    assert set(ROLES) == set(Role)


def test_several_roles_may_what_each_of_them_may() -> None:
    """And nobody without one may anything."""
    both = [Role.POLICY_AUTHOR, Role.POLICY_APPROVER]
    assert TABLE.may(both, Permission.RELEASES_PUBLISH)
    assert TABLE.may(both, Permission.RELEASES_ACTIVATE)
    assert not TABLE.may(both, Permission.CASES_DECIDE)
    assert not TABLE.permissions([])
    assert TABLE.permissions([Role.AUDITOR])[0] == Permission.ITEMS_READ


@pytest.mark.parametrize(
    ("line", "instead", "told"),
    [
        ("items.send = [", "itmes.send = [", ":8: there is no operation `itmes.send`; did you"),
        ("items.send = [", "items.sell.all = [", ":8: there is no operation `items.sell.all`;"),
        ('items.send = ["admin"]', 'items.send = ["admni"]', ":8: `items.send`: there is no role"),
        ('items.send = ["admin"]', 'items.send = "admin"', ":8: `items.send` needs a list of"),
        ('items.send = ["admin"]', "items.send = [7]", ":8: `items.send`: there is no role `7`; "),
        ('items.send = ["admin"]', 'items.send = ["admin", "admin"]', ":8: `items.send` names"),
        ('items.send = ["admin"]', "", ": `items.send` is missing; add the line items.send = []"),
        ('people.manage = ["admin"]', "people.manage = []", ":43: `people.manage` names nobody"),
        ('items.send = ["admin"]', "items.send = [", ": Invalid value (at line 9, column"),
        ('keys.manage = ["admin"]', "[keys]\nmanage = [1]", ":47: `keys.manage`: there is no role"),
    ],
)
def test_mistakes_are_told_with_their_place(
    tmp_path: Path, line: str, instead: str, told: str
) -> None:
    """File, line, what is wrong and what to do about it."""
    assert line in TEXT
    file = tmp_path / "roles.toml"
    file.write_text(TEXT.replace(line, instead, 1), encoding="utf-8")
    with pytest.raises(InvalidSettings) as refused:
        read_roles(file)
    assert any(mistake.startswith(f"{file}{told}") for mistake in refused.value.mistakes), str(
        refused.value
    )


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """Of an empty table, one for each operation."""
    file = tmp_path / "roles.toml"
    file.write_text("", encoding="utf-8")
    with pytest.raises(InvalidSettings) as refused:
        read_roles(file)
    assert len(refused.value.mistakes) == len(Permission)


def test_a_table_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """Where it is not there, or is no text."""
    with pytest.raises(InvalidSettings, match=r"no\.toml: cannot be read: No such file"):
        read_roles(tmp_path / "no.toml")
    (tmp_path / "odd.toml").write_bytes(b"\xff")
    with pytest.raises(InvalidSettings, match=r"odd\.toml: .* can't decode"):
        read_roles(tmp_path / "odd.toml")


def test_programs_may_what_their_scopes_are_for() -> None:
    """And hand out no scope that they have not got."""
    program = Program(id=new_id(), name="shop", scopes=frozenset({"cases:decide"}), rate=None)
    assert program.may(Permission.CASES_CLAIM_SENIOR)
    program.require_scope(Scope.CASES_DECIDE)
    with pytest.raises(ScopeMissing, match="`admin`"):
        program.require(Permission.PEOPLE_MANAGE)
    with pytest.raises(ScopeMissing, match="`admin`"):
        program.require_scope(Scope.ADMIN)


def test_people_hand_out_scopes_for_what_they_may() -> None:
    """All of them, where they could give themselves every role."""
    person(Role.ADMIN).require_scope(Scope.ADMIN)
    manager = person(Role.MANAGER)
    manager.require_scope(Scope.METRICS_READ)
    with pytest.raises(PermissionMissing, match=r"`items\.send`"):
        manager.require_scope(Scope.ADMIN)
    with pytest.raises(PermissionMissing, match=r"`releases\.publish`"):
        manager.require_scope(Scope.RELEASES_WRITE)


def person(role: Role) -> Person:
    """Somebody who is signed in."""
    return Person(id=new_id(), name="ana", roles=(role,), session=new_id(), table=TABLE)
