"""What tests of people's work share: a policy, and all services from intake to enforcement."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text

from engine.verdict import Tier
from queues.casework.appeals import Appeal, Appealed, Appeals
from queues.casework.opening import Opening
from queues.enforcement import Enforcement
from queues.intake import Accepted
from queues.quality.blinding import Blinding
from queues.quality.golds import Golds
from queues.review import Ballot, Claimed, Review, Voted
from queues.sections import Review as ReviewSettings
from queues.settings import Settings
from queues.statements import load_transparency
from queues.store.outbox import Task
from queues.store.session import Store
from tests.architecture.sources import ROOT
from tests.integration.intakes import accepted, intake_over, judge_of, reports_over

POLICY = """\
file: rules
owner: o@example.org
policy: hate
for: [post]
---
field: item.kind
type: choice
choices: [post, appeal]
---
field: item.language
type: text id
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
field: author.prior_removals_90d
type: count
missing: 0
---
field: reports.count
type: count
missing: 0
---
field: appeal.of_tier
type: choice
choices: [auto, single, senior]
present_when: { item.kind: appeal }
---
field: appeal.of_policy
type: text id
present_when: { item.kind: appeal }
---
field: appeal.number
type: count
present_when: { item.kind: appeal }
---
action: lock_thread
stricter_than: label
about: Nobody can answer any more.
---
queue: general
tier: single
sla: 24 hours
default: yes
---
queue: goods
tier: single
sla: 12 hours
---
queue: qa
tier: single
sla: 5 days
---
queue: senior
tier: senior
sla: 8 hours
default: yes
panel: { reviewers: 3, decide: majority }
---
queue: children
tier: senior
sla: 15 minutes
panel: { reviewers: 2, decide: unanimous }
---
queue: wellbeing
tier: senior
sla: 1 hour
panel: { reviewers: 3, decide: two_plus_one }
---
reason: hate.attack
title: Attack on a group
policy: hate
---
reason: hate.slur
title: Slur
policy: hate
---
reason: self_harm.risk
title: A person may be at risk
policy: self-harm
---
reason: appeal
title: Appeal
policy: appeal
---
reason: quality
title: Quality sample
policy: quality
---
message: removed
to: author
text:
  en: 'We removed your {{item.kind}} ({{reason.title}}): "{{match}}". {{appeal.link}}'
  de: 'Entfernt: {{reason.title}}.'
---
message: help
to: author
text:
  en: You are not alone.
---
rule: remove
title: Remove attacks
status: live
severity: high
when: { text: { has_any: [vile] } }
then: { tier: auto, action: remove, reason: hate.attack, message: removed, strikes: 2 }
tests:
  - { given: { text: vile }, expect: match }
---
rule: warn
status: live
when: { text: { has_any: [rude] } }
then: { tier: auto, action: warn, reason: hate.slur }
tests:
  - { given: { text: rude }, expect: match }
---
rule: lock
status: live
when: { text: { has_any: [brawl] } }
then: { tier: auto, action: lock_thread, reason: hate.attack }
tests:
  - { given: { text: brawl }, expect: match }
---
rule: hold
title: Hold slurs back
status: live
when: { text: { has_any: [slur] } }
then: { tier: single, while_waiting: hide, reason: hate.slur, message: removed, strikes: 1 }
---
rule: look
status: live
when: { text: { has_any: [odd] } }
then: { tier: single, reason: hate.slur, strikes: 1 }
---
rule: goods
status: live
when: { text: { has_any: [wares] } }
then: { tier: single, queue: goods, reason: hate.slur }
---
rule: urgent
status: live
when: { text: { has_any: [now] } }
then: { tier: single, queue: goods, reason: hate.slur, priority: urgent }
---
rule: panel
status: live
when: { text: { has_any: [grave] } }
then: { tier: senior, reason: hate.attack }
---
rule: children
status: live
when: { text: { has_any: [child] } }
then: { tier: senior, queue: children, while_waiting: hide, reason: hate.attack }
---
rule: wellbeing
status: live
when: { text: { has_any: [lonely] } }
then: { tier: senior, queue: wellbeing, reason: self_harm.risk, message: help }
---
rule: reported
status: live
when: { reports.count: { at_least: 1 } }
then: { tier: auto, action: hide, reason: hate.attack }
tests:
  - { given: { text: x, reports.count: 1 }, expect: match }
