"""Draws what is read of a time: all rows, or slices of it in which there are not too many."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, text

from engine.quality import slices
from engine.quality.slices import Sample
from queues.ids import id_floor

#: Begins a statement about the rows of a table in the slices of a sample: `its`. How wide a slice
#: is the planner cannot know, and would rather compare all rows with all slices: `OFFSET 0` has
#: each slice looked up by itself.
WITHIN: Final = """
FROM unnest(CAST(:floors AS uuid[]), CAST(:ceilings AS uuid[])) AS slice (floor, ceiling)
CROSS JOIN LATERAL (SELECT {columns} FROM {table}
    WHERE id >= slice.floor AND id < slice.ceiling OFFSET 0) AS its
"""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


def draw(
    connection: Connection,
    table: str,
    *,
    begin: datetime,
    end: datetime,
    expected: int,
    most: int,
) -> Sample:
    """A sample of the rows that came in a time, of about `most` of them or all.

    Args:
        connection: Within a transaction.
        table: Whose ids are in the order of time; a name of ours.
        begin: Of the time.
        end: The first moment that is not in it.
        expected: How many rows there are, about.
        most: How many may be read; half as many and twice as many are all right.
    """
    first, last = milliseconds(begin), milliseconds(end)
    halvings = slices.halvings_for(expected, most)
    drawn = slices.sample(first, last, halvings=halvings)
    question = text("SELECT count(*)" + WITHIN.format(columns="", table=table))
    # What was expected may be far from what there is.
    while (found := connection.execute(question, given(drawn)).scalar_one()) > 2 * most:
        halvings += max(1, slices.halvings_for(found, most))
        drawn = slices.sample(first, last, halvings=halvings)
        if drawn.halvings < halvings:
            break
    return drawn


def given(drawn: Sample) -> Mapping[str, object]:
    """The slices as `WITHIN` takes them."""
    return {
        "floors": [id_floor(moment(first)) for first, _ in drawn.slices],
        "ceilings": [id_floor(moment(last)) for _, last in drawn.slices],
    }


def milliseconds(at: datetime) -> int:
    """Since 1970, as ids have them."""
    return (at - _EPOCH) // _MILLISECOND


def moment(since: int) -> datetime:
    """The moment so many milliseconds after the beginning of 1970."""
    return _EPOCH + since * _MILLISECOND
