"""What translated rules find, and what they do not."""

import pytest

from engine.importing.automoderator import Options, import_files
from engine.importing.reports import Fate
from tests.functional.program import RULES
from tests.unit.importing.translating import comment, imported, matches, policy_of, post

TITLE = "title{}: {}\naction: report\n"


@pytest.mark.parametrize(
    ("modifiers", "value", "found", "not_found"),
    [
        ("", "[art]", "Some ART here", "a party"),
        (" (includes)", "[art]", "a PARTY", "a pa rty"),
        (" (starts-with)", "[art]", "Artful", "some art"),
        (" (ends-with)", "[art]", "a start", "art here"),
        (" (full-exact)", "[art]", "ART", "art!"),
        (" (full-text)", "[art]", "...art!", "art here"),
        (" (case-sensitive)", "[Art]", "my Art", "my art"),
        (" (regex)", "['gr[ae]y']", "a gray cat", "gro y"),
        (" (regex)", "['gr[ae]y']", "so grey", "greyish"),
        (" (includes, regex)", "['gr[ae]y']", "greyish", "gry"),
        (" (regex)", "['\\d{3}']", "no 123 here", "no 1234 here"),
        (" (regex)", "['^\\[.+\\]']", "[x] y", "y [x]"),
        (" (regex)", "['\\w+shop']", "workshop", "shop"),
        (" (regex)", "['shop\\w*']", "shopping", "workshop"),
        (" (full-exact, regex)", "['.{1,4}']", "four", "fives"),
        ("", "['[oc]']", "new [OC] here", "new oc here"),
        ("", "['f*sh']", "a f*sh!", "a fish"),
        ("", "['$5']", "for $5 now", "for 5 now"),
    ],
)
def test_methods_find_what_they_say(modifiers: str, value: str, found: str, not_found: str) -> None:
    """Words, parts, starts, ends, wholes, patterns and signs."""
    source = TITLE.format(modifiers, value)
    assert matches(source, post(found)) is True
    assert matches(source, post(not_found)) is False


def test_joined_fields_are_searched_together() -> None:
    """Title and body of posts, and the body of comments."""
    source = "title+body: [secret]\naction: report\n"
    assert matches(source, post("a secret")) is True
    assert matches(source, post("x", "a secret")) is True
    assert matches(source, comment("secret!")) is True
    assert matches(source, post("x", "y")) is False


@pytest.mark.parametrize(
    "check", ["title+body (starts-with): [sell]", "title+body (regex): '^sell'"]
)
def test_a_start_is_that_of_each_field(check: str) -> None:
    """Title and body are one text only where that makes no difference."""
    source = f"{check}\naction: report\n"
    assert matches(source, post("x", "sell this")) is True
    assert matches(source, post("sell", "x")) is True
    assert matches(source, post("I sell", "x")) is False


def test_what_comments_do_not_have_is_not_empty() -> None:
    """A title that is not there is not searched at all."""
    source = "title+body (regex): 'sold|^$'\naction: report\n"
    assert matches(source, post("", "x")) is True
    assert matches(source, comment("x")) is False


def test_a_post_above_is_above_comments_only() -> None:
    """So the rule is for comments, whatever its type."""
    found = imported("parent_submission:\n  title: [weekly]\naction: remove\n")
    assert "for: [comment]\n" in found.files["a.yaml"]


def test_words_in_quotes_are_words() -> None:
    """`no` in quotes is no, and nothing is said about it."""
    found = imported("title: ['no', \"yes\", '010']\naction: report\n")
    assert found.report.rules[0].fate is Fate.TRANSLATED


def test_what_would_not_load_is_taken_out_again() -> None:
    """A character that is folded away leaves nothing to look for; the rule beside it stays."""
    source = 'title: "\\u200d"\naction: report\n---\n# Fine\ntitle: x\naction: report\n'
    found = imported(source)
    first, second = found.report.rules
    assert (first.fate, first.name, second.name) == (Fate.BY_HAND, None, "a/fine")
    assert "its translation does not load" in first.remarks[-1].message
    assert set(policy_of(found).rules) == {"a/fine"}


