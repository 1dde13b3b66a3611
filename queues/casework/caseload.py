"""Cases as lists and pages show them: what waits for people, and what they said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, func, select, text
from sqlalchemy.engine import RowMapping

from engine.urgency import Weights
from queues.casework.selection import UNFINISHED, CaseState, Selection
from queues.casework.standing import Standing, standing_of
from queues.errors import NotFound
from queues.quality.blinding import Reader, told, unknown_to_reviewers
from queues.store.session import Store
from queues.store.tables.cases import cases
from queues.store.tables.handouts import holds

_CASE: Final = "case"
#: Ballots stay secret until the round is over, so that nobody votes as others did.
_VOTES: Final = text(
    "SELECT votes.reviewer, votes.round, votes.action, votes.reasons, votes.comment, votes.at"
    " FROM votes JOIN cases ON cases.id = votes.case_id WHERE case_id = :case"
    " AND (votes.round < cases.round OR cases.state NOT IN ('waiting', 'open'))"
    " ORDER BY votes.round, votes.id"
)
_CAST: Final = text(
    "SELECT count(*) FROM votes JOIN cases ON cases.id = votes.case_id"
    " WHERE case_id = :case AND votes.round = cases.round"
)
_SUGGESTED: Final = text("""
SELECT strategy, worth, score, model FROM suggestions WHERE case_id = :case
""")
_NAMES: Final = (
    "id",
    "item_id",
    "purpose",
    "tier",
    "queue",
    "policy",
    "reason",
    "rule",
    "priority",
    "severity",
    "language",
    "state",
    "enqueued_at",
    "due_at",
    "opened_at",
    "closed_at",
    "seats",
    "round",
    "escalated_from",
    "decision_id",
    "commit_at",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A place where people look at an item."""

    id: UUID
    item_id: UUID
    purpose: str
    """As `queues.quality.purposes` names them."""
    tier: str
    queue: str
    policy: str
    reason: str
    rule: str
    priority: int
    """0 urgent, 3 high, 6 normal, 9 low."""
    severity: str
    language: str | None
    state: CaseState
    enqueued_at: datetime
    """When the item began to wait, in any tier."""
    due_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    claimed_by: tuple[str, ...]
    """Who works on it now."""
    commit_at: datetime | None
    """All votes are in, and count from then on."""
    seats: int
    """How many vote."""
    round: int
    escalated_from: UUID | None
    decision_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """What one reviewer said in a round that is over."""

    reviewer: str
    round: int
    action: str
    reasons: tuple[str, ...]
    comment: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenCase:
    """What a reviewer may know of a case that is blind for them."""

    id: UUID
    purpose: str
    """`review` or `appeal`."""
    tier: str
    language: str | None
    state: CaseState
    round: int
    hidden: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """Why an item was chosen to be learnt from."""

    strategy: str
    """As `learning.strategy` names them; `margin` where a committee had one member."""
    worth: float
    """By which it was chosen, from 0 to 1: for most strategies how unsure the model was."""
    score: str
    """What is to be learnt."""
    model: str
    """The version that was unsure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """A case with what was said in it."""

    case: Case | HiddenCase
    votes: tuple[Vote, ...]
    """Of rounds that are over; nobody sees how others vote before."""
    votes_cast: int
    """In the present round."""
    urgency: Standing | None
    """Why it is handed out when it is; None: it is blind for whoever asks."""
    suggested: Suggested | None = None
    """Why it was chosen, if it was opened to be learnt from; None as well where it is blind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """Some cases, and where the next ones begin."""

    cases: tuple[Case, ...]
    next: str | None
    """The cursor of the next page; None: this was the last."""


def listed(store: Store, selection: Selection, *, reader: Reader | None = None) -> CasePage:
    """Cases, page by page. Where few of many are wanted, a page may be short and not the last.

    Args:
        store: Where they are.
        selection: Which ones, in which order.
        reader: Somebody who reviews: what is blind for them is left out, so a page may be shorter.

    Raises:
        Refused: the cursor is none of ours, or of another order.
    """
    with store.read() as connection:
        rows = connection.execute(selection.question(_columns)).mappings().all()
        found = tuple(_case(row) for row in rows[: selection.limit])
        then: str | None = None
        if len(rows) > selection.limit:
            then = selection.cursor_at(found[-1].due_at, found[-1].id)
        elif selection.sparse and (edge := connection.execute(selection.edge()).one_or_none()):
            then = selection.cursor_at(edge.due_at, edge.id)
    shown = tuple(each for each in found if reader is None or not _blind(each, reader))
    return CasePage(cases=shown, next=then)


def show(store: Store, case: UUID, weights: Weights, *, reader: Reader | None = None) -> CaseFile:
    """A case, and what was said in it; raises NotFound.

    Args:
        store: Where it is.
        case: Which.
        weights: What makes it urgent.
        reader: Somebody who reviews: of what is blind for them they learn nothing.
    """
    with store.read() as connection:
        question = select(*_columns(cases), cases.c.only_for).where(cases.c.id == case)
        row = connection.execute(question).mappings().one_or_none()
        urgency = standing_of(connection, case, weights)
        if (
            row is None
            or urgency is None
            or (reader is not None and row["only_for"] not in {None, reader.name})
        ):
            raise NotFound(_CASE, str(case))
        shown = _case({name: value for name, value in row.items() if name != "only_for"})
        if reader is not None and _blind(shown, reader):
            return CaseFile(case=_hidden(shown), votes=(), votes_cast=0, urgency=None)
        said = connection.execute(_VOTES, {"case": case}).mappings().all()
        cast = connection.execute(_CAST, {"case": case}).scalar_one()
        chosen = connection.execute(_SUGGESTED, {"case": case}).mappings().one_or_none()
    return CaseFile(
        case=shown,
        votes=tuple(Vote(**{**vote, "reasons": tuple(vote["reasons"])}) for vote in said),
        votes_cast=cast,
        urgency=urgency,
        suggested=None if chosen is None else Suggested(**chosen),
    )


def _columns(source: FromClause) -> list[ColumnElement[Any]]:
    holders = (
        select(func.coalesce(func.array_agg(holds.c.reviewer), text("'{}'")))
        .where(holds.c.case_id == source.c.id, holds.c.lease_until >= func.now())
        .scalar_subquery()
        .label("claimed_by")
    )
    return [*(source.c[name] for name in _NAMES), holders]


def _blind(case: Case, reader: Reader) -> bool:
    """Whether somebody is to decide a case blind, or was measured with it."""
    return unknown_to_reviewers(case.purpose) or (
        case.state in UNFINISHED and reader.blind_to(case)
    )


def _hidden(case: Case) -> HiddenCase:
    return HiddenCase(
        id=case.id,
        purpose=told(case.purpose),
        tier=case.tier,
        language=case.language,
        state=case.state,
        round=case.round,
    )


def _case(row: RowMapping | Mapping[str, Any]) -> Case:
    found = {"state": CaseState(row["state"]), "claimed_by": tuple(row["claimed_by"])}
    return Case(**{**row, **found})
