"""Tries an item on the rules in force, without consequences: nothing is stored, nothing counted."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from engine.cli.explanations import Explained, as_record, fields_record
from engine.item import Item
from engine.overriding import Override
from engine.recording import Recorder
from queues.judging import Judge
from queues.ports import Clock

Json = dict[str, Any]


def explain(
    judge: Judge,
    raw: Mapping[str, object],
    clock: Clock,
    *,
    every_rule: bool,
    override_of: Callable[[Item], Override | None] = lambda _: None,
) -> Json:
    """The verdict on an item, what its rules saw, and which ones nearly matched.

    Args:
        judge: The release in force.
        raw: The item as it would be sent; counters are unknown unless it brings their values.
        clock: Tells the moment to judge at.
        every_rule: Also tell of rules that have nothing to say.
        override_of: What was decided about the content of an item.

    Raises:
        InvalidItem: it cannot be read.
    """
    given = (
        raw if raw.get("id") is not None or raw.get("item.id") is not None else {**raw, "id": "try"}
    )
    item = judge.reader.read(given)
    override = override_of(item)
    judged = judge.judge([given], [item], [{}], clock.now(), overrides=[override], count=False)[0]
    release = judge.release
    explained = Explained(
        policy=release.policy,
        item=judged.item,
        verdict=judged.verdict,
        reports=release.explain(judged.item),
        now=judged.at.timestamp(),
    )
    recorder = Recorder(release=release, models=judge.models, with_text=True)
    rules = as_record(explained)
    hits = {hit.rule for hit in judged.verdict.hits}
    decision = recorder.record(judged.item, judged.verdict, {})
    if override is not None:
        decision["override"] = orjson.loads(judged.trace)["override"]
    return {
        "fields": fields_record(judged.item),
        "decision": decision,
        "rules": [
            rule for rule in rules if every_rule or rule["name"] in hits or rule["near_miss"]
        ],
    }
