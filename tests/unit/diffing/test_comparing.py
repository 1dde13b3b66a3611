"""Each kind of change is found, named, and told in which direction it goes."""

import pytest

from engine.diffing import compare
from engine.diffing.difference import Fate, Kind, Weight
from engine.diffing.directions import Direction
from engine.diffing.layouts import MOST_WORDS
from engine.diffing.wording import Wording
from tests.unit.diffing.written import difference, made, rule, shared

SURE = ("sure: 0.97", "sure: 0.95")
#: What `drug-sale` asks for.
OF_DRUGS = "then: { tier: single, while_waiting: hide, reason: drugs.sale }"


def test_the_same_policy_differs_in_nothing() -> None:
    """Nor with other settings that come to the same, and conditions written out."""
    assert compare(made(), made()).empty
    assert difference(("{ sure: 0.97 }", "{ sure: 0.970 }")).empty
    assert difference(("- meets: young-account", "- author.age: { below: 48 hours }")).empty
    assert difference(("{ at_least: 0.8, below: $sure }", "{ below: $sure, at_least: 0.8 }")).empty
    whole = "all:\n    - score.hate: { at_least: 0.8, below: $sure }\n    - meets: young-account"
    apart = "score.hate: { at_least: 0.8, below: $sure }\n  meets: young-account"
    assert difference((whole, apart)).empty
    outside = "unless:\n  text.quoted_share: { at_least: 50% }"
    inside = "  none:\n    - text.quoted_share: { at_least: 50% }"
    assert difference((outside, inside)).empty


