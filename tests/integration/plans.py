"""Statements as they are said to Postgres, and the plans it makes of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg
from sqlalchemy import event

from queues.store.session import Store, driver

Plan = Mapping[str, Any]

_PLACE: Final = re.compile(r"%\((\w+)\)s|%s|%%")
_SAID: Final = re.compile(r"\s*(SELECT|WITH|INSERT|UPDATE|DELETE)\b")
#: So many rows make a table large: smaller ones are read whole rather than by an index.
LARGE: Final = 200


@dataclass(slots=True)
class Statements:
    """Each statement once, with the values it had first."""

    said: dict[str, Any] = field(default_factory=dict)

    def hear(self, statement: object, values: object) -> None:
        """Note one."""
        text = statement.decode() if isinstance(statement, bytes) else str(statement)
        if _SAID.match(text):
            self.said.setdefault(text, values)

    @contextmanager
    def heard(self, store: Store) -> Iterator[None]:
        """Note all that a store says, whichever way, on connections that are made from now on."""
        hear = self.hear

        class Overheard(psycopg.Cursor[Any]):
            def execute(self, query: Any, params: Any = None, **options: Any) -> Any:  # noqa: ANN401 - as psycopg has it
                hear(query, params)
                return super().execute(query, params, **options)

        def connected(connection: Any, _: object) -> None:  # noqa: ANN401 - of psycopg
            connection.cursor_factory = Overheard

        store.engine.dispose()
        event.listen(store.engine, "connect", connected)
        try:
            yield
        finally:
            event.remove(store.engine, "connect", connected)
            store.engine.dispose()


def plans_of(store: Store, statement: str, values: Any) -> Sequence[Plan]:  # noqa: ANN401 - as psycopg takes them
    """The plan for these values, and the one that is kept for all."""
    with store.engine.connect() as connection, driver(connection).cursor() as cursor:
        given = cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}".encode(), values).fetchone()
        kept = cursor.execute(
            f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {_numbered(statement)}".encode()
        ).fetchone()
        connection.rollback()
    return [row[0][0]["Plan"] for row in (given, kept) if row is not None]  # type: ignore[index]  # JSON


def read_whole(plan: Plan) -> Iterator[str]:
    """The tables that a plan reads from the first row to the last, or all of an index of."""
    yield from _read_whole(plan, few=False)


def _read_whole(node: Plan, *, few: bool) -> Iterator[str]:
    kind = node["Node Type"]
    table = node.get("Relation Name")
    if kind == "Seq Scan":
        yield str(table)
    elif kind in {"Index Scan", "Index Only Scan"} and "Index Cond" not in node and not few:
        yield f"{table} by {node['Index Name']}"
    few = few or kind == "Limit"
    for inner in node.get("Plans", ()):
        yield from _read_whole(inner, few=few)


def _numbered(statement: str) -> str:
    """With `$1` for its first value, as Postgres has it."""
    names: list[str] = []

    def number(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        if found[1] is None or found[1] not in names:
            names.append(found[1] or "")
            return f"${len(names)}"
        return f"${names.index(found[1]) + 1}"

    return _PLACE.sub(number, statement)
