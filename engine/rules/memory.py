"""Checks that remember: most items bring the same few values, or none, to most conditions."""

from collections.abc import Callable, Collection

from engine.rules.context import Context
from engine.rules.leaves import leaves_of
from engine.rules.model import Condition, FieldRef, Policy
from engine.rules.vocabulary import FieldType

Outcome = bool | None
Check = Callable[[Context], Outcome]

#: Outcomes kept for one check.
MOST_OUTCOMES = 4_096
_UNKNOWN_YET = object()


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
