"""Turns items as they were sent into verdicts, with all that is needed to judge them again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

import orjson
import structlog

from engine.classify.ensemble import Ensemble
from engine.errors import InvalidItem
from engine.item import Item, Value
from engine.overriding import (
    ENGINE_FAILED,
    Override,
    held_off_by,
    overridden,
    override_of,
    override_record,
)
from engine.recording import Recorder, value_record
from engine.rules.context import Context
from engine.rules.items import ItemReader
from engine.rules.release import FAILED, Release
from engine.scoring import Scorer, Signals, scored
from engine.verdict import HitStatus, Verdict
from queues.permitting import PERMISSIONS, Licence, Standing, mapping, withheld_of

Raw = Mapping[str, object]
Facts = Mapping[str, Value]
Json = dict[str, object]

_log = structlog.get_logger(__name__)

#: Parts of a record that stand in columns of their own.
_ELSEWHERE: Final = ("id", "signals", "release", "model", "inclusion_probability")
#: Whose hits decide.
_DECIDING: Final = (HitStatus.LIVE, HitStatus.MISSING, HitStatus.UNCERTIFIED)
_BYTES: Final = orjson.OPT_SORT_KEYS
#: Nothing is withheld.
_NONE: Final[Mapping[str, str]] = {}


class Counters(Protocol):
    """Knows how often things happened, for all processes together."""

    def observe_many(
        self, items: Sequence[Item], moments: Sequence[float]
    ) -> Sequence[Mapping[str, Value]]:
        """Count items; the values of `counter.*` for each, or none where they are not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An item with its verdict, and both as they are stored."""

    item: Item
    verdict: Verdict
    at: datetime
    input: bytes
    """JSON: `raw` as sent, `facts` that the service added, `signals` of classifiers, and the
    `override` of its content where there is one."""
    trace: bytes
    """JSON: the verdict with its rules and their evidence."""
    override: Override | None = None
    """What decided in place of the rules."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one item gets."""

    verdict: Verdict
    trace: bytes
    override: Override | None = None
    """What decided, unless it was held off."""


