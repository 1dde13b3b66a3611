"""What the policies of trials share: one score, a queue for people, one for the quality sample."""

from typing import Final

SETUP: Final = """\
file: hate
owner: o@example.org
policy: hate
---
field: item.kind
type: choice
choices: [post]
---
field: text
type: text
---
field: score.hate
type: score
---
field: score.novelty
type: score
---
field: decision.tier
type: choice
choices: [none, auto, single, senior]
---
queue: general
tier: single
sla: 24 hours
default: yes
---
queue: qa
tier: single
sla: 5 days
---
reason: hate.attack
title: Attack
policy: hate
---
reason: quality
title: Quality sample
policy: quality
"""
