"""Fields, queues, actions, lists, counters, points and messages become values."""

from collections.abc import Callable

from engine.rules.model import Leaf, Policy
from engine.rules.vocabulary import FieldType, Gold, Panel
from engine.text.entry import Entry, Spelling
from engine.verdict import Tier

PolicyOf = Callable[[str], Policy]
CodesOf = Callable[[str], list[str]]


def test_fields(policy_of: PolicyOf) -> None:
    """Types, defaults and presence are read; counters and points are fields too."""
    fields = policy_of(
        """field: image.tags
type: set of text ids
missing: [none-of, these]
---
field: image.score
type: score
missing: 20%
present_when: { image.tags: tree }
"""
    ).vocabulary.fields
    assert fields["image.tags"].type is FieldType.SET
    assert fields["image.tags"].missing == frozenset({"none-of", "these"})
    assert fields["image.score"].missing == 0.2
    presence = fields["image.score"].present_when
    assert isinstance(presence, Leaf)
    assert (presence.field, presence.constant) == ("image.tags", ("tree",))
    assert fields["counter.link-posts"].type is FieldType.COUNT
    assert fields["points.spam-signs"].type is FieldType.NUMBER
    assert fields["author.verified"].missing is False
    assert fields["links.domain"].missing == frozenset()
    assert fields["score.hate"].missing is None


def test_queues(policy_of: PolicyOf) -> None:
    """Everything a queue says is kept."""
    queues = policy_of(
        """queue: second
tier: senior
sla: 2 hours
default: yes
blind: yes
gold: { from: publishers, one_in: 25, blind: yes }
panel: { reviewers: 3, decide: two_plus_one }
"""
    ).vocabulary.queues
    queue = queues["second"]
    assert (queue.tier, queue.sla, queue.default, queue.blind) == (Tier.SENIOR, 7_200.0, True, True)
    assert queue.gold == Gold(source="publishers", one_in=25, blind=True)
    assert queue.panel == Panel(reviewers=3, decide="two_plus_one")


def test_actions_stand_between_the_built_in_ones(policy_of: PolicyOf) -> None:
    """Declared actions have places of their own in the order of strictness."""
    actions = policy_of(
        """action: slow
stricter_than: limit
---
action: quiet
stricter_than: limit
held_as: limit
---
action: erase
stricter_than: remove
"""
    ).vocabulary.actions
    order = sorted(actions, key=lambda name: actions[name].strictness)
    assert order[-6:] == ["limit", "quiet", "slow", "hide", "remove", "erase"]
    assert len({one.strictness for one in actions.values()}) == len(actions)
    assert actions["quiet"].held_as == "limit"
    assert actions["slow"].held_as == "slow"
    assert actions["erase"].held_as == actions["remove"].held_as == "hide"


def test_lists(policy_of: PolicyOf) -> None:
    """Words bring wildcards, spelling and exceptions; names are plain."""
    lists = policy_of(
        """list: words
of: words
language: en
spelling: tolerant
owner: o
ends: 1970-01-01
entries:
  - zorb*
  - '*quent*'
  - no
  - word: molly
    spelling: plain
    except: [good golly miss molly]
---
list: outside
of: hashes
from: bank
"""
    ).lists
    words = lists["words"]
    assert words.entries == (
        Entry(text="zorb", spelling=Spelling.TOLERANT, open_right=True),
        Entry(text="quent", spelling=Spelling.TOLERANT, open_left=True, open_right=True),
        Entry(text="no", spelling=Spelling.TOLERANT),
        Entry(text="molly", exceptions=(Entry(text="good golly miss molly"),)),
    )
    assert (words.language, words.owner, words.ends) == ("en", "o", 86_400.0)
    assert lists["outside"].source == "bank"
    assert lists["outside"].names == frozenset()
    assert lists["trusted-domains"].names == {"example.org"}


def test_counters_and_points(policy_of: PolicyOf) -> None:
    """What is computed says from what."""
    policy = policy_of(
        """counter: authors
counts: [post]
per: links.domain
distinct: author.id
within: 30 minutes
---
points: signs
title: Signs
add:
  - { points: -1.5, because: verified, when: { author.verified: yes } }
"""
    )
    counter = policy.counters["authors"]
    assert (counter.per, counter.distinct, counter.within) == ("links.domain", "author.id", 1_800.0)
    assert counter.kinds == {"post"}
    assert counter.where is None
    (line,) = policy.points["signs"].lines
    assert (line.points, line.because) == (-1.5, "verified")


def test_messages(policy_of: PolicyOf) -> None:
    """Texts stay as written, and placeholders lose their spaces."""
    message = policy_of(
        """message: told
to: author
text:
  en: |
    Your {{ item.kind }} ({{match}}).
  de: 'Nein: {weg}'
"""
    ).messages["told"]
    assert (message.to, message.outcome) == ("author", None)
    assert message.text == {"en": "Your {{item.kind}} ({{match}}).\n", "de": "Nein: {weg}"}


def test_answers(policy_of: PolicyOf) -> None:
    """A message may answer an appeal or a report by itself; reporters see the item alone."""
    message = policy_of(
        """message: thanks
to: reporter
outcome: not_acted
text:
  en: We left the {{item.kind}} up ({{reason.title}}).
"""
    ).messages["thanks"]
    assert (message.to, message.outcome) == ("reporter", "not_acted")


def test_where_no_vocabulary_is_given_this_is_said_once() -> None:
    """A rule file alone is told once that the vocabulary is not there."""
    from engine.rules.reading import read_policy  # noqa: PLC0415 - without the setup

    text = "rule: a\nowner: o\npolicy: p\nstatus: live\nwhen: { score.a: 1, score.b: 1 }\n"
    text += "then: { tier: single, reason: r, queue: q }\n"
    _, found = read_policy({"a.yaml": text})
    assert [one.code for one in found] == ["unknown-field", "unknown-reason", "unknown-queue"]
