"""The conditions of many rules, decided together.

One scan per text field, one look-up per set member and one mask per single-valued field say which
activators are true. Rules that equal their activators match at once; the rest are looked at.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from engine.item import Value
from engine.rules.conditions import Checks, domain_and_parents
from engine.rules.context import Context
from engine.rules.leaves import default_of
from engine.rules.memory import ByForm, Check, Outcome, Question, inputs_of
from engine.rules.model import Policy
from engine.rules.probes import Probes
from engine.rules.scanning import LONG_TEXT, FieldScanner
from engine.rules.tables import Confirm, Members, Tables
from engine.rules.thresholds import FieldCells

Fields = Mapping[str, Value]
#: Cells of a field, taken apart since they are looked at for every item: name, points or None,
#: names, masks.
_Unpacked = tuple[str, Sequence[float] | None, Mapping[Value, int], Sequence[int]]


@dataclass(frozen=True, slots=True)
class _Outline:
    """What the form of an item, the names of its fields, says about it."""

    form: tuple[str, ...]
    mask: int
    """The clauses that may hold, going by the fields that did not arrive."""
    given: tuple[_Unpacked, ...]
    """The cells of the fields that did."""
    unsure: tuple[FieldCells, ...]
    """Those of fields that did not, where the values of others say whether they apply."""
    checks: dict[int, Check] = field(default_factory=dict)
    """By subject, filled when needed: its check, or one that knows the answer for the form."""


class Program:
    """Tables brought to life; nothing in it changes but caches, so threads may share it."""

    def __init__(
        self,
        tables: Tables,
        policy: Policy,
        scanners: Sequence[FieldScanner],
        checks: Checks,
        probes: Probes,
        question_of: Callable[[int], Question],
    ) -> None:
        self._tables = tables
        self.scanners = scanners
        self._probes = probes
        self._question_of = question_of
        self._made: list[Question | None] = [None] * len(tables.subjects)
        fields = policy.vocabulary.fields.values()
        self._defaults = {
            field.name: default for field in fields if (default := default_of(field)) is not None
        }
        self._applies = {
            field.name: Question(
                checks.applies(field.name), inputs_of((field.present_when,), policy)
            )
            for field in fields
            if field.present_when is not None and default_of(field) is None
        }
        self._every_clause = (1 << len(tables.clauses)) - 1
        self._outlines = ByForm(self._outline)

    def match(self, fields: Fields) -> tuple[set[int], Context]:
        """The subjects whose conditions are true, and the context in which that was found."""
        context = self._context(fields, self.seen(fields))
        return self.decide(context), context

    def match_many(self, items: Sequence[Fields]) -> list[tuple[set[int], Context]]:
        """`match` for many items: one scan per field over all texts, masks as columns."""
        seen: list[set[int]] = [set() for _ in items]
        contexts = list(map(Context, items, seen))
        for scanner in self.scanners:
            default = self._defaults.get(scanner.field)
            texts = cast(
                "list[str | None]", [fields.get(scanner.field, default) or None for fields in items]
            )
            scanner.scan_many(texts, seen)
            for text, context in zip(texts, contexts, strict=True):
                if text is not None and len(text) > LONG_TEXT:
                    context.places.update(scanner.places(text))
        for members in self._tables.members:
            for fields, events in zip(items, seen, strict=True):
                self.look_up(members, fields, events)
        return [(self.decide(context), context) for context in contexts]

    def question(self, number: int) -> Question:
        """What is left to ask about a subject, made when it is first needed."""
        question = self._made[number]
        if question is None:
            question = self._made[number] = self._question_of(number)
        return question

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

    def decide(self, context: Context) -> set[int]:
        """The subjects that match, given the events seen in an item."""
        matched: set[int] = set()
        candidates: list[int] = []
        doubts: list[Confirm] = []
        tables = self._tables
        signals = tables.signals
        for event in context.seen or ():
            direct, guarded, confirm = signals[event]
            matched.update(direct)
            candidates += guarded
            doubts += confirm
        for probes in tables.blind.values():
            doubts += probes
        outline = self._outlines.of(context.form)
        mask = self._holding(context, outline)
        while mask:
            low = mask & -mask
            direct, guarded = tables.clauses[low.bit_length() - 1]
            matched.update(direct)
            candidates += guarded
            mask ^= low
        if doubts:
            self._resolve(doubts, context, outline, matched)
        if candidates:
            matched.update(self._true_of(candidates, context, outline, matched))
        return matched

    def _resolve(
        self, doubts: Iterable[Confirm], context: Context, outline: _Outline, matched: set[int]
    ) -> None:
        """Look for what was only announced, where something follows from it."""
        for probe, direct, guarded in doubts:
            waiting = self._true_of(guarded, context, outline, matched) if guarded else ()
            if (waiting or not matched.issuperset(direct)) and self._found(probe, context):
                matched.update(direct)
                matched.update(waiting)

    def _true_of(
        self, numbers: Iterable[int], context: Context, outline: _Outline, matched: set[int]
    ) -> list[int]:
        """The subjects that are true, all but their activators, and did not match yet."""
        checks = outline.checks
        return [
            number
            for number in numbers
            if number not in matched
            and (checks.get(number) or self._check(number, outline))(context)
        ]

    def _found(self, probe: int, context: Context) -> bool:
        field = self._tables.probe_fields[probe]
        text = context.fields.get(field)
        if text is None:
            text = self._defaults.get(field)
        return text is not None and self._probes.found(probe, context, text)  # type: ignore[arg-type]  # a text

    def _holding(self, context: Context, outline: _Outline) -> int:
        """The mask of the clauses that hold."""
        fields = context.fields
        mask = outline.mask
        for name, points, names, masks in outline.given:
            if not mask:
                return 0
            if points is None:
                mask &= masks[names.get(fields[name], 0)]
            else:
                mask &= masks[bisect_right(points, fields[name])]  # a number, by the vocabulary
        for cells in outline.unsure:
            mask &= _absent(cells, self._applies[cells.name].check(context))
        return mask

    def _outline(self, form: tuple[str, ...]) -> _Outline:
        names = frozenset(form)
        mask = self._every_clause
        given: list[_Unpacked] = []
        unsure: list[FieldCells] = []
        for cells in self._tables.cells:
            applies = self._applies.get(cells.name)
            if cells.name in names:
                points = cells.points if cells.numeric else None
                given.append((cells.name, points, cells.names, cells.masks))
            elif cells.default is not None:
                mask &= cells.mask_of(cells.default)
            elif applies is None:
                mask &= cells.unknown
            elif applies.settled(names):
                mask &= _absent(cells, applies.unread())
            else:
                unsure.append(cells)
        return _Outline(form, mask, tuple(given), tuple(unsure))

    def _check(self, number: int, outline: _Outline) -> Check:
        """How to ask about a subject where the form of the item is known."""
        question = self.question(number)
        check = question.check
        if question.settled(outline.form):
            answer = question.unread()
            check = lambda _: answer  # noqa: E731 - as short as a name for it
        outline.checks[number] = check
        return check

    def _context(self, fields: Fields, seen: set[int]) -> Context:
        context = Context(fields, seen)
        for scanner in self.scanners:
            text = fields.get(scanner.field)
            if isinstance(text, str) and len(text) > LONG_TEXT:
                context.places.update(scanner.places(text))
        return context


def _absent(cells: FieldCells, applies: Outcome) -> int:
    """The clauses that may hold without the field."""
    return cells.not_applicable if applies is False else cells.unknown
