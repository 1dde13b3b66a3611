"""Tests beside rules are run as they are written, judged here by the oracle."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest

from engine.counting import SlidingWindow
from engine.item import Item, Value
from engine.rules.model import (
    Event,
    Exemption,
    ExpectedVerdict,
    Leaf,
    Outcome,
    Policy,
    Portion,
    RuleTest,
    Stage,
    Status,
    Story,
    Then,
)
from engine.rules.testing import Bench, Observe, Standing, Trial, run_tests
from engine.rules.vocabulary import FieldType, Operator
from engine.sampling import fraction
from engine.verdict import Tier, Verdict
from tests.oracle.verdicts import evaluate
from tests.unit.policies import PLACE, at_least, counter, policy, rule, vocabulary

NOW = 1_000_000.0
WORDS = vocabulary(
    item__kind=FieldType.CHOICE,
    item__market=FieldType.TEXT_ID,
    author__id=FieldType.TEXT_ID,
    score__hate=FieldType.SCORE,
    counter__c=FieldType.COUNT,
)
SURE = at_least("score.hate", 0.9)


@dataclass(frozen=True, slots=True)
class Oracle:
    """A policy that judges by the definition."""

    policy: Policy

    def evaluate(self, item: Item, *, now: float) -> Verdict:
        """The verdict on an item."""
        return evaluate(self.policy, item, now=now)


def counting(given: Policy) -> Observe:
    """Count anew, every item being counted."""
    return SlidingWindow(given.counters, lambda _, __: True).observe


def why(_: Policy, name: str, item: Item, now: float) -> tuple[str, ...]:
    """Say what was asked, instead of why."""
    return (f"{name} at {now:g}: {item.fields.get('score.hate')}",)


BENCH = Bench(compiled=Oracle, counting=counting, why=why)


def example(
    expect: Outcome | ExpectedVerdict,
    given: Mapping[str, Value | None] | None = None,
    *,
    known_gap: bool = False,
    at: float | None = None,
) -> RuleTest:
    """A test of a rule; without `given` its score is 0.95."""
    return RuleTest(
        given={"score.hate": 0.95} if given is None else given,
        expect=expect,
        known_gap=known_gap,
        at=at,
        span=PLACE,
    )


def trials(given: Policy) -> tuple[Trial, ...]:
    """All tests of a policy, run."""
    return run_tests(given, BENCH, now=NOW)


def only(given: Policy) -> Trial:
    """The one test of a policy, run."""
    [trial] = trials(given)
    return trial


@pytest.mark.parametrize(
    ("score", "outcome"),
    [(0.95, Outcome.MATCH), (0.5, Outcome.NO_MATCH), (None, Outcome.UNKNOWN)],
)
@pytest.mark.parametrize("expect", list(Outcome))
def test_outcomes_are_told_apart(score: float | None, outcome: Outcome, expect: Outcome) -> None:
    """A test passes exactly if the condition comes out as expected, and says how it did."""
    trial = only(policy(WORDS, rule("r", SURE, example(expect, {"score.hate": score}))))
    assert (trial.standing is Standing.PASSED) == (outcome is expect)
    assert [(each.expected, each.got) for each in trial.differences] == (
        [] if outcome is expect else [(expect.value, outcome.value)]
    )
    assert trial.why == (() if outcome is expect else (f"r at {NOW:g}: {score}",))


@pytest.mark.parametrize(
    "changes",
    [
        {"status": Status.DRAFT},
        {"status": Status.RETIRED},
        {"status": Status.SHADOW},
        {"starts": NOW + 10, "ends": NOW + 20},
        {"starts": NOW - 20, "ends": NOW - 10},
        {"sample": Portion(0.0, "items")},
        {"rollout": Portion(0.0, "authors")},
        {"stage": Stage.AFTER, "then": Then(tier=Tier.SINGLE, reason="test")},
    ],
)
def test_an_outcome_is_that_of_the_condition_alone(changes: Mapping[str, object]) -> None:
    """Status, dates, sample and stage of a rule do not matter to whether its condition holds."""
    given = policy(
        WORDS,
        rule("r", SURE, example(Outcome.MATCH), **changes),
        rule("s", SURE, outranks=("r",)),
        exemptions={"e": exemption()},
    )
    assert only(given).standing is Standing.PASSED


def test_an_outcome_is_that_within_the_scope() -> None:
    """A rule does not match an item it does not look at."""
    norway = frozenset({"NO"})
    inside = example(Outcome.MATCH, {"score.hate": 0.95, "item.market": "NO"})
    outside = example(Outcome.NO_MATCH, {"score.hate": 0.95, "item.market": "SE"})
    given = policy(WORDS, rule("r", SURE, inside, outside, markets=norway))
    assert [trial.standing for trial in trials(given)] == [Standing.PASSED] * 2


@pytest.mark.parametrize(
    ("kinds", "kind"),
    [((), "post"), (("post", "appeal"), "post"), (("image", "comment"), "comment")],
)
def test_the_kind_is_one_the_rule_looks_at(kinds: tuple[str, ...], kind: str) -> None:
    """A test need not name the kind: it is `post`, or else the first the rule is for."""
    bench = replace(BENCH, why=lambda _, __, item, ___: (item.kind,))
    given = policy(WORDS, rule("r", SURE, example(Outcome.UNKNOWN), kinds=frozenset(kinds)))
    [trial] = run_tests(given, bench, now=NOW)
    assert trial.why == (kind,)


def test_a_fixture_lies_under_what_is_given() -> None:
    """Values of the fixture stand unless the test changes them or takes them away."""
    given = policy(
        WORDS,
        rule(
            "r",
            SURE,
            example(Outcome.MATCH, {}),
            example(Outcome.NO_MATCH, {"score.hate": 0.0}),
            example(Outcome.UNKNOWN, {"score.hate": None}),
        ),
        fixtures={"default": {"score.hate": 0.99}},
    )
    assert [trial.standing for trial in trials(given)] == [Standing.PASSED] * 3


def test_a_verdict_is_that_of_the_whole_policy() -> None:
    """An expected verdict sees the other rules, and this rule with its own status."""
    expected = ExpectedVerdict(tier=Tier.AUTO, action="remove", reasons=("test",), rules=("s",))
    given = policy(WORDS, rule("r", SURE, example(expected), status=Status.SHADOW), rule("s", SURE))
    assert only(given).standing is Standing.PASSED


@pytest.mark.parametrize(
    ("starts", "ends", "at", "moment"),
    [
        (None, None, None, NOW),
        (NOW - 10, NOW + 10, None, NOW),
        (NOW, None, None, NOW),
        (NOW + 10, NOW + 20, None, NOW + 10),
        (NOW - 20, NOW, None, NOW - 1),
        (NOW + 10, NOW + 20, 5.0, 5.0),
    ],
)
def test_a_test_takes_place_while_its_rule_is_in_force(
    starts: float | None, ends: float | None, at: float | None, moment: float
) -> None:
    """Where the rule is not in force now, the test moves to when it is; `at` says otherwise."""
    failing = example(Outcome.UNKNOWN, at=at)
    trial = only(policy(WORDS, rule("r", SURE, failing, starts=starts, ends=ends)))
    assert trial.why == (f"r at {moment:g}: 0.95",)


def test_known_gaps_do_not_fail_and_are_reported_once_closed() -> None:
    """A gap that is known is listed; one that is gone is said to be."""
    given = policy(
        WORDS,
        rule(
            "r",
            SURE,
            example(Outcome.NO_MATCH, known_gap=True),
            example(Outcome.MATCH, known_gap=True),
        ),
    )
    assert [trial.standing for trial in trials(given)] == [Standing.KNOWN_GAP, Standing.CLOSED]


def exemption(*tests: RuleTest) -> Exemption:
    """One that covers the rule `r` for the author `u`'s sure cases."""
    return Exemption(
        name="r", owner="o", because="b", covers=("r",), when=SURE, tests=tests, span=PLACE
    )


