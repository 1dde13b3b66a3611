"""Learning acceleration: what choosing items to label saves, as the last trainings told."""

from typing import Final

from sqlalchemy import Connection, RowMapping, text

from engine.quality.measures import Measure, State

# A training replays the labels there are; until it does, nobody knows how many it takes.
_TOLD: Final = text("""
SELECT CAST(told.its ->> 'value' AS float8) AS value, CAST(told.its ->> 'low' AS float8) AS low,
    CAST(told.its ->> 'high' AS float8) AS high, CAST(told.its ->> 'labels' AS integer) AS labels,
    CAST(told.its ->> 'needs' AS integer) AS needs
FROM (
    SELECT DISTINCT ON (name) name, figures -> 'accelerations' AS scores FROM training_runs
    WHERE figures -> 'accelerations' IS NOT NULL ORDER BY name, id DESC
) AS last CROSS JOIN LATERAL jsonb_each(last.scores) AS told (score, its)
ORDER BY value, labels DESC
""")
_LEAST: Final = 500


def learning_acceleration(connection: Connection) -> Measure:
    """Labels a random order needs by those a chosen order needs; of several scores the least.

    Args:
        connection: Within a transaction.
    """
    rows = connection.execute(_TOLD).mappings().all()
    if not rows:
        return Measure.none(State.INSUFFICIENT_DATA, 0, _LEAST)
    return _measure(rows[0])


def _measure(row: RowMapping) -> Measure:
    if row["value"] is None:
        return Measure.none(State.INSUFFICIENT_DATA, row["labels"], row["needs"])
    return Measure(
        state=State.KNOWN,
        value=row["value"],
        low=row["low"],
        high=row["high"],
        n=row["labels"],
        needs=row["needs"],
    )
