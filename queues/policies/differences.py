"""What two stored releases differ in, by meaning."""

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from engine.diffing import Difference, compare
from engine.rules.model import Policy
from queues.errors import NotFound, Refused
from queues.policies import releases
from queues.policies.artefacts import policy_of
from queues.store.session import Store
from queues.store.tables import policies as tables

#: Stands for the release in force, wherever a release is named.
IN_FORCE: Final = "in-force"
#: Digits of a name that are enough where people type it.
SHORTEST: Final = 6

_RELEASE: Final = "release"
_DIGITS: Final = re.compile(r"[0-9a-f]+")
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two releases by name, and what they differ in."""

    old: str
    new: str
    difference: Difference


def compared(store: Store, new: str, *, against: str | None = None) -> Compared:
    """What a release says that another one does not, and the other way round.

    Args:
        store: Where they are.
        new: The one that is looked at.
        against: The other one; None: what is in force.

    Raises:
        NotFound: there is no such release, or none in force.
        Refused: a name that was cut short is that of several.
        InvalidPolicy: the rules of one are not understood any more.
    """
    names = full_name(store, against or IN_FORCE), full_name(store, new)
    old, recent = (stored_policy(store, name) for name in names)
    return Compared(old=names[0], new=names[1], difference=compare(old, recent))


def stored_policy(store: Store, name: str) -> Policy:
    """The rules of a release, read from its files; raises NotFound, InvalidPolicy."""
    sources = releases.sources_of(store, name)
    return policy_of({f"{name}:{path}": content for path, content in sources.items()})


def is_name(written: str) -> bool:
    """Whether a release could be called so."""
    whole = _DIGITS.fullmatch(written) is not None and len(written) >= SHORTEST
    return written == IN_FORCE or whole


def full_name(store: Store, written: str) -> str:
    """The whole name of a release of which the first digits are given.

    Raises:
        NotFound: there is no such release, or none in force.
        Refused: there are several.
    """
    if written == IN_FORCE:
        name = releases.active_name(store)
        if name is None:
            raise NotFound(_RELEASE, "in force")
        return name
    if not is_name(written):
        raise NotFound(_RELEASE, written)
    column = tables.releases.c.name
    with store.read() as connection:
        question = select(column).where(column.startswith(written)).order_by(column)
        found = list(connection.execute(question.limit(_SHOWN)).scalars())
    if not found:
        raise NotFound(_RELEASE, written)
    if len(found) > 1:
        raise Refused(_RELEASE, f"several begin with `{written}`: {', '.join(found)}")
    return str(found[0])
