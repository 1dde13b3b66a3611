"""Which version of a model is in force (champion), and which was the last to try (challenger)."""

from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, delete, select, text
from sqlalchemy.dialects.postgresql import insert

from queues.store.tables.learning import model_aliases


class Alias(StrEnum):
    """What a version is to the others of its name."""

    CHAMPION = "champion"
    CHALLENGER = "challenger"


_CROWN: Final = text("""
INSERT INTO model_aliases (name, alias, version)
SELECT name, 'champion', version FROM models WHERE version = ANY(:versions)
ON CONFLICT (name, alias) DO UPDATE SET version = EXCLUDED.version, since = now()
WHERE model_aliases.version <> EXCLUDED.version
""")


def crown(connection: Connection, versions: Sequence[str]) -> None:
    """Make champions of all that are in force now, and of nothing else."""
    gone = model_aliases.c.version.not_in(versions)
    reached = model_aliases.c.version.in_(versions)
    connection.execute(delete(model_aliases).where(model_aliases.c.alias == Alias.CHAMPION, gone))
    connection.execute(_CROWN, {"versions": list(versions)})
    connection.execute(
        delete(model_aliases).where(model_aliases.c.alias == Alias.CHALLENGER, reached)
    )


def challenge(connection: Connection, name: str, version: str) -> None:
    """Note the version that was the last to try, and is not in force."""
    row = insert(model_aliases).values(name=name, alias=Alias.CHALLENGER, version=version)
    connection.execute(
        row.on_conflict_do_update(
            index_elements=[model_aliases.c.name, model_aliases.c.alias],
            set_={"version": version, "since": text("now()")},
        )
    )


def aliases_of(connection: Connection) -> dict[str, tuple[str, ...]]:
    """The aliases of each version that has any."""
    found: dict[str, list[str]] = defaultdict(list)
    columns = model_aliases.c.version, model_aliases.c.alias
    for version, alias in connection.execute(select(*columns).order_by(model_aliases.c.alias)):
        found[version].append(alias)
    return {version: tuple(its) for version, its in found.items()}
