"""Described rules as a policy: as objects, and as the files that people would write."""

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final, assert_never

from engine.bench.descriptions import (
    AtLeast,
    Condition,
    Description,
    Every,
    Is,
    Matches,
    Some,
    Words,
    example,
)
from engine.bench.workload import COUNTS, KIND, KINDS, SCORES
from engine.diagnostics import Span
from engine.rules import model
from engine.rules.vocabulary import Field, FieldType, Operator, Queue, Reason, Vocabulary
from engine.text.entry import Entry
from engine.verdict import Severity, Tier

_PLACE: Final = Span("bench.yaml", 1, 1)
_OWNER: Final = "bench@example.org"
_POLICIES: Final = ("hate", "harassment", "scam", "spam", "violence")
_ACTIONS: Final = ("label", "limit", "hide", "remove")
_DAY: Final = 86_400.0
_SEVERITIES: Final = tuple(Severity)
#: Of ten rules: who decides.
_TIERS: Final = (Tier.AUTO,) * 5 + (Tier.SINGLE,) * 4 + (Tier.SENIOR,)


def policy_of(rules: Sequence[Description]) -> model.Policy:
    """The policy of these rules."""
    made = {rule.name: _rule(number, rule) for number, rule in enumerate(rules)}
    written = repr([(rule.name, rule.condition) for rule in rules])
    return model.Policy(
        vocabulary=_vocabulary(),
        rules=made,
        documents=len(made),
        source_hash=sha256(written.encode()).hexdigest(),
    )


def files_of(rules: Sequence[Description], a_file: int = 200) -> Iterator[tuple[str, str]]:
    """The same policy as YAML: names of files, and what stands in them."""
    yield "setup.yaml", "---\n".join(_setup())
    for start in range(0, len(rules), a_file):
        documents = [
            _document(number, rule)
            for number, rule in enumerate(rules[start : start + a_file], start=start)
        ]
        yield f"rules-{start // a_file:03}.yaml", "---\n".join(documents)


def _vocabulary() -> Vocabulary:
    fields = {
        "text": Field(name="text", type=FieldType.TEXT, span=_PLACE),
        KIND: Field(name=KIND, type=FieldType.CHOICE, choices=KINDS, span=_PLACE),
    }
    for name in SCORES:
        fields[name] = Field(name=name, type=FieldType.SCORE, span=_PLACE)
    for name in COUNTS:
        fields[name] = Field(name=name, type=FieldType.COUNT, span=_PLACE)
    reasons = {name: Reason(name=name, title=name, policy=name, span=_PLACE) for name in _POLICIES}
    queues = {
        tier.value: Queue(name=tier.value, tier=tier, sla=_DAY, default=True, span=_PLACE)
        for tier in (Tier.SINGLE, Tier.SENIOR)
    }
    return Vocabulary(fields=fields, reasons=reasons, queues=queues)


def _rule(number: int, rule: Description) -> model.Rule:
    tier, about = _TIERS[number % len(_TIERS)], _POLICIES[number % len(_POLICIES)]
    return model.Rule(
        name=rule.name,
        owner=_OWNER,
        policy=about,
        status=model.Status.LIVE,
        severity=_SEVERITIES[number % len(_SEVERITIES)],
        when=_condition(rule.condition),
        then=model.Then(
            tier=tier,
            action=_action(number) if tier is Tier.AUTO else "publish",
            reason=about,
        ),
        span=_PLACE,
    )


def _action(number: int) -> str:
    return _ACTIONS[number // len(_TIERS) % len(_ACTIONS)]


def _condition(condition: Condition) -> model.Condition:
    match condition:
        case Words():
            entries = tuple(Entry(text=word) for word in condition.any_of)
            return _leaf("text", Operator.HAS_ANY, entries)
        case Matches():
            return _leaf("text", Operator.MATCHES, (model.TextPattern(condition.pattern),))
        case AtLeast():
            return _leaf(condition.field, Operator.AT_LEAST, float(condition.number))
        case Is():
            return _leaf(condition.field, Operator.IS, (condition.choice,))
        case Every():
            return model.AllOf(parts=tuple(map(_condition, condition.parts)), span=_PLACE)
        case Some():
            return model.AnyOf(parts=tuple(map(_condition, condition.parts)), span=_PLACE)
    assert_never(condition)


def _leaf(field: str, operator: Operator, constant: model.Constant) -> model.Leaf:
    return model.Leaf(field=field, operator=operator, constant=constant, span=_PLACE)


def _setup() -> Iterator[str]:
    yield "field: text\ntype: text\n"
    yield f"field: {KIND}\ntype: choice\nchoices: [{', '.join(KINDS)}]\n"
    for name in SCORES:
        yield f"field: {name}\ntype: score\n"
    for name in COUNTS:
        yield f"field: {name}\ntype: count\n"
    for name in _POLICIES:
        yield f"reason: {name}\ntitle: {name}\npolicy: {name}\n"
    for tier in (Tier.SINGLE, Tier.SENIOR):
        yield f"queue: {tier}\ntier: {tier}\nsla: 24 hours\ndefault: yes\n"


def _document(number: int, rule: Description) -> str:
    """A rule as JSON values in YAML, with the test that `tier: auto` asks for."""
    tier, about = _TIERS[number % len(_TIERS)], _POLICIES[number % len(_POLICIES)]
    then = {"tier": tier.value, "reason": about}
    lines = [
        f"rule: {rule.name}",
        f"owner: {_OWNER}",
        f"policy: {about}",
        "status: live",
        f"severity: {_SEVERITIES[number % len(_SEVERITIES)].value}",
        f"when: {json.dumps(_written(rule.condition))}",
    ]
    if tier is Tier.AUTO:
        then["action"] = _action(number)
        given = json.dumps(example(rule.condition))
        lines += ["tests:", f"  - given: {given}", "    expect: match"]
    lines.append(f"then: {json.dumps(then)}")
    return "\n".join(lines) + "\n"


def _written(condition: Condition) -> dict[str, object]:
    match condition:
        case Words():
            return {"text": {"has_any": list(condition.any_of)}}
        case Matches():
            return {"text": {"matches": condition.pattern}}
        case AtLeast():
            return {condition.field: {"at_least": _number(condition.number)}}
        case Is():
            return {condition.field: condition.choice}
        case Every():
            return {"all": list(map(_written, condition.parts))}
        case Some():
            return {"any": list(map(_written, condition.parts))}
    assert_never(condition)


def _number(number: float) -> float:
    return int(number) if number == int(number) else number
