"""Rules that are brought over load, whatever they say, and mean what they meant."""

from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from engine.diagnostics import Level
from engine.importing.automoderator import Options, import_files
from engine.importing.rendering import as_json, as_markdown, as_text
from engine.importing.reports import Fate
from engine.rules.formatting import format_text
from engine.rules.items import ItemReader
from engine.rules.reading import read_policy
from engine.rules.release import Release
from tests.oracle.automoderator import holds

OPTIONS = Options(owner="mods@example.org", ends="2027-04-30", declares=True)
WORDS = ("red", "blue car", "Green", "c++", "[oc]", "it's", "50%", "$$$", "re", "(x)", "why?")
PATTERNS = (
    "gr[ae]y",
    "blues?",
    r"\bred\b",
    r"re\w*",
    "^red",
    "(car|van)$",
    r"\d{2,}",
    r"\[.+\]",
    "red.*blue",
    r"(red|blue) car[s!]?",
    r"[^a-z]red",
    r"v[i1]ew",
    r"colou?r\s+red",
    r"^[\[(]?oc[\])]?",
    "red|blue|^$",
    ".{3,9}",
)
METHODS = (
    "",
    "includes-word",
    "includes",
    "starts-with",
    "ends-with",
    "full-exact",
    "full-text",
)
FIELDS = ("title", "body", "url", "flair_text", "title+body", "body+url", "title+flair_text")
#: Texts are made of these, so that something is found now and then.
PIECES = (
    *("red", "Red", "reds", "blue car", "blue", "green", "GREEN", "gray", "grey", "car", "van"),
    *("c++", "[oc]", "it's", "50%", "$$$", "(x)", "why?", "view", "v1ew", "12", "color", "colour"),
    *(" ", " ", " ", ", ", "!", ".", "-", "\n"),
)
SAID = st.lists(st.sampled_from(PIECES), max_size=6).map(lambda parts: "".join(parts).strip())


@st.composite
def searches(draw: st.DrawFn, fields: tuple[str, ...] = FIELDS) -> tuple[str, list[str]]:
    """A search check: its key, and what it looks for."""
    regex = draw(st.booleans())
    words = [draw(st.sampled_from(METHODS)), "regex" if regex else ""]
    words += [draw(st.sampled_from(("", "", "", "case-sensitive")))]
    modifiers = ", ".join(word for word in words if word)
    name = draw(st.sampled_from(("", "~"))) + draw(st.sampled_from(fields))
    values = draw(
        st.lists(st.sampled_from(PATTERNS if regex else WORDS), min_size=1, max_size=4, unique=True)
    )
    return f"{name} ({modifiers})" if modifiers else name, values


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    """A rule of checks that are translated without a change of meaning."""
    rule: dict[str, Any] = {"action": "report"}
    kind = draw(st.sampled_from(("any", "any", "comment", "submission")))
    if kind != "any":
        rule["type"] = kind
    rule.update(draw(st.lists(searches(), min_size=1, max_size=3)))
    if draw(st.booleans()):
        rule["author"] = draw(st.sampled_from(AUTHORS))
    if kind == "comment" and draw(st.booleans()):
        rule["parent_submission"] = dict([draw(searches(("title", "flair_text")))])
    if draw(st.booleans()):
        rule["reports"] = draw(st.integers(1, 3))
    return rule


AUTHORS: tuple[dict[str, Any], ...] = (
    {"account_age": "< 2 days"},
    {"account_age": "> 1 week", "comment_karma": "> 5"},
    {"account_age": "< 36 hours", "post_karma": "< 0", "satisfy_any_threshold": True},
    {"is_contributor": False},
    {"flair_text": ["red"], "comment_karma": "= 3"},
)


@st.composite
def facts(draw: st.DrawFn) -> dict[str, Any]:
    """An item: for the oracle with plain values."""
    kind = draw(st.sampled_from(("post", "comment")))
    return {
        "kind": kind,
        "title": draw(SAID) if kind == "post" else "",
        "body": draw(SAID),
        "url": draw(SAID) if kind == "post" else "",
        "flair_text": draw(SAID) if kind == "post" else "",
        "reports": draw(st.integers(0, 3)),
        "account_age": draw(st.sampled_from((0.5, 1.75, 3, 30))),
        "comment_karma": draw(st.integers(-3, 9)),
        "post_karma": draw(st.integers(-3, 9)),
        "is_contributor": draw(st.booleans()),
        "is_moderator": draw(st.sampled_from((False, False, False, True))),
        "author": {"flair_text": draw(st.sampled_from(("red", "", "blue")))},
        "parent": {"title": draw(SAID), "flair_text": draw(SAID)},
    }


