"""Which release and which models are in force: the last row of each kind says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, any_, exists, insert, literal, select

from queues.store.locks import Lock, wait_for
from queues.store.tables.policies import activations


class Kind(StrEnum):
    """What is in force."""

    #: One release.
    RELEASE = "release"
    #: A set of models, which may be empty.
    MODELS = "models"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What was brought into force, and not taken back."""

    id: int
    names: tuple[str, ...]


def in_force(connection: Connection, kind: Kind) -> tuple[str, ...] | None:
    """The names in force; None: nothing of this kind ever was."""
    question = select(activations.c.names).where(activations.c.kind == kind)
    found = connection.execute(question.order_by(activations.c.id.desc()).limit(1)).scalar()
    return None if found is None else tuple(found)


def ever(connection: Connection, kind: Kind, name: str) -> bool:
    """Whether a name ever was in force."""
    question = select(activations.c.id).where(
        activations.c.kind == kind, literal(name) == any_(activations.c.names)
    )
    return connection.execute(question.limit(1)).first() is not None


def lock(connection: Connection) -> None:
    """Wait until nobody else changes what is in force; let go with the commit."""
    wait_for(connection, Lock.ACTIVATING)


def standing(connection: Connection, kind: Kind, most: int | None = None) -> list[Standing]:
    """What is in force, and before it what was when that came: the last first."""
    later = activations.alias()
    undone = exists().where(
        later.c.kind == kind, later.c.undoes <= activations.c.id, later.c.id > activations.c.id
    )
    question = (
        select(activations.c.id, activations.c.names)
        .where(
            activations.c.kind == kind,
            activations.c.undoes.is_(None),
            ~undone,
        )
        .order_by(activations.c.id.desc())
        .limit(most)
    )
    return [Standing(id=row.id, names=tuple(row.names)) for row in connection.execute(question)]


def bring(
    connection: Connection,
    kind: Kind,
    names: Sequence[str],
    *,
    by: str,
    note: str | None = None,
    undoes: int | None = None,
) -> None:
    """Bring names into force; `undoes`: an activation that this one takes back, and all since."""
    connection.execute(
        insert(activations).values(kind=kind, names=list(names), by=by, note=note, undoes=undoes)
    )
