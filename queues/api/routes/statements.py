"""Statements of reasons, for the EU's Transparency Database and for whoever asks."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Final, TextIO

from fastapi import APIRouter, Query
from sqlalchemy import text
from starlette.responses import StreamingResponse

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Here, Moment
from queues.statements.exporting import Format, issued, write

router = APIRouter(route_class=Operation, tags=["statements"])

#: There are no older statements, and ids have no room for them.
_FIRST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_CHUNK: Final = 262_144
_TYPES: Final = {Format.JSONL: "application/jsonl", Format.CSV: "text/csv"}


@router.get(
    "/v1/statements",
    response_class=StreamingResponse,
    **documented(Says(summary="Export statements of reasons", asks=Permission.STATEMENTS_READ)),
)
def export(
    here: Here,
    since: Annotated[Moment, Query()],
    before: Annotated[Moment | None, Query()] = None,
    form: Annotated[Format, Query(alias="format")] = Format.JSONL,
) -> StreamingResponse:
    """Those of a time, in the order of their decisions: JSON lines, or CSV without formulas."""
    # Written down first: a reader who is slow must not hold a look at the database open.
    spool = tempfile.TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115 - see _read
    with here.services.store.read() as connection:
        now = connection.execute(text("SELECT now()")).scalar_one()
        write(issued(connection, max(since, _FIRST), before or now), spool, form)
    spool.seek(0)
    return StreamingResponse(_read(spool), media_type=_TYPES[form])


def _read(spool: TextIO) -> Iterator[str]:
    with spool:
        while chunk := spool.read(_CHUNK):
            yield chunk
