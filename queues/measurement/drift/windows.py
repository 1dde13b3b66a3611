"""What stored verdicts and decisions of a window say, as columns; of many a sample is read."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import orjson
from sqlalchemy import Connection, RowMapping, text

from engine.errors import InvalidItem
from engine.rules.items import ItemReader
from engine.rules.vocabulary import FieldType, Vocabulary
from engine.verdict import HitStatus
from queues.measurement.drift import drawing
from queues.measurement.drift.drawing import Span

#: What nobody found anything in.
FINE: Final = "none"
_PUBLISH: Final = "publish"
_ALONE: Final = ("none", "auto")

_SEEN: Final = drawing.of_drawn(
    """release, models, tier, action, inclusion_probability AS inclusion,
    CAST(input AS text) AS input, CAST(trace -> 'rules' AS text) AS rules,
    trace -> 'override' IS NOT NULL AS overridden""",
    "ORDER BY uuid_hash(id), id",
)
_MATCHED: Final = drawing.of_drawn(
    "release, CAST(trace -> 'rules' AS text) AS rules, count(*) AS times", "GROUP BY 2, 3"
)
# The last word of people on each item. Those of duplicates are one look, and count once. All
# decisions about an item are drawn, or none.
_LABELS: Final = text("""
WITH drawn AS MATERIALIZED (
    SELECT id, case_id FROM decisions
    WHERE id >= :floor AND id < :ceiling AND at >= :since AND at < :until
        AND made_by <> 'machine' AND twin_of IS NULL AND inclusion_probability > 0
    ORDER BY uuid_hash(item_id), item_id, id DESC LIMIT :most
)
SELECT action, policy, inclusion, count(*) AS times FROM (
    SELECT DISTINCT ON (decisions.item_id) decisions.action, decisions.policy,
        decisions.inclusion_probability AS inclusion
    FROM decisions JOIN cases ON cases.id = decisions.case_id
        AND cases.purpose IN ('review', 'sample')
    WHERE decisions.id >= :floor AND decisions.id < :ceiling
        AND decisions.id = ANY(ARRAY(SELECT id FROM drawn))
        AND cases.id = ANY(ARRAY(SELECT case_id FROM drawn))
    ORDER BY decisions.item_id, decisions.id DESC
) AS last GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
""")
# What somebody decided about content is not how well rules and classifiers do, and what people
# decide anyway is nothing that the machine decided. `OFFSET 0`: one by one in the order of the
# draw, until there are enough.
_SAMPLE: Final = text("""
SELECT wrong, inclusion, count(*) AS times FROM (
    SELECT (its.action <> 'publish') <> (votes.action <> 'publish') AS wrong, its.inclusion
    FROM (
        SELECT id, verdict_id, uuid_hash(id) AS place FROM cases
        WHERE id >= :floor AND id < :ceiling AND enqueued_at >= :since AND enqueued_at < :until
            AND purpose = 'sample'
        ORDER BY uuid_hash(id), id OFFSET 0
    ) AS drawn
    CROSS JOIN LATERAL (
        SELECT action, inclusion_probability AS inclusion FROM verdicts
        WHERE verdicts.id = drawn.verdict_id AND tier IN ('none', 'auto')
            AND inclusion_probability > 0 AND trace -> 'override' IS NULL OFFSET 0
    ) AS its
    CROSS JOIN LATERAL (
        SELECT action FROM votes
        WHERE votes.case_id = drawn.id AND round = 1 AND blind ORDER BY votes.id LIMIT 1
    ) AS votes
    ORDER BY place, drawn.id LIMIT :most
) AS answered GROUP BY 1, 2 ORDER BY 1, 2
""")

RulesOf = Callable[[str], frozenset[str]]
"""The rules that a release evaluates, by its name; none where nobody can tell."""

ScoresOf = Callable[[Collection[str]], frozenset[str]]
"""The signals of classifiers, by their versions, that are chances of a label."""


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
    """So many there are, or about so many."""
    whole: bool = True
    """Whether all were counted."""
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
class History:
    """The rules of verdicts of a window."""

    verdicts: int = 0
    """So many there are, or about so many."""
    whole: bool = True
    """Whether all were counted."""
    matched: Counter[Matched] = field(default_factory=Counter, repr=False)
    """Of those that were read, how many had the same."""


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
    share = drawing.share_for(connection, span, most)
    rows = connection.execute(_SEEN[share], span.given(most)).mappings()
    found = Seen(whole=share == 1)
    reader, matches = ItemReader(vocabulary), cache(_matched)
    scores = [name for name, known in vocabulary.fields.items() if known.type is FieldType.SCORE]
    for row in rows:
        found.verdicts = row["found"] * share
        found.matched.append(matches(row["release"], row["rules"]))
        given = orjson.loads(row["input"])
        if "raw" in given:  # else it is erased
            _look(found, _fields(reader, given), scores)
            _expect(found, row, given, scores_of(row["models"]))
    return found


def history(connection: Connection, span: Span, most: int) -> History:
    """The rules of first verdicts on the items of a window; of at most so many of them."""
    share = drawing.share_for(connection, span, most)
    found = History(whole=share == 1)
    for row in connection.execute(_MATCHED[share], span.given(most)):
        found.verdicts = row.found * share
        found.matched[_matched(row.release, row.rules)] += row.times
    return found


def labels(connection: Connection, span: Span, most: int) -> Labels:
    """The last decision of people on each item that they decided in a window."""
    found = Labels()
    for row in connection.execute(_LABELS, span.given(most)):
        label = FINE if row.action == _PUBLISH else row.policy or "other"
        found.labels += [label] * row.times
        found.inclusion += [row.inclusion] * row.times
    return found


def sample(connection: Connection, span: Span, most: int) -> Sample:
    """Whether the machine was right, of the quality sample that was drawn in a window."""
    found = Sample()
    for row in connection.execute(_SAMPLE, span.given(most)):
        found.wrong += [row.wrong] * row.times
        found.inclusion += [row.inclusion] * row.times
    return found


def passes(verdicts: Mapping[Matched, int], rules_of: RulesOf) -> Passes:
    """How often each rule passed, of verdicts by releases that have it.

    Args:
        verdicts: What matched → of how many verdicts.
        rules_of: The rules of releases.
    """
    found = Passes()
    releases: Counter[str] = Counter()
    for each, times in verdicts.items():
        releases[each.release] += times
    known = {release: rules_of(release) for release in releases}
    for release, times in releases.items():
        for name in known[release]:
            found.items[name] += times
    for each, times in verdicts.items():
        for name in known[each.release].intersection(each.passed):
            found.hits[name] += times
        for name in known[each.release].intersection(each.unclear):
            found.items[name] -= times
    return found


def _fields(reader: ItemReader, given: Mapping[str, Any]) -> Mapping[str, object]:
    """The item as rules saw it, as far as the vocabulary of today can read it."""
    try:
        item = reader.read(given["raw"])
    except InvalidItem:
        return dict(given["signals"])
    return {**given["signals"], **item.fields, **given["facts"]}


def _matched(release: str, told: str) -> Matched:
    rules = orjson.loads(told)
    unclear = tuple(rule["name"] for rule in rules if rule["status"] == HitStatus.MISSING)
    passed = tuple(rule["name"] for rule in rules if rule["name"] not in unclear)
    return Matched(release, passed, unclear)


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
