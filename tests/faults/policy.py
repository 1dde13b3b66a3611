"""The policy of the site: one rule for each tier."""

from pathlib import Path
from typing import Final

POLICY: Final = """\
file: rules
owner: o@example.org
policy: hate
---
field: item.kind
type: choice
choices: [post, comment, appeal]
---
field: text
type: text
---
field: score.hate
type: score
---
field: author.id
type: text id
---
queue: general
tier: single
sla: 24 hours
default: yes
---
queue: senior
tier: senior
sla: 8 hours
default: yes
panel: { reviewers: 3, decide: majority }
---
reason: hate.attack
title: Attack
policy: hate
---
message: removed
to: author
text: { en: Your post was removed. }
---
rule: remove
status: live
severity: high
when: { score.hate: { at_least: 0.9 } }
then: { tier: auto, action: remove, reason: hate.attack, strikes: 1, message: removed }
tests:
  - { given: { score.hate: 0.95 }, expect: match }
---
rule: look
status: live
when: { score.hate: { at_least: 0.5, below: 0.9 } }
then: { tier: single, reason: hate.attack, while_waiting: hide }
---
rule: panel
status: live
when: { text: { has_any: [zorbling] } }
then: { tier: senior, reason: hate.attack, priority: urgent }
"""

#: A policy with a mistake: a field that is not declared.
BAD_POLICY: Final = POLICY.replace("score.hate: { at_least: 0.5", "score.hat: { at_least: 0.5")


def written(folder: Path) -> Path:
    """The policy, in a folder."""
    rules = folder / "rules"
    rules.mkdir()
    (rules / "all.yaml").write_text(POLICY, encoding="utf-8")
    return rules
