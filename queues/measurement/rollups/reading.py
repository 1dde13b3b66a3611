"""Reads sums over a span: what is summed up, and the rest from its rows, by the same statements."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, text

from queues.measurement.paying import HOUR, Hourly, as_arrays
from queues.measurement.rollups.flow import Flow
from queues.measurement.rollups.sources import (
    APPEALS,
    BALLOTS,
    COSTS,
    DEADLINES,
    DIMENSIONS,
    FLAGS,
    FLOWS,
    LOOKS,
    PANELS,
    VALIDATIONS,
    WORK,
    Source,
    of_end,
)
from queues.measurement.rollups.spans import Span

Key = tuple[datetime | None, str]
"""Beginning of the hour or day, where figures are told by them; and the name of the group."""
Shares = Mapping[tuple[bool, str, str], float]
"""Whether it is the quality sample's, tier and queue → the share of first answers that is blind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """By what figures are told; all together by default. Statements of ours, never of a caller."""

    bucket: str = "NULL::timestamptz"
    name: str = "''"
    hourly: bool = False
    """Whether hours are told apart: then sums of days are of no use."""

    @property
    def by(self) -> str | None:
        """How sums of days have to be told apart."""
        if self.hourly:
            return None
        return self.name if self.name in DIMENSIONS else "tier"


BY_TIER: Final = Grouping(name="tier")
TOGETHER: Final = Grouping()

#: In which ways ballots are told apart at once.
AT: Final = "at"
APART: Final = ("policy", "queue", "language")

# One statement, so that what is not summed up yet is read once; a row of counts for each group, and
# of waits one for those that were decided and one for those that were not.
_FLOWS: Final = """
SELECT {bucket} AS bucket, {name} AS name, sum(items)::bigint AS items,
    sum(decided)::bigint AS decided, sum(open)::bigint AS open,
    coalesce(sum(decided) FILTER (WHERE tier = 'auto'), 0)::bigint AS alone,
    sum(distinct_decided)::bigint AS distinct_decided,
    coalesce(sum(distinct_decided) FILTER (WHERE tier = 'auto'), 0)::bigint AS distinct_alone,
    sum(odd)::bigint AS odd,
    NULL::boolean AS over, NULL::smallint[] AS bins, NULL::bigint[] AS times
FROM sums GROUP BY 1, 2
UNION ALL
SELECT bucket, name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, over, array_agg(bin),
    array_agg(times) FROM (
    SELECT {bucket} AS bucket, {name} AS name, its.over, its.bin, sum(its.times)::bigint AS times
    FROM sums CROSS JOIN LATERAL (
        SELECT true AS over, bin, times FROM unnest(over_bins, over_times) AS its (bin, times)
        UNION ALL SELECT false, bin, times FROM unnest(gone_bins, gone_times) AS its (bin, times)
        UNION ALL SELECT false, rollup_bin(extract(epoch FROM now())::float8 - moment), 1
            FROM unnest(since) AS moment
    ) AS its WHERE {where} GROUP BY 1, 2, 3, 4
) AS each GROUP BY bucket, name, over
"""
_SHARED: Final = """
(SELECT *, (sum(times) FILTER (WHERE blind) OVER alike / sum(times) OVER alike)::float8
        AS blind_share
    FROM sums WINDOW alike AS (PARTITION BY sampled, tier, queue)) AS shared
"""
_BLIND: Final = f"""
SELECT {{bucket}} AS bucket, {{name}} AS name, sampled, acted, found,
    inclusion * blind_share AS inclusion, sum(times)::bigint AS times
FROM {_SHARED} WHERE blind GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
"""  # noqa: S608 - parts of ours
_ALIKE: Final = "sampled, tier, queue, acted, found, inclusion, blind_share"
_STRATA: Final = f"""
SELECT {_ALIKE}, sum(times)::bigint AS times FROM {_SHARED} WHERE blind GROUP BY {_ALIKE}
"""  # noqa: S608 - parts of ours


