"""Tests beside rules, fixtures and stories become values."""

from collections.abc import Callable

from engine.rules.model import Event, ExpectedVerdict, Outcome, Policy, Rule
from engine.verdict import Tier

RuleOf = Callable[[str], Rule]
PolicyOf = Callable[[str], Policy]


def test_single_tests(rule_of: RuleOf) -> None:
    """Values are typed by their fields, and `missing` takes one away."""
    rule = rule_of(
        """tests:
  - name: on the line
    given: { score.hate: 90%, text: 'missing', score.spam: missing, links.domain: [A.example] }
    expect: no match
    known_gap: yes
    at: 1970-01-02
  - given: { author.verified: no, author.account_age: 1 day, links.domain: none }
    expect: { tier: none, while_waiting: keep, reasons: [], sla: 1 hour, sampled: no }
"""
    )
    first, second = rule.tests
    assert first.given == {
        "score.hate": 0.9,
        "text": "missing",
        "score.spam": None,
        "links.domain": frozenset({"a.example"}),
    }
    assert (first.name, first.expect, first.known_gap) == ("on the line", Outcome.NO_MATCH, True)
    assert first.at == 86_400.0
    assert second.given == {
        "author.verified": False,
        "author.account_age": 86_400.0,
        "links.domain": frozenset(),
    }
    assert second.expect == ExpectedVerdict(
        tier=Tier.NONE, while_waiting="publish", reasons=(), sla=3_600.0, sampled=False
    )


def test_tables_are_one_test_per_row(rule_of: RuleOf) -> None:
    """Rows share what the table says, and have their own values."""
    rule = rule_of(
        """tests:
  - name: edges
    known_gap: yes
    columns: [score.hate, item.market, expect]
    rows:
      - [0.9, NO, match]
      - [missing, SE, unknown]
"""
    )
    assert [one.name for one in rule.tests] == ["edges [1]", "edges [2]"]
    assert [one.given for one in rule.tests] == [
        {"score.hate": 0.9, "item.market": "NO"},
        {"score.hate": None, "item.market": "SE"},
    ]
    assert [one.expect for one in rule.tests] == [Outcome.MATCH, Outcome.UNKNOWN]
    assert all(one.known_gap for one in rule.tests)
    assert [one.span.line for one in rule.tests] == [10, 11]


def test_names_beat_wildcards(policy_of: PolicyOf) -> None:
    """`score.*` stands for all scores that are not named, before or after it."""
    policy = policy_of(
        "fixture: f\nitem: { score.spam: 0.5, score.*: 0, counter.*: 1, item.language: de }\n"
    )
    assert policy.fixtures["f"] == {
        "score.spam": 0.5,
        "score.hate": 0.0,
        "counter.link-posts": 1.0,
        "item.language": "de",
    }


def test_stories(policy_of: PolicyOf) -> None:
    """Events keep their times."""
    (story,) = policy_of(
        """test: The second one!
fixture: default
events:
  - { repeat: 4, every: 10 minutes, item: { links.count: 1 } }
  - { after: 1 hour, item: { links.count: 2 }, expect: { tier: none } }
expect: { tier: auto, action: hide }
"""
    ).stories
    assert story.name == "The second one!"
    first, second = story.events
    assert first == Event(fields={"links.count": 1.0}, repeat=4, every=600.0, span=first.span)
    assert (second.after, second.expect) == (3_600.0, ExpectedVerdict(tier=Tier.NONE))
    assert story.expect == ExpectedVerdict(tier=Tier.AUTO, action="hide")
