"""Constants of text fields, and the `spelling` and `except` that may stand beside the operator."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.rules import quantities
from engine.rules.documents import Node, Scalar
from engine.rules.documents import Sequence as List
from engine.rules.model import Constant, TextPattern
from engine.rules.quantities import NotAQuantity
from engine.rules.reading.patterns import pattern
from engine.rules.reading.reader import Reader
from engine.rules.reading.scalars import enum, scalar
from engine.rules.reading.shapes import items_of
from engine.rules.reading.words import entries, exceptions
from engine.rules.vocabulary import Operator
from engine.text.entry import Entry, Spelling

#: Keys that may stand beside the operators of a text field.
MODIFIERS = ("spelling", "except")

_LENGTHS = (Operator.LONGER_THAN, Operator.SHORTER_THAN)
_FROM_LISTS = (Operator.HAS_ANY_IN, Operator.HAS_NONE_IN)


@dataclass(frozen=True, slots=True)
class Modifiers:
    """What holds for all words of a leaf."""

    spelling: Spelling | None = None
    exceptions: tuple[Entry, ...] = ()
    spelling_node: Node | None = None
    except_node: Node | None = None

    @property
    def count(self) -> int:
        """How many of them were written."""
        return (self.spelling_node is not None) + (self.except_node is not None)

    def check(self, reader: Reader, operators: Sequence[Operator]) -> None:
        """Note a modifier that does nothing for one of the operators beside it."""
        for operator in operators:
            if self.spelling_node is not None:
                self._check_spelling(reader, operator, self.spelling_node)
            if self.except_node is not None and operator in (*_LENGTHS, Operator.MATCHES):
                message = f"`except` does nothing for `{operator}`"
                reader.error("spelling", message, self.except_node, "use `unless:` instead")

    def _check_spelling(self, reader: Reader, operator: Operator, node: Node) -> None:
        if operator in _FROM_LISTS:
            hint = "set `spelling:` in the list"
            reader.error(
                "spelling", "how loosely words are spelled is said by their list", node, hint
            )
        elif operator in _LENGTHS:
            reader.error("spelling", f"`spelling` does nothing for `{operator}`", node)
        elif operator is Operator.MATCHES and self.spelling not in (
            None,
            Spelling.EXACT,
            Spelling.PLAIN,
        ):
            message = f"a pattern cannot be `{self.spelling}`"
            reader.error("spelling", message, node, "write `plain` or `exact`")


#: No word beside the operator.
NO_MODIFIERS = Modifiers()


def modifiers(reader: Reader, lines: Sequence[tuple[Scalar, Node]]) -> Modifiers:
    """The `spelling` and `except` of a leaf."""
    nodes = {key.value: value for key, value in lines if key.value in MODIFIERS}
    if not nodes:
        return NO_MODIFIERS
    spelling = enum(reader, nodes.get("spelling"), Spelling)
    excepted = exceptions(reader, nodes.get("except"), spelling or Spelling.PLAIN)
    return Modifiers(spelling, excepted, nodes.get("spelling"), nodes.get("except"))


def text_constant(
    reader: Reader, operator: Operator, node: Node, extra: Modifiers, used: list[str]
) -> Constant | None:
    """What an operator on text looks for: words, patterns, or a length."""
    if operator in _LENGTHS:
        return _length(reader, node)
    if operator is Operator.MATCHES:
        return _patterns(reader, node, extra)
    items: Sequence[Node] = node.value if isinstance(node, List) else (node,)
    for item in items:
        place = reader.resolved(item, strict=False)
        if place is not None and place[1] is not item:
            used.append(str(item.value)[1:])
    spelling = extra.spelling or Spelling.PLAIN
    return entries(reader, node, operator, spelling, extra.exceptions) or None


def _patterns(reader: Reader, node: Node, extra: Modifiers) -> tuple[TextPattern, ...] | None:
    exact = extra.spelling is Spelling.EXACT
    found: list[TextPattern] = []
    complete = True
    for item in items_of(reader, node):
        written = scalar(reader, item)
        one = pattern(reader, written, exact=exact) if written is not None else None
        complete = complete and one is not None
        if one is not None:
            found.append(one)
    return tuple(found) if complete and found else None


def _length(reader: Reader, node: Node) -> float | None:
    place = reader.resolved(node)
    found = scalar(*place) if place is not None else None
    if found is None or place is None:
        return None
    try:
        value = quantities.number(found.value.removesuffix(" characters"))
    except NotAQuantity as problem:
        place[0].error(problem.code, problem.message, found, problem.hint)
        return None
    if value < 0 or value != int(value):
        place[0].error("range", "a length is a whole number of characters, 0 or more", found)
        return None
    return value
