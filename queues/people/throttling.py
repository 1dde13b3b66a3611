"""Slows down whoever guesses passwords: attempts fill buckets in Postgres, which leak."""

from dataclasses import dataclass
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from sqlalchemy import Connection, text

from queues.errors import TooManyAttempts

#: Of an address so many leak at once: many people may share one.
_ADDRESS_LEAKS: Final = 10.0
#: Bits of an IPv6 address that one household or machine has to itself.
_OWN: Final = 64

_CHARGE: Final = text("""
INSERT INTO sign_in_attempts AS had (subject, level) VALUES (:subject, 1)
ON CONFLICT (subject) DO UPDATE
SET level = greatest(0, had.level - extract(epoch FROM now() - had.at) / :refill) + 1, at = now()
WHERE greatest(0, had.level - extract(epoch FROM now() - had.at) / :refill) + 1 <= :most
RETURNING level
""")
_WAIT: Final = text("""
SELECT ((level - extract(epoch FROM now() - at) / :refill) + 1 - :most) * :refill
FROM sign_in_attempts WHERE subject = :subject
""")
_FORGET: Final = text("DELETE FROM sign_in_attempts WHERE subject = :subject")
_GIVE_BACK: Final = text(
    "UPDATE sign_in_attempts SET level = greatest(0, level - 1) WHERE subject = :subject"
)
_SWEEP: Final = text("""
DELETE FROM sign_in_attempts WHERE subject IN (
    SELECT subject FROM sign_in_attempts
    WHERE at < now() - (:most * :refill) * interval '1 second'
    ORDER BY at LIMIT 10 FOR UPDATE SKIP LOCKED
)
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttle:
    """How often somebody may try."""

    attempts: int
    """In a row for one account, also for one that is not there."""
    attempts_of_address: int
    refill: float
    """Seconds after which an account has one more, and an address ten more."""

    def charge(self, connection: Connection, name: str, address: str | None) -> None:
        """Count an attempt before it is looked at, so that none is made beside others.

        Args:
            connection: Of a transaction of its own: what is raised undoes it.
            name: What was typed as the name.
            address: Where from; None: it is not known.

        Raises:
            TooManyAttempts: the account or the address has none left; this one is not counted.
        """
        connection.execute(_SWEEP, {"most": self.attempts_of_address, "refill": self.refill})
        _fill(connection, _of_name(name), self.attempts, self.refill)
        self.charge_address(connection, address)

    def charge_address(self, connection: Connection, address: str | None) -> None:
        """Count an attempt of an address, where no name is typed; raises TooManyAttempts."""
        if address is not None:
            refill = self.refill / _ADDRESS_LEAKS
            _fill(connection, _of_address(address), self.attempts_of_address, refill)

    def forgive_address(self, connection: Connection, address: str | None) -> None:
        """Somebody came in: the address has its attempt back."""
        if address is not None:
            connection.execute(_GIVE_BACK, {"subject": _of_address(address)})

    def forgive(self, connection: Connection, name: str, address: str | None) -> None:
        """Somebody signed in: the account is as new, and the address has its attempt back."""
        connection.execute(_FORGET, {"subject": _of_name(name)})
        self.forgive_address(connection, address)


def _fill(connection: Connection, subject: bytes, most: int, refill: float) -> None:
    given = {"subject": subject, "most": most, "refill": refill}
    if connection.execute(_CHARGE, given).one_or_none() is None:
        raise TooManyAttempts(float(connection.execute(_WAIT, given).scalar_one()))


def _of_name(name: str) -> bytes:
    # A hash: people type passwords into the wrong field.
    return sha256(b"name:" + name.encode("utf-8", "surrogatepass")).digest()


def _of_address(address: str) -> bytes:
    return sha256(b"address:" + _network(address).encode()).digest()


def _network(address: str) -> str:
    """What one guesser has: an address, or of the newer ones a whole network."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(ip_network((found, _OWN), strict=False))
    return str(found)
