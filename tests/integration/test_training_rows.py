"""All outcomes become training rows, each with what tells how much it counts."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from engine.learning import Feedback, TrainingRow
from queues.learning.rows import Labelled, labelled, standing
from queues.quality.golds import Answer
from queues.records.erasing import erase_item
from queues.review import Ballot
from queues.store.session import Store
from tests.integration.desks import Desk

HATE = {"score.hate": ("hate",)}


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation in which votes count at once."""
    return Desk(store, tmp_path)


def learnt(desk: Desk, scores: Mapping[str, tuple[str, ...]] | None = None) -> Labelled:
    """What can be learnt now."""
    with desk.store.read() as connection:
        now = connection.execute(text("SELECT now()")).scalar_one()
        found = standing(connection, now - timedelta(days=1), now, 1_000)
        return labelled(connection, found, scores or HATE)


def by_item(desk: Desk, scores: Mapping[str, tuple[str, ...]] | None = None) -> dict[str, Any]:
    """The same, by the sender's id of the item."""
    found = learnt(desk, scores)
    names = {row["id"]: row["sender_id"] for row in desk.rows("SELECT id, sender_id FROM items")}
    return {names[found.items[row.id]]: row for row in found.rows}


def test_decisions_of_people_say_yes_or_no(desk: Desk) -> None:
    """Yes where people acted under the policy; no where they published, or named another one."""
    desk.send("odd", "odd", "odd", "vile")
    desk.work()
    assert by_item(desk) == {}, "what the machine decides is no label"
    desk.says("ana", "remove", "hate.slur")
    desk.says("ana", "keep")
    case = desk.next("ana")
    desk.review.vote(
        Ballot(case_id=case.id, reviewer="ana", action="hide", policy="self-harm", reasons=())
    )
    desk.work()
    found = by_item(desk, HATE | {"score.harm": ("self-harm", "appeal")})
    assert {name: row.answers for name, row in found.items()} == {
        "i0": {"score.hate": True, "score.harm": False},
        "i1": {"score.hate": False, "score.harm": False},
        "i2": {"score.hate": False, "score.harm": True},
    }
    assert (found["i0"].text, found["i1"].text) == ("odd 0", "odd 1")
    assert learnt(desk).untaught == {"self-harm": 1}
    for name, row in found.items():
        (item,) = desk.rows("SELECT * FROM items WHERE sender_id = :name", name=name)
        assert row.came == item["received_at"].timestamp()
        assert row.at == item["decided_at"].timestamp()
        assert (row.inclusion, row.uncertainty) == (1.0, None)


def test_what_people_saw_tells_confirmation_from_correction(desk: Desk) -> None:
    """Beside what held meanwhile, or beside scores; what was answered blind is neither."""
    desk.send("slur", "slur", "odd", "odd", "grave")
    desk.work()
    for action in ("remove", "keep", "remove", "keep"):
        desk.says("ana", action, *(["hate.slur"] if action == "remove" else []))
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE votes SET blind = false"))
    desk.panel_says({"ana": "remove", "bo": "remove", "cleo": "keep"}, "hate.attack")
    found = by_item(desk)
    confirmed, corrected = Feedback.CONFIRMED, Feedback.CORRECTED
    wanted = [confirmed, corrected, corrected, confirmed, Feedback.LABELLED]
    assert [found[f"i{number}"].feedback for number in range(5)] == wanted
    assert found["i4"].answers == {"score.hate": True}
    scored(desk, i0=0.2, i1=0.4, i2=0.9, i3=0.5)
    found = by_item(desk)
    wanted = [corrected, confirmed, confirmed, corrected, Feedback.LABELLED]
    assert [found[f"i{number}"].feedback for number in range(5)] == wanted
    unsure = [found[f"i{number}"].uncertainty for number in range(4)]
    assert unsure == pytest.approx([0.4, 0.8, 0.2, 1.0])


def scored(desk: Desk, **scores: float) -> None:
    """A classifier had said this of items."""
    with desk.store.transaction() as connection:
        for name, score in scores.items():
            connection.execute(
                text("""
                UPDATE verdicts SET input = jsonb_set(input::jsonb, '{signals}',
                    jsonb_build_object('score.hate', CAST(:score AS float)))::json
                FROM items WHERE items.id = verdicts.item_id AND sender_id = :name
                """),
                {"name": name, "score": score},
            )


