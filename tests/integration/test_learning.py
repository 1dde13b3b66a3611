"""What people decide is learnt from: a challenger comes into force, or it is said why not."""

import gzip
import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.errors import InvalidManifest
from queues.certifying import Certifier
from queues.errors import Conflict, Refused, Unavailable
from queues.learning import runs
from queues.learning.again import again
from queues.learning_settings import Suite
from queues.policies import models
from queues.policies.inforce import InForce
from queues.policies.registry import ModelState, listed_models, shown_model
from queues.records.erasing import erase_item
from queues.sections import Certifying
from queues.store.outbox import Task
from queues.store.session import Store
from tests.generators.labelled import KIND, UNKIND, small_file
from tests.integration.policies import activated
from tests.integration.schools import BY, School


@pytest.fixture
def school(store: Store, tmp_path: Path) -> School:
    """An installation that learns one score from one policy."""
    return School(store, tmp_path)


def test_the_first_model_comes_into_force_and_worse_ones_do_not(school: School) -> None:
    """Better than the base rate: promoted. Taught upside down: refused, with all reasons."""
    school.challenge_words()
    school.teach(120)
    first = school.train()
    assert first.state == "promoted", first.reasons
    assert first.challenger is not None
    assert models.active_models(school.store) == (first.challenger,)
    assert (first.labels, first.rows, first.champion) == (120, 120, None)
    school.teach(240, seed=1, upside_down=True)
    second = school.train()
    assert second.state == "refused"
    assert (second.labels, second.rows, second.champion) == (240, 360, first.challenger)
    assert any("plain words" in reason for reason in second.reasons)
    assert models.active_models(school.store) == (first.challenger,)
    assert {each.version: (each.state, each.aliases) for each in listed_models(school.store)} == {
        first.challenger: (ModelState.IN_FORCE, ("champion",)),
        second.challenger: (ModelState.REFUSED, ("challenger",)),
    }
    shown = shown_model(school.store, str(second.challenger)[:12])
    assert shown.learnt is not None
    assert shown.learnt.reasons == second.reasons
    assert shown.learnt.manifest["training"] + shown.learnt.manifest["held_out"] == 360
    assert shown.model.figures is not None
    assert shown.model.figures["score.hate"]["rows"] > 0
    assert [each["version"] for each in school.events("model.promoted")] == [first.challenger]
    assert [each["reasons"] for each in school.events("model.refused")] == [list(second.reasons)]
    told = school.rows("SELECT kind FROM audit_events WHERE actor = 'machine:training'")
    assert {row["kind"] for row in told} == {
        "model.promoted",
        "model.published",
        "model.refused",
        "models.activated",
    }


def test_labels_of_certificates_are_set_aside_while_it_trains(school: School) -> None:
    """Drawing them waits for no lock that the training holds itself."""
    school.teach(120)
    drawn: list[int] = []
    certifier = Certifier(
        store=school.store,
        bindings=dict,
        policy=lambda: school.policy,
        blinding=school.blinding,
        given=Certifying(on=True),
    )
    trainer = replace(school.trainer, reserve=lambda: drawn.append(certifier.reserve()))
    (done,) = trainer.run(school.trainings.ask_here(score=None, by=BY))
    assert (done.state, done.rows, drawn) == ("promoted", 120, [0])


def states(school: School) -> list[tuple[str, str]]:
    """State and trigger of all trainings, in order."""
    found = school.rows("SELECT state, trigger FROM training_runs ORDER BY id")
    return [(row["state"], row["trigger"]) for row in found]


