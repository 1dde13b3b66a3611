"""Statements of reasons as files: JSON lines for the database's interface, CSV for people."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TextIO

from sqlalchemy import Connection, text

from queues.ids import SKEW, id_floor
from queues.statements.statement import Statement

#: Columns of CSV, and the order of fields.
COLUMNS: Final = tuple(Statement.model_fields)
_PAGE: Final = 1_000
#: Longest time that an action may have waited to be carried out.
_OLDEST: Final = timedelta(days=30)
#: A cell that begins so is a formula to a spreadsheet.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_STATEMENTS: Final = text("""
SELECT id, fields FROM statements
WHERE id > :after AND id < :until AND at >= :since AND at < :before
ORDER BY id LIMIT :page
""")

Fields = Mapping[str, object]


class Format(StrEnum):
    """How statements are written."""

    #: An object a line: each is the body of a request to the Transparency Database.
    JSONL = "jsonl"
    #: A table; lists stand in their cell as JSON.
    CSV = "csv"


def issued(connection: Connection, since: datetime, before: datetime) -> Iterator[Fields]:
    """The statements of a time, in the order of their decisions; read in pages.

    Args:
        connection: Of a look at one state.
        since: From this moment on.
        before: Up to this moment, itself left out.
    """
    # The id is the decision's, which is older than its statement: by a moment, or by an outage;
    # or younger, as it has the time of a machine, and the statement that of Postgres.
    after, until = id_floor(since - _OLDEST), id_floor(before + SKEW)
    while True:
        page = connection.execute(
            _STATEMENTS,
            {"after": after, "until": until, "since": since, "before": before, "page": _PAGE},
        ).all()
        for row in page:
            yield row.fields
        if len(page) < _PAGE:
            return
        after = page[-1].id


def write(statements: Iterable[Fields], to: TextIO, form: Format) -> None:
    """Write statements, one after the other: they need not fit into memory."""
    if form is Format.CSV:
        table = csv.writer(to, lineterminator="\n")
        table.writerow(COLUMNS)
        table.writerows([cell(fields.get(name)) for name in COLUMNS] for fields in statements)
    else:
        to.writelines(f"{_json(_ordered(fields))}\n" for fields in statements)


def cell(value: object) -> str:
    """A value as a cell that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    plain = value if isinstance(value, str) else _json(value)
    return f"'{plain}" if plain.startswith(_FORMULA) else plain


def _ordered(fields: Fields) -> Fields:
    return {name: fields[name] for name in COLUMNS if name in fields}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
