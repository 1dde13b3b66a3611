"""Reads files of items line by line, in constant memory, and says what is wrong with bad lines."""

import csv
import gzip
import io
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import orjson
import typer

#: A longer line is refused unread.
MAX_LINE: Final = 16 * 2**20
STDIN: Final = Path("-")

_BOM: Final = b"\xef\xbb\xbf"


class Form(StrEnum):
    """How items are written down."""

    #: One JSON object per line.
    JSONL = "jsonl"
    #: A table with a header line; names of fields are names of columns.
    CSV = "csv"


class Row(NamedTuple):
    """A line that holds an object; a tuple, as there are very many."""

    number: int
    raw: dict[str, object]
    written: bytes


class BadLine(NamedTuple):
    """A line nothing can be made of."""

    number: int
    error: str
    written: bytes


def form_of(path: Path) -> Form:
    """How a file is written, by its name; standard input holds JSON lines."""
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    return Form.CSV if suffixes and suffixes[-1] in (".csv", ".tsv") else Form.JSONL


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a file (unpacked, if it ends in `.gz`) or of standard input (`-`).

    Raises:
        BadParameter: There is no such file, or it may not be read.
    """
    if path == STDIN:
        yield sys.stdin.buffer
        return
    try:
        file = path.open("rb")
    except OSError as error:
        message = f"`{path}`: {error.strerror}"
        raise typer.BadParameter(message) from error
    with file:
        if path.suffix.lower() == ".gz":
            yield io.BufferedReader(gzip.GzipFile(fileobj=file), 2**16)
        else:
            yield file


def rows(source: BinaryIO, form: Form) -> Iterator[Row | BadLine]:
    """Every line with an object, and every bad one; empty lines are skipped."""
    return _table(source) if form is Form.CSV else _json_lines(source)


def _json_lines(source: BinaryIO) -> Iterator[Row | BadLine]:
    for number, line, error in _lines(source):
        if error is not None:
            yield BadLine(number, error, line)
        elif not line.isspace():
            yield _parsed(number, line)


def _parsed(number: int, line: bytes) -> Row | BadLine:
    try:
        raw = orjson.loads(line)
    except orjson.JSONDecodeError as failure:
        reason = f"this is no JSON: {failure.msg} at character {failure.pos + 1}"
        return BadLine(number, reason, line)
    if type(raw) is dict:
        return Row(number, raw, line)
    return BadLine(number, 'expected an object such as {"id": "1", "text": "…"}', line)


def _lines(source: BinaryIO) -> Iterator[tuple[int, bytes, str | None]]:
    """Number, bytes (of an overlong line the beginning) and what is wrong with it."""
    number = 0
    try:
        while line := source.readline(MAX_LINE + 1):
            number += 1
            if len(line) > MAX_LINE:
                while (rest := source.readline(MAX_LINE)) and not rest.endswith(b"\n"):
                    pass
                yield number, line[:MAX_LINE], f"the line is longer than {MAX_LINE // 2**20} MB"
            else:
                yield number, line.removeprefix(_BOM) if number == 1 else line, None
    except (EOFError, zlib.error, gzip.BadGzipFile) as failure:
        yield number + 1, b"", f"the packed file is damaged, the rest cannot be read: {failure}"


def _table(source: BinaryIO) -> Iterator[Row | BadLine]:
    csv.field_size_limit(MAX_LINE)
    text = _TextLines(source)
    header = next(text, "")
    if not header.strip():
        return
    text.taken()
    separator = max(",;\t", key=header.count)
    names = [name.strip() for name in next(csv.reader([header], delimiter=separator))]
    if twice := next((name for name in names if names.count(name) > 1), None):
        yield BadLine(1, f"two columns are called `{twice}`; nothing was read", header.encode())
        return
    table = csv.reader(text, delimiter=separator, strict=True)
    while (found := _next_row(table, text, names)) is not None:
        if isinstance(found, BadLine) or found.raw:
            yield found


def _next_row(
    table: Iterator[list[str]], text: "_TextLines", names: Sequence[str]
) -> Row | BadLine | None:
    """The next row of a table, which may go over several lines; None after the last."""
    first = text.number + 1
    cells: list[str] = []
    error: str | None = None
    try:
        cells = next(table)
    except StopIteration:
        return None
    except csv.Error as failure:
        error = f"this is no line of a table: {failure}"
    error = text.error() or error
    if error is None and cells and len(cells) != len(names):
        error = f"has {len(cells)} cells, the header has {len(names)}"
    if error is None:
        return Row(first, dict(zip(names, cells, strict=False)), text.taken())
    return BadLine(first, error, text.taken())


class _TextLines:
    """The lines of a table as text; remembers what belongs to the row being read."""

    def __init__(self, source: BinaryIO) -> None:
        self._lines = _lines(source)
        self._taken: list[bytes] = []
        self._error: str | None = None
        self.number = 0

    def __iter__(self) -> "_TextLines":
        return self

    def __next__(self) -> str:
        self.number, line, error = next(self._lines)
        self._taken.append(line[:MAX_LINE])
        if error is not None:
            self._error = error
            return "\n"
        try:
            return line.decode()
        except UnicodeDecodeError as failure:
            self._error = f"this is no UTF-8: byte {failure.start + 1} of the line"
            return line.decode(errors="replace")

    def taken(self) -> bytes:
        """The bytes read since the last call."""
        written = b"".join(self._taken)
        self._taken.clear()
        return written

    def error(self) -> str | None:
        """What was wrong with them."""
        error, self._error = self._error, None
        return error
