"""What the machine may decide by itself: certificates that rules earned, and sign-offs."""

from typing import Annotated, Any, Final

from fastapi import APIRouter
from pydantic import Field

from engine.certifying import Ground
from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Calling, Here, Moment, Name, Sent, Text
from queues.api.routes import examples
from queues.certifying import Overview, Signed, Wanted, overview

router = APIRouter(route_class=Operation, tags=["certificates"])

_HASH: Final = "c1c41f4f5b8f1ab5e2d9c6f0a7b3e8d2c4f6a8b0d1e3f5a7b9c0d2e4f6a8b0c1"
_RULE: Final[dict[str, Any]] = {
    "rule": "spam-links",
    "policy": "spam",
    "action": "remove",
    "release": _HASH,
    "state": "uncertified",
    "why": "has no certificate; 0 errors in 41 labels so far; 59 labels would do",
    "labels": 41,
    "errors": 0,
    "upper": 0.0704,
    "next_look": 72,
    "needed": 31,
    "expected": 18,
    "days": 1.6,
    "waiting": 3,
    "expires": None,
}
_OVERVIEW: Final[dict[str, Any]] = {
    "on": True,
    "words": "0 of 1 rules decide by a certificate (error below 0.05), 0 by a sign-off; …",
    "error_limit": 0.05,
    "confidence": 0.95,
    "blind_share": 0.1,
    "rules": [_RULE],
}
_SENT: Final = {
    "ground": "legal order",
    "reason": "Court order 12/2026 of Springfield.",
    "until": examples.LATER,
}
_SIGNED: Final = {
    "id": examples.ID,
    "rule": "spam-links",
    "release": _HASH,
    "by": "person:ana",
    "ground": "legal order",
    "reason": "Court order 12/2026 of Springfield.",
    "since": examples.MOMENT,
    "until": examples.LATER,
}


class SignOffSent(Sent):
    """What somebody answers for."""

    ground: Ground
    """Why the rule may act without being certified."""
    reason: Annotated[Text, Field(min_length=1, max_length=2_000, pattern=r"\S")]
    """In words, for whoever asks later."""
    until: Moment | None = None
    """When it ends; by default as late as `certifying.sign_off_days` allows."""
    release: Annotated[Name, Field(max_length=64)] | None = None
    """The hash of the rule that was looked at; if another one is in force, it is refused."""


@router.get(
    "/v1/certificates",
    **documented(
        Says(
            summary="Show what the machine may decide",
            asks=Permission.QUALITY_READ,
            example=_OVERVIEW,
        )
    ),
)
def show(here: Here) -> Overview:
    """Every rule that decides by itself: certified, signed off or neither, and how far it is.

    `needed` counts labels to the next look, `expected` and `days` to a certificate if errors and
    labels go on as so far.
    """
    services = here.services
    return overview(
        services.store, services.policy(), services.bindings, services.settings.certifying
    )


@router.post(
    "/v1/rules/{rule}/sign-off",
    **documented(
        Says(
            summary="Sign a rule off",
            asks=Permission.RULES_SIGN_OFF,
            status=201,
            fails=(404, 409),
            sent=_SENT,
            example=_SIGNED,
        )
    ),
)
def sign_off(rule: Name, sent: SignOffSent, here: Here, caller: Calling) -> Signed:
    """It acts by itself from now on, until the sign-off ends or anything it matches by changes."""
    wanted = Wanted(ground=sent.ground, reason=sent.reason, until=sent.until, release=sent.release)
    return here.services.signing.sign_off(rule, wanted, by=caller.actor)


@router.delete(
    "/v1/rules/{rule}/sign-off",
    **documented(
        Says(
            summary="Take a sign-off back",
            asks=Permission.RULES_SIGN_OFF,
            fails=(404,),
            example=_SIGNED,
        )
    ),
)
def withdraw(rule: Name, here: Here, caller: Calling) -> Signed:
    """Unless it is certified, what the rule matches goes to one reviewer from now on."""
    return here.services.signing.withdraw(rule, by=caller.actor)
