"""What is summed up, from the rows it is told from: the same statements sum up and read the rest.

Each asks for the ids `:floor` to `:ceiling`, or for the moments `:from` to `:to`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from queues.measurement.rollups import days
from queues.measurement.rollups.answers import FLAGS as _FLAGS
from queues.measurement.rollups.answers import LOOKS as _LOOKS
from queues.measurement.rollups.answers import PANELS as _PANELS
from queues.measurement.rollups.answers import VALIDATIONS as _VALIDATIONS


class Part(StrEnum):
    """What changes together."""

    MACHINE = "machine"
    PEOPLE = "people"
    APPEALS = "appeals"


DIMENSIONS: Final = ("policy", "queue", "language")
KEY: Final = ("hour", "tier", *DIMENSIONS)
_KEY: Final = ", ".join(KEY)

# By the machine alone: nobody decided a case about it, and cases are looked through between the
# same ids, as all of them are many. When what was erased before anybody
# decided went, nobody knows. A decision lies in the days from that of the item on.
_MACHINE: Final = """
SELECT rollup_hour(items.id) AS hour, 'auto' AS tier, coalesce(made.policy, '') AS policy,
    '' AS queue, coalesce(items.language, '') AS language, its.alone AS over,
    items.state = 'waiting_for_signals' AS open,
    CASE WHEN items.decided_at IS NOT NULL
            THEN rollup_bin(extract(epoch FROM items.decided_at - items.received_at)::float8)
        WHEN its.alone OR items.state = 'erased' THEN 0 END AS bin,
    extract(epoch FROM items.received_at)::float8 AS since,
    coalesce(items.content, uuid_send(items.id)) AS content, items.id AS came,
    coalesce(items.decided_at < items.received_at, false) AS odd
FROM items
CROSS JOIN LATERAL (SELECT items.state = 'decided' AND NOT EXISTS (
    SELECT FROM cases WHERE cases.item_id = items.id AND cases.state = 'decided'
        AND cases.purpose IN ('review', 'appeal')
        AND cases.item_id >= :floor AND cases.item_id < :ceiling) AS alone) AS its
LEFT JOIN LATERAL (SELECT decisions.policy FROM decisions
    WHERE decisions.id = items.decision_id AND decisions.id >= :floor LIMIT 1) AS made ON true
WHERE items.id >= :floor AND items.id < :ceiling AND items.tier IN ('auto', 'none')
"""
# What measures people is no work that decides. What went on to another tier, or was withdrawn,
# waited here until then.
_PEOPLE: Final = """
SELECT rollup_hour(id) AS hour, tier, policy, queue, coalesce(language, '') AS language,
    state = 'decided' AS over, state IN ('waiting', 'open') AS open,
    CASE WHEN state IN ('waiting', 'open') THEN NULL WHEN closed_at IS NULL THEN 0
        ELSE rollup_bin(extract(epoch FROM closed_at - enqueued_at)::float8) END AS bin,
    extract(epoch FROM enqueued_at)::float8 AS since,
    coalesce(content, uuid_send(id)) AS content, id AS came,
    coalesce(closed_at < enqueued_at, false) AS odd
FROM cases WHERE id >= :floor AND id < :ceiling AND purpose IN ('review', 'appeal')
"""
# Exact duplicates that came within the hour are counted, and once as well: the first of them.
_FLOWS: Final = """
SELECT {key}, sum(times)::bigint AS items,
    coalesce(sum(times) FILTER (WHERE over), 0)::bigint AS decided, sum(open)::bigint AS open,
    coalesce(array_agg(bin::smallint ORDER BY bin) FILTER (WHERE over), '{{}}') AS over_bins,
    coalesce(array_agg(times::int ORDER BY bin) FILTER (WHERE over), '{{}}') AS over_times,
    coalesce(array_agg(bin::smallint ORDER BY bin) FILTER (WHERE bin IS NOT NULL AND NOT over),
        '{{}}') AS gone_bins,
    coalesce(array_agg(times::int ORDER BY bin) FILTER (WHERE bin IS NOT NULL AND NOT over),
        '{{}}') AS gone_times,
    coalesce(max(since), '{{}}') AS since, sum(firsts)::bigint AS distinct_decided,
    sum(odd)::bigint AS odd
