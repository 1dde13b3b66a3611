"""What tests of the way in share: a small policy, and an intake over a store."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import text

from engine.rules.release import Release
from queues.arms import Arms
from queues.intake import Accepted, Intake, Rejected
from queues.intake.ordering import Orders
from queues.intake.rejudging import Rejudging
from queues.judging import Judge
from queues.reports import Reports
from queues.settings import Signal
from queues.store.session import Store

POLICY = """\
file: rules
owner: o@example.org
policy: hate
---
field: item.kind
type: choice
choices: [post, comment, image]
---
field: item.language
type: text id
---
field: text
type: text
---
field: score.hate
type: score
---
field: score.image
type: score
---
field: author.id
type: text id
---
field: author.strikes
type: count
---
field: reports.count
type: count
missing: 0
---
field: reports.reasons
type: set
missing: none
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
queue: qa
tier: single
sla: 5 days
---
reason: hate.attack
title: Attack
policy: hate
---
reason: spam.flood
title: Flood
policy: spam
---
rule: remove
status: live
severity: high
when: { score.hate: { at_least: 0.9 } }
then: { tier: auto, action: remove, reason: hate.attack, strikes: 2, priority: high }
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
---
rule: reported
status: live
when: { reports.count: { at_least: 2 } }
then: { tier: single, reason: spam.flood, priority: high }
---
rule: much-reported
status: live
when: { reports.count: { at_least: 4 } }
then: { tier: senior, reason: spam.flood }
---
rule: unseen-image
status: live
for: [image]
if_missing: senior
when: { score.image: { at_least: 0.5 } }
then: { tier: auto, action: hide, reason: hate.attack }
tests:
  - { given: { item.kind: image, score.image: 0.6 }, expect: match }
---
rule: sample
status: live
stage: after
sample: 100% of items
when: { score.hate: { at_least: 0.95 } }
then: { tier: single, queue: qa, reason: hate.attack, priority: low }
"""


def judge_of(folder: Path, policy: str = POLICY) -> Judge:
    """Judges by a policy, with no classifier and no counters."""
    file = folder / "all.yaml"
    file.write_text(policy, encoding="utf-8")
    return Judge(Release.load(file))


def intake_over(
    store: Store, judge: Judge, sources: Sequence[Signal] = (), reach: Sequence[str] = ()
) -> Intake:
    """An intake that knows nothing of authors."""
    return Intake(
        store=store,
        judging=lambda: Arms(control=judge),
        orders=Orders(sources),
        author_facts=lambda _connection, _authors: {},
        longest_text=1_000,
        reach=reach,
    )


def reports_over(store: Store, judge: Judge, reach: Sequence[str] = ()) -> Reports:
    """Reports that have items judged again."""
    rejudging = Rejudging(store=store, judging=lambda: Arms(control=judge), reach=reach)
    return Reports(store=store, judging=lambda: Arms(control=judge), rejudging=rejudging)


def accepted(intake: Intake, *raws: object) -> list[Accepted]:
    """Items that must be kept."""
    outcomes = intake.accept(raws, actor="key:test")
    assert not [outcome for outcome in outcomes if isinstance(outcome, Rejected)]
    return [outcome for outcome in outcomes if isinstance(outcome, Accepted)]


def rows(store: Store, query: str, **values: object) -> list[dict[str, Any]]:
    """What a query finds."""
    with store.read() as connection:
        return [dict(row) for row in connection.execute(text(query), values).mappings()]


def counted(store: Store) -> Callable[[str], int]:
    """Counts the rows of a table."""
    return lambda table: int(rows(store, f"SELECT count(*) AS n FROM {table}")[0]["n"])  # noqa: S608
