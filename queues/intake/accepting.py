"""The way of items that were just sent: read, compared with what is known, judged, written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from engine.item import Item
from engine.overriding import Override
from queues.arms import Judging, by_judge
from queues.errors import Conflict, Unavailable
from queues.ids import new_id
from queues.intake import known
from queues.intake.answers import Accepted, Outcome, Rejected, State, summary_of
from queues.intake.content import content_of
from queues.intake.effects import Subject, act, open_cases
from queues.intake.ordering import Orders
from queues.intake.reading import Sent, read_all
from queues.intake.rows import Rows
from queues.judging import Facts, Judge, Judged
from queues.store.adding import AlreadyThere
from queues.store.ledger import AuditEvent
from queues.store.session import Store

#: Another process may write the same id between the look and the write; once is rare.
_ATTEMPTS: Final = 5

#: What people would look at in each item, by its id.
Contents = Mapping[str, bytes | None]

#: What the service knows of authors, by author: values of fields the sender did not send.
AuthorFacts = Callable[[Connection, Sequence[str]], Mapping[str, Facts]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Takes items in."""

    store: Store
    judging: Judging
    orders: Orders
    author_facts: AuthorFacts
    longest_text: int
    reach: Sequence[str] = ()
    """The fields that tell how many people see an item."""

    def accept(
        self, raws: Sequence[object], *, actor: str, key: str | None = None
    ) -> list[Outcome]:
        """Judge and keep items, all in one transaction.

        Args:
            raws: Items as they were sent: objects as JSON has them.
            actor: Who sends them, for the audit.
            key: Names items that bring no id (`Idempotency-Key`).

        Returns:
            For each item, in order, the verdict in force or why it is not kept.

        Raises:
            Unavailable: the database or a release is missing; nothing was kept.
        """
        arms = self.judging()
        sent = read_all(raws, arms, key=key, longest_text=self.longest_text)
        kept = [each for each in sent if isinstance(each, Sent)]
        # Of an id that is sent twice the first is kept.
        contents = {
            each.item.id: content_of(each.item, each.judge.release.policy.vocabulary)
            for each in reversed(kept)
        }
        for _ in range(_ATTEMPTS):
            try:
                return self._attempt(sent, contents, actor)
            except AlreadyThere:
                continue
        part, reason = "intake", "the same ids are being written by others; try again"
        raise Unavailable(part, reason)

    def _attempt(
        self, sent: Sequence[Sent | Rejected], contents: Contents, actor: str
    ) -> list[Outcome]:
        with self.store.transaction() as connection:
            before = known.look_up(connection, list(contents), list(contents.values()))
            fresh = _fresh(sent, before.known)
            overrides = {name: before.overrides.get(contents[name] or b"") for name in fresh}
            rows = Rows()
            accepted: dict[str, Accepted] = {}
            for judge, its in by_judge((each.judge, each) for each in fresh.values()):
                judged = self._judge(connection, judge, its, before.at, overrides)
                for each, one in zip(its, judged, strict=True):
                    content = contents[each.item.id]
                    accepted[each.item.id] = self._take(rows, judge, each, one, content, actor)
            rows.write(connection)
        return [_outcome(each, before.known, fresh, accepted) for each in sent]

    def _judge(
        self,
        connection: Connection,
        judge: Judge,
        sent: Sequence[Sent],
        now: datetime,
        overrides: Mapping[str, Override | None],
    ) -> list[Judged]:
        authors = {each.author for each in sent} - {None}
        facts = self.author_facts(connection, sorted(filter(None, authors))) if authors else {}
        return judge.judge(
            [each.raw for each in sent],
            [each.item for each in sent],
            [_unsent(facts.get(each.author or "", {}), each.item) for each in sent],
            now,
            overrides=[overrides[each.item.id] for each in sent],
        )

    def _subject(self, judge: Judge, judged: Judged) -> Subject:
        return Subject(
            item_id=new_id(),
            verdict_id=new_id(),
            judged=judged,
            policy=judge.release.policy,
            reach=self.reach,
        )

    def _take(
        self,
        rows: Rows,
        judge: Judge,
        sent: Sent,
        judged: Judged,
        content: bytes | None,
        actor: str,
    ) -> Accepted:
        """The rows of one item."""
        subject = self._subject(judge, judged)
        verdict = judged.verdict
        waits = self.orders.place(rows, subject)
        decision = None if waits else act(rows, subject)
        case = None if waits else open_cases(rows, subject)
        state = _state(waits=waits, reviewed=case is not None)
        write_verdict(rows, subject, judge, cause="received")
        rows.add(
            "items",
            subject.item_id,
            sent.item.id,
            sent.digest,
            judged.item.kind,
            sent.author,
            subject.language,
            state.value,
            verdict.tier.value,
            verdict.action,
            subject.verdict_id,
            decision,
            judged.at if state is State.DECIDED else None,
            content,
        )
        rows.audit.append(_accepted(subject, judge, actor, judged.at))
        return Accepted(
            id=sent.item.id,
            item_id=subject.item_id,
            verdict_id=subject.verdict_id,
            state=state,
            action=verdict.action,
            summary=summary_of(verdict, judged.override),
            release=judge.release.name,
            models=judge.models,
            inclusion_probability=verdict.inclusion_probability,
            case=case,
        )


def write_verdict(rows: Rows, subject: Subject, judge: Judge, *, cause: str) -> None:
    """The row of a verdict, with all it was made from."""
    judged, verdict = subject.judged, subject.judged.verdict
    rows.add(
        "verdicts",
        subject.verdict_id,
        subject.item_id,
        judged.at,
        cause,
        judge.release.name,
        list(judge.models),
        verdict.tier.value,
        verdict.action,
        verdict.inclusion_probability,
        judged.input.decode(),
        judged.trace.decode(),
    )


def _state(*, waits: bool, reviewed: bool) -> State:
    if waits:
        return State.WAITING_FOR_SIGNALS
    return State.IN_REVIEW if reviewed else State.DECIDED


def _fresh(sent: Sequence[Sent | Rejected], before: Mapping[str, known.Known]) -> dict[str, Sent]:
    """Items that are not known yet, each id once."""
    fresh: dict[str, Sent] = {}
    for each in sent:
        if isinstance(each, Sent) and each.item.id not in before:
            fresh.setdefault(each.item.id, each)
    return fresh


def _outcome(
    sent: Sent | Rejected,
    before: Mapping[str, known.Known],
    fresh: Mapping[str, Sent],
    accepted: Mapping[str, Accepted],
) -> Outcome:
    if isinstance(sent, Rejected):
        return sent
    name = sent.item.id
    if name in before:
        found = before[name]
        return found.answer if found.digest == sent.digest else _changed(name)
    return accepted[name] if fresh[name].digest == sent.digest else _changed(name)


def _changed(name: str) -> Rejected:
    why = "it was sent before with other content; an edited item needs an id of its own"
    return Rejected(id=name, problem=Conflict(f"item `{name}`", why))


def _unsent(facts: Facts, item: Item) -> Facts:
    """What the sender did not say itself."""
    return {name: value for name, value in facts.items() if name not in item.fields}


def _accepted(subject: Subject, judge: Judge, actor: str, at: datetime) -> AuditEvent:
    verdict = subject.verdict
    return AuditEvent(
        at=at,
        actor=actor,
        kind="item.accepted",
        item_id=subject.item_id,
        subject=str(subject.verdict_id),
        details={
            "tier": verdict.tier.value,
            "action": verdict.action,
            "release": judge.release.name,
        },
    )
