"""Words written letter by letter."""

import pytest

from engine.text.spelled_out import may_be_spelled_out, spelled_out

RUNS = [
    ("x.a.n.a.x", ["xanax"]),
    ("buy x a n a x now", ["xanax"]),
    ("x - a - n", ["xan"]),
    ("is a test", []),
    ("a b", []),
    ("a.b-c.d", []),
    ("a.b.c-d-e", ["abc", "cde"]),
    ("a....b....c", []),
    ("a b cd e f g", ["efg"]),
    ("1.2.3", ["123"]),
    ("_a_b_c_", ["abc"]),
    ("а б в", ["абв"]),
    ("我,爱,你", ["我爱你"]),
    ("", []),
]


@pytest.mark.parametrize(("text", "letters"), RUNS)
def test_runs(text: str, letters: list[str]) -> None:
    """Three single letters or more with the same separator between them are a run."""
    runs = spelled_out(text)
    assert [run.letters for run in runs] == letters
    assert all("".join(text[place] for place in run.positions) == run.letters for run in runs)


@pytest.mark.parametrize(("text", "letters"), RUNS)
def test_the_quick_test_misses_none(text: str, letters: list[str]) -> None:
    """The quick test is true wherever there is a run."""
    assert may_be_spelled_out(text) or not letters


def test_accents_do_not_hide_a_run() -> None:
    """A letter with an accent of its own is one letter."""
    assert may_be_spelled_out("x\u0335 a\u0301 n")
    assert not may_be_spelled_out("the café is a nice one")
