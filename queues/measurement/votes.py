"""Votes one by one, the newest so many: beside others who looked, and beside the machine."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, text

from engine.quality.reviewers import Ballot
from queues.ids import SKEW, id_floor

#: So many votes are read at the most.
MOST: Final = 20_000
_PUBLISH: Final = "publish"

# First votes in rounds that are over. What two people say of an item, one after the other, are two
# cases of it. The third vote of a panel of two and one is asked for because two differ.
_READ: Final = text("""
SELECT votes.reviewer, votes.action, votes.blind, cases.id AS case_id, cases.item_id, cases.tier,
    cases.queue, cases.purpose, cases.escalated_from IS NOT NULL AS passed_on,
    verdicts.action AS machine,
    cases.decide <> 'two_plus_one' OR (SELECT count(*) FROM votes AS before
        WHERE before.case_id = cases.id AND before.round = 1 AND before.id < votes.id) < 2 AS first
FROM (SELECT * FROM votes WHERE id >= :floor AND at >= :since AND round = 1
    ORDER BY id DESC LIMIT :most) AS votes
JOIN cases ON cases.id = votes.case_id
LEFT JOIN verdicts ON verdicts.id = cases.verdict_id
WHERE cases.purpose IN ('review', 'sample', 'overlap')
    AND (cases.round > 1 OR cases.state NOT IN ('waiting', 'open'))
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """How often somebody said what the machine had said: seeing it, or not."""

    alike: int = 0
    votes: int = 0

    def with_one(self, *, alike: bool) -> "Looked":
        """And one vote more."""
        return Looked(alike=self.alike + alike, votes=self.votes + 1)


Beside = tuple[Looked, Looked]
"""Where they saw what the machine said, and where they did not."""


def newest(connection: Connection, since: datetime, most: int = MOST) -> Sequence[Row[Any]]:
    """The newest first votes since a moment.

    Args:
        connection: Within a transaction.
        since: What was said before is left out.
        most: How many are read; what measures one person alone is not among them.
    """
    given = {"floor": id_floor(since - SKEW), "since": since, "most": most}
    return connection.execute(_READ, given).all()


def ballots(rows: Sequence[Row[Any]]) -> list[Ballot]:
    """Blind first votes on what two or more looked at, by how hard it is for a stratum."""
    twice = {row.item_id for row in rows if row.purpose == "overlap"}
    found = [each for row in rows if (each := _ballot(row, twice)) is not None]
    people = Counter(case for case, _ in {(each.case, each.reviewer) for each in found})
    return [each for each in found if people[each.case] > 1]


def _ballot(row: Row[Any], twice: set[object]) -> Ballot | None:
    if not (row.blind and row.first):
        return None
    if row.tier == "senior":
        stratum = "passed on" if row.passed_on else "panel"
        return Ballot(case=row.case_id, reviewer=row.reviewer, label=row.action, stratum=stratum)
    if row.purpose not in {"review", "overlap"} or row.item_id not in twice:
        return None
    return Ballot(case=row.item_id, reviewer=row.reviewer, label=row.action, stratum="second look")


def beside_machine(rows: Sequence[Row[Any]]) -> Mapping[str, Beside]:
    """How often each says what the machine said (act, or let stand), seeing it or not.

    Of reviews by one person alone, and of queues in which some see it and others do not: there
    chance decides who sees it, so that the two can be compared.
    """
    asked = [row for row in rows if row.machine is not None and _by_chance(row)]
    blind: dict[str, set[bool]] = defaultdict(set)
    for row in asked:
        blind[row.queue].add(row.blind)
    found: dict[str, Beside] = {}
    for row, alike in _alike(row for row in asked if len(blind[row.queue]) > 1):
        shown, unseen = found.get(row.reviewer, (Looked(), Looked()))
        if row.blind:
            found[row.reviewer] = shown, unseen.with_one(alike=alike)
        else:
            found[row.reviewer] = shown.with_one(alike=alike), unseen
    return found


def _by_chance(row: Row[Any]) -> bool:
    return bool(row.tier == "single" and row.purpose == "review")


def _alike(rows: Iterator[Row[Any]]) -> Iterator[tuple[Row[Any], bool]]:
    for row in rows:
        yield row, (row.action == _PUBLISH) == (row.machine == _PUBLISH)
