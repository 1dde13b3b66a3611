"""What stored verdicts and decisions of a window say, as columns; of many a sample is read."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, RowMapping, text

from engine.errors import InvalidItem
from engine.rules.items import ItemReader
from engine.rules.vocabulary import FieldType, Vocabulary
from engine.verdict import HitStatus
from queues.ids import SKEW, id_floor

#: What nobody found anything in.
FINE: Final = "none"
_PUBLISH: Final = "publish"
_ALONE: Final = ("none", "auto")

# Ids tell the day, by clocks that may differ; the moment is Postgres's. The hash draws the same
# ones again and again, whatever order they came in.
_DRAW: Final = text("""
SELECT id, count(*) OVER () AS verdicts FROM verdicts
WHERE id >= :floor AND id < :ceiling AND at >= :since AND at < :until AND cause = 'received'
ORDER BY uuid_hash(id), id LIMIT :most
""")
_READ: Final = text("""
SELECT id, release, models, tier, action, inclusion_probability AS inclusion,
    CAST(input AS text) AS input, CAST(trace -> 'rules' AS text) AS rules,
    trace -> 'override' IS NOT NULL AS overridden
FROM verdicts WHERE id = ANY(:ids) ORDER BY uuid_hash(id), id
""")
# The last word of people on each item. Those of duplicates are one look, and count once.
_LABELS: Final = text("""
SELECT action, policy, inclusion_probability AS inclusion FROM (
    SELECT DISTINCT ON (decisions.item_id) decisions.item_id, decisions.action, decisions.policy,
        decisions.inclusion_probability
    FROM decisions JOIN cases ON cases.id = decisions.case_id
        AND cases.purpose IN ('review', 'sample')
    WHERE decisions.id >= :floor AND decisions.id < :ceiling
        AND decisions.at >= :since AND decisions.at < :until AND made_by <> 'machine'
        AND twin_of IS NULL AND decisions.inclusion_probability > 0
    ORDER BY decisions.item_id, decisions.id DESC
) AS last ORDER BY uuid_hash(item_id), item_id LIMIT :most
""")
# What somebody decided about content is not how well rules and classifiers do, and what people
# decide anyway is nothing that the machine decided.
_SAMPLE: Final = text("""
SELECT (verdicts.action <> 'publish') <> (votes.action <> 'publish') AS wrong,
    verdicts.inclusion_probability AS inclusion
FROM cases JOIN verdicts ON verdicts.id = cases.verdict_id
CROSS JOIN LATERAL (SELECT action FROM votes WHERE votes.case_id = cases.id AND votes.round = 1
    AND votes.blind ORDER BY votes.id LIMIT 1) AS votes
WHERE cases.id >= :floor AND cases.id < :ceiling
    AND cases.enqueued_at >= :since AND cases.enqueued_at < :until AND cases.purpose = 'sample'
    AND verdicts.tier IN ('none', 'auto') AND verdicts.inclusion_probability > 0
    AND trace -> 'override' IS NULL
