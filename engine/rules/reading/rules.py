"""`rule` documents."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.diagnostics import Level
from engine.rules import quantities
from engine.rules.documents import Document
from engine.rules.model import AllOf, Condition, Portion, Rule, Stage, Status, Then
from engine.rules.quantities import NotAQuantity
from engine.rules.reading.conditions import Conditions, Uses, read_condition
from engine.rules.reading.examples import tests
from engine.rules.reading.files import FileDefaults, settings, unused
from engine.rules.reading.queues import PEOPLE
from engine.rules.reading.reader import Reader, Setting
from engine.rules.reading.references import known
from engine.rules.reading.scalars import choice, enum, optional, quantity, scalar, texts, yes
from engine.rules.reading.scope import kinds, languages, markets
from engine.rules.reading.shapes import Keys, keys_of, require
from engine.rules.reading.then import THEN_KEYS, then
from engine.rules.suggestions import shown
from engine.verdict import Severity, Tier

RULE_KEYS = dict.fromkeys(
    (
        "rule",
        "title",
        "about",
        "owner",
        "policy",
        "status",
        "severity",
        "protected",
        "for",
        "markets",
        "languages",
        "settings",
        "when",
        "unless",
        "if_missing",
        "then",
        "tests",
        "starts",
        "ends",
        "stage",
        "sample",
        "rollout",
        "compare_with",
        "outranks",
        "links",
    )
)
_UNDER_THEN = {key: f"`{key}` belongs under `then:`" for key in THEN_KEYS}
_RARE = frozenset({"starts", "ends", "if_missing", "sample", "rollout", "compare_with", "outranks"})
_PORTION = re.compile(r"(\S+?)\s*(%?)\s+of\s+(items|authors)")


@dataclass(frozen=True, slots=True)
class RuleSource:
    """A rule and what its variants are made from."""

    rule: Rule
    document: Document
    keys: Keys
    settings: Mapping[str, Setting]
    defaults: FileDefaults


def read_rule(
    document: Document, conditions: Conditions, defaults: FileDefaults
) -> RuleSource | None:
    """A rule with its settings put in; None if its condition or its `then:` has a mistake."""
    reader = Reader(document, conditions.names, conditions.mistakes)
    keys = keys_of(reader, document.node, RULE_KEYS, _UNDER_THEN)
    if keys is None:
        return None
    needed = ["status", "when", "then"]
    if ("file", document.file) not in conditions.names.lost:
        given = {"owner": defaults.owner, "policy": defaults.policy}
        needed = [*(name for name, value in given.items() if value is None), *needed]
    require(reader, keys, needed, document.node)
    own = settings(reader, keys.get("settings"))
    source = _Source(
        Reader(document, conditions.names, conditions.mistakes, {**defaults.settings, **own}),
        keys,
        conditions,
        defaults,
    )
    rule = _rule(source)
    used = source.reader.used
    defaults.used.update(used - own.keys())
    if keys.get("when") is not None and keys.get("then") is not None:
        for name in own.keys() - used:
            unused(conditions.mistakes, name, own[name])
    if rule is None:
        return None
    return RuleSource(rule, document, keys, source.reader.settings, defaults)


@dataclass(frozen=True, slots=True)
class _Source:
    reader: Reader
    keys: Keys
    conditions: Conditions
    defaults: FileDefaults


def _rule(source: _Source) -> Rule | None:
    reader, keys, defaults = source.reader, source.keys, source.defaults
    document = reader.document
    stage = enum(reader, keys.get("stage"), Stage) or Stage.ITEM
    asked = then(reader, keys.get("then"), after=stage is Stage.AFTER)
    when, unless = conditions_of(reader, source.conditions, keys, stage)
    rule = Rule(
        name=document.name,
        title=optional(reader, keys, "title"),
        about=optional(reader, keys, "about"),
        owner=optional(reader, keys, "owner") or defaults.owner or "",
        policy=optional(reader, keys, "policy") or defaults.policy or "",
        status=enum(reader, keys.get("status"), Status) or Status.DRAFT,
        severity=enum(reader, keys.get("severity"), Severity) or Severity.MEDIUM,
        protected=yes(reader, keys.get("protected")),
        kinds=kinds(reader, keys["for"]) if keys.get("for") else defaults.kinds,
        markets=markets(reader, keys["markets"]) if keys.get("markets") else defaults.markets,
        languages=languages(reader, keys.get("languages")),
        settings=used_settings(reader),
        when=when or AllOf(parts=(), span=document.span),
        unless=unless,
        then=asked or Then(tier=Tier.SINGLE, reason=""),
        stage=stage,
        links=texts(reader, keys.get("links")),
        tests=tests(reader, keys.get("tests")),
        span=document.span,
    )
    rule = _limits(reader, keys, rule)
    if asked is not None:
        check_tests(reader, rule, has_tests="tests" in keys)
    return rule if when is not None and asked is not None else None


def _limits(reader: Reader, keys: Keys, rule: Rule) -> Rule:
    """The rule with the keys that few rules have: dates, samples, other rules."""
    if rule.status is Status.SHADOW and "ends" not in keys:
        message = f"the shadow rule `{rule.name}` has no end"
        hint = "add `ends:` with the day on which somebody looks at what it found"
        reader.mistakes.add("shadow-without-end", message, rule.span, hint)
    if not _RARE.isdisjoint(keys):
        starts, ends = dates(reader, keys)
        missing = choice(reader, keys.get("if_missing"), PEOPLE)
        rule = replace(
            rule,
            if_missing=Tier(missing) if missing is not None else None,
            starts=starts,
            ends=ends,
            sample=_portion(reader, keys, "sample", rule),
            rollout=_portion(reader, keys, "rollout", rule),
            compare_with=known(reader, "rule", keys.get("compare_with")),
            outranks=texts(reader, keys.get("outranks")),
        )
    return (
        rule
        if len(rule.settings) == len(reader.used)
        else replace(rule, settings=used_settings(reader))
    )


def conditions_of(
    reader: Reader, conditions: Conditions, keys: Keys, stage: Stage
) -> tuple[Condition | None, Condition | None]:
    """`when` and `unless`; the decision may be looked at only where there is one already."""
    found: list[Condition | None] = []
    for name in ("when", "unless"):
        node = keys.get(name)
        if node is None:
            found.append(None)
            continue
        condition, uses = read_condition(reader, conditions, node)
        if stage is not Stage.AFTER:
            refuse_decision(reader, uses)
        found.append(condition)
    return found[0], found[1]


def refuse_decision(reader: Reader, uses: Uses) -> None:
    """Note the use of a decision that is not made yet."""
    for name, span in uses.fields.items():
        if name.startswith("decision."):
            message = f"`{name}` is known only after the decision"
            hint = "add `stage: after`, or look at the item instead"
            reader.mistakes.add("stage", message, span, hint)


def used_settings(reader: Reader) -> dict[str, str]:
    """The settings that were put in, as written."""
    return {name: reader.settings[name].text for name in sorted(reader.used)}


def dates(reader: Reader, keys: Keys) -> tuple[float | None, float | None]:
    """`starts` and `ends`; a day named as the end belongs to the time in force."""
    starts = quantity(reader, keys.get("starts"), quantities.moment)
    node = keys.get("ends")
    ends = quantity(reader, node, quantities.end_of)
    if node is not None and starts is not None and ends is not None and ends <= starts:
        reader.error("range", "it ends before it starts", node, "see `starts:`")
    return starts, ends


def _portion(reader: Reader, keys: Keys, name: str, rule: Rule) -> Portion | None:
    node = keys.get(name)
    place = reader.resolved(node) if node is not None else None
    written = scalar(*place) if place is not None else None
    if written is None or place is None:
        return None
    reader = place[0]
    if rule.protected:
        message = f"a protected rule takes every item, so it has no `{name}`"
        reader.error("protected", message, written, f"delete `{name}:` or `protected:`")
    found = _PORTION.fullmatch(written.value.strip())
    hint = f"write `{name}: 2% of items` or `{name}: 10% of authors`"
    if found is None:
        reader.error("portion", f"`{shown(written.value)}` is no share of items", written, hint)
        return None
    try:
        share = quantities.share(found[1] + found[2])
    except NotAQuantity as problem:
        reader.error("portion", problem.message, written, hint)
        return None
    if not 0 < share <= 1:
        message = f"a share lies above 0% and up to 100%, not at `{shown(found[1] + found[2])}`"
        reader.error("range", message, written, hint)
        return None
    return Portion(share, found[3])


def check_tests(reader: Reader, rule: Rule, *, has_tests: bool) -> None:
    """Note a rule of the tier `auto` that nobody can know to be right."""
    if has_tests or rule.then.tier is not Tier.AUTO or rule.status is Status.RETIRED:
        return
    live = rule.status is Status.LIVE
    level = Level.ERROR if live else Level.WARNING
    verb = "acts" if live else "would act"
    message = f"rule `{rule.name}` {verb} without a person and has no tests"
    hint = "add `tests:` with an example it must catch and one it must not"
    reader.mistakes.add("untested", message, rule.span, hint, level=level)
