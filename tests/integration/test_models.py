"""Classifiers are published under the hash of what they are, and work in sets."""

import dataclasses

import pytest
from sqlalchemy import text

from engine.classify.artefact import encode
from engine.errors import InvalidModel
from queues.errors import Conflict, NotFound, Refused
from queues.policies import models
from queues.policies.registry import listed_models
from queues.store.session import Store
from tests.generators.labelled import small_file, small_model
from tests.integration.intakes import rows
from tests.integration.policies import BY, activated


def named(name: str) -> bytes:
    """The small model under another name, filling the same fields."""
    model = small_model()
    return encode(dataclasses.replace(model, origin=dataclasses.replace(model.origin, name=name)))


def test_a_model_is_published_once(store: Store) -> None:
    """The version is the one its file names; publishing it again is the same answer."""
    first = models.publish_model(store, small_file(), by=BY)
    again = models.publish_model(store, small_file(), by="key:other")
    assert (first.new, again.new) == (True, False)
    assert first.version == again.version == small_file().split()[2].decode()
    assert [each.published_by for each in listed_models(store)] == [BY]


def test_what_is_no_model_is_refused(store: Store) -> None:
    """Damaged bytes are never stored."""
    for written in (b"", small_file()[:-1], b"cos\nsystem\n(S'true'\ntR."):
        with pytest.raises(InvalidModel):
            models.publish_model(store, written, by=BY)
    assert listed_models(store) == []


def test_fields_that_no_rule_can_look_at_are_told(store: Store) -> None:
    """A field that the release in force does not declare is a warning, not a refusal."""
    activated(store)
    published = models.publish_model(store, small_file(), by=BY)
    brought = models.activate_models(store, [published.version], by=BY)
    assert published.warnings == brought.warnings
    assert [warning.split("`")[1] for warning in brought.warnings] == [
        "score.good",
        "score.novelty",
    ]


def test_sets_come_into_force_and_are_taken_back(store: Store) -> None:
    """A set replaces the one before, and the first digits of a version are enough to name it."""
    version = models.publish_model(store, small_file(), by=BY).version
    with pytest.raises(NotFound):
        models.activate_models(store, ["0" * 12], by=BY)
    with pytest.raises(NotFound):
        models.activate_models(store, [version[:3]], by=BY)
    brought = models.activate_models(store, [version[:12]], by=BY)
    assert (brought.versions, brought.before) == ((version,), ())
    assert not models.activate_models(store, [version], by=BY).changed
    assert models.active_models(store) == (version,)
    with pytest.raises(Conflict):
        models.roll_back_models(store, by=BY)
    assert models.activate_models(store, [], by=BY).changed
    assert models.roll_back_models(store, by=BY).versions == (version,)
    assert [each.active for each in listed_models(store)] == [True]
    told = rows(store, "SELECT kind FROM audit_events ORDER BY id")
    assert [row["kind"] for row in told] == [
        "model.published",
        "models.activated",
        "models.activated",
        "models.rolled_back",
    ]


def test_models_that_cannot_work_together_are_refused(store: Store) -> None:
    """Two models of one name, or two that fill one field, never come into force."""
    one = models.publish_model(store, small_file(), by=BY).version
    other = models.publish_model(store, named("other"), by=BY).version
    for pair in ([one, one], [one, other]):
        with pytest.raises(Refused):
            models.activate_models(store, pair, by=BY)
    assert models.active_models(store) == ()


def test_a_model_under_the_version_of_another_is_refused(store: Store) -> None:
    """Whole, but not what the version stands for."""
    one = models.publish_model(store, small_file(), by=BY).version
    other = models.publish_model(store, named("other"), by=BY).version
    with store.transaction() as connection:
        connection.execute(
            text("UPDATE models SET artefact = :artefact WHERE version = :version"),
            {"artefact": named("other"), "version": one},
        )
    with pytest.raises(InvalidModel, match=other):
        models.activate_models(store, [one], by=BY)
