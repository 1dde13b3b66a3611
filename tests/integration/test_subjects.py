"""Policies in profiles are those of the release in force, where there is one."""

import pytest

from queues.access import Role
from queues.bootstrap import Services
from queues.cli import user
from queues.errors import Refused
from queues.people import Accounts
from queues.settings import load_settings
from queues.store.session import Store
from tests.integration import policies
from tests.integration.staff import BY, ROLES, Staff


def known(store: Store, *names: str) -> Accounts:
    """Accounts where these policies are in force."""
    return Accounts(store=store, roles=ROLES, policies=lambda: names)


@pytest.mark.parametrize(
    ("field", "name", "told"),
    [
        ("policies", "hte", "did you mean `hate`"),
        ("opted_out", "Spam", "did you mean `spam`"),
        ("policies", "knitting", "there are `hate`, `spam`"),
    ],
)
def test_a_policy_that_is_not_there_is_refused(
    store: Store, field: str, name: str, told: str
) -> None:
    """With the one that was meant, or those there are; when added and when changed."""
    staff = Staff(store)
    staff.accounts = known(store, "hate", "spam")
    with pytest.raises(Refused, match=f"`{field}`: there is no policy `{name}`.*{told}"):
        staff.add("ana", **{field: ("hate", name)})
    assert staff.accounts.listed() == []
    staff.add("ana", **{field: ("hate",)})
    with pytest.raises(Refused, match=told):
        staff.accounts.change("ana", {field: ("hate", name)}, by=BY)
    assert getattr(staff.accounts.find("ana"), field) == ("hate",)


def test_many_policies_are_not_all_named(store: Store) -> None:
    """A sentence stays one."""
    accounts = known(store, *(f"policy-{number:02}" for number in range(20)))
    Staff(store).add("ana")
    with pytest.raises(Refused, match=r"`policy-11` and 8 more$"):
        accounts.change("ana", {"policies": ("knitting",)}, by=BY)


def test_what_a_release_lost_stands_in_nobodys_way(store: Store) -> None:
    """It stays in a profile, until somebody takes it out."""
    Staff(store).add("ana", policies=("hate", "gone"), opted_out=("gone",))
    accounts = known(store, "hate", "spam")
    assert accounts.change("ana", {"exposure": 3}, by=BY).policies == ("gone", "hate")
    changed = accounts.change("ana", {"policies": ("gone", "spam")}, by=BY)
    assert changed.policies == ("gone", "spam")
    accounts.change("ana", {"policies": ("spam",)}, by=BY)
    with pytest.raises(Refused, match="`gone`"):
        accounts.change("ana", {"policies": ("gone", "spam")}, by=BY)


def test_names_are_those_of_the_release_in_force(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of its rules and reasons, and of appeals; before there is one any name is taken."""
    monkeypatch.setenv("TIERWISE_DATABASE__URL", store.url)
    user.add("ana", role=[Role.MODERATOR], policy=["knitting"])
    services = Services(load_settings(database={"url": store.url}))
    try:
        assert services.policies() is None
        policies.activated(store)
        assert services.policies() == {"hate", "appeal"}
    finally:
        services.close()
    with pytest.raises(Refused, match="did you mean `hate`"):
        user.add("bea", role=[Role.MODERATOR], policy=["hatte"])
    with pytest.raises(Refused, match="`opted_out`"):
        user.change("ana", opt_out=["nothing"])
    user.change("ana", policy=["hate"], opt_out=["appeal"])
    assert [each.name for each in Staff(store).accounts.listed()] == ["ana"]
