"""What models learn most from comes before one person, teaches, and stands for nothing else."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import text

from engine.classify.scorer import TextClassifier
from engine.learning import Feedback
from engine.learning.replaying import Acceleration
from engine.learning.selection import Strategy
from engine.quality.measures import Measure, State
from engine.verdict import Tier
from queues.casework import caseload
from queues.learning.candidates import candidates
from queues.learning.choosing import chosen
from queues.learning.rows import labelled, standing
from queues.learning.suggesting import Suggesting
from queues.learning_settings import Learning
from queues.measurement.acceleration import learning_acceleration
from queues.measurement.drift import windows
from queues.measurement.drift.drawing import Span
from queues.measurement.looks import looks
from queues.measurement.rollups import reading
from queues.measurement.rollups.spans import span_of
from queues.measurement.rules import hits
from queues.measurement.rules.drawing import draw
from queues.policies import models
from queues.policies.artefacts import stored_model
from queues.quality.blinding import Blinding, Reader
from queues.quality.golds import Answer
from queues.store.ranking import weights_of
from queues.store.session import Store
from tests.generators.labelled import KIND, UNKIND, small_file
from tests.integration.intakes import accepted, intake_over
from tests.integration.schools import BY, School

_TRAINED = text("""
INSERT INTO training_runs (id, name, scores, state, trigger, asked_by, figures)
VALUES (uuidv7(), :name, '{}', 'refused', 'hand', 'cli:test', CAST(:figures AS jsonb))
""")
SCORE = "score.unkind"
SURE = tuple(f"they are {word} {word}" for word in (*UNKIND[:3], *KIND[:3]))
#: One word says yes and the other no.
UNSURE = tuple(f"{one} {other}" for one, other in zip(UNKIND[:3], KIND[:3], strict=True))


@pytest.fixture
def school(store: Store, tmp_path: Path) -> School:
    """An installation with a model in force, and new items that the machine let stand."""
    school = School(store, tmp_path, suggestions=3, scores={SCORE: ("hate",)})
    version = models.publish_model(store, small_file(), by=BY).version
    models.activate_models(store, [version], by=BY)
    school.send(*SURE, *UNSURE)
    with store.transaction() as connection:
        # Each of them might have been drawn for a sample, and was not.
        connection.execute(
            text("UPDATE verdicts SET inclusion_probability = 0.1 WHERE tier = 'none'")
        )
    return school


def suggesting(school: School, **learning: object) -> Suggesting:
    """Chooses by these settings."""
    return Suggesting(
        store=school.store,
        learning=school.learning.model_copy(update=learning),
        policy=lambda: school.policy,
    )


def asked(school: School) -> dict[str, dict[str, Any]]:
    """Why items were brought before people, by the sender's id."""
    rows = school.rows(
        "SELECT sender_id, cases.state, priority, policy, suggestions.* FROM cases"
        " JOIN items ON items.id = item_id JOIN suggestions ON case_id = cases.id"
        " WHERE purpose = 'learning' ORDER BY place"
    )
    return {str(row["sender_id"]): dict(row) for row in rows}


def model_of(school: School) -> TextClassifier:
    """The model in force."""
    (row,) = school.rows("SELECT version, artefact FROM models")
    return stored_model(row["version"], row["artefact"])


def named() -> dict[str, str]:
    """Texts of the new items by the sender's id."""
    return {f"i{number}": f"{words} {number}" for number, words in enumerate((*SURE, *UNSURE))}


def test_what_a_model_is_unsure_of_comes_before_one_person(school: School) -> None:
    """So many a day and no more, each saying why; then others, and never the same."""
    texts = named()
    chances = {name: model_of(school).score_one(its)[SCORE] for name, its in texts.items()}
    worth = {name: 1 - abs(2 * chance - 1) for name, chance in chances.items()}
    best = sorted(worth, key=lambda name: -worth[name])
    assert suggesting(school).suggest() == 3
    found = asked(school)
    assert {name: its["worth"] for name, its in found.items()} == pytest.approx(
        {name: worth[name] for name in best[:3]}
    )
    for place, its in enumerate(found.values(), start=1):
        assert (its["strategy"], its["score"], its["place"]) == ("margin", SCORE, place)
        assert (its["state"], its["priority"], its["policy"]) == ("waiting", 9, "hate")
        assert its["model"] == model_of(school).version
    told = school.rows("SELECT details FROM audit_events WHERE kind = 'case.suggested'")
    assert [each["details"]["strategy"] for each in told] == ["margin"] * 3
    assert suggesting(school).suggest() == 0, "today there is no room"
    with school.store.transaction() as connection:
        connection.execute(text("UPDATE suggestions SET made_at = now() - interval '25 hours'"))
        connection.execute(
            text("UPDATE cases SET due_at = now() WHERE id IN (SELECT case_id FROM suggestions)")
        )
    assert suggesting(school).suggest() == 3
    states = {name: its["state"] for name, its in asked(school).items()}
    assert states == {
        **dict.fromkeys(best[:3], "withdrawn"),
        **dict.fromkeys(best[3:6], "waiting"),
    }


