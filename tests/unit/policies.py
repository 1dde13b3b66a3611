"""Small policies for tests, saying only what the test is about."""

from typing import Any

from engine.diagnostics import Span
from engine.rules.model import Counter, Leaf, Policy, Rule, RuleTest, Status, Then
from engine.rules.vocabulary import Field, FieldType, Operator, Queue, Reason, Vocabulary
from engine.verdict import Tier

PLACE = Span("rules/test.yaml", 1, 1)


def vocabulary(**types: FieldType) -> Vocabulary:
    """Fields by name, with `__` for a dot, and one queue for each tier of people."""
    fields = {}
    for written, kind in types.items():
        name = written.replace("__", ".")
        choices = ("post", "comment", "image", "appeal") if kind is FieldType.CHOICE else ()
        fields[name] = Field(name=name, type=kind, choices=choices, span=PLACE)
    queues = {
        tier.value: Queue(name=tier.value, tier=tier, sla=3_600.0, span=PLACE)
        for tier in (Tier.SINGLE, Tier.SENIOR)
    }
    reasons = {"test": Reason(name="test", title="Test", policy="test", span=PLACE)}
    return Vocabulary(fields=fields, queues=queues, reasons=reasons)


def at_least(field: str, constant: float) -> Leaf:
    """The condition that a field is at least so much."""
    return Leaf(field=field, operator=Operator.AT_LEAST, constant=constant, span=PLACE)


def rule(name: str, when: Leaf, *tests: RuleTest, **changes: Any) -> Rule:  # noqa: ANN401  # as the fields of Rule
    """A live rule that removes."""
    settings: dict[str, Any] = {
        "status": Status.LIVE,
        "then": Then(tier=Tier.AUTO, action="remove", reason="test"),
        **changes,
    }
    return Rule(name=name, owner="o", policy="test", when=when, tests=tests, span=PLACE, **settings)


def counter(name: str = "c", **changes: Any) -> Counter:  # noqa: ANN401  # as the fields of Counter
    """Items per author within an hour."""
    settings: dict[str, Any] = {"per": "author.id", "within": 3_600.0, **changes}
    return Counter(name=name, span=PLACE, **settings)


def policy(words: Vocabulary, *rules: Rule, **changes: Any) -> Policy:  # noqa: ANN401  # as the fields of Policy
    """A policy of these rules."""
    return Policy(vocabulary=words, rules={each.name: each for each in rules}, **changes)
