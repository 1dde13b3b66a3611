"""Conditions become trees of typed leaves."""

from collections.abc import Callable

import pytest

from engine.rules.model import (
    AllOf,
    AnyOf,
    AtLeastOf,
    Condition,
    Constant,
    FieldRef,
    Leaf,
    ListRefs,
    Meets,
    NoneOf,
    Policy,
    Rule,
    TextPattern,
)
from engine.rules.vocabulary import Operator
from engine.text.entry import Entry, Spelling

RuleOf = Callable[[str], Rule]
PolicyOf = Callable[[str], Policy]
CodesOf = Callable[[str], list[str]]


def leaf_of(condition: Condition | None) -> tuple[str, Operator, Constant]:
    """The field, operator and constant of a condition that is a single leaf."""
    assert isinstance(condition, Leaf)
    return condition.field, condition.operator, condition.constant


@pytest.mark.parametrize(
    ("line", "operator", "constant"),
    [
        ("score.hate: { above: 0.5 }", Operator.ABOVE, 0.5),
        ("score.hate: '>= 0.97'", Operator.AT_LEAST, 0.97),
        ("score.hate: '<0.2'", Operator.BELOW, 0.2),
        ("score.hate: '!= 0.2'", Operator.IS_NOT, 0.2),
        ("text.quoted_share: { at_most: 7% }", Operator.AT_MOST, 0.07),
        ("links.count: 3", Operator.IS, 3.0),
        ("links.count: [3, 4]", Operator.IS_ANY, (3.0, 4.0)),
        ("links.count: { between: [3, 5] }", Operator.BETWEEN, (3.0, 5.0)),
        ("author.account_age: { below: 2 weeks }", Operator.BELOW, 1_209_600.0),
        ("author.joined: { above: 1970-01-02 }", Operator.ABOVE, 86_400.0),
        ("author.verified: yes", Operator.IS, True),
        ("author.verified: False", Operator.IS, False),
        ("item.kind: post", Operator.IS, ("post",)),
        ("item.kind: { is_none: [post, comment] }", Operator.IS_NONE, ("post", "comment")),
        ("item.market: [NO, on, null]", Operator.IS_ANY, ("NO", "on", "null")),
        ("author.id: { is: 0777 }", Operator.IS, ("0777",)),
        ("author.id: 1_000", Operator.IS, ("1_000",)),
        ("author.id: { is_any_in: [publishers] }", Operator.IS_ANY_IN, ListRefs(("publishers",))),
        ("author.id: { is: { field: item.market } }", Operator.IS, FieldRef("item.market")),
        ("score.hate: { above: { field: score.spam } }", Operator.ABOVE, FieldRef("score.spam")),
        ("score.hate: { is_missing: yes }", Operator.IS_MISSING, True),
        ("links.domain: [Example.ORG.]", Operator.INCLUDES_ANY, ("example.org",)),
        (
            "links.domain: { all_in: [trusted-domains] }",
            Operator.ALL_IN,
            ListRefs(("trusted-domains",)),
        ),
        ("text: { longer_than: 20 }", Operator.LONGER_THAN, 20.0),
        ("text: { matches: '\\d+' }", Operator.MATCHES, (TextPattern(r"\d+"),)),
        (
            "text: { matches: ['a', 'b'], spelling: exact }",
            Operator.MATCHES,
            (TextPattern("a", exact=True), TextPattern("b", exact=True)),
        ),
        ("text: zorb", Operator.HAS_ANY, (Entry(text="zorb"),)),
    ],
)
def test_constants_are_read_by_the_type_of_their_field(
    rule_of: RuleOf, line: str, operator: Operator, constant: Constant
) -> None:
    """What a constant looks like plays no role."""
    field, found, value = leaf_of(rule_of(f"when: {{ {line} }}").when)
    assert field == line.split(":", maxsplit=1)[0]
    assert found is operator
    assert value == constant
    assert type(value) is type(constant)


def test_several_lines_and_operators_all_have_to_hold(rule_of: RuleOf) -> None:
    """A mapping is AND, also inside one field."""
    when = rule_of("when:\n  score.hate: { at_least: 0.5, below: 0.9 }\n  links.count: 0").when
    assert isinstance(when, AllOf)
    assert [(one.field, one.operator) for one in when.parts if isinstance(one, Leaf)] == [
        ("score.hate", Operator.AT_LEAST),
        ("score.hate", Operator.BELOW),
        ("links.count", Operator.IS),
    ]


