"""Challenge suites are read with clear errors, and show what a classifier cannot do."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.errors import InvalidFigure, InvalidSuite
from engine.learning import Case, Suite, changes, read_suite, run

LINES = (
    '{"id": "a", "text": "they are zorblings", "expected": true, "function": "slur"}',
    "",
    '{"id": "b", "text": "no zorb", "labels": {"bad": false}, "meta": {"functionality": "not"}}',
    '{"id": "c", "text": "zorblings all", "expected": true, "function": "slur"}',
)


class Told:
    """A classifier that says what it is told to."""

    name, version, signals = "told", "1", ("score.bad",)

    def __init__(self, scores: Mapping[str, float]) -> None:
        self._scores = scores

    def score(self, texts: Sequence[str]) -> Mapping[str, NDArray[np.float64]]:
        """By text."""
        return {"score.bad": np.array([self._scores[text] for text in texts])}


def _suite() -> Suite:
    return read_suite(LINES, name="ours", label="bad")


def test_both_forms_are_read() -> None:
    """That of a team, and that of HateCheck."""
    assert _suite().cases == (
        Case(id="a", text="they are zorblings", expected=True, function="slur"),
        Case(id="b", text="no zorb", expected=False, function="not"),
        Case(id="c", text="zorblings all", expected=True, function="slur"),
    )
    assert _suite().digest != read_suite(LINES[:1], name="ours", label="bad").digest


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "it is no JSON"),
        ("[" * 9_999, "it is no JSON"),
        ("3", "it is no object"),
        ('{"text": "t", "expected": true, "function": "f"}', "`id` is missing or no text"),
        ('{"id": "x", "text": " ", "expected": true, "function": "f"}', "`text` is missing"),
        ('{"id": "x", "text": "t", "expected": true}', "`function` is missing or no text"),
        ('{"id": "x", "text": "t", "expected": 1, "function": "f"}', "`expected` is missing, or"),
        ('{"id": "x", "text": "t", "labels": {}, "function": "f"}', "`expected` is missing, or"),
        (LINES[0], "`id` is that of line 1"),
    ],
)
def test_a_mistake_says_where_it_is(line: str, reason: str) -> None:
    """Name, line and reason of the first, the number of the others, and never a text."""
    with pytest.raises(InvalidSuite) as caught:
        read_suite([*LINES, line, "?"], name="ours", label="bad")
    assert str(caught.value).startswith(f"suite `ours`, line 5: {reason}")
    assert str(caught.value).endswith(" (and 1 more)")
    assert "zorblings" not in str(caught.value)


def test_a_suite_has_cases() -> None:
    """An empty file is a mistake, not a suite that everybody passes."""
    with pytest.raises(InvalidSuite, match="there are no cases"):
        read_suite(["", "  "], name="ours", label="bad")


def test_results_are_by_function() -> None:
    """Counts, rates, and which cases failed; a chance of just the threshold says yes."""
    scores = {"they are zorblings": 0.5, "no zorb": 0.5, "zorblings all": 0.49}
    found = run(_suite(), Told(scores), "score.bad")
    negation, slur = found.functions
    assert (negation.function, negation.cases, negation.right, negation.failed) == (
        "not",
        1,
        0,
        ("b",),
    )
    assert (slur.function, slur.cases, slur.right, slur.rate, slur.failed) == (
        "slur",
        2,
        1,
        0.5,
        ("c",),
    )
    assert found.rate == pytest.approx(1 / 3)
    strict = run(_suite(), Told(scores), "score.bad", threshold=0.45)
    assert strict.functions[1].failed == ()


def test_changes_name_what_was_lost() -> None:
    """Also where as much was won, and not what neither gets right."""
    good = {"they are zorblings": 0.9, "no zorb": 0.9, "zorblings all": 0.1}
    other = {"they are zorblings": 0.1, "no zorb": 0.9, "zorblings all": 0.9}
    before, after = (run(_suite(), Told(each), "score.bad") for each in (good, other))
    negation, slur = changes(before, after)
    assert (negation.fall, negation.lost) == (0.0, ())
    assert (slur.before, slur.after, slur.fall, slur.lost) == (1, 1, 0.0, ("a",))


def test_what_cannot_be_compared_is_refused() -> None:
    """Another suite, or a case without a score."""
    scores = {"they are zorblings": 0.9, "no zorb": 0.1, "zorblings all": 0.1}
    one = run(_suite(), Told(scores), "score.bad")
    fewer = read_suite(LINES[:3], name="ours", label="bad")
    with pytest.raises(InvalidFigure, match="run on different cases"):
        changes(one, run(fewer, Told(scores), "score.bad"))
    with pytest.raises(InvalidFigure, match=r"`score\.bad` is missing for 1 cases"):
        run(_suite(), Told(scores | {"no zorb": float("nan")}), "score.bad")
