"""Two spaces a level: where each line of a document begins."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field

import yaml

from engine.rules.documents import Mapping, Node, Scalar, Sequence
from engine.rules.formatting.tokens import tokens_of

_STEP = 2
_FIXED = re.compile(r"[|>][+-]?\d")


@dataclass(slots=True)
class _Plan:
    """Where lines are to begin, and which gaps after dashes are to be one space."""

    text: str
    lines: list[str]
    dashes: list[yaml.BlockEntryToken]
    begins: dict[int, int] = field(default_factory=dict)
    """Line → the column its first character moves to."""
    heads: list[int] = field(default_factory=list)
    """Lines that begin with a key, a dash or a value."""
    texts: dict[int, int] = field(default_factory=dict)
    """Last line of a text in lines → the column of its key: a comment below stands no deeper."""
    gaps: list[tuple[int, int, int]] = field(default_factory=list)
    """Line, and the columns between which one space is to stand."""

    def head(self, line: int, old: int, new: int) -> None:
        """Move a key, a dash or a value, if it is the first thing on its line."""
        if _indent(self.lines[line]) == old:
            self.begins[line] = new
            self.heads.append(line)

    def dash_before(self, node: Node, column: int) -> yaml.Token:
        """The dash of an item of a list whose dashes stand in a column."""
        places = [each.start_mark.index for each in self.dashes]
        place = bisect_right(places, node.start_mark.index)
        found = (each for each in reversed(self.dashes[:place]) if each.start_mark.column == column)
        return next(found)


def indented(text: str, node: Node) -> str:
    """The document with two spaces a level; what stands in a text keeps its shape."""
    dashes = [token for token in tokens_of(text) if isinstance(token, yaml.BlockEntryToken)]
    plan = _Plan(text, text.split("\n"), dashes)
    _place(plan, node, 0, 0)
    _place_comments(plan)
    for line, start, end in sorted(plan.gaps, reverse=True):
        plan.lines[line] = plan.lines[line][:start] + " " + plan.lines[line][end:]
    for line, column in plan.begins.items():
        plan.lines[line] = " " * column + plan.lines[line].lstrip(" ")
    return "\n".join(plan.lines)


def _place(plan: _Plan, node: Node, column: int, owner: int) -> None:
    """Plan a value that begins at a column, below a key or dash at the column `owner`."""
    if isinstance(node, Mapping) and is_block(node):
        for key, value in node.value:
            plan.head(key.start_mark.line, key.start_mark.column, column)
            _place_value(plan, key, value, column)
    elif isinstance(node, Sequence) and is_block(node):
        _place_items(plan, node, column)
    elif isinstance(node, Scalar) and node.style in ("|", ">"):
        _place_text(plan, node, owner + _STEP)
    else:
        shift = column - node.start_mark.column
        for line in range(node.start_mark.line + 1, node.end_mark.line + 1):
            if plan.lines[line].strip():
                plan.begins[line] = max(_indent(plan.lines[line]) + shift, 0)


def _place_value(plan: _Plan, key: Node, value: Node, column: int) -> None:
    if value.start_mark.line > key.start_mark.line:
        if not is_block(value):
            plan.head(value.start_mark.line, value.start_mark.column, column + _STEP)
        _place(plan, value, column + _STEP, column)
    else:
        moved = column - key.start_mark.column
        _place(plan, value, value.start_mark.column + moved, column)


def _place_items(plan: _Plan, node: Sequence, column: int) -> None:
    for item in node.value:
        dash = plan.dash_before(item, node.start_mark.column)
        line, at = dash.start_mark.line, dash.start_mark.column
        plan.head(line, at, column)
        if item.start_mark.line == line:
            plan.gaps.append((line, at + 1, item.start_mark.column))
        elif not is_block(item):
            plan.head(item.start_mark.line, item.start_mark.column, column + _STEP)
        _place(plan, item, column + _STEP, column)


def _place_text(plan: _Plan, node: Scalar, column: int) -> None:
    """Move a text in lines as a whole."""
    if _FIXED.match(plan.text, node.start_mark.index):
        # its indentation is said in numbers: the lines stay where they are
        return
    last = node.end_mark.line + (node.end_mark.index == len(plan.text))
    rows = range(node.start_mark.line + 1, min(last, len(plan.lines)))
    filled = [_indent(plan.lines[row]) for row in rows if plan.lines[row].strip()]
    left = min(filled, default=0)
    plan.texts[max((row for row in rows if plan.lines[row].strip()), default=-1)] = column - _STEP
    for row in rows:
        if len(plan.lines[row]) > left:
            plan.begins[row] = max(_indent(plan.lines[row]) - left + column, 0)


def _place_comments(plan: _Plan) -> None:
    """Move comment lines with the line below or above that they are aligned with."""
    heads = sorted(set(plan.heads))
    for number, line in enumerate(plan.lines):
        if number in plan.begins or not line.lstrip().startswith("#"):
            continue
        place = bisect_right(heads, number)
        column = _comment_column(plan, _indent(line), heads[place : place + 1], heads[:place])
        plan.begins[number] = min(column, _deepest(plan, number))


def _deepest(plan: _Plan, number: int) -> int:
    """How far to the right a comment may stand without becoming part of a text above it."""
    above = number - 1
    while above >= 0 and plan.lines[above].lstrip()[:1] in ("", "#") and above not in plan.texts:
        above -= 1
    return plan.texts.get(above, len(plan.lines[number]))


def _comment_column(plan: _Plan, indent: int, below: list[int], above: list[int]) -> int:
    """Where a comment goes that stands between these heads."""
    near = below if indent == 0 else [*below, *reversed(above)]
    aligned = next((head for head in near if _indent(plan.lines[head]) == indent), None)
    if aligned is not None:
        return plan.begins[aligned]
    if not near or indent == 0:
        return indent
    return max(indent + plan.begins[near[0]] - _indent(plan.lines[near[0]]), 0)


def is_block(node: Node) -> bool:
    """Whether a list or mapping is written on lines of its own rather than in brackets."""
    return isinstance(node, Mapping | Sequence) and not getattr(node, "flow_style", False)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