def flows(
    connection: Connection, span: Span, by: Grouping, *, waits_of: str = "true"
) -> dict[Key, Flow]:
    """What came, was decided, and is open, and how long things took or take.

    Args:
        connection: Of a look at one state.
        span: Of what came when.
        by: How it is told apart.
        waits_of: Of which sums there are waits; a condition of ours, never of a caller.
    """
    question = _FLOWS.format(bucket=by.bucket, name=by.name, where=waits_of)
    found: dict[Key, Flow] = defaultdict(Flow)
    for row in _rows(connection, span, FLOWS.reading(by.by) + question):
        known = found[row.bucket, row.name]
        if row.over is None:
            known.items, known.decided, known.open = row.items, row.decided, row.open
            known.alone = row.alone
            known.distinct, known.distinct_alone = row.distinct_decided, row.distinct_alone
            known.odd = row.odd
        else:
            known.waits.count(over=row.over, bins=dict(zip(row.bins, row.times, strict=True)))
    return found


def deadlines(connection: Connection, span: Span, by: Grouping) -> list[Row[Any]]:
    """Deadlines that fell, and how many were kept."""
    sums = "sum(due)::bigint AS due, sum(on_time)::bigint AS on_time"
    return _grouped(connection, span, DEADLINES, by, sums)


def work(connection: Connection, span: Span, by: Grouping) -> list[Row[Any]]:
    """People's time by who spent it, and in which tier."""
    sums = (
        "tier AS spent_in, reviewer, sum(votes)::bigint AS votes, sum(timed)::bigint AS timed,"
        " sum(paced)::bigint AS paced, sum(seconds) AS seconds, sum(squares) AS squares"
    )
    return _grouped(connection, span, WORK, by, sums, ", spent_in, reviewer")


def voted(connection: Connection, span: Span) -> list[tuple[str, str]]:
    """Tier and reviewer of all votes."""
    question = "SELECT DISTINCT tier, reviewer FROM sums"
    rows = _rows(connection, span, WORK.reading(TOGETHER.by) + question)
    return [(row.tier, row.reviewer) for row in rows]


def costs(connection: Connection, span: Span, by: Grouping, paid: Hourly) -> list[Row[Any]]:
    """People's time, and what it cost."""
    question = (
        f"SELECT {by.bucket} AS bucket, {by.name} AS name, sum(votes)::bigint AS votes,"  # noqa: S608 - ours
        f" sum(seconds) AS seconds, sum(seconds * hourly) / {HOUR} AS cost FROM sums"
        # All who voted have a rate. Of an inner join fewer rows are expected than there are, and
        # then they are sorted, on disk.
        " LEFT JOIN unnest(CAST(:tiers AS text[]), CAST(:reviewers AS text[]),"
        " CAST(:hourly AS float8[])) AS rate (spent_in, who, hourly)"
        " ON spent_in = tier AND who = reviewer GROUP BY 1, 2"
    )
    return _rows(connection, span, WORK.reading(by.by) + question, **as_arrays(paid))


def looks(connection: Connection, span: Span, by: Grouping) -> list[Row[Any]]:
    """Blind first answers, those that are alike together.

    `inclusion` is the chance of being looked at and blind: π times the share of cases like it, by
    queue, tier and purpose, that were blind in the span.
    """
    question = _BLIND.format(bucket=by.bucket, name=by.name)
    return _rows(connection, span, LOOKS.reading(by.by) + question)


def strata(connection: Connection, span: Span) -> list[Row[Any]]:
    """Blind first answers by queue, tier and purpose, each with its share of blind ones.

    `inclusion` is π alone here.
    """
    return _rows(connection, span, LOOKS.reading(TOGETHER.by) + _STRATA)


def flags(connection: Connection, span: Span, shares: Shares) -> list[Row[Any]]:
    """Blind first answers by rule that matched, and by model; `inclusion` as of `looks`.

    In no order: there are many.
    """
    question = (
        "SELECT kind, name, sampled, acted, found, inclusion * blind_share AS inclusion,"
        " sum(times)::bigint AS times FROM (SELECT kind, name, sampled, tier, queue, acted, found,"
        " inclusion, sum(times) AS times FROM sums GROUP BY 1, 2, 3, 4, 5, 6, 7, 8) AS alike"
        " JOIN unnest(CAST(:sampled AS boolean[]),"
        " CAST(:tiers AS text[]), CAST(:queues AS text[]), CAST(:shares AS float8[]))"
        " AS shares (of_samples, of_tier, of_queue, blind_share)"
        " ON of_samples = sampled AND of_tier = tier AND of_queue = queue"
        " GROUP BY 1, 2, 3, 4, 5, 6"
    )
    alike = {
        "sampled": [sampled for sampled, _, _ in shares],
        "tiers": [tier for _, tier, _ in shares],
        "queues": [queue for _, _, queue in shares],
        "shares": list(shares.values()),
    }
    return _rows(connection, span, FLAGS.reading(TOGETHER.by) + question, **alike)


