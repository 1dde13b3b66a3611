"""Reviewers beside panels and the machine, what they cost, and how rules do."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.errors import InvalidFigure
from engine.quality.costs import Decision, Part, Purpose, Spent, costs
from engine.quality.health import Hit, health
from engine.quality.proficiency import Answered, Prior, learn, proficiencies
from engine.quality.reviewers import Ballot, anchoring, beside_panels, pace

CONFIGURED = Prior(mean=0.92, strength=40)
_BALLOTS = some.lists(
    some.builds(
        Ballot,
        case=some.integers(0, 6),
        reviewer=some.sampled_from("abcde"),
        label=some.sampled_from("xyz"),
    ),
    max_size=40,
)


def test_the_prior_is_learnt_from_all() -> None:
    """What people differ by comes out; of few people it is the configured one."""
    dice = np.random.default_rng(1)
    chances = dice.beta(0.85 * 20, 0.15 * 20, size=400)
    answered = {
        str(number): Answered(right=int(dice.binomial(80, chance)), answers=80)
        for number, chance in enumerate(chances)
    }
    found = learn(answered, configured=CONFIGURED)
    assert found.learnt
    assert found.prior.mean == pytest.approx(0.85, abs=0.01)
    assert found.prior.strength == pytest.approx(20, rel=0.25)
    few = learn({"a": Answered(right=9, answers=10)}, configured=CONFIGURED)
    assert (few.learnt, few.prior, few.n, few.needs) == (False, CONFIGURED, 1, 10)
    alike = {str(each): Answered(right=30, answers=30) for each in range(20)}
    assert 0.92 < learn(alike, configured=CONFIGURED).prior.mean < 1


def test_alerts() -> None:
    """Only where it is probable, and nobody is right more often than they answered."""
    given_ = {"good": Answered(right=99, answers=100), "bad": Answered(right=60, answers=100)}
    told = proficiencies(given_, prior=CONFIGURED, target=0.95)
    assert (told["good"].alert, told["bad"].alert) == (False, True)
    with pytest.raises(InvalidFigure, match="`eve`: 3 of 2"):
        proficiencies({"eve": Answered(right=3, answers=2)}, prior=CONFIGURED, target=0.9)


@given(_BALLOTS)
def test_a_panel_without_the_own_vote(ballots: list[Ballot]) -> None:
    """As counted by hand: of each the first vote, beside the others' most frequent one."""
    first: dict[tuple[object, str], Ballot] = {}
    for each in ballots:
        first.setdefault((each.case, each.reviewer), each)
    wanted: dict[str, Counter[str]] = {}
    for (case, name), each in first.items():
        others = Counter(o.label for (c, n), o in first.items() if c == case and n != name)
        most = others.most_common(2)
        split = not most or (len(most) > 1 and most[0][1] == most[1][1])
        word = "split" if split else "hit" if most[0][0] == each.label else "miss"
        wanted.setdefault(name, Counter())[word] += 1
    found = beside_panels(ballots)
    assert {
        name: (one.accuracy.hits, one.accuracy.n - one.accuracy.hits, one.split)
        for name, one in found.items()
    } == {name: (one["hit"], one["miss"], one["split"]) for name, one in wanted.items()}


def test_strata_and_anchors() -> None:
    """Whoever gets the hard cases is compared with others on hard cases."""
    ballots = [
        Ballot(case=(hard, case), reviewer=name, label=label, stratum=hard)
        for hard, names in ((True, "abc"), (False, "cde"))
        for case in range(30)
        for name, label in zip(names, "xxy" if hard and case % 2 else "xxx", strict=True)
    ]
    found = beside_panels(ballots)
    # c differs in every second hard case; there the other two are split without each other.
    assert found["c"].by_stratum[True].value == pytest.approx(0.5)
    assert found["c"].expected == pytest.approx((30 * 45 / 60 + 30) / 60)
    assert found["e"].expected == 1
    gap = anchoring((95, 100), (80, 100)).gap
    assert gap.value == pytest.approx(0.15)
    assert gap.low is not None
    assert gap.low > 0
    assert anchoring((9, 10), (80, 100)).gap.value is None


