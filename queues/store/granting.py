"""Lets a role of the database do what a running service does; to audit events it can only add."""

from typing import Final

from psycopg.sql import SQL, Composable, Identifier
from sqlalchemy import Connection, text

from queues.errors import NotFound
from queues.store.session import driver
from queues.store.tables import metadata

_ROLE: Final = "database role"
#: Tables whose rows are only ever added.
_ADDED_TO: Final = ("audit_events", "audit_blocks")


def grant(connection: Connection, role: str) -> None:
    """Grant a role what a running service needs; it can read and add to the audit chain only.

    To be called by the owner of the tables. Partitions are reached through their table; making and
    dropping them, and migrating, stays with the owner.

    Raises:
        NotFound: there is no such role.
    """
    known = text("SELECT count(*) FROM pg_roles WHERE rolname = :role")
    if not connection.execute(known, {"role": role}).scalar_one():
        raise NotFound(_ROLE, role)
    schema = connection.execute(text("SELECT current_schema()")).scalar_one()
    _run(connection, SQL("GRANT USAGE ON SCHEMA {} TO {}"), Identifier(schema), Identifier(role))
    for table in (*(table.name for table in metadata.sorted_tables), "alembic_version"):
        names = Identifier(schema, table), Identifier(role)
        _run(connection, SQL("REVOKE ALL ON {} FROM {}"), *names)
        _run(connection, _granting(table), *names)


def _granting(table: str) -> SQL:
    if table == "alembic_version":
        return SQL("GRANT SELECT ON {} TO {}")
    if table in _ADDED_TO:
        return SQL("GRANT SELECT, INSERT ON {} TO {}")
    return SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {}")


def _run(connection: Connection, statement: SQL, *names: Composable) -> None:
    driver(connection).execute(statement.format(*names))
