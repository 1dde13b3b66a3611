"""The conditions of many rules, decided together.

One scan per text field, one look-up per set member and one mask per single-valued field say which
activators are true. Rules that equal their activators match at once; the rest are looked at.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import cast

from engine.item import Value
from engine.rules.columns import Columns
from engine.rules.conditions import Checks, domain_and_parents
from engine.rules.context import Context
from engine.rules.leaves import default_of
from engine.rules.memory import Check
from engine.rules.model import Policy
from engine.rules.probes import Probes
from engine.rules.scanning import LONG_TEXT, FieldScanner
from engine.rules.tables import Confirm, Members, Tables
from engine.rules.thresholds import FieldCells

Fields = Mapping[str, Value]


class Program:
    """Tables brought to life; nothing in it changes but caches, so threads may share it."""

    def __init__(
        self,
        tables: Tables,
        policy: Policy,
        scanners: Sequence[FieldScanner],
        checks: Checks,
        probes: Probes,
        check_of: Callable[[int], Check],
    ) -> None:
        self._tables = tables
        self.scanners = scanners
        self._probes = probes
        self._check_of = check_of
        self._made: list[Check | None] = [None] * len(tables.subjects)
        fields = policy.vocabulary.fields.values()
        self._defaults = {
            field.name: default for field in fields if (default := default_of(field)) is not None
        }
        self._applies = {
            field.name: checks.applies(field.name)
            for field in fields
            if field.present_when is not None and default_of(field) is None
        }
        self._columns = Columns(tables.cells, len(tables.clauses))
        self._fast_cells = [
            (
                cells.name,
                cells.default,
                cells.points if cells.numeric else None,
                cells.names,
                cells.masks,
                cells,
            )
            for cells in tables.cells
        ]
        self._every_clause = (1 << len(tables.clauses)) - 1

    def match(self, fields: Fields) -> tuple[set[int], Context]:
        """The subjects whose conditions are true, and the context in which that was found."""
        context = self._context(fields, self.seen(fields))
        return self.decide(context, self.holding(context)), context

    def match_many(self, items: Sequence[Fields]) -> list[tuple[set[int], Context]]:
        """`match` for many items: one scan per field over all texts, masks as columns."""
        seen: list[set[int]] = [set() for _ in items]
        for scanner in self.scanners:
            default = self._defaults.get(scanner.field)
            texts = [fields.get(scanner.field, default) or None for fields in items]
            scanner.scan_many(cast("list[str | None]", texts), seen)
        for members in self._tables.members:
            for fields, events in zip(items, seen, strict=True):
                self.look_up(members, fields, events)
        contexts = [
            self._context(fields, events) for fields, events in zip(items, seen, strict=True)
        ]
        masks = self._columns.holding(contexts, self._applies)
        return [
            (self.decide(context, mask), context)
            for context, mask in zip(contexts, masks, strict=True)
        ]

    def check(self, number: int) -> Check:
        """The whole check of a subject, made when it is first needed."""
        check = self._made[number]
        if check is None:
            check = self._made[number] = self._check_of(number)
        return check

    def seen(self, fields: Fields) -> set[int]:
        """The events of an item's texts and sets."""
        seen: set[int] = set()
        for scanner in self.scanners:
            text = fields.get(scanner.field)
            if text is None:
                text = self._defaults.get(scanner.field)
            if text:
                seen.update(scanner.scan(text))  # type: ignore[arg-type]  # a text, by the vocabulary
        for members in self._tables.members:
            self.look_up(members, fields, seen)
        return seen

    def look_up(self, members: Members, fields: Fields, seen: set[int]) -> None:
        """Add the events of one set field."""
        value = fields.get(members.field)
        if value is None:
            value = self._defaults.get(members.field)
        if not value:
            return
        events = members.events
        for name in value:  # type: ignore[union-attr]  # a set, by the vocabulary
            for known in domain_and_parents(name) if members.covers else (name,):
                event = events.get(known)
                if event is not None:
                    seen.add(event)

    def holding(self, context: Context) -> int:
        """The mask of the clauses that hold."""
        fields = context.fields
        mask = self._every_clause
        for name, default, points, names, masks, cells in self._fast_cells:
            value = fields.get(name)
            if value is None:
                if default is None:
                    mask &= self._absent(cells, context)
                    if not mask:
                        break
                    continue
                value = default
            if points is None:
                mask &= masks[names.get(value, 0)]
            else:
                mask &= masks[bisect_right(points, value)]  # a number, by the vocabulary
            if not mask:
                break
        return mask

    def decide(self, context: Context, mask: int) -> set[int]:
        """The subjects that match, given the events seen and the clauses that hold."""
        matched: set[int] = set()
        candidates: list[int] = []
        tables = self._tables
        signals = tables.signals
        for event in context.seen or ():
            direct, guarded, confirm = signals[event]
            matched.update(direct)
            candidates += guarded
            if confirm:
                self._confirm(confirm, context, matched, candidates)
        for probes in tables.blind.values():
            self._confirm(probes, context, matched, candidates)
        while mask:
            low = mask & -mask
            direct, guarded = tables.clauses[low.bit_length() - 1]
            matched.update(direct)
            candidates += guarded
            mask ^= low
        for number in candidates:
            if number not in matched and self.check(number)(context):
                matched.add(number)
        return matched

    def _context(self, fields: Fields, seen: set[int]) -> Context:
        context = Context(fields, seen)
        for scanner in self.scanners:
            text = fields.get(scanner.field)
            if isinstance(text, str) and len(text) > LONG_TEXT:
                context.places.update(scanner.places(text))
        return context

    def _confirm(
        self,
        probes: Iterable[Confirm],
        context: Context,
        matched: set[int],
        candidates: list[int],
    ) -> None:
        for number, direct, guarded in probes:
            field = self._tables.probe_fields[number]
            text = context.fields.get(field)
            if text is None:
                text = self._defaults.get(field)
            if text is not None and self._probes.found(number, context, text):  # type: ignore[arg-type]  # a text
                matched.update(direct)
                candidates += guarded

    def _absent(self, cells: FieldCells, context: Context) -> int:
        applies = self._applies.get(cells.name)
        if applies is not None and applies(context) is False:
            return cells.not_applicable
        return cells.unknown
