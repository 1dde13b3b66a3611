"""The JSON Schema of rule files, against files that are right and files that are not."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from engine.rules.documents import KINDS, Mapping, Node, Scalar, Sequence, read_documents
from engine.rules.json_schema import json_schema
from engine.rules.reading import read_policy
from engine.rules.reading.rules import RULE_KEYS
from engine.rules.reading.then import THEN_KEYS, VARIANT_KEYS

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT.parent / "shared" / "design" / "rule-examples"

RIGHT = """\
field: item.kind
type: choice
choices: [post, comment]
---
field: score.hate
type: score
about: Text classifier.
---
field: text
type: text
---
field: links.domain
type: set of domains
---
field: author.age
type: duration
---
field: author.verified
type: yes/no
---
reason: hate.attack
title: Attack
policy: hate
---
queue: general
tier: single
sla: 24 hours
---
list: slurs
of: words
entries: [zorbling, no, null, { word: quenthead, spelling: tolerant }]
---
list: good-sites
of: domains
entries: [example.org]
---
condition: known
author.verified: yes
---
message: removed
to: author
text: { en: Gone. }
---
counter: posts
per: item.kind
within: 1 hour
---
rule: all-at-once
owner: o@example.org
policy: hate
status: live
for: [post]
markets: [NO, SE]
settings: { sure: 97% }
when:
  score.hate: { at_least: $sure }
  counter.posts: '>= 3'
  text: { has_any_in: [slurs], except: [zorbling park] }
  author.age: { between: [1 day, 2 years] }
  item.kind: [post, comment]
  any:
    - links.domain: { all_in: [good-sites] }
    - meets: known
    - at_least_2_of: [{ text: x }, { text: { longer_than: 5 } }, { author.verified: no }]
then: { tier: auto, action: remove, reason: hate.attack, message: removed, strikes: 1 }
tests:
  - given: { score.hate: 0.97, counter.*: 0, text: missing }
    expect: no match
  - given: { score.hate: 97% }
    expect: { tier: auto, reasons: [hate.attack] }
  - columns: [score.hate, expect]
    rows: [[0.1, no match]]
