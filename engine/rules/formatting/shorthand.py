"""Thresholds in quotes (`'>= 0.97'`) written with words (`{ at_least: 0.97 }`)."""

import re
from collections.abc import Collection, Iterable, Iterator

from engine.rules.documents import Document, Mapping, Node, Scalar, Sequence, read_documents
from engine.rules.formatting.flow import Edit
from engine.rules.vocabulary import NUMERIC_TYPES, Operator

_SHORTHAND = re.compile(r"(>=|<=|==|!=|=|>|<)\s*(\S.*?)\s*")
_SIGNS = {
    ">": Operator.ABOVE,
    ">=": Operator.AT_LEAST,
    "<": Operator.BELOW,
    "<=": Operator.AT_MOST,
    "=": Operator.IS,
    "==": Operator.IS,
    "!=": Operator.IS_NOT,
}
#: Constants that need no quotes wherever they stand: numbers, percents, durations, dates.
_PLAIN = re.compile(r"[\w.+-][\w.%+-]*(?:[ /:][\w.%+-]+)*")
_GROUP = re.compile(r"any|all|none|at_least_\d_of")
#: Where conditions stand, by kind of document.
_CONDITIONS = {
    "rule": ("when", "unless"),
    "variant": ("when", "unless"),
    "exempt": ("when",),
    "counter": ("where",),
    "field": ("present_when",),
}
_COMPUTED = ("counter.", "points.")


def numeric_fields(files: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The fields that hold numbers, as far as these files (name and text) declare them."""
    found: set[str] = set()
    for name, text in files:
        if "field:" not in text:
            continue
        for document in read_documents(name, text)[0]:
            kinds = {
                key.value: value.value
                for key, value in document.node.value
                if isinstance(key, Scalar) and isinstance(value, Scalar)
            }
            if document.kind == "field" and kinds.get("type") in NUMERIC_TYPES:
                found.add(document.name)
    return frozenset(found)


def in_words(node: Node) -> tuple[str, str] | None:
    """Operator and constant of a threshold in quotes."""
    if not isinstance(node, Scalar) or node.style not in ("'", '"'):
        return None
    found = _SHORTHAND.fullmatch(node.value.strip())
    if found is None or _PLAIN.fullmatch(found[2]) is None:
        return None
    return _SIGNS[found[1]], found[2]


def rewritten(document: Document, numeric: Collection[str]) -> Iterator[Edit]:
    """The edits that put thresholds into words."""
    for condition in _conditions(document):
        for key, value in _entries(condition):
            number = key in numeric or key.startswith(_COMPUTED)
            words = in_words(value) if number else None
            if words is not None:
                text = f"{{ {words[0]}: {words[1]} }}"
                yield Edit(value.start_mark.index, value.end_mark.index, text)


def _conditions(document: Document) -> Iterator[Node]:
    pairs = document.node.value
    if document.kind == "condition":
        yield Mapping("", pairs[1:], document.node.start_mark, document.node.end_mark)
    for key, value in pairs:
        if isinstance(key, Scalar) and key.value in _CONDITIONS.get(document.kind, ()):
            yield value
        elif document.kind == "points" and isinstance(key, Scalar) and key.value == "add":
            yield from _lines(value)


def _lines(node: Node) -> Iterator[Node]:
    for line in node.value if isinstance(node, Sequence) else ():
        for key, value in line.value if isinstance(line, Mapping) else ():
            if isinstance(key, Scalar) and key.value == "when":
                yield value


def _entries(condition: Node) -> Iterator[tuple[str, Node]]:
    """Fields of a condition with what stands after them."""
    for key, value in condition.value if isinstance(condition, Mapping) else ():
        if not isinstance(key, Scalar):
            continue
        if _GROUP.fullmatch(key.value) and isinstance(value, Sequence):
            for part in value.value:
                yield from _entries(part)
        else:
            yield key.value, value
