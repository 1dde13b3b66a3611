"""Of two conditions, which one holds wherever the other does."""

import pytest

from engine.diffing.directions import Direction
from engine.diffing.forms import Forms
from engine.diffing.proofs import direction_of
from tests.unit.diffing.written import made

_IDEA = "when: { score.spam: { at_least: 0.9 } }"
_THREE = "[{ score.hate: { above: 0.1 } }, { score.spam: { above: 0.2 } }, { text: [x] }]"
_TWO = "[{ score.hate: { above: 0.1 } }, { score.spam: { above: 0.2 } }]"


@pytest.mark.parametrize(
    ("tight", "wide"),
    [
        ("score.hate: { above: 0.5 }", "score.hate: { at_least: 0.5 }"),
        ("score.hate: { between: [0.4, 0.5] }", "score.hate: { is_not: 0.6 }"),
        ("score.hate: { is: 0.5 }", "score.hate: { is_any: [0.5, 0.6] }"),
        ("score.hate: { is_none: [0.5, 0.6] }", "score.hate: { is_not: 0.5 }"),
        ("score.hate: { at_least: 0.5, below: 0.6 }", "score.hate: { between: [0.5, 0.7] }"),
        ("text: { longer_than: 5 }", "text: { longer_than: 3 }"),
        ("author.id: { is_any: [a] }", "author.id: { is_any: [a, b] }"),
        ("author.id: { is_none: [a, b] }", "author.id: { is_none: [a] }"),
        ("author.id: { is: a }", "author.id: { is_none: [b, c] }"),
        (
            "links.domain: { includes_any: [a.org] }",
            "links.domain: { includes_any: [a.org, b.org] }",
        ),
        (
            "links.domain: { includes_none: [a.org, b.org] }",
            "links.domain: { includes_none: [a.org] }",
        ),
        (
            "links.domain: { includes_all: [a.org, b.org] }",
            "links.domain: { includes_all: [a.org] }",
        ),
        ("text: { has_any: [apple] }", "text: { has_any: [apple, pear] }"),
        ("text: { has_none: [apple, pear] }", "text: { has_none: [apple] }"),
        ("text: { has_all: [apple, pear] }", "text: { has_all: [apple] }"),
        ("text: { has_any: [apple], except: [apple pie] }", "text: { has_any: [apple] }"),
        ("text: { has_none: [apple] }", "text: { has_none: [apple], except: [apple pie] }"),
        (
            "text: { has_all: [apple], except: [apple pie] }",
            "text: { has_all: [apple] }",
        ),
        ("text: { has_any: [xanax] }", "text: { has_any_in: [drug-names] }"),
        ("text: { matches: 'ap+le' }", "text: { matches: ['ap+le', 'pe+r'] }"),
        (f"at_least_3_of: {_THREE}", f"at_least_2_of: {_THREE}"),
        (f"at_least_2_of: {_TWO}", f"at_least_2_of: {_THREE}"),
        (f"all: {_THREE}", f"all: {_TWO}"),
        (f"any: {_TWO}", f"any: {_THREE}"),
        (f"none: {_THREE}", f"none: {_TWO}"),
        (f"all: {_TWO}", f"any: {_THREE}"),
        ("none: [{ score.hate: { above: 0.1 } }]", "none: [{ score.hate: { above: 0.2 } }]"),
        ("meets: young-account", "author.age: { below: 3 days }"),
    ],
)
def test_what_covers_is_wider(tight: str, wide: str) -> None:
    """From the one to the other it widens, and back it narrows."""
    assert _direction(tight, wide) is Direction.WIDENS
    assert _direction(wide, tight) is Direction.NARROWS


@pytest.mark.parametrize(
    ("one", "other", "direction"),
    [
        ("score.hate: { between: [0.1, 0.5] }", "score.hate: { between: [0.2, 0.6] }", "either"),
        ("text: { has_any: [apple] }", "text: { has_any: [pear] }", "either"),
        ("author.id: { is: a }", "author.id: { is_not: a }", "either"),
        (
            "text: { has_any: [apple], except: [apple pie] }",
            "text: { has_any: [apple], except: [big apple] }",
            "either",
        ),
        ("score.hate: { at_least: 0.5 }", "score.spam: { at_least: 0.5 }", "changes"),
        ("score.hate: { is_missing: yes }", "score.hate: { at_least: 0.5 }", "changes"),
        (f"none: {_TWO}", f"any: {_TWO}", "changes"),
        ("author.id: { is_not: a }", "none: [{ author.id: a }]", "changes"),
        ("author.id: { is: a }", "author.id: { is_any: [a] }", "none"),
        (
            "score.hate: { between: [0.1, 0.5] }",
            "score.hate: { at_least: 0.1, at_most: 0.5 }",
            "none",
        ),
        ("author.id: { is_any_in: [press] }", "author.id: { is_any: [u-2, u-1] }", "none"),
    ],
)
def test_nothing_is_promised_of_others(one: str, other: str, direction: str) -> None:
    """Either, or nothing at all; and of what only looks different, that it is the same."""
    assert _direction(one, other).value == direction
    assert _direction(other, one).value == direction


def _direction(one: str, other: str) -> Direction:
    nodes = []
    for written in (one, other):
        policy = made((_IDEA, f"when: {{ {written} }}"))
        nodes.append(Forms(policy=policy, looked_up=True).node(policy.rules["idea"].when))
    return direction_of(*nodes)
