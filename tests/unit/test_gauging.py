"""What an item tells about its reach, and its scores about how sure a rule is."""

import pytest

from engine.gauging import probability_of, reach_of, unusable
from engine.item import Item, Value
from engine.rules.release import Release

_POLICY = """\
file: all
owner: o@example.org
policy: hate
---
field: text
type: text
---
field: views
type: count
---
field: followers
type: number
---
field: score.hate
type: score
---
field: score.spam
type: score
---
queue: general
tier: single
sla: 1 hour
default: yes
---
reason: r
title: R
policy: hate
---
condition: spammy
score.spam: { above: 0.2 }
---
rule: plain
status: live
when: { score.hate: { at_least: 0.5, below: 0.9 } }
then: { tier: single, reason: r }
---
rule: between
status: live
when: { score.hate: { between: [0.3, 0.6] } }
then: { tier: single, reason: r }
---
rule: either
status: live
when: { any: [ { meets: spammy }, { score.hate: { above: 0.5 } } ] }
then: { tier: single, reason: r }
---
rule: denied
status: live
when: { text: { has_any: [x] }, none: [ { score.hate: { above: 0.5 } } ] }
then: { tier: single, reason: r }
---
rule: harmless
status: live
when: { text: { has_any: [x] }, score.hate: { at_most: 0.5 } }
then: { tier: single, reason: r }
---
rule: numbers
status: live
when: { views: { above: 3 } }
then: { tier: single, reason: r }
"""


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Rules that ask for scores, or do not."""
    file = tmp_path_factory.mktemp("rules") / "all.yaml"
    file.write_text(_POLICY, encoding="utf-8")
    return Release.load(file)


@pytest.mark.parametrize(
    ("fields", "names", "reach"),
    [
        ({"views": 7, "followers": 3.5}, ("views", "followers"), 7.0),
        ({"views": 2, "followers": 3.5}, ("views", "followers"), 3.5),
        ({"views": 2, "followers": 3.5}, ("views",), 2.0),
        ({"views": 0}, ("views", "followers"), 0.0),
        ({"followers": -1.0}, ("followers",), None),
        ({"followers": float("nan"), "views": 1}, ("followers", "views"), 1.0),
        ({"views": 10**400}, ("views",), 1e10),
        ({"text": "12"}, ("text",), None),
        ({}, ("views",), None),
        ({"views": 7}, (), None),
    ],
)
def test_the_largest_of_the_fields_is_the_reach(
    fields: dict[str, Value], names: tuple[str, ...], reach: float | None
) -> None:
    """Of those that are numbers of people; where there is none it is not known."""
    assert reach_of(Item("i", fields), names) == reach


@pytest.mark.parametrize(
    ("rule", "probability"),
    [
        ("plain", 0.4),
        ("between", 0.4),
        ("either", 0.7),
        ("denied", None),
        ("harmless", None),
        ("numbers", None),
    ],
)
def test_the_highest_score_that_a_rule_asks_for_is_its_probability(
    release: Release, rule: str, probability: float | None
) -> None:
    """Not of what it excludes, nor of scores it wants to be low; named conditions count."""
    item = Item("i", {"text": "x", "score.hate": 0.4, "score.spam": 0.7, "views": 9})
    policy = release.policy
    assert probability_of(item, policy.rules[rule], policy.vocabulary) == probability


def test_a_score_that_did_not_arrive_says_nothing(release: Release) -> None:
    """It is not 0."""
    policy = release.policy
    found = [
        probability_of(Item("i", fields), policy.rules["either"], policy.vocabulary)
        for fields in ({}, {"score.spam": 0.0})
    ]
    assert found == [None, 0.0]


def test_fields_that_never_tell_a_reach_are_named(release: Release) -> None:
    """Those that the vocabulary does not have, and those that hold no numbers."""
    names = ("views", "viewz", "text", "followers")
    assert unusable(names, release.policy.vocabulary) == ["viewz", "text"]
