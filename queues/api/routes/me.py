"""Whoever is signed in: what is known of them, what they set themselves, and their password."""

from dataclasses import asdict, dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Address, Asking, Here, Sent, YesNo
from queues.api.routes import examples
from queues.api.routes.profiles import Word, Words
from queues.api.routes.sessions import In, entered
from queues.people import Account, Attendance, Terms, terms_of

router = APIRouter(route_class=Operation, tags=["me"], prefix="/v1/me")

_TERMS: Final = {"hourly_rate": 20.0, "exposure": 400, "severe_in_a_row": 5, "blur": True}
_ATTENDANCE: Final = {
    "on_shift": True,
    "shift_until": examples.LATER,
    "paused": False,
    "paused_until": None,
}


class ChangedSelf(Sent):
    """What shall be different; what is left out stays.

    All else about them is set by whoever plans their work.
    """

    display_name: Word | None = None
    """What others see."""
    opted_out: Words | None = None
    """Policies whose cases they never get: those of before, and more."""
    blur: YesNo | None = None
    """Whether pictures are blurred at first; null: as in the settings."""


class Presence(Sent):
    """Whether somebody takes cases."""

    on: YesNo
    """false: I stop; true: I am back."""


class NewPassword(Sent):
    """One password in place of another."""

    old: Annotated[str, Field(min_length=1, max_length=1_024)]
    new: Annotated[str, Field(min_length=1, max_length=1_024)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Me(Attendance):
    """Whoever is signed in."""

    person: Account
    operations: tuple[Permission, ...]
    """What they may do."""
    terms: Terms
    """What holds for them: their own, else that of the settings."""
    policies: list[str]
    """Those there are, to opt out of; none while no release is in force."""
    session: UUID
    """The one that asks, of those of `GET /v1/sessions`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood(Attendance):
    """Whether somebody takes cases now, and which they gave back."""

    released: list[UUID]
    """Cases that they held; others get them from now on."""


@router.get(
    "",
    **documented(
        Says(
            summary="Who am I?",
            person=True,
            example={
                "person": examples.PERSON,
                "operations": ["items.read", "cases.read"],
                "terms": _TERMS,
                "policies": ["graphic", "hate", "spam"],
                "session": examples.ID,
                **_ATTENDANCE,
            },
        )
    ),
)
def show(here: Here, person: Asking) -> Me:
    """The account, with what it may do and what holds for it now."""
    services, settings = here.services, here.settings
    account, attendance = services.attending.look(person.name)
    return Me(
        person=account,
        operations=person.table.permissions(person.roles),
        terms=terms_of(account, rates=settings.rates, wellness=settings.wellness),
        policies=sorted(services.policies() or ()),
        session=person.session,
        **asdict(attendance),
    )


@router.patch(
    "",
    **documented(
        Says(
            summary="Change what is mine to set",
            person=True,
            sent={"opted_out": ["graphic"], "blur": True},
            example=examples.PERSON,
        )
    ),
)
def change(changed: ChangedSelf, here: Here, person: Asking) -> Account:
    """What is left out stays. Who opted out of a policy is opted in again by others alone."""
    sent: dict[str, Any] = {name: getattr(changed, name) for name in changed.model_fields_set}
    changes = {k: value for k, value in sent.items() if value is not None or k == "blur"}
    return here.services.accounts.change(person.name, changes, by=person.actor, own=True)


@router.put(
    "/shift",
    **documented(
        Says(
            summary="Stop for now, or be back",
            person=True,
            sent={"on": False},
            example=_ATTENDANCE
            | {
                "on_shift": False,
                "paused": True,
                "paused_until": examples.LATER,
                "released": [examples.ID],
            },
        )
    ),
)
def stand(wanted: Presence, here: Here, person: Asking) -> Stood:
    """Who stops gets no more cases and gives back what they hold, at once.

    It holds until their next shift begins; without shifts, until they are back.
    """
    services, name = here.services, person.name
    if wanted.on:
        return Stood(**asdict(services.attending.resume(name, by=person.actor)), released=[])
    attendance = services.attending.pause(name, by=person.actor)
    # After the pause is committed: no claim can come between that would be left with them.
    return Stood(**asdict(attendance), released=services.review.release(name))


@router.put(
    "/password",
    **documented(
        Says(
            summary="Change the password",
            person=True,
            sent={"old": "correct horse battery staple", "new": "another horse, another battery"},
            example=examples.SIGNED_IN,
        )
    ),
)
def change_password(wanted: NewPassword, here: Here, person: Asking, address: Address) -> In:
    """All sessions end, this one too; the answer has a new one."""
    signed = here.services.signing_in.change_password(
        person, wanted.old, wanted.new, address=address
    )
    here.services.access.forget()
    return entered(signed)
