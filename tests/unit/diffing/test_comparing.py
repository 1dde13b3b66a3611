"""Each kind of change is found, named, and told in which direction it goes."""

import pytest

from engine.diffing import compare
from engine.diffing.difference import Fate, Kind, Weight
from engine.diffing.directions import Direction
from engine.diffing.layouts import MOST_WORDS
from engine.diffing.wording import Wording
from tests.unit.diffing.written import RULES, difference, made, rule, shared

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


def test_rules_come_go_and_take_other_names() -> None:
    """A new one first, if it acts; one that says the same by another name is renamed."""
    found = difference(("rule: hate-review", "rule: hate-maybe"), ("rule: idea", "rule: x"))
    assert [(each.name, each.was, each.fate) for each in found.rules] == [
        ("hate-maybe", "hate-review", Fate.RENAMED),
        ("x", "idea", Fate.RENAMED),
    ]
    gone = RULES[RULES.index("---\nrule: drug-sale") : RULES.index("---\nrule: spam-signs")]
    counter = "---\ncounter: posts\nper: author.id\nwithin: 1 hour\n"
    less = difference((gone, ""), (counter, ""))
    assert [(each.name, each.fate, each.weight) for each in less.rules] == [
        ("drug-sale", Fate.REMOVED, Weight.LESS)
    ]
    more = compare(made((gone, ""), (counter, "")), made())
    assert [(each.name, each.fate, each.weight) for each in more.rules] == [
        ("drug-sale", Fate.ADDED, Weight.ACTS)
    ]
    line = next(Wording(more.types, MOST_WORDS).rule(more.rules[0]))
    assert line == (
        "drug-sale: added (live, single, meanwhile hide, drugs.sale: "
        "text has any in drug-names and counter.posts above 2)"
    )


def test_a_list_by_another_name_changes_no_rule() -> None:
    """Its words are the same, and so is what the rules match."""
    found = difference(("drug-names", "drugs"))
    assert found.rules == ()
    assert [(each.name, each.was, each.fate) for each in found.shared] == [
        ("drugs", "drug-names", Fate.RENAMED)
    ]


def test_what_is_gone_from_the_vocabulary_is_told() -> None:
    """Fields, reasons and queues that records may name; what comes is no harm."""
    idea = RULES[RULES.index("---\nrule: idea") :]
    spam = "---\nfield: score.spam\ntype: score\n"
    found = compare(made((idea, "")), made((idea, ""), setup=[(spam, "")]))
    assert [(each.kind, each.name) for each in found.breaches] == [(Kind.FIELD, "score.spam")]
    assert not found.compatible
    back = compare(made((idea, ""), setup=[(spam, "")]), made((idea, "")))
    assert back.compatible
    assert [each.fate for each in back.vocabulary] == [Fate.ADDED]
    kinds = difference(setup=[("choices: [post, comment]", "choices: [post, comment, ad]")])
    assert kinds.compatible
    fewer = difference(setup=[("choices: [post, comment]", "choices: [post]")])
    assert not fewer.compatible
    panel = "queue: panel\ntier: senior\nsla: 8 hours\npanel: { reviewers: 3, decide: majority }"
    single = "queue: panel\ntier: single\nsla: 8 hours"
    tier = difference(("tier: senior, reason", "tier: single, reason"), setup=[(panel, single)])
    assert [each.name for each in tier.breaches] == ["panel"]


def test_a_default_that_changes_bears_on_whoever_reads_the_field() -> None:
    """Nothing is promised of the direction then."""
    found = difference(
        setup=[("field: score.hate\ntype: score", "field: score.hate\ntype: score\nmissing: 0.9")]
    )
    assert shared(found, "score.hate").rules == ("hate-remove", "hate-review")
    assert {each.direction for each in found.rules} == {Direction.CHANGES}