def test_exemptions_are_tested_too() -> None:
    """Both the condition of an exemption and what it does to the verdict can be tested."""
    tests = (
        example(ExpectedVerdict(tier=Tier.NONE, action="publish", rules=())),
        example(Outcome.MATCH),
        example(Outcome.NO_MATCH, {"score.hate": 0.1}),
    )
    low = rule("r", at_least("score.hate", 0.0))
    given = policy(WORDS, low, exemptions={"r": exemption(*tests)})
    assert [trial.standing for trial in trials(given)] == [Standing.PASSED] * 3


def test_whether_a_sample_takes_the_item_can_be_expected() -> None:
    """The item of a test has a name, so that it falls the same way on every run."""
    share = fraction("r", "test")
    for sampled in (True, False):
        portion = Portion(share + 0.01 if sampled else share - 0.01, "items")
        test = example(ExpectedVerdict(sampled=sampled))
        assert only(policy(WORDS, rule("r", SURE, test, sample=portion))).standing is (
            Standing.PASSED
        )


def test_a_rule_after_the_decision_samples_too() -> None:
    """What `sampled` means for a rule that looks at decisions is whether it asks for a review."""
    words = replace(
        WORDS, fields={**WORDS.fields, **vocabulary(decision__tier=FieldType.TEXT_ID).fields}
    )
    removed = Leaf(field="decision.tier", operator=Operator.IS, constant=("auto",), span=PLACE)
    given = policy(
        words,
        rule("r", SURE, example(ExpectedVerdict(sampled=True))),
        rule(
            "s",
            removed,
            example(ExpectedVerdict(sampled=True)),
            example(ExpectedVerdict(sampled=False), {"score.hate": 0.1}),
            stage=Stage.AFTER,
            then=Then(tier=Tier.SINGLE, reason="test"),
        ),
        rule(
            "t",
            removed,
            example(ExpectedVerdict(sampled=False)),
            stage=Stage.AFTER,
            sample=Portion(0.0, "items"),
            then=Then(tier=Tier.SINGLE, reason="test"),
        ),
    )
    assert [trial.standing for trial in trials(given)] == [Standing.PASSED] * 4


