"""Sums by hour that figures are told from, so that nobody has to read all rows again.

An hour is that in which an item, a case or an appeal came, as its id says; of deadlines that in
which they fall. All of it can be made again from the other tables: see `queues.measurement`.
"""

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from queues.store.tables.columns import metadata, moment, word

_KEY: Final = ("hour", "tier", "policy", "queue", "language")


def _key() -> tuple[Column[Any], ...]:
    """What sums are kept by; empty: there is none, as no queue of the machine."""
    return moment("hour"), *(word(name) for name in _KEY[1:])


def _count(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


#: What came, and what became of it.
rollup_flows = Table(
    "rollup_flows",
    metadata,
    *_key(),
    _count("items"),
    _count("decided"),
    _count("open"),
    # Times until it was decided, and until it went elsewhere: bins, and how many are in each.
    Column("over_bins", ARRAY(SmallInteger), nullable=False),
    Column("over_times", ARRAY(Integer), nullable=False),
    Column("gone_bins", ARRAY(SmallInteger), nullable=False),
    Column("gone_times", ARRAY(Integer), nullable=False),
    # Of what still waits, since when: seconds since 1970.
    Column("since", ARRAY(Double), nullable=False),
    # Those that were decided, of exact duplicates within the hour one.
    _count("distinct_decided"),
    # Those that ended before they came, by their dates: they took no time.
    _count("odd"),
    PrimaryKeyConstraint(*_KEY),
)

#: Days as sums of their hours, told apart by one thing at a time: tier, policy, queue or language.
#: What people spend is hardly shorter by the hour than row by row; by the day it is.
_DAY_KEY: Final = ("day", "by", "name", "tier")


def _day_key() -> tuple[Column[Any], ...]:
    return moment("day"), *(word(name) for name in _DAY_KEY[1:])


rollup_day_flows = Table(
    "rollup_day_flows",
    metadata,
    *_day_key(),
    _count("items"),
    _count("decided"),
    _count("open"),
    Column("over_bins", ARRAY(SmallInteger), nullable=False),
    Column("over_times", ARRAY(Integer), nullable=False),
    Column("gone_bins", ARRAY(SmallInteger), nullable=False),
    Column("gone_times", ARRAY(Integer), nullable=False),
    Column("since", ARRAY(Double), nullable=False),
    _count("distinct_decided"),
    _count("odd"),
    PrimaryKeyConstraint(*_DAY_KEY),
)
rollup_day_work = Table(
    "rollup_day_work",
    metadata,
    *_day_key(),
    word("reviewer"),
    _count("votes"),
    _count("timed"),
    _count("paced"),
    Column("seconds", Double, nullable=False),
    Column("squares", Double, nullable=False),
    PrimaryKeyConstraint(*_DAY_KEY, "reviewer"),
)

rollup_day_deadlines = Table(
    "rollup_day_deadlines",
    metadata,
    *_day_key(),
    _count("due"),
    _count("on_time"),
    PrimaryKeyConstraint(*_DAY_KEY),
)

#: Deadlines of people that fell in the hour.
rollup_deadlines = Table(
    "rollup_deadlines",
    metadata,
    *_key(),
    _count("due"),
    _count("on_time"),
    PrimaryKeyConstraint(*_KEY),
)

#: People's time, by who spent it: what an hour costs is asked when it is shown.
rollup_work = Table(
    "rollup_work",
    metadata,
    *_key(),
    word("reviewer"),
    _count("votes"),
    _count("timed"),  # votes with active seconds
    _count("paced"),  # with more than none
    Column("seconds", Double, nullable=False),
    Column("squares", Double, nullable=False),
    PrimaryKeyConstraint(*_KEY, "reviewer"),
)

#: Blind first answers beside what the machine had said.
rollup_looks = Table(
    "rollup_looks",
    metadata,
    *_key(),
    Column("sampled", Boolean, nullable=False),
    Column("acted", Boolean, nullable=False),
    Column("found", Boolean, nullable=False),
    Column("blind", Boolean, nullable=False),
    Column("inclusion", Double, nullable=False),
    _count("times"),
    PrimaryKeyConstraint(*_KEY, "sampled", "acted", "found", "blind", "inclusion"),
)

#: The same by rule that matched, and by model; policy and language are empty.
rollup_flags = Table(
    "rollup_flags",
    metadata,
    *_key(),
    Column("sampled", Boolean, nullable=False),
    Column("acted", Boolean, nullable=False),
    Column("found", Boolean, nullable=False),
    Column("inclusion", Double, nullable=False),
    word("kind"),  # rule, model
    word("name"),
    _count("times"),
    PrimaryKeyConstraint(*(*_KEY, "sampled", "acted", "found", "inclusion", "kind", "name")),
)

#: Days of looks keep the queue, by which the share of blind ones is told; so there are none by
#: queue alone.
rollup_day_looks = Table(
    "rollup_day_looks",
    metadata,
    *_day_key(),
    word("queue"),
    Column("sampled", Boolean, nullable=False),
    Column("acted", Boolean, nullable=False),
    Column("found", Boolean, nullable=False),
    Column("blind", Boolean, nullable=False),
    Column("inclusion", Double, nullable=False),
    _count("times"),
    PrimaryKeyConstraint(*(*_DAY_KEY, "queue", "sampled", "acted", "found", "blind", "inclusion")),
)

#: Nothing tells days of flags apart, as nothing does their hours.
rollup_day_flags = Table(
    "rollup_day_flags",
    metadata,
    moment("day"),
    word("tier"),
    word("queue"),
    Column("sampled", Boolean, nullable=False),
    Column("acted", Boolean, nullable=False),
    Column("found", Boolean, nullable=False),
    Column("inclusion", Double, nullable=False),
    word("kind"),
    word("name"),
    _count("times"),
    PrimaryKeyConstraint(
        *("day", "tier", "queue", "sampled", "acted", "found", "inclusion", "kind", "name")
    ),
)

#: What panels decided that one reviewer had decided.
rollup_panels = Table(
    "rollup_panels",
    metadata,
    *_key(),
    _count("looked"),
    _count("overturned"),
    PrimaryKeyConstraint(*_KEY),
)

#: What several people said of one thing, in the order of the alphabet, and of how many.
rollup_ballots = Table(
    "rollup_ballots",
    metadata,
    *_key(),
    Column("said", ARRAY(Text), nullable=False),
    _count("times"),
    PrimaryKeyConstraint(*_KEY, "said"),
)

#: Few are enough to tell agreement from, which is told by tier alone.
rollup_day_ballots = Table(
    "rollup_day_ballots",
    metadata,
    moment("day"),
    word("tier"),
    Column("said", ARRAY(Text), nullable=False),
    _count("times"),
    PrimaryKeyConstraint("day", "tier", "said"),
)

#: What seniors said of final decisions, by the tier that decided; policy, queue and language are
#: empty.
rollup_validations = Table(
    "rollup_validations",
    metadata,
    *_key(),
    Column("upheld", Boolean, nullable=False),
    Column("inclusion", Double, nullable=False),
    _count("times"),
    PrimaryKeyConstraint(*_KEY, "upheld", "inclusion"),
)

#: Appeals, by what they are about.
rollup_appeals = Table(
    "rollup_appeals",
    metadata,
    *_key(),
    _count("filed"),
    _count("open"),
    _count("upheld"),
    _count("overturned"),
    PrimaryKeyConstraint(*_KEY),
)

#: Squares of what people's time for each item cost in an hour, at the rates of when it was summed.
rollup_costs = Table(
    "rollup_costs",
    metadata,
    moment("hour"),
    Column("squares", Double, nullable=False),
    PrimaryKeyConstraint("hour"),
)

#: Hours in which something changed, one row or more for each transaction; written by triggers.
rollup_marks = Table(
    "rollup_marks",
    metadata,
    word("part"),  # machine, people, appeals
    moment("hour"),
)

#: A single row: hours before `until` are summed up.
rollup_state = Table(
    "rollup_state",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    moment("until", optional=True),
)
