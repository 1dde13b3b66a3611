"""The documents of rule files as JSON Schema, one per kind."""

from collections.abc import Mapping

from engine.rules.json_schema.conditions import condition
from engine.rules.json_schema.names import Names
from engine.rules.json_schema.outcomes import expectation, outcome, rule_tests, variant_outcome
from engine.rules.json_schema.values import (
    COUNT,
    DATE,
    DURATION,
    LANGUAGE,
    NAME,
    NUMBER,
    PORTION,
    TEXT,
    YES_NO,
    Schema,
    listed,
    many,
    mapping,
    one_of,
    ref,
)
from engine.rules.model import Stage, Status
from engine.rules.reading.lists import LIST_KINDS
from engine.rules.reading.messages import OUTCOMES, RECIPIENTS
from engine.rules.reading.queues import PEOPLE
from engine.rules.reading.vocabulary import TYPES
from engine.rules.vocabulary import BUILT_IN_ACTIONS
from engine.text.entry import Spelling
from engine.verdict import Severity, Tier

_ABOUT: Mapping[str, Schema] = {"title": TEXT, "about": TEXT}
_OWNED: Mapping[str, Schema] = {**_ABOUT, "owner": TEXT}
_SETTINGS: Schema = mapping({}, others={"anyOf": [TEXT, {"type": "array"}]})
#: What a machine does alone is shown to be right by examples.
_TESTED: Schema = {
    "if": {
        "properties": {
            "status": {"const": str(Status.LIVE)},
            "then": {"properties": {"tier": {"const": str(Tier.AUTO)}}, "required": ["tier"]},
        },
        "required": ["status", "then"],
    },
    "then": {"required": ["tests"]},
}
_SHADOW: Schema = {
    "if": {"properties": {"status": {"const": str(Status.SHADOW)}}, "required": ["status"]},
    "then": {"required": ["ends"]},
}


def documents(names: Names) -> dict[str, Schema]:
    """By kind."""
    return {
        "rule": _rule(names),
        "variant": _variant(names),
        "list": _list(),
        "condition": {
            **condition(names, {"condition": NAME, **_OWNED}),
            "required": ["condition"],
        },
        "counter": _counter(names),
        "points": _points(),
        "exempt": _exemption(names),
        "message": mapping(
            {
                "message": NAME,
                **_ABOUT,
                "to": one_of(RECIPIENTS),
                "outcome": one_of(OUTCOMES["reporter"]),
                "text": _languages(),
            },
            required=("message", "to", "text"),
        ),
        "fixture": mapping(
            {"fixture": NAME, **_ABOUT, "item": ref("item")}, required=("fixture", "item")
        ),
        "test": _story(names),
        "file": mapping(
            {
                "file": TEXT,
                **_OWNED,
                "policy": one_of(names.policies),
                "for": _kinds(names),
                "markets": _markets(names),
                "settings": _SETTINGS,
            },
            required=("file",),
        ),
        **_vocabulary(names),
    }


def _kinds(names: Names) -> Schema:
    field = names.fields.get("item.kind")
    return many(one_of(field.choices if field else ()))


def _markets(names: Names) -> Schema:
    field = names.fields.get("item.market")
    return many(one_of(field.choices if field else ()))


def _languages() -> Schema:
    return mapping({}, others=TEXT)


def _rule(names: Names) -> Schema:
    properties = {
        "rule": NAME,
        **_OWNED,
        "policy": one_of(names.policies),
        "status": one_of(Status),
        "severity": one_of(Severity),
        "protected": YES_NO,
        "for": _kinds(names),
        "markets": _markets(names),
        "languages": many(LANGUAGE),
        "settings": _SETTINGS,
        "when": ref("condition"),
        "unless": ref("condition"),
        "if_missing": one_of(PEOPLE),
        "then": outcome(names),
        "tests": rule_tests(names),
        "starts": DATE,
        "ends": DATE,
        "stage": one_of(Stage),
        "sample": PORTION,
        "rollout": PORTION,
        "compare_with": one_of(names.rules),
        "outranks": many(one_of(names.rules)),
        "links": many(TEXT),
    }
    required = ("rule", "status", "when", "then")
    return {**mapping(properties, required=required), "allOf": [_TESTED, _SHADOW]}


