"""People, from the command line."""

from datetime import date

import pytest
from sqlalchemy import text

from queues.access import Role
from queues.cli import user
from queues.errors import Conflict, NotFound, Refused
from queues.people import AccountState, Shift, TimeOff, Weekday
from queues.store.session import Store
from tests.integration.staff import GOOD, Staff


@pytest.fixture
def staff(store: Store, monkeypatch: pytest.MonkeyPatch) -> Staff:
    """Nobody yet; commands work on the same database."""
    monkeypatch.setenv("TIERWISE_DATABASE__URL", store.url)
    monkeypatch.setenv("TIERWISE_PEOPLE__LINK", "https://x.test/#{token}")
    return Staff(store)


def test_somebody_is_added_with_a_link(staff: Staff, capsys: pytest.CaptureFixture[str]) -> None:
    """Which lets them in, once; what was said of them is known."""
    user.add(
        "ana",
        role=[Role.MODERATOR],
        language=["de"],
        zone="Europe/Berlin",
        shift=["fri-sun 22:00-06:00"],
        off=["2026-12-24..2026-12-31", "2027-01-06"],
        blur=False,
    )
    account = staff.accounts.find("ana")
    assert account.display_name == "ana"
    assert account.created_by.startswith("cli:")
    assert account.blur is False
    assert account.shifts == tuple(
        Shift(day=day, start="22:00", end="06:00")
        for day in (Weekday.FRIDAY, Weekday.SATURDAY, Weekday.SUNDAY)
    )
    assert account.time_off[1] == TimeOff(first=date(2027, 1, 6), last=date(2027, 1, 6))
    token = capsys.readouterr().out.partition("https://x.test/#")[2].strip()
    assert staff.invitations.accept(token, GOOD).account.state is AccountState.ACTIVE


def test_what_is_not_named_stays(staff: Staff, capsys: pytest.CaptureFixture[str]) -> None:
    """And what is cleared is as by default again."""
    staff.add("ana", Role.MODERATOR, languages=("de",), hourly_rate=30.0, exposure=9)
    user.change("ana", role=[Role.SENIOR, Role.MODERATOR], exposure=0, clear=["hourly_rate"])
    account = staff.accounts.find("ana")
    assert account.roles == (Role.MODERATOR, Role.SENIOR)
    assert (account.languages, account.hourly_rate, account.exposure) == (("de",), None, 0)
    assert capsys.readouterr().out == "ana  invited  moderator, senior  Ana  reads de\n"
    with pytest.raises(Refused, match="`roles` is none of languages"):
        user.change("ana", clear=["roles"])


def test_accounts_are_listed_closed_and_opened(
    staff: Staff, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line each, by name."""
    staff.add("root", Role.ADMIN)
    staff.add("bo", Role.AUDITOR, policies=("spam",))
    user.disable("bo")
    user.show()
    shown = capsys.readouterr().out.splitlines()
    assert shown[1:] == ["bo  disabled  auditor  Bo  knows spam", "root  invited  admin  Root"]
    user.enable("bo")
    user.invite("bo")
    assert "https://x.test/#twi_" in capsys.readouterr().out
    with pytest.raises(Conflict, match="nobody would be left"):
        user.disable("root")


def test_somebody_is_unlinked(staff: Staff, capsys: pytest.CaptureFixture[str]) -> None:
    """From whoever they were at a provider; once more there is nothing to forget."""
    account = staff.add("ana")
    with staff.store.transaction() as connection:
        link = text("INSERT INTO identities (issuer, subject, account_id) VALUES ('i', 's', :id)")
        connection.execute(link, {"id": account.id})
    user.unlink("ana")
    user.unlink("ana")
    told = capsys.readouterr().out.splitlines()
    assert told == ["ana is linked to nobody any more at i", "ana is linked to nobody"]
    assert [kind for _, kind, _ in staff.audited()] == ["person.added", "person.unlinked"]
    with pytest.raises(NotFound):
        user.unlink("bea")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("shift", "monday 9-17"),
        ("shift", "mon-fry 09:00-17:00"),
        ("shift", "mon 09:00"),
        ("shift", "mon 25:00-26:00"),
        ("off", "tomorrow"),
        ("off", "2026-12-24..2026-12-32"),
        ("off", "2026-12-24..2026-12-23"),
        ("role", None),
        ("zone", "Nowhere"),
    ],
)
def test_what_cannot_be_is_refused(staff: Staff, option: str, value: str | None) -> None:
    """With what to write instead; nothing is added."""
    given = {"role": [Role.MODERATOR], option: value if option == "zone" else value and [value]}
    with pytest.raises(Refused):
        user.add("ana", **given)  # type: ignore[arg-type] # one of its options
    assert staff.accounts.listed() == []
