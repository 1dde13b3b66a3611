"""Activators: what must be true before a rule can match."""

import pytest

from engine.item import Item, Value
from engine.rules.activation import Activator, Member, Planner, Probe
from engine.rules.conditions import NOT_APPLICABLE, domain_and_parents
from engine.rules.context import Context
from engine.rules.leaves import default_of
from engine.rules.model import Policy
from engine.rules.release import Release
from engine.rules.targets import matcher_of
from engine.rules.thresholds import Among, Literal
from engine.text.folding import fold_plain
from tests.generators.draws import seeded
from tests.generators.items import bait, item
from tests.generators.policies import policy


def _is_true(activator: Activator, judged: Item, made: Policy, release: Release) -> bool:
    """Decide an activator by itself, with no scan and no mask."""
    match activator:
        case Probe(field=name, target=target):
            text = judged.fields.get(name, default_of(made.vocabulary.fields[name]))
            return isinstance(text, str) and bool(matcher_of(target).spans(fold_plain(text)))
        case Member(field=name, name=wanted, covers=covers):
            names = judged.fields.get(name, default_of(made.vocabulary.fields[name]) or frozenset())
            assert isinstance(names, frozenset)
            return any(
                wanted in (domain_and_parents(each) if covers else (each,)) for each in names
            )
        case frozenset():
            return all(_holds(literal, judged, made, release) for literal in activator)


def _holds(literal: Literal, judged: Item, made: Policy, release: Release) -> bool:
    declared = made.vocabulary.fields.get(literal.field)
    default: Value | None = "post" if literal.field == "item.kind" else None
    if declared is not None:
        default = default_of(declared)
    value = judged.fields.get(literal.field, default)
    if value is None:
        if release.checks.reader(literal.field)(Context(judged.fields)) is NOT_APPLICABLE:
            return literal.when_not_applicable
        return literal.when_unknown
    if isinstance(literal.values, Among):
        return (value in literal.values.names) is literal.values.inside
    assert isinstance(value, int | float)
    return any(low <= value < high for low, high in literal.values)


@pytest.mark.parametrize("seed", range(60))
def test_a_rule_matches_only_where_an_activator_is_true(seed: int) -> None:
    """No match without an activator; and where they are exact, no activator without a match."""
    draws = seeded(seed)
    made = policy(draws)
    found = bait(made)
    release = Release.of(made)
    planner = Planner(made)
    for judged in [item(draws, made, found) for _ in range(25)]:
        for rule in made.rules.values():
            plan = planner.rule(rule)
            true = any(_is_true(each, judged, made, release) for each in plan.activators)
            matches = release.outcome(rule.name, judged) is True
            assert not matches or true
            assert not plan.exact or matches is true
