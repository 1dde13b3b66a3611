"""A verdict becomes a decision or a review with a deadline."""

from dataclasses import replace

from engine.routing import Decided, ForReview, route
from engine.verdict import Priority, Review, Tier, Verdict

REVIEW = Review(
    tier=Tier.SINGLE,
    queue="general",
    priority=Priority.HIGH,
    due_in=60.0,
    reason="spam.links",
    rule="links",
    not_by="first_reviewers",
)


def test_what_the_machine_decided_is_decided() -> None:
    """Without a review the action stands, and samples get their own deadline."""
    sample = replace(REVIEW, queue="qa", due_in=600.0)
    verdict = Verdict(
        tier=Tier.AUTO, action="remove", samples=(sample,), inclusion_probability=0.02
    )
    route_taken = route(verdict, now=1_000.0)
    assert isinstance(route_taken, Decided)
    assert (route_taken.tier, route_taken.action) == (Tier.AUTO, "remove")
    assert route_taken.inclusion_probability == 0.02
    assert [(each.queue, each.due) for each in route_taken.samples] == [("qa", 1_600.0)]


def test_what_people_decide_waits_in_a_queue() -> None:
    """The deadline counts from now, and the action in force is the one while waiting."""
    verdict = Verdict(
        tier=Tier.SINGLE, action="hide", review=REVIEW, samples=(REVIEW,), inclusion_probability=1.0
    )
    route_taken = route(verdict, now=1_000.0)
    assert isinstance(route_taken, ForReview)
    assert route_taken.while_waiting == "hide"
    review = route_taken.review
    assert (review.tier, review.queue, review.priority) == (Tier.SINGLE, "general", Priority.HIGH)
    assert (review.due, review.reason, review.rule) == (1_060.0, "spam.links", "links")
    assert review.not_by == "first_reviewers"
    assert route_taken.samples == (review,)
