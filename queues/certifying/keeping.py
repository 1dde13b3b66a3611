"""Certificates and sign-offs as they are kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, text

from engine.certifying import Certificate, Ground, Hashes, Period, SignOff

_CERTIFICATES: Final = text("""
SELECT DISTINCT ON (rule) * FROM certificates WHERE rule IS NOT NULL ORDER BY rule, id DESC
""")
_SIGN_OFFS: Final = text("SELECT * FROM sign_offs WHERE withdrawn_at IS NULL ORDER BY rule")
_ADD: Final = text("""
INSERT INTO certificates (id, rule, release, model, calibrator, sample, sample_hash, labels, errors,
    error_limit, doubt, upper, issued_at, expires_at)
VALUES (:id, :rule, :release, :model, :calibrator, :sample, :sample_hash, :labels, :errors,
    :error_limit, :doubt, :upper, :issued_at, :expires_at)
""")
_END: Final = text("""
UPDATE certificates SET revoked_at = now(), ended_by = :ended_by, why = :why WHERE id = :id
""")
_AGAIN: Final = text("""
UPDATE certificates SET revoked_at = NULL, ended_by = NULL, why = NULL WHERE id = :id
""")


class End(StrEnum):
    """What ended a certificate."""

    #: What its rule matches is another matter now.
    CHANGED = "changed"
    #: The quality sample says that the rule errs too often.
    ALARM = "alarm"
    #: Its time was over.
    EXPIRED = "expired"
    #: More is asked now than it promises.
    TERMS = "terms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The last certificate of a rule."""

    id: UUID
    certificate: Certificate
    ended_by: End | None
    """None: nothing ended it."""
    why: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSignOff:
    """A sign-off that nobody took back."""

    id: UUID
    sign_off: SignOff


def certificates(connection: Connection) -> dict[str, Kept]:
    """The last certificate of each rule, in force or not."""
    return {row.rule: _kept(row) for row in connection.execute(_CERTIFICATES)}


def sign_offs(connection: Connection) -> dict[str, KeptSignOff]:
    """The sign-off of each rule, whether it holds or not."""
    return {row.rule: _signed(row) for row in connection.execute(_SIGN_OFFS)}


def add(connection: Connection, identity: UUID, certificate: Certificate) -> None:
    """Keep a new certificate of a rule."""
    connection.execute(
        _ADD,
        {
            "id": identity,
            "rule": certificate.subject,
            "release": certificate.hashes.release,
            "model": certificate.hashes.model,
            "calibrator": certificate.hashes.calibrator,
            "sample": list(certificate.sample),
            "sample_hash": certificate.sample_hash,
            "labels": certificate.labels,
            "errors": certificate.errors,
            "error_limit": certificate.limit,
            "doubt": certificate.doubt,
            "upper": certificate.upper,
            "issued_at": certificate.issued,
            "expires_at": certificate.expires,
        },
    )


def end(connection: Connection, identity: UUID, ended_by: End, why: str) -> None:
    """End a certificate."""
    given = {"id": identity, "ended_by": ended_by.value, "why": why}
    connection.execute(_END, given)


def begin_again(connection: Connection, identities: Iterable[UUID]) -> None:
    """Let certificates hold again that ended as their rules were others for a while."""
    for identity in identities:
        connection.execute(_AGAIN, {"id": identity})


def now(connection: Connection) -> datetime:
    """The moment of the transaction."""
    moment: datetime = connection.execute(text("SELECT now()")).scalar_one()
    return moment


def _kept(row: Row[Any]) -> Kept:
    certificate = Certificate(
        subject=row.rule,
        threshold=None,
        hashes=Hashes(release=row.release, model=row.model, calibrator=row.calibrator),
        sample=tuple(row.sample),
        sample_hash=row.sample_hash,
        labels=row.labels,
        errors=row.errors,
        limit=row.error_limit,
        doubt=row.doubt,
        upper=row.upper,
        issued=row.issued_at,
        expires=row.expires_at,
    )
    ended_by = None if row.revoked_at is None else End(row.ended_by)
    return Kept(id=row.id, certificate=certificate, ended_by=ended_by, why=row.why)


def _signed(row: Row[Any]) -> KeptSignOff:
    sign_off = SignOff(
        rule=row.rule,
        release=row.release,
        by=row.by,
        ground=Ground(row.ground),
        reason=row.reason,
        period=Period(issued=row.since, expires=row.until),
    )
    return KeptSignOff(id=row.id, sign_off=sign_off)
