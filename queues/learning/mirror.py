"""Shows trainings in MLflow too, for whoever looks there. Postgres stays what holds."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import structlog

from queues.learning.runs import Training
from queues.settings import hand_down

_EXPERIMENT: Final = "tierwise"
#: MLflow's names of metrics have letters, digits, `_`, `-`, `.`, `/`, `:` and spaces.
_PLAIN: Final = str.maketrans({"'": "_", '"': "_", "(": "_", ")": "_", ",": "_"})
#: It would tell its makers that it is used.
_UNTOLD: Final = ("MLFLOW_DISABLE_TELEMETRY", "true")
_MISSING: Final = "MLflow is not installed: pip install 'tierwise[mlflow]'"

_log = structlog.get_logger(__name__)


def mirror(training: Training, figures: Mapping[str, Any] | None, tracking: str) -> bool:
    """Write a training that ended into MLflow; says whether it stands there.

    Args:
        training: As it ended.
        figures: Of the gate; None: it failed before.
        tracking: The address of MLflow, such as `https://mlflow.example.org`.
    """
    hand_down(*_UNTOLD)
    try:
        from mlflow.tracking import MlflowClient  # noqa: PLC0415 - an extra
    except ImportError:
        _log.warning("training is not mirrored", name=training.name, reason=_MISSING)
        return False
    try:
        _write(MlflowClient(tracking_uri=tracking), training, figures or {})
    except Exception as problem:  # noqa: BLE001 - whatever is wrong over there, the training stands
        kind = type(problem).__name__
        _log.warning("training is not mirrored", name=training.name, reason=kind)
        return False
    return True


def _write(client: Any, training: Training, figures: Mapping[str, Any]) -> None:  # noqa: ANN401 - an extra
    name = f"{_EXPERIMENT}/{training.name}"
    known = client.get_experiment_by_name(name)
    experiment = client.create_experiment(name) if known is None else known.experiment_id
    run = client.create_run(experiment, run_name=str(training.id), tags=_tags(training))
    for key, value in _parameters(training):
        client.log_param(run.info.run_id, key, value)
    for key, number in metrics(figures):
        client.log_metric(run.info.run_id, key.translate(_PLAIN), number)
    ended = "FAILED" if training.state in {"failed", "abandoned"} else "FINISHED"
    client.set_terminated(run.info.run_id, ended)


def _tags(training: Training) -> dict[str, str]:
    told = {"state": training.state, "reasons": "\n".join(training.reasons)}
    if training.challenger is not None:
        told["version"] = training.challenger
    if training.champion is not None:
        told["champion"] = training.champion
    return {f"tierwise.{key}": value for key, value in told.items()}


def _parameters(training: Training) -> Iterator[tuple[str, object]]:
    yield "trigger", training.trigger
    yield "labels", training.labels
    yield "rows", training.rows
    for score, policies in training.scores.items():
        yield score, ", ".join(policies)


def metrics(figures: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """Figures of the gate by name: what the challenger does, what it gains, and its challenges."""
    for each in figures.get("comparisons", ()):
        name = f"{each['label']} {each['criterion']}"
        yield name, each["challenger"]
        for part in ("champion", "gain", "low", "high"):
            yield f"{name} {part}", each[part]
    for each in figures.get("calibrations", ()):
        yield f"{each['label']} calibration error", each["error"]
    for suite, changes in figures.get("challenges", {}).items():
        for change in changes:
            yield f"{suite}/{change['function']}", change["after"] / change["cases"]