def test_why_stands_with_the_case(school: School) -> None:
    """But it is not told to whom is to decide it without knowing more."""
    assert suggesting(school, suggestions=1).suggest() == 1
    (its,) = asked(school).values()
    case = its["case_id"]
    reader = Reader(
        name="ana",
        tiers=("single",),
        blinding=school.blinding,
        queues=school.policy.vocabulary.queues,
    )
    weights = weights_of(1.0, school.settings.priority)
    hidden = caseload.show(school.store, case, weights, reader=reader)
    assert (hidden.case.purpose, hidden.suggested) == ("review", None)
    shown = caseload.show(school.store, case, weights)
    assert shown.suggested is not None
    assert (shown.case.purpose, shown.suggested.strategy) == ("learning", "margin")
    assert shown.suggested.worth == its["worth"]


def test_their_labels_teach_and_stand_for_nothing_else(school: School) -> None:
    """Blind, without an effect by themselves; no figure about all items counts them."""
    # Else chance decides who sees what the machine did, and only blind looks are counted.
    school.blinding = Blinding(share=1.0)
    assert suggesting(school, suggestions=1).suggest() == 1
    ((name, its),) = asked(school).items()
    school.work()
    case = its["case_id"]
    school.says("ana", "remove", "hate.attack")
    school.work()
    assert (school.item(name)["action"], school.item(name)["state"]) == ("publish", "in_review")
    assert school.review.claim("ana", Tier.SINGLE) == [], "somebody else looks again"
    assert taught(school, case) == (True, None, Feedback.LABELLED)
    school.says("bea", "remove", "hate.attack")
    school.work()
    assert (school.item(name)["action"], school.item(name)["state"]) == ("remove", "decided")
    assert taught(school) == (True, None, Feedback.LABELLED)
    with school.store.read() as connection:
        now = connection.execute(text("SELECT now()")).scalar_one()
        since = now - timedelta(hours=1)
        seen = looks(connection, span_of(connection, since))
        drifted = windows.labels(connection, Span(since=since, until=now), 1_000)
        stands = standing(connection, since, now, 1_000)
    assert seen.each == []
    assert (len(drifted.labels), len(stands)) == (0, 1)


def taught(school: School, case: UUID | None = None) -> tuple[bool, float | None, Feedback]:
    """What the last decision teaches, or that of a case."""
    (row,) = school.rows(
        "SELECT id FROM decisions WHERE case_id = :case OR CAST(:case AS uuid) IS NULL"
        " ORDER BY id DESC LIMIT 1",
        case=case,
    )
    with school.store.read() as connection:
        (found,) = labelled(connection, [row["id"]], {SCORE: ("hate",)}).rows
    return found.answers[SCORE], found.inclusion, found.feedback


def test_rules_and_panels_are_judged_without_them(school: School) -> None:
    """Neither what a rule did is, nor whether people agree; a panel's word teaches all the same."""
    school.send("rude words", "rude names")
    with school.store.transaction() as connection:
        connection.execute(text("UPDATE items SET state = 'erased' WHERE action = 'publish'"))
        connection.execute(text("UPDATE verdicts SET inclusion_probability = 0.1"))
    assert suggesting(school).suggest() == 2
    school.work()
    school.says("ana", "keep")
    school.work()
    school.says("bea", "keep")
    (case,) = school.review.claim("bea", Tier.SINGLE)
    school.review.escalate("bea", case.id, "It is unclear.")
    school.work()
    school.panel_says(dict.fromkeys("abc", "remove"), "hate.attack")
    assert taught(school, None)[:2] == (True, None)
    with school.store.read() as connection:
        now = connection.execute(text("SELECT now()")).scalar_one()
        since = now - timedelta(hours=1)
        drawn = draw(connection, "cases", begin=since, end=now, expected=10, most=100)
        assert hits.judged(connection, drawn, ["warn"], most=10) == []
        said = list(reading.ballots(connection, span_of(connection, since), ["senior"]))
    assert said == []


