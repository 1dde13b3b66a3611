"""What rules catch alone and together."""

from engine.quality.coverage import Matches, coverage
from engine.verdict import HitStatus

LIVE, SHADOW, EXEMPT = HitStatus.LIVE, HitStatus.SHADOW, HitStatus.EXEMPT
MISSING, OUTRANKED = HitStatus.MISSING, HitStatus.OUTRANKED


def test_hits_and_hits_alone() -> None:
    """Shadows and exempt matches catch nothing; who cannot tell and asks people does."""
    found = coverage(
        [
            Matches(statuses={"a": LIVE}),
            Matches(statuses={"a": LIVE, "b": LIVE}),
            Matches(statuses={"a": LIVE, "s": SHADOW}),
            Matches(statuses={"s": SHADOW}),
            Matches(statuses={"a": LIVE, "b": EXEMPT}),
            Matches(statuses={"a": LIVE, "b": MISSING}),
            Matches(statuses={"a": OUTRANKED, "b": LIVE}),
            Matches(statuses={"a": LIVE}, overridden=True),
            Matches(statuses={}, sampled_by=("after",)),
            Matches(statuses={}),
        ]
    )
    assert found.items == 10
    assert {name: found.hits_of(name) for name in "abs"} == {"a": 7, "b": 2, "s": 2}
    assert found.hits_of("after") == 1
    assert found.hits_of("nobody") == 0
    assert {name: found.alone[name] for name in "abs"} == {"a": 3, "b": 1, "s": 1}
    assert found.alone["after"] == 0
    assert found.statuses["b"] == {LIVE: 2, EXEMPT: 1, MISSING: 1}
    assert found.share_alone("a").value == 3 / 7
    assert found.share_alone("nobody").value is None


def test_pairs_are_told_from_the_rule_that_has_fewer() -> None:
    """Of one rule: from its own side; parts of a sample are counted apart."""
    items = [Matches(statuses={"a": LIVE, "b": LIVE}, part=n % 2) for n in range(3)]
    items += [Matches(statuses={"a": LIVE, "c": LIVE}, part=5)]
    items += [Matches(statuses={"a": LIVE}) for _ in range(4)]
    items += [Matches(statuses={"b": LIVE, "c": LIVE})]
    found = coverage(items)
    told = [(each.rule, each.other, each.both, each.share.value) for each in found.overlaps(most=9)]
    assert told == [("b", "a", 3, 0.75), ("c", "a", 1, 0.5), ("c", "b", 1, 0.5)]
    assert [each.rule for each in found.overlaps(most=1)] == ["b"]
    own = coverage(items, of="a").overlaps("a", most=9)
    assert [(each.rule, each.other, each.share.value) for each in own] == [
        ("a", "b", 3 / 8),
        ("a", "c", 1 / 8),
    ]
    assert sorted(found.by_part("a")) == [1, 1, 6]
