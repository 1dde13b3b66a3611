"""Files of the source as documents, each read alone: a broken one loses only itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.importing.automoderator.composing import TooLarge, Unreadable, composed
from engine.importing.automoderator.nodes import Items, Lines, Text, Value, is_nothing
from engine.importing.reports import Remark, Topic
from engine.rules.documents import plain_text
from engine.rules.limits import FILE_BYTES

#: Documents of one file; beyond, a file is no list of rules.
MOST_DOCUMENTS = 2_000

_SEPARATOR = re.compile(r"^(-{3,})(?=[ \t]*(?:#.*)?$)", re.MULTILINE)
_CONTENT = re.compile(r"^[ \t]*[^#\s]", re.MULTILINE)
_COMMENT = re.compile(r"\s*#(.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDocument:
    """A document of the source, with the comments around it."""

    line: int
    """Its first line with content, from 1."""
    lines: Lines
    above: tuple[str, ...] = ()
    """Comment lines before its first key, without the `#`."""
    inside: tuple[str, ...] = ()
    """Comment lines after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenDocument:
    """A document that cannot be read, and why."""

    line: int
    at: int
    """The line of the mistake."""
    problem: str
    above: tuple[str, ...] = ()
    too_large: bool = False
    """Whether the source may read it."""


@dataclass(slots=True)
class SourceFile:
    """What stands in one file."""

    documents: list[SourceDocument | BrokenDocument] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def read_file(content: bytes) -> SourceFile:
    """The documents of a file; what cannot be read at all is a remark."""
    found = SourceFile()
    text = _decoded(content, found.remarks)
    if text is None:
        return found
    for number, (line, part) in enumerate(_parts(text, found.remarks)):
        if number == MOST_DOCUMENTS:
            message = f"a file has at most {MOST_DOCUMENTS:,} documents; the rest was not read"
            found.remarks.append(Remark(line + 1, Topic.BY_HAND, message))
            break
        document = _document(line, part, found.remarks)
        if document is not None:
            found.documents.append(document)
    if not found.documents and not found.remarks:
        found.remarks.append(Remark(1, Topic.LOST, "there is no rule in this file"))
    return found


def _decoded(content: bytes, remarks: list[Remark]) -> str | None:
    if len(content) > FILE_BYTES:
        message = f"this file is larger than {FILE_BYTES:,} bytes: split it"
        remarks.append(Remark(1, Topic.BY_HAND, message))
        return None
    if b"\0" in content:
        line = content.count(b"\n", 0, content.index(b"\0")) + 1
        message = "this is no text file: it holds a zero byte"
        remarks.append(Remark(line, Topic.BY_HAND, message))
        return None
    try:
        return plain_text(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"this file is not UTF-8: byte 0x{content[error.start]:02x}; save it as UTF-8"
        remarks.append(Remark(line, Topic.BY_HAND, message))
        return None


def _parts(text: str, remarks: list[Remark]) -> Iterator[tuple[int, str]]:
    """The text of each document, and how many lines stand before it."""
    start = line = 0
    told = False
    for separator in _SEPARATOR.finditer(text):
        part = text[start : separator.start()]
        if _CONTENT.search(part):
            yield line, part
        line += part.count("\n")
        start = separator.end()
        if len(separator[1]) > len("---") and not told:
            told = True
            message = "rules are parted by three hyphens; with more the source reads no rule at all"
            remarks.append(Remark(line + 1, Topic.LOST, message))
    if _CONTENT.search(text, start):
        yield line, text[start:]


def _document(
    line: int, text: str, remarks: list[Remark]
) -> SourceDocument | BrokenDocument | None:
    first = line + text.count("\n", 0, _first_content(text)) + 1
    try:
        value, covered = composed(text)
    except Unreadable as problem:
        above, _ = _comments(text, first - line, frozenset())
        at = line + problem.line
        large = isinstance(problem, TooLarge)
        return BrokenDocument(
            line=first, at=at, problem=problem.message, above=above, too_large=large
        )
    if not isinstance(value, Lines):
        if value is not None and not is_nothing(value):
            message = "this document is no rule: the source takes it for a comment"
            remarks.append(Remark(first, Topic.LOST, message))
        return None
    above, inside = _comments(text, first - line, covered)
    lines = _lines_moved(value, line)
    return SourceDocument(line=first, lines=lines, above=above, inside=inside)


def _first_content(text: str) -> int:
    found = _CONTENT.search(text)
    return found.end() - 1 if found is not None else 0


def _comments(
    text: str, first: int, covered: frozenset[int]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Comment lines above the first key, and the rest; lines of longer texts are none."""
    above: list[str] = []
    inside: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        found = _COMMENT.fullmatch(line)
        if found is not None and number not in covered:
            (above if number < first else inside).append(found[1])
    return tuple(above), tuple(inside)


def _moved(value: Value, by: int) -> Value:
    """The value with lines counted from the start of the file."""
    if isinstance(value, Text):
        return Text(value.value, value.plain, value.line + by)
    if isinstance(value, Items):
        return Items(tuple(_moved(one, by) for one in value.values), value.line + by)
    return _lines_moved(value, by)


def _lines_moved(lines: Lines, by: int) -> Lines:
    pairs = tuple(
        (Text(key.value, key.plain, key.line + by), _moved(one, by)) for key, one in lines.pairs
    )
    return Lines(pairs, lines.line + by)
