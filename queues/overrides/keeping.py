"""Overrides: made by somebody who may, listed, withdrawn, and over when their time is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.item import Item
from engine.overriding import Override as Applied
from engine.rules.model import Policy
from queues.errors import Conflict, NotFound, Refused
from queues.ids import SKEW, id_floor, new_id
from queues.intake.content import content_of
from queues.overrides.contents import content_of_hash, content_of_item
from queues.people import policies_of
from queues.store.ledger import AuditEvent, record
from queues.store.overriding import overrides_in_force
from queues.store.session import Store

_OVERRIDE: Final = "override"
_MACHINE: Final = "machine"
_PUBLISH: Final = "publish"

_ADD: Final = text("""
INSERT INTO overrides
    (id, content, action, reasons, policy, comment, item_id, made_by, expires_at)
VALUES (:id, :content, :action, :reasons, :policy, :comment, :item, :by, :expires)
ON CONFLICT (content) WHERE ended_at IS NULL DO NOTHING RETURNING id
""")
_STANDING: Final = text("""
SELECT id FROM overrides WHERE content = :content AND ended_at IS NULL
""")
_EXPIRE: Final = text("""
UPDATE overrides SET ended_at = expires_at WHERE id IN (
    SELECT id FROM overrides WHERE ended_at IS NULL AND expires_at <= now()
        AND (CAST(:content AS bytea) IS NULL OR content = :content)
    ORDER BY id FOR UPDATE
) RETURNING id, item_id
""")
_WITHDRAW: Final = text("""
UPDATE overrides SET ended_at = now(), ended_by = :by
WHERE id = :id AND ended_at IS NULL AND expires_at > now() RETURNING item_id
""")
_LIST: Final = text("""
SELECT overrides.id, encode(overrides.content, 'hex') AS hash, overrides.action, reasons, policy,
    comment,
    item_id, items.sender_id, made_by, made_at, expires_at,
    CASE WHEN ended_at IS NULL AND expires_at <= now() THEN expires_at ELSE ended_at END
        AS ended_at, ended_by,
    CASE WHEN ended_by IS NOT NULL THEN 'withdrawn'
        WHEN ended_at IS NOT NULL OR expires_at <= now() THEN 'expired' ELSE 'in_force' END AS state
FROM overrides LEFT JOIN items ON items.id = overrides.item_id
WHERE (CAST(:id AS uuid) IS NULL OR overrides.id = :id)
    AND (:ended OR ended_at IS NULL AND expires_at > now())
ORDER BY overrides.id DESC LIMIT :limit
""")
# Days before the oldest of them hold none.
_APPLIED: Final = text("""
SELECT override_id, count(*) AS decisions FROM decisions
WHERE override_id = ANY(:ids) AND id >= :floor GROUP BY override_id
""")


class OverrideState(StrEnum):
    """Whether an override holds."""

    IN_FORCE = "in_force"
    EXPIRED = "expired"
    #: Somebody ended it.
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An override that is to be made: of the content of an item, or of a hash."""

    item: str | None = None
    hash: str | None = None
    action: str
    reasons: Sequence[str] = ()
    policy: str | None = None
    """By default that of the first reason."""
    comment: str | None = None
    """Why, for those who look at it later."""
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """An override as it stands."""

    id: UUID
    hash: str
    """Of the content, 32 hexadecimal digits."""
    action: str
    reasons: tuple[str, ...]
    policy: str
    comment: str | None
    item_id: UUID | None
    """The item of whose content it was made; None: of a hash, or the item is erased."""
    sender_id: str | None
    made_by: str
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    ended_by: str | None
    """Who withdrew it."""
    state: OverrideState
    decisions: int
    """Made by it, as far as they are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What can be done with overrides."""

    store: Store
    policy: Callable[[], Policy]
    """The policy in force; raises Unavailable where there is none."""
    longest: float
    """Seconds one may hold."""

    def add(self, wanted: Wanted, *, by: str) -> Override:
        """Decide about content: items that come from now on, until it expires, get its action.

        Raises:
            NotFound: there is no such item.
            Conflict: the item is erased, or its content has an override in force.
            Refused: something of it is unknown, missing, or not possible.
            Unavailable: there is no policy in force.
        """
        policy = self.policy()
        with self.store.transaction() as connection:
            at: datetime = connection.execute(text("SELECT now()")).scalar_one()
            _check_outcome(wanted, policy)
            self._check_time(wanted, at)
            item, content = _content(connection, wanted, policy)
            _expire(connection, at, content)
            override, policy_name = new_id(), _policy_of(wanted, policy)
            given = {
                "id": override,
                "content": content,
                "action": wanted.action,
                "reasons": list(wanted.reasons),
                "policy": policy_name,
                "comment": wanted.comment,
                "item": item,
                "by": by,
                "expires": wanted.expires_at,
            }
            if connection.execute(_ADD, given).first() is None:
                raise _taken(connection, content)
            details = {
                "action": wanted.action,
                "reasons": list(wanted.reasons),
                "policy": policy_name,
                "expires_at": wanted.expires_at.isoformat(),
            }
            _tell(connection, "override.added", at, by, (override, item), details)
            return _one(connection, override)

    def withdraw(self, override: UUID, *, by: str) -> Override:
        """End an override now; what was decided by it stays.

        Raises:
            NotFound: there is no such override.
            Conflict: it is over already.
        """
        with self.store.transaction() as connection:
            ended = connection.execute(_WITHDRAW, {"id": override, "by": by}).first()
            found = _one(connection, override)
            if ended is None:
                what, why = f"{_OVERRIDE} `{override}`", f"it is over: {found.state.value}"
                raise Conflict(what, why)
            at = connection.execute(text("SELECT now()")).scalar_one()
            _tell(connection, "override.withdrawn", at, by, (override, ended.item_id), {})
            return found

    def listed(self, *, ended: bool = False, limit: int = 1_000) -> list[Override]:
        """Overrides, the last one first.

        Args:
            ended: Also those that are over.
            limit: How many at most.
        """
        with self.store.read() as connection:
            return _listed(connection, None, ended=ended, limit=limit)

    def expire(self) -> int:
        """Note which overrides are over; they have done nothing since. Says how many."""
        with self.store.transaction() as connection:
            at = connection.execute(text("SELECT now()")).scalar_one()
            return _expire(connection, at, None)

    def of_item(self, item: Item) -> Applied | None:
        """The override in force for what an item says."""
        content = content_of(item, self.policy().vocabulary)
        if content is None:
            return None
        with self.store.read() as connection:
            return overrides_in_force(connection, [content]).get(content)

    def _check_time(self, wanted: Wanted, at: datetime) -> None:
        field = "expires_at"
        if wanted.expires_at <= at:
            raise Refused(field, "is over already")
        if wanted.expires_at > at + timedelta(seconds=self.longest):
            days = f"{self.longest / 86_400:,.4g} days"
            raise Refused(field, f"is too late; an override holds {days} at most")


