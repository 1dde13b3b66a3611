"""Compares a verdict with what a test expects of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.rules.model import ExpectedVerdict
from engine.verdict import HitStatus, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a test expected, and what it got instead."""

    expected: str
    got: str


def differences(
    expected: ExpectedVerdict, verdict: Verdict, *, rule: str | None
) -> tuple[Difference, ...]:
    """Every part of a verdict that is not as expected; `rule` is the one whose sample counts."""
    return tuple(
        Difference(expected=f"{name} {_shown(wanted)}", got=f"{name} {_shown(got)}")
        for name, wanted, got in _parts(expected, verdict, rule)
        if wanted is not None and wanted != got
    )


def duration_text(seconds: float) -> str:
    """A duration as a person would write it: `12 hours`."""
    for name, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {name}{'' if seconds == size else 's'}"
    return f"{seconds:g} seconds"


def _parts(
    expected: ExpectedVerdict, verdict: Verdict, rule: str | None
) -> Iterator[tuple[str, object, object]]:
    review = verdict.review
    yield "tier", expected.tier, verdict.tier
    yield "action", expected.action, verdict.action
    yield "while_waiting", expected.while_waiting, verdict.action if review else None
    yield "queue", expected.queue, review.queue if review else None
    yield "priority", expected.priority, review.priority if review else None
    yield "sla", _duration(expected.sla), _duration(review.due_in if review else None)
    yield "reasons", expected.reasons, verdict.reasons
    yield "message", expected.message, verdict.message
    yield "labels", _sorted(expected.labels), verdict.labels
    yield "notify", _sorted(expected.notify), verdict.notify
    yield "strikes", expected.strikes, sum(strikes for _, strikes in verdict.strikes)
    yield "rules", _sorted(expected.rules), _deciding(verdict)
    yield "sampled", expected.sampled, _is_sampled(verdict, rule)


def _deciding(verdict: Verdict) -> tuple[str, ...]:
    deciding = (HitStatus.LIVE, HitStatus.MISSING)
    return tuple(hit.rule for hit in verdict.hits if hit.status in deciding)


def _is_sampled(verdict: Verdict, rule: str | None) -> bool:
    if rule is None:
        return bool(verdict.samples)
    return rule in _deciding(verdict) or any(sample.rule == rule for sample in verdict.samples)


def _sorted(names: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(sorted(names))


def _duration(seconds: float | None) -> str | None:
    return None if seconds is None else duration_text(seconds)


def _shown(value: object) -> str:
    if value is None or value == ():
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
