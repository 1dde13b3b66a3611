"""Trainings are shown in MLflow too, where it is installed; where not, they end all the same."""

from pathlib import Path

import pytest

from queues.learning.mirror import metrics, mirror
from queues.store.session import Store
from tests.integration.schools import School

_NOWHERE = "no-such-scheme://nowhere"
#: Figures of a gate, as they are stored.
FIGURES = {
    "comparisons": [
        {
            "label": "score.hate",
            "criterion": "log loss",
            "champion": 0.5,
            "challenger": 0.4,
            "gain": 0.1,
            "low": 0.05,
            "high": 0.15,
        }
    ],
    "calibrations": [{"label": "score.hate", "error": 0.02}],
    "challenges": {"score.hate/own": [{"function": "negated", "cases": 8, "after": 6}]},
}


def test_figures_have_names() -> None:
    """One for each comparison and its interval, for calibration, and for each function."""
    assert dict(metrics(FIGURES)) == {
        "score.hate log loss": 0.4,
        "score.hate log loss champion": 0.5,
        "score.hate log loss gain": 0.1,
        "score.hate log loss low": 0.05,
        "score.hate log loss high": 0.15,
        "score.hate calibration error": 0.02,
        "score.hate/own/negated": 0.75,
    }


def test_a_training_ends_whatever_becomes_of_its_mirror(store: Store, tmp_path: Path) -> None:
    """MLflow is not there, or not at its address: the training stands."""
    school = School(store, tmp_path, mlflow=_NOWHERE)
    school.teach(100)
    done = school.train()
    assert done.state in {"promoted", "refused"}
    assert not mirror(done, FIGURES, _NOWHERE)


def test_trainings_are_shown_in_mlflow(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """State, version and reasons as tags, figures as metrics; a failed one says that it failed."""
    tracking = pytest.importorskip("mlflow.tracking", reason="the extra `mlflow` is not installed")
    # A folder instead of a server: it has to be allowed.
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    address = (tmp_path / "mlruns").as_uri()
    school = School(store, tmp_path, mlflow=address)
    failed = school.train()
    school.teach(100)
    done = school.train()
    client = tracking.MlflowClient(tracking_uri=address)
    experiment = client.get_experiment_by_name("tierwise/hate")
    runs = {run.info.run_name: run for run in client.search_runs([experiment.experiment_id])}
    assert runs[str(failed.id)].info.status == "FAILED"
    run = runs[str(done.id)]
    assert run.info.status == "FINISHED"
    assert run.data.tags["tierwise.version"] == done.challenger
    assert run.data.tags["tierwise.state"] == done.state
    assert run.data.tags["tierwise.reasons"] == "\n".join(done.reasons)
    assert run.data.params["score.hate"] == "hate"
    assert run.data.metrics["score.hate log loss"] > 0
