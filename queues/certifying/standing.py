"""Which rules of a release may act at a moment, and on what that rests."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.certifying import Basis, Hashes, Permission, permission
from queues.certifying.keeping import Kept, KeptSignOff
from queues.sections import Certifying


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that was kept at a moment."""

    read_at: datetime
    """By the clock of Postgres."""
    certificates: Mapping[str, Kept]
    sign_offs: Mapping[str, KeptSignOff]


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """Whether a rule may act by itself, and what says so."""

    permission: Permission
    by: UUID | None
    """The certificate or the sign-off; None: it may not."""


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
    ended = None if kept is None else end_of(kept, given)
    found = permission(
        rule,
        None if kept is None else kept.certificate,
        None if signed is None else signed.sign_off,
        present,
        now,
        alarms=() if ended is None else (ended,),
    )
    if found.basis is Basis.NONE and ended is not None:
        found = Permission(basis=Basis.NONE, why=found.why.replace("alarm: ", "", 1))
    by = {
        Basis.CERTIFICATE: None if kept is None else kept.id,
        Basis.SIGN_OFF: None if signed is None else signed.id,
        Basis.NONE: None,
    }
    return Permit(permission=found, by=by[found.basis])


def end_of(kept: Kept, given: Certifying) -> str | None:
    """Why a certificate counts no more, beside its hashes and its time; None: nothing."""
    if kept.ended_by is not None:
        return kept.why or kept.ended_by.value
    if kept.certificate.limit > given.error_limit:
        limit, asked = kept.certificate.limit, given.error_limit
        return f"it promises an error below {limit:.4g}, and {asked:.4g} is asked"
    return None