FROM (
    SELECT {key}, over, bin, count(*) AS times, count(*) FILTER (WHERE open) AS open,
        array_agg(since ORDER BY since) FILTER (WHERE bin IS NULL) AS since,
        count(*) FILTER (WHERE over AND came = first) AS firsts,
        count(*) FILTER (WHERE odd) AS odd
    FROM (
        SELECT *, first_value(came) OVER (PARTITION BY content, hour, tier, over ORDER BY came)
            AS first
        FROM ({seen}) AS each
    ) AS seen GROUP BY {key}, over, bin
) AS alike GROUP BY {key}
"""
# Withdrawn cases have no deadline, nor what went on to another tier in time.
_DEADLINES: Final = """
SELECT rollup_hour(due_at) AS hour, tier, policy, queue, coalesce(language, '') AS language,
    count(*) AS due,
    count(*) FILTER (WHERE state = 'decided' AND closed_at <= due_at) AS on_time
FROM cases WHERE due_at >= :from AND due_at < :to AND due_at < now()
    AND purpose IN ('review', 'appeal') AND (state IN ('decided', 'waiting', 'open')
        OR state = 'escalated' AND closed_at > due_at)
GROUP BY 1, 2, 3, 4, 5
"""
# As numeric, so that it makes no difference in which order seconds are added.
_WORK: Final = """
SELECT rollup_hour(cases.id) AS hour, cases.tier, cases.policy, cases.queue,
    coalesce(cases.language, '') AS language, votes.reviewer, count(*) AS votes,
    count(active_seconds) AS timed, count(*) FILTER (WHERE active_seconds > 0) AS paced,
    coalesce(sum(active_seconds::numeric), 0)::float8 AS seconds,
    coalesce(sum(active_seconds::numeric * active_seconds::numeric), 0)::float8 AS squares
FROM votes JOIN cases ON cases.id = votes.case_id
WHERE cases.id >= :floor AND cases.id < :ceiling
GROUP BY 1, 2, 3, 4, 5, 6
"""
# First ballots of panels, by case, and what two people said of an item that one of them decided,
# by item. The third vote of a panel of two and one is asked for only where the first two differ,
# and would make disagreement look like agreement. What was chosen to be learnt from is left out: it
# is what is hard.
_BALLOTS: Final = """
SELECT hour, tier, policy, queue, language, said, count(*) AS times FROM (
    SELECT rollup_hour(looked_at) AS hour, tier, (array_agg(policy ORDER BY vote))[1] AS policy,
        (array_agg(queue ORDER BY vote))[1] AS queue,
        coalesce((array_agg(language ORDER BY vote))[1], '') AS language,
        array_agg(action ORDER BY action) AS said
    FROM (
        SELECT cases.id AS looked_at, cases.tier, cases.policy, queue, language, action, decide,
            votes.id AS vote, row_number() OVER (PARTITION BY cases.id ORDER BY votes.id) AS place
        FROM votes JOIN cases ON cases.id = votes.case_id
        WHERE cases.id >= :floor AND cases.id < :ceiling AND cases.tier = 'senior'
            AND cases.purpose NOT IN ('learning', 'validation') AND votes.round = 1 AND votes.blind
        UNION ALL
        (SELECT DISTINCT ON (cases.item_id, votes.reviewer) cases.item_id, cases.tier,
            cases.policy, cases.queue, cases.language, votes.action, '', votes.id, 1
        FROM votes JOIN cases ON cases.id = votes.case_id
        WHERE cases.item_id >= :floor AND cases.item_id < :ceiling AND cases.tier = 'single'
            AND votes.round = 1 AND votes.blind AND cases.purpose IN ('review', 'overlap')
            AND cases.item_id IN (SELECT item_id FROM cases
                WHERE item_id >= :floor AND item_id < :ceiling AND purpose = 'overlap')
        ORDER BY cases.item_id, votes.reviewer, votes.id)
    ) AS first WHERE decide <> 'two_plus_one' OR place <= 2 GROUP BY looked_at, tier
) AS units GROUP BY 1, 2, 3, 4, 5, 6
"""
_APPEALS: Final = """
SELECT rollup_hour(appeals.id) AS hour, coalesce(made.tier, 'auto') AS tier,
    coalesce(made.policy, '') AS policy, coalesce(cases.queue, '') AS queue,
    coalesce(items.language, '') AS language, count(*) AS filed,
    count(*) FILTER (WHERE appeals.state = 'open') AS open,
    count(*) FILTER (WHERE appeals.state = 'upheld') AS upheld,
    count(*) FILTER (WHERE appeals.state = 'overturned') AS overturned
