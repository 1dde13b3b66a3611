"""Zones of a score in which the machine could decide by itself, and where that would cost least.

A suggestion, and no certificate: rules alone are held to certificates. Labels are those of the
quality sample that had one and the same chance; what has another is left out and counted. So is
what another model scored, or the same one after people had decided: it may have learnt from that.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

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
from queues.certifying import scores
from queues.certifying.keeping import now
from queues.certifying.scores import Label
from queues.certifying.series import terms_of
from queues.ids import id_floor
from queues.sections import Certifying
from queues.store.session import Store


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
    not_of_model: int
    """Labels that another model scored than the one in force, or this one after people had decided:
    left out too."""
    error_limit: float
    zones: tuple[Zone, ...]
    pieces: tuple[Piece, ...]
    """How the score would be divided where it costs least, the machine in its zones alone."""
    suggested: Effect | None
    present: Effect | None
    """The same of how it is now; None: no item has the score."""
    words: str


def suggest(
    store: Store,
    score: str,
    losses: Losses,
    given: Certifying,
    *,
    days: float,
    model: str | None = None,
) -> Suggestion:
    """What a score would allow the machine to decide, by what was judged and said lately.

    Args:
        store: Where it all stands.
        score: A field, such as `score.hate`; taken as a calibrated probability where costs are
            weighed.
        losses: What mistakes and reviews cost.
        given: What is asked of certificates.
        days: How far back to look.
        model: The version of the classifier that fills the field; None: senders do.
    """
    with store.read() as connection:
        since = now(connection) - timedelta(days=days)
        floor = {"floor": id_floor(since), "model": model}
        seen = scores.seen(connection, score, floor)
        found = scores.labels(connection, score, floor)
    labels = [label for label in found if label.unseen]
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
        not_of_model=len(found) - len(labels),
        error_limit=given.error_limit,
        zones=zones,
        pieces=pieces(losses, shared),
        suggested=suggested,
        present=present,
        words=_words(zones),
    )


def _zones(
    score: str,
    seen: Sequence[tuple[float, str, Way]],
    labels: Sequence[Label],
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
    stratum: Stratum, scores: list[float], labels: Sequence[Label], terms: Terms, days: float
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
    seen: Sequence[tuple[float, str, Way]], losses: Losses, zones: Zones
) -> tuple[Effect | None, Effect | None]:
    """What it comes to if costs decide, and as it is now."""
    if not seen:
        return None, None
    chances = np.array([value for value, _, _ in seen])
    places = [WAYS.index(way) for _, _, way in seen]
    present = np.array(places, dtype=np.int64)
    suggested = effect_of(chances, choose(chances, losses, zones), losses)
    return suggested, effect_of(chances, present, losses)


def _of_one_chance(labels: Sequence[Label]) -> tuple[list[Label], int]:
    """Those that had the same chance as most, and how many had another."""
    chances = Counter(round(each.chance, 9) for each in labels)
    if not chances:
        return [], 0
    usual = chances.most_common(1)[0][0]
    kept = [each for each in labels if round(each.chance, 9) == usual]
    return kept, len(labels) - len(kept)


def _words(zones: Sequence[Zone]) -> str:
    if not zones:
        return "No item of this time has such a score."
    shown = sum(zone.threshold is not None for zone in zones)
    return (
        f"{shown} of {len(zones)} zones would be certified. This is a suggestion: nothing acts on"
        " it, and who looks at it again and again promises nothing; a rule is tested later, at"
        " planned numbers of labels. Write a rule with the threshold to have it certified."
    )