def test_what_is_known_is_not_asked_about(school: School) -> None:
    """Nor what is alike; nor anything where nothing is to be learnt, or no model can be unsure."""
    with school.store.read() as connection:
        before = candidates(connection, school.policy.vocabulary)
    assert len(before) == 9
    texts = {each.text: each.item_id for each in before}
    names = {row["id"]: row["sender_id"] for row in school.rows("SELECT id, sender_id FROM items")}
    first, second, *_ = sorted(texts)
    school.golds.add(str(names[texts[first]]), "set", by=BY, answer=Answer(action="publish"))
    accepted(
        intake_over(school.store, school.judge),
        {"id": "again", "text": second, "author": {"id": "bob"}},
        {"id": "empty", "text": " ", "author": {"id": "bob"}},
    )
    with school.store.transaction() as connection:
        erased = texts[sorted(texts)[2]]
        connection.execute(text("UPDATE items SET state = 'erased' WHERE id = :id"), {"id": erased})
        found = candidates(connection, school.policy.vocabulary)
    assert {each.text for each in found} == set(texts) - {first, sorted(texts)[2]}
    assert len(found) == 7
    assert suggesting(school, suggestions=0).suggest() == 0
    assert suggesting(school, scores={}).suggest() == 0
    assert suggesting(school, scores={"score.other": ("hate",)}).suggest() == 0
    assert suggesting(school, suggestions=100).suggest() == 7
    with school.store.read() as connection:
        assert candidates(connection, school.policy.vocabulary) == []


def test_every_strategy_of_the_settings_chooses(school: School) -> None:
    """Distinct items, and says how; a committee of one is unsure by itself."""
    wanted = Learning.model_fields["strategy"].annotation
    assert set(get_args(wanted)) == {each.value for each in Strategy}
    model = model_of(school)
    with school.store.read() as connection:
        found = candidates(connection, school.policy.vocabulary)
    for strategy in Strategy:
        members = [model, _backwards(model)]
        its = chosen(found, SCORE, members, strategy, 4)
        assert {each.strategy for _, each in its} == {strategy}
        assert len({candidate.item_id for candidate, _ in its}) == 4
    alone = chosen(found, SCORE, [model], Strategy.COMMITTEE, 1)
    assert alone == chosen(found, SCORE, [model], Strategy.MARGIN, 1)
    disputed = chosen(found, SCORE, [model, _backwards(model)], Strategy.COMMITTEE, 3)
    assert disputed[0][0] != alone[0][0], "what both are unsure of is not in dispute"


def _backwards(model: TextClassifier) -> TextClassifier:
    """A model that holds the opposite."""
    return _Opposite(model.model, model.version)


class _Opposite(TextClassifier):
    """Says no where the other one says yes."""

    def score(self, texts: Sequence[str]) -> Mapping[str, NDArray[np.float64]]:
        """One less each chance."""
        return {name: 1 - column for name, column in super().score(texts).items()}


def test_what_choosing_saves_is_told_by_the_last_training(school: School) -> None:
    """With its interval; of several scores the least. Where there are few, how many it takes."""
    nothing = acceleration_of(school)
    assert (nothing.state, nothing.n, nothing.needs) == (State.INSUFFICIENT_DATA, 0, 500)
    told = asdict(Acceleration(strategy="margin", labels=96, needs=500))
    trained(school, "hate", {SCORE: told})
    few = acceleration_of(school)
    assert (few.state, few.n, few.needs) == (State.INSUFFICIENT_DATA, 96, 500)
    known = {**told, "value": 3.5, "low": 3.0, "high": 4.2, "labels": 900, "needs": 500}
    trained(school, "spam", {"score.spam": {**known, "value": 2.5}, "score.x": told})
    trained(school, "hate", {SCORE: known})
    least = acceleration_of(school)
    assert (least.state, least.value, least.low, least.high) == (State.KNOWN, 2.5, 3.0, 4.2)
    assert (least.n, least.needs) == (900, 500)


def trained(school: School, name: str, accelerations: Mapping[str, object]) -> None:
    """A training of a model ended, and told this."""
    figures = json.dumps({"accelerations": accelerations})
    with school.store.transaction() as connection:
        connection.execute(_TRAINED, {"name": name, "figures": figures})


def acceleration_of(school: School) -> Measure:
    """As targets have it."""
    with school.store.read() as connection:
        return learning_acceleration(connection)
