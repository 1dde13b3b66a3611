"""Scores of items as they came, and what people said of those of the quality sample."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, text

from engine.certifying import Way
from engine.verdict import Tier

#: Scores without labels that are looked at, the last that came.
_SCORES: Final = 5_000
_LABELS: Final = 20_000
_ANY: Final = "any"

_UNLABELLED: Final = text("""
SELECT tier, action, input FROM verdicts WHERE id >= :floor AND cause = 'received'
    AND input -> 'raw' IS NOT NULL
    AND (CAST(:model AS text) IS NULL OR :model = ANY(models))
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
SELECT id, inclusion_probability AS chance, input,
    cause = 'received' AND (CAST(:model AS text) IS NULL OR :model = ANY(models)) AS unseen
FROM verdicts
WHERE id = ANY(:ids) AND inclusion_probability > 0
""")
_PUBLISH: Final = "publish"


@dataclass(frozen=True, slots=True)
class Label:
    """What people said of a scored item."""

    item: str
    score: float
    language: str
    breaks: bool
    chance: float
    unseen: bool
    """By the model that gave the score."""


def seen(
    connection: Connection, score: str, given: Mapping[str, object]
) -> list[tuple[float, str, Way]]:
    """Score, language and what became of each of the last items that have the score.

    Args:
        connection: To ask on.
        score: A field.
        given: `floor`, the smallest id, and `model`, whose scores count; None: those of any.
    """
    found = []
    for row in connection.execute(_UNLABELLED, {**given, "most": _SCORES}):
        value = _value(row.input, score)
        if value is not None:
            found.append((value, _language(row.input), _way(Tier(row.tier), row.action)))
    return found


def _way(tier: Tier, action: str) -> Way:
    """What became of an item: a rule of the machine may let it stand as well as remove it."""
    if tier in {Tier.NONE, Tier.AUTO}:
        return Way.ALLOW if action == _PUBLISH else Way.REMOVE
    return Way.SINGLE if tier is Tier.SINGLE else Way.PANEL


def labels(connection: Connection, score: str, given: Mapping[str, object]) -> list[Label]:
    """What people said of items of the quality sample that have the score; arguments as above."""
    rows = connection.execute(_SAMPLES, {**given, "most": _LABELS}).all()
    asked = {"ids": [row.verdict_id for row in rows], "model": given["model"]}
    verdicts = {row.id: row for row in connection.execute(_VERDICTS, asked)}
    found: dict[str, Label] = {}
    for row in rows:
        verdict = verdicts.get(row.verdict_id)
        value = None if verdict is None else _value(verdict.input, score)
        if verdict is None or value is None:
            continue
        label = Label(
            str(row.item_id),
            value,
            _language(verdict.input),
            row.action != _PUBLISH,
            verdict.chance,
            verdict.unseen,
        )
        found.setdefault(label.item, label)
    return list(found.values())


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
