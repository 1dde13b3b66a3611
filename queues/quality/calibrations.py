"""Calibration sessions: several people decide the same items, blind, to see where they differ.

Each of them gets the items among their other work, as cases that look like any blind one. Until the
session is over nobody sees what others said. Agreement is counted, and no more: see `tables`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.rules.model import Policy
from engine.rules.requests import default_queue
from engine.urgency import Urgency, Weights, rank_of
from engine.verdict import Priority, Severity, Tier
from queues.access import Role
from queues.errors import Conflict, NotFound, Refused
from queues.ids import new_id
from queues.quality import choosing, tables
from queues.quality.choosing import Choice, Chosen
from queues.quality.tables import Tables
from queues.store.ledger import AuditEvent, record
from queues.store.outbox import PRIORITIES
from queues.store.ranking import STEP
from queues.store.session import Store

_SESSION: Final = "calibration session"
_NORMAL: Final = Priority.NORMAL
_FEWEST: Final = 2

_ADD: Final = text("""
INSERT INTO calibrations (id, name, reviewers, made_by, until)
VALUES (:id, :name, :reviewers, :by, :until)
""")
_ADD_ITEMS: Final = text("""
INSERT INTO calibration_items (calibration_id, item_id, action)
SELECT :id, item, action FROM unnest(CAST(:items AS uuid[]), CAST(:actions AS text[]))
    AS told (item, action)
""")
# Nobody decides again what they saw before.
_ADD_CASES: Final = text("""
INSERT INTO cases (id, item_id, verdict_id, purpose, tier, queue, policy, reason, rule, priority,
    rank, severity, language, state, due_at, opened_at, announced_at, only_for, probe_id)
SELECT told.id, items.id, items.verdict_id, 'calibration', 'single', :queue,
    coalesce(last.policy, 'general'), coalesce(last.reason, 'calibration'), 'calibration',
    :priority, :rank, coalesce(last.severity, 'medium'), items.language, 'open', :until, now(),
    now(), told.reviewer, :session
FROM unnest(CAST(:ids AS uuid[]), CAST(:items AS uuid[]), CAST(:names AS text[]))
    AS told (id, item, reviewer)
JOIN items ON items.id = told.item
LEFT JOIN LATERAL (SELECT policy, reason, severity FROM cases
    WHERE cases.item_id = items.id AND only_for IS NULL ORDER BY cases.id DESC LIMIT 1
) AS last ON true
WHERE NOT EXISTS (SELECT FROM cases AS other WHERE other.item_id = items.id
    AND (other.only_for = told.reviewer
        OR EXISTS (SELECT FROM handouts
            WHERE handouts.case_id = other.id AND handouts.reviewer = told.reviewer)
        OR EXISTS (SELECT FROM votes
            WHERE votes.case_id = other.id AND votes.reviewer = told.reviewer)))
""")
_OF_ROLE: Final = text("""
SELECT name FROM accounts WHERE :role = ANY(roles) AND disabled_at IS NULL ORDER BY name
""")
_LIST: Final = text("""
SELECT calibrations.*, asked.cases, asked.answered, asked.left,
    (SELECT count(*) FROM calibration_items WHERE calibration_id = calibrations.id) AS items,
    CASE WHEN closed_at IS NOT NULL OR until <= now() OR asked.left = 0 THEN 'over' ELSE 'open' END
        AS state
FROM calibrations CROSS JOIN LATERAL (
    SELECT count(*) AS cases, count(*) FILTER (WHERE state = 'decided') AS answered,
        count(*) FILTER (WHERE state IN ('waiting', 'open')) AS left
    FROM cases WHERE probe_id = calibrations.id
) AS asked
WHERE CAST(:id AS uuid) IS NULL OR calibrations.id = :id
ORDER BY calibrations.id DESC LIMIT :limit
""")
_CLOSE: Final = text("""
UPDATE calibrations SET closed_at = now() WHERE id = :id AND closed_at IS NULL RETURNING now() AS at
""")
# What was voted counts, also where there would be time to think again.
_CLOSE_CASES: Final = text("""
UPDATE cases SET closed_at = now(), commit_at = NULL,
    state = CASE WHEN commit_at IS NULL THEN 'withdrawn' ELSE 'decided' END
