"""Makes sums of a day (`:day`) from those of its hours: statements that `sources` names.

Days are told apart by one thing at a time; looks keep their queue beside it, by which the share of
blind ones is told.
"""

from typing import Final

# A row of an hour counts for its tier, its policy, its queue and its language.
_TODAY: Final = "hour >= :day AND hour < :day + interval '1 day'"
_APART: Final = f"""
    CROSS JOIN LATERAL (VALUES ('tier', ''), ('policy', policy), ('queue', queue),
        ('language', language)) AS its (by, name)
    WHERE {_TODAY}
"""
FLOWS: Final = f"""
WITH hours AS MATERIALIZED (
    SELECT by, name, tier, items, decided, open, over_bins, over_times, gone_bins, gone_times,
        since, distinct_decided, odd
    FROM rollup_flows {_APART}
), bins AS (
    SELECT by, name, tier, over, bin, sum(times)::int AS times FROM (
        SELECT by, name, tier, true AS over, bin, times
        FROM hours CROSS JOIN LATERAL unnest(over_bins, over_times) AS its (bin, times)
        UNION ALL SELECT by, name, tier, false, bin, times
        FROM hours CROSS JOIN LATERAL unnest(gone_bins, gone_times) AS its (bin, times)
    ) AS each GROUP BY by, name, tier, over, bin
), waits AS (
    SELECT by, name, tier, array_agg(bin ORDER BY bin) FILTER (WHERE over) AS over_bins,
        array_agg(times ORDER BY bin) FILTER (WHERE over) AS over_times,
        array_agg(bin ORDER BY bin) FILTER (WHERE NOT over) AS gone_bins,
        array_agg(times ORDER BY bin) FILTER (WHERE NOT over) AS gone_times
    FROM bins GROUP BY by, name, tier
), waiting AS (
    SELECT by, name, tier, array_agg(moment ORDER BY moment) AS since
    FROM hours CROSS JOIN LATERAL unnest(since) AS moment GROUP BY by, name, tier
)
SELECT :day, by, name, tier, items, decided, open, coalesce(over_bins, '{{}}'),
    coalesce(over_times, '{{}}'), coalesce(gone_bins, '{{}}'), coalesce(gone_times, '{{}}'),
    coalesce(since, '{{}}'), distinct_decided, odd
FROM (
    SELECT by, name, tier, sum(items) AS items, sum(decided) AS decided, sum(open) AS open,
        sum(distinct_decided) AS distinct_decided, sum(odd) AS odd
    FROM hours GROUP BY by, name, tier
) AS counts LEFT JOIN waits USING (by, name, tier) LEFT JOIN waiting USING (by, name, tier)
"""  # noqa: S608 - parts of ours
WORK: Final = f"""
SELECT :day, by, name, tier, reviewer, sum(votes), sum(timed), sum(paced),
    sum(seconds::numeric)::float8, sum(squares::numeric)::float8
FROM rollup_work {_APART} GROUP BY by, name, tier, reviewer
"""  # noqa: S608 - parts of ours
DEADLINES: Final = f"""
SELECT :day, by, name, tier, sum(due), sum(on_time)
FROM rollup_deadlines {_APART} GROUP BY by, name, tier
"""  # noqa: S608 - parts of ours
_LOOKS: Final = "tier, queue, sampled, acted, found, blind, inclusion"
LOOKS: Final = f"""
SELECT :day, by, name, {_LOOKS}, sum(times)
FROM rollup_looks CROSS JOIN LATERAL (VALUES ('tier', ''), ('policy', policy),
    ('language', language)) AS its (by, name)
WHERE {_TODAY} GROUP BY by, name, {_LOOKS}
"""  # noqa: S608 - parts of ours
_FLAGS: Final = "tier, queue, sampled, acted, found, inclusion, kind, name"
FLAGS: Final = f"""
SELECT :day, {_FLAGS}, sum(times) FROM rollup_flags WHERE {_TODAY} GROUP BY {_FLAGS}
"""  # noqa: S608 - parts of ours
BALLOTS: Final = f"""
SELECT :day, tier, said, sum(times) FROM rollup_ballots WHERE {_TODAY} GROUP BY tier, said
"""  # noqa: S608 - parts of ours
