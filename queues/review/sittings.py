"""The panels that one person sits on: what is in their hands, waits for others, or is closed.

Nothing is told of how others vote before a round is over. What one person decides to measure looks
like any other panel that waits for its others, until its deadline; then it is gone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.engine import RowMapping

from engine.rules.vocabulary import Queue
from queues.quality.blinding import Blinding, told
from queues.quality.purposes import BY_ONE

#: How many at most, the newest.
_MOST: Final = 200
_UNFINISHED: Final = ("waiting", "open")

_PANELS: Final = text("""
WITH mine AS (
    SELECT case_id FROM holds WHERE reviewer = :reviewer AND lease_until >= now()
    UNION
    SELECT case_id FROM votes
    WHERE reviewer = :reviewer AND at > now() - make_interval(secs => :back)
)
SELECT cases.id, cases.purpose, cases.tier, cases.queue, cases.language, cases.state, cases.round,
    cases.seats, cases.decide, cases.due_at, cases.closed_at, cases.commit_at, cases.decision_id,
    holds.lease_until, own.at AS voted_at, items.action AS action_in_force, now() AS at,
    (SELECT count(*) FROM votes
        WHERE votes.case_id = cases.id AND votes.round = cases.round) AS cast_now
FROM mine JOIN cases ON cases.id = mine.case_id JOIN items ON items.id = cases.item_id
LEFT JOIN holds ON holds.case_id = cases.id AND holds.reviewer = :reviewer
    AND holds.lease_until >= now()
LEFT JOIN votes AS own ON own.case_id = cases.id AND own.reviewer = :reviewer
    AND own.round = cases.round
WHERE cases.tier = 'senior' AND items.state <> 'erased' AND NOT EXISTS (SELECT FROM skips
    WHERE skips.case_id = cases.id AND skips.reviewer = :reviewer)
ORDER BY cases.id DESC LIMIT :most
""")
_BALLOTS: Final = text("""
SELECT votes.case_id, votes.reviewer, votes.round, votes.action, votes.reasons, votes.comment,
    votes.at
FROM votes JOIN cases ON cases.id = votes.case_id
WHERE votes.case_id = ANY(:cases) AND (votes.reviewer = :reviewer OR votes.round < cases.round
    OR cases.state NOT IN ('waiting', 'open'))
ORDER BY votes.round, votes.id
""")
_OUTCOMES: Final = text("SELECT id, action, reasons, at FROM decisions WHERE id = ANY(:ids)")


class Place(StrEnum):
    """Where a panel stands for one of its people."""

    #: They hold it, and are to vote.
    IN_HAND = "in_hand"
    #: The panel did not agree: they are asked to vote once more.
    AGAIN = "again"
    #: They have voted in this round.
    WAITING = "waiting"
    #: It is over.
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """A vote on a panel, as its people may see it."""

    reviewer: str
    round: int
    action: str
    reasons: tuple[str, ...]
    comment: str | None = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a panel decided."""

    action: str
    reasons: tuple[str, ...]
    at: datetime
    dissent: tuple[str, ...]
    """Who voted for another action in the last round, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """A panel that somebody sits on."""

    case_id: UUID
    place: Place
    purpose: str
    """`review` or `appeal`."""
    language: str | None
    round: int
    seats: int
    """How many vote; of `two_plus_one` a third only where two differ."""
    decide: str
    """`majority`, `unanimous` or `two_plus_one`."""
    votes_cast: int
    """In this round."""
    due_at: datetime
    commits_at: datetime | None
    """All votes are in, and count from then on."""
    undo_until: datetime | None
    """Until then their own vote can be taken back."""
    meanwhile: str | None
    """What is done to the item until the panel decides; null while they are to vote blind, as it
    says what the machine thinks."""
    ballots: tuple[Cast, ...]
    """Their own, and those of rounds that are over."""
    outcome: Outcome | None
    """null: there is none yet, or nobody's decision was needed any more."""
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Panel:
    """A row of the question."""

    id: UUID
    purpose: str
    tier: str
    queue: str
    language: str | None
    state: str
    round: int
    seats: int
    decide: str
    due_at: datetime
    closed_at: datetime | None
    commit_at: datetime | None
    decision_id: UUID | None
    lease_until: datetime | None
    voted_at: datetime | None
    """Of their vote in this round."""
    action_in_force: str
    cast_now: int
    at: datetime

    @property
    def is_open(self) -> bool:
        return self.state in _UNFINISHED

    @property
    def place(self) -> Place | None:
        """Where it stands; None: they are told nothing of it any more."""
        if self.is_open and self.lease_until is not None:
            return Place.IN_HAND
        if self.purpose in BY_ONE:
            return Place.WAITING if self.voted_at is not None and self.due_at > self.at else None
        if not self.is_open:
            return Place.CLOSED
        return Place.AGAIN if self.voted_at is None else Place.WAITING