"""

RULE = """\
rule: r
owner: o@example.org
policy: hate
status: draft
when: {{ {when} }}
then: {{ {then} }}
"""
REVIEW = "tier: single, reason: hate.attack"

WRONG = {
    "no kind": "title: a\n",
    "an unknown key": RULE.format(when="text: a", then=REVIEW) + "prioritie: 5\n",
    "an unknown status": RULE.format(when="text: a", then=REVIEW).replace("draft", "on"),
    "no condition": "rule: r\nstatus: draft\nthen: { tier: single, reason: hate.attack }\n",
    "an empty condition": RULE.format(when="", then=REVIEW),
    "a misspelt operator": RULE.format(when="score.hate: { atleast: 0.9 }", then=REVIEW),
    "an operator of another type": RULE.format(when="score.hate: { has_any: a }", then=REVIEW),
    "a score above one": RULE.format(when="score.hate: { at_least: 50 }", then=REVIEW),
    "a bare sign": RULE.format(when="score.hate: '0.9 or more'", then=REVIEW),
    "a duration without a unit": RULE.format(when="author.age: { below: 3 }", then=REVIEW),
    "a misspelt field": RULE.format(when="score.hat: { above: 0.9 }", then=REVIEW),
    "an unknown list": RULE.format(when="text: { has_any_in: [slur] }", then=REVIEW),
    "a list that does not fit": RULE.format(when="text: { has_any_in: [good-sites] }", then=REVIEW),
    "an unknown choice": RULE.format(when="item.kind: podcast", then=REVIEW),
    "an unknown condition": RULE.format(when="meets: unknown", then=REVIEW),
    "an unknown reason": RULE.format(when="text: a", then="tier: single, reason: hat"),
    "an unknown queue": RULE.format(when="text: a", then=f"{REVIEW}, queue: genera"),
    "no reason": RULE.format(when="text: a", then="tier: single"),
    "a machine without an action": RULE.format(
        when="text: a", then="tier: auto, reason: hate.attack"
    ),
    "people with an action": RULE.format(when="text: a", then=f"{REVIEW}, action: hide"),
    "a clock for a duration": RULE.format(when="text: a", then=f"{REVIEW}, sla: '12:30'"),
    "a shadow without an end": RULE.format(when="text: a", then=REVIEW).replace("draft", "shadow"),
    "a machine without tests": RULE.format(
        when="text: a", then="tier: auto, action: hide, reason: hate.attack"
    ).replace("draft", "live"),
    "a list without entries": "list: l\nof: words\n",
    "a list of nothing": "list: l\nof: words\nentries: []\n",
    "a field of an unknown type": "field: f\ntype: integer\n",
    "a group that is no list": RULE.format(when="any: { text: a }", then=REVIEW),
    "a share of people": RULE.format(when="text: a", then=REVIEW) + "sample: 2% of people\n",
}


def _documents(text: str) -> Iterator[tuple[str, object]]:
    found, mistakes = read_documents("a.yaml", text)
    assert mistakes == []
    for each in found:
        yield each.kind, _as_an_editor_sees_it(each.node)


def _as_an_editor_sees_it(node: Node) -> object:
    """The value in the types of YAML 1.2, which editors check."""
    if isinstance(node, Mapping):
        return {
            key.value: _as_an_editor_sees_it(value)
            for key, value in node.value
            if isinstance(key, Scalar)
        }
    if isinstance(node, Sequence):
        return [_as_an_editor_sees_it(each) for each in node.value]
    assert isinstance(node, Scalar)
    text = node.value
    words: dict[str, object] = {"": None, "null": None, "~": None, "true": True, "false": False}
    if node.style:
        return text
    if text in words:
        return words[text]
    if re.fullmatch(r"[-+]?\d+", text):
        return int(text)
    return float(text) if re.fullmatch(r"[-+]?\d*\.\d+", text) else text


def _validator(text: str | None) -> Draft202012Validator:
    policy = None
    if text is not None:
        policy, mistakes = read_policy({"a.yaml": text})
        assert policy is not None, mistakes
    schema = json_schema(policy)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_what_is_right_is_valid() -> None:
    """Every way of writing that the reader takes is valid, with and without the policy's names."""
    for validator in (_validator(None), _validator(RIGHT)):
        for kind, value in _documents(RIGHT):
            assert validator.is_valid(value), kind


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_not_valid(name: str) -> None:
    """An editor that knows the schema of a policy marks the usual mistakes."""
    validator = _validator(RIGHT)
    try:
        values = [value for _, value in _documents(WRONG[name])]
    except AssertionError:
        values = [{"title": "a"}]
    assert not any(validator.is_valid(value) for value in values)


def test_the_right_rule_beside_the_wrong_ones_is_valid() -> None:
    """The wrong rules are wrong for their mistake alone."""
    for when in ("text: a", "score.hate: { above: 0.9 }", "author.age: { below: 3 days }"):
        text = RULE.format(when=when, then=REVIEW)
        assert all(_validator(RIGHT).is_valid(value) for _, value in _documents(text))


def test_names_of_a_policy_are_offered() -> None:
    """Fields, reasons, queues and lists that a policy declares are there to be completed."""
    policy, _ = read_policy({"a.yaml": RIGHT})
    text = repr(json_schema(policy))
    for name in ("'score.hate'", "'hate.attack'", "'general'", "'slurs'", "'counter.posts'"):
        assert name in text
    assert "Text classifier." in text
    assert "'hate.attack'" not in repr(json_schema())


def test_every_key_the_reader_takes_is_known() -> None:
    """The schema knows the kinds of documents and the keys of rules that the reader knows."""
    parts = json_schema()["$defs"]
    assert isinstance(parts, dict)
    assert all(f"{kind}-document" in parts for kind in KINDS)
    rule, variant = parts["rule-document"]["properties"], parts["variant-document"]["properties"]
    assert set(rule) == set(RULE_KEYS)
    assert set(rule["then"]["properties"]) == set(THEN_KEYS)
    assert set(variant["then"]["properties"]) == set(VARIANT_KEYS)


def test_the_examples_of_the_language_are_valid() -> None:
    """Every document of the examples is valid, with and without the names they declare."""
    if not EXAMPLES.is_dir():
        pytest.skip("the examples of the rule language are not beside this checkout")
    texts = {file.name: file.read_text("utf-8") for file in EXAMPLES.rglob("*.yaml")}
    policy, mistakes = read_policy(texts)
    assert mistakes == []
    for schema in (json_schema(), json_schema(policy)):
        validator = Draft202012Validator(schema)
        for text in texts.values():
            for kind, value in _documents(text):
                assert validator.is_valid(value), kind