def test_the_nearest_field_there_is_stands_in() -> None:
    """Title and body together for the title, which is a change of meaning."""
    around = {"rules.yaml": RULES.encode() + b"---\nfield: author.is_staff\ntype: yes/no\n"}
    options = Options(owner="o", ends="2027-04-30", reason="hate.attack")
    source = {"a.yaml": b"title: [x]\naction: report\n"}
    found = import_files(source, options, around)
    (rule,) = found.report.rules
    assert rule.fate is Fate.CHANGED
    assert rule.remarks[0].message == "`text` is title and body together"
    assert "text: { has_any: [x] }" in found.files["a.yaml"]


def test_a_check_that_is_turned_round_excuses() -> None:
    """One of its words in one of its fields is enough."""
    source = "body: [sell]\n~title+flair_text: [fair, gift]\naction: remove\n"
    assert matches(source, post("x", "I sell")) is True
    assert matches(source, post("a fair", "I sell")) is False
    assert matches(source, post("x", "I sell", flair_text="gift")) is False


def test_two_checks_that_are_turned_round_excuse_each_by_itself() -> None:
    """`unless` is their union, not what both have in common."""
    source = "~title: [one]\n~body: [two]\ntype: submission\naction: remove\n"
    assert matches(source, post("x", "y")) is True
    assert matches(source, post("one", "y")) is False
    assert matches(source, post("x", "two")) is False


def test_domains_have_what_is_below_them() -> None:
    """A domain and its sub-domains, of the link alone."""
    source = "domain: [example.org]\naction: remove\n"
    assert matches(source, post("x", domain=["www.example.org"])) is True
    assert matches(source, post("x", domain=["notexample.org"])) is False
    assert matches(source, post("x", "see example.org")) is False


def test_thresholds_are_all_needed_or_one_is_enough() -> None:
    """As `satisfy_any_threshold` says."""
    source = "author:\n  account_age: '< 2 days'\n  comment_karma: '< 5'\naction: filter\n"
    young = {"author": {"account_age": "1 day", "comment_karma": 50}, "text": "x"}
    assert matches(source, young) is False
    any_is_enough = source.replace("author:", "author:\n  satisfy_any_threshold: true")
    assert matches(any_is_enough, young) is True


def test_moderators_are_spared_where_the_source_spares_them() -> None:
    """By rules that remove, unless they say otherwise."""
    source = "title: [x]\naction: remove\n"
    theirs = {**post("x"), "author": {"is_staff": True}}
    assert matches(source, post("x")) is True
    assert matches(source, theirs) is False
    assert matches(source + "moderators_exempt: false\n", theirs) is True
    assert matches("title: [x]\nset_spoiler: true\n", theirs) is True


def test_an_account_that_is_not_known_is_not_new() -> None:
    """Where no age arrives, the rule cannot tell, and does nothing."""
    source = "author:\n  account_age: '< 2 days'\naction: filter\n"
    assert matches(source, post("x")) is None


def test_text_posts_of_the_community_are_told_by_their_form() -> None:
    """`self.name` is the domain of a text post."""
    source = "domain: [self.ourplace]\nbody_shorter_than: 5\naction: remove\n"
    assert matches(source, post("x", "abc", is_text_post=True)) is True
    assert matches(source, post("x", "abcdef", is_text_post=True)) is False
    assert matches(source, post("x", "abc", is_link_post=True)) is False


def test_the_post_above_is_looked_at() -> None:
    """Under `parent_submission`."""
    source = "type: comment\nparent_submission:\n  title: [weekly]\naction: remove\n"
    assert matches(source, {**comment("x"), "parent": {"title": "Weekly talk"}}) is True
    assert matches(source, {**comment("x"), "parent": {"title": "x"}}) is False


def test_quotations_are_left_out_where_they_are_ignored() -> None:
    """The platform sends the body without them."""
    source = "body: [word]\nignore_blockquotes: true\naction: report\n"
    assert matches(source, comment("> word", unquoted_body="")) is False
    assert matches(source, comment("word", unquoted_body="word")) is True


def test_qualities_lie_in_order() -> None:
    """Below moderate are low and lowest."""
    source = "author:\n  contributor_quality: '< moderate'\naction: filter\n"
    for quality, expected in (("lowest", True), ("low", True), ("moderate", False)):
        item = {"author": {"contributor_quality": quality}, "text": "x"}
        assert matches(source, item) is expected
