"""Writes what was decided about an item as an object that can become a line of JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from engine.item import Item, Value
from engine.rules.context import Context
from engine.rules.explaining import Evidence
from engine.rules.release import Release
from engine.verdict import Hit, HitStatus, Review, Verdict

Json = dict[str, object]

#: Verdicts of which the record is kept, but for what differs between items.
MOST_FRAMES: Final = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorder:
    """Writes verdicts of one release."""

    release: Release
    models: Sequence[str]
    with_text: bool
    """Whether the matched pieces of texts are written too, and not only where they stand."""
    _frames: dict[int, tuple[Verdict, Json]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def record(
        self,
        item: Item,
        verdict: Verdict,
        signals: Mapping[str, float],
        context: Context | None = None,
    ) -> Json:
        """Everything a sender needs to act, and to see why; a context of the item saves time.

        What lies inside the record may be shared with other records.
        """
        context = context or Context(item.fields)
        record = self._frame(verdict).copy()
        record["id"] = item.id
        record["rules"] = [self._rule(item, hit, context) for hit in verdict.hits]
        record["signals"] = signals
        return record

    def _frame(self, verdict: Verdict) -> Json:
        """The record of any item with a verdict; a release gives many items the same one."""
        known = self._frames.get(id(verdict))
        if known is None:
            if len(self._frames) >= MOST_FRAMES:
                self._frames.clear()
            # The verdict is kept too, so that no other one can come to have its id.
            known = self._frames[id(verdict)] = (verdict, self._framed(verdict))
        return known[1]

    def _framed(self, verdict: Verdict) -> Json:
        review = verdict.review
        return {
            "id": None,
            "tier": verdict.tier,
            "action": verdict.action,
            "while_waiting": verdict.action if review else None,
            "queue": review.queue if review else None,
            "priority": review.priority if review else None,
            "due_in_seconds": review.due_in if review else None,
            "not_by": review.not_by if review else None,
            "reasons": verdict.reasons,
            "message": verdict.message,
            "labels": verdict.labels,
            "notify": verdict.notify,
            "strikes": dict(verdict.strikes),
            "rules": (),
            "samples": [_sample(sample) for sample in verdict.samples],
            "signals": {},
            "inclusion_probability": verdict.inclusion_probability,
            "release": self.release.name,
            "model": self.models,
        }

    def _rule(self, item: Item, hit: Hit, context: Context) -> Json:
        found: tuple[Evidence, ...] = ()
        if hit.status is not HitStatus.MISSING:
            found = self.release.evidence(item, hit.rule, context)
        evidence = [evidence_record(each, with_text=self.with_text) for each in found]
        return {"name": hit.rule, "status": hit.status, "by": hit.by, "evidence": evidence}


def evidence_record(evidence: Evidence, *, with_text: bool) -> Json:
    """One leaf that speaks for a match; of texts only places, unless their pieces are wanted."""
    record: Json = {"leaf": evidence.leaf, "field": evidence.field}
    if evidence.value is not None:
        record["value"] = value_record(evidence.value)
    if evidence.spans:
        record["spans"] = [(found.start, found.end) for found in evidence.spans]
        if with_text:
            record["matched"] = [found.text for found in evidence.spans]
    return record


def value_record(value: Value) -> object:
    """A value as JSON has it: a set becomes a sorted list."""
    return sorted(value) if isinstance(value, frozenset) else value


def _sample(sample: Review) -> Json:
    return {
        "rule": sample.rule,
        "tier": sample.tier,
        "queue": sample.queue,
        "priority": sample.priority,
        "due_in_seconds": sample.due_in,
        "reason": sample.reason,
    }
