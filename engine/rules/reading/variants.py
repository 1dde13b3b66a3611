"""`variant` documents: a rule with other settings for some markets."""

from collections.abc import Mapping
from dataclasses import replace

from engine.rules.model import Rule
from engine.rules.reading.conditions import Conditions
from engine.rules.reading.examples import tests
from engine.rules.reading.files import settings
from engine.rules.reading.reader import Reader, Setting
from engine.rules.reading.rules import (
    RULE_KEYS,
    RuleSource,
    check_tests,
    conditions_of,
    used_settings,
)
from engine.rules.reading.scalars import optional, scalar, text, texts
from engine.rules.reading.scope import markets
from engine.rules.reading.shapes import Keys, keys_of, require
from engine.rules.reading.then import overridden
from engine.rules.suggestions import quoted

_KEYS = (
    "variant",
    "of",
    "markets",
    "because",
    "settings",
    "then",
    "tests",
    "owner",
    "title",
    "about",
    "links",
)
_OF_THE_BASE = dict.fromkeys(
    set(RULE_KEYS) - set(_KEYS), "a variant takes it from the rule it varies; write a rule instead"
)


def read_variants(
    conditions: Conditions, sources: Mapping[str, RuleSource], owners: Mapping[str, str]
) -> dict[str, Rule]:
    """All variants as rules, and their bases with the markets they have lost to them."""
    found: dict[str, Rule] = {}
    for document in conditions.names.all_of("variant"):
        reader = Reader(document, conditions.names, conditions.mistakes)
        one = _variant(reader, conditions, sources, owners.get(document.file))
        if one is None:
            continue
        _check_overlap(reader, one, found)
        found[one.name] = one
    lost: dict[str, frozenset[str]] = {}
    for one in found.values():
        base = one.variant_of or ""
        lost[base] = lost.get(base, frozenset()) | one.markets
    for base, taken in lost.items():
        found[base] = replace(sources[base].rule, not_markets=taken)
    return found


def _variant(
    reader: Reader,
    conditions: Conditions,
    sources: Mapping[str, RuleSource],
    owner: str | None,
) -> Rule | None:
    document = reader.document
    keys = keys_of(reader, document.node, _KEYS, _OF_THE_BASE)
    if keys is None:
        return None
    require(reader, keys, ("of", "markets", "because"), document.node)
    changed = settings(reader, keys.get("settings"))
    because = text(reader, keys.get("because"))
    own_tests = tests(reader, keys.get("tests"))
    base = _base(reader, keys, sources)
    chosen = markets(reader, keys.get("markets"))
    if base is None:
        return None
    _check_markets(reader, keys, chosen, base.rule)
    rule = _with_settings(reader, conditions, base, changed)
    rule = replace(
        rule,
        name=document.name,
        title=optional(reader, keys, "title") or rule.title,
        about=optional(reader, keys, "about") or rule.about,
        owner=optional(reader, keys, "owner") or owner or rule.owner,
        markets=chosen,
        then=overridden(reader, keys.get("then"), rule.then),
        links=texts(reader, keys.get("links")) or rule.links,
        tests=own_tests,
        variant_of=base.rule.name,
        because=because,
        span=document.span,
    )
    check_tests(reader, rule, has_tests="tests" in keys)
    return rule


def _base(reader: Reader, keys: Keys, sources: Mapping[str, RuleSource]) -> RuleSource | None:
    node = scalar(reader, keys.get("of"))
    if node is None:
        return None
    found = sources.get(node.value)
    if found is not None:
        return found
    document = reader.names.of("rule").get(node.value)
    if document is not None and document.kind == "variant":
        reader.error(
            "variant", f"`{node.value}` is itself a variant", node, "name the rule it varies"
        )
    elif not reader.names.declared("rule", node.value):
        rules = [one.name for one in reader.names.all_of("rule")]
        reader.unknown("rule", node, rules)
    return None


def _check_markets(reader: Reader, keys: Keys, chosen: frozenset[str], base: Rule) -> None:
    outside = sorted(chosen - base.markets)
    node = keys.get("markets")
    if base.markets and outside and node is not None:
        message = f"`{base.name}` does not hold in {quoted(outside)}"
        hint = f"its markets are {quoted(sorted(base.markets))}"
        reader.error("variant", message, node, hint)


def _with_settings(
    reader: Reader, conditions: Conditions, base: RuleSource, changed: Mapping[str, Setting]
) -> Rule:
    """The base, read again with the settings that the variant changes."""
    known = {name: one for name, one in changed.items() if name in base.settings}
    for name, setting in changed.items():
        if name not in base.settings:
            hint = reader.mistakes.suggestion(name, tuple(base.settings))
            if hint is None and base.settings:
                hint = f"its settings are {quoted(sorted(base.settings))}"
            message = f"`{base.rule.name}` has no setting `{name}`"
            reader.error("unknown-setting", message, setting.key, hint)
    if not known:
        return base.rule
    again = Reader(base.document, reader.names, reader.mistakes, {**base.settings, **known})
    when, unless = conditions_of(again, conditions, base.keys, base.rule.stage)
    return replace(
        base.rule,
        when=when or base.rule.when,
        unless=unless,
        settings={**base.rule.settings, **used_settings(again)},
    )


def _check_overlap(reader: Reader, variant: Rule, others: Mapping[str, Rule]) -> None:
    for other in others.values():
        both = sorted(other.markets & variant.markets)
        if other.variant_of == variant.variant_of and both:
            message = f"`{other.name}` varies `{variant.variant_of}` for {quoted(both)} already"
            hint = "a market has one variant of a rule"
            reader.mistakes.add("variant", message, variant.span, hint, related=(other.span,))