WHERE probe_id = :id AND state IN ('waiting', 'open')
""")


class SessionState(StrEnum):
    """Whether a session goes on."""

    OPEN = "open"
    #: Everybody answered everything, its time is over, or it was closed.
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A session that is to be held."""

    name: str
    until: datetime
    """Who has not answered by then is not asked any more."""
    choice: Choice
    """Which items."""
    reviewers: Sequence[str] = ()
    """Who takes part; or all of a role."""
    role: Role | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A session."""

    id: UUID
    name: str
    reviewers: tuple[str, ...]
    made_by: str
    made_at: datetime
    until: datetime
    closed_at: datetime | None
    """When somebody ended it."""
    state: SessionState
    items: int
    cases: int
    """What is asked of all together. Who saw an item before is not asked about it."""
    answered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A session, and once it is over, what was said."""

    calibration: Calibration
    tables: Tables | None
    """None: it goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrations:
    """What can be done with sessions."""

    store: Store
    policy: Callable[[], Policy]
    """The policy in force; raises Unavailable where there is none."""
    weights: Weights
    """What makes a case urgent."""

    def start(self, wanted: Wanted, *, by: str) -> Calibration:
        """Ask everybody about every item, from now on.

        Raises:
            NotFound: there is no such item.
            Refused: fewer than two people, no items, or a date in the past.
        """
        queue = default_queue(Tier.SINGLE, self.policy().vocabulary.queues)
        with self.store.transaction() as connection:
            at: datetime = connection.execute(text("SELECT now()")).scalar_one()
            names = _reviewers(connection, wanted)
            chosen = choosing.choose(connection, wanted.choice)
            _check(wanted, names, chosen, at)
            session = new_id()
            given = {
                "id": session,
                "name": wanted.name,
                "reviewers": names,
                "by": by,
                "until": wanted.until,
            }
            connection.execute(_ADD, given)
            place = {
                "queue": Tier.SINGLE.value if queue is None else queue.name,
                "priority": PRIORITIES[_NORMAL],
                "rank": self._rank(at, wanted.until),
                "until": wanted.until,
            }
            _ask(connection, session, names, chosen, place)
            details = {"items": len(chosen), "reviewers": len(names)}
            _tell(connection, "calibration.started", session, at, by, details)
            return _listed(connection, session)[0]

    def _rank(self, at: datetime, until: datetime) -> int:
        """Where its cases stand: as a normal case that is due when the session ends."""
        urgency = Urgency(
            steps=PRIORITIES[_NORMAL] // STEP,
            severity=Severity.MEDIUM,
            reach=None,
            probability=None,
            since=at.timestamp(),
            due=until.timestamp(),
        )
        return rank_of(urgency, self.weights)

    def listed(self, limit: int = 100) -> list[Calibration]:
        """Sessions, the last one first."""
        with self.store.read() as connection:
            return _listed(connection, None, limit)

    def show(self, session: UUID) -> Report:
        """A session, and once it is over, what was said; raises NotFound."""
        with self.store.read() as connection:
            found = _one(connection, session)
            over = found.state is SessionState.OVER
            return Report(
                calibration=found, tables=tables.of(connection, session) if over else None
            )

    def close(self, session: UUID, *, by: str) -> Calibration:
        """End a session now; who has not answered is not asked any more.

        Raises:
            NotFound: there is no such session.
            Conflict: it was closed before.
        """
        with self.store.transaction() as connection:
            found = _one(connection, session)
            at = connection.execute(_CLOSE, {"id": session}).scalar_one_or_none()
            if at is None:
                raise _closed(found)
            connection.execute(_CLOSE_CASES, {"id": session})
            _tell(connection, "calibration.closed", session, at, by, {})
            return _one(connection, session)


def _reviewers(connection: Connection, wanted: Wanted) -> list[str]:
    names = list(wanted.reviewers)
    if wanted.role is not None:
        names += connection.execute(_OF_ROLE, {"role": wanted.role.value}).scalars()
    return list(dict.fromkeys(names))


def _check(wanted: Wanted, names: Sequence[str], chosen: Sequence[Chosen], at: datetime) -> None:
    """Raise Refused where a session would tell nothing."""
    for field, wrong, why in (
        ("reviewers", len(names) < _FEWEST, "at least two people are needed"),
        ("items", not chosen, "there is no such item that is decided"),
        ("until", wanted.until <= at, "is over already"),
    ):
        if wrong:
            raise Refused(field, why)


def _ask(
    connection: Connection,
    session: UUID,
    names: Sequence[str],
    chosen: Sequence[Chosen],
    place: Mapping[str, object],
) -> None:
    """Open a case for everybody and every item."""
    items = {
        "id": session,
        "items": [each.item for each in chosen],
        "actions": [each.action for each in chosen],
    }
    connection.execute(_ADD_ITEMS, items)
    pairs = [(each.item, name) for each in chosen for name in names]
    cases = {
        "session": session,
        "ids": [new_id() for _ in pairs],
        "items": [item for item, _ in pairs],
        "names": [name for _, name in pairs],
    }
    connection.execute(_ADD_CASES, {**place, **cases})


def _one(connection: Connection, session: UUID) -> Calibration:
    found = _listed(connection, session)
    if not found:
        raise NotFound(_SESSION, str(session))
    return found[0]


def _listed(connection: Connection, session: UUID | None, limit: int = 1) -> list[Calibration]:
    rows = connection.execute(_LIST, {"id": session, "limit": limit}).mappings()
    return [
        Calibration(
            **{name: value for name, value in row.items() if name not in {"left", "state"}}
            | {"reviewers": tuple(row["reviewers"]), "state": SessionState(row["state"])}
        )
        for row in rows
    ]


def _closed(session: Calibration) -> Conflict:
    return Conflict(f"{_SESSION} `{session.id}`", "it was closed before")


def _tell(
    connection: Connection,
    kind: str,
    session: UUID,
    at: datetime,
    by: str,
    details: Mapping[str, object],
) -> None:
    event = AuditEvent(at=at, actor=by, kind=kind, subject=str(session), details=details)
    record(connection, [event])
