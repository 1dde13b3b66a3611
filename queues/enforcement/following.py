"""What follows from a decision that is carried out: strikes, a message, a statement of reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from engine.item import Value
from engine.rules.items import ItemReader
from engine.rules.model import Message, Policy
from queues.enforcement.carried import Carried
from queues.messages import Occasion, Rendered, fields_of, render
from queues.reporters import Ruling
from queues.standing import Strike
from queues.statements import Restriction, Statement, Transparency, state_reasons

_MACHINE = "machine"
_PUBLISH = "publish"
_APPEAL = "appeal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """Works out what follows under one policy."""

    policy: Policy
    wording: Transparency
    reader: ItemReader

    def milder(self, carried: Carried) -> bool:
        """Whether a decision takes something of the one before it back."""
        before = carried.action_before
        return before is not None and self._strictness(carried.action) < self._strictness(before)

    def strikes(self, carried: Carried) -> list[Strike]:
        """Strikes for the author.

        The machine gives those of its verdict. People give those of the rules they confirm: whose
        reason they name for an action that is not `publish`.
        """
        if carried.author_id is None or carried.action == _PUBLISH:
            return []
        found: Mapping[str, int] = (
            carried.trace.get("strikes", {})  # none where it only holds an item back
            if carried.made_by == _MACHINE
            else self._confirmed(carried)
        )
        return [
            Strike(
                decision_id=carried.id,
                item_id=carried.item_id,
                author_id=carried.author_id,
                policy=policy,
                strikes=strikes,
            )
            for policy, strikes in sorted(found.items())
        ]

    def message(self, carried: Carried, fields: Mapping[str, Value], link: str) -> Rendered | None:
        """The message of the verdict to the author; its name is in the trace.

        The machine sends it with what it does. People send it with the reason it belongs to:
        they name the reason also where they keep an item, and then help comes without harm.
        It is not sent twice, and not as the answer to an appeal, which has its own event.
        """
        message = self.policy.messages.get(carried.trace.get("message") or "")
        if message is None or message.to != "author" or carried.erased:
            return None
        if not self._is_sent(message, carried):
            return None
        reason = self.policy.vocabulary.reasons.get(next(iter(carried.reasons), ""))
        occasion = Occasion(
            fields=fields,
            match=self._match(message, carried, fields),
            reason=None if reason is None else reason.title,
            appeal=link,
        )
        return render(message, carried.language, occasion, self.policy.vocabulary.fields)

    def statement(self, carried: Carried, fields: Mapping[str, Value]) -> Statement | None:
        """The statement of reasons, where something is restricted that was not before."""
        if not carried.changes:
            return None
        by_people = carried.made_by != _MACHINE
        images = fields.get("image.count")
        restriction = Restriction(
            decision_id=carried.id,
            action=carried.action,
            reasons=carried.reasons,
            policy=carried.policy,
            made_by=carried.made_by,
            after_machine=by_people and self._restricted_by_machine(carried),
            reported=carried.cause == "reports",
            rules=tuple(rule["name"] for rule in carried.rules),
            override=None if by_people else carried.override,
            kind=carried.kind,
            has_images=isinstance(images, int | float) and images > 0,
            language=carried.language,
            written=_written(carried, fields),
            applied=carried.at.astimezone(UTC).date(),
        )
        return state_reasons(restriction, self.policy, self.wording)

    def ruling(self, carried: Carried) -> Ruling:
        """What reports of the item are held against, and whoever made them is told."""
        return Ruling(
            item_id=carried.item_id,
            sender_id=carried.sender_id,
            author_id=carried.author_id,
            language=carried.language,
            decision_id=carried.id,
            action=carried.action,
            reasons=carried.reasons,
            made_by=carried.made_by,
            tier=carried.tier,
            at=carried.decided_at,
            fields=self.fields_of(carried),
            message=self._to_reporters(carried),
        )

    def fields_of(self, carried: Carried) -> Mapping[str, Value]:
        """The item as rules saw it, as far as the vocabulary of today can read it."""
        always = {"item.kind": carried.kind, "item.id": carried.sender_id}
        return fields_of(self.reader, {} if carried.erased else carried.input, always)

    def _restricted_by_machine(self, carried: Carried) -> bool:
        before = carried.action_before
        by_machine = carried.made_by_before == _MACHINE
        return by_machine and before is not None and self.wording.restricts(before).anything

    def _strictness(self, action: str) -> float:
        known = self.policy.vocabulary.actions.get(action)
        return 0.0 if known is None else known.strictness

    def _confirmed(self, carried: Carried) -> dict[str, int]:
        found: dict[str, int] = {}
        for hit in carried.rules:
            rule = self.policy.rules.get(hit["name"])
            if rule is not None and rule.then.strikes and rule.then.reason in carried.reasons:
                found[rule.policy] = max(found.get(rule.policy, 0), rule.then.strikes)
        return found

    def _to_reporters(self, carried: Carried) -> Message | None:
        """The message of the verdict, where it is for those who reported and its reason holds."""
        message = self.policy.messages.get(carried.trace.get("message") or "")
        if message is None or message.to != "reporter":
            return None
        by_machine = carried.made_by == _MACHINE
        fits = by_machine or not self._reasons_of(message, carried).isdisjoint(carried.reasons)
        return message if fits else None

    def _is_sent(self, message: Message, carried: Carried) -> bool:
        if carried.made_by == _MACHINE:
            return carried.changes
        if carried.purpose == _APPEAL or carried.message_before == message.name:
            return False
        return not self._reasons_of(message, carried).isdisjoint(carried.reasons)

    def _reasons_of(self, message: Message, carried: Carried) -> set[str]:
        """Reasons of the rules that took part and have this message."""
        rules = [self.policy.rules.get(hit["name"]) for hit in carried.rules]
        return {
            rule.then.reason
            for rule in rules
            if rule is not None and rule.then.message == message.name
        }

    def _match(self, message: Message, carried: Carried, fields: Mapping[str, Value]) -> str | None:
        """The first piece of a text that a rule with this message found, as written."""
        for hit in carried.rules:
            rule = self.policy.rules.get(hit["name"])
            if rule is None or rule.then.message != message.name:
                continue
            for evidence in hit["evidence"]:
                text = fields.get(evidence["field"])
                if evidence.get("spans") and isinstance(text, str):
                    start, end = evidence["spans"][0]
                    return text[start:end]
        return None


def _written(carried: Carried, fields: Mapping[str, Value]) -> date:
    created = fields.get("item.created_at")
    if isinstance(created, int | float):
        return datetime.fromtimestamp(created, UTC).date()
    return carried.received_at.astimezone(UTC).date()
