"""Text leaves taken apart: the single things they look for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from engine.rules.model import Leaf, ListRefs, PolicyList, TextPattern
from engine.rules.vocabulary import Operator
from engine.text.entry import Entry
from engine.text.find import compare
from engine.text.folding import Folded
from engine.text.matching import WholeText


@dataclass(frozen=True, slots=True)
class Comparison:
    """`starts_with`, `ends_with` or `exactly`, with one entry."""

    operator: Operator
    entry: Entry


Target = Entry | TextPattern | Comparison


def compares(target: Comparison, folded: Folded) -> bool:
    """Whether the comparison is true of a whole text."""
    return compare(cast("WholeText", target.operator.value), target.entry, folded)


def targets_of(
    operator: Operator, leaf: Leaf, lists: Mapping[str, PolicyList]
) -> tuple[Target, ...] | None:
    """What a positive text operator looks for; None where it looks for nothing (lengths)."""
    constant = leaf.constant
    if isinstance(constant, ListRefs):
        entries = dict.fromkeys(entry for name in constant.names for entry in lists[name].entries)
        if not constant.exceptions:
            return tuple(entries)
        return tuple(
            replace(entry, exceptions=entry.exceptions + constant.exceptions) for entry in entries
        )
    if not isinstance(constant, tuple):
        return None
    found = tuple(part for part in constant if isinstance(part, Entry | TextPattern))
    if operator in (Operator.STARTS_WITH, Operator.ENDS_WITH, Operator.EXACTLY):
        return tuple(Comparison(operator, part) for part in found if isinstance(part, Entry))
    return found


def length_of(target: Target) -> int:
    """How long it is as written: longer ones are rarer."""
    match target:
        case Entry(text=text):
            return len(text)
        case TextPattern(source=source):
            return len(source)
        case Comparison(entry=entry):
            return len(entry.text)
