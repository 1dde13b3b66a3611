"""How long it takes until a model in force contains what people decided."""

from pathlib import Path

import pytest

from queues.measurement.feedback import latencies
from queues.policies.registry import shown_model
from queues.quality.golds import Answer
from queues.store.session import Store
from tests.integration.schools import BY, School


@pytest.fixture
def school(store: Store, tmp_path: Path) -> School:
    """An installation that learns one score from one policy."""
    return School(store, tmp_path)


def test_a_model_contains_what_it_was_trained_on(school: School) -> None:
    """What it was judged by waits for the next one; what nothing may be learnt from does not."""
    school.teach(120)
    school.close()
    first = school.train()
    assert first.state == "promoted", first.reasons
    parts = shown_model(school.store, str(first.challenger)).learnt
    assert parts is not None
    saved = parts.judged["accelerations"]["score.hate"]
    assert (saved["strategy"], saved["value"], saved["labels"] < saved["needs"]) == (
        "margin",
        None,
        True,
    )
    trained, held_out = parts.manifest["training"], parts.manifest["held_out"]
    assert (trained + held_out, held_out > 20) == (120, True)
    (told,) = latencies(school.store, since=None).models
    assert (told.name, told.labels, told.live) == ("hate", 120, trained)
    newest = school.rows(
        "SELECT item_id, sender_id FROM items JOIN cases ON items.id = item_id"
        " ORDER BY cases.closed_at DESC LIMIT 1"
    )
    school.golds.add(newest[0]["sender_id"], "set", by=BY, answer=Answer(action="publish"))
    (told,) = latencies(school.store, since=None).models
    assert (told.labels, told.live) == (119, trained)
    school.teach(300, seed=1)
    school.close()
    assert school.train().state == "promoted"
    (told,) = latencies(school.store, since=None).models
    assert told.live > 120
