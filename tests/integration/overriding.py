"""What tests of overrides share: a policy, and a running API that is sent items and overrides."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx
from sqlalchemy import text

from queues.store.session import Store
from tests.integration.apis import Platform
from tests.integration.intakes import rows

POLICY: Final = """\
file: rules
owner: o@example.org
policy: hate
---
field: item.kind
type: choice
choices: [post, comment]
---
field: text
type: text
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
field: decision.tier
type: choice
choices: [none, auto, single, senior]
---
field: decision.action
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
reason: spam.flood
title: Flood
policy: spam
---
rule: look
status: live
when: { text: { has_any: [zorbling] } }
then: { tier: single, reason: hate.attack, while_waiting: hide, label: seen, strikes: 1 }
---
rule: order
status: live
protected: yes
when: { text: { has_any: [forbidden] } }
then: { tier: senior, reason: hate.attack }
---
rule: unseen
status: live
for: [comment]
if_missing: senior
when: { score.image: { at_least: 0.5 } }
then: { tier: auto, action: hide, reason: hate.attack }
tests:
  - { given: { item.kind: comment, score.image: 0.6 }, expect: match }
---
rule: reported
status: live
when: { reports.count: { at_least: 1 } }
then: { tier: senior, reason: spam.flood }
---
rule: sample
status: live
stage: after
sample: 20% of items
when: { decision.tier: auto }
then: { tier: single, reason: hate.attack, priority: low }
"""
DAY: Final = timedelta(days=1)


@dataclass(slots=True, kw_only=True)
class Site:
    """A running API, for all tests of this module: each has words of its own."""

    platform: Platform
    sent: int = 0

    @property
    def http(self) -> httpx.Client:
        """Calls with a key for everything."""
        return self.platform.http

    @property
    def store(self) -> Store:
        """Its database."""
        return self.platform.store

    def send(self, words: str, **fields: object) -> dict[str, Any]:
        """The answer to one item of its own author."""
        self.sent += 1
        item = {"id": f"i{self.sent}", "kind": "post", "text": words} | fields
        answer = self.http.post("/v1/items", json={"author": {"id": f"a{self.sent}"}} | item)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def add(self, **fields: object) -> httpx.Response:
        """An override for a day."""
        given = {"action": "remove", "reasons": ["spam.flood"], "expires_at": soon(DAY)}
        return self.http.post("/v1/overrides", json=given | fields)

    def added(self, **fields: object) -> dict[str, Any]:
        """The same, which is made."""
        answer = self.add(**fields)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def listed(self, override: str) -> dict[str, Any]:
        """How an override stands."""
        answer = self.http.get("/v1/overrides", params={"ended": True, "limit": 1000})
        (found,) = [each for each in answer.json()["overrides"] if each["id"] == override]
        return dict(found)

    def trace(self, answer: dict[str, Any]) -> dict[str, Any]:
        """The verdict of an item, as the item is read."""
        return dict(self.http.get(f"/v1/items/{answer['id']}").json()["verdict"])

    def audited(self, override: str) -> list[tuple[str, str]]:
        """What happened to an override, and who did it."""
        question = "SELECT kind, actor FROM audit_events WHERE subject = :subject ORDER BY id"
        return [(row["kind"], row["actor"]) for row in rows(self.store, question, subject=override)]

    def change(self, statement: str, **given: object) -> None:
        """Change what is stored."""
        with self.store.transaction() as connection:
            assert connection.execute(text(statement), given).rowcount == 1


def soon(after: timedelta) -> str:
    """A moment from now, as it is written."""
    return (datetime.now(UTC) + after).isoformat()
