"""Random edits of a policy, as people make them: thresholds, words, parts, scopes, lists."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.rules.model import (
    AllOf,
    AnyOf,
    AtLeastOf,
    Condition,
    Leaf,
    ListRefs,
    Meets,
    Points,
    Policy,
    Portion,
    Rule,
    Status,
)
from engine.rules.vocabulary import Field, Operator
from engine.text.entry import Entry
from engine.verdict import Tier
from tests.generators import words
from tests.generators.conditions import Names, condition
from tests.generators.draws import Draws
from tests.generators.vocabulary import KINDS, MARKETS, SPAN, TAGS

_SHIFTS = (-0.5, -0.01, 0.01, 0.5, 1.0)
_SWAPS = {
    Operator.ABOVE: Operator.AT_LEAST,
    Operator.AT_LEAST: Operator.ABOVE,
    Operator.BELOW: Operator.AT_MOST,
    Operator.AT_MOST: Operator.BELOW,
    Operator.HAS_ANY: Operator.HAS_ALL,
    Operator.IS_ANY: Operator.IS_NONE,
    Operator.INCLUDES_ANY: Operator.INCLUDES_ALL,
}


@dataclass(frozen=True, slots=True)
class Edited:
    """A policy after an edit, and the rule that was edited; None: something rules share."""

    policy: Policy
    rule: str | None
    kind: str


def edit(draws: Draws, made: Policy) -> Edited:
    """One edit anywhere in a policy."""
    if draws.chance(60):
        return edit_rule(draws, made)
    kinds: list[Callable[[Draws, Policy], Policy]] = [_list, _default, _exemption]
    kinds += [_points] * bool(made.points) + [_named] * bool(made.conditions)
    chosen = draws.pick(kinds)
    return Edited(chosen(draws, made), None, chosen.__name__)


def edit_rule(draws: Draws, made: Policy) -> Edited:
    """One edit of a rule."""
    name = draws.pick(sorted(made.rules))
    rule = made.rules[name]
    chosen = draws.pick((_when, _when, _when, _when, _unless, _scope, _asked, _standing))
    after = chosen(draws, made, rule)
    edited = replace(made, rules={**made.rules, name: after})
    return Edited(edited, name, chosen.__name__)


def _when(draws: Draws, made: Policy, rule: Rule) -> Rule:
    return replace(rule, when=changed(draws, made, rule.when))


def _unless(draws: Draws, made: Policy, rule: Rule) -> Rule:
    if rule.unless is None:
        return replace(rule, unless=_fresh(draws, made))
    return replace(rule, unless=None if draws.chance(30) else changed(draws, made, rule.unless))


def _scope(draws: Draws, _: Policy, rule: Rule) -> Rule:
    key = draws.pick(("kinds", "markets", "not_markets"))
    choices = KINDS if key == "kinds" else MARKETS
    now: frozenset[str] = getattr(rule, key)
    either = frozenset(draws.some(choices, 1))
    changes: dict[str, Any] = {key: now ^ either}
    return replace(rule, **changes)


def _asked(draws: Draws, made: Policy, rule: Rule) -> Rule:
    tiers = [tier for tier in (Tier.AUTO, Tier.SINGLE, Tier.SENIOR) if tier is not rule.then.tier]
    if draws.chance(50):
        return replace(rule, then=replace(rule.then, tier=draws.pick(tiers)))
    key = "action" if rule.then.tier is Tier.AUTO else "while_waiting"
    others = [name for name in made.vocabulary.actions if name != getattr(rule.then, key)]
    changes: dict[str, Any] = {key: draws.pick(others)}
    return replace(rule, then=replace(rule.then, **changes))


def _standing(draws: Draws, _: Policy, rule: Rule) -> Rule:
    if draws.chance(50):
        others = [status for status in Status if status is not rule.status]
        return replace(rule, status=draws.pick(others))
    share = draws.pick((0.1, 0.3, 0.7))
    return replace(rule, sample=None if rule.sample else Portion(share, "items"))


def changed(draws: Draws, made: Policy, whole: Condition) -> Condition:
    """A condition in which something is different."""
    if isinstance(whole, Leaf):
        return _leaf(draws, whole) if draws.chance(80) else _wrapped(draws, made, whole)
    if isinstance(whole, Meets):
        return _wrapped(draws, made, whole)
    parts = list(whole.parts)
    place = draws.below(len(parts))
    form = draws.below(10)
    if isinstance(whole, AtLeastOf) and form == 0:
        return replace(whole, count=whole.count + (1 if whole.count < 3 else -1))
    if form < 2 and len(parts) > 1:
        del parts[place]
    elif form < 4:
        parts.insert(place, _fresh(draws, made))
    else:
        parts[place] = changed(draws, made, parts[place])
    return replace(whole, parts=tuple(parts))


def _wrapped(draws: Draws, made: Policy, whole: Condition) -> Condition:
    form: Any = draws.pick((AllOf, AnyOf))
    wrapped: Condition = form(parts=(whole, _fresh(draws, made)), span=SPAN)
    return wrapped


def _fresh(draws: Draws, made: Policy) -> Condition:
    of_item = [
        field
        for name, field in made.vocabulary.fields.items()
        if not name.startswith(("decision.", "points."))
    ]
    return condition(draws, Names(of_item, list(made.lists.values()), words.EVERYTHING), 1)


def _leaf(draws: Draws, leaf: Leaf) -> Leaf:  # noqa: PLR0911 - one for each kind of constant
    constant = leaf.constant
    if leaf.operator in _SWAPS and draws.chance(15):
        return replace(leaf, operator=_SWAPS[leaf.operator])
    if isinstance(constant, bool):
        return replace(leaf, constant=not constant)
    if isinstance(constant, float | int):
        return replace(leaf, constant=float(constant) + draws.pick(_SHIFTS))
    if isinstance(constant, tuple) and leaf.operator is Operator.BETWEEN:
        low, high = (float(str(each)) for each in constant)
        return replace(
            leaf, constant=(low - draws.pick((0.0, 0.1)), high + draws.pick(_SHIFTS[2:]))
        )
    if isinstance(constant, ListRefs):
        less = ListRefs(constant.names, (*constant.exceptions, Entry(text="for sale")))
        return replace(leaf, constant=less)
    if isinstance(constant, tuple):
        return _members(draws, leaf, constant)
    return replace(leaf, operator=_SWAPS.get(leaf.operator, leaf.operator))


def _members(draws: Draws, leaf: Leaf, constant: Sequence[Any]) -> Leaf:
    kept = list(constant)
    single = leaf.operator in (Operator.IS, Operator.IS_NOT)
    if len(kept) > 1 and draws.chance(50):
        kept.pop(draws.below(len(kept)))
    elif isinstance(kept[0], Entry) and draws.chance(40):
        place = draws.below(len(kept))
        exceptions = (*kept[place].exceptions, Entry(text=draws.pick(words.WORDS[:6])))
        kept[place] = replace(kept[place], exceptions=exceptions)
    elif isinstance(kept[0], Entry):
        kept.append(Entry(text=draws.pick(words.WORDS)))
    elif isinstance(kept[0], str):
        other = draws.pick(TAGS)
        kept = [other] if single else [*kept, other]
    elif isinstance(kept[0], float):
        kept = [kept[0] + 1.0] if single else [*kept, kept[0] + 1.0]
    return replace(leaf, constant=tuple(kept))


def _list(draws: Draws, made: Policy) -> Policy:
    known = made.lists[draws.pick(sorted(made.lists))]
    if known.of in ("words", "phrases"):
        entries = list(known.entries)
        if entries and draws.chance(40):
            entries.pop(draws.below(len(entries)))
        if draws.chance(60):
            entries.append(Entry(text=draws.pick(words.WORDS)))
        after = replace(known, entries=tuple(entries))
    else:
        after = replace(known, names=known.names ^ frozenset((draws.pick(TAGS),)))
    return replace(made, lists={**made.lists, known.name: after})


def _default(draws: Draws, made: Policy) -> Policy:
    numeric = [
        field
        for name, field in made.vocabulary.fields.items()
        if field.type.numeric and not name.startswith(("points.", "decision."))
    ]
    field = draws.pick(numeric)
    after = replace(field, missing=None if field.missing is not None else 1.0)
    fields = {**made.vocabulary.fields, field.name: after}
    return replace(made, vocabulary=replace(made.vocabulary, fields=fields))


def _exemption(draws: Draws, made: Policy) -> Policy:
    if not made.exemptions:
        return made
    known = made.exemptions[draws.pick(sorted(made.exemptions))]
    if draws.chance(40):
        others = {name: each for name, each in made.exemptions.items() if name != known.name}
        return replace(made, exemptions=others)
    after = replace(known, when=changed(draws, made, known.when))
    return replace(made, exemptions={**made.exemptions, known.name: after})


def _points(draws: Draws, made: Policy) -> Policy:
    table = made.points[draws.pick(sorted(made.points))]
    lines = list(table.lines)
    lines[0] = replace(lines[0], points=lines[0].points + 1)
    return replace(made, points={**made.points, table.name: replace(table, lines=tuple(lines))})


def _named(draws: Draws, made: Policy) -> Policy:
    name = draws.pick(sorted(made.conditions))
    after = changed(draws, made, made.conditions[name])

    def put(whole: Condition) -> Condition:
        if isinstance(whole, Meets):
            return replace(whole, condition=after) if whole.name == name else whole
        if isinstance(whole, Leaf):
            return whole
        return replace(whole, parts=tuple(map(put, whole.parts)))

    rules = {
        each.name: replace(
            each, when=put(each.when), unless=None if each.unless is None else put(each.unless)
        )
        for each in made.rules.values()
    }
    exemptions = {
        each.name: replace(each, when=put(each.when)) for each in made.exemptions.values()
    }
    conditions = {**made.conditions, name: after}
    return replace(made, rules=rules, exemptions=exemptions, conditions=conditions)


@dataclass(frozen=True, slots=True)
class _Rewriter:
    """Puts things into another order, and conditions at another place."""

    draws: Draws

    def mixed(self, items: Sequence[Any]) -> tuple[Any, ...]:
        return self.draws.some(items, len(items), len(items))

    def condition(self, whole: Condition) -> Condition:
        span = replace(SPAN, file="moved.yaml", line=self.draws.between(1, 900))
        if isinstance(whole, Meets):
            return replace(whole, condition=self.condition(whole.condition), span=span)
        if isinstance(whole, Leaf):
            constant = whole.constant
            if isinstance(constant, tuple) and whole.operator is not Operator.BETWEEN:
                constant = self.mixed(constant)
            return replace(whole, constant=constant, span=span)
        return replace(whole, parts=self.mixed(tuple(map(self.condition, whole.parts))), span=span)

    def rule(self, rule: Rule) -> Rule:
        then = rule.then
        return replace(
            rule,
            when=self.condition(rule.when),
            unless=None if rule.unless is None else self.condition(rule.unless),
            outranks=self.mixed(rule.outranks),
            then=replace(then, notify=self.mixed(then.notify), labels=self.mixed(then.labels)),
        )

    def field(self, field: Field) -> Field:
        if field.present_when is None:
            return field
        return replace(field, present_when=self.condition(field.present_when))

    def points(self, table: Points) -> Points:
        lines = [replace(line, when=self.condition(line.when)) for line in table.lines]
        return replace(table, lines=self.mixed(lines))


def written_differently(draws: Draws, made: Policy) -> Policy:
    """The same policy, everything whose order means nothing in another order and place."""
    anew = _Rewriter(draws)
    fields = anew.mixed([anew.field(each) for each in made.vocabulary.fields.values()])
    return replace(
        made,
        vocabulary=replace(made.vocabulary, fields={each.name: each for each in fields}),
        rules={each.name: anew.rule(each) for each in anew.mixed(list(made.rules.values()))},
        lists={
            name: replace(each, entries=anew.mixed(each.entries))
            for name, each in made.lists.items()
        },
        points={name: anew.points(each) for name, each in made.points.items()},
        conditions={name: anew.condition(each) for name, each in made.conditions.items()},
        exemptions={
            name: replace(each, when=anew.condition(each.when), covers=anew.mixed(each.covers))
            for name, each in made.exemptions.items()
        },
    )
