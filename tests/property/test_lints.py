"""What the lints conclude about conditions, against the naive interpreter."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

from hypothesis import given

from engine.item import Item, Value
from engine.rules.lints import check
from engine.rules.lints.precedence import implies
from engine.rules.lints.survey import survey_of
from engine.rules.lints.terms import grammar_of, multiply_out, negation
from engine.rules.model import AllOf, AnyOf, Condition, NoneOf, Policy, Rule
from engine.rules.vocabulary import Field, FieldType
from tests.generators.draws import Draws, built, seeded
from tests.generators.items import bait, item
from tests.generators.policies import NOW, policy
from tests.generators.vocabulary import SPAN
from tests.oracle.conditions import truth

ITEMS = 15
SEEDS = 60


def _in_range(field: Field, value: Value) -> Value:
    """A value that can arrive: invented ones lie anywhere, those that are read do not."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    match field.type:
        case FieldType.SCORE | FieldType.SHARE:
            return min(max(value, 0.0), 1.0)
        case FieldType.COUNT:
            return float(int(abs(value)))
        case FieldType.DURATION:
            return abs(value)
        case _:
            return value


def _made(draws: Draws) -> tuple[Policy, list[Item]]:
    made = policy(draws)
    found = bait(made)
    fields = {
        name: replace(
            field, missing=None if field.missing is None else _in_range(field, field.missing)
        )
        for name, field in made.vocabulary.fields.items()
    }
    made = replace(made, vocabulary=replace(made.vocabulary, fields=fields))
    items = [item(draws, made, found) for _ in range(ITEMS)]
    return made, [
        replace(
            each,
            fields={
                name: _in_range(fields[name], value) if name in fields else value
                for name, value in each.fields.items()
                # points are added up; only tests give them
                if not name.startswith("points.")
            },
        )
        for each in items
    ]


def _whole(rule: Rule) -> Condition:
    if rule.unless is None:
        return rule.when
    return AllOf(parts=(rule.when, NoneOf(parts=(rule.unless,), span=SPAN)), span=SPAN)


def _mixed(made: Policy) -> Iterator[Condition]:
    """Conditions of rules, alone and put together so that many exclude each other."""
    whole = [_whole(rule) for rule in made.rules.values()]
    yield from whole
    for one, other in list(permutations(whole, 2))[:12]:
        yield AllOf(parts=(one, other), span=SPAN)
        yield AllOf(parts=(one, NoneOf(parts=(other,), span=SPAN)), span=SPAN)
        yield AnyOf(parts=(one, NoneOf(parts=(other,), span=SPAN)), span=SPAN)
    for one in whole[:3]:
        yield AllOf(parts=(one, NoneOf(parts=(one,), span=SPAN)), span=SPAN)
        yield AnyOf(parts=(one, NoneOf(parts=(one,), span=SPAN)), span=SPAN)


def _check_conditions(made: Policy, items: list[Item]) -> tuple[int, int]:
    grammar = grammar_of(made)
    never = always = 0
    for condition in _mixed(made):
        if multiply_out(condition, grammar).never:
            never += 1
            assert all(truth(condition, each, made) is not True for each in items)
        if negation(condition, grammar).never:
            always += 1
            assert all(truth(condition, each, made) is not False for each in items)
    return never, always


def _check_pairs(made: Policy, items: list[Item]) -> int:
    survey = survey_of(made, now=NOW)
    proven = 0
    for narrow, wide in permutations(survey.terms, 2):
        if implies(survey.terms[narrow], survey.terms[wide]):
            proven += 1
            for each in items:
                if truth(_whole(made.rules[narrow]), each, made) is True:
                    assert truth(_whole(made.rules[wide]), each, made) is True
    return proven


@given(built(_made))
def test_what_is_said_to_be_impossible_never_happens(case: tuple[Policy, list[Item]]) -> None:
    """A condition said never to hold holds for no item; one said never false is false for none."""
    _check_conditions(*case)


@given(built(_made))
def test_a_rule_said_to_be_covered_matches_only_with_the_other(
    case: tuple[Policy, list[Item]],
) -> None:
    """Where one rule is said to match whenever another does, it does."""
    _check_pairs(*case)


def test_enough_is_concluded_to_be_worth_checking() -> None:
    """The invented policies do hold conditions that never, and always, hold, and covered rules."""
    never = always = covered = 0
    for seed in range(SEEDS):
        made, items = _made(seeded(seed))
        impossible, certain = _check_conditions(made, items)
        never, always = never + impossible, always + certain
        covered += _check_pairs(made, items)
    assert never > SEEDS
    assert always > SEEDS
    assert covered > 0


@given(built(policy))
def test_any_policy_can_be_looked_at(made: Policy) -> None:
    """No policy makes the checks fail, and the order in which rules stand changes nothing."""
    found = check(made, now=NOW)
    turned = replace(made, rules=dict(reversed(list(made.rules.items()))))
    assert check(turned, now=NOW) == found
