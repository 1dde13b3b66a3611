"""Whoever is signed in: what is known of them, what they may, and their password."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter
from pydantic import Field

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Address, Asking, Here, Sent
from queues.api.routes import examples
from queues.api.routes.sessions import In, entered
from queues.clock import SystemClock
from queues.people import Account, Terms, on_shift, shift_at, terms_of

router = APIRouter(route_class=Operation, tags=["me"], prefix="/v1/me")

_TERMS: Final = {"hourly_rate": 20.0, "exposure": 400, "severe_in_a_row": 5, "blur": True}


class NewPassword(Sent):
    """One password in place of another."""

    old: Annotated[str, Field(min_length=1, max_length=1_024)]
    new: Annotated[str, Field(min_length=1, max_length=1_024)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """Whoever is signed in."""

    person: Account
    operations: tuple[Permission, ...]
    """What they may do."""
    terms: Terms
    """What holds for them: their own, else that of the settings."""
    on_shift: bool
    shift_until: datetime | None
    """When their shift ends; none: they have none now."""


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
                "on_shift": True,
                "shift_until": examples.LATER,
            },
        )
    ),
)
def show(here: Here, person: Asking) -> Me:
    """The account, with what it may do and what holds for it now."""
    services, settings = here.services, here.settings
    account = services.accounts.find(person.name)
    now = SystemClock().now()
    shift = shift_at(account.hours, now)
    return Me(
        person=account,
        operations=person.table.permissions(person.roles),
        terms=terms_of(account, rates=settings.rates, wellness=settings.wellness),
        on_shift=on_shift(account.hours, now),
        shift_until=None if shift is None else shift[1],
    )


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
