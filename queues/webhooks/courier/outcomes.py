"""What came of an attempt, and how long to wait for the next one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Final

#: Longest wait between two attempts of a delivery, in seconds, whoever asks for it.
LONGEST_WAIT: Final = 3_600.0

_ENOUGH: Final = 30


class Fate(StrEnum):
    """What an attempt means for its delivery."""

    #: The receiver has the event.
    DELIVERED = "delivered"
    #: To be tried again, while there is time.
    FAILED = "failed"
    #: Never to be tried again, and nothing else either: the receiver is gone for good.
    GONE = "gone"
    #: Never to be tried again: there is nothing to send.
    LOST = "lost"
    #: Not finished; others may go on at once.
    GIVEN_BACK = "given back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How an attempt ended."""

    fate: Fate
    status: int | None = None
    """What the receiver answered."""
    error: str | None = None
    """Why it failed, in a sentence."""
    wait: float = 0.0
    """Seconds for which the receiver asked to be left alone."""


def outcome_of(status: int, headers: Mapping[str, str], now: float) -> Outcome:
    """Read an answer: 2xx has it, 410 wants nothing more, anything else is tried again.

    Redirects are failures: the address is to be corrected where it is registered. (So says the
    Standard Webhooks specification; and nobody is led to where deliveries may not go.)

    Args:
        status: Of the answer.
        headers: Of the answer, names in small letters.
        now: Seconds since 1970 UTC.
    """
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Outcome(fate=Fate.DELIVERED, status=status)
    if status == HTTPStatus.GONE:
        return Outcome(fate=Fate.GONE, status=status, error="answered 410: wants no more")
    hint = "; redirects are not followed" if status < HTTPStatus.BAD_REQUEST else ""
    return Outcome(
        fate=Fate.FAILED,
        status=status,
        error=f"answered {status}{hint}",
        wait=_retry_after(headers.get("retry-after", ""), now),
    )


def longest_wait(attempt: int, first: float) -> float:
    """Seconds within which the next attempt is made, at a random moment ("full jitter").

    Args:
        attempt: Its number, from 1.
        first: Seconds after the first one; each later attempt has twice as long.
    """
    return min(LONGEST_WAIT, first * 2.0 ** min(attempt - 1, _ENOUGH))


def _retry_after(value: str, now: float) -> float:
    """Seconds, from a number of seconds or a date (RFC 9110, 10.2.3); 0 for anything else."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        seconds = float(value)
    else:
        try:
            moment = parsedate_to_datetime(value)
        except ValueError:
            return 0.0
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now
    return min(LONGEST_WAIT, max(0.0, seconds))
