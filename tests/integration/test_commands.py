"""Commands about the database, on a real one."""

from pathlib import Path

import pytest
import typer

from queues.access import Access, Role, RoleTable
from queues.cli.alive import alive
from queues.cli.founding import first_key, first_person, first_release, told
from queues.cli.migrate import migrate
from queues.people import AccountState
from queues.policies.releases import active_name
from queues.presence import Presence
from queues.store.session import Store
from tests.functional.program import rules_in
from tests.integration.apis import PASSWORD, services_for
from tests.services import Servers


def test_migrating_twice_is_as_migrating_once(
    servers: Servers, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first time makes the tables, the second finds them."""
    with servers.database(template="template1") as url:
        monkeypatch.setenv("TIERWISE_DATABASE__URL", url)
        for _ in range(2):
            migrate()
        store = Store(url)
        assert first_key(store) is not None
        store.close()
    assert capsys.readouterr().out == "the database is up to date\n" * 2


def test_health_checks_see_signs_of_life(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what is asked for, on this machine."""
    monkeypatch.setenv("TIERWISE_DATABASE__URL", store.url)
    Presence(store, "relay", lambda: (None, ())).beat()
    alive("relay")
    with pytest.raises(typer.Exit) as ended:
        alive("worker")
    assert ended.value.exit_code == 1
    monkeypatch.setattr("platform.node", lambda: "another-machine")
    with pytest.raises(typer.Exit):
        alive("relay")


def test_a_new_database_gets_a_release_and_a_key_once(store: Store, tmp_path: Path) -> None:
    """What is there already stays in force, whatever the folder holds by now."""
    folder = rules_in(tmp_path)
    name = first_release(store, folder)
    (folder / "all.yaml").write_text("field: text\ntype: text\n", encoding="utf-8")
    assert first_release(store, folder) == name
    key = first_key(store)
    assert key is not None
    assert Access(store, RoleTable(allowed={})).authenticate(key).actor == "key:admin"
    assert first_key(store) is None


def test_a_new_database_gets_a_first_person_once(store: Store, redis_url: str) -> None:
    """With a link to set a password, and the roles that can manage people; never a password."""
    services = services_for(store.url, redis_url, api={"host": "0.0.0.0", "port": 7})  # noqa: S104
    invitation = first_person(services)
    assert invitation is not None
    assert invitation.link.startswith("http://127.0.0.1:7/invitation#twi_")
    assert invitation.link in told(invitation)
    (account,) = services.accounts.listed()
    assert (account.state, account.roles) == (AccountState.INVITED, (Role.ADMIN,))
    assert first_person(services) is None
    token = invitation.link.partition("#")[2]
    assert services.invitations.accept(token, PASSWORD).account.name == "admin"
    services.close()


def test_without_tables_there_is_no_first_person(servers: Servers, redis_url: str) -> None:
    """Whoever migrates comes first."""
    with servers.database(template="template1") as url:
        services = services_for(url, redis_url)
        assert first_person(services) is None
        services.close()


def test_rules_with_mistakes_are_shown_and_not_published(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As `tierwise lint` shows them, with their places."""
    folder = rules_in(tmp_path, "field: text\ntype: txet\n")
    with pytest.raises(typer.Exit):
        first_release(store, folder)
    assert "all.yaml:2:7" in capsys.readouterr().err
    assert active_name(store) is None