@pytest.mark.parametrize(
    ("change", "name", "line", "direction", "weight"),
    [
        (
            ("at_least: 0.8,", "at_least: 0.7,"),
            "hate-review",
            "score.hate at least 0.8 → 0.7 · widens",
            Direction.WIDENS,
            Weight.ASKS,
        ),
        (
            ("at_least: 50%", "at_least: 60%"),
            "hate-remove",
            "unless: text.quoted_share at least 50% → 60% · widens",
            Direction.WIDENS,
            Weight.ACTS,
        ),
        (
            ("at_least: 50%", "above: 50%"),
            "hate-remove",
            "unless: text.quoted_share at least 50% → text.quoted_share above 50% · widens",
            Direction.WIDENS,
            Weight.ACTS,
        ),
        (
            ("score.hate: { at_least: 0.8, below: $sure }", "score.hate: { between: [0.7, 0.9] }"),
            "hate-review",
            "drops score.hate below 0.97 (sure) · widens",
            Direction.EITHER,
            Weight.ASKS,
        ),
        (
            ("counter.posts: { above: 2 }", "counter.posts: { above: 5 }"),
            "drug-sale",
            "counter.posts above 2 → 5 · narrows",
            Direction.NARROWS,
            Weight.LESS,
        ),
        (
            ("  counter.posts: { above: 2 }\n", ""),
            "drug-sale",
            "drops counter.posts above 2 · widens",
            Direction.WIDENS,
            Weight.ACTS,
        ),
        (
            ("text: { has_any_in: [drug-names] }\n", "text: { has_any: [xanax, oxy, percocet] }\n"),
            "drug-sale",
            "text has any in drug-names → text has any xanax, oxy, percocet",
            Direction.NONE,
            Weight.QUIET,
        ),
        (
            ("for: [post]", "for: [post, comment]"),
            "hate-remove",
            "for +1 (comment) · widens",
            Direction.WIDENS,
            Weight.ACTS,
        ),
        (
            ("for: [post]\n", ""),
            "hate-remove",
            "for post → all · widens",
            Direction.WIDENS,
            Weight.ACTS,
        ),
        (
            ("for: [post]", "for: [post]\nmarkets: [DE, NO]"),
            "hate-remove",
            "markets all → DE, NO · narrows",
            Direction.NARROWS,
            Weight.LESS,
        ),
        (
            (OF_DRUGS, OF_DRUGS.replace("single,", "single, not_by: first_reviewers,")),
            "drug-sale",
            "not by none → first_reviewers",
            Direction.NONE,
            Weight.ASKS,
        ),
        (
            ("severity: high", "severity: critical"),
            "hate-remove",
            "severity high → critical",
            Direction.NONE,
            Weight.ASKS,
        ),
        (
            ("action: remove", "action: limit"),
            "hate-remove",
            "action remove → limit · milder",
            Direction.NONE,
            Weight.LESS,
        ),
        (
            ("while_waiting: hide", "while_waiting: remove"),
            "drug-sale",
            "while waiting hide → remove · stricter",
            Direction.NONE,
            Weight.ACTS,
        ),
        (
            ("tier: senior, reason: drugs.sale", "tier: single, reason: drugs.sale"),
            "spam-signs",
            "tier senior → single",
            Direction.NONE,
            Weight.ASKS,
        ),
        (
            ("sla: 12 hours", "sla: 90 minutes"),
            "spam-signs",
            "time to decide 12 hours → 90 minutes",
            Direction.NONE,
            Weight.ASKS,
        ),
        (
            (OF_DRUGS, OF_DRUGS.replace("drugs.sale", "hate.attack")),
            "drug-sale",
            "reason drugs.sale → hate.attack",
            Direction.NONE,
            Weight.ASKS,
        ),
        (
            (OF_DRUGS, OF_DRUGS.replace("single,", "single, queue: general,")),
            "drug-sale",
            "queue none → general",
            Direction.NONE,
            Weight.ASKS,
        ),
        (
            (", message: removed", ""),
            "hate-remove",
            "message removed → none",
            Direction.NONE,
            Weight.ASKS,
        ),
        (
            (OF_DRUGS, f"outranks: [idea]\n{OF_DRUGS}"),
            "drug-sale",
            "outranks +1 (idea)",
            Direction.NONE,
            Weight.ACTS,
        ),
        (
            (OF_DRUGS, f"ends: 2027-01-31 18:00\n{OF_DRUGS}"),
            "drug-sale",
            "ends none → 2027-01-31 18:00:00 · narrows",
            Direction.NARROWS,
            Weight.LESS,
        ),
        (
            (OF_DRUGS, f"sample: 20% of items\n{OF_DRUGS}"),
            "drug-sale",
            "sample none → 20% of items · narrows",
            Direction.NARROWS,
            Weight.LESS,
        ),
        (
            ("status: draft", "status: live"),
            "idea",
            "status draft → live · widens",
            Direction.WIDENS,
            Weight.ASKS,
        ),
        (
            ("title: Remove attacks", "title: Attacks go\nabout: Since 2026."),
            "hate-remove",
            "title Remove attacks → Attacks go",
            Direction.NONE,
            Weight.QUIET,
        ),
        (
            ("expect: match", "expect: match\n  - { given: { score.hate: 0 }, expect: no match }"),
            "hate-remove",
            "tests +1",
            Direction.NONE,
            Weight.QUIET,
        ),
        (
            ("score.spam: { at_least: 0.9 }", "score.spam: { at_least: 0.1 }"),
            "idea",
            "score.spam at least 0.9 → 0.1 · widens",
            Direction.WIDENS,
            Weight.QUIET,
        ),
    ],
)
def test_each_change_of_a_rule_is_told(
    change: tuple[str, str], name: str, line: str, direction: Direction, weight: Weight
) -> None:
    """In words, with its direction, under what it can do to people; no other rule is named."""
    found = difference(change)
    each = rule(found, name)
    lines = list(Wording(found.types, MOST_WORDS).rule(each))
    assert f"{name}: {line}" in lines
    assert (each.fate, each.direction, each.weight) == (Fate.CHANGED, direction, weight)
    assert [each.name for each in found.rules] == [name]


