"""The classifiers in force."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from pydantic import Field

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Calling, Here, Name, Sent, Text
from queues.api.routes import examples
from queues.policies import models
from queues.policies.models import ActivatedModels
from queues.policies.registry import ListedModel, ShownModel, listed_models, shown_model

router = APIRouter(route_class=Operation, tags=["models"], prefix="/v1/models")

_VERSION: Final = "5b2f0d6c1e9a4d7788f0c3a1b2d4e6f8091a2b3c4d5e6f708192a3b4c5d6e7f8"
_QUALITY: Final = {
    "rows": 4_200,
    "positives": 610,
    "accuracy": {"mean": 0.94, "deviation": 0.008},
    "macro_f1": {"mean": 0.87, "deviation": 0.014},
    "auroc": {"mean": 0.96, "deviation": 0.007},
    "calibration_error": {"mean": 0.019, "deviation": 0.004},
}
_LISTED: Final = {
    "version": _VERSION,
    "name": "hate",
    "published_by": "machine:training",
    "published_at": examples.MOMENT,
    "active": True,
    "state": "in_force",
    "aliases": ["champion"],
    "figures": {"score.hate": _QUALITY},
    "training": examples.ID,
}
_LEARNT: Final[dict[str, Any]] = {
    "state": "promoted",
    "reasons": ["certificates are earned again"],
    "remarks": [],
    "judged": {"comparisons": [], "calibrations": [], "challenges": {}},
    "champion": None,
    "rows": 5_250,
    "scores": {"score.hate": ["hate"]},
    "manifest": {"training": 4_200, "calibration": 3_900, "held_out": 1_050},
}
_ACTIVATED: Final = {"versions": [_VERSION], "before": [], "warnings": []}


class Wanted(Sent):
    """Classifiers to score texts from now on, and no others."""

    versions: Annotated[tuple[Name, ...], Field(max_length=20)]
    """Their versions, or the first digits of them; none: nothing scores texts."""
    note: Annotated[Text, Field(max_length=2_000)] | None = None
    """Why, for people."""


@router.get(
    "",
    **documented(
        Says(summary="List models", asks=Permission.MODELS_READ, example={"models": [_LISTED]})
    ),
)
def show(
    here: Here, limit: Annotated[int, Query(ge=1, le=1_000)] = 100
) -> dict[str, list[ListedModel]]:
    """The last published first; they are published with `tierwise model publish`."""
    return {"models": listed_models(here.services.store, limit)}


@router.get(
    "/{version}",
    **documented(
        Says(
            summary="Show a model",
            asks=Permission.MODELS_READ,
            fails=(404,),
            example={"model": _LISTED, "learnt": _LEARNT},
        )
    ),
)
def details(version: Name, here: Here) -> ShownModel:
    """By its version or the first digits: figures, what it learnt from, why it was let in or not.

    `learnt` is null where it came as a file.
    """
    return shown_model(here.services.store, version)


@router.post(
    ":activate",
    **documented(
        Says(
            summary="Bring models into force",
            asks=Permission.MODELS_ACTIVATE,
            fails=(404,),
            sent={"versions": [_VERSION[:12]], "note": "less noise"},
            example=_ACTIVATED,
        )
    ),
)
def activate(wanted: Wanted, here: Here, caller: Calling) -> ActivatedModels:
    """All of them together take the place of those in force."""
    return models.activate_models(
        here.services.store, wanted.versions, by=caller.actor, note=wanted.note
    )