---
rule: sample
policy: quality
status: live
stage: after
sample: 100% of items
when: { text: { has_any: [sampled] } }
then: { tier: single, queue: qa, reason: quality, priority: low }
---
rule: appeal-of-machine
policy: appeal
status: live
for: [appeal]
when: { appeal.of_tier: auto, appeal.number: 1 }
then: { tier: single, reason: appeal, sla: 48 hours }
---
rule: appeal-of-person
policy: appeal
status: live
for: [appeal]
if_missing: senior
when: { appeal.of_tier: { is_any: [single, senior] } }
then: { tier: senior, reason: appeal, sla: 5 days, not_by: first_reviewers }
---
rule: appeal-again
policy: appeal
status: live
severity: high
for: [appeal]
when: { appeal.number: { at_least: 2 } }
then: { tier: senior, queue: children, reason: appeal, not_by: first_reviewers }
"""


class Desk:
    """An installation with everything between an item and what becomes of it."""

    def __init__(self, store: Store, folder: Path, policy: str = POLICY) -> None:
        self.store = store
        self.judge = judge_of(folder, policy)
        self.policy = self.judge.release.policy
        self.settings = Settings()
        self.blinding = Blinding()
        """By chance nothing is hidden, and nothing looked at twice."""

    @cached_property
    def review(self) -> Review:
        """People's work, with leases of ten minutes."""
        return self.review_for(lease=600.0)

    def review_for(self, *, lease: float) -> Review:
        """People's work, with leases of so many seconds."""
        return self.review_with(lease=lease)

    def review_with(self, **settings: Any) -> Review:  # noqa: ANN401 - as the settings
        """People's work; votes count at once, if nothing else is said."""
        given = ReviewSettings(**{"grace": 0, **settings})
        return Review(
            store=self.store, policy=lambda: self.policy, settings=given, blinding=self.blinding
        )

    @cached_property
    def golds(self) -> Golds:
        """Items whose right answer is known."""
        return Golds(store=self.store, policy=lambda: self.policy)

    @cached_property
    def enforcement(self) -> Enforcement:
        """Carries out decisions in the words of the shipped configuration."""
        return Enforcement(
            store=self.store,
            policy=lambda: self.policy,
            settings=self.settings,
            wording=load_transparency(ROOT / "config" / "transparency.toml"),
        )

    @cached_property
    def appeals(self) -> Appeals:
        """Takes appeals."""
        return Appeals(
            store=self.store,
            release=lambda: self.judge.release,
            window=self.settings.appeals.window,
        )

    def send(self, *texts: str, **fields: object) -> list[Accepted]:
        """Items of one author, accepted; none a duplicate of another."""
        known = self.rows("SELECT count(*) AS n FROM items")[0]["n"]
        raws = [
            {
                "id": f"i{known + number}",
                "text": f"{each} {known + number}",
                "author": {"id": "ann"},
                **fields,
            }
            for number, each in enumerate(texts)
        ]
        return accepted(intake_over(self.store, self.judge), *raws)

    def report(self, item: str) -> None:
        """A user reports an item."""
        from queues.reports import Report  # noqa: PLC0415

        reports_over(self.store, self.judge).report([Report(item=item, reporter="u")], actor="k")

    def work(self) -> None:
        """Do what waits in the outbox, until nothing does."""
        opening = Opening(store=self.store, policy=lambda: self.policy, ageing=14_400.0)
        doing = {
            Task.ENFORCE: self.enforcement.enforce,
            Task.OPEN: opening.open_cases,
            Task.CONVENE: opening.convene,
            Task.TALLY: self.review.tally,
            Task.DECIDE_TWINS: self.review.decide_twins,
        }
        while waiting := self.rows("SELECT DISTINCT task FROM outbox"):
            for row in waiting:
                task = Task(row["task"])
                doing[task](self.messages(task))

    def messages(self, task: Task) -> list[int]:
        """Rows of the outbox of a task."""
        found = self.rows("SELECT id FROM outbox WHERE task = :task ORDER BY id", task=task.value)
        return [row["id"] for row in found]

    def next(self, reviewer: str, tier: Tier = Tier.SINGLE) -> Claimed:
        """The next case of a reviewer, who must get one."""
        (claimed,) = self.review.claim(reviewer, tier)
        return claimed

    def says(self, reviewer: str, action: str, *reasons: str, tier: Tier = Tier.SINGLE) -> Voted:
        """A reviewer takes the next case and votes on it."""
        case = self.next(reviewer, tier)
        ballot = Ballot(case_id=case.id, reviewer=reviewer, action=action, reasons=reasons)
        return self.review.vote(ballot)

    def panel_says(self, votes: dict[str, str], *reasons: str) -> None:
        """Each of a panel takes the next case and votes, and what follows is done."""
        for reviewer, action in votes.items():
            self.says(reviewer, action, *reasons, tier=Tier.SENIOR)
        self.work()

    def appeal(self, item: str, by: str = "ann") -> Appealed:
        """An appeal is taken, and its case opened."""
        taken = self.appeals.appeal(Appeal(item=item, by=by, statement="Please."), actor="key:k")
        self.work()
        return taken

    def rows(self, question: str, **given: object) -> Sequence[Any]:
        """What the database answers."""
        with self.store.read() as connection:
            return connection.execute(text(question), given).mappings().all()

    def item(self, name: str) -> Any:  # noqa: ANN401 - a row
        """How an item stands."""
        return self.rows("SELECT * FROM items WHERE sender_id = :name", name=name)[0]

    def events(self, kind: str, item: UUID | None = None) -> list[Any]:
        """What was told of one kind, in order."""
        found = self.rows(
            "SELECT payload FROM events WHERE kind = :kind"
            " AND (CAST(:item AS uuid) IS NULL OR item_id = :item) ORDER BY id",
            kind=kind,
            item=item,
        )
        return [row["payload"] for row in found]

    def strikes(self) -> dict[str, dict[str, int]]:
        """Strikes in force."""
        from queues.standing import strikes_of  # noqa: PLC0415

        with self.store.read() as connection:
            return strikes_of(connection, ["ann"])
