"""The classifiers in force."""

from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import Field

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Calling, Here, Name, Sent, Text
from queues.api.routes import examples
from queues.policies import models
from queues.policies.models import ActivatedModels, ListedModel

router = APIRouter(route_class=Operation, tags=["models"], prefix="/v1/models")

_VERSION: Final = "5b2f0d6c1e9a4d7788f0c3a1b2d4e6f8091a2b3c4d5e6f708192a3b4c5d6e7f8"
_LISTED: Final = {
    "version": _VERSION,
    "name": "hate",
    "published_by": "cli:ana",
    "published_at": examples.MOMENT,
    "active": True,
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
    return {"models": models.listed_models(here.services.store, limit)}


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