def test_a_setting_names_all_rules_it_stands_in() -> None:
    """Each of them says its own threshold, and the setting that moved it."""
    found = difference(SURE)
    assert [each.name for each in found.rules] == ["hate-remove", "hate-review"]
    lines = list(Wording(found.types, MOST_WORDS).rule(found.rules[0]))
    assert lines == ["hate-remove: score.hate at least 0.97 → 0.95 (sure) · widens"]
    assert rule(found, "hate-review").direction is Direction.NARROWS
    setting = shared(found, "sure")
    assert (setting.kind, setting.rules) == (Kind.SETTING, ("hate-remove", "hate-review"))


def test_a_list_touches_rules_however_far_away() -> None:
    """Directly, and through points; what is told of each is what the words do there."""
    found = difference(("[xanax, percocet, oxy]", "[xanax, percocet, oxy, molly, speed]"))
    each = shared(found, "drug-names")
    assert [change.direction for change in each.changes] == [Direction.WIDENS]
    assert each.rules == ("drug-sale", "spam-signs")
    assert rule(found, "drug-sale").fate is Fate.TOUCHED
    assert rule(found, "drug-sale").direction is Direction.WIDENS
    assert rule(found, "drug-sale").weight is Weight.ACTS
    assert rule(found, "spam-signs").direction is Direction.CHANGES
    said = list(Wording(found.types, 1).shared(each))
    assert said[0] == "list `drug-names`: words +2 (molly and 1 more) · widens"
    fewer = difference(("[xanax, percocet, oxy]", "[xanax]"))
    assert rule(fewer, "drug-sale").direction is Direction.NARROWS


def test_a_list_that_excuses_narrows_what_it_excuses() -> None:
    """One more name in an allow-list, one match fewer."""
    found = difference(("[u-1, u-2]", "[u-1, u-2, u-3]"))
    each = rule(found, "hate-remove")
    assert (each.direction, each.weight) == (Direction.NARROWS, Weight.LESS)
    assert each.through == ((Kind.EXEMPTION, "reporters"),)
    unless = "unless:\n  text.quoted_share: { at_least: 50% }"
    excuse = f"{unless}\n  text: {{ has_any_in: [drug-names] }}"
    before = made((unless, excuse))
    after = made((unless, excuse), ("[xanax, percocet, oxy]", "[xanax, percocet]"))
    assert rule(compare(before, after), "hate-remove").direction is Direction.WIDENS


@pytest.mark.parametrize(
    ("change", "kind", "name", "rules", "direction"),
    [
        (
            ("below: 2 days", "below: 3 days"),
            Kind.CONDITION,
            "young-account",
            ("hate-review",),
            Direction.WIDENS,
        ),
        (
            ("within: 1 hour", "within: 2 hours"),
            Kind.COUNTER,
            "posts",
            ("drug-sale",),
            Direction.CHANGES,
        ),
        (
            ("points: 3,", "points: 5,"),
            Kind.POINTS,
            "signs",
            ("spam-signs",),
            Direction.CHANGES,
        ),
        (
            ("We removed it.", "We took it down."),
            Kind.MESSAGE,
            "removed",
            ("hate-remove",),
            Direction.NONE,
        ),
        (
            ("covers: [hate-remove]", "covers: [hate-*]"),
            Kind.EXEMPTION,
            "reporters",
            ("hate-remove", "hate-review"),
            Direction.NARROWS,
        ),
    ],
)
def test_what_rules_share_names_the_rules_it_bears_on(
    change: tuple[str, str], kind: Kind, name: str, rules: tuple[str, ...], direction: Direction
) -> None:
    """Conditions, counters, points, messages and exemptions."""
    found = difference(change)
    each = shared(found, name)
    assert (each.kind, each.rules) == (kind, rules)
    touched = [one for one in found.rules if (kind, name) in one.through]
    assert [one.direction for one in touched] == [direction]
    assert touched[0].name == rules[-1]
