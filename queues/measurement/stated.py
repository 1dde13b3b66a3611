"""Statements of reasons, counted by what was decided, about what, and by whom.

Of many, slices of time are read that are drawn by a hash, as for rules: each statement has the
same chance, and counts have an interval.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, text

from engine.quality import Measure, slices
from engine.quality.proportions import share
from engine.quality.slices import Count, Sample
from queues.ids import SKEW
from queues.measurement.rules import drawing
from queues.store.session import Store

#: So many are read, or up to twice that.
READ: Final = 5_000
_USUAL: Final = timedelta(days=30)
#: There are no older rows, and ids have no room for them.
_FIRST: Final = timedelta(days=365 * 25)
#: How often the window is halved to tell how many there are: finer where that is enough.
_GLANCES: Final = (10, 5)
_ENOUGH: Final = 50
_STATEMENTS: Final = "statements"
_FULLY: Final = "AUTOMATED_DECISION_FULLY"
_HOW_MANY: Final = text("SELECT count(*)" + drawing.WITHIN.format(columns="", table=_STATEMENTS))
# The id of a statement is its decision's: that of one day is looked up by itself.
_COUNTED: Final = text(
    "SELECT slice.floor AS part, coalesce(made.policy, '') AS policy,"  # noqa: S608 - ours
    " coalesce(made.action, '') AS action, its.automation, its.category, its.source,"
    " count(*) AS times"
    + drawing.WITHIN.format(
        columns="id, fields->>'automated_decision' AS automation, fields->>'category' AS category,"
        " fields->>'source_type' AS source",
        table=_STATEMENTS,
    )
    + "LEFT JOIN LATERAL (SELECT policy, action FROM decisions WHERE decisions.id = its.id LIMIT 1)"
    " AS made ON true GROUP BY 1, 2, 3, 4, 5, 6"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """Statements that are alike."""

    policy: str
    """Of the decision; empty: it named none, or is gone."""
    action: str
    automation: str
    """In the words of the Transparency Database, such as `AUTOMATED_DECISION_FULLY`."""
    category: str
    """Likewise, such as `STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH`."""
    source: str
    """Likewise, such as `SOURCE_VOLUNTARY`."""
    count: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """Statements about decisions of a window."""

    since: datetime
    until: datetime
    whole: bool
    """Whether all were read; else counts have intervals."""
    all: Count
    automated: Measure
    """Of those that were read, the share of decisions that no person took part in."""
    groups: tuple[Stated, ...]
    """The most frequent first."""


_Key = tuple[str, str, str, str, str]


def stated(store: Store, *, since: datetime | None, most: int = READ) -> Statements:
    """How many statements were issued, by policy, action, automation, category and source.

    Args:
        store: Where it all stands.
        since: Decisions from this moment on; None: of the last 30 days.
        most: How many may be read; up to twice that where traffic is uneven.
    """
    with store.read() as connection:
        now: datetime = connection.execute(text("SELECT now()")).scalar_one()
        begin = min(max(now - _USUAL if since is None else since, now - _FIRST), now)
        # Ids are by clocks of machines, which may be ahead.
        end = now + SKEW
        drawn = drawing.draw(
            connection,
            _STATEMENTS,
            begin=begin,
            end=end,
            expected=_about(connection, begin, end),
            most=most,
        )
        rows = connection.execute(_COUNTED, drawing.given(drawn)).all()
    by_key: dict[_Key, Counter[object]] = defaultdict(Counter)
    for row in rows:
        key = (row.policy, row.action, row.automation, row.category, row.source)
        by_key[key][row.part] += row.times
    seen = {key: parts.total() for key, parts in by_key.items()}
    fully = sum(times for (_, _, automation, _, _), times in seen.items() if automation == _FULLY)
    groups = (_stated(key, parts.values(), drawn) for key, parts in by_key.items())
    total: Counter[object] = sum(by_key.values(), Counter())
    return Statements(
        since=begin,
        until=now,
        whole=drawn.whole,
        all=slices.count(list(total.values()), drawn),
        automated=share(fully, sum(seen.values())),
        groups=tuple(sorted(groups, key=_order)),
    )


def _about(connection: Connection, begin: datetime, end: datetime) -> int:
    """About how many there are, from a few slices; 0: not many."""
    first, last = drawing.milliseconds(begin), drawing.milliseconds(end)
    for halvings in _GLANCES:
        drawn = slices.sample(first, last, halvings=halvings)
        seen: int = connection.execute(_HOW_MANY, drawing.given(drawn)).scalar_one()
        if seen >= _ENOUGH:
            return round(seen / drawn.share)
    return 0


def _stated(key: _Key, by_slice: Iterable[int], drawn: Sample) -> Stated:
    policy, action, automation, category, source = key
    return Stated(
        policy=policy,
        action=action,
        automation=automation,
        category=category,
        source=source,
        count=slices.count(list(by_slice), drawn),
    )


def _order(each: Stated) -> tuple[float, str, str, str]:
    return (-each.count.value, each.policy, each.action, each.automation)
