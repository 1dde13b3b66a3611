"""The nearest name is suggested, and nothing far-fetched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rules.suggestions import nearest, quoted, shown

FIELDS = ("score.hate", "score.spam", "text", "text.quoted_share", "author.id", "links.count")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("score.hat", "score.hate"),
        ("score.haet", "score.hate"),
        ("Score.Hate", "score.hate"),
        ("txet", "text"),
        ("quoted_share", "text.quoted_share"),
        ("count", "links.count"),
        ("something", None),
        ("", None),
        ("x" * 100, None),
    ],
)
def test_nearest(written: str, meant: str | None) -> None:
    """Few slips are forgiven; the last part of a name is enough if it is the only one."""
    assert nearest(written, FIELDS) == meant


def test_of_two_equally_near_the_first_by_name_is_taken() -> None:
    """The suggestion does not depend on the order of names."""
    assert nearest("rule-c", ["rule-b", "rule-a"]) == nearest("rule-c", ["rule-a", "rule-b"])


@given(st.lists(st.text("ab-", min_size=3, max_size=8), min_size=1), st.data())
def test_a_name_that_is_there_is_its_own_nearest(names: list[str], data: st.DataObject) -> None:
    """No name is corrected to another."""
    name = data.draw(st.sampled_from(names))
    assert nearest(name, names) == name


@given(st.text("abc", min_size=6, max_size=12), st.data())
def test_one_slip_is_always_found(name: str, data: st.DataObject) -> None:
    """A letter too many, too few, wrong or swapped is no obstacle."""
    place = data.draw(st.integers(0, len(name) - 2))
    slips = (
        name[:place] + "x" + name[place:],
        name[:place] + name[place + 1 :],
        name[:place] + "x" + name[place + 1 :],
        name[:place] + name[place + 1] + name[place] + name[place + 2 :],
    )
    for slip in slips:
        assert nearest(slip, [name, "q" * len(name)]) == name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("zorb", "zorb"),
        ("a\nb", "a b"),
        ("a\x07b", "a\\x07b"),
        ("a\u202eb", "a\\u202eb"),
        ("`x`", "'x'"),
        ("赌博", "赌博"),
    ],
)
def test_shown_values_are_harmless(text: str, expected: str) -> None:
    """Nothing in a message moves the cursor, turns the writing, or ends the backticks."""
    assert shown(text) == expected


@given(st.text())
def test_shown_values_are_short(text: str) -> None:
    """Whatever is pasted into a rule, its message stays on a line."""
    assert len(shown(text)) <= 60
    assert "\n" not in shown(text)


def test_quoted() -> None:
    """Names stand in backticks."""
    assert quoted(["a", "b"]) == "`a`, `b`"
