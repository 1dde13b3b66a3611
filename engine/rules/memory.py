"""Checks that remember: most items bring the same few values, or none, to most conditions."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from engine.rules.context import Context
from engine.rules.leaves import leaves_of
from engine.rules.model import Condition, FieldRef, Policy
from engine.rules.vocabulary import FieldType

Outcome = bool | None
Check = Callable[[Context], Outcome]

Made = TypeVar("Made")

#: Outcomes kept for one check.
MOST_OUTCOMES = 4_096
#: Forms of items for which something is kept.
MOST_FORMS = 1_024
_UNKNOWN_YET = object()
#: An item that brings nothing.
_NOTHING: Final = Context({})


@dataclass(frozen=True, slots=True)
class Question:
    """A check, and what bears on it."""

    check: Check
    inputs: tuple[str, ...] | None
    """The fields; None if a text is among them."""

    def settled(self, names: Collection[str]) -> bool:
        """Whether items that bring fields of these names, and no others, all get one answer."""
        return self.inputs is not None and not any(name in names for name in self.inputs)

    def unread(self) -> Outcome:
        """The answer where it is settled: that for an item that brings nothing."""
        return self.check(_NOTHING)


class ByForm(Generic[Made]):
    """What was worked out from the names of an item's fields, its form, whatever their values.

    Senders write items in a few forms, so most items find it done.
    """

    def __init__(self, make: Callable[[tuple[str, ...]], Made]) -> None:
        self._make = make
        self._made: dict[tuple[str, ...], Made] = {}

    def of(self, form: tuple[str, ...]) -> Made:
        """What was made for a form, made now if it is new."""
        made = self._made.get(form)
        if made is None:
            if len(self._made) >= MOST_FORMS:
                self._made.clear()
            made = self._made[form] = self._make(form)
        return made


def inputs_of(conditions: Collection[Condition], policy: Policy) -> tuple[str, ...] | None:
    """All fields that bear on some conditions; None if a text is among them."""
    fields = policy.vocabulary.fields
    names: dict[str, None] = {}
    waiting = list(conditions)
    while waiting:
        for leaf in leaves_of(waiting.pop()):
            other = (leaf.constant.name,) if isinstance(leaf.constant, FieldRef) else ()
            for name in (leaf.field, *other):
                if name in names:
                    continue
                names[name] = None
                if name.startswith("points."):
                    lines = policy.points[name.removeprefix("points.")].lines
                    waiting += [line.when for line in lines]
                present = fields[name].present_when
                if present is not None:
                    waiting.append(present)
    if any(fields[name].type is FieldType.TEXT for name in names):
        return None
    return tuple(names)


def remembering(check: Check, inputs: tuple[str, ...] | None) -> Check:
    """The same check, asked once for the same values of its inputs."""
    if inputs is None:
        return check
    known: dict[tuple[object, ...], Outcome] = {}

    def remembered(context: Context) -> Outcome:
        key = tuple(map(context.fields.get, inputs))
        outcome = known.get(key, _UNKNOWN_YET)
        if outcome is _UNKNOWN_YET:
            if len(known) >= MOST_OUTCOMES:
                known.clear()
            outcome = known[key] = check(context)
        return outcome  # type: ignore[return-value]  # no longer unknown

    return remembered
