"""Certificates: what was shown, about what, on which labels, and whether it holds now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import isfinite

from engine.certifying.binomial import upper_limit
from engine.certifying.sample import Sample, digest, refuse_reused
from engine.certifying.strata import Direction, Stratum
from engine.certifying.walk import Step, Terms, Walk, walk
from engine.errors import CannotCertify


@dataclass(frozen=True, slots=True, kw_only=True)
class Hashes:
    """What decided when the labels were drawn, or decides now."""

    release: str | None
    """Of a rule: of all that its matches depend on."""
    model: str | None
    """None where it takes no part, or is not known."""
    calibrator: str | None
    """As `model`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The error is below `limit` with confidence 1 - `doubt`, for items like those sampled.

    It is relative to the judgement of the people who gave the labels, and survives no drift.
    """

    subject: Stratum | str
    """A zone of scores, or the id of a rule."""
    threshold: float | None
    """Where the zone begins, and belongs to it; None for a rule."""
    hashes: Hashes
    sample: tuple[str, ...]
    """Ids of all labels given, also of those outside the zone, in order."""
    sample_hash: str
    """Of the ids (`digest`)."""
    labels: int
    """n, in the zone."""
    errors: int
    """k, in the zone."""
    limit: float
    """alpha."""
    doubt: float
    """δ."""
    upper: float
    """Of the error of this zone at the same δ (Clopper-Pearson), to be shown. What is promised is
    alpha: this one would be, had the zone been chosen before the labels were seen."""
    issued: datetime
    expires: datetime
    """From this moment on it does not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """When a certificate holds; moments have a time zone."""

    issued: datetime
    expires: datetime

    def __post_init__(self) -> None:
        """Refuse moments that cannot be compared.

        Raises:
            CannotCertify: One has no time zone, or the end is not after the beginning.
        """
        if self.issued.tzinfo is None or self.expires.tzinfo is None:
            reason = "a moment has no time zone"
            raise CannotCertify(reason, "give moments with a time zone")
        if self.expires <= self.issued:
            reason = "it would end before it begins"
            raise CannotCertify(reason, "let it expire after it is issued")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A certificate, or why there is none."""

    certificate: Certificate | None
    why: str
    """In words."""
    walk: Walk | None = None
    """What was tested; None for a rule."""


class State(StrEnum):
    """Whether the machine may act on a certificate."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The state of a certificate, and why."""

    state: State
    why: str
    """In words; empty where it is valid."""


def certify(  # noqa: PLR0913  # all that a certificate rests on
    stratum: Stratum,
    sample: Sample,
    thresholds: tuple[float, ...],
    terms: Terms,
    *,
    hashes: Hashes,
    used: Mapping[str, Collection[str]],
    period: Period,
) -> Outcome:
    """Certify the loosest zone that the labels allow, or say why there is none.

    Args:
        stratum: What it is about; all labels are of it.
        sample: Drawn alike inside the loosest zone, decided blind.
        thresholds: From `candidates`, on scores without labels.
        terms: With the share of δ that `share_doubt` gives the stratum.
        hashes: What gave the scores; all three.
        used: Ids by what they were used for: training, calibration, an earlier certificate.
        period: When it would hold.

    Raises:
        CannotCertify: A hash is missing, or the thresholds are in no order.
        ReusedLabels: Labels were used before.
    """
    if not (hashes.release and hashes.model and hashes.calibrator):
        reason = "a hash is missing"
        raise CannotCertify(reason, "name model, calibrator and release")
    refuse_reused(sample, **used)
    found = walk(sample, thresholds, stratum.direction, terms)
    if found.certified is None:
        return Outcome(certificate=None, why=found.why, walk=found)
    certificate = issue(stratum, found.certified, sample.ids, terms, hashes=hashes, period=period)
    return Outcome(certificate=certificate, why=found.why, walk=found)


def issue(
    subject: Stratum | str,
    passed: Step,
    ids: tuple[str, ...],
    terms: Terms,
    *,
    hashes: Hashes,
    period: Period,
) -> Certificate:
    """The certificate of what passed."""
    return Certificate(
        subject=subject,
        threshold=passed.threshold if isinstance(subject, Stratum) else None,
        hashes=hashes,
        sample=tuple(sorted(ids)),
        sample_hash=digest(ids),
        labels=passed.labels,
        errors=passed.errors,
        limit=terms.limit,
        doubt=terms.doubt,
        upper=upper_limit(passed.labels, passed.errors, terms.doubt),
        issued=period.issued,
        expires=period.expires,
    )


def state_of(
    certificate: Certificate, present: Hashes, now: datetime, *, alarms: Collection[str] | None
) -> Standing:
    """Whether it holds. Whatever is not known counts against it.

    Args:
        certificate: As issued.
        present: What decides now.
        now: The moment, with a time zone.
        alarms: What sounds now, in words; None where nobody can tell.
    """
    if alarms is None or alarms:
        why = f"alarm: {', '.join(sorted(alarms))}" if alarms else "alarms are not known"
        return Standing(state=State.REVOKED, why=why)
    if certificate.sample_hash != digest(certificate.sample):
        return Standing(state=State.REVOKED, why="the ids of its sample are not those it names")
    if changed := differences(certificate.hashes, present):
        return Standing(state=State.REVOKED, why=changed)
    if now.tzinfo is None or now < certificate.issued:
        return Standing(state=State.REVOKED, why="the moment is before it was issued, or unknown")
    if now >= certificate.expires:
        return Standing(state=State.EXPIRED, why=f"expired at {certificate.expires.isoformat()}")
    return Standing(state=State.VALID, why="")


def differences(certified: Hashes, present: Hashes) -> str:
    """What is not as it was certified, in words; empty where all is."""
    if not certified.release:
        return "it names no release"
    changed = []
    for name in ("release", "model", "calibrator"):
        was, now = getattr(certified, name), getattr(present, name)
        if was is not None and was != now:
            changed.append(f"{name} changed" if now else f"{name} is not known")
    return ", ".join(changed)


def covers(certificate: Certificate, score: float) -> bool:
    """Whether a score is in the certified zone; no score is in that of a rule."""
    if certificate.threshold is None or isinstance(certificate.subject, str):
        return False
    if not isfinite(score):
        return False
    if certificate.subject.direction is Direction.REMOVE:
        return score >= certificate.threshold
    return score <= certificate.threshold
