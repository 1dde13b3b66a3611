"""What the matches of a rule depend on, as a hash: it changes with them, and with nothing else.

In it are the rule's condition and scope, its action, all fields, named conditions, lists, points
and counters it comes to, the exemptions that cover it and the rules that outrank it. Not in it are
titles, owners, tests, places in files, dates, samples and rollouts: a rule that is looked at by a
larger share of items matches items of the same kind.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from hashlib import sha256
from typing import Final

import orjson

from engine.rules.leaves import leaves_of
from engine.rules.model import Condition, Exemption, FieldRef, ListRefs, Policy, Rule, Status
from engine.rules.vocabulary import FieldType

#: Parts of values that no match depends on.
_ASIDE: Final = frozenset({"about", "owner", "settings", "source", "span", "title"})
_POINTS, _COUNTER = "points.", "counter."


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What a rule matches."""

    digest: str
    """SHA-256, hexadecimal."""
    scores: tuple[str, ...]
    """Fields of type `score` that bear on it, by name: what fills them bears on it too."""


class Fingerprints:
    """Fingerprints of the rules of one policy."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._exempting: dict[str, list[Exemption]] = defaultdict(list)
        self._outranking: dict[str, list[Rule]] = defaultdict(list)
        for exemption in policy.exemptions.values():
            for name in exemption.covers:
                self._exempting[name].append(exemption)
        for rule in policy.rules.values():
            if rule.status is Status.LIVE:
                for name in rule.outranks:
                    self._outranking[name].append(rule)

    def of(self, name: str) -> Fingerprint:
        """The fingerprint of a rule of the policy."""
        rule = self._policy.rules[name]
        exempting, outranking = self._exempting[name], self._outranking[name]
        conditions = [each.when for each in exempting]
        for each in (rule, *outranking):
            conditions += [each.when] if each.unless is None else [each.when, each.unless]
        names, lists = self._reached(conditions)
        known, policy = self._policy.vocabulary.fields, self._policy
        counters = [each.removeprefix(_COUNTER) for each in names if each.startswith(_COUNTER)]
        points = [each.removeprefix(_POINTS) for each in names if each.startswith(_POINTS)]
        content = {
            "rule": [_matching(rule), rule.then.action, rule.name],
            "exemptions": [[_plain(each.when), each.starts, each.ends] for each in exempting],
            "outranked": [[_matching(each), each.starts, each.ends] for each in outranking],
            "fields": [_plain(known[each]) for each in names if each in known],
            "lists": [_plain(policy.lists[each]) for each in lists if each in policy.lists],
            "counters": [
                _plain(policy.counters[each]) for each in counters if each in policy.counters
            ],
            "points": [_plain(policy.points[each]) for each in points],
        }
        scores = (each for each in names if each in known and known[each].type is FieldType.SCORE)
        return Fingerprint(
            digest=sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest(),
            scores=tuple(scores),
        )

    def _reached(self, conditions: list[Condition]) -> tuple[list[str], list[str]]:
        """All fields and lists that bear on some conditions, sorted."""
        names: set[str] = set()
        lists: set[str] = set()
        waiting = list(conditions)
        while waiting:
            for leaf in leaves_of(waiting.pop()):
                found = {leaf.field}
                if isinstance(leaf.constant, FieldRef):
                    found.add(leaf.constant.name)
                if isinstance(leaf.constant, ListRefs):
                    lists.update(leaf.constant.names)
                for name in found - names:
                    waiting += self._behind(name)
                names |= found
        return sorted(names), sorted(lists)

    def _behind(self, name: str) -> Iterator[Condition]:
        """The conditions that a field itself rests on."""
        declared = self._policy.vocabulary.fields.get(name)
        if declared is not None and declared.present_when is not None:
            yield declared.present_when
        if name.startswith(_POINTS):
            for line in self._policy.points[name.removeprefix(_POINTS)].lines:
                yield line.when
        elif name.startswith(_COUNTER):
            counter = self._policy.counters.get(name.removeprefix(_COUNTER))
            if counter is not None and counter.where is not None:
                yield counter.where


def _matching(rule: Rule) -> list[object]:
    parts = (rule.when, rule.unless, rule.kinds, rule.markets, rule.languages, rule.not_markets)
    return list(map(_plain, parts))


def _plain(value: object) -> object:
    """A value as JSON has it, the same however it is stored."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return list(map(_plain, value))
    if isinstance(value, frozenset):
        return sorted(map(_plain, value), key=str)
    if isinstance(value, Mapping):
        return [[_plain(key), _plain(part)] for key, part in value.items()]
    if not is_dataclass(value):
        return value
    parts = (each.name for each in fields(value) if each.name not in _ASIDE)
    return [type(value).__name__, *(_plain(getattr(value, name)) for name in parts)]
