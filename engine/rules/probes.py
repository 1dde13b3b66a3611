"""Text leaves taken apart into probes: one thing to look for in one field."""

import threading
from collections.abc import Callable, Mapping, Sequence

from engine.item import Value
from engine.rules.context import Context
from engine.rules.model import Leaf, PolicyList, TextPattern
from engine.rules.codec import probe_key
from engine.rules.tables import Tables
from engine.rules.targets import Comparison, Target, targets_of
from engine.rules.vocabulary import Operator
from engine.text.entry import Entry
from engine.text.find import compare, compile_entry
from engine.text.folding import Folded
from engine.text.patterns import PatternProblem, parse_pattern


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
        self._extra: list[tuple[str, Target]] = []
        self._growing = threading.Lock()
        self._matchers: dict[int, Callable[[Folded], bool]] = {}

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
            field, target = self._probe(number)
            known = self._matcher(number, target)(context.folded(field, text))
            context.confirmed[number] = known
        return known

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

        def test(context: Context, value: Value) -> bool:
            text = str(value)
            seen = context.seen
            if seen is None:
                return any(self.found(number, context, text) for number in numbers)
            if not proofs.isdisjoint(seen):
                return True
            if hints and any(
                self.found(number, context, text) for event in hints.keys() & seen for number in hints[event]
            ):
                return True
            return any(self.found(number, context, text) for number in blind)

        return test

    def _look(self, number: int, context: Context, text: str) -> bool:
        events, sure = self._signs.get(number, ((), False))
        if events and context.seen is not None:
            if context.seen.isdisjoint(events):
                return False
            if sure:
                return True
        return self.found(number, context, text)

    def _matcher(self, number: int, target: Target) -> Callable[[Folded], bool]:
        matcher = self._matchers.get(number)
        if matcher is None:
            matcher = self._matchers[number] = _matcher_of(target)
        return matcher

    def _probe(self, number: int) -> tuple[str, Target]:
        known = len(self._fields)
        if number < known:
            return self._fields[number], self._targets[number]
        return self._extra[number - known]


def _matcher_of(target: Target) -> Callable[[Folded], bool]:
    match target:
        case Entry():
            return compile_entry(target).search
        case Comparison(operator=operator, entry=entry):
            return lambda folded: compare(operator, entry, folded)
        case TextPattern(source=source, exact=exact):
            pattern = parse_pattern(source, exact=exact)
            if isinstance(pattern, PatternProblem):
                raise ValueError(pattern.message)  # the reader lets no such pattern pass
            return pattern.search
