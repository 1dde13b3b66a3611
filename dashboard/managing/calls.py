"""What these pages ask of the API."""

from datetime import datetime
from typing import Final

from dashboard.asking import Asked
from dashboard.gateway import Answer
from dashboard.person import here

STATEMENTS: Final = "/v1/statements"


def queues() -> Asked:
    """What waits in each queue, and for how long a new case will."""
    return "/v1/queues", {}


def workload(hours: int) -> Asked:
    """Ages of cases, and by hour what came, was decided, and who voted."""
    return "/v1/quality/workload", {"hours": hours}


def rules(since: datetime) -> Asked:
    """How each rule of the release in force does."""
    return "/v1/rules", {"since": since.isoformat()}


def models() -> Asked:
    """All models, the last first."""
    return "/v1/models", {}


def trainings() -> Asked:
    """All trainings, the last first."""
    return "/v1/training", {}


def feedback() -> Asked:
    """How long it takes until models know what people decided."""
    return "/v1/quality/feedback", {}


def model(version: str) -> Answer:
    """One model, with what it learnt from and what the gate said."""
    return here().gateway.get(f"/v1/models/{version}")


def bring_into_force(versions: list[str], note: str) -> Answer:
    """Models take the place of those in force."""
    return here().gateway.post("/v1/models:activate", {"versions": versions, "note": note})


def train(score: str | None) -> Answer:
    """Ask for a training."""
    return here().gateway.post("/v1/training", {} if score is None else {"score": score})


def appeals(since: datetime) -> Asked:
    """Appeals by what they are against."""
    return "/v1/quality/appeals", {"since": since.isoformat()}


def statements(since: datetime) -> Asked:
    """Statements of reasons, counted."""
    return f"{STATEMENTS}/counts", {"since": since.isoformat()}
