"""Starts the program as a person does, on a small folder of rules."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

RULES = """\
field: item.kind
type: choice
choices: [post, comment, image]
---
field: item.created_at
type: date
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
field: author.followers
type: count
missing: 0
---
queue: general
tier: single
sla: 24 hours
---
queue: senior
tier: senior
sla: 8 hours
---
reason: hate.attack
title: Attack
policy: hate
---
reason: spam.flood
title: Flood
policy: spam
---
counter: posts-by-author
where: { author.followers: { below: 10 } }
per: author.id
within: 1 hour
---
rule: hate-remove
owner: o@example.org
policy: hate
status: live
severity: high
settings: { sure: 0.97 }
when:
  score.hate: { at_least: $sure }
then: { tier: auto, action: remove, reason: hate.attack }
tests:
  - given: { score.hate: 0.97 }
    expect: match
  - name: just below the line
    given: { score.hate: 0.969 }
    expect: no match
---
rule: hate-words
owner: o@example.org
policy: hate
status: live
when:
  text: { has_any: [zorbling] }
then: { tier: single, queue: general, reason: hate.attack, sla: 12 hours, while_waiting: hide }
tests:
  - given: { text: no zorbling here }
    expect: match
---
rule: flood
owner: o@example.org
policy: spam
status: live
when:
  counter.posts-by-author: { at_least: 3 }
  author.followers: { below: 10 }
then: { tier: auto, action: limit, reason: spam.flood }
tests:
  - given: { counter.posts-by-author: 3 }
    expect: match
---
fixture: default
item: { text: hello, score.hate: 0, counter.*: 0 }
---
test: the third post within an hour
events:
  - repeat: 2
    every: 10 minutes
    item: { author.id: u }
  - after: 10 minutes
    item: { author.id: u }
expect: { tier: auto, action: limit, reasons: [spam.flood] }
"""


def rules_in(folder: Path, text: str = RULES) -> Path:
    """A folder of rules, written there."""
    rules = folder / "rules"
    rules.mkdir()
    (rules / "all.yaml").write_text(text, encoding="utf-8")
    return rules


def tierwise(
    *arguments: object, folder: Path, given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run the program in a folder, with these bytes as standard input."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "engine.cli.app", *map(str, arguments)],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "COLUMNS": "100"},
        input=given,
        capture_output=True,
        check=False,
        timeout=120,
    )
