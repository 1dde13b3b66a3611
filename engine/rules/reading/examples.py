"""Tests that stand beside a rule: single ones, and tables with one test per row."""

from dataclasses import dataclass

from engine.rules import quantities
from engine.rules.documents import Mapping, Node, Scalar, Sequence
from engine.rules.limits import TESTS
from engine.rules.model import ExpectedVerdict, Outcome, RuleTest
from engine.rules.reading.expectations import expectation
from engine.rules.reading.givens import Given, given, given_row
from engine.rules.reading.reader import Reader
from engine.rules.reading.references import known
from engine.rules.reading.scalars import optional, quantity, scalar, yes
from engine.rules.reading.shapes import (
    Keys,
    is_empty,
    items_of,
    keys_of,
    repeated,
    report_empty,
    require,
)

_KEYS = dict.fromkeys(("name", "given", "expect", "known_gap", "at", "fixture", "columns", "rows"))
_OWN_COLUMNS = ("name", "expect", "known_gap", "at", "fixture")


def tests(reader: Reader, node: Node | None) -> tuple[RuleTest, ...]:
    """All tests under `tests:`."""
    if node is None:
        return ()
    if not isinstance(node, Sequence):
        hint = "begin each test with `-`: `- { given: { … }, expect: match }`"
        reader.error("shape", "`tests:` takes a list", node, hint)
        return ()
    if not node.value:
        reader.error("empty-list", "the list is empty", node)
    found: list[RuleTest] = []
    for item in node.value:
        if is_empty(item):
            report_empty(reader, item, None)
        else:
            found.extend(_tests(reader, item))
    if len(found) > TESTS:
        reader.error("too-large", f"a rule has at most {TESTS:,} tests", node)
    return tuple(found)


def _tests(reader: Reader, node: Node) -> list[RuleTest]:
    keys = keys_of(reader, node, _KEYS)
    if keys is None:
        return []
    if "columns" in keys or "rows" in keys:
        return _table(reader, node, keys)
    require(reader, keys, ("given", "expect"), node)
    laid_over = given(reader, keys.get("given"))
    one = _test(reader, _Case(keys, laid_over, optional(reader, keys, "name"), node))
    return [one] if one is not None else []


@dataclass(frozen=True, slots=True)
class _Case:
    keys: Keys
    given: Given
    name: str | None
    node: Node


def _test(reader: Reader, case: _Case) -> RuleTest | None:
    keys = case.keys
    expected: Outcome | ExpectedVerdict | None = expectation(reader, keys.get("expect"))
    fixture = known(reader, "fixture", keys["fixture"]) if keys.get("fixture") else None
    at = quantity(reader, keys.get("at"), quantities.moment)
    gap = yes(reader, keys.get("known_gap"))
    if expected is None:
        return None
    return RuleTest(
        name=case.name,
        given=case.given,
        fixture=fixture or "default",
        expect=expected,
        known_gap=gap,
        at=at,
        span=reader.span(case.node),
    )


def _table(reader: Reader, node: Node, keys: Keys) -> list[RuleTest]:
    for name in ("given", "expect"):
        extra = keys.get(name)
        if extra is not None:
            hint = f"make `{name}` a column" if name == "expect" else "make its fields columns"
            reader.error("unknown-key", f"a table has no `{name}`", extra, hint)
    require(reader, keys, ("columns", "rows"), node)
    columns = _columns(reader, keys.get("columns"))
    rows = keys.get("rows")
    if not columns or rows is None:
        return []
    if not any(column.value == "expect" for column in columns):
        reader.error(
            "missing-key", "one of the columns has to be `expect`", keys["columns"] or node
        )
        return []
    if not isinstance(rows, Sequence) or not rows.value:
        hint = "write one list per row: `- [0.97, match]`"
        reader.error("shape", "`rows:` takes a list of rows", rows, hint)
        return []
    title = optional(reader, keys, "name") or "row"
    found: list[RuleTest] = []
    for number, row in enumerate(rows.value, start=1):
        one = _row(reader, columns, row, keys, f"{title} [{number}]")
        if one is not None:
            found.append(one)
    return found


def _columns(reader: Reader, node: Node | None) -> list[Scalar]:
    if node is None:
        return []
    found = [scalar(reader, item) for item in items_of(reader, node)]
    columns = [one for one in found if one is not None]
    pairs = Mapping("", [(one, one) for one in columns], node.start_mark, node.end_mark)
    twice = [one for one in columns if repeated(reader, pairs, one)]
    return [] if twice else columns


def _row(
    reader: Reader, columns: list[Scalar], row: Node, of_all: Keys, name: str
) -> RuleTest | None:
    if not isinstance(row, Sequence) or len(row.value) != len(columns):
        count = len(row.value) if isinstance(row, Sequence) else 1
        message = f"this row has {count} values for {len(columns)} columns"
        reader.error("shape", message, row)
        return None
    empty = [cell for cell in row.value if is_empty(cell)]
    if empty:
        reader.error("empty", "a cell of this row is empty", row)
    own: Keys = {
        column.value: cell
        for column, cell in zip(columns, row.value, strict=True)
        if column.value in _OWN_COLUMNS and cell not in empty
    }
    fields = [
        (column, cell)
        for column, cell in zip(columns, row.value, strict=True)
        if column.value not in _OWN_COLUMNS and cell not in empty
    ]
    shared: Keys = {key: of_all[key] for key in ("known_gap", "at", "fixture") if key in of_all}
    laid_over = given_row(reader, [column for column, _ in fields], [cell for _, cell in fields])
    named = optional(reader, own, "name") or name
    return _test(reader, _Case({**shared, **own}, laid_over, named, row))
