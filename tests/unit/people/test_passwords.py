"""Passwords are hashed with argon2id, and compared whoever they are of."""

from contextlib import ExitStack

import pytest

from queues.errors import Refused, Unavailable
from queues.people import Passwords
from queues.settings import Passwords as Given

CHEAP = Given(memory=64, passes=1, lanes=1)
GOOD = "correct horse battery"


def test_only_the_password_itself_fits() -> None:
    """However it was typed: one form for characters that have several."""
    passwords = Passwords(CHEAP)
    stored = passwords.hash(GOOD + "\N{LATIN SMALL LETTER E WITH ACUTE}")
    assert stored.startswith("$argon2id$")
    assert passwords.fits(stored, GOOD + "e\N{COMBINING ACUTE ACCENT}")
    assert not passwords.fits(stored, GOOD)
    assert stored != passwords.hash(GOOD + "é")


def test_nothing_fits_where_nothing_is_stored() -> None:
    """Not even what the decoy is made of; a hash that is none fits nothing either."""
    passwords = Passwords(CHEAP)
    assert not passwords.fits(None, "")
    assert not passwords.fits(None, GOOD)
    assert not passwords.fits("x", GOOD)


def test_only_so_many_are_looked_at() -> None:
    """Whoever comes then is told to come again, also where there is nothing to compare with."""
    passwords = Passwords(CHEAP)
    stored = passwords.hash(GOOD)
    with ExitStack() as line:
        for _ in range(CHEAP.at_once * 4):
            line.enter_context(passwords._line)
        for known in (stored, None):
            with pytest.raises(Unavailable, match="too many people"):
                passwords.fits(known, GOOD)
    assert passwords.fits(stored, GOOD)


def test_other_parameters_make_a_hash_outdated() -> None:
    """So it is hashed anew when somebody signs in."""
    stored = Passwords(CHEAP).hash(GOOD)
    assert not Passwords(CHEAP).outdated(stored)
    assert Passwords(Given(memory=128, passes=1, lanes=1)).outdated(stored)
    assert Passwords(Given(memory=64, passes=2, lanes=1)).outdated(stored)


@pytest.mark.parametrize(
    "weak", ["short", "a" * 1_025, "abababababab", "ana.lovelace", "Ana.Lovelaceana.lovelace "]
)
def test_weak_passwords_are_refused(weak: str) -> None:
    """Too short, too long, a pattern, or the name."""
    with pytest.raises(Refused, match="`password`"):
        Passwords(CHEAP).check(weak, name="ana.lovelace")
    Passwords(CHEAP).check(GOOD, name="ana.lovelace")