FROM appeals JOIN items ON items.id = appeals.item_id
LEFT JOIN LATERAL (SELECT decisions.tier, decisions.policy, decisions.case_id FROM decisions
    WHERE decisions.id = appeals.decision_id LIMIT 1) AS made ON true
LEFT JOIN cases ON cases.id = made.case_id
WHERE appeals.id >= :floor AND appeals.id < :ceiling
GROUP BY 1, 2, 3, 4, 5
"""
#: Of hours by their rates, `:tiers`, `:reviewers` and `:hourly`: these may change, so that of an
#: hour is kept as it was when it was summed up. All who voted have one; an inner join would begin
#: with the rates, and multiply them by the cases.
COSTS: Final = """
SELECT hour, sum(cost * cost)::float8 AS squares FROM (
    SELECT rollup_hour(cases.id) AS hour,
        sum(active_seconds::numeric * rate.hourly::numeric) / 3600 AS cost
    FROM votes JOIN cases ON cases.id = votes.case_id
    LEFT JOIN unnest(CAST(:tiers AS text[]), CAST(:reviewers AS text[]), CAST(:hourly AS float8[]))
        AS rate (tier, reviewer, hourly)
        ON rate.tier = cases.tier AND rate.reviewer = votes.reviewer
    WHERE cases.id >= :floor AND cases.id < :ceiling AND active_seconds IS NOT NULL
    GROUP BY 1, cases.item_id
) AS by_item GROUP BY hour
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A table of sums, and what its rows are made from."""

    table: str
    columns: tuple[str, ...]
    """After those of the key."""
    raws: Mapping[Part, str]
    """By what has to change for them to change."""
    days: str | None = None
    """A table of their sums by day."""
    adding_days: str = ""
    """Makes these of a day, from hours."""
    kept: tuple[str, ...] = ()
    """What these have of the key beside the tier, whatever else they are told apart by."""
    told_apart: bool = True
    """Whether they are kept by one column of the key as well; else there is one of each."""

    @property
    def names(self) -> str:
        """All columns, in their order."""
        return ", ".join((*KEY, *self.columns))

    def emptying(self, part: Part) -> str:
        """Takes away what an hour (`:hour`) has of a part."""
        alone = "" if len(self.raws) == 1 else f" AND (tier = 'auto') = {part is Part.MACHINE}"
        return f"DELETE FROM {self.table} WHERE hour = :hour{alone}"  # noqa: S608 - names of ours

    def filling(self, part: Part) -> str:
        """Sums up what an hour has of a part."""
        return f"INSERT INTO {self.table} ({self.names}) {self.raws[part]}"

    def reading(self, by: str | None = None) -> str:
        """Begins a statement in which `sums` are the rows of a span, summed up or made now.

        Args:
            by: Whole days are read as such, and have this one column of the key beside the tier;
                None: they are read hour by hour.
        """
        raws = " UNION ALL ".join(
            f"(SELECT {self.names} FROM ({of_end(end, raw)}) AS its)"  # noqa: S608 - names of ours
            for end in ("head", "rest")
            for raw in self.raws.values()
        )
        whole, rest = "", "true"
        if by is not None and self.days is not None:
            rest = "(hour < :first_day OR hour >= :last_day)"
            whole = f" UNION ALL {self._of_days(by)}"
        return (
            f"WITH fresh AS MATERIALIZED ({raws}), sums AS NOT MATERIALIZED ("  # noqa: S608 - likewise
            f"SELECT {self.names} FROM {self.table} WHERE hour >= :first AND hour < :last"
            f" AND {rest}{whole} UNION ALL SELECT {self.names} FROM fresh) "
        )

    def _of_days(self, by: str) -> str:
        """The sums of whole days, as if each were an hour."""
        # What is kept anyway needs no rows of its own.
        apart = "tier" if by in self.kept else by
        named = {each: each for each in self.kept} | {apart: "name"}
        key = ", ".join(f"{named.get(each, 'NULL')} AS {each}" for each in DIMENSIONS)
        alone = f"by = '{apart}' AND " if self.told_apart else ""
        return (
            f"SELECT day AS hour, tier, {key}, {', '.join(self.columns)} FROM {self.days}"  # noqa: S608 - names of ours
            f" WHERE {alone}day >= :first_day AND day < :last_day"
        )


def of_end(end: str, raw: str) -> str:
    """A statement about the rows before (`head`) or after (`rest`) what is summed up."""
    for name in ("floor", "ceiling", "from", "to"):
        raw = raw.replace(f":{name}", f":{end}_{name}")
    return raw


FLOWS: Final = Source(
    table="rollup_flows",
    columns=(
        *("items", "decided", "open", "over_bins", "over_times"),
        *("gone_bins", "gone_times", "since", "distinct_decided", "odd"),
    ),
    raws={
        Part.MACHINE: _FLOWS.format(key=_KEY, seen=_MACHINE),
        Part.PEOPLE: _FLOWS.format(key=_KEY, seen=_PEOPLE),
    },
    days="rollup_day_flows",
    adding_days=days.FLOWS,
)
DEADLINES: Final = Source(
    table="rollup_deadlines",
    columns=("due", "on_time"),
    raws={Part.PEOPLE: _DEADLINES},
    days="rollup_day_deadlines",
    adding_days=days.DEADLINES,
)
WORK: Final = Source(
    table="rollup_work",
    columns=("reviewer", "votes", "timed", "paced", "seconds", "squares"),
    raws={Part.PEOPLE: _WORK},
    days="rollup_day_work",
    adding_days=days.WORK,
)
LOOKS: Final = Source(
    table="rollup_looks",
    columns=("sampled", "acted", "found", "blind", "inclusion", "times"),
    raws={Part.PEOPLE: _LOOKS},
    days="rollup_day_looks",
    adding_days=days.LOOKS,
    kept=("queue",),
)
BALLOTS: Final = Source(
    table="rollup_ballots",
    columns=("said", "times"),
    raws={Part.PEOPLE: _BALLOTS},
    days="rollup_day_ballots",
    adding_days=days.BALLOTS,
    told_apart=False,
)
APPEALS: Final = Source(
    table="rollup_appeals",
    columns=("filed", "open", "upheld", "overturned"),
    raws={Part.APPEALS: _APPEALS},
)
FLAGS: Final = Source(
    table="rollup_flags",
    columns=("sampled", "acted", "found", "inclusion", "kind", "name", "times"),
    raws={Part.PEOPLE: _FLAGS},
    days="rollup_day_flags",
    adding_days=days.FLAGS,
    kept=("queue",),
    told_apart=False,
)
PANELS: Final = Source(
    table="rollup_panels", columns=("looked", "overturned"), raws={Part.PEOPLE: _PANELS}
)
VALIDATIONS: Final = Source(
    table="rollup_validations",
    columns=("upheld", "inclusion", "times"),
    raws={Part.PEOPLE: _VALIDATIONS},
)
SOURCES: Final = (FLOWS, DEADLINES, WORK, LOOKS, FLAGS, PANELS, BALLOTS, APPEALS, VALIDATIONS)
