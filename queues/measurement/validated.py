"""How often a senior, blind, upholds a final decision that was drawn by chance, of every tier."""

from sqlalchemy import Connection

from engine.quality.operations import Validated, Validation, validation
from queues.measurement.rollups import reading
from queues.measurement.rollups.spans import Span


def validated(connection: Connection, span: Span) -> Validation:
    """Of decisions that were drawn in a span: all, and by the tier that decided.

    Args:
        connection: Within a transaction.
        span: Of what was drawn when.
    """
    rows = reading.validations(connection, span)
    return validation(
        [
            Validated(tier=row.tier, upheld=row.upheld, weight=1 / row.inclusion, times=row.times)
            for row in rows
        ]
    )