def test_enough_new_decisions_start_one_training(school: School) -> None:
    """Once for so many, however often and from however many places it is looked."""
    school.teach(99)
    assert school.trainings.ask_due() == 0
    school.teach(1, seed=9)
    asked: list[int] = []
    lookers = [
        threading.Thread(target=lambda: asked.append(school.trainings.ask_due())) for _ in range(4)
    ]
    for looker in lookers:
        looker.start()
    for looker in lookers:
        looker.join()
    assert sorted(asked) == [0, 0, 0, 1]
    assert states(school) == [("asked", "count")]
    with pytest.raises(Conflict, match="asked for already"):
        school.trainings.ask(score=None, by=BY)
    (row,) = school.messages(Task.TRAIN)
    with runs.alone(school.store), pytest.raises(Unavailable):
        school.trainer.work([row])
    assert school.trainer.work([row]) == 1
    assert school.trainer.work([row]) == 0, "a message that comes twice finds nothing"
    ended = states(school)
    assert ended in ([("promoted", "count")], [("refused", "count")])
    assert school.trainings.ask_due() == 0
    with pytest.raises(Conflict, match="the last one has not seen"):
        school.trainings.ask(score=None, by=BY)
    school.teach(99, seed=2)
    assert school.trainings.ask_due() == 0
    school.learning = school.learning.model_copy(update={"every": 0.001})
    assert school.trainings.ask_due() == 1
    assert states(school) == [*ended, ("asked", "schedule")]


def test_what_is_asked_for_and_never_begun_goes_to_a_worker(school: School) -> None:
    """Somebody asks in a process of their own while another one trains: it is not lost for good."""
    school.teach(120)
    with runs.alone(school.store), pytest.raises(Conflict, match="under way"):
        school.train()
    assert school.trainings.ask_due() == 0, "whoever asked may be about to begin"
    with school.store.transaction() as connection:
        connection.execute(text("UPDATE training_runs SET asked_at = now() - interval '2 minutes'"))
    assert (school.trainings.ask_due(), school.trainings.ask_due()) == (1, 0)
    assert states(school) == [("asked", "hand")]
    (row,) = school.messages(Task.TRAIN)
    assert school.trainer.work([row]) == 1
    assert states(school) == [("promoted", "hand")]


def test_a_decision_that_is_seen_late_is_new_once(school: School) -> None:
    """One that is dated before a training, and committed after it had looked."""
    school.teach(120)
    with school.store.transaction() as late:
        late.execute(text("SELECT now()"))
        school.train()
        late.execute(
            text("""
            INSERT INTO decisions (id, item_id, verdict_id, case_id, made_by, tier, action, reasons,
                policy, inclusion_probability)
            SELECT uuidv7(), item_id, verdict_id, case_id, 'person', tier, action, '{}', 'hate', 1
            FROM decisions LIMIT 1
            """)
        )
    assert school.train().labels == 1
    with pytest.raises(Conflict):
        school.train()


@pytest.mark.parametrize(
    ("actions", "words"),
    [
        ([], "there are no rows"),
        (["publish"] * 60, "say `score.hate` yes"),
        (["publish", "remove"] * 10, "a hold-out takes 15"),
    ],
)
def test_too_little_to_learn_from_is_said_in_words(
    school: School, actions: list[str], words: str
) -> None:
    """Nothing decided, one side only, too few: failed, and nothing changes."""
    school.send(*["odd"] * len(actions))
    school.decide([f"i{number}" for number in range(len(actions))], actions)
    done = school.train()
    assert done.state == "failed"
    assert words in done.reasons[0]
    assert (done.challenger, models.active_models(school.store)) == (None, ())
    assert [each["reasons"] for each in school.events("training.failed")] == [list(done.reasons)]
    # By hand it may be tried with the same, once what was wrong is put right.
    assert school.train().state == "failed"


def test_nothing_is_learnt_that_no_setting_names(school: School) -> None:
    """A score that is not named is refused; without any there is nothing to do."""
    with pytest.raises(Refused, match=r"does not name `score\.spam`"):
        school.trainings.ask(score="score.spam", by=BY)
    school.learning = school.learning.model_copy(update={"scores": {}})
    assert school.trainings.ask_due() == 0
    with pytest.raises(Conflict, match="names no score"):
        school.trainings.ask(score=None, by=BY)


