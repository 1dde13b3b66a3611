"""The usual form of rule files: what is changed, and what is never touched."""

from pathlib import Path

import pytest

from engine.rules.documents import KINDS
from engine.rules.formatting import format_text, numeric_fields
from engine.rules.formatting.order import KEY_ORDER
from engine.rules.reading.rules import RULE_KEYS

EXAMPLES = Path(__file__).resolve().parents[4] / "shared" / "design" / "rule-examples"
NUMERIC = frozenset({"score.hate", "reports.count"})


def _formatted(text: str) -> str:
    result = format_text("rules/a.yaml", text, numeric=NUMERIC)
    assert result.diagnostics == ()
    assert result.changed is (result.text != text)
    return result.text


CASES = {
    "line ends and white space at the ends of lines": (
        ("rule: a  \r\ntitle: b\t\r\n\r\n\r\n"),
        ("rule: a\ntitle: b\n"),
    ),
    "a byte order mark": (
        "\ufeffrule: a\n",
        "rule: a\n",
    ),
    "a missing last line end": (
        "rule: a",
        "rule: a\n",
    ),
    "one line between documents": (
        ("---\nrule: a\n\n---\n---\n\nrule: b\n---\n"),
        ("rule: a\n---\nrule: b\n"),
    ),
    "comments between documents": (
        ("rule: a\n--- # one\n# two\n---   # three\nrule: b\n---\n# four\n"),
        ("rule: a\n--- # three\n# one\n# two\nrule: b\n\n# four\n"),
    ),
    "nothing but comments": (
        ("# a\n\n\n"),
        "# a\n",
    ),
    "spaces inside brackets": (
        ("rule: a\nwhen: {score.hate:  {above: 0.5} }\nthen: { }\nfor: [ post,comment ]\n"),
        ("rule: a\nfor: [post, comment]\nwhen: { score.hate: { above: 0.5 } }\nthen: {}\n"),
    ),
    "the columns of a table stay": (
        ("points: a\nadd:\n  - {points: 1,  because: x}\n  - {points: 10, because: y}\n"),
        ("points: a\nadd:\n  - { points: 1,  because: x }\n  - { points: 10, because: y }\n"),
    ),
    "signs become words on numbers alone": (
        ("rule: a\nwhen:\n  score.hate: '>= 0.97'\n  counter.x: \"< 3\"\n  text: '> 10'\n"),
        (
            "rule: a\n"
            "when:\n"
            "  score.hate: { at_least: 0.97 }\n"
            "  counter.x: { below: 3 }\n"
            "  text: '> 10'\n"
        ),
    ),
    "signs become words at any depth": (
        (
            "condition: a\n"
            "any:\n"
            "  - score.hate: '= 50%'\n"
            "  - at_least_2_of: [{ reports.count: '!=3' }]\n"
        ),
        (
            "condition: a\n"
            "any:\n"
            "  - score.hate: { is: 50% }\n"
            "  - at_least_2_of: [{ reports.count: { is_not: 3 } }]\n"
        ),
    ),
    "signs outside conditions are text": (
        ("rule: a\ntitle: '>= 3'\nsettings: { score.hate: '>= 3' }\n"),
        ("rule: a\ntitle: '>= 3'\nsettings: { score.hate: '>= 3' }\n"),
    ),
    "two spaces a level": (
        (
            "rule: a\n"
            "when:\n"
            "    any:\n"
            "        -   score.hate: 1\n"
            "            text: x\n"
            "        # c\n"
            "        - text: y\n"
            "tests:\n"
            "- given: {}\n"
            "  expect: match\n"
        ),
        (
            "rule: a\n"
            "when:\n"
            "  any:\n"
            "    - score.hate: 1\n"
            "      text: x\n"
            "    # c\n"
            "    - text: y\n"
            "tests:\n"
            "  - given: {}\n"
            "    expect: match\n"
        ),
    ),
    "texts in lines move as a whole": (
        (
            "message: a\n"
            "to: author\n"
            "text:\n"
            "    en: |\n"
            "        Hello  \n"
            "          you\n"
            "\n"
            "        # no comment\n"
        ),
        ("message: a\nto: author\ntext:\n  en: |\n    Hello  \n      you\n\n    # no comment\n"),
    ),
    "the usual order of keys, with the comments above them": (
        (
            "# head\n"
            "rule: a\n"
            "# about then\n"
            "then: {} # beside then\n"
            "  # under then\n"
            "\n"
            "# about when\n"
            "when: { text: x }\n"
            "owner: o\n"
            "# foot\n"
        ),
        (
            "# head\n"
            "rule: a\n"
            "owner: o\n"
            "\n"
            "# about when\n"
            "when: { text: x }\n"
            "# about then\n"
            "then: {} # beside then\n"
            "  # under then\n"
            "# foot\n"
        ),
    ),
    "the order inside a condition is the author's": (
        ("condition: a\ntext: x\nauthor.id: y\ntitle: t\n"),
        ("condition: a\ntitle: t\ntext: x\nauthor.id: y\n"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_usual_form(name: str) -> None:
    """Each habit of the usual form is brought about, and left alone once it is there."""
    before, after = CASES[name]
    assert _formatted(before) == after
    assert _formatted(after) == after


@pytest.mark.parametrize("text", ["rule: a\n b: c\n", "rule: a\n\ttitle: b\n", "rule: [a\n"])
def test_a_file_that_cannot_be_read_is_left_alone(text: str) -> None:
    """A file with a mistake in its YAML stays as it is, and the mistake is shown."""
    result = format_text("a.yaml", text)
    assert (result.text, result.changed) == (text, False)
    assert [each.span.file for each in result.diagnostics] == ["a.yaml"]


def test_a_file_that_would_mean_something_else_is_left_alone() -> None:
    """Where moving a key would change a text, nothing is written and the reason is said."""
    text = "rule: a\nwhen: {}\nabout: |+\n  x\n\n"
    result = format_text("a.yaml", text)
    assert (result.text, result.changed) == (text, False)
    assert "left as it is" in result.diagnostics[0].message


def test_fields_with_numbers_are_found_in_all_files() -> None:
    """Which fields hold numbers is known from the documents that declare them."""
    files = [
        ("a", "field: n\ntype: count\n---\nfield: t\ntype: text\n"),
        ("b", "field: d\ntype: date"),
    ]
    assert numeric_fields(files) == {"n", "d"}


def test_every_kind_and_every_key_of_a_rule_has_its_place() -> None:
    """No kind of document and no key of a rule is without a place in the usual order."""
    assert set(KEY_ORDER) == set(KINDS)
    assert set(KEY_ORDER["rule"]) == set(RULE_KEYS)
    for kind, keys in KEY_ORDER.items():
        assert keys[0] == kind
        assert len(keys) == len(set(keys))


def test_the_examples_keep_their_lines() -> None:
    """The examples of the language are in the usual form, but for the order of some keys."""
    if not EXAMPLES.is_dir():
        pytest.skip("the examples of the rule language are not beside this checkout")
    files = {file.name: file.read_text("utf-8") for file in sorted(EXAMPLES.rglob("*.yaml"))}
    numeric = numeric_fields(files.items())
    for name, text in files.items():
        result = format_text(name, text, numeric=numeric)
        assert result.diagnostics == ()
        assert sorted(result.text.split("\n")) == sorted(text.split("\n"))
