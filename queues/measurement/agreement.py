"""How far people agree: over time, by policy, queue and language, and on what they differ."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any, Final

from sqlalchemy import Row, text

from engine.quality import Limits, Measure, Strength, Tally, agreement, limits, strength
from queues.errors import Refused
from queues.measurement.feigned import simulated_since
from queues.measurement.measures import agreed, enough
from queues.measurement.rollups import reading
from queues.measurement.rollups.spans import span_of
from queues.measurement.series import By
from queues.measurement.summary import beginning
from queues.store.session import Store

#: Of resamples; any will do.
_SEED: Final = 2_011
#: Resamples of each interval: half as many as a figure by itself has, as a page has a hundred.
_RESAMPLES: Final = 1_000
_SINCE: Final = "since"
_USUAL: Final = timedelta(days=30)
_LONGEST: Final[Mapping[By, timedelta]] = {By.HOUR: timedelta(days=31), By.DAY: timedelta(days=732)}
_BUCKETS: Final[Mapping[By, str]] = {By.HOUR: "hour", By.DAY: "date_trunc('day', hour, 'UTC')"}

_NO_LIMITS: Final = Limits(observed=None, alpha=None, fleiss=None, ac1=None)

Way = tuple[Hashable, ...]
"""What was said of one thing, in the order of the alphabet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """How far people agree on some things; the figures stand together."""

    name: str
    """The policy, queue or language; empty: there is none, or it is all of them."""
    items: int
    """On which two or more said something."""
    ratings: int
    prevalence: Mapping[str, float]
    """Action → its share of what was said: where one is rare, κ is small whatever people do."""
    observed: Measure
    """p_a."""
    alpha: Measure
    """Krippendorff's alpha."""
    kappa: Measure
    """Fleiss' κ, for any numbers of votes."""
    ac1: Measure
    """Gwet's AC1."""
    strength: Strength | None
    """The word of Landis and Koch for the lower limit of κ; None: there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedAt:
    """How far people agreed in an hour or a day."""

    at: datetime
    """When it begins; days are those of UTC."""
    told: Agreed


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What two people said of the same thing."""

    policy: str
    first: str
    """Of both actions the one that comes first in the alphabet."""
    second: str
    items: int
    """On which two people said so."""
    pairs: int
    """Of votes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementReport:
    """Agreement of blind first votes: of panels, and of second looks."""

    since: datetime
    until: datetime
    simulated: bool
    """Whether simulated reviewers voted."""
    by: By
    overall: Agreed
    points: tuple[AgreedAt, ...]
    policies: tuple[Agreed, ...]
    """Those on which people differ most often come first; so with queues and languages."""
    queues: tuple[Agreed, ...]
    languages: tuple[Agreed, ...]
    confusion: tuple[Cell, ...]
    """By policy, the most frequent first; on the diagonal people agree."""


@dataclass(slots=True, kw_only=True)
class _Said:
    """What was said of one thing, and of how many, told apart in different ways."""

    at: defaultdict[datetime, Counter[Way]]
    by: Mapping[str, defaultdict[str, Counter[Way]]]


def over_votes(
    store: Store, *, since: datetime | None, by: By = By.DAY, policy: str | None = None
) -> AgreementReport:
    """Agreement since a moment; by default of thirty days.

    Args:
        store: Where it all stands.
        since: What came before does not count.
        by: How long a point is.
        policy: Things brought under this one alone; None: under any.

    Raises:
        Refused: there would be too many points.
    """
    with store.read() as connection:
        now: datetime = connection.execute(text("SELECT now()")).scalar_one()
        begin = _begin(since, now, by)
        span = span_of(connection, begin)
        said = _said(reading.ballots_apart(connection, span, _BUCKETS[by], policy))
        feigned = simulated_since(connection, begin)
    apart = {way: _in_order(found) for way, found in said.by.items()}
    total: Counter[Way] = sum(said.at.values(), Counter())
    return AgreementReport(
        since=begin,
        until=now,
        simulated=feigned,
        by=by,
        overall=_agreed("", total),
        points=tuple(AgreedAt(at=at, told=_agreed("", said.at[at])) for at in sorted(said.at)),
        policies=apart["policy"],
        queues=apart["queue"],
        languages=apart["language"],
        confusion=tuple(_confused(said.by["policy"])),
    )


def _begin(since: datetime | None, now: datetime, by: By) -> datetime:
    begin = beginning(since, now, usual=_USUAL)
    if now - begin > _LONGEST[by]:
        raise Refused(_SINCE, f"is too early: {_LONGEST[by].days} days are told by {by} at most")
    return begin


def _said(rows: Iterable[Row[Any]]) -> _Said:
    found = _Said(at=defaultdict(Counter), by={way: defaultdict(Counter) for way in reading.APART})
    for row in rows:
        said = tuple(row.said)
        if row.way == reading.AT:
            found.at[row.at][said] += row.times
        else:
            found.by[row.way][row.name][said] += row.times
    return found


def _in_order(found: Mapping[str, Counter[Way]]) -> tuple[Agreed, ...]:
    """Those with the most votes that differ come first."""
    told = [_agreed(name, said) for name, said in found.items()]
    return tuple(
        sorted(told, key=lambda each: (-each.items * (1 - (each.observed.value or 1)), each.name))
    )


def _agreed(name: str, said: Counter[Way]) -> Agreed:
    ratings = Tally(said)
    found = agreement(ratings)
    known = enough(found)
    within = limits(ratings, seed=_SEED, resamples=_RESAMPLES) if known else _NO_LIMITS
    return Agreed(
        name=name,
        items=found.items,
        ratings=found.ratings,
        prevalence={str(action): share for action, share in found.prevalence.items()},
        observed=agreed(found.observed, within.observed, found),
        alpha=agreed(found.alpha, within.alpha, found),
        kappa=agreed(found.fleiss, within.fleiss, found),
        ac1=agreed(found.ac1, within.ac1, found),
        strength=strength(within.fleiss),
    )


def _confused(found: Mapping[str, Counter[Way]]) -> Iterator[Cell]:
    items: Counter[tuple[str, str, str]] = Counter()
    pairs: Counter[tuple[str, str, str]] = Counter()
    for policy, said in found.items():
        for way, times in said.items():
            for (first, second), alike in Counter(combinations(sorted(map(str, way)), 2)).items():
                items[policy, first, second] += times
                pairs[policy, first, second] += times * alike
    for key in sorted(items, key=lambda each: (-items[each], each)):
        policy, first, second = key
        yield Cell(policy=policy, first=first, second=second, items=items[key], pairs=pairs[key])