def test_the_same_decisions_make_the_same_model(school: School) -> None:
    """To the byte, from what was written down; an erasure is noticed, and so is what was tried."""
    names = school.teach(120)
    with school.store.read() as connection:
        (target,) = school.trainings.named(connection, "score.hate")
    trial = school.trainer.try_out(target)
    assert states(school) == []
    assert listed_models(school.store) == []
    done = school.train()
    assert done.challenger == trial.challenger.version
    school.teach(20, seed=5, upside_down=True)
    repeated = again(school.store, done.challenger[:10])
    assert (repeated.same, repeated.made) == (True, done.challenger)
    erase_item(school.store, names[0], by=BY)
    with pytest.raises(InvalidManifest, match="not there any more"):
        again(school.store, done.challenger)


def test_a_damaged_model_is_refused_and_the_champion_stays(school: School) -> None:
    """A flipped byte of what is stored never comes into use; what is in use goes on."""
    activated(school.store)
    school.teach(120)
    champion = str(school.train().challenger)
    in_force = InForce(school.store)
    in_force.refresh()
    other = models.publish_model(school.store, small_file(), by=BY).version
    flip(school, other)
    with pytest.raises(Exception, match="damaged"):
        models.activate_models(school.store, [other], by=BY)
    assert models.active_models(school.store) == (champion,)
    flip(school, champion)
    school.teach(100, seed=3)
    done = school.train()
    assert (done.state, models.active_models(school.store)) == ("failed", (champion,))
    assert "damaged" in done.reasons[0]
    in_force.refresh()
    used = in_force.active.classifiers
    assert used is not None
    assert [each.version for each in used.classifiers] == [champion]


def flip(school: School, version: str) -> None:
    """Change one bit in the middle of a stored model."""
    with school.store.transaction() as connection:
        connection.execute(
            text("""
            UPDATE models SET artefact = set_bit(artefact, middle, 1 - get_bit(artefact, middle))
            FROM (SELECT length(artefact) * 4 AS middle FROM models WHERE version = :version) AS at
            WHERE version = :version
            """),
            {"version": version},
        )


def test_a_champion_that_changes_meanwhile_is_not_replaced(school: School) -> None:
    """What the gate compared with is not in force any more: refused, and said so."""
    school.teach(120)
    first = str(school.train().challenger)
    school.teach(200, seed=1)

    def meanwhile(step: str) -> None:
        if step == "asking the gate":
            models.activate_models(school.store, [], by=BY)

    trainer = replace(school.trainer, progress=meanwhile)
    (done,) = trainer.run(school.trainings.ask_here(score=None, by=BY))
    assert (done.state, models.active_models(school.store)) == ("refused", ())
    assert done.reasons == (
        f"`{first[:12]}`, with which it was compared, is not in force any more",
    )


def test_a_better_model_takes_the_place_and_a_rollback_gives_it_back(school: School) -> None:
    """Other models stay in force, aliases follow, and both have their reasons."""
    school.challenge_words()
    other = models.publish_model(school.store, small_file(), by=BY).version
    models.activate_models(school.store, [other], by=BY)
    school.teach(100)
    first = str(school.train().challenger)
    school.teach(300, seed=1)
    second = school.train()
    assert second.state == "promoted", second.reasons
    assert models.active_models(school.store) == (other, second.challenger)
    aliases = {each.version: (each.state, each.aliases) for each in listed_models(school.store)}
    assert aliases[str(second.challenger)] == (ModelState.IN_FORCE, ("champion",))
    assert aliases[first] == (ModelState.REPLACED, ())
    assert aliases[other] == (ModelState.IN_FORCE, ("champion",))
    models.roll_back_models(school.store, by=BY)
    aliases = {each.version: (each.state, each.aliases) for each in listed_models(school.store)}
    assert aliases[first] == (ModelState.IN_FORCE, ("champion",))
    assert aliases[str(second.challenger)] == (ModelState.REPLACED, ())


