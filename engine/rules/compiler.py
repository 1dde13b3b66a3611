"""From a policy to tables: every word, threshold and name of all rules gets its place."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.rules.activation import Member, Plan, Planner, Probe
from engine.rules.codec import probe_key
from engine.rules.filters import LOOSE, Filter, filter_of, loose_literals
from engine.rules.filters import Lane as Lanes
from engine.rules.leaves import DEFAULT_KIND, default_of, leaves_of, needed_fields, positive
from engine.rules.model import Condition, Exemption, Policy, Rule, Stage, Status
from engine.rules.requests import request_of
from engine.rules.tables import Confirm, Lane, Listeners, Members, Signal, Tables
from engine.rules.targets import Target, targets_of
from engine.rules.thresholds import Clause, FieldCells, field_cells
from engine.rules.vocabulary import FieldType
from engine.text.entry import Entry

if TYPE_CHECKING:
    from engine.item import Value

#: Subjects that match at once, and subjects that have to be looked at, while they are collected.
_Collected = tuple[list[int], list[int]]


def _nobody() -> _Collected:
    return [], []


@dataclass(slots=True)
class _Collection:
    """Probes, names and clauses of a policy, and who listens to them."""

    probes: dict[tuple[str, Target], int] = field(default_factory=dict)
    probe_listeners: dict[int, _Collected] = field(default_factory=lambda: defaultdict(_nobody))
    members: dict[Member, _Collected] = field(default_factory=lambda: defaultdict(_nobody))
    clauses: dict[Clause, _Collected] = field(default_factory=lambda: defaultdict(_nobody))
    lanes: dict[tuple[str, str], dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    words: dict[int, list[int]] = field(default_factory=dict)
    besides: dict[int, list[list[int]]] = field(default_factory=dict)
    events: int = 0

    def connect(self, number: int, plan: Plan) -> None:
        """Let a subject listen to the activators of its plan."""
        side = 0 if plan.exact else 1
        for activator in plan.activators:
            match activator:
                case Probe(field=name, target=target):
                    self.probe_listeners[self.probe(name, target)][side].append(number)
                case Member():
                    self.members[activator][side].append(number)
                case _:
                    self.clauses[activator][side].append(number)

    def probe(self, name: str, target: Target) -> int:
        """The number of a probe."""
        return self.probes.setdefault((name, target), len(self.probes))

    def event(self, name: str, lane: str, literal: str) -> int:
        """The event of a literal."""
        literals = self.lanes[name, lane]
        if literal not in literals:
            literals[literal] = self.new_event()
        return literals[literal]

    def new_event(self) -> int:
        """One more event."""
        self.events += 1
        return self.events - 1


def compile_tables(policy: Policy) -> Tables:
    """All rules and exemptions of a policy as one set of tables."""
    requests = sorted(
        (request_of(rule, policy.vocabulary) for rule in _used(policy, Stage.ITEM)),
        key=lambda request: request.rank,
    )
    rules = [request.rule for request in requests]
    exemptions = sorted(policy.exemptions.values(), key=lambda exemption: exemption.name)
    found = _collect(rules, exemptions, policy)
    signs = _signs(found)
    members, member_signals = _members(found)
    signals, blind = _signals(found, signs)
    return Tables(
        subjects=[*(rule.name for rule in rules), *(exemption.name for exemption in exemptions)],
        rules=len(rules),
        plain=[request.plain for request in requests],
        after=sorted(
            rule.name for rule in _used(policy, Stage.AFTER) if rule.status is Status.LIVE
        ),
        lanes=_lanes(found),
        phrases=_phrases(found),
        spaced=_spaced(found),
        patterns=_patterns(found),
        members=members,
        signals=signals + member_signals,
        blind=blind,
        cells=_cells(list(found.clauses), policy),
        clauses=[_listeners(listeners) for listeners in found.clauses.values()],
        probe_fields=[name for name, _ in found.probes],
        probe_targets=[target for _, target in found.probes],
        probe_keys={probe_key(*probe): number for probe, number in found.probes.items()},
        signs=signs,
        words=found.words,
        besides=found.besides,
        watched=_watched(rules, policy),
    )


def _collect(rules: Sequence[Rule], exemptions: Sequence[Exemption], policy: Policy) -> _Collection:
    planner = Planner(policy)
    found = _Collection()
    for number, rule in enumerate(rules):
        found.connect(number, planner.rule(rule))
    for number, exemption in enumerate(exemptions, start=len(rules)):
        found.connect(number, planner.condition(exemption.when))
    for condition in _conditions(rules, exemptions, policy):
        _register(condition, policy, found)
    return found


def _lanes(found: _Collection) -> list[Lane]:
    return [
        Lane(field=name, lane=lane, literals=literals)
        for (name, lane), literals in found.lanes.items()
    ]


def _spaced(found: _Collection) -> list[str]:
    return sorted(
        name
        for (name, lane), literals in found.lanes.items()
        if lane == Lanes.WORDS and any(" " in literal.strip() for literal in literals)
    )


def _patterns(found: _Collection) -> dict[str, list[int]]:
    return {
        name: sorted(sources.values())
        for (name, lane), sources in found.lanes.items()
        if lane == Lanes.PATTERNS
    }


def _watched(rules: Sequence[Rule], policy: Policy) -> dict[int, list[str]]:
    return {
        number: sorted(needed_fields(rule, policy))
        for number, rule in enumerate(rules)
        if rule.if_missing is not None and rule.status is Status.LIVE
    }


def _used(policy: Policy, stage: Stage) -> Iterator[Rule]:
    for rule in policy.rules.values():
        if rule.stage is stage and rule.status in (Status.LIVE, Status.SHADOW):
            yield rule


def _conditions(
    rules: Sequence[Rule], exemptions: Sequence[Exemption], policy: Policy
) -> Iterator[Condition]:
    for rule in rules:
        yield rule.when
        if rule.unless is not None:
            yield rule.unless
    for exemption in exemptions:
        yield exemption.when
    for points in policy.points.values():
        for line in points.lines:
            yield line.when
    for declared in policy.vocabulary.fields.values():
        if declared.present_when is not None:
            yield declared.present_when


def _register(condition: Condition, policy: Policy, found: _Collection) -> None:
    """Number the probes of all leaves, also of those that activate nothing."""
    for leaf in leaves_of(condition):
        if policy.vocabulary.fields[leaf.field].type is FieldType.TEXT:
            for target in targets_of(positive(leaf.operator)[0], leaf, policy.lists) or ():
                found.probe(leaf.field, target)


def _signs(found: _Collection) -> dict[int, tuple[Sequence[int], bool]]:
    """Events of each probe that some literal announces."""
    filters: dict[Target, Filter | None] = {}
    signs: dict[int, tuple[Sequence[int], bool]] = {}
    for (name, target), number in found.probes.items():
        if target not in filters:
            filters[target] = filter_of(target)
        announced = filters[target]
        if announced is not None:
            events = {found.event(name, announced.lane, literal) for literal in announced.literals}
            events |= {found.event(name, LOOSE, literal) for literal in loose_literals(target)}
            signs[number] = (sorted(events), announced.sure)
            if announced.words:
                words = (found.event(name, announced.lane, word) for word in announced.words)
                found.words[number] = sorted(words)
            if announced.besides:
                found.besides[number] = [
                    [found.event(name, announced.lane, literal) for literal in literals]
                    for literals in announced.besides
                ]
    return signs


def _signals(
    found: _Collection, signs: Mapping[int, tuple[Sequence[int], bool]]
) -> tuple[list[Signal], dict[str, list[Confirm]]]:
    direct: dict[int, list[int]] = defaultdict(list)
    guarded: dict[int, list[int]] = defaultdict(list)
    confirm: dict[int, list[Confirm]] = defaultdict(list)
    blind: dict[str, list[Confirm]] = defaultdict(list)
    probes = list(found.probes)
    for number, listeners in found.probe_listeners.items():
        if number not in signs:
            blind[probes[number][0]].append((number, *_listeners(listeners)))
            continue
        events, sure = signs[number]
        for event in events:
            if sure:
                direct[event] += listeners[0]
                guarded[event] += listeners[1]
            else:
                confirm[event].append((number, *_listeners(listeners)))
    literals = sum(map(len, found.lanes.values()))
    return [
        (tuple(direct[event]), tuple(guarded[event]), tuple(confirm[event]))
        for event in range(literals)
    ], dict(blind)


def _members(found: _Collection) -> tuple[list[Members], list[Signal]]:
    """Tables of names per set field; their events follow those of the literals."""
    tables: dict[tuple[str, bool], dict[str, int]] = defaultdict(dict)
    signals: list[Signal] = []
    for member, listeners in found.members.items():
        tables[member.field, member.covers][member.name] = found.new_event()
        signals.append((*_listeners(listeners), ()))
    return [
        Members(field=name, covers=covers, events=events)
        for (name, covers), events in tables.items()
    ], signals


def _phrases(found: _Collection) -> dict[str, int]:
    words: dict[str, int] = {}
    for name, target in found.probes:
        if isinstance(target, Entry):
            words[name] = max(words.get(name, 1), len(target.text.split()))
    return words


def _cells(clauses: Sequence[Clause], policy: Policy) -> list[FieldCells]:
    """Cells of every field, those that rule out most first."""
    by_field: dict[str, list[tuple[int, Clause]]] = defaultdict(list)
    for bit, clause in enumerate(clauses):
        for name in {literal.field for literal in clause}:
            by_field[name].append((bit, clause))
    made = []
    for name, concerned in by_field.items():
        declared = policy.vocabulary.fields.get(name)
        numeric = declared is not None and declared.type.numeric
        default: Value | None = DEFAULT_KIND if name == "item.kind" else None
        if declared is not None:
            default = default_of(declared)
        made.append(field_cells(name, concerned, len(clauses), numeric=numeric, default=default))
    return sorted(made, key=_openness)


def _openness(cells: FieldCells) -> float:
    return sum(mask.bit_count() for mask in cells.masks) / len(cells.masks)


def _listeners(collected: _Collected) -> Listeners:
    return tuple(dict.fromkeys(collected[0])), tuple(dict.fromkeys(collected[1]))
