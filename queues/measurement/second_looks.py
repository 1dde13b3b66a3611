"""What second looks overturned, told apart by whose they are: each sees other decisions."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from engine.quality.measures import Measure
from engine.quality.operations import Kind
from engine.quality.proportions import share
from queues.measurement.looks import Look, share_of
from queues.measurement.rollups import reading
from queues.measurement.rollups.spans import Span


def overturned(connection: Connection, span: Span, looks: Iterable[Look]) -> Mapping[Kind, Measure]:
    """The share of decisions that a second look overturned, by kind; each kind is there.

    Args:
        connection: Within a transaction.
        span: Of what came when.
        looks: Blind first answers of the span; those of the quality sample count.
    """
    panels = reading.panels(connection, span, reading.TOGETHER)
    appeals = reading.appeals(connection, span, reading.TOGETHER)
    lost = sum(row.overturned for row in appeals)
    return {
        Kind.PANEL: share(sum(row.overturned for row in panels), sum(row.looked for row in panels)),
        Kind.SAMPLE: share_of(
            (look for look in looks if look.sampled), lambda look: not look.alike
        ),
        Kind.APPEAL: share(lost, lost + sum(row.upheld for row in appeals)),
    }