def test_the_decision_that_stands_is_the_answer(desk: Desk) -> None:
    """An appeal beats a panel, a panel beats one reviewer, and later beats earlier."""
    desk.send("vile", "odd")
    desk.work()
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE verdicts SET inclusion_probability = 0.2"))
    desk.says("ana", "remove", "hate.slur")
    desk.work()
    desk.appeal("i0")
    desk.says("ben", "keep")
    desk.work()
    found = by_item(desk)
    assert found["i0"].answers == {"score.hate": False}
    assert found["i0"].inclusion is None, "who appeals selects themselves"
    assert found["i1"].answers == {"score.hate": True}
    desk.appeal("i1")
    desk.panel_says({"ben": "keep", "cleo": "keep", "dan": "keep"})
    after = by_item(desk)["i1"]
    assert (after.answers, after.inclusion) == ({"score.hate": False}, 0.2)
    copy_of_decision(desk, "i1", "remove", purpose="review", tier="senior")
    assert by_item(desk)["i1"] == after
    copy_of_decision(desk, "i1", "remove", purpose="appeal", tier="senior")
    assert by_item(desk)["i1"].answers == {"score.hate": True}
    desk.send("grave")
    desk.work()
    desk.panel_says({"ben": "remove", "cleo": "remove", "dan": "remove"}, "hate.attack")
    copy_of_decision(desk, "i2", "publish", purpose="review", tier="single")
    assert by_item(desk)["i2"].answers == {"score.hate": True}


def copy_of_decision(desk: Desk, name: str, action: str, *, purpose: str, tier: str) -> None:
    """One more decision about an item, in a case of this purpose."""
    with desk.store.transaction() as connection:
        connection.execute(
            text("""
            INSERT INTO decisions (id, item_id, verdict_id, case_id, made_by, tier, action, reasons,
                policy, inclusion_probability)
            SELECT uuidv7(), item_id, verdict_id, id, 'person', :tier, :action, '{}', 'hate', 1
            FROM cases WHERE purpose = :purpose
                AND item_id = (SELECT id FROM items WHERE sender_id = :name)
            """),
            {"name": name, "action": action, "purpose": purpose, "tier": tier},
        )


def test_samples_carry_their_chance(desk: Desk) -> None:
    """The chance at which people saw it stands with the row, and is that of the sample."""
    desk.send("sampled fine", "sampled fine")
    desk.work()
    with desk.store.transaction() as connection:
        connection.execute(
            text("UPDATE verdicts SET inclusion_probability = 0.05 WHERE tier <> 'single'")
        )
    desk.says("ana", "keep")
    desk.says("ana", "hide", "hate.attack")
    rows: dict[str, TrainingRow] = by_item(desk)
    assert [rows[name].inclusion for name in ("i0", "i1")] == [0.05, 0.05]
    assert [rows[name].answers["score.hate"] for name in ("i0", "i1")] == [False, True]
    assert rows["i0"].feedback is Feedback.LABELLED, "samples are answered blind"


def test_gold_and_what_is_erased_are_no_rows(desk: Desk) -> None:
    """Nor are duplicates of gold; duplicates of others share a group, and how they were seen."""
    for author in ("a", "b", "c"):
        desk.send("", text="a slur, word for word", author={"id": author})
    desk.send("odd", "odd")
    desk.work()
    desk.says("ana", "remove", "hate.slur")
    desk.work()
    desk.says("ana", "remove", "hate.slur")
    desk.says("ana", "keep")
    found = by_item(desk)
    assert set(found) == {"i0", "i1", "i2", "i3", "i4"}
    assert len({found[name].group for name in ("i0", "i1", "i2")}) == 1
    assert {found[name].feedback for name in ("i0", "i1", "i2")} == {Feedback.CONFIRMED}
    assert found["i3"].group not in {None, found["i0"].group}
    twin = next(row for row in desk.rows("SELECT id FROM decisions WHERE twin_of IS NOT NULL"))
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE votes SET blind = true"))
        (alone,) = labelled(connection, [twin["id"]], HATE).rows
    assert alone.feedback is Feedback.LABELLED, "as its twin was seen"
    erase_item(desk.store, "i3", by="k")
    desk.golds.add("i0", "school", by="k", answer=Answer(action="remove", reasons=("hate.slur",)))
    assert set(by_item(desk)) == {"i4"}


def test_what_certificates_are_earned_with_is_not_learnt_from(desk: Desk) -> None:
    """Nor are its duplicates: a model must not be tested on what it has seen."""
    desk.send("odd", "odd", "odd")
    desk.work()
    for name in ("ana", "bo", "cleo"):
        desk.says(name, "keep")
    desk.work()
    assert set(by_item(desk)) == {"i0", "i1", "i2"}
    with desk.store.transaction() as connection:
        connection.execute(
            text("""
            UPDATE cases SET content = 'one' FROM items
            WHERE items.id = cases.item_id AND sender_id IN ('i0', 'i1')
            """)
        )
        connection.execute(
            text("""
            INSERT INTO certifying_labels
                (rule, case_id, release, model, item_id, content, acting)
            SELECT 'remove', cases.id, 'r', '', item_id, cases.content, true
            FROM cases JOIN items ON items.id = cases.item_id WHERE sender_id = 'i0'
            """)
        )
    assert set(by_item(desk)) == {"i2"}
