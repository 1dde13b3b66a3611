"""Certificates and sign-offs as they are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import Connection, Row, text

from engine.certifying import Certificate, Ground, Hashes, Period, SignOff
from queues.ids import id_floor, moment_of

# One that nothing ended before those that something did.
_CERTIFICATES: Final = text("""
SELECT DISTINCT ON (rule) * FROM certificates WHERE rule IS NOT NULL
ORDER BY rule, revoked_at IS NULL DESC, id DESC
""")
_OF_BINDING: Final = text("""
SELECT * FROM certificates
WHERE rule = :rule AND release = :release AND model IS NOT DISTINCT FROM :model
ORDER BY id DESC LIMIT 1
""")
_SIGN_OFFS: Final = text("SELECT * FROM sign_offs WHERE withdrawn_at IS NULL ORDER BY rule")
_ADD: Final = text("""
INSERT INTO certificates (id, rule, release, model, calibrator, sample, sample_hash, labels, errors,
    error_limit, doubt, upper, issued_at, expires_at, withheld)
VALUES (:id, :rule, :release, :model, :calibrator, :sample, :sample_hash, :labels, :errors,
    :error_limit, :doubt, :upper, :issued_at, :expires_at, CAST(:withheld AS jsonb))
""")
_END: Final = text("""
UPDATE certificates SET revoked_at = now(), ended_by = :ended_by, why = :why WHERE id = :id
""")
_AGAIN: Final = text("""
UPDATE certificates SET revoked_at = NULL, ended_by = NULL, why = NULL WHERE id = :id
""")
_WITHHOLD: Final = text("""
UPDATE certificates SET withheld = withheld || CAST(:withheld AS jsonb) WHERE id = :id
""")
_MARK: Final = text("SELECT upto FROM certifying_marks WHERE name = :name")
_SET_MARK: Final = text("""
INSERT INTO certifying_marks (name, upto) VALUES (:name, :upto)
ON CONFLICT (name) DO UPDATE SET upto = greatest(certifying_marks.upto, excluded.upto)
""")
_LOOKED: Final = "alarms"


class End(StrEnum):
    """What ended a certificate."""

    #: What its rule matches is another matter now.
    CHANGED = "changed"
    #: The quality sample says that the rule errs too often, or what it matches has moved.
    ALARM = "alarm"
    #: Its time was over.
    EXPIRED = "expired"
    #: More is asked now than it promises.
    TERMS = "terms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A certificate of a rule."""

    id: UUID
    certificate: Certificate
    ended_by: End | None
    """None: nothing ended it."""
    why: str | None
    withheld: Mapping[str, str] = field(default_factory=dict)
    """Languages in which it does not hold, each with why; in lower case, empty: not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSignOff:
    """A sign-off that nobody took back."""

    id: UUID
    sign_off: SignOff


def certificates(connection: Connection) -> dict[str, Kept]:
    """The certificate of each rule that nothing ended, else its last one."""
    return {row.rule: _kept(row) for row in connection.execute(_CERTIFICATES)}


def certificate_of(connection: Connection, rule: str, binding: Hashes) -> Kept | None:
    """The last certificate of a rule that matches what it was certified on, in force or not."""
    given = {"rule": rule, "release": binding.release, "model": binding.model}
    row = connection.execute(_OF_BINDING, given).one_or_none()
    return None if row is None else _kept(row)


def sign_offs(connection: Connection) -> dict[str, KeptSignOff]:
    """The sign-off of each rule, whether it holds or not."""
    return {row.rule: _signed(row) for row in connection.execute(_SIGN_OFFS)}


def add(connection: Connection, kept: Kept) -> None:
    """Keep a new certificate of a rule."""
    certificate = kept.certificate
    connection.execute(
        _ADD,
        {
            "id": kept.id,
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
            "withheld": _json(kept.withheld),
        },
    )


def end(connection: Connection, identity: UUID, ended_by: End, why: str) -> None:
    """End a certificate."""
    given = {"id": identity, "ended_by": ended_by.value, "why": why}
    connection.execute(_END, given)


def begin_again(connection: Connection, identity: UUID) -> None:
    """Let a certificate hold again that ended as its rule was another for a while."""
    connection.execute(_AGAIN, {"id": identity})


def withhold(connection: Connection, identity: UUID, languages: Mapping[str, str]) -> None:
    """Let a certificate hold no more in some languages, each with why."""
    connection.execute(_WITHHOLD, {"id": identity, "withheld": _json(languages)})


def mark(connection: Connection, name: str) -> UUID | None:
    """Up to where something was looked through; None: nothing yet."""
    upto: UUID | None = connection.execute(_MARK, {"name": name}).scalar_one_or_none()
    return upto


def set_mark(connection: Connection, name: str, upto: UUID) -> None:
    """Remember up to where something was looked through; never less far than before."""
    connection.execute(_SET_MARK, {"name": name, "upto": upto})


def looked_at(connection: Connection) -> datetime | None:
    """When somebody last looked for all that ends certificates; None: never."""
    upto = mark(connection, _LOOKED)
    return None if upto is None else moment_of(upto)


def look(connection: Connection, moment: datetime) -> None:
    """Remember that all was looked for that ends certificates."""
    set_mark(connection, _LOOKED, id_floor(moment))


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
    return Kept(
        id=row.id,
        certificate=certificate,
        ended_by=ended_by,
        why=row.why,
        withheld=row.withheld,
    )


def _json(words: Mapping[str, str]) -> str:
    return orjson.dumps(dict(words)).decode()


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