def _check_outcome(wanted: Wanted, policy: Policy) -> None:
    """Raise Refused where an action, reason or policy is unknown or missing."""
    known = policy.vocabulary
    unknown = next((name for name in wanted.reasons if name not in known.reasons), None)
    for field, wrong, why in (
        ("action", wanted.action not in known.actions, f"there is no action `{wanted.action}`"),
        ("reasons", unknown is not None, f"there is no reason `{unknown}`"),
        ("reasons", not wanted.reasons and wanted.action != _PUBLISH, "say why: name a reason"),
    ):
        if wrong:
            raise Refused(field, why)


def _policy_of(wanted: Wanted, policy: Policy) -> str:
    """The policy that an override belongs to; raises Refused."""
    field = "policy"
    if wanted.policy is not None:
        if wanted.policy not in policies_of(policy):
            raise Refused(field, f"there is no policy `{wanted.policy}`")
        return wanted.policy
    first = next(iter(wanted.reasons), None)
    reason = None if first is None else policy.vocabulary.reasons[first]
    if reason is None or reason.policy is None:
        raise Refused(field, "say which policy it belongs to, as no reason tells")
    return reason.policy


def _content(connection: Connection, wanted: Wanted, policy: Policy) -> tuple[UUID | None, bytes]:
    if (wanted.item is None) == (wanted.hash is None):
        field = "item"
        raise Refused(field, "give either an `item`, whose content it is, or a `hash`")
    if wanted.hash is not None:
        return None, content_of_hash(wanted.hash)
    return content_of_item(connection, str(wanted.item), policy)


def _taken(connection: Connection, content: bytes) -> Conflict:
    standing = connection.execute(_STANDING, {"content": content}).scalar()
    what = "this content" if standing is None else f"{_OVERRIDE} `{standing}`"
    return Conflict(what, "is in force for the same content; withdraw it first")


def _expire(connection: Connection, at: datetime, content: bytes | None) -> int:
    rows = connection.execute(_EXPIRE, {"content": content}).all()
    for row in rows:
        _tell(connection, "override.expired", at, _MACHINE, (row.id, row.item_id), {})
    return len(rows)


def _one(connection: Connection, override: UUID) -> Override:
    found = _listed(connection, override, ended=True, limit=1)
    if not found:
        raise NotFound(_OVERRIDE, str(override))
    return found[0]


def _listed(
    connection: Connection, override: UUID | None, *, ended: bool, limit: int
) -> list[Override]:
    given = {"id": override, "ended": ended, "limit": limit}
    rows = connection.execute(_LIST, given).mappings().all()
    if not rows:
        return []
    floor = id_floor(min(row["made_at"] for row in rows) - SKEW)
    applied = connection.execute(_APPLIED, {"ids": [row["id"] for row in rows], "floor": floor})
    decisions = {row.override_id: row.decisions for row in applied}
    return [_override(row, decisions.get(row["id"], 0)) for row in rows]


def _override(row: Mapping[Any, Any], decisions: int) -> Override:
    return Override(
        **{
            **row,
            "reasons": tuple(row["reasons"]),
            "state": OverrideState(row["state"]),
            "decisions": decisions,
        }
    )


def _tell(
    connection: Connection,
    kind: str,
    at: datetime,
    by: str,
    about: tuple[UUID, UUID | None],
    details: Mapping[str, object],
) -> None:
    override, item = about
    event = AuditEvent(
        at=at, actor=by, kind=kind, item_id=item, subject=str(override), details=details
    )
    record(connection, [event])
