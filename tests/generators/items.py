"""Random items for a policy: its words disguised, numbers on its thresholds, values missing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from engine.item import Item, Value
from engine.rules.model import Condition, Leaf, ListRefs, Meets, Policy
from engine.rules.vocabulary import Field, FieldType
from engine.text.entry import Entry
from tests.generators.conditions import choices_of, numbers_near
from tests.generators.draws import Draws
from tests.generators.spellings import occurrence, text_around
from tests.generators.vocabulary import DOMAINS, TAGS

_SUBDOMAINS = ("", "", "www.", "a.b.", "x")
SNIPPETS = ("zorb an", "x1x", "qu-an.me", "ab9", "an an an", "MO mo", "a\nz", "z9 é", "카a 카")


@dataclass(frozen=True, slots=True)
class Bait:
    """What the conditions of a policy look for."""

    entries: list[Sequence[Entry]] = field(default_factory=list)
    """Of each leaf that looks for words: its words."""
    numbers: dict[str, list[float]] = field(default_factory=dict)


def bait(policy: Policy) -> Bait:
    """Everything in a policy that an item could hit."""
    found = Bait()
    for leaf in _all_leaves(policy):
        _collect(leaf, found)
    for words in policy.lists.values():
        found.entries.append(words.entries)
    return found


def item(draws: Draws, policy: Policy, found: Bait) -> Item:
    """An item that has a fair chance of being hit."""
    fields: dict[str, Value] = {}
    for name, declared in policy.vocabulary.fields.items():
        if name.startswith("decision."):
            continue
        given = 10 if name.startswith("points.") else 75
        if draws.chance(given):
            fields[name] = _value(draws, declared, found)
    return Item(f"i-{draws.below(10_000)}", fields)


def _value(draws: Draws, declared: Field, found: Bait) -> Value:
    if declared.type is FieldType.TEXT:
        return _text(draws, found)
    if declared.type is FieldType.YES_NO:
        return draws.chance(50)
    if declared.type.numeric:
        thresholds = found.numbers.get(declared.name, [])
        return draws.pick(numbers_near(draws.pick([*thresholds, 0.0, 1.0])))
    if declared.type is FieldType.DOMAINS:
        members = draws.some(DOMAINS, 3, least=0)
        return frozenset(draws.pick(_SUBDOMAINS) + member for member in members)
    if declared.type is FieldType.SET:
        return frozenset(draws.some((*TAGS, "z", "www.bbc.co.uk"), 3, least=0))
    return draws.pick(choices_of(declared))


def _text(draws: Draws, found: Bait) -> str:
    groups = [draws.pick(found.entries) for _ in range(draws.between(1, 3)) if found.entries]
    words = [entry for group in groups for entry in group]
    text = occurrence(draws, draws.pick(words)) if words and draws.chance(20) else None
    text = text or text_around(draws, words)
    return text + draws.pick(SNIPPETS) if draws.chance(15) else text


def _collect(leaf: Leaf, found: Bait) -> None:
    constant = leaf.constant
    if isinstance(constant, ListRefs):
        if constant.exceptions:
            found.entries.append(constant.exceptions)
    elif isinstance(constant, float):
        found.numbers.setdefault(leaf.field, []).append(constant)
    elif isinstance(constant, tuple):
        words = [part for part in constant if isinstance(part, Entry)]
        numbers = [part for part in constant if isinstance(part, float)]
        if words:
            found.entries.append(words)
        if numbers:
            found.numbers.setdefault(leaf.field, []).extend(numbers)


def _all_leaves(policy: Policy) -> Iterator[Leaf]:
    conditions: list[Condition] = [exemption.when for exemption in policy.exemptions.values()]
    for rule in policy.rules.values():
        conditions += [rule.when] if rule.unless is None else [rule.when, rule.unless]
    for table in policy.points.values():
        conditions += [line.when for line in table.lines]
    return chain.from_iterable(leaves(condition) for condition in conditions)


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Every leaf of a condition."""
    if isinstance(condition, Leaf):
        yield condition
    elif isinstance(condition, Meets):
        yield from leaves(condition.condition)
    else:
        for part in condition.parts:
            yield from leaves(part)
