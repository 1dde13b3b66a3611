"""Small releases for tests of what is stored of them."""

from typing import Final

from queues.policies import releases
from queues.store.session import Store

BY: Final = "cli:test"

_SETUP: Final = """\
field: item.kind
type: choice
choices: [post, comment]
---
field: text
type: text
---
field: score.unkind
type: score
---
queue: general
tier: single
sla: 24 hours
default: yes
---
reason: hate.attack
title: Attack
policy: hate
"""

_RULE: Final = """\
file: hate
owner: hate@example.org
policy: hate
---
rule: unkind
status: live
when: {{ score.unkind: {{ at_least: {threshold} }} }}
then: {{ tier: auto, action: remove, reason: hate.attack }}
tests:
  - {{ given: {{ score.unkind: 1 }}, expect: match }}
---
rule: zorblings
status: live
when: {{ text: {{ has_any: [zorblings] }} }}
then: {{ tier: single, reason: hate.attack }}
"""


def sources(threshold: float = 0.9) -> dict[str, str]:
    """The files of a release that removes what is unkind enough."""
    return {"setup/words.yaml": _SETUP, "hate.yaml": _RULE.format(threshold=threshold)}


def published(store: Store, *, threshold: float = 0.9) -> str:
    """The name of a release that is stored now."""
    return releases.publish(store, sources(threshold), by=BY, message="a test").name


def activated(store: Store, *, threshold: float = 0.9) -> str:
    """The name of a release that is in force now."""
    name = published(store, threshold=threshold)
    releases.activate(store, name, by=BY)
    return name
