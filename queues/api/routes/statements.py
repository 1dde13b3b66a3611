"""Statements of reasons, for the EU's Transparency Database and for whoever asks."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, Final, TextIO

from fastapi import APIRouter, Query
from sqlalchemy import text
from starlette.responses import StreamingResponse

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Here, Moment
from queues.api.routes import examples
from queues.measurement.stated import Statements, stated
from queues.statements.exporting import Format, issued, write

router = APIRouter(route_class=Operation, tags=["statements"])

#: There are no older statements, and ids have no room for them.
_FIRST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_CHUNK: Final = 262_144
_TYPES: Final = {Format.JSONL: "application/jsonl", Format.CSV: "text/csv"}
_COUNT: Final = {"value": 812.0, "low": 812.0, "high": 812.0, "seen": 812}
_GROUP: Final[dict[str, Any]] = {
    "policy": "hate",
    "action": "remove",
    "automation": "AUTOMATED_DECISION_FULLY",
    "category": "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
    "source": "SOURCE_VOLUNTARY",
    "count": _COUNT,
}


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


@router.get(
    "/v1/statements/counts",
    **documented(
        Says(
            summary="Count statements of reasons",
            asks=Permission.STATEMENTS_READ,
            example={
                "since": examples.MOMENT,
                "until": examples.LATER,
                "whole": True,
                "all": _COUNT,
                "automated": {
                    "state": "known",
                    "value": 0.914,
                    "low": 0.893,
                    "high": 0.931,
                    "n": 812,
                    "needs": 20,
                },
                "groups": [_GROUP],
            },
        )
    ),
)
def counts(here: Here, since: Moment | None = None) -> Statements:
    """By policy, action, who decided, category and source; by default of the last 30 days.

    Of many a sample is read, always the same (`whole` is false): counts have an interval then.
    """
    return stated(here.services.store, since=since)


def _read(spool: TextIO) -> Iterator[str]:
    with spool:
        while chunk := spool.read(_CHUNK):
            yield chunk
