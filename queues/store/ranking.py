"""The order in which open cases are handed out: who is next, in one place.

Urgent before high before normal before low; among equals the one that is due first. A case that
waits rises by one step for every `review.ageing` seconds, so that none waits for ever, however
many more urgent ones keep coming.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, ColumnElement, cast, extract, func

from queues.store.tables.cases import cases

#: Priorities are 0 urgent, 3 high, 6 normal, 9 low, as Redis numbers them.
STEP: Final = 3

#: What an item's language is in the index: in lower case, and empty where it is not known.
LANGUAGE: Final = "COALESCE(lower(cases.language), '')"

#: For ORDER BY, after conditions on `queue`, `policy` and LANGUAGE: `ix_cases_queue` keeps it so.
NEXT_FIRST: Final = "cases.rank, cases.due_at, cases.id"


def rank_of(ageing: float) -> ColumnElement[int]:
    """The rank of a row of `cases`, smallest first; written into `cases.rank` as it opens.

    To rise by a step for each period of waiting, all cases alike, is to be ranked by the period
    one came in plus the steps of one's priority. That number never changes, so it can be indexed:
    handing out takes as long with a hundred thousand cases as with ten.

    Args:
        ageing: Seconds of waiting that weigh as much as one step of priority.
    """
    period = func.floor(extract("epoch", cases.c.enqueued_at) / ageing)
    return cast(period, BigInteger) + cases.c.priority // STEP


def rank_at(since: datetime, priority: int, ageing: float) -> int:
    """The same, of a case that came in at a moment with a priority."""
    return int(since.timestamp() // ageing) + priority // STEP
