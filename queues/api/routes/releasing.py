"""How far releases are: tested, approved, and tried beside the one in force."""

from dataclasses import asdict, dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter
from pydantic import Field

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Calling, Here, Name, Sent, Text
from queues.api.routes import examples
from queues.errors import NotFound
from queues.releasing import Cell, Compared, Shown, Tested, differences
from queues.store.trials import Trial, TrialKind, Unit

router = APIRouter(route_class=Operation, tags=["releases"])

_READ: Final = Permission.RELEASES_READ
_TRIAL: Final = {
    "id": examples.ID,
    "kind": "canary",
    "release": examples.RELEASE,
    "against": "9b1e77a0c2d4",
    "share": 0.1,
    "unit": "item",
    "started_by": "person:ben",
    "started_at": examples.MOMENT,
    "ended_by": None,
    "ended_at": None,
    "why": None,
    "seen": None,
    "seen_at": None,
    "judged": 0,
    "unreadable": 0,
}
_SHOWN: Final = {
    "name": examples.RELEASE,
    "message": "Limit offers of followers",
    "published_by": "person:ana",
    "published_at": examples.MOMENT,
    "stage": "canary",
    "base": "9b1e77a0c2d4",
    "moved": None,
    "trouble": [],
    "approvals": 1,
    "needed": 1,
    "steps": [
        {
            "step": "approved",
            "by": "person:ben",
            "note": "read with Ana",
            "details": None,
            "at": examples.MOMENT,
        }
    ],
    "canary": _TRIAL,
    "shadow": None,
    "brought": [],
}
_COMPARED: Final = {
    "metric": "people",
    "standing": "go",
    "share": 0.101,
    "control_share": 0.1,
    "items": 10_000,
    "control_items": 90_000,
    "difference": 0.001,
    "low": -0.013,
    "high": 0.015,
    "limit": 0.05,
    "says": "people: 10.1% against 10.0%, …",
}


class Approval(Sent):
    """Why somebody stands behind a release, for people."""

    note: Annotated[Text, Field(max_length=2_000)] | None = None


class Wanted(Sent):
    """How a release is tried."""

    kind: TrialKind
    """`shadow`: without effect. `canary`: it decides a share of what comes in."""
    share: Annotated[float, Field(gt=0, lt=1)] = 0.1
    """Of a canary."""
    unit: Unit = Unit.ITEM
    """What falls to a canary as a whole."""


