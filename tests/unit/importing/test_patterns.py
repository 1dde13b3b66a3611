"""Patterns of the source, and what they are here."""

import re

import pytest
import yaml

from engine.importing.reports import Fate, Topic
from tests.unit.importing.translating import imported, only_rule


def translated(pattern: str, modifiers: str = "regex") -> object:
    """What is asked of the item."""
    quoted = pattern.replace("'", "''")
    action = "action: report\nmoderators_exempt: false\n"
    found = imported(f"title ({modifiers}): '{quoted}'\n{action}")
    assert found.report.rules[0].fate is Fate.TRANSLATED, found.report.rules[0].remarks
    (rule,) = (one for one in found.files["a.yaml"].split("---\n") if one.startswith("rule"))
    return yaml.safe_load(rule)["when"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("red", "item.title: { has_any: [red] }"),
        ("(?i)red", "item.title: { has_any: [red] }"),
        ("red(?#the colour)dish", "item.title: { has_any: [reddish] }"),
        ("(?:red|blue)s?", "item.title: { has_any: [red, reds, blue, blues] }"),
        (r"\bred\b", "item.title: { has_any: [red] }"),
        (r"red\w*", "item.title: { has_any: ['red*'] }"),
        (r"\w*red", "item.title: { has_any: ['*red'] }"),
        (r".*\bred", "item.title: { has_any: [red] }"),
        ("red.*", "item.title: { has_any: ['red*'] }"),
        (r"red\s+car", "item.title: { has_any: [red car] }"),
        ("red[ -]?car", "item.title: { has_any: [redcar, red car, red-car] }"),
        ("go{1,2}d", "item.title: { has_any: [god, good] }"),
        ("go+d", r"item.title: { matches: '\bgo+d\b' }"),
        ("[a-z]{40}", r"item.title: { matches: '\b[a-z]{40}\b' }"),
        ("^red", r"item.title: { matches: '^red\b' }"),
        ("^red!", "item.title: { starts_with: ['red!'] }"),
        (r"\?$", "item.title: { ends_with: ['?'] }"),
        ("^red$", "item.title: { exactly: [red] }"),
        (
            "a|b|^$",
            "any: [{ item.title: { has_any: [a, b] } }, { item.title: { shorter_than: 1 } }]",
        ),
        ("^.{5,9}$", "item.title: { longer_than: 4, shorter_than: 10 }"),
        ("^.{,9}$", "item.title: { shorter_than: 10 }"),
        ("^.{300,}", "item.title: { longer_than: 299 }"),
        (r"[\[(]\w+[\])]", r"item.title: { matches: '[\[(]\w+[\])]' }"),
        (r"[!a]b+", r"item.title: { matches: '(?:^|\W|\b)[!a]b+\b' }"),
        (r"red\Z", r"item.title: { matches: '\bred$' }"),
        ("red_", r"item.title: { matches: '\bred_\b' }"),
    ],
)
def test_patterns_of_whole_words(pattern: str, expected: str) -> None:
    """The usual way to look: words where they say all, patterns of ours else."""
    assert translated(pattern) == yaml.safe_load(expected)


@pytest.mark.parametrize(
    ("pattern", "modifiers", "expected"),
    [
        ("red", "includes, regex", "item.title: { has_any: ['*red*'] }"),
        (r"\bred", "includes, regex", "item.title: { has_any: ['red*'] }"),
        ("^red", "includes, regex", "item.title: { starts_with: [red] }"),
        ("red$", "includes, regex", "item.title: { ends_with: [red] }"),
        ("red|blue", "starts-with, regex", "item.title: { starts_with: [red, blue] }"),
        ("red|blue", "ends-with, regex", "item.title: { ends_with: [red, blue] }"),
        ("red|blue", "full-exact, regex", "item.title: { exactly: [red, blue] }"),
        ("red|blue", "full-text, regex", r"item.title: { matches: '^\W*(?:red|blue)\W*$' }"),
        (
            "red|[a-z]+ed",
            "regex, case-sensitive",
            r"item.title: { matches: '\b(?:red|[a-z]+ed)\b', spelling: exact }",
        ),
    ],
)
def test_patterns_with_a_method(pattern: str, modifiers: str, expected: str) -> None:
    """Parts of words, starts, ends and wholes."""
    assert translated(pattern, modifiers) == yaml.safe_load(expected)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("red(?!dish)", "look-ahead"),
        ("(?<!a)red", "look-behind"),
        (r"(a)\1", "back-reference"),
        ("(red", "missing ), unterminated subpattern"),
        ("(?x) red", "(?x)"),
        ("x" * 2_001, "2,001 characters"),
        ("(?:^| )x?", "matches the empty text"),
        ("a{9999}", "repeat"),
        ("[\u200d]", "matches the empty text"),
    ],
)
def test_patterns_for_a_person(pattern: str, said: str) -> None:
    """What no pattern here can say, and what cannot be read."""
    rule = only_rule(f"title (regex): '{pattern}'\naction: report\n")
    assert rule.fate is Fate.BY_HAND
    assert said in rule.remarks[0].message


def test_a_pattern_that_is_everywhere_restricts_nothing() -> None:
    """Of a title it says that the item is a post."""
    found = imported("type: submission\ntitle (regex): '.*'\naction: report\n")
    assert found.report.rules[0].fate is Fate.TRANSLATED
    assert "item.title" not in found.files["a.yaml"]


def test_one_pattern_of_several_for_a_person_is_left_out() -> None:
    """What finds is here without it; what excuses is not, as the rule would find more."""
    source = "title{}: ['red(?!dish)', 'blue']\naction: report\n"
    rule = only_rule(source.format(" (regex)"))
    assert rule.fate is Fate.CHANGED
    assert rule.remarks[0].message.startswith("left out: the pattern `red(?!dish)` needs a person")
    excuse = source.replace("title", "body: x\n~title").format(" (regex)")
    assert only_rule(excuse).fate is Fate.BY_HAND


@pytest.mark.parametrize("value", ["gr[ae]y", "h[i1]", "[a4]rt", r"\d+ cars", "cars|bikes", "a.*b"])
def test_a_pattern_without_its_modifier_never_found_anything(value: str) -> None:
    """The source looks for these very letters."""
    rule = only_rule(f"title: ['{value}']\naction: report\n")
    assert rule.fate is Fate.DEAD


@pytest.mark.parametrize("value", ["[oc]", "cars[new]", "(?)", "c++", "w/o", "x.org/?v=1", "a (b)"])
def test_signs_in_words_are_no_patterns(value: str) -> None:
    """Tags, programming languages and addresses are looked for as they are."""
    assert only_rule(f"title: ['{value}']\naction: report\n").fate is Fate.TRANSLATED


def test_signs_for_letters_are_proposed_as_a_spelling() -> None:
    """And written out all the same."""
    rule = only_rule("title (regex): 'f[i1]sh'\naction: report\n")
    (remark,) = rule.remarks
    assert remark.topic is Topic.PROPOSED
    assert re.search("tolerant", remark.message)
