"""Leaves and values in the words people use: `score.hate 0.981 ≥ 0.97 (sure)`."""

from collections.abc import Callable

from engine.rules.model import FieldRef, Leaf, ListRefs, TextPattern
from engine.rules.vocabulary import Operator
from engine.text.entry import Entry

_SIGNS = {
    Operator.ABOVE: ">",
    Operator.AT_LEAST: "≥",
    Operator.BELOW: "<",
    Operator.AT_MOST: "≤",
    Operator.IS: "is",
    Operator.IS_NOT: "is not",
}
#: Entries or names shown before "and N more".
_MOST_SHOWN = 4


def leaf_wording(leaf: Leaf) -> Callable[[object], str]:
    """How a leaf is put with the values it sees; texts are left out: they may be long, not ours."""
    verb = _SIGNS.get(leaf.operator, leaf.operator.value.replace("_", " "))
    settings = f" ({', '.join(leaf.settings)})" if leaf.settings else ""
    field = leaf.field
    rest = f"{verb} {constant_text(leaf.constant)}{settings}"
    about_text = _about_text(leaf)

    def worded(value: object) -> str:
        if about_text and isinstance(value, str):
            return f"{field} {rest}"
        return f"{field} {value_text(value)} {rest}"

    return worded


def value_text(value: object) -> str:
    """A value as a person would write it."""
    match value:
        case float():
            return f"{value:.6g}"
        case None:
            return "(missing)"
        case bool():
            return "yes" if value else "no"
        case frozenset():
            return _some(sorted(str(member) for member in value))
        case tuple():
            return _some([value_text(part) for part in value])
        case _:
            return str(value)


def constant_text(constant: object) -> str:
    """The constant of a leaf as a person would write it."""
    match constant:
        case ListRefs(names=names):
            return ", ".join(names)
        case FieldRef(name=name):
            return name
        case Entry(text=text, open_left=left, open_right=right):
            return f"{'*' if left else ''}{text}{'*' if right else ''}"
        case TextPattern(source=source):
            return f"/{source}/"
        case tuple():
            return _some([constant_text(part) for part in constant])
        case _:
            return value_text(constant)


def _about_text(leaf: Leaf) -> bool:
    constant = leaf.constant
    first = constant[0] if isinstance(constant, tuple) and constant else constant
    return isinstance(first, Entry | TextPattern | ListRefs) or leaf.operator in (
        Operator.LONGER_THAN,
        Operator.SHORTER_THAN,
        Operator.IS_MISSING,
    )


def _some(parts: list[str]) -> str:
    if len(parts) <= _MOST_SHOWN:
        return ", ".join(parts) or "none"
    return f"{', '.join(parts[:_MOST_SHOWN])} and {len(parts) - _MOST_SHOWN} more"
