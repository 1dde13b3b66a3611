"""Runs the tests that stand beside the rules, and the stories over time."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Protocol

from engine.diagnostics import Span
from engine.item import Item, Value
from engine.rules.expectations import Difference, differences
from engine.rules.model import (
    Event,
    Exemption,
    ExpectedVerdict,
    Outcome,
    Policy,
    Rule,
    RuleTest,
    Stage,
    Status,
    Story,
    Then,
)
from engine.rules.vocabulary import Queue, Reason
from engine.verdict import HitStatus, Tier, Verdict

#: Counts an item and returns it with its `counter.<name>` values.
Observe = Callable[[Item, float], Item]
#: What the conditions of a rule saw in an item: (policy, rule, item, now) → a line for each.
Why = Callable[[Policy, str, Item, float], tuple[str, ...]]


class Judge(Protocol):
    """A policy ready to judge items, such as a release."""

    def evaluate(self, item: Item, *, now: float) -> Verdict:
        """Give the verdict on an item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What tests are run with."""

    compiled: Callable[[Policy], Judge]
    counting: Callable[[Policy], Observe]
    """Starts counting anew, for one story."""
    why: Why


class Standing(StrEnum):
    """How a test came out."""

    PASSED = "passed"
    FAILED = "failed"
    #: It fails, as is known.
    KNOWN_GAP = "known gap"
    #: It was a known gap and passes now: `known_gap` can go.
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One test that was run."""

    owner: str
    """The rule, the exemption or the story."""
    label: str
    """The name of the test, or its place: `test 2`."""
    span: Span
    standing: Standing
    differences: tuple[Difference, ...] = ()
    why: tuple[str, ...] = ()


def run_tests(policy: Policy, bench: Bench, *, now: float) -> tuple[Trial, ...]:
    """Run every test of a policy, in the order of the files.

    A test of a rule starts from its fixture. `match`, `no match` and `unknown` look at the
    condition of that rule alone, in its scope, whatever its status, dates or sample; a verdict
    is that of the whole policy.
    """
    alone = conditions_alone(policy)
    judges = _Judges(policy, bench.compiled(policy), alone, bench.compiled(alone))
    owners: list[Rule | Exemption] = [*policy.rules.values(), *policy.exemptions.values()]
    trials = [
        _try(owner, place, judges, bench, now)
        for owner in owners
        for place in range(len(owner.tests))
    ]
    trials += [_tell(story, judges, bench, now) for story in policy.stories]
    return tuple(sorted(trials, key=lambda trial: trial.span))


_TEST: Final = "test"
_NOWHERE: Final = Span("", 0, 0)


def conditions_alone(policy: Policy) -> Policy:
    """The policy with nothing but conditions and scopes: every rule is live, and none has a say.

    Exemptions become rules of that kind too. Whether a rule matches or cannot tell is then seen in
    the hits of a verdict, and so a test goes the way that every item goes.
    """
    then = Then(tier=Tier.SINGLE, reason=_TEST, queue=_TEST)
    rules = {
        rule.name: replace(
            rule,
            status=Status.LIVE,
            stage=Stage.ITEM,
            if_missing=Tier.SINGLE,
            then=then,
            starts=None,
            ends=None,
            sample=None,
            rollout=None,
            outranks=(),
        )
        for rule in policy.rules.values()
    }
    for exemption in policy.exemptions.values():
        name = _name_alone(exemption)
        rules[name] = Rule(
            name=name,
            owner=exemption.owner,
            policy=_TEST,
            status=Status.LIVE,
            if_missing=Tier.SINGLE,
            when=exemption.when,
            then=then,
            span=exemption.span,
        )
    vocabulary = replace(
        policy.vocabulary,
        queues={_TEST: Queue(name=_TEST, tier=Tier.SINGLE, sla=0.0, default=True, span=_NOWHERE)},
        reasons={_TEST: Reason(name=_TEST, title=_TEST, policy=_TEST, span=_NOWHERE)},
    )
    return replace(policy, rules=rules, exemptions={}, vocabulary=vocabulary)


@dataclass(frozen=True, slots=True)
class _Judges:
    policy: Policy
    whole: Judge
    conditions: Policy
    alone: Judge


