"""All that somebody needs to decide a case they have in hand, in one answer.

Of a blind case it tells what `inhand` and `review.showing` tell, and nothing that a machine or
people found in the item or in others of its author.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.errors import InvalidItem
from engine.item import Value
from engine.rules.items import ItemReader
from engine.rules.model import Policy
from engine.rules.vocabulary import FieldType, Vocabulary
from queues.records.around import Neighbour, around
from queues.records.authors import AuthorRecord, record_of
from queues.records.grounds import Ground, grounds_of
from queues.records.inhand import claimed_by, item_of
from queues.records.menus import Menu, PolicyWords, menu_of, words_of
from queues.records.pictures import Picture, pictures_of
from queues.review import Claimed, Comment, Rating, Review, Shown
from queues.review.drafts import Draft, draft_of
from queues.review.remarks import comments_of

_MAIN: Final = "text"
#: What is told of a blind case.
_BLIND: Final[Mapping[str, Any]] = {
    "grounds": (),
    "policy": None,
    "author": None,
    "reports": {},
    "appeal": None,
}
_NOW: Final = text("SELECT now()")
_WHO: Final = text("SELECT author_id FROM items WHERE id = :item")
_REPORTS: Final = text("""
SELECT reason, count(*) AS people FROM reports, unnest(reports.reasons) AS reason
WHERE item_id = :item GROUP BY reason ORDER BY people DESC, reason
""")
_APPEAL: Final = text("""
SELECT appeals.number, appeals.asks, appeals.statement FROM appeals
JOIN cases ON cases.appeal_id = appeals.id WHERE cases.id = :case
""")
_RATED: Final = text("SELECT rating FROM ratings WHERE case_id = :case AND reviewer = :reviewer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A text of the item, as it was written."""

    field: str
    text: str = dataclasses.field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appealing:
    """What somebody wants who appealed."""

    number: int
    asks: str
    """`milder` or `stricter`."""
    statement: str | None = dataclasses.field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDesk:
    """A case with all that its reviewer may know."""

    case: Shown
    kind: str
    language: str | None
    content: Mapping[str, Any] = dataclasses.field(repr=False)
    """What was sent; of a blind case without scores, ids and dates."""
    texts: tuple[Passage, ...]
    """What is to be read, the main one first."""
    facts: Mapping[str, Any] = dataclasses.field(repr=False)
    """All other values that were sent, by the name that rules give them."""
    thread: list[Neighbour]
    pictures: tuple[Picture, ...]
    grounds: tuple[Ground, ...]
    """Why it is here; nothing of a blind case."""
    policy: PolicyWords | None
    author: AuthorRecord | None
    """None: it is blind, or nobody said who wrote it."""
    reports: Mapping[str, int]
    """People who reported it, by reason; nothing of a blind case."""
    appeal: Appealing | None
    """None: nobody appealed, or it is blind."""
    comments: list[Comment]
    draft: Draft | None
    """What they were about to say."""
    rating: Rating | None
    """What they said about the suggestion."""
    menu: Menu
    lease: float
    """Seconds that a claim lasts, and that `:renew` gives anew."""
    grace: float
    """Seconds in which a decision can be taken back."""
    at: datetime
    """When this was told, by the clock that all dates are of."""


def read(
    review: Review, case: UUID, reviewer: str, *, actor: str, show: Callable[[Claimed], Shown]
) -> OnDesk:
    """All about a case in hand; notes who read its item.

    Args:
        review: The work of people on cases.
        case: Which.
        reviewer: Who has it.
        actor: Who reads, for the audit.
        show: The case as whoever asks may see it.

    Raises:
        ClaimLost: it is not theirs, or there is no such case.
    """
    policy, conditions, settings = review.policy(), review.conditions(), review.settings
    with review.store.transaction() as connection:
        claimed = claimed_by(connection, reviewer, case)
        (claimed,) = conditions.seen(connection, reviewer, [claimed])
        item = item_of(connection, claimed, actor=actor, blind=claimed.blind)
        texts, facts = sorted_out(item.content, policy.vocabulary)
        return OnDesk(
            case=show(claimed),
            kind=item.kind,
            language=item.language,
            content=item.content,
            texts=texts,
            facts=facts,
            thread=around(connection, item.content, actor=actor),
            pictures=pictures_of(item.content),
            comments=comments_of(connection, case, reviewer),
            draft=draft_of(connection, case, reviewer),
            rating=_rating(connection, case, reviewer),
            menu=menu_of(policy, settings.skip_reasons),
            lease=settings.lease,
            grace=settings.grace,
            at=connection.execute(_NOW).scalar_one(),
            **(_BLIND if claimed.blind else _found(connection, claimed, policy)),
        )


def _found(connection: Connection, claimed: Claimed, policy: Policy) -> dict[str, Any]:
    """What rules and people found; not for who decides blind."""
    given = {"item": claimed.item_id}
    author = connection.execute(_WHO, given).scalar_one()
    rows = connection.execute(_REPORTS, given)
    return {
        "grounds": grounds_of(connection, claimed, policy),
        "policy": words_of(policy, claimed.policy, claimed.rule),
        "author": None if author is None else record_of(connection, author, claimed.item_id),
        "reports": {row.reason: row.people for row in rows},
        "appeal": _appeal(connection, claimed.id),
    }


def sorted_out(
    content: Mapping[str, Any], vocabulary: Vocabulary
) -> tuple[tuple[Passage, ...], dict[str, Any]]:
    """What is to be read, and everything else that was sent."""
    fields = _fields(content, vocabulary)
    texts = {name: value for name, value in fields.items() if _is_text(name, vocabulary)}
    ordered = sorted(texts.items(), key=lambda pair: pair[0] != _MAIN)
    facts = {name: _plain(value) for name, value in fields.items() if name not in texts}
    return tuple(Passage(field=name, text=str(value)) for name, value in ordered if value), facts


def _fields(content: Mapping[str, Any], vocabulary: Vocabulary) -> Mapping[str, Value]:
    # The id of a blind item is left out, and no item is read without one.
    given = {"id": "-", **content}
    try:
        return ItemReader(vocabulary).read(given).fields
    except InvalidItem:
        # The vocabulary has changed since: what was sent is shown as it was.
        main = content.get(_MAIN)
        return {_MAIN: main} if isinstance(main, str) else {}


def _is_text(name: str, vocabulary: Vocabulary) -> bool:
    known = vocabulary.fields.get(name)
    return known is not None and known.type is FieldType.TEXT


def _plain(value: Value) -> object:
    return sorted(value) if isinstance(value, frozenset) else value


def _appeal(connection: Connection, case: UUID) -> Appealing | None:
    row = connection.execute(_APPEAL, {"case": case}).mappings().one_or_none()
    return None if row is None else Appealing(**row)


def _rating(connection: Connection, case: UUID, reviewer: str) -> Rating | None:
    given = {"case": case, "reviewer": reviewer}
    found = connection.execute(_RATED, given).scalar_one_or_none()
    return None if found is None else Rating(found)
