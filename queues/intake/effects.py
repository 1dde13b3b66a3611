"""What a verdict leads to: a decision that acts at once, cases for people, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from engine.gauging import probability_of, reach_of
from engine.rules.model import Policy, Rule
from engine.urgency import Urgency
from engine.verdict import (
    PRIORITY_RANK,
    SEVERITY_RANK,
    HitStatus,
    Priority,
    Review,
    Severity,
    Tier,
    Verdict,
)
from queues.ids import new_id
from queues.intake.answers import OpenCase
from queues.intake.content import content_of
from queues.intake.rows import Rows
from queues.judging import Judged
from queues.store.outbox import PRIORITIES, Task
from queues.store.ranking import STEP

#: The action that changes nothing for anybody.
PUBLISH: Final = "publish"
#: Where what the engine itself asks for belongs.
_ENGINE: Final = "engine"
_AUTOMATED: Final = True
_ACTING: Final = (HitStatus.LIVE, HitStatus.UNCERTIFIED)
_SAMPLE: Final = "sample"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """An item that is being judged."""

    item_id: UUID
    verdict_id: UUID
    judged: Judged
    policy: Policy
    reach: Sequence[str]
    """The fields that tell how many people see it."""

    @property
    def verdict(self) -> Verdict:
        """What was decided about it."""
        return self.judged.verdict

    @property
    def language(self) -> str | None:
        """The language of its text, if it says so."""
        found = self.judged.item.fields.get("item.language")
        return found if isinstance(found, str) else None

    def due(self, review: Review) -> datetime:
        """The deadline of a review."""
        return self.judged.at + timedelta(seconds=review.due_in)

    def urgency(self, review: Review, *, since: datetime | None = None) -> Urgency:
        """What makes a review urgent that waits since a moment, or from now on."""
        item, rule = self.judged.item, self.rule(review.rule)
        sure = None if rule is None else probability_of(item, rule, self.policy.vocabulary)
        return Urgency(
            steps=PRIORITIES[review.priority] // STEP,
            severity=Severity.MEDIUM if rule is None else rule.severity,
            reach=reach_of(item, self.reach),
            probability=sure,
            since=(since or self.judged.at).timestamp(),
            due=self.due(review).timestamp(),
        )

    def rule(self, name: str) -> Rule | None:
        """A rule of the release; None for what the engine asks for by itself."""
        return self.policy.rules.get(name)


def act(rows: Rows, subject: Subject, *, supersedes: UUID | None = None) -> UUID | None:
    """The machine's decision, if the verdict has an action: it is carried out after the commit.

    Of an item that waits for people this is what is in force until they have decided.
    """
    verdict = subject.verdict
    if verdict.tier is Tier.NONE or (verdict.tier is not Tier.AUTO and verdict.action == PUBLISH):
        return None
    decision, override = new_id(), subject.judged.override
    rows.add(
        "decisions",
        decision,
        subject.item_id,
        subject.verdict_id,
        None,
        "machine",
        verdict.tier.value,
        verdict.action,
        list(verdict.reasons),
        _policy(subject),
        verdict.inclusion_probability,
        supersedes,
        None if override is None else override.id,
    )
    rows.add("actions", decision, subject.item_id, verdict.action, _AUTOMATED, "pending")
    rows.send(Task.ENFORCE, decision, PRIORITIES[_urgency(subject)])
    return decision


def open_cases(rows: Rows, subject: Subject) -> OpenCase | None:
    """Cases for people: the review that decides, which is returned, and samples."""
    verdict = subject.verdict
    sampled = {sample.tier: sample for sample in reversed(verdict.samples)}
    for sample in sampled.values():  # one a tier is enough to see whether the machine was right
        open_case(rows, subject, sample, purpose=_SAMPLE)
    if verdict.review is None:
        return None
    return open_case(rows, subject, verdict.review, purpose="review")


def open_case(
    rows: Rows,
    subject: Subject,
    review: Review,
    *,
    purpose: str,
    enqueued_at: datetime | None = None,
    escalated_from: UUID | None = None,
) -> OpenCase:
    """One case, waiting until a worker opens it."""
    rule = subject.rule(review.rule)
    priority = PRIORITIES[review.priority]
    urgency = subject.urgency(review, since=enqueued_at)
    opened = OpenCase(
        id=new_id(),
        tier=review.tier.value,
        queue=review.queue,
        due=subject.due(review),
        urgency=urgency,
    )
    rows.add(
        "cases",
        opened.id,
        subject.item_id,
        subject.verdict_id,
        purpose,
        opened.tier,
        opened.queue,
        _ENGINE if rule is None else rule.policy,
        review.reason,
        review.rule,
        priority,
        urgency.severity.value,
        urgency.reach,
        urgency.probability,
        subject.language,
        review.not_by,
        "waiting",
        enqueued_at or subject.judged.at,
        opened.due,
        escalated_from,
        _policy(subject) if purpose == _SAMPLE else None,
        content_of(subject.judged.item, subject.policy.vocabulary),
    )
    task = Task.CONVENE if review.tier is Tier.SENIOR else Task.OPEN
    rows.send(task, opened.id, priority)
    return opened


def _acting(subject: Subject) -> list[Rule]:
    rules = [subject.rule(hit.rule) for hit in subject.verdict.hits if hit.status in _ACTING]
    return [rule for rule in rules if rule is not None]


def _policy(subject: Subject) -> str | None:
    """The policy of the first reason, by the gravest rule that gives it, or of an override."""
    if subject.judged.override is not None:
        return subject.judged.override.policy
    reason = next(iter(subject.verdict.reasons), None)
    giving = [rule for rule in _acting(subject) if rule.then.reason == reason]
    gravest = max(giving, key=lambda rule: SEVERITY_RANK[rule.severity], default=None)
    return None if gravest is None else gravest.policy


def _urgency(subject: Subject) -> Priority:
    """The highest priority of the rules that act."""
    asked = [rule.then.priority for rule in _acting(subject)]
    return max(asked, key=PRIORITY_RANK.__getitem__, default=Priority.NORMAL)
