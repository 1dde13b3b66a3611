"""What became of fields, reasons, queues and actions, and what old records may name in vain."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from engine.diffing.attributes import members, plain
from engine.diffing.difference import Breach, Change, Fate, Kind, SharedDifference
from engine.diffing.pairing import Pairing
from engine.rules.vocabulary import Action, Field, Queue, Reason, Vocabulary

#: Fields that come from tables of points and counters, which are told of themselves.
_COMPUTED: Final = ("points.", "counter.")
_REMOVED: Final = {
    Kind.FIELD: "stored items may have a value for it",
    Kind.REASON: "stored decisions and open cases may name it",
    Kind.QUEUE: "open cases may wait in it",
    Kind.ACTION: "stored decisions may have it",
}
#: Choices of these fields follow from others.
_DECISION: Final = "decision."


def vocabulary(
    pairing: Pairing, old: Vocabulary, new: Vocabulary
) -> tuple[list[SharedDifference], list[Breach]]:
    """What differs, and what of it stored items and cases may stumble over."""
    differing: Mapping[Kind, Callable[[Any, Any], Iterator[Change]]] = {
        Kind.FIELD: lambda one, other: _fields(pairing, one, other),
        Kind.REASON: _reasons,
        Kind.QUEUE: _queues,
        Kind.ACTION: _actions,
    }
    sides = {
        Kind.FIELD: (
            _declared(old.fields, new.fields),
            _declared(new.fields, old.fields),
        ),
        Kind.REASON: (old.reasons, new.reasons),
        Kind.QUEUE: (old.queues, new.queues),
        Kind.ACTION: (old.actions, new.actions),
    }
    found: list[SharedDifference] = []
    breaches: list[Breach] = []
    for kind, compare in differing.items():
        before, after = sides[kind]
        for name in sorted(before.keys() | after.keys()):
            each = _difference(kind, name, before.get(name), after.get(name), compare)
            if each is not None:
                found.append(each)
                breaches += _breaches(each)
    return found, breaches


def _declared(fields: Mapping[str, Field], others: Mapping[str, Field]) -> Mapping[str, Field]:
    """Fields that are told of: those of points and counters come and go with these."""
    return {
        name: each
        for name, each in fields.items()
        if not name.startswith(_DECISION) and (not name.startswith(_COMPUTED) or name in others)
    }


def _difference(
    kind: Kind,
    name: str,
    old: Any,  # noqa: ANN401 - a part of the vocabulary
    new: Any,  # noqa: ANN401 - likewise
    compare: Callable[[Any, Any], Iterator[Change]],
) -> SharedDifference | None:
    if old is None or new is None:
        fate = Fate.ADDED if old is None else Fate.REMOVED
        span = (new if old is None else old).span
        return SharedDifference(kind=kind, name=name, fate=fate, span=span)
    changes = tuple(compare(old, new))
    if not changes:
        return None
    return SharedDifference(kind=kind, name=name, fate=Fate.CHANGED, changes=changes, span=new.span)


def _fields(pairing: Pairing, old: Field, new: Field) -> Iterator[Change]:
    yield from plain(old, new, ("type", "missing", "about"))
    yield from members("choices", old.choices, new.choices)
    if old.present_when is not None and new.present_when is not None:
        yield from pairing.conditions(old.present_when, new.present_when, ("present_when",))
    elif old.present_when is not None or new.present_when is not None:
        yield Change(
            aspect="condition",
            under=("present_when",),
            old=old.present_when,
            new=new.present_when,
        )


def _reasons(old: Reason, new: Reason) -> Iterator[Change]:
    yield from plain(old, new, ("title", "policy"))


def _queues(old: Queue, new: Queue) -> Iterator[Change]:
    yield from plain(old, new, ("tier", "sla", "default", "blind", "gold", "panel"))


def _actions(old: Action, new: Action) -> Iterator[Change]:
    yield from plain(old, new, ("strictness", "held_as", "about"))


def _breaches(difference: SharedDifference) -> Iterator[Breach]:
    kind, name = difference.kind, difference.name
    if difference.fate is Fate.REMOVED:
        yield Breach(kind=kind, name=name, why=f"it is gone: {_REMOVED[kind]}")
    for change in difference.changes:
        why = _why(kind, change)
        if why is not None:
            yield Breach(kind=kind, name=name, why=why)


def _why(kind: Kind, change: Change) -> str | None:
    if kind is Kind.FIELD and change.aspect == "type":
        return f"it was {change.old} and is {change.new}: stored values may not fit"
    if change.aspect == "choices" and change.removed:
        gone = ", ".join(f"`{each}`" for each in change.removed)
        return f"it can be {gone} no more: stored items may be"
    if kind is Kind.QUEUE and change.aspect == "tier":
        return f"its tier was {change.old} and is {change.new}: open cases in it are of the old one"
    return None