def _name_alone(owner: Rule | Exemption) -> str:
    """The name of a rule, and one that no rule can have for an exemption."""
    return owner.name if isinstance(owner, Rule) else f"exempt {owner.name}"


def _try(owner: Rule | Exemption, place: int, judges: _Judges, bench: Bench, now: float) -> Trial:
    """Run one test of a rule or an exemption."""
    test = owner.tests[place]
    item, at = _item(judges.policy, owner, test), _moment(owner, test, now)
    name = _name_alone(owner)
    if isinstance(test.expect, Outcome):
        got = _outcome(judges.alone.evaluate(item, now=at), name)
        found: tuple[Difference, ...] = ()
        if got is not test.expect:
            found = (Difference(expected=test.expect, got=got),)
    else:
        verdict = judges.whole.evaluate(item, now=at)
        sampling = owner.name if isinstance(owner, Rule) else None
        found = differences(test.expect, verdict, rule=sampling)
    return Trial(
        owner=owner.name,
        label=test.name or f"test {place + 1}",
        span=test.span,
        standing=_standing(passed=not found, known_gap=test.known_gap),
        differences=found,
        why=bench.why(judges.conditions, name, item, at) if found else (),
    )


def _tell(story: Story, judges: _Judges, bench: Bench, now: float) -> Trial:
    """Run one story: every item is counted, and those with an expectation are judged."""
    observe = bench.counting(judges.policy)
    steps = list(_steps(judges.policy, story, now))
    found: list[Difference] = []
    for number, (event, item, at) in enumerate(steps):
        counted = observe(item, at)
        is_last = number == len(steps) - 1
        ends_event = is_last or steps[number + 1][0] is not event
        expected: list[ExpectedVerdict] = []
        if ends_event and event.expect is not None:
            expected.append(event.expect)
        if is_last:
            expected.append(story.expect)
        for each in expected:
            found += differences(each, judges.whole.evaluate(counted, now=at), rule=None)
    return Trial(
        owner=story.name,
        label="story",
        span=story.span,
        standing=_standing(passed=not found, known_gap=story.known_gap),
        differences=tuple(found),
    )


def _steps(policy: Policy, story: Story, now: float) -> Iterator[tuple[Event, Item, float]]:
    """The items of a story, with the moment each comes."""
    fixture = {
        name: value
        for name, value in policy.fixtures.get(story.fixture, {}).items()
        if not name.startswith("counter.")
    }
    at = now if story.at is None else story.at
    number = 0
    for event in story.events:
        at += event.after
        for repetition in range(event.repeat):
            at += event.every if repetition else 0.0
            number += 1
            yield event, _laid(fixture, event.fields, f"{story.name} {number}", _POST), at


_POST: Final = "post"


def _item(policy: Policy, owner: Rule | Exemption, test: RuleTest) -> Item:
    kinds = owner.kinds if isinstance(owner, Rule) else frozenset[str]()
    kind = _POST if not kinds or _POST in kinds else min(kinds)
    return _laid(policy.fixtures.get(test.fixture, {}), test.given, _TEST, kind)


def _laid(
    fixture: Mapping[str, Value | None], given: Mapping[str, Value | None], name: str, kind: str
) -> Item:
    """An item from a fixture with other values laid over it; None takes a value away."""
    laid = {"item.kind": kind, **fixture, **given}
    fields = {field: value for field, value in laid.items() if value is not None}
    return Item(str(fields.get("item.id", fields.get("id", name))), fields)


def _moment(owner: Rule | Exemption, test: RuleTest, now: float) -> float:
    """When a test takes place: as it says, else now, else while its owner is in force."""
    if test.at is not None:
        return test.at
    if owner.starts is not None and now < owner.starts:
        return owner.starts
    if owner.ends is not None and now >= owner.ends:
        return owner.ends - 1.0
    return now


def _outcome(verdict: Verdict, name: str) -> Outcome:
    for hit in verdict.hits:
        if hit.rule == name:
            return Outcome.UNKNOWN if hit.status is HitStatus.MISSING else Outcome.MATCH
    return Outcome.NO_MATCH


def _standing(*, passed: bool, known_gap: bool) -> Standing:
    if known_gap:
        return Standing.CLOSED if passed else Standing.KNOWN_GAP
    return Standing.PASSED if passed else Standing.FAILED
