"""What comes, goes or is called something else: rules, lists, words of the vocabulary."""

from engine.diffing import compare
from engine.diffing.difference import Fate, Kind, Weight
from engine.diffing.directions import Direction
from engine.diffing.layouts import MOST_WORDS
from engine.diffing.wording import Wording
from tests.unit.diffing.written import RULES, difference, made, rule, shared


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
