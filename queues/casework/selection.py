"""Which cases a list has, in which order, and how many are looked at for a page of it."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, FromClause, Select, and_, func, select, text, tuple_

from queues.errors import Refused
from queues.ids import id_floor
from queues.quality.purposes import BY_ONE, Purpose
from queues.store.tables.cases import cases

Columns = Callable[[FromClause], Sequence[ColumnElement[Any]]]
"""What is read of each case, from wherever cases are read."""

UNFINISHED: Final = ("waiting", "open")
#: So many cases are looked at for a page that few of them may be on.
LOOKED_AT: Final = 20_000
_CURSOR: Final = "cursor"
_ORDER: Final = "order"
# What two people said without knowing of each other: on one case, or on the two cases of a second
# look. Nobody is told by a list what was said in a round that goes on; and a third vote that was
# asked for because two differed is no first look.
_SAID: Final = """
(SELECT count(DISTINCT votes.reviewer) FROM cases AS said JOIN votes ON votes.case_id = said.id
WHERE said.item_id = cases.item_id AND votes.round = 1 AND votes.blind
    AND votes.action = :{action}
    AND (said.round > 1 OR said.state NOT IN ('waiting', 'open'))
    AND (said.id = cases.id OR (said.tier = 'single' AND cases.tier = 'single'
        AND said.purpose IN ('review', 'overlap') AND cases.purpose IN ('review', 'overlap')))
    AND (said.decide <> 'two_plus_one' OR (SELECT count(*) FROM votes AS before
        WHERE before.case_id = said.id AND before.round = 1 AND before.id < votes.id) < 2)
) >= :{times}
"""
_VOTED: Final = """
EXISTS (SELECT FROM votes WHERE votes.case_id = cases.id AND votes.reviewer = :reviewer
    AND (votes.round < cases.round OR cases.state NOT IN ('waiting', 'open')))
"""


class CaseState(StrEnum):
    """Where a case stands."""

    #: It is being opened.
    WAITING = "waiting"
    #: It can be claimed, or somebody works on it.
    OPEN = "open"
    #: People decided.
    DECIDED = "decided"
    #: Another tier has it.
    ESCALATED = "escalated"
    #: It needs nobody any more.
    WITHDRAWN = "withdrawn"


class Order(StrEnum):
    """Which case comes first."""

    #: That which is due first.
    DUE = "due"
    #: That which came last.
    NEWEST = "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which cases are listed; None: whichever."""

    tier: str | None = None
    queue: str | None = None
    state: CaseState | None = None
    overdue: bool | None = None
    purpose: Purpose | None = None
    policy: str | None = None
    language: str | None = None
    rule: str | None = None
    """Which brought it to people."""
    reviewer: str | None = None
    """Who voted, in a round that is over."""
    said: tuple[str, ...] = ()
    """Actions that different people chose blind in the first round, or in a second look."""
    since: datetime | None = None
    """It came then or later."""
    until: datetime | None = None
    """It came before."""

    @property
    def tells(self) -> bool:
        """Whether that a case is listed says more of it than its tier and how it stands."""
        plain = {"tier", "queue", "state", "overdue"}
        return any(getattr(self, each.name) for each in fields(self) if each.name not in plain)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A page of cases: after which place, in which order, for whom."""

    wanted: Wanted
    order: Order = Order.DUE
    cursor: str | None = None
    limit: int = 100
    reviewing: bool = False
    """Whoever asks reviews: of cases that nobody has decided yet, what else is known tells too
    much, so only those that are over are chosen by it."""

    @property
    def sparse(self) -> bool:
        """Whether a page may have few of many: a bounded number of cases is looked at."""
        return self.wanted.tells or self.order is Order.NEWEST

    def question(self, columns: Columns) -> Select[Any]:
        """The cases of the page, and one more where there are more; raises Refused."""
        source: FromClause = cases
        conditions = [*self._after()]
        if self.sparse:
            looked = select(cases).where(*self._range()).order_by(*self._by(cases))
            source, conditions = looked.limit(LOOKED_AT).subquery("cases"), []
        question = select(*columns(source)).where(*conditions, *self._conditions(source))
        return question.order_by(*self._by(source)).limit(self.limit + 1)

    def edge(self) -> Select[Any]:
        """The last case that was looked at, where there may be more behind it."""
        question = select(cases.c.due_at, cases.c.id).where(*self._range())
        return question.order_by(*self._by(cases)).offset(LOOKED_AT - 1).limit(1)

    def cursor_at(self, due: datetime, identity: UUID) -> str:
        """Where a page goes on after a case."""
        place: list[object] = [due, identity]
        if self.order is not Order.DUE:
            place.append(self.order.value)
        return urlsafe_b64encode(orjson.dumps(place)).decode().rstrip("=")

    def _by(self, source: FromClause) -> tuple[ColumnElement[Any], ...]:
        if self.order is Order.DUE:
            return source.c.due_at.asc(), source.c.id.asc()
        return (source.c.id.desc(),)

    def _after(self) -> Iterator[ColumnElement[bool]]:
        if self.cursor is None:
            return
        due, identity = _place(self.cursor, self.order)
        if self.order is Order.DUE:
            yield tuple_(cases.c.due_at, cases.c.id) > tuple_(due, identity)
        else:
            yield cases.c.id < identity

    def _range(self) -> Iterator[ColumnElement[bool]]:
        """What an index begins and ends with."""
        yield from self._after()
        if self.order is Order.NEWEST:
            yield from _came(self.wanted, cases)

    def _conditions(self, source: FromClause) -> Iterator[ColumnElement[bool]]:
        wanted = self.wanted
        for column, value in _equal(wanted).items():
            if value is not None:
                yield source.c[column] == value
        if wanted.overdue is not None:
            late = and_(source.c.state.in_(UNFINISHED), source.c.due_at < func.now())
            yield late if wanted.overdue else ~late
        yield from _came(wanted, source)
        if wanted.reviewer is not None:
            yield _told(_VOTED, reviewer=wanted.reviewer)
        for number, (action, times) in enumerate(Counter(wanted.said).items()):
            names = {"action": f"said_{number}", "times": f"times_{number}"}
            yield _told(_SAID.format(**names), **{names["action"]: action, names["times"]: times})
        if self.reviewing and wanted.tells:
            yield source.c.state.not_in(UNFINISHED)
            yield source.c.purpose.not_in([each.value for each in BY_ONE])


def _equal(wanted: Wanted) -> Mapping[str, str | None]:
    same = ("tier", "queue", "state", "purpose", "policy", "language", "rule")
    return {name: getattr(wanted, name) for name in same}


def _came(wanted: Wanted, source: FromClause) -> Iterator[ColumnElement[bool]]:
    if wanted.since is not None:
        yield source.c.id >= id_floor(wanted.since)
    if wanted.until is not None:
        yield source.c.id < id_floor(wanted.until)


def _told(statement: str, **given: object) -> ColumnElement[bool]:
    condition: Any = text(statement).bindparams(**given)
    return condition  # type: ignore[no-any-return]  # a text stands where a condition does


def _place(cursor: str, order: Order) -> tuple[datetime, UUID]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        due, identity, *of = orjson.loads(urlsafe_b64decode(padded.encode("ascii")))
        place = datetime.fromisoformat(due), UUID(identity)
    except (ValueError, TypeError, AttributeError) as error:
        raise Refused(_CURSOR, "is none that a page named") from error
    if (of or [Order.DUE.value]) != [order.value]:
        raise Refused(_ORDER, "is another one than that of the page before")
    return place
