"""Patterns after `matches:`, checked by the same reader that later compiles them."""

from engine.diagnostics import Span
from engine.rules.documents import Scalar
from engine.rules.limits import PATTERN_LENGTH
from engine.rules.model import TextPattern
from engine.rules.reading.reader import Reader
from engine.rules.reading.scalars import control_character
from engine.text.pattern_checks import PatternProblem
from engine.text.patterns import parse_pattern


def pattern(reader: Reader, node: Scalar, *, exact: bool) -> TextPattern | None:
    """A pattern, or the first thing that is wrong with it, pointed at."""
    source = node.value.rstrip("\n") if node.style in ("|", ">") else node.value
    if len(source) > PATTERN_LENGTH:
        message = f"a pattern has at most {PATTERN_LENGTH:,} characters, this one has"
        hint = "put the words it is made of into a list"
        reader.error("pattern", f"{message} {len(source):,}", node, hint)
        return None
    if control_character(reader, node):
        return None
    problem = _problem(source, exact=exact)
    if problem is not None:
        span = place_in(reader, node, problem.offset)
        message = f"this pattern cannot be used: {problem.message}"
        reader.mistakes.add("pattern", message, span, problem.hint)
        return None
    return TextPattern(source, exact)


def _problem(source: str, *, exact: bool) -> PatternProblem | None:
    found = parse_pattern(source, exact=exact)
    return found if isinstance(found, PatternProblem) else None


def place_in(reader: Reader, node: Scalar, offset: int, length: int = 1) -> Span:
    """Where a character of a value stands in the file, as far as its quotes let us tell."""
    text = reader.document.text
    written = text[node.start_mark.index : node.end_mark.index]
    if "\n" in written or node.style in ("|", ">"):
        found = written.find(node.value[offset : offset + max(length, 8)].split("\n")[0])
        if found < 0 or offset >= len(node.value):
            return reader.span(node)
        return reader.document.span_at(node.start_mark.index + found, length)
    index = 1 if node.style in ("'", '"') else 0
    for _ in range(min(offset, len(node.value))):
        index += _width(written, index, node.style)
    return reader.document.span_at(node.start_mark.index + index, length)


def _width(written: str, index: int, style: str | None) -> int:
    """How many characters of the file stand for one of the value."""
    if style == "'" and written.startswith("''", index):
        return 2
    if style == '"' and written.startswith("\\", index):
        return {"x": 4, "u": 6, "U": 10}.get(written[index + 1 : index + 2], 2)
    return 1