def test_scores_of_one_model_are_learnt_together(school: School) -> None:
    """Or not at all: what the settings do not name would be lost with the champion."""
    other = models.publish_model(school.store, small_file(), by=BY).version
    models.activate_models(school.store, [other], by=BY)
    scores = {"score.unkind": ("hate",), "score.hate": ("hate",)}
    school.learning = school.learning.model_copy(update={"scores": scores})
    school.teach(100)
    done = {
        each.name: each for each in school.trainer.run(school.trainings.ask_here(score=None, by=BY))
    }
    assert set(done) == {"hate", "small"}
    assert done["small"].state == "failed"
    assert "`score.good`" in done["small"].reasons[0]
    assert done["hate"].state in {"promoted", "refused"}


def test_a_suite_with_mistakes_is_told_with_its_line(school: School) -> None:
    """Before anything is trained."""
    school.teach(120)
    school.challenge(("all is fine", False))
    broken = school.rules / "challenges" / "score.hate" / "broken.jsonl"
    broken.write_text('{"id": "a", "text": "x", "expected": "perhaps", "function": "f"}\n')
    done = school.train()
    assert done.state == "failed"
    assert "suite `score.hate/broken`, line 1: `expected`" in done.reasons[0]
    broken.unlink()
    twice = Suite(score="score.hate", file=school.rules / "own.jsonl")
    (school.rules / "own.jsonl").write_text("", encoding="utf-8")
    school.learning = school.learning.model_copy(update={"suites": (twice,)})
    assert "there are no cases" in school.train().reasons[0]
    line = '{"id": "a", "text": "x", "expected": true, "function": "f"}'
    (school.rules / "own.jsonl").write_text(line, encoding="utf-8")
    assert "2 challenge suites are called so" in school.train().reasons[0]


def test_suites_in_the_form_of_hatecheck_are_read(school: School) -> None:
    """Compressed too; the label is the one that the settings name, and each function is told."""
    file = school.rules / "functions.jsonl.gz"
    cases = [
        {
            "id": f"h{number}",
            "text": f"they are all so {word}",
            "labels": {"class": "x", "toxic": word in UNKIND},
            "meta": {"functionality": "telling words"},
        }
        for number, word in enumerate((*UNKIND, *KIND))
    ]
    with gzip.open(file, "wt", encoding="utf-8") as lines:
        lines.write("\n".join(map(json.dumps, cases)))
    suite = Suite(score="score.hate", file=file, label="toxic")
    school.learning = school.learning.model_copy(update={"suites": (suite,)})
    school.teach(120)
    first = school.train()
    assert any(remark.startswith("`score.hate/functions`:") for remark in first.remarks)
    school.teach(200, seed=1)
    second = shown_model(school.store, str(school.train().challenger))
    assert second.learnt is not None
    (change,) = second.learnt.judged["challenges"]["score.hate/functions"]
    assert (change["function"], change["cases"]) == ("telling words", 10)


def test_what_the_champion_has_learnt_is_not_judged_by(school: School) -> None:
    """Nor what was decided anew since about the same items: it would look too good there."""
    names = school.teach(120)
    first = school.train()
    assert first.state == "promoted", first.reasons
    # The newest decisions are about items of which the champion knows others.
    school.teach(80, seed=1)
    school.decide(names[:10], ["publish", "remove"] * 5)
    done = school.train()
    assert done.challenger is not None, done.reasons
    assert any("the champion has learnt from them" in remark for remark in done.remarks)


def test_what_dies_again_and_again_is_left_alone(school: School) -> None:
    """A training that takes its process down is not started without end by itself."""
    school.teach(100)
    for _ in range(3):
        assert school.trainings.ask_due() == 1
        with school.store.transaction() as connection:
            connection.execute(
                text("UPDATE training_runs SET state = 'running' WHERE state = 'asked'")
            )
    assert school.trainings.ask_due() == 0
    assert states(school) == [("abandoned", "count")] * 3
