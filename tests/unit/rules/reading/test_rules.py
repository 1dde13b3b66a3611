"""Rule documents become rules."""

from collections.abc import Callable

import pytest

from engine.rules.model import Policy, Portion, Rule, Stage, Status, Then
from engine.verdict import Priority, Severity, Tier

RuleOf = Callable[[str], Rule]
CodesOf = Callable[[str], list[str]]
DAY = 86_400.0
HEAD = "rule: sample\nowner: o\npolicy: p\nstatus: live\n"
WHEN = "when: { score.hate: { at_least: 0.9 } }\n"


def test_what_is_not_said_has_a_default(rule_of: RuleOf) -> None:
    """A rule of few keys is complete."""
    rule = rule_of("")
    assert rule.status is Status.LIVE
    assert rule.severity is Severity.MEDIUM
    assert rule.stage is Stage.ITEM
    assert rule.kinds == rule.markets == rule.languages == rule.not_markets == frozenset()
    assert not rule.protected
    assert rule.then == Then(tier=Tier.SINGLE, reason="hate.attack")
    assert (rule.unless, rule.starts, rule.ends, rule.sample) == (None, None, None, None)


FULL = """title: A title
about: More
severity: critical
for: [post, comment]
markets: NO
languages: [en, en-GB]
unless: { author.verified: yes }
if_missing: senior
starts: 1970-01-02
ends: 1970-01-03
sample: 2.5% of items
rollout: 100% of authors
compare_with: guarded
links: [https://example.org/policy]
then:
  tier: senior
  while_waiting: keep
  queue: panel
  priority: urgent
  sla: 15 minutes
  reason: spam.links
  message: removed
  notify: [oncall, lead]
  label: checked
  strikes: 2
  not_by: first_reviewers
"""


def test_every_key_is_read(rule_of: RuleOf) -> None:
    """What is written arrives in the rule."""
    rule = rule_of(FULL)
    assert (rule.title, rule.about) == ("A title", "More")
    assert rule.severity is Severity.CRITICAL
    assert rule.kinds == {"post", "comment"}
    assert rule.markets == {"NO"}
    assert rule.languages == {"en", "en-GB"}
    assert rule.unless is not None
    assert rule.if_missing is Tier.SENIOR
    assert (rule.starts, rule.ends) == (DAY, 3 * DAY)
    assert rule.sample == Portion(0.025, "items")
    assert rule.rollout == Portion(1.0, "authors")
    assert rule.compare_with == "guarded"
    assert rule.links == ("https://example.org/policy",)


def test_every_key_of_then_is_read(rule_of: RuleOf) -> None:
    """What is written under `then:` arrives in the rule."""
    rule = rule_of(FULL)
    assert rule.then == Then(
        tier=Tier.SENIOR,
        reason="spam.links",
        while_waiting="publish",
        queue="panel",
        priority=Priority.URGENT,
        sla=900.0,
        message="removed",
        notify=("oncall", "lead"),
        labels=("checked",),
        strikes=2,
        not_by="first_reviewers",
    )


@pytest.mark.parametrize(
    ("status", "expected"),
    [("live", ["untested"]), ("draft", ["untested"]), ("retired", [])],
)
def test_machines_act_only_with_tests(codes_of: CodesOf, status: str, expected: list[str]) -> None:
    """A rule that acts without a person is refused without tests; retired ones rest."""
    text = HEAD.replace("live", status) + WHEN
    text += "then: { tier: auto, action: hide, reason: hate.attack }\n"
    assert codes_of(text) == expected


def test_file_defaults_stand_in(codes_of: CodesOf, policy_of: Callable[[str], object]) -> None:
    """Owner and policy of the file hold where the rule says nothing."""
    body = "status: live\n" + WHEN + "then: { tier: single, reason: hate.attack }\n"
    policy_of("file: f\nowner: o\npolicy: p\nfor: [post]\n---\nrule: sample\n" + body)
    assert codes_of("rule: sample\n" + body) == ["missing-key"]


def test_places_of_rules(rule_of: RuleOf) -> None:
    """A rule stands where its first key begins."""
    span = rule_of("").span
    assert (span.file, span.line, span.column) == ("given.yaml", 1, 1)
    assert span.length == len("rule: sample")


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ("stage: after\nsample: 2% of items\nwhen: { decision.tier: auto }\n", None),
        ("when: { decision.tier: auto }\n", "stage"),
        ("protected: yes\nsample: 2% of items\n" + WHEN, "protected"),
        ("outranks: [sample]\n" + WHEN, "circle"),
        ("outranks: [guarded]\n" + WHEN, "protected"),
        ("markets: [NO]\nlanguages: [NO]\n" + WHEN, "language"),
        ("ends: 2026-01-01\nstarts: 2026-01-02\n" + WHEN, "range"),
    ],
)
def test_keys_that_do_not_go_together(codes_of: CodesOf, keys: str, code: str | None) -> None:
    """What contradicts itself is refused, what does not is not."""
    text = HEAD + keys + "then: { tier: single, reason: hate.attack }\n"
    assert codes_of(text) == ([code] if code else [])


def test_exemptions_leave_protected_rules_out(policy_of: Callable[[str], Policy]) -> None:
    """A pattern that also matches a protected rule covers the others."""
    policy = policy_of(
        HEAD.replace("sample", "guarded-less")
        + WHEN
        + "then: { tier: single, reason: hate.attack }\n---\n"
        + "exempt: e\nowner: o\nbecause: b\ncovers: ['guard*']\nwhen: { author.id: u-1 }\n"
    )
    assert policy.exemptions["e"].covers == ("guarded-less",)


def test_a_tier_without_a_queue_is_refused(codes_of: CodesOf) -> None:
    """Where people decide and nobody says in which queue, the rule is refused."""
    extra = "---\nqueue: panel-two\ntier: senior\nsla: 1 hour\n"
    text = HEAD + WHEN + "then: { tier: senior, reason: hate.attack }\n"
    assert codes_of(text) == []
    assert codes_of(text + extra) == ["default-queue", "default-queue"]
    assert codes_of(text + extra + "default: yes\n") == []
