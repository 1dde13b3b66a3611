"""What rules ask for and tests expect, as JSON Schema."""

from engine.rules.json_schema.names import Names
from engine.rules.json_schema.values import (
    COUNT,
    DATE,
    DURATION,
    TEXT,
    YES_NO,
    Schema,
    listed,
    many,
    mapping,
    one_of,
    ref,
)
from engine.rules.model import Outcome
from engine.rules.reading.queues import PEOPLE
from engine.rules.reading.then import NOT_BY, VARIANT_KEYS
from engine.verdict import Priority, Tier

_MACHINE: Schema = {
    "if": {"properties": {"tier": {"const": str(Tier.AUTO)}}, "required": ["tier"]},
    "then": {"required": ["action"], "properties": {"while_waiting": False}},
    "else": {"properties": {"action": False}},
}


def outcome(names: Names) -> Schema:
    """`then:` of a rule."""
    schema = mapping(_asked(names), required=("tier", "reason"))
    return {**schema, **_MACHINE}


def variant_outcome(names: Names) -> Schema:
    """`then:` of a variant."""
    return mapping({key: each for key, each in _asked(names).items() if key in VARIANT_KEYS})


def expectation(names: Names) -> Schema:
    """What a whole decision must look like."""
    asked = _asked(names)
    told = {key: asked[key] for key in ("queue", "priority", "sla", "message", "strikes")}
    reasons = {"anyOf": [one_of(names.reasons), {"type": "array", "items": one_of(names.reasons)}]}
    return mapping(
        {
            **told,
            "tier": one_of(Tier),
            "action": one_of(names.actions),
            "while_waiting": one_of((*names.actions, "keep")),
            "reasons": reasons,
            "reason": reasons,
            "labels": many(TEXT),
            "label": many(TEXT),
            "notify": many(TEXT),
            "rules": {"anyOf": [TEXT, {"type": "array", "items": one_of(names.rules)}]},
            "sampled": YES_NO,
        }
    )


def rule_tests(names: Names) -> Schema:
    """`tests:`: single ones, and tables with one test per row."""
    shared = {
        "name": TEXT,
        "known_gap": YES_NO,
        "at": DATE,
        "fixture": one_of(names.fixtures),
    }
    expected: Schema = {"anyOf": [one_of(Outcome), expectation(names)]}
    single = mapping(
        {**shared, "given": ref("item"), "expect": expected}, required=("given", "expect")
    )
    table = mapping(
        {**shared, "columns": listed(TEXT), "rows": listed({"type": "array"})},
        required=("columns", "rows"),
    )
    return listed({"anyOf": [single, table]})


def _asked(names: Names) -> dict[str, Schema]:
    return {
        "tier": one_of((Tier.AUTO, *PEOPLE)),
        "action": one_of(names.actions),
        "while_waiting": one_of(("keep", *names.actions)),
        "reason": one_of(names.reasons),
        "queue": one_of(names.queues),
        "priority": one_of(Priority),
        "sla": DURATION,
        "message": one_of(names.messages),
        "notify": many(TEXT),
        "label": many(TEXT),
        "strikes": COUNT,
        "not_by": one_of(NOT_BY),
    }