@dataclass(frozen=True, slots=True, kw_only=True)
class Sittings:
    """Tells people of their panels."""

    back: float
    """Seconds; panels on which they voted before that are not told."""
    grace: float
    """Seconds in which a vote can be taken back."""
    blinding: Blinding
    queues: Mapping[str, Queue]
    """Of the policy in force."""

    def of(self, connection: Connection, reviewer: str) -> list[Sitting]:
        """The panels of somebody, the newest first."""
        given = {"reviewer": reviewer, "back": self.back, "most": _MOST}
        rows = connection.execute(_PANELS, given).mappings()
        panels = [panel for row in rows if (panel := _Panel(**row)).place is not None]
        ballots = _ballots(connection, reviewer, [panel.id for panel in panels])
        decided = [
            panel.decision_id
            for panel in panels
            if panel.place is Place.CLOSED and panel.decision_id is not None
        ]
        found = connection.execute(_OUTCOMES, {"ids": decided}).mappings() if decided else ()
        outcomes = {row["id"]: row for row in found}
        return [
            self._sitting(
                panel,
                reviewer,
                ballots[panel.id],
                None if panel.decision_id is None else outcomes.get(panel.decision_id),
            )
            for panel in panels
        ]

    def _sitting(
        self, panel: _Panel, reviewer: str, ballots: Sequence[Cast], outcome: RowMapping | None
    ) -> Sitting:
        place, alone = panel.place, panel.purpose in BY_ONE
        assert place is not None  # noqa: S101 - those without one were left out
        blind = self.blinding.hides(panel, reviewer, self.queues)
        own = self.queues.get(panel.queue) if alone else None
        terms = panel if own is None or own.panel is None else own.panel
        return Sitting(
            case_id=panel.id,
            place=place,
            purpose=told(panel.purpose),
            language=panel.language,
            round=panel.round,
            seats=terms.seats if isinstance(terms, _Panel) else terms.reviewers,
            decide=terms.decide,
            votes_cast=panel.cast_now,
            due_at=panel.due_at,
            commits_at=None if alone else panel.commit_at,
            undo_until=_undo_until(panel, self.grace),
            meanwhile=panel.action_in_force if panel.is_open and not blind else None,
            ballots=tuple(ballots),
            outcome=None if outcome is None else _outcome(outcome, panel.round, ballots),
            closed_at=panel.closed_at if place is Place.CLOSED else None,
        )


def _undo_until(panel: _Panel, grace: float) -> datetime | None:
    if panel.voted_at is None or not panel.is_open:
        return None
    until = panel.voted_at + timedelta(seconds=grace)
    return until if until > panel.at else None


def _ballots(
    connection: Connection, reviewer: str, panels: Sequence[UUID]
) -> dict[UUID, list[Cast]]:
    found: dict[UUID, list[Cast]] = {panel: [] for panel in panels}
    given = {"reviewer": reviewer, "cases": list(panels)}
    for row in connection.execute(_BALLOTS, given).mappings() if panels else ():
        said = {name: value for name, value in row.items() if name != "case_id"}
        found[row["case_id"]].append(Cast(**{**said, "reasons": tuple(said["reasons"])}))
    return found


def _outcome(decision: RowMapping, number: int, ballots: Sequence[Cast]) -> Outcome:
    """What was decided, with who was against it in the last round."""
    dissent = sorted(
        each.reviewer
        for each in ballots
        if each.round == number and each.action != decision["action"]
    )
    return Outcome(
        action=decision["action"],
        reasons=tuple(decision["reasons"]),
        at=decision["at"],
        dissent=tuple(dissent),
    )
