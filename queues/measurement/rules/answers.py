"""What people say of each rule: how often it is right, and how often its decisions are overturned.

Blind first answers come from the sums by hour; appeals are few, and are read one by one.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, text

from engine.quality.proportions import Share, share, weighted_share
from engine.rules.model import Rule
from engine.verdict import HitStatus, Tier
from queues.ids import SKEW, id_floor
from queues.measurement.looks import looks
from queues.measurement.rollups import reading
from queues.measurement.rollups.spans import Span
from queues.measurement.rules.hits import matches_of

#: Appeals of which the rules are read.
MOST_APPEALS: Final = 20_000
_PUBLISH: Final = "publish"
_DECIDING: Final = frozenset({HitStatus.LIVE, HitStatus.UNCERTIFIED, HitStatus.MISSING})
_APPEALS: Final = text("""
SELECT appeals.state = 'overturned' AS lost, CAST(made.trace -> 'rules' AS text) AS rules
FROM (SELECT id, decision_id, state FROM appeals
    WHERE id >= :floor AND id < :ceiling AND state IN ('upheld', 'overturned')
    ORDER BY uuid_hash(id), id LIMIT :most) AS appeals
CROSS JOIN LATERAL (SELECT decisions.verdict_id FROM decisions
    WHERE decisions.id = appeals.decision_id LIMIT 1) AS decision
CROSS JOIN LATERAL (SELECT verdicts.trace FROM verdicts
    WHERE verdicts.id = decision.verdict_id LIMIT 1) AS made
""")


@dataclass(slots=True)
class _Table:
    """Answers by whether they are so, and by their chance."""

    yes: Counter[float] = field(default_factory=Counter)
    no: Counter[float] = field(default_factory=Counter)

    def add(self, row: Row[Any], *, yes: bool) -> None:
        (self.yes if yes else self.no)[row.inclusion] += row.times

    def told(self) -> Share:
        rows = [(True, *each) for each in sorted(self.yes.items())]
        rows += [(False, *each) for each in sorted(self.no.items())]
        return weighted_share(
            [hit for hit, _, _ in rows],
            [1 / inclusion for _, inclusion, _ in rows],
            times=[times for _, _, times in rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What people say of one rule."""

    precision: Share
    """Of what it matches, how often it is right, over all items."""
    overturned_by_samples: Share
    """Of items with it that the machine decided alone, how often the quality sample says
    otherwise."""
    overturned_on_appeal: Share
    """Of appeals against what it took part in deciding and that are answered."""


def answers(connection: Connection, span: Span, rules: Iterable[Rule]) -> dict[str, Answers]:
    """What people say of each of these rules, by name."""
    right: dict[str, _Table] = defaultdict(_Table)
    otherwise: dict[str, _Table] = defaultdict(_Table)
    known = {rule.name: rule for rule in rules}
    for row in reading.flags(connection, span, looks(connection, span).shares):
        if row.kind != "rule" or row.name not in known:
            continue
        right[row.name].add(row, yes=row.found is not lets_stand(known[row.name]))
        if row.sampled:
            otherwise[row.name].add(row, yes=row.acted is not row.found)
    lost, answered = _appeals(connection, span.begin, span.now, known)
    return {
        name: Answers(
            precision=right[name].told(),
            overturned_by_samples=otherwise[name].told(),
            overturned_on_appeal=share(lost[name], answered[name]),
        )
        for name in known
    }


def lets_stand(rule: Rule) -> bool:
    """Whether the rule says that what it matches is fine."""
    return rule.then.tier is Tier.AUTO and rule.then.action == _PUBLISH


def _appeals(
    connection: Connection, begin: datetime, end: datetime, rules: Collection[str]
) -> tuple[Counter[str], Counter[str]]:
    """By rule: appeals that were overturned, and all that are answered."""
    lost, answered = Counter[str](), Counter[str]()
    given = {"floor": id_floor(begin), "ceiling": id_floor(end + SKEW), "most": MOST_APPEALS}
    for row in connection.execute(_APPEALS, given):
        for rule, status in matches_of(row.rules, None).statuses.items():
            if status in _DECIDING and rule in rules:
                answered[rule] += 1
                lost[rule] += row.lost
    return lost, answered