class Judge:
    """One release with its classifiers and counters, ready for items."""

    def __init__(
        self,
        release: Release,
        ensemble: Ensemble | None = None,
        counters: Counters | None = None,
        *,
        strict: bool = False,
        licence: Licence | None = None,
    ) -> None:
        """Prepare for items.

        Args:
            release: The rules.
            ensemble: The classifiers; none: only what senders score themselves.
            counters: Velocity counters; none: they are unknown unless an item brings them.
            strict: Refuse items with fields that the vocabulary does not have.
            licence: Which rules may act by themselves; none: all of them.
        """
        self.release = release
        self.reader = ItemReader(release.policy.vocabulary, strict=strict)
        self.models = () if ensemble is None else _versions(ensemble)
        self._scorer = None if ensemble is None else Scorer(ensemble)
        self._counters = counters
        self._licence = licence
        self._recorder = Recorder(release=release, models=self.models, with_text=False)

    def judge(
        self,
        raws: Sequence[Raw],
        items: Sequence[Item],
        facts: Sequence[Facts],
        at: datetime,
        *,
        overrides: Sequence[Override | None] = (),
        count: bool = True,
    ) -> list[Judged]:
        """Judge items at a moment: score, count, evaluate.

        Args:
            raws: The items as they were sent.
            items: The same, read by `reader`.
            facts: What the service knows about each beside; it beats what was sent.
            at: The moment, to the microsecond.
            overrides: Of the content of each, if any; none at all: of no item.
            count: Whether counters are asked; an item judged again was counted before.
        """
        known = [_with(item, added) for item, added in zip(items, facts, strict=True)]
        signals = self.score(known)
        full = list(map(scored, known, signals))
        counts = self._counts(full, at.timestamp()) if count else [{}] * len(full)
        full = [_beneath(item, counted) for item, counted in zip(full, counts, strict=True)]
        standing = None if self._licence is None else self._licence.at(at)
        standings = [None if standing is None else standing.of(item) for item in full]
        given = overrides or (None,) * len(full)
        withheld = [_NONE if each is None else each.withheld for each in standings]
        found = self._evaluate(full, at, given, withheld)
        return [
            Judged(
                item=item,
                verdict=answer.verdict,
                at=at,
                input=_input(
                    raw,
                    {**counted, **added},
                    scores,
                    override,
                    self._permissions(item, answer.verdict, its),
                ),
                trace=answer.trace,
                override=answer.override,
            )
            for raw, item, answer, counted, added, scores, override, its in zip(
                raws, full, found, counts, facts, signals, given, standings, strict=True
            )
        ]

    def judge_stored(
        self,
        raws: Sequence[Raw],
        facts: Sequence[Facts],
        at: datetime,
        overrides: Sequence[Override | None] = (),
    ) -> list[Judged]:
        """Judge items that were accepted before, with all the facts; nothing is counted.

        What this release cannot read any more is for a person to look at.
        """
        items = [self._read(raw) for raw in raws]
        readable = [place for place, item in enumerate(items) if item is not None]
        judged = iter(
            self.judge(
                [raws[place] for place in readable],
                [item for item in items if item is not None],
                [facts[place] for place in readable],
                at,
                overrides=[overrides[place] for place in readable] if overrides else (),
                count=False,
            )
        )
        return [
            self._failed(raw, added, at) if item is None else next(judged)
            for raw, item, added in zip(raws, items, facts, strict=True)
        ]

    def judge_again(self, stored: Mapping[str, object], at: datetime) -> tuple[Signals, bytes]:
        """What a stored input gets: the signals of the classifiers, and the trace.

        Raises:
            InvalidItem: the vocabulary of this release cannot read the item.
        """
        raw, facts = mapping(stored["raw"]), typed_facts(mapping(stored["facts"]))
        item = _with(self.reader.read(raw), facts)
        signals = self.score([item])[0]
        item = scored(item, signals)
        override = stored.get("override")
        given = None if override is None else override_of(mapping(override))
        (answer,) = self._evaluate([item], at, [given], [withheld_of(stored)])
        return signals, answer.trace

    def verdict_on(self, stored: Mapping[str, object], at: datetime) -> Verdict:
        """The verdict of this release on a stored input, with the values that it had then.

        Nothing is scored or counted again.

        Raises:
            InvalidItem: the vocabulary of this release cannot read the item.
        """
        raw, facts = mapping(stored["raw"]), typed_facts(mapping(stored["facts"]))
        signals: Signals = stored["signals"]  # type: ignore[assignment]  # in the form in which `_input` writes
        item = scored(_with(self.reader.read(raw), facts), signals)
        override = stored.get("override")
        given = None if override is None else override_of(mapping(override))
        (answer,) = self._evaluate([item], at, [given], [withheld_of(stored)])
        return answer.verdict

    def _evaluate(
        self,
        items: Sequence[Item],
        at: datetime,
        overrides: Sequence[Override | None],
        withheld: Sequence[Mapping[str, str]],
    ) -> Iterator[_Answer]:
        """The verdicts, each with its trace."""
        found = self._verdicts(items, at, withheld)
        for item, override, (judged, context) in zip(items, overrides, found, strict=True):
            verdict = self._degraded(item, judged)
            if override is None:
                yield _Answer(verdict, self._trace(item, verdict, context))
            else:
                yield self._overridden(item, verdict, context, at, override)

    def _verdicts(
        self, items: Sequence[Item], at: datetime, withheld: Sequence[Mapping[str, str]]
    ) -> list[tuple[Verdict, Context]]:
        """What rules say; items with the same rules withheld are looked at together."""
        groups: dict[int, list[int]] = {}
        for place, each in enumerate(withheld):
            groups.setdefault(id(each), []).append(place)
        found: dict[int, tuple[Verdict, Context]] = {}
        for places in groups.values():
            judged = self.release.evaluate_with_contexts(
                [items[place] for place in places],
                now=at.timestamp(),
                withheld=withheld[places[0]],
            )
            found.update(zip(places, judged, strict=True))
        return [found[place] for place in range(len(items))]

    def _overridden(
        self, item: Item, verdict: Verdict, context: Context, at: datetime, given: Override
    ) -> _Answer:
        """What an override makes of a verdict, or that something holds it off."""
        held_off = held_off_by(verdict, given, self.release.policy)
        if self._is_unscored(item):
            held_off = ENGINE_FAILED
        if held_off is None:
            verdict = self.release.with_samples(
                overridden(verdict, given), item, context, now=at.timestamp()
            )
        told = override_record(given) | {"held_off_by": held_off}
        trace = self._trace(item, verdict, context, told)
        return _Answer(verdict, trace, given if held_off is None else None)

    def _read(self, raw: Raw) -> Item | None:
        try:
            return self.reader.read(raw)
        except InvalidItem as problem:
            _log.warning("item cannot be read by this release", problem=problem.field)
            return None

    def _failed(self, raw: Raw, facts: Facts, at: datetime) -> Judged:
        item = Item(str(raw["id"]), {})
        trace = self._trace(item, FAILED, Context({}))
        return Judged(item=item, verdict=FAILED, at=at, input=_input(raw, facts, {}), trace=trace)

    def score(self, items: Sequence[Item]) -> list[Signals]:
        """The scores of the classifiers for each item."""
        return [{}] * len(items) if self._scorer is None else self._scorer.score(items)

    def _counts(self, items: Sequence[Item], now: float) -> Sequence[Facts]:
        if self._counters is None:
            return [{}] * len(items)
        found = self._counters.observe_many(items, [moment_of(item, now) for item in items])
        return [
            {name: value for name, value in counts.items() if name not in item.fields}
            for item, counts in zip(items, found, strict=True)
        ]

    def _degraded(self, item: Item, verdict: Verdict) -> Verdict:
        """Where a classifier failed, a person looks unless people are asked anyway."""
        if verdict.review is not None or not self._is_unscored(item):
            return verdict
        actions = self.release.policy.vocabulary.actions
        return replace(
            FAILED,
            action=actions[verdict.action].held_as,
            samples=verdict.samples,
            reasons=(*FAILED.reasons, *verdict.reasons),
            labels=verdict.labels,
            notify=verdict.notify,
            hits=verdict.hits,
        )

    def _is_unscored(self, item: Item) -> bool:
        """Whether a classifier has failed on its text."""
        if self._scorer is None or "text" not in item.fields:
            return False
        return not all(name in item.fields for name in self._scorer.signals)

    def _permissions(self, item: Item, verdict: Verdict, standing: Standing | None) -> Json | None:
        """What let rules of the machine act, or kept them from it; None: none has a say."""
        if standing is None:
            return None
        records = standing.records
        rules = {hit.rule: records[hit.rule] for hit in verdict.hits if hit.rule in records}
        if not rules:
            return None
        deciding = [hit for hit in verdict.hits if hit.status in _DECIDING]
        alone = bool(deciding) and all(
            hit.rule in rules and hit.status is not HitStatus.MISSING for hit in deciding
        )
        return {"alone": alone and not self._is_unscored(item), "rules": rules}

    def _trace(
        self,
        item: Item,
        verdict: Verdict,
        context: Context,
        override: Mapping[str, object] | None = None,
    ) -> bytes:
        record = self._recorder.record(item, verdict, {}, context)
        for name in _ELSEWHERE:
            del record[name]
        if override is not None:
            record["override"] = override
        return orjson.dumps(record, option=_BYTES)


