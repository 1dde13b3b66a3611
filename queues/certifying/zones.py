"""Zones of a score in which the machine could decide by itself, and where that would cost least.

A suggestion, and no certificate: rules alone are held to certificates. Labels are those of the
quality sample that had one and the same chance; what has another is left out and counted.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, text

from engine.certifying import (
    WAYS,
    Direction,
    Effect,
    Losses,
    Piece,
    Sample,
    Stratum,
    Terms,
    Way,
    Zones,
    candidates,
    choose,
    effect_of,
    pieces,
    progress,
    share_doubt,
    walk,
)
from engine.verdict import Tier
from queues.certifying.keeping import now
from queues.certifying.series import terms_of
from queues.ids import id_floor
from queues.sections import Certifying
from queues.store.session import Store

#: Scores without labels that are looked at, the last that came.
_SCORES: Final = 5_000
_LABELS: Final = 20_000
_ANY: Final = "any"

_UNLABELLED: Final = text("""
SELECT tier, input FROM verdicts WHERE id >= :floor AND cause = 'received'
    AND input -> 'raw' IS NOT NULL
ORDER BY id DESC LIMIT :most
""")
_SAMPLES: Final = text("""
SELECT cases.id, cases.item_id, cases.verdict_id, said.action FROM cases
CROSS JOIN LATERAL (SELECT action FROM votes WHERE votes.case_id = cases.id AND votes.blind
    ORDER BY votes.id LIMIT 1) AS said
WHERE cases.purpose = 'sample' AND cases.state = 'decided' AND cases.id >= :floor
ORDER BY cases.id LIMIT :most
""")
_VERDICTS: Final = text("""
SELECT id, inclusion_probability AS chance, input FROM verdicts
WHERE id = ANY(:ids) AND inclusion_probability > 0
""")
_PUBLISH: Final = "publish"


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """How far a zone of a score is from being one in which the machine may decide."""

    language: str
    """`any` where items do not say."""
    direction: Direction
    doubt: float
    """Its share of the whole doubt."""
    threshold: float | None
    """Where the loosest zone would begin that the labels show to hold the limit."""
    labels: int
    """In that zone, else in the loosest that was tried."""
    errors: int
    missing: int | None
    """Labels, at the errors seen so far; None: out of reach."""
    days: float | None
    """Until then, at the pace of this time; None: out of reach, or nobody labels."""
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What the machine could decide by a score, and what that would come to."""

    score: str
    since: datetime
    scores: int
    """Items that it was told from."""
    left_out: int
    """Labels whose chance was another than that of most."""
    error_limit: float
    zones: tuple[Zone, ...]
    pieces: tuple[Piece, ...]
    """How the score would be divided where it costs least, the machine in its zones alone."""
    suggested: Effect | None
    present: Effect | None
    """The same of how it is now; None: no item has the score."""
    words: str


@dataclass(frozen=True, slots=True)
class _Label:
    item: str
    score: float
    language: str
    breaks: bool
    chance: float


def suggest(
    store: Store, score: str, losses: Losses, given: Certifying, *, days: float
) -> Suggestion:
    """What a score would allow the machine to decide, by what was judged and said lately.

    Args:
        store: Where it all stands.
        score: A field, such as `score.hate`; taken as a calibrated probability where costs are
            weighed.
        losses: What mistakes and reviews cost.
        given: What is asked of certificates.
        days: How far back to look.
    """
    with store.read() as connection:
        since = now(connection) - timedelta(days=days)
        floor = {"floor": id_floor(since)}
        seen = _unlabelled(connection, score, floor)
        labels = _labels(connection, score, floor)
    kept, left_out = _of_one_chance(labels)
    zones = _zones(score, seen, kept, terms_of(given), days)
    shared = Zones(
        allow_up_to=_strictest(zones, Direction.ALLOW),
        remove_from=_strictest(zones, Direction.REMOVE),
    )
    suggested, present = _effects(seen, losses, shared)
    return Suggestion(
        score=score,
        since=since,
        scores=len(seen),
        left_out=left_out,
        error_limit=given.error_limit,
        zones=zones,
        pieces=pieces(losses, shared),
        suggested=suggested,
        present=present,
        words=_words(zones),
    )


def _zones(
    score: str,
    seen: Sequence[tuple[float, str, Tier]],
    labels: Sequence[_Label],
    terms: Terms,
    days: float,
) -> tuple[Zone, ...]:
    """A zone for each language with scores, in each direction; the doubt is shared among all."""
    scores: dict[str, list[float]] = defaultdict(list)
    for value, language, _ in seen:
        scores[language].append(value)
    strata = [
        Stratum(policy=score, language=language, direction=direction)
        for language in sorted(scores)
        for direction in Direction
    ]
    if not strata:
        return ()
    doubts = share_doubt(terms.doubt, strata)
    return tuple(
        _zone(
            stratum,
            scores[stratum.language],
            [each for each in labels if each.language == stratum.language],
            Terms(limit=terms.limit, doubt=doubts[stratum], fewest=terms.fewest),
            days,
        )
        for stratum in strata
    )


