"""Text leaves taken apart into probes: one thing to look for in one field."""

import threading
from collections.abc import Callable, Mapping

from engine.item import Value
from engine.rules.codec import probe_key
from engine.rules.context import Context
from engine.rules.model import Leaf, PolicyList
from engine.rules.tables import Tables
from engine.rules.targets import Matcher, Target, matcher_of, targets_of
from engine.rules.vocabulary import Operator

#: Decides a positive operator on a text that is there.
TextTest = Callable[[Context, Value], bool]


class Probes:
    """The probes of one policy, numbered; each target is compiled when it is first needed."""

    def __init__(self, lists: Mapping[str, PolicyList], tables: Tables) -> None:
        self._lists = lists
        self._targets = tables.probe_targets
        self._fields = tables.probe_fields
        self._keys = tables.probe_keys
        self._signs = tables.signs
        self._words = tables.words
        self._besides = tables.besides
        self._extra: list[tuple[str, Target]] = []
        self._growing = threading.Lock()
        self._matchers: dict[int, Matcher] = {}

    def number(self, field: str, target: Target) -> int:
        """The number of a probe."""
        number = self._keys.get(probe_key(field, target))
        if number is None:  # of a rule that is not in the tables, such as a draft under test
            with self._growing:
                number = len(self._fields) + len(self._extra)
                self._extra.append((field, target))
        return number

    def found(self, number: int, context: Context, text: str) -> bool:
        """Look for a probe's target in the text of its field, once per item."""
        known = context.confirmed.get(number)
        if known is None:
            known = context.confirmed[number] = self._search(number, context, text)
        return known

    def _search(self, number: int, context: Context, text: str) -> bool:
        matcher = self._matchers.get(number)
        if matcher is None:
            matcher = self._matchers[number] = matcher_of(self._probe(number)[1])
        seen = context.seen
        if seen is not None and any(map(seen.isdisjoint, self._besides.get(number, ()))):
            return False
        words = self._words.get(number)
        heard = words and seen is not None and not seen.isdisjoint(words)
        if heard and text.isascii() and "_" not in text:
            return True
        events = self._signs.get(number, ((), False))[0]
        folded = context.folded(self._probe(number)[0], text)
        reach = matcher.reach
        if reach is None or not context.places:
            return matcher.search(folded, 0, None)
        ends = [end for event in events for end in context.places.get(event, ())]
        if not ends or len(ends) * reach > len(folded.text):
            return matcher.search(folded, 0, None)
        return any(matcher.search(folded, max(0, end - reach), end + reach) for end in ends)

    def test(self, operator: Operator, leaf: Leaf) -> TextTest:
        """The test of a positive text operator."""
        limit = leaf.constant
        if operator is Operator.LONGER_THAN:
            return lambda _, value: len(value) > limit  # type: ignore[arg-type, operator]  # a text, a number
        if operator is Operator.SHORTER_THAN:
            return lambda _, value: len(value) < limit  # type: ignore[arg-type, operator]  # a text, a number
        targets = targets_of(operator, leaf, self._lists) or ()
        numbers = [self.number(leaf.field, target) for target in targets]
        if operator is Operator.HAS_ALL:
            return lambda context, text: all(
                self._look(number, context, str(text)) for number in numbers
            )
        return self._any_test(numbers)

    def _any_test(self, numbers: list[int]) -> TextTest:
        proofs, hints, blind = self._sorted(numbers)

        def proven(context: Context, value: Value) -> bool:
            if context.seen is None:
                return any(self.found(number, context, str(value)) for number in numbers)
            return not proofs.isdisjoint(context.seen)

        if not hints and not blind:
            return proven
        hinting = frozenset(hints)

        def test(context: Context, value: Value) -> bool:
            text = str(value)
            seen = context.seen
            if seen is None:
                return any(self.found(number, context, text) for number in numbers)
            if not proofs.isdisjoint(seen):
                return True
            if not blind and hinting.isdisjoint(seen):
                return False
            hinted = (number for event in hinting & seen for number in hints[event])
            return any(self.found(number, context, text) for number in (*hinted, *blind))

        return test

    def _sorted(self, numbers: list[int]) -> tuple[set[int], dict[int, list[int]], list[int]]:
        """Events that are proof, events that are a hint to probes, and probes without events."""
        proofs: set[int] = set()
        hints: dict[int, list[int]] = {}
        blind: list[int] = []
        for number in numbers:
            events, sure = self._signs.get(number, ((), False))
            if not events:
                blind.append(number)
            elif sure:
                proofs.update(events)
            else:
                for event in events:
                    hints.setdefault(event, []).append(number)
        return proofs, hints, blind

    def worth_a_look(self, operator: Operator, leaf: Leaf) -> Callable[[Context], list[Target]]:
        """What of a leaf's targets may be in a text: all, or after a scan those it announced."""
        targets = targets_of(operator, leaf, self._lists) or ()
        announced: dict[int, list[int]] = {}
        blind: list[int] = []
        for place, target in enumerate(targets):
            events = self._signs.get(self.number(leaf.field, target), ((), False))[0]
            for event in events:
                announced.setdefault(event, []).append(place)
            if not events:
                blind.append(place)

        def worth(context: Context) -> list[Target]:
            if context.seen is None:
                return list(targets)
            places = {
                place for event in announced.keys() & context.seen for place in announced[event]
            }
            return [targets[place] for place in sorted(places.union(blind))]

        return worth

    def _look(self, number: int, context: Context, text: str) -> bool:
        events, sure = self._signs.get(number, ((), False))
        if events and context.seen is not None:
            if context.seen.isdisjoint(events):
                return False
            if sure:
                return True
        return self.found(number, context, text)

    def _probe(self, number: int) -> tuple[str, Target]:
        known = len(self._fields)
        if number < known:
            return self._fields[number], self._targets[number]
        return self._extra[number - known]
