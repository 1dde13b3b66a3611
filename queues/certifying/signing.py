"""The owner of a policy answers for a rule: a legal order, a match of known hashes."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.certifying import Ground, Hashes
from queues.certifying import keeping
from queues.errors import Conflict, NotFound, Refused
from queues.ids import new_id
from queues.sections import Certifying
from queues.store.ledger import AuditEvent, record
from queues.store.locks import Lock, wait_for
from queues.store.notices import Topic, notify
from queues.store.session import Store

_RULE: Final = "rule that decides by itself"
_SIGN_OFF: Final = "sign-off of the rule"
_ADD: Final = text("""
INSERT INTO sign_offs (id, rule, release, by, ground, reason, since, until)
VALUES (:id, :rule, :release, :by, :ground, :reason, :since, :until)
""")
_WITHDRAW: Final = text("""
UPDATE sign_offs SET withdrawn_at = now(), withdrawn_by = :by
WHERE rule = :rule AND withdrawn_at IS NULL
RETURNING id, rule, release, sign_offs.by, ground, reason, since, until
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody wants to answer for."""

    ground: Ground
    reason: str
    """In words, for whoever asks later."""
    until: datetime | None = None
    """When it ends; None: as late as it may."""
    release: str | None = None
    """The hash they looked at; another one that is in force is refused. None: whatever is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A sign-off."""

    id: UUID
    rule: str
    release: str
    """The hash of all that the rule's matches depend on: it ends with any change of them."""
    by: str
    ground: Ground
    reason: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """Takes sign-offs, and takes them back. Who may is for the caller to see to."""

    store: Store
    bindings: Callable[[], Mapping[str, Hashes]]
    """Of the rules in force that decide by themselves; raises Unavailable."""
    given: Certifying

    def sign_off(self, rule: str, wanted: Wanted, *, by: str) -> Signed:
        """Answer for a rule as it is in force now; one that was signed before is signed anew.

        Raises:
            NotFound: no such rule decides by itself.
            Conflict: it is not what they looked at.
            Refused: no reason, or an end that is past or too far away.
        """
        binding = self.bindings().get(rule)
        if binding is None or binding.release is None:
            raise NotFound(_RULE, rule)
        if wanted.release not in {None, binding.release}:
            what = f"rule `{rule}`"
            raise Conflict(what, f"its hash is `{binding.release}` now; look at it again")
        if not wanted.reason.strip():
            field = "reason"
            raise Refused(field, "is empty; say why, for whoever asks later")
        with self.store.transaction() as connection:
            wait_for(connection, Lock.SIGNING_OFF)
            now = keeping.now(connection)
            signed = Signed(
                id=new_id(),
                rule=rule,
                release=binding.release,
                by=by,
                ground=wanted.ground,
                reason=wanted.reason,
                since=now,
                until=self._until(wanted, now),
            )
            _keep(connection, signed)
        return signed

    def withdraw(self, rule: str, *, by: str) -> Signed:
        """Take a sign-off back and say what it was; raises NotFound where there is none."""
        with self.store.transaction() as connection:
            wait_for(connection, Lock.SIGNING_OFF)
            given = {"rule": rule, "by": by}
            found = connection.execute(_WITHDRAW, given).mappings().one_or_none()
            if found is None:
                raise NotFound(_SIGN_OFF, rule)
            _tell(connection, "rule.sign_off_withdrawn", rule, by, keeping.now(connection), {})
        return Signed(**{**found, "ground": Ground(found["ground"])})

    def _until(self, wanted: Wanted, now: datetime) -> datetime:
        latest = now + timedelta(days=self.given.sign_off_days)
        if wanted.until is None:
            return latest
        if not now < wanted.until <= latest:
            field = "until"
            days = f"{self.given.sign_off_days:g} days"
            raise Refused(field, f"has to be after now and {days} away at most")
        return wanted.until


def _keep(connection: Connection, signed: Signed) -> None:
    """Keep a sign-off in place of the one before."""
    connection.execute(_WITHDRAW, {"rule": signed.rule, "by": signed.by})
    connection.execute(_ADD, {**asdict(signed), "ground": signed.ground.value})
    # No texts of people in the audit: the reason stands with the sign-off.
    details = {"ground": signed.ground, "release": signed.release, "until": signed.until}
    _tell(connection, "rule.signed_off", signed.rule, signed.by, signed.since, details)


def _tell(
    connection: Connection,
    kind: str,
    rule: str,
    by: str,
    at: datetime,
    details: Mapping[str, object],
) -> None:
    record(connection, [AuditEvent(at=at, actor=by, kind=kind, subject=rule, details=details)])
    notify(connection, Topic.CERTIFICATES, rule)