def _zone(
    stratum: Stratum, scores: list[float], labels: Sequence[_Label], terms: Terms, days: float
) -> Zone:
    rows = ((each.item, each.score, each.breaks) for each in labels)
    sample = Sample.of(rows, stratum.direction)
    walked = walk(sample, candidates(scores, stratum.direction), stratum.direction, terms)
    found = walked.certified or walked.steps[-1]
    further = progress(found.labels, found.errors, terms, per_day=found.labels / days)
    certified = walked.certified is not None
    return Zone(
        language=stratum.language,
        direction=stratum.direction,
        doubt=terms.doubt,
        threshold=found.threshold if certified else None,
        labels=found.labels,
        errors=found.errors,
        missing=0 if certified else further.missing,
        days=0.0 if certified else further.days,
        why=walked.why,
    )


def _strictest(zones: Sequence[Zone], direction: Direction) -> float | None:
    """The threshold that holds in all languages; None where one has none."""
    found = [zone.threshold for zone in zones if zone.direction is direction]
    known = [each for each in found if each is not None]
    if not known or len(known) < len(found):
        return None
    return max(known) if direction is Direction.REMOVE else min(known)


def _effects(
    seen: Sequence[tuple[float, str, Tier]], losses: Losses, zones: Zones
) -> tuple[Effect | None, Effect | None]:
    """What it comes to if costs decide, and as it is now."""
    if not seen:
        return None, None
    chances = np.array([value for value, _, _ in seen])
    ways = {Tier.NONE: Way.ALLOW, Tier.AUTO: Way.REMOVE, Tier.SINGLE: Way.SINGLE}
    places = [WAYS.index(ways.get(tier, Way.PANEL)) for _, _, tier in seen]
    present = np.array(places, dtype=np.int64)
    suggested = effect_of(chances, choose(chances, losses, zones), losses)
    return suggested, effect_of(chances, present, losses)


def _unlabelled(
    connection: Connection, score: str, floor: Mapping[str, object]
) -> list[tuple[float, str, Tier]]:
    found = []
    for row in connection.execute(_UNLABELLED, {**floor, "most": _SCORES}):
        value = _value(row.input, score)
        if value is not None:
            found.append((value, _language(row.input), Tier(row.tier)))
    return found


def _labels(connection: Connection, score: str, floor: Mapping[str, object]) -> list[_Label]:
    rows = connection.execute(_SAMPLES, {**floor, "most": _LABELS}).all()
    ids = [row.verdict_id for row in rows]
    verdicts = {row.id: row for row in connection.execute(_VERDICTS, {"ids": ids})}
    found: dict[str, _Label] = {}
    for row in rows:
        verdict = verdicts.get(row.verdict_id)
        value = None if verdict is None else _value(verdict.input, score)
        if verdict is None or value is None:
            continue
        label = _Label(
            str(row.item_id),
            value,
            _language(verdict.input),
            row.action != _PUBLISH,
            verdict.chance,
        )
        found.setdefault(label.item, label)
    return list(found.values())


def _of_one_chance(labels: Sequence[_Label]) -> tuple[list[_Label], int]:
    """Those that had the same chance as most, and how many had another."""
    chances = Counter(round(each.chance, 9) for each in labels)
    if not chances:
        return [], 0
    usual = chances.most_common(1)[0][0]
    kept = [each for each in labels if round(each.chance, 9) == usual]
    return kept, len(labels) - len(kept)


def _value(given: Mapping[str, Any], name: str) -> float | None:
    """A score of an item: of the classifier, of the service, or as it was sent."""
    raw = given.get("raw", {})
    facts, signals = given.get("facts", {}), given.get("signals", {})
    group, _, last = name.partition(".")
    nested = raw.get(group)
    inner = nested.get(last) if isinstance(nested, Mapping) else None
    for value in (raw.get(name), inner, facts.get(name), signals.get(name)):
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
            return float(value)
    return None


def _language(given: Mapping[str, Any]) -> str:
    raw = given.get("raw", {})
    nested = raw.get("item")
    inner = nested.get("language") if isinstance(nested, Mapping) else None
    for value in (raw.get("item.language"), raw.get("language"), inner):
        if isinstance(value, str):
            return value.lower()
    return _ANY


def _words(zones: Sequence[Zone]) -> str:
    if not zones:
        return "No item of this time has such a score."
    shown = sum(zone.threshold is not None for zone in zones)
    return (
        f"{shown} of {len(zones)} zones would be certified. This is a suggestion: nothing acts on"
        " it, and who looks at it again and again promises nothing. Write a rule with the threshold"
        " to have it certified."
    )