def test_a_variant_takes_its_markets_from_the_rule_it_varies() -> None:
    """The base narrows, and the variant is new; without it, the base widens again."""
    variant = (
        "variant: hate-remove/de\nof: hate-remove\nmarkets: [DE]\nbecause: agreed\n"
        "settings: { sure: 0.9 }\ntests:\n"
        "  - given: { score.hate: 0.95, item.market: DE, text.quoted_share: 0% }\n"
        "    expect: match\n---\nrule: idea"
    )
    old, new = made(), made(("rule: idea", variant))
    base = rule(compare(old, new), "hate-remove")
    assert [change.aspect for change in base.changes] == ["not_markets"]
    assert base.direction is Direction.NARROWS
    assert rule(compare(old, new), "hate-remove/de").fate is Fate.ADDED
    assert rule(compare(new, old), "hate-remove").direction is Direction.WIDENS


def test_exemptions_come_and_go() -> None:
    """Nobody is excused any more: the rule widens; somebody is: it narrows."""
    start = RULES.index("---\nexempt: reporters")
    gone = RULES[start : RULES.index("---\nrule: hate-remove")]
    without = made((gone, ""))
    assert rule(compare(made(), without), "hate-remove").direction is Direction.WIDENS
    assert rule(compare(made(), without), "hate-remove").weight is Weight.ACTS
    assert rule(compare(without, made()), "hate-remove").direction is Direction.NARROWS
    longer = difference(("ends: 2027-12-31", "ends: 2028-12-31"))
    assert rule(longer, "hate-remove").direction is Direction.NARROWS


def test_a_renamed_rule_draws_other_shares() -> None:
    """Its sample is drawn by its name, so that nothing is promised of which items it looks at."""
    share = "sample: 10% of items\nwhen: { score.spam"
    old = made(("when: { score.spam", share))
    new = made(("when: { score.spam", share), ("rule: idea", "rule: thought"))
    assert rule(compare(old, new), "thought").direction is Direction.CHANGES


def test_rules_without_a_title_are_not_taken_for_one_another() -> None:
    """A rule went and another came, which has nothing of it."""
    found = difference(
        ("rule: idea", "rule: other"), ("score.spam: { at_least", "score.hate: { above")
    )
    assert {(each.name, each.fate) for each in found.rules} == {
        ("idea", Fate.REMOVED),
        ("other", Fate.ADDED),
    }
    titled = ("rule: idea", "rule: idea\ntitle: Spam")
    old = made(titled)
    new = made(
        ("rule: idea", "rule: other\ntitle: Spam"), ("{ at_least: 0.9 }", "{ at_least: 0.8 }")
    )
    each = rule(compare(old, new), "other")
    assert (each.fate, each.was, each.direction) == (Fate.RENAMED, "idea", Direction.WIDENS)


def test_a_part_that_is_there_twice_counts_twice() -> None:
    """Two of three that are one and the same hold with that one alone."""
    spam = "when: { score.spam: { at_least: 0.9 } }"
    name, other = "score.spam: { at_least: 0.9 }", "score.hate: { at_least: 0.5 }"
    old = f"when: {{ at_least_2_of: [{{ {name} }}, {{ {name} }}, {{ {other} }}] }}"
    new = f"when: {{ at_least_2_of: [{{ {name} }}, {{ {other} }}, {{ {other} }}] }}"
    each = rule(compare(made((spam, old)), made((spam, new))), "idea")
    assert each.direction is Direction.EITHER


def test_settings_that_come_to_the_same_are_not_told() -> None:
    """Though their rule changed otherwise."""
    found = difference(("sure: 0.97", "sure: 0.970"), ("at_least: 0.8,", "at_least: 0.7,"))
    assert [each.name for each in found.rules] == ["hate-review"]
    assert found.shared == ()


def test_the_scope_of_a_rule_reads_fields_too() -> None:
    """A market for items without one: whoever asks for markets looks at other items."""
    markets = ("for: [post]", "for: [post]\nmarkets: [DE]")
    field = "field: item.market\ntype: text id"
    found = compare(made(markets), made(markets, setup=[(field, f"{field}\nmissing: DE")]))
    assert rule(found, "hate-remove").direction is Direction.CHANGES
