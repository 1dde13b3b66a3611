"""The summary of a run says what was decided, and what a person should know."""

from collections import Counter

from engine.cli.streams import BadLine
from engine.cli.summary import Summary
from engine.verdict import Hit, HitStatus, Priority, Review, Tier, Verdict

REVIEW = Review(
    tier=Tier.SINGLE,
    queue="general",
    priority=Priority.NORMAL,
    due_in=60.0,
    reason="test",
    rule="unsure",
)
PUBLISHED = Verdict()
REMOVED = Verdict(tier=Tier.AUTO, action="remove", hits=(Hit("sure", HitStatus.LIVE),))
REVIEWED = Verdict(
    tier=Tier.SINGLE,
    review=REVIEW,
    samples=(REVIEW,),
    hits=(Hit("sure", HitStatus.SHADOW), Hit("unsure", HitStatus.MISSING)),
)


def summed(*verdicts: Verdict, rejected: int = 0, unknown: Counter[str] | None = None) -> str:
    """The summary of a run that took no time worth saying."""
    summary = Summary()
    lines = [BadLine(number, "no JSON", b"") for number in range(1, rejected + 1)]
    summary.add(verdicts, lines)
    return "\n".join(summary.lines(seconds=0.0, unknown=unknown or Counter()))


def test_items_are_counted_by_tier_action_queue_and_rule() -> None:
    """Every table has its counts and their shares of all items."""
    text = summed(PUBLISHED, PUBLISHED, REMOVED, REVIEWED)
    rows = {line.split("  ")[0]: line.split() for line in text.splitlines() if "%" in line}
    assert rows["none"][1:3] == ["2", "50.0%"]
    assert rows["auto"][1:3] == ["1", "25.0%"]
    assert rows["publish"][1:3] == ["3", "75.0%"]
    assert rows["remove"][1:3] == ["1", "25.0%"]
    assert rows["general (sample)"][2:4] == ["1", "25.0%"]
    assert rows["sure (shadow)"][2:4] == ["1", "25.0%"]
    assert "75.0% need no person" in text
    assert "1 times a rule asked for people, as a value it needs was missing" in text


def test_automation_is_the_share_without_people() -> None:
    """Published and removed by the machine count; of no items there is no share."""
    summary = Summary()
    assert summary.automation is None
    summary.add([PUBLISHED, REMOVED, REVIEWED, REVIEWED], [])
    assert summary.automation == 0.5


def test_rates_are_shown_where_time_was_taken() -> None:
    """The summary says how fast it went."""
    summary = Summary()
    summary.add([PUBLISHED] * 3, [])
    first = next(summary.lines(seconds=0.5, unknown=Counter()))
    assert first == "3 items judged in 0.5 s (6 a second)"


def test_ignored_fields_and_rejected_lines_are_named() -> None:
    """What was left out is never left out in silence."""
    text = summed(PUBLISHED, rejected=5, unknown=Counter({"karma": 7, "truth": 2}))
    assert "ignored, as the vocabulary has no such fields: `karma` (7), `truth` (2)" in text
    assert "warning: 5 lines were rejected" in text
    assert "  line 3: no JSON" in text
    assert "line 4" not in text
    assert "  and 2 more" in text


def test_nothing_judged_is_no_mistake() -> None:
    """The summary of an empty file is short."""
    assert summed() == "0 items judged"
