"""Which rules of a release may act at a moment, and on what that rests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from engine.certifying import Basis, Hashes, Permission, permission
from queues.certifying.keeping import Kept, KeptSignOff
from queues.sections import Certifying

_ELSEWHERE: Final = "the certificate does not hold in this language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that was kept at a moment."""

    read_at: datetime
    """By the clock of Postgres."""
    looked_at: datetime | None
    """When somebody last looked for alarms; None: nobody ever did."""
    certificates: Mapping[str, Kept]
    sign_offs: Mapping[str, KeptSignOff]


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """Whether a rule may act by itself, and what says so."""

    permission: Permission
    by: UUID | None
    """The certificate or the sign-off; None: it may not."""
    withheld: Mapping[str, str] = field(default_factory=dict)
    """Languages in which it may not all the same, each with why."""
    suspended: bool = False
    """Whether it may not as nobody looked for alarms, and for no other reason."""


def permit(rule: str, present: Hashes, now: datetime, known: Known, given: Certifying) -> Permit:
    """Whether a rule may act by itself.

    Args:
        rule: Its name.
        present: What its matches depend on now.
        now: The moment.
        known: What is kept.
        given: What is asked.
    """
    kept, signed = known.certificates.get(rule), known.sign_offs.get(rule)
    certificate = None if kept is None else kept.certificate
    sign_off = None if signed is None else signed.sign_off
    ended = None if kept is None else end_of(kept, given)
    unseen = unwatched(known.looked_at, now, given)
    alarms = () if ended is None else (ended,)
    earned = permission(rule, certificate, None, present, now, alarms=alarms)
    held_up = earned.may_act and unseen is not None
    found = permission(
        rule, certificate, sign_off, present, now, alarms=None if held_up else alarms
    )
    withheld = kept.withheld if kept is not None and found.basis is Basis.CERTIFICATE else {}
    if withheld:
        owned = permission(rule, None, sign_off, present, now, alarms=())
        found, withheld = (owned, {}) if owned.may_act else (found, withheld)
    if found.basis is Basis.NONE:
        found = Permission(basis=Basis.NONE, why=_words(found.why, unseen))
    by = {
        Basis.CERTIFICATE: None if kept is None else kept.id,
        Basis.SIGN_OFF: None if signed is None else signed.id,
        Basis.NONE: None,
    }
    return Permit(
        permission=found,
        by=by[found.basis],
        withheld={language: f"{_ELSEWHERE}: {why}" for language, why in withheld.items()},
        suspended=held_up and not found.may_act,
    )


def unwatched(looked_at: datetime | None, now: datetime, given: Certifying) -> str | None:
    """Why no certificate counts, as nobody has looked for alarms lately; None: somebody has.

    Args:
        looked_at: When somebody last did; None: never.
        now: The moment.
        given: How long that is believed.
    """
    if looked_at is None:
        return "nobody has looked for alarms yet"
    if now < looked_at + timedelta(seconds=given.alarm_patience):
        return None
    return f"nobody has looked for alarms since {looked_at.isoformat(timespec='seconds')}"


def _words(why: str, unseen: str | None) -> str:
    """What is said of a rule that may not act; the engine speaks of alarms alone."""
    why = why.replace("revoked: alarms are not known", f"suspended: {unseen}", 1)
    return why.replace("alarm: ", "", 1)


def end_of(kept: Kept, given: Certifying) -> str | None:
    """Why a certificate counts no more, beside its hashes and its time; None: nothing."""
    if kept.ended_by is not None:
        return kept.why or kept.ended_by.value
    if kept.certificate.limit > given.error_limit:
        limit, asked = kept.certificate.limit, given.error_limit
        return f"it promises an error below {limit:.4g}, and {asked:.4g} is asked"
    return None
