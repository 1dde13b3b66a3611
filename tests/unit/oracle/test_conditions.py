"""Hand-worked examples of three-valued conditions."""

import pytest

from engine.item import Value
from engine.rules.model import (
    AllOf,
    AnyOf,
    AtLeastOf,
    Condition,
    Constant,
    FieldRef,
    ListRefs,
    NoneOf,
)
from engine.rules.vocabulary import Operator
from engine.text.entry import Entry
from tests.oracle.conditions import truth
from tests.unit.oracle.policies import SPAN, item, leaf, policy

_TRUE = leaf("yes", Operator.IS, constant=True)
_FALSE = leaf("yes", Operator.IS_NOT, constant=True)
_UNKNOWN = leaf("maybe", Operator.IS, constant=True)
_SITES = ListRefs(("sites",))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (AllOf(parts=(_TRUE, _UNKNOWN), span=SPAN), None),
        (AllOf(parts=(_FALSE, _UNKNOWN), span=SPAN), False),
        (AnyOf(parts=(_TRUE, _UNKNOWN), span=SPAN), True),
        (AnyOf(parts=(_FALSE, _UNKNOWN), span=SPAN), None),
        (NoneOf(parts=(_FALSE, _UNKNOWN), span=SPAN), None),
        (NoneOf(parts=(_TRUE, _UNKNOWN), span=SPAN), False),
        (NoneOf(parts=(_FALSE, _FALSE), span=SPAN), True),
        (AtLeastOf(count=2, parts=(_TRUE, _TRUE, _UNKNOWN), span=SPAN), True),
        (AtLeastOf(count=2, parts=(_TRUE, _FALSE, _UNKNOWN), span=SPAN), None),
        (AtLeastOf(count=3, parts=(_TRUE, _FALSE, _UNKNOWN), span=SPAN), False),
    ],
)
def test_groups(condition: Condition, *, expected: bool | None) -> None:
    """Groups follow Kleene's tables."""
    assert truth(condition, item(), policy()) is expected


@pytest.mark.parametrize(
    ("field", "operator", "constant", "value", "expected"),
    [
        ("n", Operator.ABOVE, 1.0, 1.0, False),
        ("n", Operator.AT_LEAST, 1.0, 1.0, True),
        ("n", Operator.BETWEEN, (1.0, 2.0), 2.0, True),
        ("n", Operator.IS_NONE, (1.0, 2.0), 3.0, True),
        ("n", Operator.IS_NOT, 1.0, None, None),
        ("n", Operator.IS_MISSING, True, None, True),
        ("n", Operator.IS_MISSING, False, 1.0, True),
        ("zero", Operator.IS_MISSING, True, None, False),
        ("zero", Operator.BELOW, 1.0, None, True),
        ("of-image", Operator.IS_NOT, 1.0, None, False),
        ("of-image", Operator.IS_MISSING, True, None, False),
        ("item.kind", Operator.IS, ("post",), None, True),
        ("n", Operator.ABOVE, FieldRef("zero"), 1.0, True),
        ("n", Operator.ABOVE, FieldRef("m"), 1.0, None),
        ("n", Operator.ABOVE, FieldRef("of-image"), 1.0, False),
        ("domains", Operator.ALL_IN, _SITES, frozenset[str](), True),
        ("domains", Operator.ALL_IN, _SITES, frozenset({"news.bbc.co.uk", "x.org"}), False),
        ("domains", Operator.INCLUDES_ANY_IN, _SITES, frozenset({"news.bbc.co.uk"}), True),
        ("domains", Operator.NONE_IN, _SITES, frozenset({"notbbc.co.uk"}), True),
        ("domains", Operator.INCLUDES_ANY, ("co.uk",), frozenset({"bbc.co.uk"}), True),
        ("tags", Operator.INCLUDES_ANY, ("b",), frozenset({"a.b"}), False),
        ("tags", Operator.INCLUDES_ALL, ("a", "b"), frozenset({"a", "b", "c"}), True),
        ("text", Operator.HAS_ANY_IN, ListRefs(("drugs",)), "X4N4X", True),
        (
            "text",
            Operator.HAS_NONE_IN,
            ListRefs(("drugs",), (Entry(text="top speed"),)),
            "Top speed",
            True,
        ),
        ("text", Operator.HAS_ALL, (Entry(text="a"), Entry(text="b")), "b c", False),
        ("text", Operator.LONGER_THAN, 2.0, "a\u0301", False),
        ("points.p", Operator.IS, 1.0, None, False),
    ],
)
def test_leaves(
    field: str,
    operator: Operator,
    constant: Constant,
    value: Value | None,
    *,
    expected: bool | None,
) -> None:
    """A leaf is true, false, or unknown where the definition says so."""
    fields = {} if value is None else {field: value}
    assert truth(leaf(field, operator, constant), item(fields), policy()) is expected


def test_points() -> None:
    """Lines that are true are added up; unknown ones add nothing; a given sum wins."""
    one = leaf("points.p", Operator.IS, 1.0)
    assert truth(one, item({"n": 1.0}), policy()) is True
    assert truth(one, item({"n": 1.0, "m": 1.0}), policy()) is False
    assert truth(one, item({"n": 0.0, "points.p": 1.0}), policy()) is True


def test_presence_that_is_unknown() -> None:
    """A field whose presence cannot be told counts as not having arrived."""
    shown = leaf("of-image", Operator.AT_LEAST, 0.5)
    assert truth(shown, item({"item.kind": "image"}), policy()) is None
    assert truth(shown, item({"item.kind": "post", "of-image": 0.7}), policy()) is True