def as_raw(known: dict[str, Any]) -> dict[str, Any]:
    """The same item as it would be sent to us."""
    is_post = known["kind"] == "post"
    text = f"{known['title']}\n{known['body']}" if is_post else known["body"]
    raw: dict[str, Any] = {
        "id": "1",
        "text": text,
        "item": {name: known[name] for name in ("kind", "body")},
        "reports": {"count": known["reports"]},
        "author": {
            "account_age": f"{known['account_age'] * 24} hours",
            "comment_karma": known["comment_karma"],
            "post_karma": known["post_karma"],
            "is_contributor": known["is_contributor"],
            "is_staff": known["is_moderator"],
            "flair_text": known["author"]["flair_text"],
        },
    }
    if is_post:
        raw["item"] |= {name: known[name] for name in ("title", "url", "flair_text")}
    else:
        raw["parent"] = known["parent"]
    return raw


@given(rules(), st.lists(facts(), min_size=6, max_size=12))
def test_translations_mean_what_their_rules_meant(
    rule: dict[str, Any], items: list[dict[str, Any]]
) -> None:
    """Where no change of meaning is reported, both say the same of every item."""
    found = import_files({"a.yaml": yaml.safe_dump(rule).encode()}, OPTIONS)
    (report,) = found.report.rules
    if report.fate is not Fate.TRANSLATED or report.name is None:
        return
    policy, _ = read_policy(dict(found.files))
    assert policy is not None
    release = Release.of(policy)
    reader = ItemReader(policy.vocabulary)
    in_scope = policy.rules[report.name].kinds
    for known in items:
        expected = holds(rule, known)
        outcome = release.outcome(report.name, reader.read(as_raw(known)))
        said = known["kind"] in in_scope and outcome is True
        assert said == expected, (rule, known, found.files["a.yaml"])


KEYS = ("title", "body", "~title", "author", "type", "on", "reports", "action", "standard", "x")
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.text(max_size=8),
        st.sampled_from(("remove", "comment", "< 3 days", "(?=x)", "a(b", "[a4]", "self.x", "*a*")),
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from((*KEYS, "name", "set_flair")), inner, max_size=3)
    ),
    max_leaves=6,
)
MODIFIERS = st.sampled_from(("regex", "includes", "full-text", "?"))
MODIFIED = st.builds("{} ({})".format, st.sampled_from(KEYS), MODIFIERS)
ACTIONS = st.sampled_from(({}, {"action": "remove"}, {"action": "approve"}))
ANY_RULE = st.dictionaries(st.one_of(st.sampled_from(KEYS), MODIFIED), VALUES, max_size=5)


@given(st.lists(ANY_RULE, min_size=1, max_size=3), st.text(max_size=12), ACTIONS)
def test_whatever_stands_in_a_file_the_result_loads(
    given_rules: list[dict[str, Any]], noise: str, action: dict[str, str]
) -> None:
    """Nothing fails, what is written lints and keeps its form, and every rule is accounted for."""
    given_rules = [{**rule, **action} for rule in given_rules]
    text = noise + "\n---\n" + "---\n".join(yaml.safe_dump(rule) for rule in given_rules)
    content = text.encode("utf-8", "surrogatepass")
    found = import_files({"a.yaml": content}, OPTIONS)
    again = import_files({"a.yaml": content}, OPTIONS)
    assert found == again
    for show in (as_text, as_json, as_markdown):
        assert show(found.report)
    here = [rule.name for rule in found.report.rules if rule.name is not None]
    if here:
        policy, diagnostics = read_policy(dict(found.files))
        assert not [one for one in diagnostics if one.level is Level.ERROR]
        assert policy is not None
        assert sorted(here) == sorted([*policy.rules, *policy.exemptions])
    for name, written in found.files.items():
        assert not format_text(name, written).changed
