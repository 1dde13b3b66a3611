"""Rules that may act by themselves: certified on their own matches, or signed off by an owner."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import inf

from engine.certifying.certificate import (
    Certificate,
    Hashes,
    Outcome,
    Period,
    State,
    differences,
    issue,
    state_of,
)
from engine.certifying.sample import Sample, refuse_reused
from engine.certifying.strata import Direction
from engine.certifying.walk import Terms, reason_for, walk
from engine.errors import CannotCertify


class Ground(StrEnum):
    """Why a rule may act without being certified."""

    LEGAL_ORDER = "legal order"
    HASH_MATCH = "hash match"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """The owner of a policy answers for a rule; checked when made."""

    rule: str
    release: str
    """Hash of all that its matches depend on: another rule is not signed off."""
    by: str
    """The policy owner; whether they are one is for the caller to see to."""
    ground: Ground
    reason: str
    """In words, for whoever asks later."""
    period: Period

    def __post_init__(self) -> None:
        """Refuse a signature that says nothing.

        Raises:
            CannotCertify: A name, the hash or the reason is empty.
        """
        for name in ("rule", "release", "by", "reason"):
            if not str(getattr(self, name)).strip():
                reason = f"a sign-off has no `{name}`"
                raise CannotCertify(reason, "say who answers for what, why")


class Basis(StrEnum):
    """What lets a rule act."""

    CERTIFICATE = "certificate"
    SIGN_OFF = "sign-off"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """Whether a rule may act by itself, and on what that rests."""

    basis: Basis
    why: str
    """Who signed and why, or why it may not; empty for a certificate."""

    @property
    def may_act(self) -> bool:
        """Else it is a shadow, or sends items to a single reviewer."""
        return self.basis is not Basis.NONE


def certify_rule(
    rule: str,
    sample: Sample,
    terms: Terms,
    *,
    hashes: Hashes,
    used: Mapping[str, Collection[str]],
    period: Period,
) -> Outcome:
    """Certify a rule on its own matches: the same test, with a single zone.

    Args:
        rule: Its id.
        sample: Drawn alike from its matches, decided blind; scores are not looked at.
        terms: What is promised.
        hashes: The release always; model and calibrator where the rule asks for a score.
        used: Ids by what they were used for, such as writing the rule.
        period: When it would hold.

    Raises:
        CannotCertify: The hash of the release is missing.
        ReusedLabels: Labels were used before.
    """
    if not hashes.release:
        reason = "a hash is missing"
        raise CannotCertify(reason, "name the release")
    refuse_reused(sample, **used)
    found = walk(sample, (inf,), Direction.ALLOW, terms)
    only = found.steps[0]
    if not only.passed:
        return Outcome(certificate=None, why=reason_for(only.labels, only.errors, terms))
    certificate = issue(rule, only, sample.ids, terms, hashes=hashes, period=period)
    return Outcome(certificate=certificate, why=found.why)


def permission(
    rule: str,
    certificate: Certificate | None,
    sign_off: SignOff | None,
    present: Hashes,
    now: datetime,
    *,
    alarms: Collection[str] | None,
) -> Permission:
    """Whether a rule may act by itself now.

    A certificate goes first. Alarms do not end a sign-off, which never rested on figures.

    Args:
        rule: Its id.
        certificate: If it has one.
        sign_off: If somebody gave one.
        present: What decides now.
        now: The moment, with a time zone.
        alarms: As of `state_of`.
    """
    why = "has no certificate"
    if certificate is not None and certificate.subject != rule:
        why = "the certificate is of something else"
    elif certificate is not None:
        standing = state_of(certificate, present, now, alarms=alarms)
        if standing.state is State.VALID:
            return Permission(basis=Basis.CERTIFICATE, why="")
        why = f"the certificate is {standing.state}: {standing.why}"
    if sign_off is None:
        return Permission(basis=Basis.NONE, why=why)
    if ended := _ended(rule, sign_off, present, now):
        return Permission(basis=Basis.NONE, why=f"{why}; {ended}")
    signed = f"{sign_off.by}, {sign_off.ground}: {sign_off.reason}"
    return Permission(basis=Basis.SIGN_OFF, why=signed)


def _ended(rule: str, sign_off: SignOff, present: Hashes, now: datetime) -> str:
    """Why a sign-off does not hold; empty where it does."""
    if sign_off.rule != rule:
        return "the sign-off is of another rule"
    signed = Hashes(release=sign_off.release, model=None, calibrator=None)
    if changed := differences(signed, present):
        return f"since the sign-off, {changed}"
    if now.tzinfo is None or not sign_off.period.issued <= now < sign_off.period.expires:
        return "the sign-off does not hold at this moment"
    return ""
