"""A verdict is compared with what is expected of it, part by part."""

import pytest

from engine.rules.expectations import differences, duration_text
from engine.rules.model import ExpectedVerdict
from engine.verdict import Hit, HitStatus, Priority, Review, Tier, Verdict

REVIEW = Review(
    tier=Tier.SINGLE,
    queue="single",
    priority=Priority.HIGH,
    due_in=7_200.0,
    reason="test",
    rule="r",
)
VERDICT = Verdict(
    tier=Tier.SINGLE,
    action="hide",
    review=REVIEW,
    reasons=("test", "more"),
    labels=("a", "b"),
    strikes=(("hate", 1), ("spam", 2)),
    hits=(
        Hit("q", HitStatus.MISSING),
        Hit("r", HitStatus.LIVE),
        Hit("s", HitStatus.SHADOW),
        Hit("t", HitStatus.NOT_SAMPLED),
        Hit("u", HitStatus.EXEMPT),
        Hit("v", HitStatus.OUTRANKED),
    ),
)


@pytest.mark.parametrize(
    "expected",
    [
        ExpectedVerdict(),
        ExpectedVerdict(tier=Tier.SINGLE, action="hide", while_waiting="hide"),
        ExpectedVerdict(queue="single", priority=Priority.HIGH, sla=7_200.0),
        ExpectedVerdict(reasons=("test", "more"), labels=("b", "a"), notify=()),
        ExpectedVerdict(strikes=3, rules=("r", "q"), sampled=True),
    ],
)
def test_what_is_as_expected_is_no_difference(expected: ExpectedVerdict) -> None:
    """Parts that are not named are not looked at, and sets of names have no order."""
    assert differences(expected, VERDICT, rule="r") == ()


@pytest.mark.parametrize(
    ("expected", "wanted", "got"),
    [
        (ExpectedVerdict(tier=Tier.SENIOR), "tier senior", "tier single"),
        (ExpectedVerdict(action="remove"), "action remove", "action hide"),
        (
            ExpectedVerdict(while_waiting="publish"),
            "while_waiting publish",
            "while_waiting hide",
        ),
        (ExpectedVerdict(queue="other"), "queue other", "queue single"),
        (ExpectedVerdict(priority=Priority.LOW), "priority low", "priority high"),
        (ExpectedVerdict(sla=900.0), "sla 15 minutes", "sla 2 hours"),
        (ExpectedVerdict(reasons=("more", "test")), "reasons more, test", "reasons test, more"),
        (ExpectedVerdict(message="m"), "message m", "message none"),
        (ExpectedVerdict(labels=()), "labels none", "labels a, b"),
        (ExpectedVerdict(notify=("n",)), "notify n", "notify none"),
        (ExpectedVerdict(strikes=0), "strikes 0", "strikes 3"),
        (ExpectedVerdict(rules=("r", "s")), "rules r, s", "rules q, r"),
        (ExpectedVerdict(sampled=False), "sampled no", "sampled yes"),
    ],
)
def test_what_differs_is_named(expected: ExpectedVerdict, wanted: str, got: str) -> None:
    """A difference says what was expected and what came, as a person would."""
    found = differences(expected, VERDICT, rule="r")
    assert [(each.expected, each.got) for each in found] == [(wanted, got)]


def test_without_people_nothing_waits() -> None:
    """Where the machine decides there is no queue, and nothing in force meanwhile."""
    expected = ExpectedVerdict(while_waiting="publish", queue="single", sla=60.0)
    got = [each.got for each in differences(expected, Verdict(), rule=None)]
    assert got == ["while_waiting none", "queue none", "sla none"]


@pytest.mark.parametrize(
    ("rule", "samples", "sampled"),
    [
        ("r", (), True),
        ("t", (), False),
        (None, (), False),
        ("t", (REVIEW,), False),
        ("r", (REVIEW,), True),
        (None, (REVIEW,), True),
    ],
)
def test_sampled_is_about_the_rule_or_else_about_any(
    rule: str | None, samples: tuple[Review, ...], *, sampled: bool
) -> None:
    """For a rule it is whether that one takes the item; without one, whether any sample does."""
    verdict = Verdict(hits=(Hit("r", HitStatus.LIVE),) if rule == "r" else (), samples=samples)
    assert differences(ExpectedVerdict(sampled=sampled), verdict, rule=rule) == ()
    assert differences(ExpectedVerdict(sampled=not sampled), verdict, rule=rule) != ()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1.5, "1.5 seconds"),
        (59.0, "59 seconds"),
        (60.0, "1 minute"),
        (90.0, "90 seconds"),
        (3_600.0, "1 hour"),
        (129_600.0, "36 hours"),
        (172_800.0, "2 days"),
        (0.0, "0 seconds"),
    ],
)
def test_durations_are_written_in_the_largest_unit(seconds: float, text: str) -> None:
    """Nobody has to divide by 3,600."""
    assert duration_text(seconds) == text
