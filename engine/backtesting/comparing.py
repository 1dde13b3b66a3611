"""Judges items of a log by two policies, and counts what differs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, NamedTuple

from engine.backtesting.entries import Entry, Unreadable, Values
from engine.backtesting.sums import (
    PEOPLE,
    RIGHT,
    SHOWN,
    SHOWN_GOLDEN,
    WRONG,
    Cell,
    Due,
    Found,
    Label,
    Labelled,
    Led,
    Moved,
    Rule,
    Shown,
    Side,
    Sums,
    first,
    place,
)
from engine.errors import InvalidItem
from engine.item import Item
from engine.overriding import held_off_by, overridden
from engine.rules.items import ItemReader
from engine.rules.release import Release
from engine.verdict import HitStatus, Tier, Verdict

#: Items judged together.
BATCH: Final = 2_000
#: Rules whose hits are counted as having a say.
_SAYS: Final = (HitStatus.LIVE, HitStatus.MISSING, HitStatus.UNCERTIFIED)
_HOUR: Final = 3_600.0
#: Characters of a reason that are shown.
_LONGEST: Final = 200
_RESTRICTS, _PUBLISHES = "restricts", "publishes"


class _Pair(NamedTuple):
    """An entry as the old and the new policy read it."""

    entry: Entry
    old: Item
    new: Item
    moment: float


class Comparer:
    """Two policies, side by side."""

    def __init__(
        self,
        old: Release,
        new: Release,
        replayed: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset()),
        *,
        cells: bool = False,
        now: float = 0.0,
    ) -> None:
        """Prepare for entries.

        Args:
            old: The policy that is compared with.
            new: The policy that is tried.
            replayed: Counters of each that entries bring in `counts`; stored values do not hold.
            cells: All values are text, as in a CSV file.
            now: The moment of items that have none, in seconds since 1970.
        """
        self.old = old
        self.new = new
        self._replayed = replayed
        self._now = now
        self._same = old.name == new.name
        self._old_reader = ItemReader(old.policy.vocabulary, cells=cells)
        self._new_reader = ItemReader(new.policy.vocabulary, cells=cells)
        self._alike = _typing(old) == _typing(new)

    def compare(self, entries: Iterable[Entry | Unreadable]) -> Sums:
        """Judge a part of the log by both policies."""
        sums, source = Sums(), iter(entries)
        while batch := list(islice(source, BATCH)):
            pairs = list(self._read(batch, sums))
            olds, news = self._judge(pairs)
            self._count(pairs, olds, news, sums)
        return sums

    def golden(self, entries: Sequence[Entry]) -> Sums:
        """Judge golden items, whose labels are right, by both policies; nothing else is counted."""
        sums = Sums()
        pairs = list(self._read(entries, Sums()))
        olds, news = self._judge(pairs)
        for (entry, *_), old, new in zip(pairs, olds, news, strict=True):
            violating = self._violating(entry.label)
            if violating is None:
                sums.unweighted += 1
                continue
            was, now = _outcome(self.old, old, violating), _outcome(self.new, new, violating)
            sums.golden[was, now] += 1
            if now == WRONG and was != WRONG:
                told = f"{entry.label}: {_told(old)} → {_told(new)}"
                shown = Shown(place(entry.id), entry.id, told)
                sums.regressions = first((*sums.regressions, shown), SHOWN_GOLDEN)
        return sums

    def _read(self, batch: Iterable[Entry | Unreadable], sums: Sums) -> Iterator[_Pair]:
        for entry in batch:
            if isinstance(entry, Unreadable):
                # What stands behind a colon is of this line alone.
                what, reason = entry.reason.partition(":")[0], entry.reason[:_LONGEST]
                _note(sums, "log", what, Shown(place(entry.id), entry.id, reason))
                continue
            reading = "new"
            try:
                new = self._new_reader.read(entry.raw)
                reading = "old"
                old = new if self._alike else self._old_reader.read(entry.raw)
            except InvalidItem as problem:
                shown = Shown(place(entry.id), entry.id, str(problem)[:_LONGEST])
                _note(sums, reading, problem.field, shown)
                continue
            moment = entry.moment
            if moment is None:
                moment = moment_of(new) or moment_of(old)
            if moment is None:
                sums.undated += 1
                moment = self._now
            yield _Pair(entry, self._known(old, entry, 0), self._known(new, entry, 1), moment)

    def _known(self, item: Item, entry: Entry, side: int) -> Item:
        """The item with all that was known of it, its counters replayed where they have to be."""
        counts = entry.counts[side]
        if not (counts or entry.signals or entry.facts):
            return item
        return with_facts(item, entry.signals, entry.facts, self._replayed[side], counts)

    def _judge(self, pairs: Sequence[_Pair]) -> tuple[list[Verdict], list[Verdict]]:
        olds = _verdicts(self.old, pairs, [pair.old for pair in pairs])
        if self._same and all(pair.old is pair.new or pair.old == pair.new for pair in pairs):
            return olds, olds
        return olds, _verdicts(self.new, pairs, [pair.new for pair in pairs])

    def _count(
        self, pairs: Sequence[_Pair], olds: list[Verdict], news: list[Verdict], sums: Sums
    ) -> None:
        if not pairs:
            return
        moments = [pair.moment for pair in pairs]
        sums.reach((min(moments), max(moments)))
        hours = [int(moment // _HOUR) for moment in moments]
        alike = Counter(zip(hours, map(id, olds), map(id, news), strict=True))
        verdicts = {id(verdict): verdict for verdict in (*olds, *news)}
        sides = {number: _side(verdict) for number, verdict in verdicts.items()}
        both: Counter[tuple[int, int]] = Counter()
        for (hour, old, new), count in alike.items():
            sums.moved[Moved(hour, sides[old], sides[new])] += count
            both[old, new] += count
        for (old, new), count in both.items():
            _count_rules(verdicts[old], verdicts[new], count, sums)
        for number, count in Counter(map(id, olds)).items():
            _count_work(verdicts[number], count, sums, new=False)
        for number, count in Counter(map(id, news)).items():
            _count_work(verdicts[number], count, sums, new=True)
        self._show(
            pairs, [sides[id(each)] for each in olds], [sides[id(each)] for each in news], sums
        )
        self._count_labels(pairs, olds, news, sums)

    def _show(
        self, pairs: Sequence[_Pair], olds: Sequence[Side], news: Sequence[Side], sums: Sums
    ) -> None:
        """Keep the first few items of each cell."""
        seen: dict[tuple[Tier, str, Tier, str], list[tuple[int, str]]] = {}
        for (entry, *_), old, new in zip(pairs, olds, news, strict=True):
            key = (old[0], old[1], new[0], new[1])
            rows = seen.get(key)
            if rows is None:
                rows = seen[key] = []
            rows.append((place(entry.id), entry.id))
        for (tier, action, now, does), rows in seen.items():
            cell = Cell((tier, action), (now, does))
            shown = [Shown(number, identity, "") for number, identity in sorted(rows)[: 4 * SHOWN]]
            sums.cells[cell] = first((*sums.cells.get(cell, ()), *shown))

    def _count_labels(
        self, pairs: Sequence[_Pair], olds: list[Verdict], news: list[Verdict], sums: Sums
    ) -> None:
        for (entry, *_), old, new in zip(pairs, olds, news, strict=True):
            chance = old.inclusion_probability if entry.inclusion is None else entry.inclusion
            if not chance and old is not new and _unseen(old, new):
                sums.unseen += 1
            if entry.label is None:
                continue
            violating = self._violating(entry.label)
            if violating is None or not 0 < chance <= 1:
                sums.unweighted += 1
                continue
            label = Label(chance, violating, _does(self.old, old), _does(self.new, new))
            sums.labels[label] += 1
            was, now = _rules(old), _rules(new)
            for rule in {*was, *now}:
                sums.labelled[Labelled(rule, chance, violating, rule in was, rule in now)] += 1

    def _violating(self, action: str | None) -> bool | None:
        """Whether an action restricts; None: neither policy knows it."""
        for release in (self.new, self.old):
            known = release.policy.vocabulary.actions.get(action or "")
            if known is not None:
                return known.strictness > 0
        return None


def with_facts(
    item: Item,
    signals: Values,
    facts: Values,
    replayed: frozenset[str] = frozenset(),
    counts: Values | None = None,
) -> Item:
    """The item with scores beneath what was sent, and facts above it.

    Args:
        item: As it was sent.
        signals: Of classifiers.
        facts: Of the service.
        replayed: Facts that do not hold, as they were counted anew.
        counts: What they are instead.
    """
    if replayed:
        facts = {name: value for name, value in facts.items() if name not in replayed}
    return Item(item.id, {**signals, **item.fields, **facts, **(counts or {})})


def moment_of(item: Item) -> float | None:
    """When an item was written, if it says so."""
    created = item.fields.get("item.created_at")
    return created if isinstance(created, float | int) else None


def _typing(release: Release) -> Mapping[str, tuple[object, ...]]:
    """What the reading of items depends on."""
    fields = release.policy.vocabulary.fields
    return {name: (field.type, tuple(field.choices)) for name, field in fields.items()}


def _verdicts(release: Release, pairs: Sequence[_Pair], items: Sequence[Item]) -> list[Verdict]:
    """The verdicts of a batch; items with the same rules withheld are judged together."""
    groups: dict[tuple[tuple[str, str], ...], list[int]] = {}
    for number, pair in enumerate(pairs):
        groups.setdefault(pair.entry.withheld, []).append(number)
    found: dict[int, Verdict] = {}
    for withheld, numbers in groups.items():
        judged = release.evaluate_with_contexts(
            [items[number] for number in numbers],
            now=[pairs[number].moment for number in numbers],
            withheld=dict(withheld),
        )
        for number, (verdict, context) in zip(numbers, judged, strict=True):
            given = pairs[number].entry.override
            if given is not None and held_off_by(verdict, given, release.policy) is None:
                found[number] = release.with_samples(
                    overridden(verdict, given), items[number], context, now=pairs[number].moment
                )
            else:
                found[number] = verdict
    return [found[number] for number in range(len(pairs))]


def _side(verdict: Verdict) -> Side:
    samples = Counter(sample.tier for sample in verdict.samples)
    return Side(verdict.tier, verdict.action, samples[Tier.SINGLE], samples[Tier.SENIOR])


def _rules(verdict: Verdict) -> set[Rule]:
    """The rules that have a say in a verdict, and those that match in the shadow."""
    return {
        Rule(hit.rule, hit.status is HitStatus.SHADOW)
        for hit in verdict.hits
        if hit.status in _SAYS or hit.status is HitStatus.SHADOW
    }


def _count_rules(old: Verdict, new: Verdict, count: int, sums: Sums) -> None:
    was, now = _rules(old), _rules(new)
    for rule in {*was, *now}:
        sums.found[Found(rule, rule in was, rule in now)] += count


def _count_work(verdict: Verdict, count: int, sums: Sums, *, new: bool) -> None:
    for review in (verdict.review, *verdict.samples):
        if review is not None:
            sums.led[Led(review.rule, review.tier, new)] += count
            sums.due[Due(review.tier, review.due_in, new)] += count


def _does(release: Release, verdict: Verdict) -> str:
    """What a policy does with an item by itself, or that people decide."""
    if verdict.review is not None:
        return PEOPLE
    actions = release.policy.vocabulary.actions
    known = actions.get(verdict.action)
    return _RESTRICTS if known is not None and known.strictness > 0 else _PUBLISHES


def _outcome(release: Release, verdict: Verdict, violating: bool) -> str:  # noqa: FBT001  # a label
    does = _does(release, verdict)
    if does == PEOPLE:
        return PEOPLE
    return RIGHT if (does == _RESTRICTS) == violating else WRONG


def _unseen(old: Verdict, new: Verdict) -> bool:
    """Whether the new policy alone decides otherwise, so that an error of it would be new."""
    return new.review is None and (old.tier, old.action) != (new.tier, new.action)


def _told(verdict: Verdict) -> str:
    return f"{verdict.tier}/{verdict.action}"


def _note(sums: Sums, side: str, what: str, shown: Shown) -> None:
    key = side, what
    sums.unreadable[key] += 1
    sums.reasons[key] = first((*sums.reasons.get(key, ()), shown))
