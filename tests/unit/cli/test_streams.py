"""Files of items are read line by line, and bad lines are named and passed over."""

import csv
import gzip
import io
from pathlib import Path

import pytest

from engine.cli.streams import MAX_LINE, BadLine, Form, Row, form_of, opened, rows


def read(written: bytes | str, form: Form = Form.JSONL) -> list[Row | BadLine]:
    """Every row and bad line of a file with these bytes."""
    source = written.encode() if isinstance(written, str) else written
    return list(rows(io.BytesIO(source), form))


def objects(found: list[Row | BadLine]) -> list[tuple[int, dict[str, object]]]:
    """The numbers and objects of the good lines."""
    return [(row.number, row.raw) for row in found if isinstance(row, Row)]


def errors(found: list[Row | BadLine]) -> list[tuple[int, str]]:
    """The numbers and errors of the bad lines."""
    return [(line.number, line.error) for line in found if isinstance(line, BadLine)]


def test_each_line_is_an_object() -> None:
    """Lines have their numbers; empty ones and a byte order mark do no harm."""
    found = read(b'\xef\xbb\xbf{"id": "1"}\r\n\n  \n{"id": "2"}')
    assert objects(found) == [(1, {"id": "1"}), (4, {"id": "2"})]
    assert errors(found) == []


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b'{"id": ', "this is no JSON"),
        (b"[1]", "expected an object"),
        (b'"words"', "expected an object"),
        (b'{"id": NaN}', "this is no JSON"),
        (b'{"id": "\xff"}', "this is no JSON"),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "this is no JSON"),
        (b'{"a":"' + b"x" * MAX_LINE + b'"}', "the line is longer than 16 MB"),
    ],
)
def test_a_bad_line_does_not_stop_the_rest(line: bytes, error: str) -> None:
    """What is wrong is said with the number of the line, and the next line is read."""
    found = read(b'{"id": "1"}\n' + line + b'\n{"id": "3"}\n')
    assert objects(found) == [(1, {"id": "1"}), (3, {"id": "3"})]
    [(number, reason)] = errors(found)
    assert number == 2
    assert error in reason
    assert all(len(each.written) <= MAX_LINE for each in found)


def test_a_mistake_in_json_has_its_place() -> None:
    """Whoever mends the line is told where to look."""
    [(number, error)] = errors(read(b'{"id": x}'))
    assert number == 1
    assert error.endswith(" at character 8")


def test_a_line_as_long_as_possible_is_read() -> None:
    """The limit itself is allowed."""
    line = b'{"a":"' + b"x" * (MAX_LINE - 9) + b'"}\n'
    assert len(line) == MAX_LINE
    assert errors(read(line + b"{}")) == []


def test_packed_files_are_unpacked(tmp_path: Path) -> None:
    """A file that ends in `.gz` reads as if it were not packed."""
    path = tmp_path / "items.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"id": "1"}\n{"id": "2"}\n'))
    with opened(path) as source:
        assert [number for number, _ in objects(list(rows(source, form_of(path))))] == [1, 2]


@pytest.mark.parametrize("form", list(Form))
def test_a_damaged_packed_file_is_read_as_far_as_it_goes(form: Form, tmp_path: Path) -> None:
    """What can be unpacked is read; that there was more is said."""
    packed = gzip.compress(b"".join(b'{"id": "%d"}\n' % number for number in range(10_000)))
    path = tmp_path / "items.gz"
    path.write_bytes(packed[: len(packed) // 2])
    with opened(path) as source:
        found = list(rows(source, form))
    number, error = errors(found)[-1]
    assert number > found[-2].number > 1
    assert error.startswith("the packed file is damaged")


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.jsonl", Form.JSONL),
        ("a.json", Form.JSONL),
        ("a.CSV", Form.CSV),
        ("a.csv.gz", Form.CSV),
        ("a.tsv", Form.CSV),
        ("a", Form.JSONL),
        ("-", Form.JSONL),
    ],
)
def test_the_name_says_how_a_file_is_written(name: str, form: Form) -> None:
    """Tables end in `.csv` or `.tsv`; all else is JSON lines."""
    assert form_of(Path(name)) is form


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_has_a_header(separator: str) -> None:
    """Names of columns are names of fields, whatever separates them; cells may hold new lines."""
    target = io.StringIO()
    table = csv.writer(target, delimiter=separator)
    table.writerows([["id", "text"], ["1", 'a "quoted"\nline'], ["2", ""]])
    found = read("\ufeff" + target.getvalue() + "\n", Form.CSV)
    assert objects(found) == [
        (2, {"id": "1", "text": 'a "quoted"\nline'}),
        (4, {"id": "2", "text": ""}),
    ]
    assert errors(found) == []


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"1,a,b", "has 3 cells, the header has 2"),
        (b"1", "has 1 cells, the header has 2"),
        (b"1,\xff", "this is no UTF-8: byte 3 of the line"),
        (b'1,"a"b', "this is no line of a table"),
        (b"1," + b"x" * MAX_LINE, "the line is longer than 16 MB"),
    ],
)
def test_a_bad_row_does_not_stop_the_rest(line: bytes, error: str) -> None:
    """A row that does not fit the header is named, and the next one is read."""
    found = read(b"id,text\n1,a\n" + line + b"\n3,c\n", Form.CSV)
    assert [number for number, _ in objects(found)] == [2, 4]
    [(number, reason)] = errors(found)
    assert number == 3
    assert error in reason


def test_two_columns_of_one_name_are_refused() -> None:
    """Of two columns for one field none is taken silently."""
    assert errors(read("id,text,id\n1,a,2\n", Form.CSV)) == [
        (1, "two columns are called `id`; nothing was read")
    ]


@pytest.mark.parametrize("form", list(Form))
def test_nothing_is_read_from_nothing(form: Form) -> None:
    """An empty file holds no items and no mistakes."""
    assert read(b"", form) == []
