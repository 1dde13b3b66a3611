"""What a rule asks for under `then:`."""

from dataclasses import replace
from typing import NamedTuple

from engine.rules.documents import Node
from engine.rules.model import Then
from engine.rules.reading.expectations import MOST_STRIKES, waiting
from engine.rules.reading.queues import PEOPLE
from engine.rules.reading.reader import Reader
from engine.rules.reading.references import known
from engine.rules.reading.scalars import choice, duration, enum, texts, whole
from engine.rules.reading.shapes import Keys, keys_of, require
from engine.verdict import Priority, Tier

THEN_KEYS = (
    "tier",
    "action",
    "while_waiting",
    "reason",
    "queue",
    "priority",
    "sla",
    "message",
    "notify",
    "label",
    "strikes",
    "not_by",
)
#: What a variant may change: who is told what by when, never who decides or what is done.
VARIANT_KEYS = ("reason", "queue", "priority", "sla", "message", "notify", "label")
#: Who may be kept from a review.
NOT_BY = ("first_reviewers",)

_OF_THE_BASE = dict.fromkeys(
    set(THEN_KEYS) - set(VARIANT_KEYS),
    "a variant changes neither who decides nor what is done; write a rule instead",
)
_TIERS = (Tier.AUTO, *PEOPLE)
_PEOPLE_ONLY = ("queue", "priority", "sla", "not_by")
_ITEM_ONLY = ("action", "while_waiting", "message", "notify", "label", "strikes")


def then(reader: Reader, node: Node | None, *, after: bool) -> Then | None:
    """What a rule asks for; `after`: it looks at a decision, and can only add a review."""
    keys = keys_of(reader, node, THEN_KEYS) if node is not None else None
    if keys is None or node is None:
        return None
    require(reader, keys, ("tier", "reason"), node)
    written = choice(reader, keys.get("tier"), _TIERS)
    tier = Tier(written) if written is not None else None
    _check_keys(reader, keys, tier, node, after=after)
    told = _told(reader, keys, tier)
    asked = Then(
        tier=tier or Tier.SINGLE,
        reason=told.reason or "",
        action=choice(reader, keys.get("action"), reader.names.actions) or "publish",
        while_waiting=waiting(reader, keys.get("while_waiting")) or "publish",
        queue=told.queue,
        priority=told.priority or Priority.NORMAL,
        sla=told.sla,
        message=told.message,
        notify=told.notify,
        labels=told.labels,
        strikes=whole(reader, keys.get("strikes"), 0, MOST_STRIKES) or 0,
        not_by=choice(reader, keys.get("not_by"), NOT_BY),
    )
    return asked if tier is not None else None


def overridden(reader: Reader, node: Node | None, base: Then) -> Then:
    """The `then:` of a variant: that of its base, with the keys it may change."""
    keys = keys_of(reader, node, VARIANT_KEYS, _OF_THE_BASE) if node is not None else None
    if keys is None or node is None:
        return base
    if base.tier is Tier.AUTO:
        _no_effect(reader, keys, _PEOPLE_ONLY, "a rule of tier `auto`")
    told = _told(reader, keys, base.tier)
    return replace(
        base,
        reason=told.reason or base.reason,
        queue=told.queue or base.queue,
        priority=told.priority or base.priority,
        sla=told.sla or base.sla,
        message=told.message or base.message,
        notify=told.notify or base.notify,
        labels=told.labels or base.labels,
    )


class _Told(NamedTuple):
    reason: str | None
    queue: str | None
    priority: Priority | None
    sla: float | None
    message: str | None
    notify: tuple[str, ...]
    labels: tuple[str, ...]


def _told(reader: Reader, keys: Keys, tier: Tier | None) -> _Told:
    queue = known(reader, "queue", keys.get("queue"))
    _check_queue(reader, queue, keys, tier)
    return _Told(
        reason=known(reader, "reason", keys.get("reason")),
        queue=queue,
        priority=enum(reader, keys.get("priority"), Priority),
        sla=duration(reader, keys.get("sla")),
        message=known(reader, "message", keys.get("message")),
        notify=texts(reader, keys.get("notify")),
        labels=texts(reader, keys.get("label")),
    )


def _check_queue(reader: Reader, name: str | None, keys: Keys, tier: Tier | None) -> None:
    queue = reader.names.queues.get(name) if name is not None else None
    node = keys.get("queue")
    if queue is not None and node is not None and tier in PEOPLE and queue.tier != tier:
        fitting = sorted(one.name for one in reader.names.queues.values() if one.tier == tier)
        hint = f"queues of `{tier}`: {', '.join(f'`{one}`' for one in fitting)}"
        message = f"`{queue.name}` is a queue of `{queue.tier}`, and the rule asks for `{tier}`"
        reader.error("queue-tier", message, node, hint if fitting else None)


def _check_keys(reader: Reader, keys: Keys, tier: Tier | None, node: Node, *, after: bool) -> None:
    if after:
        _check_after(reader, keys, tier)
    elif tier is Tier.AUTO:
        if "action" not in keys:
            message = "a rule of tier `auto` says which `action` the machine takes"
            reader.error("missing-key", message, keys.get("tier") or node, "add `action: hide`")
        waits = keys.get("while_waiting")
        if waits is not None:
            message = "`while_waiting` does nothing here: nobody decides later"
            reader.error("tier", message, waits, "did you mean `action`?")
        _no_effect(reader, keys, _PEOPLE_ONLY, "a rule of tier `auto`")
    elif tier in PEOPLE:
        action = keys.get("action")
        if action is not None:
            message = f"`action` does nothing here: the tier `{tier}` decides what is done"
            reader.error("tier", message, action, "did you mean `while_waiting`?")


def _check_after(reader: Reader, keys: Keys, tier: Tier | None) -> None:
    node = keys.get("tier")
    if tier is Tier.AUTO and node is not None:
        message = "a rule with `stage: after` can only add a review"
        reader.error("stage", message, node, "write `tier: single` or `tier: senior`")
    for name in _ITEM_ONLY:
        value = keys.get(name)
        if value is not None:
            message = f"`{name}` does nothing in a rule with `stage: after`"
            reader.error("stage", message, value, "it can only add a review")


def _no_effect(reader: Reader, keys: Keys, names: tuple[str, ...], where: str) -> None:
    for name in names:
        value = keys.get(name)
        if value is not None:
            reader.warn("no-effect", f"`{name}` does nothing in {where}", value, "delete it")
