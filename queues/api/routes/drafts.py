"""What somebody writes before it is a release: theirs alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from queues.api.operations import Operation, Says, documented
from queues.api.parts import Asking, Here, Name, Sent
from queues.api.routes import examples
from queues.policies.drafts import Draft
from queues.policies.sources import MOST_FILES

router = APIRouter(route_class=Operation, tags=["me"], prefix="/v1/me/draft")

_CHANGES: Final = {"lists/spam.yaml": "list: spam-words\n", "lists/old.yaml": None}
_DRAFT: Final[dict[str, Any]] = {
    "base": examples.RELEASE,
    "changes": _CHANGES,
    "revision": examples.ID,
    "changed_at": examples.MOMENT,
}

File = Annotated[str, Field(max_length=16_000_000)]


class Kept(Sent):
    """What is kept in place of the draft before."""

    base: Name
    """The release that it began as."""
    changes: Annotated[dict[str, File | None], Field(max_length=MOST_FILES)]
    """Files that differ from it, by path; null: the file is gone."""
    after: UUID | None = None
    """The revision that this follows; null: there was no draft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A draft, as its author sees it."""

    base: str
    changes: dict[str, str | None]
    revision: UUID
    """Another one whenever it is kept."""
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The draft of whoever asks."""

    draft: Shown | None
    """null: they have none."""


@router.get("", **documented(Says(summary="Show my draft", person=True, example={"draft": _DRAFT})))
def show(here: Here, person: Asking) -> Answered:
    """What I changed of a release and did not publish; nobody else sees it."""
    return _answered(here.services.drafts.of(person.id))


@router.put(
    "",
    **documented(
        Says(
            summary="Keep my draft",
            person=True,
            fails=(404, 409),
            sent={"base": examples.RELEASE, "changes": _CHANGES, "after": None},
            example={"draft": _DRAFT},
        )
    ),
)
def keep(kept: Kept, here: Here, person: Asking) -> Answered:
    """It need not compile. 409 where it was changed since `after`, such as in another tab."""
    draft = here.services.drafts.keep(person.id, kept.base, kept.changes, after=kept.after)
    return _answered(draft)


@router.delete(
    "", **documented(Says(summary="Discard my draft", person=True, example={"draft": None}))
)
def discard(here: Here, person: Asking) -> Answered:
    """It is gone; without one nothing happens."""
    here.services.drafts.discard(person.id)
    return _answered(None)


def _answered(draft: Draft | None) -> Answered:
    if draft is None:
        return Answered(draft=None)
    return Answered(
        draft=Shown(
            base=draft.base,
            changes=dict(draft.changes),
            revision=draft.revision,
            changed_at=draft.changed_at,
        )
    )
