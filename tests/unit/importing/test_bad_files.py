"""Files that are no rules: they are explained, in little time."""

import time

import pytest

from engine.importing.automoderator import Options, import_files
from engine.importing.automoderator.composing import MOST_VALUES
from engine.importing.automoderator.documents import MOST_DOCUMENTS
from engine.importing.reports import Fate, Topic
from engine.rules.limits import FILE_BYTES
from tests.unit.importing.translating import imported, only_rule

MEGABYTE = 1_000_000
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join(['*' + before] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
NONSENSE = {
    "words": b"lorem ipsum dolor " * (MEGABYTE // 18),
    "lines": b"lorem ipsum\n" * (MEGABYTE // 12),
    "keys": b"title: x\n" * (MEGABYTE // 9),
    "separators": b"---\n" * (MEGABYTE // 4),
    "documents": b"---\nx\n" * (MEGABYTE // 6),
    "broken rules": b"---\ntitle: [x\naction: remove\n" * (MEGABYTE // 28),
    "comments": b"# remove this\n" * (MEGABYTE // 14),
    "dashes": b"-" * MEGABYTE,
    "brackets": b"[" * MEGABYTE,
    "braces": b"{a: " * (MEGABYTE // 4),
    "quotes": b"'\"" * (MEGABYTE // 2),
    "hashes": b"#" * MEGABYTE,
    "anchors": b"a: &a [*a, *a]\n" * (MEGABYTE // 15),
    "one long title": b"title: [" + b"x, " * (MEGABYTE // 3) + b"]\naction: remove\n",
    "one long word": b"title: " + b"x" * MEGABYTE + b"\naction: remove\n",
    "one long pattern": b"title (regex): '" + b"(a|b)" * (MEGABYTE // 5) + b"'\naction: remove\n",
    "a key with plusses": b"+".join([b"title"] * (MEGABYTE // 6)) + b": x\naction: remove\n",
    "a bare message": b"title: x\nmessage: '" + b"{{" * (MEGABYTE // 2) + b"'\n",
    "colons": b": " * (MEGABYTE // 2),
    "carriage returns": b"\r" * MEGABYTE,
}


@pytest.mark.parametrize("content", NONSENSE.values(), ids=NONSENSE.keys())
def test_a_megabyte_of_nonsense_is_answered_quickly(content: bytes) -> None:
    """Seconds are allowed for what takes tenths: what grows faster than the file takes hours."""
    started = time.perf_counter()
    found = imported(content)
    assert time.perf_counter() - started < 20
    assert found.report.files[0].remarks or found.report.rules


@pytest.mark.parametrize(
    ("content", "said", "line"),
    [
        (b"", "there is no rule in this file", 1),
        (b"# only a comment\n\n", "there is no rule in this file", 1),
        (b"title: x\n\x00\xff", "this is no text file: it holds a zero byte", 2),
        (b"a: b\nc: \xff", "this file is not UTF-8: byte 0xff; save it as UTF-8", 2),
        (b"x" * (FILE_BYTES + 1), f"this file is larger than {FILE_BYTES:,} bytes: split it", 1),
        (b"---\nhello there\n", "this document is no rule: the source takes it for a comment", 2),
    ],
    ids=["empty", "comment", "binary", "encoding", "too large", "words"],
)
def test_a_file_without_rules_says_why(content: bytes, said: str, line: int) -> None:
    """In one remark, at its line."""
    found = imported(content)
    (remark,) = found.report.files[0].remarks
    assert (remark.message, remark.line) == (said, line)
    assert found.report.share is None
    assert not found.files


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a: &a\n  b: *a\naction: remove\n", "nothing is called `a`"),
        (b"title: *b\n", "nothing is called `b`"),
        (b"[a, b]: c\n", "a list or `key: value` lines cannot be a key"),
        (b"title: 'x\n", "unexpected end of stream"),
        (b'title: "\\d+"\n', "unknown escape character"),
        (b"title: x\n\taction: remove\n", "tab"),
        (b"title: \x07\n", "there is a control character in it"),
        (b"title: x\n...\n%YAML 9\n--- !x\naction: y\n", "this is no YAML"),
    ],
)
def test_a_document_that_cannot_be_read_is_dead(content: bytes, said: str) -> None:
    """The source refuses it as well; the report says why, and what stands beside it is read."""
    other = b"\n---\n# Fine\ntitle: fine\naction: report\n"
    broken, fine = imported(content + other).report.rules
    assert broken.fate is Fate.DEAD
    assert said in broken.remarks[0].message
    assert fine.name == "a/fine"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"title: " + b"[" * 10_000, "nothing may stand more than 32 levels deep"),
        (b"title: " + b"[" * 10_000 + b"]" * 10_000, "nothing may stand more than 32 levels deep"),
        (b"author:\n" + b"".join(b" " * n + b"a:\n" for n in range(1, 300)), "32 levels deep"),
        (BOMB.encode(), f"a document has at most {MOST_VALUES:,} values"),
    ],
    ids=["open brackets", "brackets", "lines", "aliases"],
)
def test_a_document_that_is_too_large_is_for_a_person(content: bytes, said: str) -> None:
    """The source may read it; here it has an end."""
    rule = only_rule(content)
    assert rule.fate is Fate.BY_HAND
    assert said in rule.remarks[0].message


def test_anchors_and_merged_lines_are_understood() -> None:
    """The source reads them, though few know."""
    source = """\
        title: &words [one, two]
        body: *words
        author:
            <<: &new {account_age: "< 1 day", comment_karma: "< 9"}
            comment_karma: "< 5"
        action: report
    """
    found = imported(source)
    text = found.files["a.yaml"]
    assert "item.body: { has_any: [one, two] }" in text
    assert "author.account_age: { below: 1 day }" in text
    assert "author.comment_karma: { below: 5 }" in text


def test_the_number_of_documents_has_an_end() -> None:
    """What comes after is said not to have been read."""
    found = imported(b"---\ntitle: [\n" * (MOST_DOCUMENTS + 5))
    (remark,) = found.report.files[0].remarks
    assert remark.topic is Topic.BY_HAND
    assert "the rest was not read" in remark.message
    assert len(found.report.rules) == MOST_DOCUMENTS


def test_places_count_from_the_start_of_the_file() -> None:
    """Also after comments, empty lines and other ends of lines."""
    text = "# One\r\n\r\n---\r\n\r\n# Two\r\ntitle: x\r\ntitle: y\r\naction: report\r\n"
    (rule,) = imported(text.encode()).report.rules
    assert rule.line == 6
    assert [(one.line, "line 7" in one.message) for one in rule.remarks] == [(6, True)]


def test_more_hyphens_than_three_part_rules_too() -> None:
    """The source reads none of them then, which is said once."""
    found = imported("title: x\naction: remove\n-----\ntitle: y\naction: remove\n----\n")
    assert len(found.report.rules) == 2
    (remark,) = found.report.files[0].remarks
    assert (remark.line, remark.topic) == (3, Topic.LOST)


def test_comments_inside_of_texts_are_no_comments() -> None:
    """Headings of a message stay in the message, and comments are kept in `about`."""
    source = """\
        # The title of it
        # and more of it
        title: x        # at the end of a line
        # in between
        comment: |
            # A heading

            text
        # below
        action: remove
    """
    found = imported(source)
    rule = next(one for one in found.files["a.yaml"].split("---\n") if one.startswith("rule"))
    assert "title: The title of it\n" in rule
    about = rule.split("about: |\n")[1].split("owner:")[0]
    assert [line.strip() for line in about.splitlines()] == [
        "imported from a.yaml, line 3",
        "and more of it",
        "in between",
        "below",
        "the message was a comment in public",
    ]


def test_equal_names_are_numbered() -> None:
    """Two rules with one comment, and two files of one name."""
    text = b"# Same\ntitle: x\naction: report\n---\n# Same\ntitle: y\naction: report\n"
    sources = {"b/mod.yaml": text, "c/mod.yaml": text}
    found = import_files(sources, Options(owner="o", ends="2027-01-01", declares=True))
    names = [rule.name for rule in found.report.rules]
    assert names == ["mod/same", "mod/same-2", "mod-2/same", "mod-2/same-2"]
    assert sorted(found.files) == ["mod-2.yaml", "mod.yaml", "vocabulary.yaml"]


def test_a_rule_of_one_empty_check_would_hold_for_every_item() -> None:
    """So a person has to say what was meant."""
    rule = only_rule("~body: []\naction: remove\n")
    assert rule.fate is Fate.BY_HAND
    assert "holds for every item" in rule.remarks[-1].message + rule.remarks[0].message
