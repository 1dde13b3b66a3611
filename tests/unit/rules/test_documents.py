"""Files are cut into documents whose values know their places."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from engine.diagnostics import Span
from engine.rules.documents import Mapping, Node, Scalar, Sequence, lines_of, read_documents

TWO = """# about the first
list: first
of: words   # plain
---  # the second
# a word about it
# and another
rule: second
when:
  score.hate: { at_least: 0.9 }
"""


def value_of(node: Node) -> object:
    """A node as plain lists and pairs of text."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [value_of(one) for one in node.value]
    assert isinstance(node, Mapping)
    return {str(value_of(key)): value_of(one) for key, one in node.value}


def test_documents_know_where_they_stand() -> None:
    """Kind, name, comment and places are those of the file."""
    (first, second), mistakes = read_documents("a.yaml", TWO)
    assert mistakes == []
    assert (first.kind, first.name, first.comment) == ("list", "first", "about the first")
    assert first.span == Span("a.yaml", 2, 1, len("list: first"))
    assert second.comment == "a word about it\nand another"
    assert second.span == Span("a.yaml", 7, 1, len("rule: second"))
    (_, when) = second.node.value[1]
    assert isinstance(when, Mapping)
    key, operators = when.value[0]
    assert second.span_of(key) == Span("a.yaml", 9, 3, len("score.hate"))
    assert second.span_of(operators) == Span("a.yaml", 9, 15, len("{ at_least: 0.9 }"))
    assert second.span_at(second.text.index("at_least"), 8) == Span("a.yaml", 9, 17, 8)


def test_nothing_is_resolved() -> None:
    """Every value is the text that was written."""
    written = "no, on, null, ~, 1_000, 0777, 12:30, 2026-12-31, 1e3, .inf, TRUE, 0x1F, '', =, <"
    (document,), mistakes = read_documents("a.yaml", f"list: a\nentries: [{written}]\n")
    assert mistakes == []
    assert value_of(document.node.value[1][1]) == [
        one if one != "''" else "" for one in written.split(", ")
    ]


def test_a_broken_document_loses_only_itself() -> None:
    """Mistakes are said at their lines, and the documents around them are read."""
    text = "list: a\n---\nlist: [\n---\nlist: b\n---\n\tlist: c\n---\nlist: d\n"
    documents, mistakes = read_documents("a.yaml", text)
    assert [document.name for document in documents] == ["a", "b", "d"]
    assert [(one.code, one.span.line) for one in mistakes] == [("syntax", 3), ("tab", 7)]


def test_comments_alone_are_no_document() -> None:
    """Empty parts are passed over without a word."""
    assert read_documents("a.yaml", "---\n\n---\n# nothing\n---\n  \n") == ([], [])


@pytest.mark.parametrize(
    "text",
    [
        "a: *b",
        "a: &b c",
        "a: !b c",
        "a: [x, *b]",
        "a: {x: *b}",
        "*a : b",
        "a:\n- &x y",
        '"a": &x y',
        "!t\na: b",
        "- *a",
    ],
)
def test_no_alias_anchor_or_tag_gets_through(text: str) -> None:
    """However they are written, they are refused before anything is expanded."""
    documents, mistakes = read_documents("a.yaml", text)
    assert documents == []
    assert {one.code for one in mistakes} <= {"anchor", "syntax"}
    assert mistakes


@pytest.mark.parametrize("text", ["a & b", "x*y", "'*a'", "wow!", "R&B", "a: '!b'", "2 * 3"])
def test_their_signs_inside_words_are_fine(text: str) -> None:
    """`&`, `*` and `!` are letters like others where YAML sees no more in them."""
    _, mistakes = read_documents("a.yaml", f"list: a\nof:\n  {text}\n")
    assert mistakes == []


def test_a_block_of_text_ends_where_the_document_does() -> None:
    """A line `---` ends a document inside a text too, as in YAML; an indented one does not."""
    text = "message: a\ntext: |\n  one\n  ---\n  two\n---\nmessage: b\n"
    documents, mistakes = read_documents("a.yaml", text)
    assert mistakes == []
    assert [document.name for document in documents] == ["a", "b"]
    assert value_of(documents[0].node.value[1][1]) == "one\n---\ntwo\n"


WORDS = st.text("abcxyz .*&!-'\"#:%@", min_size=1, max_size=8).map(str.strip).filter(bool)
TREES = st.recursive(
    WORDS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4)
)


@given(st.lists(TREES, min_size=1, max_size=4), st.booleans())
def test_what_a_yaml_library_writes_is_read(trees: list[object], flow: bool) -> None:  # noqa: FBT001
    """Documents as another program writes them come back value by value."""
    values = [{"list": f"n{number}", "of": tree} for number, tree in enumerate(trees)]
    written = [
        yaml.safe_dump(one, default_flow_style=flow, sort_keys=False, width=1_000) for one in values
    ]
    text = "---\n".join(written)
    documents, mistakes = read_documents("a.yaml", text)
    assert mistakes == []
    assert [value_of(document.node) for document in documents] == values


@given(st.text("ab\n\r", max_size=30))
def test_lines_are_those_of_the_editor(text: str) -> None:
    """Lines end in LF, CR LF or CR."""
    assert lines_of(text) == text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