def moment_of(item: Item, now: float) -> float:
    """When an item happened, as counters see it: when it was written, if it says so."""
    created = item.fields.get("item.created_at", now)
    # A clock that is ahead must not make all that came before it look old.
    return min(created, now) if isinstance(created, float | int) else now


def typed_facts(stored: Mapping[str, object]) -> Facts:
    """Facts as they were before they were stored: lists were sets."""
    return {
        name: frozenset(value) if isinstance(value, list) else value  # type: ignore[misc]  # as stored
        for name, value in stored.items()
    }


def _input(
    raw: Raw,
    facts: Facts,
    signals: Signals,
    override: Override | None = None,
    permissions: Json | None = None,
) -> bytes:
    shown = {name: value_record(value) for name, value in facts.items()}
    written: dict[str, object] = {"raw": raw, "facts": shown, "signals": signals}
    if override is not None:
        written["override"] = override_record(override)
    if permissions is not None:
        written[PERMISSIONS] = permissions
    return orjson.dumps(written)


def _with(item: Item, facts: Facts) -> Item:
    return Item(item.id, {**item.fields, **facts}) if facts else item


def _beneath(item: Item, counts: Facts) -> Item:
    return Item(item.id, {**counts, **item.fields}) if counts else item


def _versions(ensemble: Ensemble) -> tuple[str, ...]:
    return tuple(each.version for each in ensemble.classifiers)
