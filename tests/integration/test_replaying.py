"""A stored verdict is judged again to the same bytes, or it is told what differs."""

from uuid import uuid4

import orjson
import pytest
from sqlalchemy import text

from queues.arms import Arms
from queues.errors import NotFound
from queues.intake import Intake
from queues.intake.ordering import Orders
from queues.judging import Judge
from queues.policies import models
from queues.policies.inforce import InForce
from queues.records.replaying import Replayed, differences, replay
from queues.store.session import Store
from tests.generators.labelled import small_file
from tests.integration.intakes import accepted, rows
from tests.integration.policies import BY, activated

RAWS = (
    {"id": "a", "kind": "post", "text": "all zorblings"},
    {"id": "b", "kind": "comment", "text": "good morning, “naïve” 🙂\n", "score.unkind": 0.1 + 0.2},
    {
        "id": "c",
        "kind": "post",
        "text": "x",
        "score.unkind": 0.97,
        "extra": {"kept": [1, None, 1e300]},
    },
    {"id": "6f9619ff-8b86-d011-b42d-00cf4fc964ff", "kind": "post", "text": ""},
)


@pytest.fixture
def judged(store: Store) -> Store:
    """A store with items that were judged by a release and a model."""
    activated(store)
    version = models.publish_model(store, small_file(), by=BY).version
    models.activate_models(store, [version], by=BY)
    active = InForce(store).active
    judge = Judge(active.release, active.classifiers)
    intake = Intake(
        store=store,
        judging=lambda: Arms(control=judge),
        orders=Orders(()),
        author_facts=lambda _connection, _authors: {},
        longest_text=1_000,
    )
    accepted(intake, *RAWS)
    activated(store, threshold=0.1)
    models.activate_models(store, [], by=BY)
    return store


def test_verdicts_are_the_same_to_the_byte(judged: Store) -> None:
    """Under the release and models of then, whatever is in force now; and it is recorded."""
    for raw in RAWS:
        (again,) = replay(judged, str(raw["id"]), by="cli:ana")
        assert again.same, again
        assert again.models
        assert replay(judged, str(again.item_id), by="cli:ana", verdict_id=again.verdict_id)
    read = rows(judged, "SELECT actor FROM audit_events WHERE kind = 'item.replayed'")
    assert len(read) == 2 * len(RAWS)
    assert read[0]["actor"] == "cli:ana"


def test_what_differs_is_named(judged: Store) -> None:
    """A changed verdict, a changed score, a changed item: each place, with both values."""
    change(judged, "a", "trace = replace(trace::text, '\"general\"', '\"other\"')::json")
    (wrong,) = again(judged, "a").differences
    assert (wrong.path, wrong.was, wrong.now) == ("/trace/queue", '"other"', '"general"')
    change(judged, "b", "trace = replace(trace::text, ',', ', ')::json")
    assert [each.path for each in again(judged, "b").differences] == ["/trace"]
    change(judged, "c", "input = replace(input::text, '0.97', '0.07')::json")
    told = {each.path for each in again(judged, "c").differences}
    assert {"/trace/action", "/trace/rules/0"} <= told
    change(judged, RAWS[3]["id"], "input = replace(input::text, 'score.good', 'score.bad')::json")
    assert [(each.path, each.was is None) for each in again(judged, RAWS[3]["id"]).differences] == [
        ("/signals/score.bad", False),
        ("/signals/score.good", True),
    ]


def test_what_stands_in_the_way_is_named(judged: Store) -> None:
    """Verdicts of erased items, and those of releases or models that are gone."""
    change(judged, "a", "input = json_build_object('erased', true)")
    change(judged, "b", "release = 'gone'")
    change(judged, "c", "models = '{gone}'")
    for name, told in (("a", "erased"), ("b", "release `gone`"), ("c", "model `gone`")):
        replayed = again(judged, name)
        assert told in str(replayed.obstacle)
        assert not replayed.same


def test_items_and_verdicts_that_are_not_there(judged: Store) -> None:
    """A name nobody used, and a verdict of another item."""
    with pytest.raises(NotFound):
        replay(judged, "nobody", by=BY)
    with pytest.raises(NotFound):
        replay(judged, str(uuid4()), by=BY)
    other = again(judged, "b").verdict_id
    with pytest.raises(NotFound):
        replay(judged, "a", by=BY, verdict_id=other)


def test_differences_are_pointers() -> None:
    """Paths are those of RFC 6901, into objects and lists, down to what differs."""
    was = {"a/b": [1, {"~": None}, 3], "kind": "x", "same": [[]], "gone": True}
    now = {"a/b": [1, {"~": 0}], "kind": ["x"], "same": [[]]}
    assert [(each.path, each.was, each.now) for each in differences(was, now)] == [
        ("/a~1b/1/~0", "null", "0"),
        ("/a~1b/2", "3", None),
        ("/gone", "true", None),
        ("/kind", '"x"', '["x"]'),
    ]
    assert list(differences(orjson.loads("1"), orjson.loads("1.0")))


def again(store: Store, item: object) -> Replayed:
    """The one verdict of an item, judged again."""
    (replayed,) = replay(store, str(item), by=BY)
    return replayed


def change(store: Store, item: object, how: str) -> None:
    """Change what is stored of an item's verdict."""
    with store.transaction() as connection:
        statement = text(
            f"UPDATE verdicts SET {how} FROM items"  # noqa: S608
            " WHERE items.id = item_id AND sender_id = :item"
        )
        assert connection.execute(statement, {"item": item}).rowcount == 1