def panels(connection: Connection, span: Span, by: Grouping) -> list[Row[Any]]:
    """What panels decided that one reviewer had decided, and how often otherwise."""
    sums = "sum(looked)::bigint AS looked, sum(overturned)::bigint AS overturned"
    return _grouped(connection, span, PANELS, by, sums)


def validations(connection: Connection, span: Span) -> list[Row[Any]]:
    """What seniors said of final decisions, by tier and by the chance at which they were drawn."""
    alike = "tier, upheld, inclusion"
    question = (
        f"SELECT {alike}, sum(times)::bigint AS times FROM sums GROUP BY {alike} ORDER BY {alike}"  # noqa: S608 - ours
    )
    return _rows(connection, span, VALIDATIONS.reading() + question)


def ballots(
    connection: Connection, span: Span, tiers: Sequence[str]
) -> Iterator[tuple[Sequence[str], int]]:
    """What was said of one thing, by those who knew nothing of each other, and of how many."""
    question = (
        "SELECT said, sum(times)::bigint AS times FROM sums WHERE tier = ANY(:tiers)"
        " GROUP BY said ORDER BY said"
    )
    for row in _rows(connection, span, BALLOTS.reading(TOGETHER.by) + question, tiers=list(tiers)):
        yield row.said, row.times


def ballots_apart(
    connection: Connection, span: Span, bucket: str, policy: str | None
) -> list[Row[Any]]:
    """The same of all tiers, told apart in four ways at once: `way` is `AT` or one of `APART`.

    Args:
        connection: Within a transaction.
        span: Of what came when.
        bucket: How hours are put together, as of `Grouping`.
        policy: Of this one alone; None: of any.
    """
    ways = ", ".join(f"({way}, said)" for way in (AT, *APART))
    question = (
        f"SELECT CASE WHEN grouping(at) = 0 THEN '{AT}' WHEN grouping(policy) = 0 THEN 'policy'"  # noqa: S608 - ours
        " WHEN grouping(queue) = 0 THEN 'queue' ELSE 'language' END AS way, at,"
        " coalesce(policy, queue, language) AS name, said, sum(times)::bigint AS times"
        f" FROM (SELECT {bucket} AS at, policy, queue, language, said, times FROM sums"
        " WHERE CAST(:policy AS text) IS NULL OR policy = :policy) AS its"
        f" GROUP BY GROUPING SETS ({ways})"
    )
    return _rows(connection, span, BALLOTS.reading() + question, policy=policy)


def appeals(connection: Connection, span: Span, by: Grouping) -> list[Row[Any]]:
    """Appeals by what became of them."""
    each = ("filed", "open", "upheld", "overturned")
    sums = ", ".join(f"sum({name})::bigint AS {name}" for name in each)
    return _grouped(connection, span, APPEALS, by, sums)


def squares(connection: Connection, span: Span, paid: Hourly) -> float:
    """The sum of squares of what people's time for an item cost within an hour."""
    raws = " UNION ALL ".join(
        f"SELECT squares FROM ({of_end(end, COSTS)}) AS {end}"  # noqa: S608 - statements of ours
        for end in ("head", "rest")
    )
    question = text(
        "SELECT coalesce(sum(squares), 0) FROM (SELECT squares FROM rollup_costs"  # noqa: S608 - likewise
        f" WHERE hour >= :first AND hour < :last UNION ALL {raws}) AS sums"
    )
    return float(_asked(connection, question.text, span.given | as_arrays(paid))[0][0])


def _grouped(
    connection: Connection, span: Span, source: Source, by: Grouping, sums: str, more: str = ""
) -> list[Row[Any]]:
    question = (
        f"SELECT {by.bucket} AS bucket, {by.name} AS name, {sums} FROM sums"  # noqa: S608 - ours
        f" GROUP BY 1, 2{more} ORDER BY 1, 2{more}"
    )
    return _rows(connection, span, source.reading(by.by) + question)


def _rows(connection: Connection, span: Span, question: str, **given: object) -> list[Row[Any]]:
    return _asked(connection, question, span.given | given)


def _asked(connection: Connection, question: str, given: dict[str, object]) -> list[Row[Any]]:
    statement = text(question)
    named = {name: given[name] for name in statement.compile().params}
    return list(connection.execute(statement, named).all())
