"""Items come in: judged, stored and answered in one transaction, each of them once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.errors import InvalidItem
from queues.errors import Conflict
from queues.intake import Accepted, Intake, Rejected
from queues.intake.answers import State
from queues.settings import Signal
from queues.store.session import Store
from tests.integration.intakes import accepted, counted, intake_over, judge_of, rows


@pytest.fixture
def intake(store: Store, tmp_path: Path) -> Intake:
    """An intake over an empty store."""
    return intake_over(store, judge_of(tmp_path))


def test_tiers_leave_what_they_need(intake: Intake, store: Store) -> None:
    """Nothing, an action, a case of one reviewer, or a panel: each with rows and messages."""
    fine, removed, looked_at, panel = accepted(
        intake,
        {"id": "a", "text": "hello"},
        {"id": "b", "text": "hello", "score.hate": 0.92},
        {"id": "c", "text": "hello", "score.hate": 0.6},
        {"id": "d", "text": "a zorbling"},
    )
    assert [each.state for each in (fine, removed)] == [State.DECIDED] * 2
    assert [each.state for each in (looked_at, panel)] == [State.IN_REVIEW] * 2
    assert [each.action for each in (fine, removed, looked_at, panel)] == [
        "publish",
        "remove",
        "hide",
        "publish",
    ]
    messages = rows(store, "SELECT task, priority FROM outbox ORDER BY id")
    assert sorted((each["task"], each["priority"]) for each in messages) == [
        ("auto.enforce", 3),
        ("auto.enforce", 6),  # hidden while people look
        ("senior.convene", 0),
        ("single.open", 6),
    ]
    decisions = rows(store, "SELECT tier, action, policy, made_by FROM decisions ORDER BY action")
    assert [(each["tier"], each["action"]) for each in decisions] == [
        ("single", "hide"),
        ("auto", "remove"),
    ]
    cases = rows(store, "SELECT * FROM cases ORDER BY tier")
    assert [(each["tier"], each["queue"], each["state"]) for each in cases] == [
        ("senior", "senior", "waiting"),
        ("single", "general", "waiting"),
    ]
    assert looked_at.case is not None
    assert looked_at.case.id == cases[1]["id"]
    assert counted(store)("audit_events") == 4


def test_a_sample_is_a_case_beside_the_decision(intake: Intake, store: Store) -> None:
    """A quality sample opens a case and leaves the item decided."""
    (one,) = accepted(intake, {"id": "a", "text": "hello", "score.hate": 0.97})
    assert one.state is State.DECIDED
    (case,) = rows(store, "SELECT purpose, queue FROM cases")
    assert case == {"purpose": "sample", "queue": "qa"}
    (verdict,) = rows(store, "SELECT inclusion_probability FROM verdicts")
    assert verdict["inclusion_probability"] == 1.0


def test_the_same_item_again_gets_the_same_answer(intake: Intake, store: Store) -> None:
    """Whatever the order of its keys; and nothing is written twice."""
    (first,) = accepted(intake, {"id": "a", "text": "hello", "score.hate": 0.6})
    (again,) = accepted(intake, {"score.hate": 0.6, "text": "hello", "id": "a"})
    assert again.duplicate
    assert (again.item_id, again.verdict_id, again.case) == (
        first.item_id,
        first.verdict_id,
        first.case,
    )
    assert again.summary == first.summary
    assert [counted(store)(table) for table in ("items", "cases", "outbox")] == [1, 1, 2]


def test_other_content_under_a_known_id_is_refused(intake: Intake) -> None:
    """A decision belongs to what was decided; in one request as in two."""
    accepted(intake, {"id": "a", "text": "hello"})
    first, second, third = intake.accept(
        [{"id": "a", "text": "changed"}, {"id": "b", "text": "x"}, {"id": "b", "text": "y"}],
        actor="key:test",
    )
    assert isinstance(first, Rejected)
    assert isinstance(first.problem, Conflict)
    assert isinstance(second, Accepted)
    assert isinstance(third, Rejected)


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        ("a word", "item"),
        ({"id": "a"}, "text"),
        ({"id": "a", "text": 5}, "text"),
        ({"id": "", "text": "x"}, "id"),
        ({"id": "a\x00", "text": "x"}, "id"),
        ({"id": "a", "text": "x", "author": {"id": "u\x00"}}, "author.id"),
        ({"id": "a", "text": "x" * 1_001}, "text"),
        ({"id": "a", "text": "x", "score.hate": 2}, "score.hate"),
    ],
)
def test_a_bad_item_is_refused_and_the_others_kept(intake: Intake, raw: object, where: str) -> None:
    """The answer names the field."""
    bad, good = intake.accept([raw, {"id": "good", "text": "hello"}], actor="key:test")
    assert isinstance(bad, Rejected)
    assert isinstance(bad.problem, InvalidItem)
    assert bad.problem.field == where
    assert isinstance(good, Accepted)


def test_text_of_any_kind_is_kept_as_it_was_sent(intake: Intake, store: Store) -> None:
    """A character 0, an emoji, a tab and a backslash in a text come back as they were."""
    text = "a\x00b \U0001f600 \t \\N \\. \u202e"
    accepted(intake, {"id": "a", "text": text})
    assert rows(store, "SELECT input FROM verdicts")[0]["input"]["raw"]["text"] == text


def test_an_item_without_an_id_is_named_by_the_key(intake: Intake, store: Store) -> None:
    """The same request again is the same items; without a key each is new."""
    raws = [{"text": "one"}, {"text": "two"}]
    first = intake.accept(raws, actor="key:test", key="k")
    again = intake.accept(raws, actor="key:test", key="k")
    assert [each.item_id for each in first if isinstance(each, Accepted)] == [
        each.item_id for each in again if isinstance(each, Accepted)
    ]
    accepted(intake, {"text": "one"}, {"text": "one"})
    assert counted(store)("items") == 4


def test_two_clients_post_the_same_items_at_once(intake: Intake, store: Store) -> None:
    """Each item is written once, and everybody gets an answer."""
    raws = [{"id": f"item-{number}", "text": "hello", "score.hate": 0.6} for number in range(40)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: accepted(intake, *raws), range(8)))
    assert len({tuple(each.item_id for each in answer) for answer in answers}) == 1
    assert [counted(store)(table) for table in ("items", "verdicts", "cases")] == [40, 40, 40]


def test_an_item_waits_for_the_signals_it_needs(store: Store, tmp_path: Path) -> None:
    """It is told a verdict that has no effect yet; one that brings the value does not wait."""
    source = Signal(name="pictures", fields=("score.image",), url="http://x/", kinds=("image",))
    intake = intake_over(store, judge_of(tmp_path), [source])
    waiting, brought, other = accepted(
        intake,
        {"id": "a", "kind": "image"},
        {"id": "b", "kind": "image", "score.image": 0.7},
        {"id": "c", "text": "hello"},
    )
    assert waiting.state is State.WAITING_FOR_SIGNALS
    assert waiting.summary.tier == "senior"  # the first verdict: it could not tell
    assert brought.state is other.state is State.DECIDED
    assert counted(store)("cases") == 0
    assert [each["task"] for each in rows(store, "SELECT task FROM outbox ORDER BY task")] == [
        "auto.enforce",
        "auto.fetch_signals",
    ]
