"""Drafts of rules: one a person, kept by revision."""

from collections.abc import Mapping
from uuid import UUID

import pytest

from queues.access import Role
from queues.errors import Conflict, NotFound, Refused
from queues.ids import new_id
from queues.people import Profile
from queues.policies import releases
from queues.policies.drafts import Drafts
from queues.store.session import Store
from tests.integration import policies
from tests.integration.staff import Staff

CHANGES = {"lists/new.yaml": "no rule: [yet", "lists/gone.yaml": None}


@pytest.fixture
def drafts(store: Store) -> Drafts:
    """Drafts of a database."""
    return Drafts(store=store)


@pytest.fixture
def base(store: Store) -> str:
    """A release."""
    policies.activated(store)
    return releases.listed(store)[0].name


def account(store: Store, name: str) -> UUID:
    """The account of a new author."""
    profile = Profile(display_name=name.title(), roles=(Role.POLICY_AUTHOR,))
    return Staff(store).accounts.add(name, profile, by="cli:test").id


def test_a_draft_is_its_authors_alone(store: Store, drafts: Drafts, base: str) -> None:
    """What one keeps, another does not see; it is kept as written, and discarded for good."""
    ana, ben = account(store, "ana"), account(store, "ben")
    kept = drafts.keep(ana, base, CHANGES, after=None)
    assert drafts.of(ben) is None
    assert drafts.of(ana) == kept
    assert kept.changes == CHANGES
    drafts.discard(ben)
    assert drafts.of(ana) == kept
    drafts.discard(ana)
    assert drafts.of(ana) is None


def test_what_changed_elsewhere_stays(store: Store, drafts: Drafts, base: str) -> None:
    """Neither a draft that there is by now, nor one that is another or is gone."""
    ana = account(store, "ana")
    first = drafts.keep(ana, base, CHANGES, after=None)
    with pytest.raises(Conflict):
        drafts.keep(ana, base, {}, after=None)
    second = drafts.keep(ana, base, {"a.yaml": "b"}, after=first.revision)
    assert second.revision != first.revision
    with pytest.raises(Conflict):
        drafts.keep(ana, base, {}, after=first.revision)
    assert drafts.of(ana) == second
    drafts.discard(ana)
    with pytest.raises(Conflict):
        drafts.keep(ana, base, {}, after=second.revision)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"../up.yaml": "a"}, "../up.yaml"),
        ({"notes.txt": None}, "notes.txt"),
        ({"a.yaml": "half \ud800"}, "changes"),
    ],
)
def test_what_no_release_could_have_is_refused(
    store: Store, drafts: Drafts, base: str, changes: Mapping[str, str | None], where: str
) -> None:
    """A path that leads elsewhere, and a text that is none."""
    ana = account(store, "ana")
    with pytest.raises(Refused) as refused:
        drafts.keep(ana, base, changes, after=None)
    assert refused.value.field == where
    assert drafts.of(ana) is None


def test_it_begins_as_a_release_that_is_there(store: Store, drafts: Drafts) -> None:
    """Any other name is refused."""
    with pytest.raises(NotFound):
        drafts.keep(account(store, "ana"), str(new_id()), {}, after=None)
