"""Who may do what: reads the table of roles and operations, and answers from it."""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from engine.rules.suggestions import nearest, shown
from queues.access.permissions import Permission
from queues.errors import InvalidSettings


class Role(StrEnum):
    """What somebody works as; one person may have several."""

    #: Writes rules and publishes them.
    POLICY_AUTHOR = "policy_author"
    #: Brings into force what others published.
    POLICY_APPROVER = "policy_approver"
    #: Decides cases alone.
    MODERATOR = "moderator"
    #: Sits on panels, and decides cases alone too.
    SENIOR = "senior"
    #: Plans who works on what, and watches quality.
    MANAGER = "manager"
    #: Looks after accounts, keys and receivers; decides nothing.
    ADMIN = "admin"
    #: Sees what happened; changes nothing.
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleTable:
    """Which role may do what."""

    allowed: Mapping[Permission, frozenset[Role]]

    def may(self, roles: Collection[Role], permission: Permission) -> bool:
        """Whether somebody with these roles may: the one place where that is asked."""
        return not self.allowed[permission].isdisjoint(roles)

    def permissions(self, roles: Collection[Role]) -> tuple[Permission, ...]:
        """All that somebody with these roles may do."""
        return tuple(each for each in Permission if self.may(roles, each))


def read_roles(file: Path) -> RoleTable:
    """The table in a file.

    Raises:
        InvalidSettings: the file cannot be read or is no such table; every mistake with its place
            and what to do about it.
    """
    try:
        text = file.read_text(encoding="utf-8")
        found = dict(_flat(tomllib.loads(text)))
    except OSError as error:
        raise InvalidSettings([f"{file}: cannot be read: {error.strerror}"]) from error
    except ValueError as error:  # no TOML, or no UTF-8
        raise InvalidSettings([f"{file}: {error}"]) from error
    mistakes = [
        f"{file}{_place(text, name)}: {mistake}"
        for name, value in found.items()
        for mistake in _mistakes(name, value)
    ]
    mistakes += [
        f"{file}: `{each}` is missing; add the line {each} = [], with the roles that may in it"
        for each in Permission
        if each not in found
    ]
    if mistakes:
        raise InvalidSettings(mistakes)
    return RoleTable(allowed={each: frozenset(map(Role, found[each.value])) for each in Permission})


def _flat(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """The lines of a table: what stands at each dotted name."""
    for key, value in table.items():
        name = before + key
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{name}.")
        else:
            yield name, value


def _mistakes(name: str, value: object) -> Iterator[str]:
    operations = [each.value for each in Permission]
    if name not in operations:
        yield f"there is no operation `{shown(name)}`{_instead(name, operations)}"
        return
    if not isinstance(value, list):
        yield f'`{name}` needs a list of roles, such as ["moderator", "senior"]'
        return
    roles = [each.value for each in Role]
    for role in value:
        if role not in roles:
            yield f"`{name}`: there is no role `{shown(str(role))}`{_instead(str(role), roles)}"
        elif value.count(role) > 1:
            yield f"`{name}` names `{role}` twice; once is enough"
            return
    if name == Permission.PEOPLE_MANAGE and not value:
        yield f'`{name}` names nobody, so no account could ever change; name a role: ["admin"]'


def _instead(name: str, candidates: Collection[str]) -> str:
    near = nearest(name, candidates)
    if near is not None:
        return f"; did you mean `{near}`?"
    if len(candidates) > len(Role):
        return "; queues/access/README.md lists all"
    return f"; there are {', '.join(candidates)}"


_LINE: Final = r"""^\s*{}\s*=|^\s*\[\s*{}\s*\]"""


def _place(text: str, name: str) -> str:
    """`:12`, the line of a name; its last part alone stands below the head of a table."""
    parts = [rf"""["']?{re.escape(part)}["']?""" for part in name.split(".")]
    for start in range(len(parts)):
        wanted = r"\s*\.\s*".join(parts[start:])
        pattern = re.compile(_LINE.format(wanted, wanted))
        for number, line in enumerate(text.splitlines(), start=1):
            if pattern.match(line):
                return f":{number}"
    return ""
