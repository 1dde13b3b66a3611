"""Who is told of events: receivers and their secrets."""

from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Calling, Here, Moment, Sent, Text, YesNo
from queues.api.routes import examples
from queues.store.events import EventKind
from queues.webhooks import receivers as webhooks
from queues.webhooks.receivers import Changes, Webhook

router = APIRouter(route_class=Operation, tags=["webhooks"])

_SECRET: Final = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - an example, of nothing
_WEBHOOK: Final = {
    "id": examples.ID,
    "url": "https://forum.example.org/tierwise",
    "kinds": ["item.decided"],
    "active": True,
    "about": "the forum",
    "created_by": "key:forum",
    "created_at": examples.MOMENT,
}
_MANAGE: Final = Permission.WEBHOOKS_MANAGE

Url = Annotated[str, Field(pattern=r"^https?://[^\x00]+$", max_length=2_000)]
About = Annotated[Text, Field(max_length=500)]
Kinds = Annotated[tuple[EventKind, ...], Field(max_length=len(EventKind))]


class NewWebhook(Sent):
    """A receiver to be registered."""

    url: Url
    """`https://…`"""
    kinds: Kinds = ()
    """What it is told of; none: everything."""
    about: About | None = None
    """For people, to tell webhooks apart."""


class ChangedWebhook(Sent):
    """What shall be different; what is left out stays."""

    url: Url | None = None
    kinds: Kinds | None = None
    about: About | None = None
    active: YesNo | None = None
    """No: nothing is collected and sent any more; what waits stays."""


class Rotation(Sent):
    """How a secret takes the place of another."""

    old_valid_until: Moment | None = None
    """Up to then deliveries are signed with the old secrets as well; by default not at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A receiver that was just registered."""

    webhook: Webhook
    secret: str
    """What deliveries are signed with: shown this once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotated:
    """The secret that was just made: shown this once."""

    secret: str


@router.post(
    "/v1/webhooks",
    **documented(
        Says(
            summary="Register a webhook",
            asks=_MANAGE,
            sent={"url": _WEBHOOK["url"], "kinds": ["item.decided"], "about": "the forum"},
            example={"webhook": _WEBHOOK, "secret": _SECRET},
            status=201,
        )
    ),
)
def register(new: NewWebhook, here: Here, caller: Calling) -> Registered:
    """It is told of what happens from now on, signed with the secret in the answer.

    Signatures are those of Standard Webhooks. Nobody can show the secret again.
    """
    webhook, secret = webhooks.register(
        here.services.store,
        url=new.url,
        by=caller.actor,
        allowed=here.settings.webhooks.allowed_networks,
        kinds=new.kinds,
        about=new.about,
    )
    return Registered(webhook=webhook, secret=secret)


@router.get(
    "/v1/webhooks",
    **documented(Says(summary="List webhooks", asks=_MANAGE, example={"webhooks": [_WEBHOOK]})),
)
def show(here: Here) -> dict[str, list[Webhook]]:
    """All of them, by age."""
    return {"webhooks": webhooks.listed(here.services.store)}


@router.get(
    "/v1/webhooks/{webhook:uuid}",
    **documented(Says(summary="Show a webhook", asks=_MANAGE, fails=(404,), example=_WEBHOOK)),
)
def find(webhook: UUID, here: Here) -> Webhook:
    """Everything but its secrets."""
    return webhooks.find(here.services.store, webhook)


@router.patch(
    "/v1/webhooks/{webhook:uuid}",
    **documented(
        Says(
            summary="Change a webhook",
            asks=_MANAGE,
            fails=(404,),
            sent={"active": False},
            example=_WEBHOOK | {"active": False},
        )
    ),
)
def change(webhook: UUID, changed: ChangedWebhook, here: Here, caller: Calling) -> Webhook:
    """Deliveries that wait go to the new address."""
    changes = Changes(
        url=changed.url, kinds=changed.kinds, about=changed.about, active=changed.active
    )
    allowed = here.settings.webhooks.allowed_networks
    return webhooks.change(here.services.store, webhook, changes, by=caller.actor, allowed=allowed)


@router.delete(
    "/v1/webhooks/{webhook:uuid}",
    **documented(
        Says(
            summary="Disable a webhook",
            asks=_MANAGE,
            fails=(404,),
            example=_WEBHOOK | {"active": False},
        )
    ),
)
def disable(webhook: UUID, here: Here, caller: Calling) -> Webhook:
    """Nothing is collected and sent any more; what waits stays, and so does the record of it."""
    return webhooks.disable(here.services.store, webhook, by=caller.actor)


@router.post(
    "/v1/webhooks/{webhook:uuid}/secrets",
    **documented(
        Says(
            summary="Rotate the secret of a webhook",
            asks=_MANAGE,
            fails=(404, 409),
            sent={"old_valid_until": examples.LATER},
            example={"secret": _SECRET},
            status=201,
        )
    ),
)
def rotate(webhook: UUID, rotation: Rotation, here: Here, caller: Calling) -> Rotated:
    """Give it another secret, shown this once; the old ones may stay valid for a while."""
    until = rotation.old_valid_until
    secret = webhooks.rotate(here.services.store, webhook, by=caller.actor, until=until)
    return Rotated(secret=secret)