class Ending(Sent):
    """What is not tried any more."""

    kind: TrialKind
    why: Annotated[Text, Field(min_length=1, max_length=2_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A share of items under a canary and under its control."""

    metric: str
    standing: str
    """`stop`: it surely differs by more than it may. `go`: it surely does not. `wait`."""
    share: float
    control_share: float
    items: int
    control_items: int
    difference: float | None
    """None: there are too few items to tell."""
    low: float | None
    """Limits of 95 % that hold at all looks together."""
    high: float | None
    limit: float
    """By which the shares may differ."""
    says: str


@router.get(
    "/v1/releases/{name:plain}/progress",
    **documented(
        Says(summary="Show how far a release is", asks=_READ, fails=(404,), example=_SHOWN)
    ),
)
def show(name: Name, here: Here) -> Shown:
    """Its stage, who stands behind it, and when it was tried."""
    return here.services.releasing.show(name)


@router.post(
    "/v1/releases/{name:plain}:test",
    **documented(
        Says(
            summary="Run the tests of a release",
            asks=Permission.RELEASES_PUBLISH,
            fails=(404,),
            sent={},
            example={
                "passed": 54,
                "failed": 0,
                "known_gaps": 1,
                "failures": [],
                "at": examples.MOMENT,
            },
        )
    ),
)
def test(name: Name, wish: Sent, here: Here, caller: Calling) -> Tested:
    """Once: neither the rules of a release nor its tests ever change."""
    del wish
    return here.services.releasing.test(name, by=caller.actor)


@router.post(
    "/v1/releases/{name:plain}:approve",
    **documented(
        Says(
            summary="Approve a release",
            asks=Permission.RELEASES_APPROVE,
            fails=(404, 409),
            sent={"note": "read with Ana"},
            example=_SHOWN | {"stage": "approved", "canary": None},
        )
    ),
)
def approve(name: Name, approval: Approval, here: Here, caller: Calling) -> Shown:
    """Its tests have to pass, and whoever published it cannot (409)."""
    return here.services.releasing.approve(name, by=caller.actor, note=approval.note)


@router.post(
    "/v1/releases/{name:plain}:try",
    **documented(
        Says(
            summary="Try a release",
            asks=Permission.RELEASES_TRY,
            fails=(404, 409),
            sent={"kind": "canary", "share": 0.1, "unit": "author"},
            example=_TRIAL,
        )
    ),
)
def begin(name: Name, wanted: Wanted, here: Here, caller: Calling) -> Trial:
    """Beside the one in force: without effect (`shadow`), or on a share (`canary`).

    A canary has to be tested and approved, and is stopped by itself where it surely differs by more
    than the settings allow.
    """
    return here.services.releasing.begin(
        name, wanted.kind, by=caller.actor, share=wanted.share, unit=wanted.unit
    )


@router.post(
    "/v1/releases:end",
    **documented(
        Says(
            summary="End a trial",
            asks=Permission.RELEASES_TRY,
            fails=(409,),
            sent={"kind": "canary", "why": "it removes too much"},
            example={"name": examples.RELEASE},
        )
    ),
)
def end(ending: Ending, here: Here, caller: Calling) -> dict[str, str]:
    """Everything goes by the release in force again."""
    name = here.services.releasing.end(ending.kind, by=caller.actor, why=ending.why)
    return {"name": name}


@router.get(
    "/v1/releases/{name:plain}/canary",
    **documented(
        Says(
            summary="Compare a canary",
            asks=_READ,
            fails=(404,),
            example={"figures": [_COMPARED]},
        )
    ),
)
def compare(name: Name, here: Here) -> dict[str, list[Figure]]:
    """With what was in force at the same time; the limits hold however often one looks."""
    return {"figures": [_figure(each) for each in here.services.releasing.compare(name)]}


@router.get(
    "/v1/releases/{name:plain}/shadow",
    **documented(
        Says(
            summary="Show what a shadow would have done",
            asks=_READ,
            fails=(404,),
            example={
                "trial": _TRIAL | {"kind": "shadow", "share": None, "unit": None, "judged": 10_000},
                "cells": [
                    {
                        "tier_before": "single",
                        "action_before": "publish",
                        "tier": "auto",
                        "action": "remove",
                        "items": 12,
                        "samples": [examples.ID],
                        "upheld": 28,
                        "overturned": 2,
                        "precision": {
                            "state": "known",
                            "value": 0.933,
                            "low": 0.787,
                            "high": 0.982,
                            "n": 30,
                            "needs": 20,
                            "naive": 0.933,
                            "hits": 28,
                            "effective": 30.0,
                            "method": "weighted_wilson",
                        },
                    }
                ],
            },
        )
    ),
)
def shadow(name: Name, here: Here) -> dict[str, Any]:
    """Only what differs, cell by cell.

    `upheld` and `overturned` are items that people decided as it would have done, and otherwise;
    `precision` is the share of the first over all such items.
    """
    trial = here.services.releasing.show(name).shadow
    if trial is None:
        what = "shadow"
        raise NotFound(what, name)
    with here.services.store.read() as connection:
        cells: list[Cell] = differences(connection, trial)
    return {"trial": asdict(trial), "cells": [asdict(each) for each in cells]}


def _figure(compared: Compared) -> Figure:
    found = compared.difference
    return Figure(
        metric=compared.metric.value,
        standing=compared.standing.value,
        share=compared.group.share,
        control_share=compared.control.share,
        items=compared.group.items,
        control_items=compared.control.items,
        difference=None if found is None else found.value,
        low=None if found is None else found.low,
        high=None if found is None else found.high,
        limit=compared.limit,
        says=compared.says,
    )
