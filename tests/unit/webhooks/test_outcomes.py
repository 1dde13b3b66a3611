"""Answers are read as the Standard Webhooks specification asks."""

import pytest

from queues.webhooks.courier.outcomes import LONGEST_WAIT, Fate, longest_wait, outcome_of

NOW = 1_700_000_000.0  # Tue, 14 Nov 2023 22:13:20 GMT


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        (200, Fate.DELIVERED),
        (204, Fate.DELIVERED),
        (299, Fate.DELIVERED),
        (301, Fate.FAILED),
        (308, Fate.FAILED),
        (400, Fate.FAILED),
        (404, Fate.FAILED),
        (410, Fate.GONE),
        (429, Fate.FAILED),
        (500, Fate.FAILED),
        (503, Fate.FAILED),
        (600, Fate.FAILED),
    ],
)
def test_statuses(status: int, fate: Fate) -> None:
    """2xx has it, 410 wants no more, everything else is tried again."""
    outcome = outcome_of(status, {}, NOW)
    assert (outcome.fate, outcome.status) == (fate, status)
    assert (outcome.error is None) == (fate is Fate.DELIVERED)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("9" * 400, LONGEST_WAIT),
        ("Tue, 14 Nov 2023 22:14:20 GMT", 60.0),
        ("Tue, 14 Nov 2023 22:14:20 -0000", 60.0),
        ("Tue, 14 Nov 2023 22:12:20 GMT", 0.0),
        ("Fri, 14 Nov 2053 22:12:20 GMT", LONGEST_WAIT),
        ("-5", 0.0),
        ("²", 0.0),
        ("soon", 0.0),
        ("", 0.0),
    ],
)
def test_retry_after(value: str, seconds: float) -> None:
    """Seconds or a moment, within bounds; what is neither asks for nothing."""
    assert outcome_of(503, {"retry-after": value}, NOW).wait == seconds


def test_waits_double_up_to_an_hour() -> None:
    """Each attempt has twice as long as the one before, and no wait is endless."""
    assert [longest_wait(attempt, 2.0) for attempt in (1, 2, 3, 10, 12, 13, 10_000)] == [
        2.0,
        4.0,
        8.0,
        1_024.0,
        LONGEST_WAIT,
        LONGEST_WAIT,
        LONGEST_WAIT,
    ]
