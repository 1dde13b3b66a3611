"""Settings are put in where `$name` stands, and variants change them."""

from collections.abc import Callable

from engine.rules.model import Leaf, Policy, Rule
from engine.text.entry import Entry

RuleOf = Callable[[str], Rule]
PolicyOf = Callable[[str], Policy]
CodesOf = Callable[[str], list[str]]

BASE = """file: base
owner: team@example.org
policy: hate
settings: { sure: 0.9, days: 3 days }
---
rule: base
status: live
markets: [DE, AT, NO]
settings: { sure: 0.97 }
when: { score.hate: { at_least: $sure }, author.account_age: { below: $days } }
then: { tier: single, reason: hate.attack, sla: 12 hours }
---
"""
VARIANT = """variant: base/de
of: base
markets: [DE, AT]
because: a law
settings: { sure: 93% }
then: { sla: 4 hours, reason: spam.links }
"""


def constants(rule: Rule) -> dict[str, object]:
    """The constants of a rule's lines by field."""
    parts = getattr(rule.when, "parts", ())
    return {one.field: one.constant for one in parts if isinstance(one, Leaf)}


def test_settings_of_the_rule_beat_those_of_the_file(policy_of: PolicyOf) -> None:
    """The nearer setting is put in, and kept as written."""
    rule = policy_of(BASE).rules["base"]
    assert constants(rule) == {"score.hate": 0.97, "author.account_age": 259_200.0}
    assert rule.settings == {"sure": "0.97", "days": "3 days"}
    assert isinstance(rule.when.parts[0], Leaf)  # type: ignore[union-attr]
    assert rule.when.parts[0].settings == ("sure",)  # type: ignore[union-attr]


def test_variants_are_rules_with_other_settings(policy_of: PolicyOf) -> None:
    """A variant has the base's condition with its own settings, and takes over its markets."""
    rules = policy_of(BASE + VARIANT).rules
    base, variant = rules["base"], rules["base/de"]
    assert constants(variant) == {"score.hate": 0.93, "author.account_age": 259_200.0}
    assert constants(base)["score.hate"] == 0.97
    assert variant.settings == {"sure": "93%", "days": "3 days"}
    assert (variant.variant_of, variant.because) == ("base", "a law")
    assert variant.markets == {"DE", "AT"}
    assert variant.then.sla == 14_400.0
    assert variant.then.reason == "spam.links"
    assert variant.then.tier == base.then.tier
    assert base.not_markets == {"DE", "AT"}
    assert base.markets == {"DE", "AT", "NO"}


def test_who_names_a_rule_means_its_variants_too(policy_of: PolicyOf) -> None:
    """Exemptions and ranks go over to the variants of the rule they name."""
    other = """---
rule: other
owner: o
policy: hate
status: live
outranks: [base]
when: { score.hate: { at_least: 0.9 } }
then: { tier: single, reason: hate.attack }
---
exempt: publishers
owner: o
because: a test
covers: [base]
when: { author.id: u-1 }
"""
    policy = policy_of(BASE + VARIANT + other)
    assert policy.rules["other"].outranks == ("base", "base/de")
    assert policy.exemptions["publishers"].covers == ("base", "base/de")


def test_a_bad_setting_is_said_once_where_it_stands(codes_of: CodesOf) -> None:
    """Two uses of one bad value are one mistake."""
    text = BASE.replace("sure: 0.97", "sure: 97").replace("$days", "$sure")
    assert codes_of(text) == ["duration", "range"]


def test_a_setting_used_twice_is_wrong_once(codes_of: CodesOf) -> None:
    """However often a bad value is put in, also by a variant, it is one mistake."""
    text = BASE.replace("sure: 0.97", "sure: 97").replace("author.account_age", "score.spam")
    text = text.replace("$days", "$sure").replace(", days: 3 days", "")
    assert codes_of(text + VARIANT.replace("sure: 93%", "sure: 93")) == ["range", "range"]


def test_words_that_begin_with_a_dollar_stay_words(rule_of: RuleOf) -> None:
    """In a text only declared settings are put in."""
    rule = rule_of("settings: { drug: xanax }\nwhen: { text: { has_any: [$drug, $cam, $$$] } }")
    assert isinstance(rule.when, Leaf)
    assert rule.when.constant == (Entry(text="xanax"), Entry(text="$cam"), Entry(text="$$$"))
    assert rule.when.settings == ("drug",)
