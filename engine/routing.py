"""Says what follows from a verdict: it is decided, or people have to look by a certain moment."""

from dataclasses import dataclass

from engine.verdict import Priority, Review, Tier, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDue:
    """A place in a queue of people, with its deadline."""

    tier: Tier
    queue: str
    priority: Priority
    due: float
    """Seconds since 1970."""
    reason: str
    rule: str
    not_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """No person is needed: the action stands."""

    tier: Tier
    """`none` or `auto`."""
    action: str
    inclusion_probability: float
    samples: tuple[ReviewDue, ...] = ()
    """Reviews that measure quality and change nothing by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForReview:
    """People decide; until then `while_waiting` is in force."""

    review: ReviewDue
    while_waiting: str
    inclusion_probability: float
    samples: tuple[ReviewDue, ...] = ()


def route(verdict: Verdict, *, now: float) -> Decided | ForReview:
    """Turn a verdict into what has to be done, deadlines counted from `now`."""
    samples = tuple(_due(sample, now) for sample in verdict.samples)
    if verdict.review is None:
        return Decided(
            tier=verdict.tier,
            action=verdict.action,
            inclusion_probability=verdict.inclusion_probability,
            samples=samples,
        )
    return ForReview(
        review=_due(verdict.review, now),
        while_waiting=verdict.action,
        inclusion_probability=verdict.inclusion_probability,
        samples=samples,
    )


def _due(review: Review, now: float) -> ReviewDue:
    return ReviewDue(
        tier=review.tier,
        queue=review.queue,
        priority=review.priority,
        due=now + review.due_in,
        reason=review.reason,
        rule=review.rule,
        not_by=review.not_by,
    )
