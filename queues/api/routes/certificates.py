"""What the machine may decide by itself: certificates that rules earned, and sign-offs."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from pydantic import Field

from engine.certifying import Ground, Losses, Review, panel_accuracy
from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Calling, Here, Moment, Name, Sent, Text
from queues.api.routes import examples
from queues.certifying import Overview, Signed, Suggestion, Wanted, overview, suggest

router = APIRouter(route_class=Operation, tags=["certificates"])

_HASH: Final = "c1c41f4f5b8f1ab5e2d9c6f0a7b3e8d2c4f6a8b0d1e3f5a7b9c0d2e4f6a8b0c1"
_RULE: Final[dict[str, Any]] = {
    "rule": "spam-links",
    "policy": "spam",
    "action": "remove",
    "release": _HASH,
    "state": "uncertified",
    "why": "has no certificate; 0 errors in 41 labels so far; tested next at 72 labels",
    "labels": 41,
    "errors": 0,
    "upper": 0.0704,
    "spent": 0,
    "before": 0,
    "next_look": 72,
    "needed": 31,
    "expected": 31,
    "days": 2.8,
    "waiting": 3,
    "expires": None,
    "withheld": {},
}
_OVERVIEW: Final[dict[str, Any]] = {
    "on": True,
    "words": "0 of 1 rules decide by a certificate (error below 0.05), 0 by a sign-off; …",
    "error_limit": 0.05,
    "confidence": 0.95,
    "blind_share": 0.1,
    "looked_at": examples.MOMENT,
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


_ZONE: Final[dict[str, Any]] = {
    "language": "en",
    "direction": "allow",
    "doubt": 0.025,
    "threshold": None,
    "labels": 51,
    "errors": 0,
    "missing": 21,
    "days": 11.5,
    "why": "too few labels: 51, and 72 are needed in a zone to begin with",
}
_EFFECT: Final[dict[str, Any]] = {
    "items": 5_000,
    "shares": {"single": 0.4, "panel": 0.1, "allow": 0.5, "remove": 0.0},
    "cost": 0.12,
    "seconds": 98_000.0,
    "error": 0.05,
}
_SUGGESTION: Final[dict[str, Any]] = {
    "score": "score.spam",
    "since": examples.MOMENT,
    "scores": 5_000,
    "left_out": 0,
    "not_of_model": 0,
    "error_limit": 0.05,
    "zones": [_ZONE],
    "pieces": [{"low": 0.0, "high": 1.0, "way": "single"}],
    "suggested": _EFFECT,
    "present": _EFFECT,
    "words": "0 of 1 zones would be certified. …",
}
#: Of the panel that is weighed, and how far its members err together.
_PANEL: Final = 3
_CORRELATION: Final = 0.3


class ZonesAsked(Sent):
    """What is weighed."""

    score: Annotated[Name, Field(max_length=128)]
    """A field that holds a probability, such as `score.spam`."""
    days: Annotated[float, Field(ge=1, le=365)] = 28.0
    """How far back to look."""
    missed: Annotated[float, Field(ge=0, le=1e6)] = 5.0
    """What an item costs that breaks a rule and stays, in the currency of the rates."""
    wrongly_removed: Annotated[float, Field(ge=0, le=1e6)] = 2.0
    """What an item costs that is removed and breaks none."""
    seconds: Annotated[float, Field(gt=0, le=86_400)] = 28.8
    """Of one reviewer, for one case."""
    accuracy: Annotated[float, Field(ge=0.5, le=0.999)] = 0.92
    """How often one reviewer is right."""


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


@router.get(
    "/v1/certificates/zones",
    **documented(
        Says(
            summary="Suggest zones of a score",
            asks=Permission.QUALITY_READ,
            example=_SUGGESTION,
        )
    ),
)
def zones(here: Here, asked: Annotated[ZonesAsked, Query()]) -> Suggestion:
    """Where the machine could decide by a score, by labels of the quality sample, and the cost.

    Languages and directions share the doubt. It is for planning: nothing acts on it.
    """
    settings = here.services.settings
    people = asked.accuracy
    panel = panel_accuracy(_PANEL, people, _CORRELATION)
    hour = 3_600.0
    single = Review(
        cost=asked.seconds * settings.rates.moderator / hour,
        seconds=asked.seconds,
        misses=1 - people,
        wrongly=1 - people,
    )
    several = Review(
        cost=_PANEL * asked.seconds * settings.rates.senior / hour,
        seconds=_PANEL * asked.seconds,
        misses=1 - panel,
        wrongly=1 - panel,
    )
    losses = Losses(
        missed=asked.missed, wrongly_removed=asked.wrongly_removed, single=single, panel=several
    )
    store, given = here.services.store, settings.certifying
    model = here.services.in_force.active.fills.get(asked.score)
    return suggest(store, asked.score, losses, given, days=asked.days, model=model)


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