ORDER BY uuid_hash(cases.id), cases.id LIMIT :most
""")

RulesOf = Callable[[str], frozenset[str]]
"""The rules that a release evaluates, by its name; none where nobody can tell."""

ScoresOf = Callable[[Collection[str]], frozenset[str]]
"""The signals of classifiers, by their versions, that are chances of a label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A time."""

    since: datetime
    until: datetime

    def given(self, most: int) -> dict[str, object]:
        """As statements want it."""
        return {
            "since": self.since,
            "until": self.until,
            "floor": id_floor(self.since - SKEW),
            "ceiling": id_floor(self.until + SKEW),
            "most": most,
        }


@dataclass(frozen=True, slots=True)
class Matched:
    """The rules of one verdict."""

    release: str
    passed: tuple[str, ...]
    unclear: tuple[str, ...]
    """Those that could not tell."""


@dataclass(slots=True, kw_only=True)
class Seen:
    """What verdicts of a window say."""

    verdicts: int = 0
    """So many there are."""
    matched: list[Matched] = field(default_factory=list, repr=False)
    """Of those that were read, in an order that says nothing."""
    scores: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """By field."""
    texts: list[str] = field(default_factory=list, repr=False)
    chances: list[float] = field(default_factory=list)
    """The highest chance that a classifier gave of any label, of items that the machine decided
    alone. How new a text is, which classifiers tell beside it, is no chance of anything."""
    acted: list[bool] = field(default_factory=list)
    """Whether it acted on these."""


@dataclass(slots=True, kw_only=True)
class Labels:
    """What people found."""

    labels: list[str] = field(default_factory=list)
    inclusion: list[float] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Sample:
    """The quality sample."""

    wrong: list[bool] = field(default_factory=list)
    inclusion: list[float] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Passes:
    """How often rules passed."""

    hits: Counter[str] = field(default_factory=Counter)
    items: Counter[str] = field(default_factory=Counter)
    """Of which they could tell."""


def seen(
    connection: Connection, span: Span, vocabulary: Vocabulary, scores_of: ScoresOf, most: int
) -> Seen:
    """What first verdicts on the items of a window say; at most so many of them."""
    drawn = connection.execute(_DRAW, span.given(most)).all()
    found = Seen(verdicts=drawn[0].verdicts if drawn else 0)
    rows = connection.execute(_READ, {"ids": [row.id for row in drawn]}).mappings()
    reader = ItemReader(vocabulary)
    scores = [name for name, known in vocabulary.fields.items() if known.type is FieldType.SCORE]
    for row in rows:
        found.matched.append(_matched(row))
        given = orjson.loads(row["input"])
        if "raw" in given:  # else it is erased
            _look(found, _fields(reader, given), scores)
            _expect(found, row, given, scores_of(row["models"]))
    return found


def labels(connection: Connection, span: Span, most: int) -> Labels:
    """The last decision of people on each item that they decided in a window."""
    found = Labels()
    for row in connection.execute(_LABELS, span.given(most)):
        found.labels.append(FINE if row.action == _PUBLISH else row.policy or "other")
        found.inclusion.append(row.inclusion)
    return found


def sample(connection: Connection, span: Span, most: int) -> Sample:
    """Whether the machine was right, of the quality sample that was drawn in a window."""
    found = Sample()
    for row in connection.execute(_SAMPLE, span.given(most)):
        found.wrong.append(row.wrong)
        found.inclusion.append(row.inclusion)
    return found


def passes(verdicts: Sequence[Matched], rules_of: RulesOf) -> Passes:
    """How often each rule passed, of verdicts by releases that have it."""
    found = Passes()
    releases = Counter(each.release for each in verdicts)
    known = {release: rules_of(release) for release in releases}
    for release, count in releases.items():
        found.items.update(dict.fromkeys(known[release], count))
    for each in verdicts:
        found.hits.update(known[each.release].intersection(each.passed))
        found.items.subtract(known[each.release].intersection(each.unclear))
    return found


def _fields(reader: ItemReader, given: Mapping[str, Any]) -> Mapping[str, object]:
    """The item as rules saw it, as far as the vocabulary of today can read it."""
    try:
        item = reader.read(given["raw"])
    except InvalidItem:
        return dict(given["signals"])
    return {**given["signals"], **item.fields, **given["facts"]}


def _matched(row: RowMapping) -> Matched:
    rules = orjson.loads(row["rules"])
    unclear = tuple(rule["name"] for rule in rules if rule["status"] == HitStatus.MISSING)
    passed = tuple(rule["name"] for rule in rules if rule["name"] not in unclear)
    return Matched(row["release"], passed, unclear)


def _look(
    found: Seen,
    fields: Mapping[str, object],
    scores: Sequence[str],
) -> None:
    for name in scores:
        value = fields.get(name)
        if isinstance(value, int | float) and 0 <= value <= 1:
            found.scores[name].append(value)
    words = fields.get("text")
    if isinstance(words, str) and words:
        found.texts.append(words)


def _expect(found: Seen, row: RowMapping, given: Mapping[str, Any], heads: Collection[str]) -> None:
    """What the machine thought of an item that it decided alone."""
    chances = [value for name, value in given["signals"].items() if name in heads]
    alone = row["tier"] in _ALONE and row["inclusion"] > 0 and not row["overridden"]
    if chances and alone:
        found.chances.append(max(chances))
        found.acted.append(row["action"] != _PUBLISH)