def test_groups_keep_their_parts(rule_of: RuleOf) -> None:
    """The four groups are told apart, and hold what stands in their lists."""
    when = rule_of(
        """when:
  any:
    - links.count: 1
    - none:
        - links.count: 2
        - all: [{ links.count: 3 }, { links.count: 4 }]
  at_least_2_of: [{ links.count: 5 }, { links.count: 6 }, { links.count: 7 }]
"""
    ).when
    assert isinstance(when, AllOf)
    either, several = when.parts
    assert isinstance(either, AnyOf)
    assert isinstance(either.parts[1], NoneOf)
    assert isinstance(either.parts[1].parts[1], AllOf)
    assert isinstance(several, AtLeastOf)
    assert (several.count, len(several.parts)) == (2, 3)


def test_named_conditions_bring_their_content(policy_of: PolicyOf) -> None:
    """`meets:` holds the condition itself, whatever the order of documents."""
    policy = policy_of(
        """condition: both
meets: [new-account, verified]
---
condition: verified
about: A sentence about it.
author.verified: yes
"""
    )
    both = policy.conditions["both"]
    assert isinstance(both, AllOf)
    assert [one.name for one in both.parts if isinstance(one, Meets)] == [
        "new-account",
        "verified",
    ]
    assert isinstance(both.parts[1], Meets)
    assert leaf_of(both.parts[1].condition) == ("author.verified", Operator.IS, True)


def test_leaves_point_at_their_field(rule_of: RuleOf) -> None:
    """The place of a leaf is the name of its field."""
    when = rule_of("when:\n  score.hate: { at_least: 0.5 }").when
    assert (when.span.line, when.span.column, when.span.length) == (6, 3, len("score.hate"))


def test_spelling_of_an_entry_beats_that_of_its_leaf(rule_of: RuleOf) -> None:
    """The nearest word on spelling holds; the rest is plain."""
    when = rule_of(
        "when: { text: { has_any: [zorb, { word: quent*, spelling: exact }],"
        " spelling: tolerant, except: [zorb day] } }"
    ).when
    excepted = (Entry(text="zorb day", spelling=Spelling.TOLERANT),)
    assert leaf_of(when)[2] == (
        Entry(text="zorb", spelling=Spelling.TOLERANT, exceptions=excepted),
        Entry(text="quent", spelling=Spelling.EXACT, open_right=True, exceptions=excepted),
    )


def test_exceptions_beside_lists_hold_for_all_their_words(rule_of: RuleOf) -> None:
    """`except` may stand beside `has_any_in`."""
    when = rule_of("when: { text: { has_any_in: [drug-names], except: ['*zorb'] } }").when
    entry = Entry(text="zorb", open_left=True)
    assert leaf_of(when)[2] == ListRefs(("drug-names",), (entry,))


def test_doubling_conditions_are_refused(codes_of: CodesOf) -> None:
    """Conditions that double at each step are refused before anyone writes them out."""
    documents = ["condition: c0\nauthor.verified: yes\n"]
    documents += [
        f"condition: c{step}\nall:\n  - any: [{{ meets: c{step - 1} }}]\n"
        f"  - none: [{{ meets: c{step - 1} }}]\n"
        for step in range(1, 60)
    ]
    assert codes_of("---\n".join(documents)) == ["too-large"]


def test_branching_conditions_are_refused(codes_of: CodesOf) -> None:
    """A few conditions that each use ten others are refused too, however flat they are."""
    documents = [f"condition: c0{n}\nauthor.verified: yes\n" for n in range(10)]
    for step in range(1, 5):
        meets = ", ".join(f"c{step - 1}{n}" for n in range(10))
        documents += [f"condition: c{step}{n}\nmeets: [{meets}]\n" for n in range(10)]
    assert set(codes_of("---\n".join(documents))) == {"too-large"}


def test_long_chains_of_conditions_are_refused(codes_of: CodesOf) -> None:
    """A chain of any length is read without running out of stack."""
    documents = [f"condition: c{step:05}\nmeets: c{step + 1:05}\n" for step in range(3_000)]
    documents.append("condition: c03000\nauthor.verified: yes\n")
    assert set(codes_of("---\n".join(documents))) == {"too-large"}