def _variant(names: Names) -> Schema:
    properties = {
        "variant": NAME,
        **_OWNED,
        "of": one_of(names.rules),
        "status": one_of(Status),
        "markets": _markets(names),
        "because": TEXT,
        "settings": _SETTINGS,
        "then": variant_outcome(names),
        "tests": rule_tests(names),
        "starts": DATE,
        "ends": DATE,
        "links": many(TEXT),
    }
    return mapping(properties, required=("variant", "of", "markets"))


def _list() -> Schema:
    properties = {
        "list": NAME,
        **_OWNED,
        "of": one_of(LIST_KINDS),
        "entries": ref("entries"),
        "spelling": one_of(Spelling),
        "language": LANGUAGE,
        "from": TEXT,
        "ends": DATE,
        "links": many(TEXT),
    }
    choice = [{"required": ["entries"]}, {"required": ["from"]}]
    return {**mapping(properties, required=("list", "of")), "anyOf": choice}


def _counter(names: Names) -> Schema:
    properties = {
        "counter": NAME,
        **_OWNED,
        "counts": _kinds(names),
        "where": ref("condition"),
        "per": one_of(names.fields),
        "distinct": one_of(names.fields),
        "within": DURATION,
    }
    return mapping(properties, required=("counter", "per", "within"))


def _points() -> Schema:
    keys = ("points", "because", "when")
    line = mapping({"points": NUMBER, "because": TEXT, "when": ref("condition")}, required=keys)
    return mapping({"points": NAME, **_OWNED, "add": listed(line)}, required=("points", "add"))


def _exemption(names: Names) -> Schema:
    properties = {
        "exempt": NAME,
        **_OWNED,
        "approved_by": TEXT,
        "because": TEXT,
        "covers": many(TEXT),
        "when": ref("condition"),
        "starts": DATE,
        "ends": DATE,
        "tests": rule_tests(names),
    }
    return mapping(properties, required=("exempt", "because", "covers", "when"))


def _story(names: Names) -> Schema:
    event = mapping(
        {
            "item": ref("item"),
            "repeat": COUNT,
            "every": DURATION,
            "after": DURATION,
            "expect": expectation(names),
        },
        required=("item",),
    )
    properties = {
        "test": TEXT,
        **_ABOUT,
        "fixture": one_of(names.fixtures),
        "events": listed(event),
        "expect": expectation(names),
        "known_gap": YES_NO,
        "at": DATE,
    }
    return mapping(properties, required=("test", "events", "expect"))


def _vocabulary(names: Names) -> dict[str, Schema]:
    lists = [name for name, of in names.lists.items() if of == "ids"]
    gold = mapping(
        {"from": one_of(lists), "one_in": COUNT, "blind": YES_NO}, required=("from", "one_in")
    )
    agreement = one_of(("majority", "unanimous", "two_plus_one"))
    panel = mapping({"reviewers": COUNT, "decide": agreement}, required=("reviewers", "decide"))
    field = {
        "field": TEXT,
        "about": TEXT,
        "type": one_of(TYPES),
        "choices": many(TEXT),
        "missing": {"anyOf": [TEXT, {"type": "array"}]},
        "present_when": ref("condition"),
    }
    queue = {
        "queue": NAME,
        **_ABOUT,
        "tier": one_of(PEOPLE),
        "sla": DURATION,
        "default": YES_NO,
        "blind": YES_NO,
        "gold": gold,
        "panel": panel,
    }
    action = {
        "action": NAME,
        **_ABOUT,
        "stricter_than": one_of(BUILT_IN_ACTIONS),
        "held_as": one_of(BUILT_IN_ACTIONS),
    }
    reason = {"reason": NAME, "title": TEXT, "policy": TEXT, "about": TEXT}
    return {
        "field": mapping(field, required=("field", "type")),
        "reason": mapping(reason, required=("reason", "title", "policy")),
        "queue": mapping(queue, required=("queue", "tier", "sla")),
        "action": mapping(action, required=("action", "stricter_than")),
    }