def test_a_test_is_called_by_its_name_or_its_place() -> None:
    """Whoever reads of a failure finds the test."""
    named = replace(example(Outcome.MATCH), name="on the line")
    given = policy(WORDS, rule("r", SURE, named, example(Outcome.MATCH)))
    assert [trial.label for trial in trials(given)] == ["on the line", "test 2"]


def story(expect: ExpectedVerdict, *events: Event, known_gap: bool = False) -> Story:
    """Events of one author, and what the last of them must get."""
    return Story(name="s", events=events, expect=expect, known_gap=known_gap, span=PLACE)


def event(
    repeat: int = 1,
    every: float = 0.0,
    after: float = 0.0,
    *,
    expect: ExpectedVerdict | None = None,
    **extra: Value,
) -> Event:
    """Items of the author `u`."""
    fields = {"author.id": "u", **{name.replace("__", "."): each for name, each in extra.items()}}
    return Event(fields=fields, repeat=repeat, every=every, after=after, expect=expect, span=PLACE)


REMOVED = ExpectedVerdict(action="remove")
PUBLISHED = ExpectedVerdict(action="publish")


def told(*stories: Story) -> list[Standing]:
    """How stories come out where five items within a minute are removed."""
    given = policy(
        WORDS,
        rule("r", at_least("counter.c", 5)),
        counters={"c": counter(within=60.0)},
        fixtures={"default": {"counter.c": 99, "author.id": "somebody else"}},
        stories=stories,
    )
    return [trial.standing for trial in trials(given)]


def test_a_story_counts_its_items() -> None:
    """The counters of a story are those of its own items in its own time, not the fixture's."""
    assert (
        told(
            story(REMOVED, event(4, 10.0), event()),
            story(PUBLISHED, event(3, 10.0), event()),
            story(PUBLISHED, event(4, 10.0), event(after=30.0)),
            story(REMOVED, event(4, 10.0), event(after=29.0)),
            story(REMOVED, event(counter__c=7)),
        )
        == [Standing.PASSED] * 5
    )


def test_an_event_may_expect_too() -> None:
    """An expectation of an event is about its last item; one that fails fails the story."""
    assert told(
        story(PUBLISHED, event(5, expect=REMOVED), event(after=90.0)),
        story(REMOVED, event(4, expect=PUBLISHED), event(1, expect=REMOVED)),
        story(REMOVED, event(4, expect=REMOVED), event(1)),
        story(REMOVED, event(4, expect=REMOVED), event(1), known_gap=True),
    ) == [Standing.PASSED, Standing.PASSED, Standing.FAILED, Standing.KNOWN_GAP]


def test_a_story_takes_place_at_its_moment() -> None:
    """`at` is when the first event happens; rules in force then decide."""
    given = policy(
        WORDS,
        rule("r", SURE, ends=NOW - 1_000.0),
        stories=(
            replace(story(REMOVED, event(score__hate=0.99)), at=NOW - 2_000.0),
            story(PUBLISHED, event(score__hate=0.99)),
        ),
    )
    assert [trial.standing for trial in trials(given)] == [Standing.PASSED] * 2
