"""A rule's fingerprint changes with whatever its matches depend on, and with nothing else."""

from typing import Final

import pytest

from engine.rules.fingerprints import Fingerprint, Fingerprints
from engine.rules.reading import read_policy

POLICY: Final = """\
file: all
owner: o@example.org
policy: spam
---
field: item.kind
type: choice
choices: [post, comment]
---
field: item.language
type: text id
---
field: text
type: text
---
field: score.spam
type: score
---
field: score.other
type: score
---
field: author.age_days
type: number
missing: 3
---
field: author.id
type: text id
---
reason: spam.offer
title: Offer
policy: spam
---
list: offers
of: words
entries: [cheap, free]
---
list: shops
of: words
entries: [shop]
---
condition: newcomer
author.age_days: { below: 7 }
---
points: signs
add:
  - { points: 2, because: sells, when: { text: { has_any_in: [offers] } } }
---
counter: posts
per: author.id
within: 1 hour
where: { score.other: { above: 0.5 } }
---
rule: offers
title: Offers
status: live
when:
  meets: newcomer
  points.signs: { at_least: 2 }
  counter.posts: { at_least: 3 }
  score.spam: { at_least: 0.8 }
then: { tier: auto, action: hide, reason: spam.offer }
tests:
  - { given: { text: a cheap one, counter.posts: 5, score.spam: 0.9 }, expect: match }
---
rule: stronger
status: live
when: { text: { has_any: [lawful] } }
then: { tier: single, reason: spam.offer }
outranks: [offers]
---
rule: apart
status: live
when: { text: { has_any_in: [shops] } }
then: { tier: single, reason: spam.offer }
---
exempt: charity
because: asked for
ends: 2099-12-31
covers: [offers]
when: { text: { has_any: [charity] } }
"""


def fingerprint(policy: str) -> Fingerprint:
    """Of the rule about offers."""
    read, found = read_policy({"all.yaml": policy})
    assert read is not None, found
    return Fingerprints(read).of("offers")


def test_scores_that_bear_on_it_are_named() -> None:
    """Also those that only a counter asks for."""
    assert fingerprint(POLICY).scores == ("score.other", "score.spam")


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("at_least: 0.8", "at_least: 0.81"),
        ("action: hide", "action: remove"),
        ("below: 7", "below: 8"),
        ("[cheap, free]", "[cheap]"),
        ("points: 2,", "points: 3,"),
        ("within: 1 hour", "within: 2 hours"),
        ("above: 0.5", "above: 0.6"),
        ("missing: 3", "missing: 9"),
        ("[charity] }", "[charities] }"),
        ("[lawful]", "[law]"),
        ("outranks: [offers]", "about: x"),
        ("title: Offers\n", "for: [post]\n"),
        ("title: Offers\n", "languages: [en]\n"),
    ],
)
def test_what_matches_depend_on_changes_it(was: str, now: str) -> None:
    """Wherever in the policy it stands."""
    assert was in POLICY
    assert fingerprint(POLICY.replace(was, now, 1)).digest != fingerprint(POLICY).digest


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("title: Offers\n", "title: Other\nabout: Said.\n"),
        ("title: Offers\n", "title: Offers\nrollout: 10% of items\n"),
        ("title: Offers\n", "title: Offers\nstarts: 2026-01-01\n"),
        ("o@example.org", "p@example.org"),
        ("entries: [shop]", "entries: [shops, malls]"),
        ("because: asked for", "because: of other reasons"),
        ("---\nrule: apart", "---\nlist: more\nof: words\nentries: [x]\n---\nrule: apart"),
    ],
)
def test_nothing_else_does(was: str, now: str) -> None:
    """What is said about it, where it stands, and what other rules look for."""
    assert was in POLICY
    assert fingerprint(POLICY.replace(was, now, 1)) == fingerprint(POLICY)
