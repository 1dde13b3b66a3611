"""Who may call: keys are made, listed and taken back."""

from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, Strict

from queues import keys
from queues.access import Permission, Scope
from queues.api.operations import Operation, Says, documented
from queues.api.parts import WHOLE, Calling, Here, Moment, Name, Sent
from queues.api.routes import examples
from queues.keys import Key

router = APIRouter(route_class=Operation, tags=["keys"], prefix="/v1/keys")

_KEY: Final = {
    "id": examples.ID,
    "name": "forum",
    "prefix": "tw_Yk3vQz",
    "scopes": ["items:read", "items:write"],
    "rate": None,
    "created_by": "key:admin",
    "created_at": examples.MOMENT,
    "expires_at": None,
    "revoked_at": None,
    "last_used_at": None,
}
_SENT: Final = {"name": "forum", "scopes": ["items:write", "items:read"]}


class NewKey(Sent):
    """A key to be made."""

    name: Annotated[Name, Field(max_length=100)]
    """Whose it is; two keys of one name are one caller."""
    scopes: Annotated[tuple[Scope, ...], Field(min_length=1, max_length=len(Scope))]
    """What it is for."""
    rate: Annotated[int, Strict(), Field(gt=0, lt=2**31), WHOLE] | None = None
    """Requests a minute; by default as configured."""
    expires_at: Moment | None = None
    """When it ends; by default when it is revoked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A key that was just made."""

    key: Key
    secret: str
    """The key itself: shown this once."""


@router.post(
    "",
    **documented(
        Says(
            summary="Make a key",
            asks=Permission.KEYS_MANAGE,
            sent=_SENT,
            example={"key": _KEY, "secret": "tw_Yk3vQz…"},
            status=201,
        )
    ),
)
def make(new: NewKey, here: Here, caller: Calling) -> Made:
    """The answer holds the key itself, this once.

    Nobody makes one that may do more than they may, but those who can give themselves any role.
    """
    for scope in new.scopes:
        caller.require_scope(scope)
    key, secret = keys.create(
        here.services.store,
        name=new.name,
        scopes=new.scopes,
        by=caller.actor,
        rate=new.rate,
        expires=new.expires_at,
    )
    return Made(key=key, secret=secret)


@router.get(
    "",
    **documented(Says(summary="List keys", asks=Permission.KEYS_MANAGE, example={"keys": [_KEY]})),
)
def show(here: Here) -> dict[str, list[Key]]:
    """All of them, by age, also those that open nothing any more."""
    return {"keys": keys.listed(here.services.store)}


@router.delete(
    "/{key:uuid}",
    **documented(
        Says(
            summary="Revoke a key",
            asks=Permission.KEYS_MANAGE,
            fails=(404,),
            example=_KEY | {"revoked_at": examples.LATER},
        )
    ),
)
def revoke(key: UUID, here: Here, caller: Calling) -> Key:
    """It opens nothing any more, in any process, at once."""
    return keys.revoke(here.services.store, key, by=caller.actor)
