"""Small policies written as files, of which tests change a few words."""

from collections.abc import Iterable
from typing import Final

from engine.diffing import Difference, compare
from engine.diffing.difference import RuleDifference, SharedDifference
from engine.rules.model import Policy
from engine.rules.reading import read_policy

SETUP: Final = """\
field: item.kind
type: choice
choices: [post, comment]
---
field: item.market
type: text id
---
field: text
type: text
---
field: score.hate
type: score
---
field: score.spam
type: score
---
field: text.quoted_share
type: share
---
field: author.id
type: text id
---
field: author.age
type: duration
---
field: links.domain
type: set of domains
---
queue: general
tier: single
sla: 24 hours
default: yes
---
queue: panel
tier: senior
sla: 8 hours
panel: { reviewers: 3, decide: majority }
---
reason: hate.attack
title: Attack
policy: hate
---
reason: drugs.sale
title: Sale
policy: drugs
"""

RULES: Final = """\
file: rules
owner: o@example.org
policy: hate
settings: { sure: 0.97 }
---
list: drug-names
of: words
entries: [xanax, percocet, oxy]
---
list: press
of: ids
entries: [u-1, u-2]
---
condition: young-account
author.age: { below: 2 days }
---
counter: posts
per: author.id
within: 1 hour
---
points: signs
add:
  - { points: 2, because: a link, when: { links.domain: [shop.example] } }
  - { points: 3, because: a name, when: { text: { has_any_in: [drug-names] } } }
---
message: removed
to: author
text: { en: We removed it., de: Wir haben es entfernt. }
---
exempt: reporters
owner: o@example.org
because: They quote.
covers: [hate-remove]
when: { author.id: { is_any_in: [press] } }
ends: 2027-12-31
---
rule: hate-remove
title: Remove attacks
status: live
severity: high
for: [post]
when:
  score.hate: { at_least: $sure }
unless:
  text.quoted_share: { at_least: 50% }
then: { tier: auto, action: remove, reason: hate.attack, message: removed }
tests:
  - given: { score.hate: 0.99, text.quoted_share: 0% }
    expect: match
---
rule: hate-review
status: live
when:
  all:
    - score.hate: { at_least: 0.8, below: $sure }
    - meets: young-account
then: { tier: single, reason: hate.attack }
---
rule: drug-sale
policy: drugs
status: live
when:
  text: { has_any_in: [drug-names] }
  counter.posts: { above: 2 }
then: { tier: single, while_waiting: hide, reason: drugs.sale }
---
rule: spam-signs
policy: drugs
status: live
when:
  points.signs: { at_least: 4 }
then: { tier: senior, reason: drugs.sale, sla: 12 hours }
---
rule: idea
status: draft
when: { score.spam: { at_least: 0.9 } }
then: { tier: single, reason: drugs.sale }
"""


def made(*changes: tuple[str, str], setup: Iterable[tuple[str, str]] = ()) -> Policy:
    """The policy with some words replaced by others, which have to be there."""
    files = {"setup.yaml": _replaced(SETUP, setup), "rules.yaml": _replaced(RULES, changes)}
    policy, mistakes = read_policy(files)
    assert policy is not None, [f"{each.span.line}: {each.message}" for each in mistakes]
    return policy


def difference(*changes: tuple[str, str], setup: Iterable[tuple[str, str]] = ()) -> Difference:
    """What the policy differs in from itself with these changes."""
    return compare(made(), made(*changes, setup=setup))


def rule(found: Difference, name: str) -> RuleDifference:
    """What is said of a rule."""
    (each,) = (each for each in found.rules if each.name == name)
    return each


def shared(found: Difference, name: str) -> SharedDifference:
    """What is said of something rules share."""
    (each,) = (each for each in (*found.shared, *found.vocabulary) if each.name == name)
    return each


def _replaced(text: str, changes: Iterable[tuple[str, str]]) -> str:
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    return text
