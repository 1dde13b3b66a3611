"""The parts of a pattern, after flags have been worked into them."""

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


class Kind(Enum):
    """A class with a name of its own."""

    WORD = "w"
    DIGIT = "d"
    SPACE = "s"
    NO_WORD = "W"
    NO_DIGIT = "D"
    NO_SPACE = "S"


class Edge(Enum):
    """A place between two characters."""

    WORD = "word"
    TEXT_START = "text start"
    TEXT_END = "text end"
    LINE_START = "line start"
    LINE_END = "line end"


@dataclass(frozen=True, slots=True)
class Char:
    """One character."""

    char: str
    any_case: bool


#: A character, the first and the last of several, or all of a kind.
Member: TypeAlias = str | tuple[str, str] | Kind


@dataclass(frozen=True, slots=True)
class CharClass:
    """One character of several."""

    members: tuple[Member, ...]
    negated: bool
    any_case: bool


@dataclass(frozen=True, slots=True)
class AnyChar:
    """One character, whatever it is."""

    newline: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One part after the other."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several parts."""

    options: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part several times."""

    part: "Node"
    least: int
    most: int | None
    lazy: bool


Node: TypeAlias = Char | CharClass | AnyChar | Edge | Row | Choice | Repeat

Width: TypeAlias = tuple[int, int | None]


def width_of(node: Node) -> Width:
    """The fewest and the most characters a match takes."""
    if isinstance(node, Edge):
        return 0, 0
    if isinstance(node, Repeat):
        least, most = width_of(node.part)
        return least * node.least, _product(most, node.most)
    if isinstance(node, Row | Choice):
        widths = [width_of(part) for part in parts_of(node)]
        least_of, most_of = (sum, sum) if isinstance(node, Row) else (min, max)
        most_each = [most for _, most in widths if most is not None]
        bounded = len(most_each) == len(widths)
        return least_of(least for least, _ in widths), most_of(most_each) if bounded else None
    return 1, 1


def edges_of(node: Node) -> frozenset[Edge]:
    """The edges a pattern asks for."""
    if isinstance(node, Edge):
        return frozenset({node})
    return frozenset().union(*map(edges_of, parts_of(node)))


def parts_of(node: Node) -> tuple[Node, ...]:
    """The parts a part is made of."""
    if isinstance(node, Row):
        return node.parts
    if isinstance(node, Choice):
        return node.options
    return (node.part,) if isinstance(node, Repeat) else ()


def _product(number: int | None, times: int | None) -> int | None:
    if number == 0 or times == 0:
        return 0
    return None if number is None or times is None else number * times
