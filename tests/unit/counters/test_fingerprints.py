"""Names in Redis are the same in every process, and differ where what they name differs."""

from typing import Any

import pytest

from engine.counting import measures_of
from engine.diagnostics import Span
from engine.item import Value
from engine.rules.model import AllOf
from queues.counters.fingerprints import of_definition, of_value
from tests.unit.policies import PLACE, at_least, counter

BOTH = AllOf(parts=(at_least("a", 1.0), at_least("b", 2.0)), span=PLACE)


def named(**changes: Any) -> str:  # noqa: ANN401 - as the fields of Counter
    """The name of the definition of a counter."""
    [measure] = measures_of({"c": counter(**changes)}, lambda _, __: True)
    return of_definition(measure.definition)


def test_names_of_definitions_last() -> None:
    """Windows in Redis outlive processes and releases of this program: their names are kept."""
    kinds = frozenset({"post", "comment", "message", "image"})
    assert named(kinds=kinds, where=BOTH, distinct="text.hash") == "40f8334834a70daf"


def test_where_a_definition_stands_does_not_matter() -> None:
    """The same counter under another name, further down in the file, is the same."""
    elsewhere = AllOf(parts=BOTH.parts, span=Span("rules/other.yaml", 9, 9))
    assert named(name="a", about="x", where=elsewhere) == named(name="b", where=BOTH)


@pytest.mark.parametrize(
    "changes",
    [
        {"kinds": frozenset({"post"})},
        {"per": "author.ip"},
        {"distinct": "author.id"},
        {"within": 3_601.0},
        {"where": at_least("a", 1.0)},
        {"where": at_least("a", 2.0)},
    ],
)
def test_what_counts_otherwise_is_named_otherwise(changes: dict[str, Any]) -> None:
    """Each part of a definition is part of its name."""
    assert named(**changes) != named()


@pytest.mark.parametrize(("one", "other"), [(1, 1.0), (True, 1), (0.0, -0.0)])
def test_equal_values_have_one_name(one: Value, other: Value) -> None:
    """Numbers are one key, however they are written."""
    assert of_value(one) == of_value(other)


@pytest.mark.parametrize(
    ("one", "other"), [("1.0", 1.0), ("a", "A"), ("", " "), (1, 2), ("\udc80", "\x80")]
)
def test_different_values_have_different_names(one: Value, other: Value) -> None:
    """A text is never a number, and nothing is folded."""
    assert of_value(one) != of_value(other)


def test_a_key_has_another_name_in_another_definition() -> None:
    """Windows of one author in two definitions do not meet."""
    assert of_value("u", b"1") != of_value("u", b"2")
