"""Training models from what people decided."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Calling, Here, Name, Sent
from queues.api.routes import examples
from queues.learning import Training

router = APIRouter(route_class=Operation, tags=["models"], prefix="/v1/training")

_TRAINING: Final[dict[str, Any]] = {
    "id": examples.ID,
    "name": "hate",
    "scores": {"score.hate": ["hate"]},
    "state": "asked",
    "trigger": "hand",
    "asked_by": "person:mia",
    "asked_at": examples.MOMENT,
    "started_at": None,
    "ended_at": None,
    "labels": None,
    "rows": None,
    "champion": None,
    "challenger": None,
    "reasons": [],
    "remarks": [],
}


class Asked(Sent):
    """A training that somebody wants."""

    score: Name | None = None
    """Only the model that fills this score, such as `score.hate`; by default all."""


@router.get(
    "",
    **documented(
        Says(
            summary="List trainings",
            asks=Permission.MODELS_READ,
            example={
                "trainings": [
                    _TRAINING
                    | {
                        "state": "refused",
                        "started_at": examples.MOMENT,
                        "ended_at": examples.LATER,
                        "labels": 512,
                        "rows": 5_250,
                        "reasons": ["`score.hate`: its calibration error on the hold-out is …"],
                    }
                ]
            },
        )
    ),
)
def show(
    here: Here, limit: Annotated[int, Query(ge=1, le=1_000)] = 100
) -> dict[str, list[Training]]:
    """The last one first; `reasons` say why each was promoted or refused, or failed."""
    return {"trainings": here.services.trainings.listed(limit)}


@router.post(
    "",
    **documented(
        Says(
            summary="Train models",
            asks=Permission.MODELS_TRAIN,
            fails=(409,),
            sent={"score": "score.hate"},
            example={"trainings": [_TRAINING]},
            status=202,
        )
    ),
)
def start(asked: Asked, here: Here, caller: Calling) -> dict[str, list[Training]]:
    """A worker does it (`tierwise worker --queues learning`); what came of it stands in the list.

    A model that is promoted is in force at once, by the gate and not by a person.
    """
    return {"trainings": here.services.trainings.ask(score=asked.score, by=caller.actor)}