def test_pace() -> None:
    """3,600 by the mean; votes without a time, or a wrong one, are counted apart."""
    found = pace([30, 42] * 15 + [-1, 0, float("nan")])
    assert found.per_hour.value == pytest.approx(100)
    assert found.per_hour.low is not None
    assert found.per_hour.high is not None
    assert found.per_hour.low < 100 < found.per_hour.high
    assert found.odd == 3


@given(
    some.lists(some.tuples(some.booleans(), some.sampled_from("rst")), min_size=1, max_size=20),
    some.lists(
        some.tuples(some.sampled_from(Purpose), some.integers(0, 25), some.integers(0, 99)),
        max_size=30,
    ),
    some.integers(0, 100),
)
def test_parts_add_up(
    made: list[tuple[bool, str]], spent: list[tuple[Purpose, int, int]], platform: int
) -> None:
    """Of every part the sum is the whole, and twice the idle time costs twice the people."""
    decisions = [
        Decision(id=number, by_person=person, rule=rule)
        for number, (person, rule) in enumerate(made)
    ]
    votes = [
        Spent(purpose=purpose, seconds=seconds, rate=36, decision=about)
        for purpose, about, seconds in spent
    ]
    found = costs(decisions, votes, platform=platform, occupancy=0.5, needs=1)
    people = sum(seconds for *_, seconds in spent) / 100
    assert found.active.total == pytest.approx(people + platform)
    assert found.occupied.total == pytest.approx(2 * people + platform)
    assert sum(found.active.by_purpose.values()) == pytest.approx(people)
    assert found.active.per_decision.value == pytest.approx((people + platform) / len(made))
    human = sum(person for person, _ in made)
    assert found.active.per_human_decision.value == (
        pytest.approx(people / human) if human else None
    )
    for part in Part:
        assert sum(found.active.by_part[part].values()) == pytest.approx(people + platform)


def test_a_panel_sums_its_votes() -> None:
    """Three votes of a minute at 60 an hour cost 3; a vote with a wrong time is told."""
    decisions = [Decision(id=1, by_person=True, rule="r"), Decision(id=2, by_person=False)]
    votes = [Spent(purpose=Purpose.REVIEW, seconds=60, rate=60, decision=1)] * 3
    odd = Spent(purpose=Purpose.GOLD, seconds=-5, rate=60)
    found = costs(decisions, [*votes, odd], needs=1)
    assert found.active.by_part[Part.RULE] == {"r": pytest.approx(3), None: 0}
    assert found.untimed == 1
    sample = Spent(purpose=Purpose.QUALITY, seconds=60, rate=60)
    assert costs(decisions, [sample], needs=1).active.per_decision.value == pytest.approx(0.5)
    nothing = costs([], votes, platform=1)
    assert nothing.active.per_decision.value is None
    assert nothing.active.by_part[Part.TIER] == {None: pytest.approx(4)}
    with pytest.raises(InvalidFigure, match="same id"):
        costs([decisions[0]] * 2, [])


def test_rules() -> None:
    """Precision is weighted; rules without hits are there, unknown ones counted."""
    hits = [
        Hit(rule="r", violating=True, weight=3, seconds=60, rate=30),
        Hit(rule="r", violating=False, overturned=True),
        Hit(rule="r", seconds=-1),
        Hit(rule="gone"),
    ]
    found = health(hits, rules=["r", "quiet"], needs=1)
    rule = found.rules["r"]
    assert (rule.hits, rule.precision.value, rule.overturned.value) == (3, 0.75, 1)
    assert (rule.minutes, rule.cost, rule.untimed) == (1, 0.5, 1)
    assert found.rules["quiet"].precision.value is None
    assert found.unknown == 1
