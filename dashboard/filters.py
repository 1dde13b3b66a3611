"""What a page looks at: window, policy, language, queue. Its address has them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import streamlit as st

from dashboard.gateway import now

_WINDOWS: Final = {
    "1d": ("24 hours", timedelta(days=1)),
    "3d": ("3 days", timedelta(days=3)),
    "7d": ("7 days", timedelta(days=7)),
    "30d": ("30 days", timedelta(days=30)),
    "90d": ("90 days", timedelta(days=90)),
    "365d": ("1 year", timedelta(days=365)),
}
_ALL: Final = ""
_DAY: Final = "%Y-%m-%d"
_HOUR: Final = "%Y-%m-%dT%H"


def window(default: str = "7d") -> datetime:
    """Since when: chosen by whoever looks; a full hour, as the API has sums of these.

    Args:
        default: One of 1d, 3d, 7d, 30d, 90d, 365d.
    """
    names = [name for name, _ in _WINDOWS.values()]
    chosen = one("Window", names, key="window", first=_WINDOWS[default][0])
    hour = now().replace(minute=0, second=0, microsecond=0)
    return hour - dict(_WINDOWS.values())[chosen]


def window_of(name: str) -> str:
    """How a window is called in addresses: `30d` as `30 days`, `all` as the longest there is."""
    known = {short: shown for short, (shown, _) in _WINDOWS.items()}
    return known.get(name, known["365d"] if name == "all" else name)


def during(at: str | datetime, by: str) -> str:
    """A day or an hour as addresses have it: `2026-11-29`, `2026-11-29T14`.

    Args:
        at: When it begins.
        by: `day` or `hour`.
    """
    when = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{when.astimezone(UTC):{_HOUR if by == 'hour' else _DAY}}"


def span_of(given: str) -> tuple[datetime, datetime] | None:
    """When a day or an hour of `during` begins and ends, in UTC; None: it is none."""
    for form, length in ((_DAY, timedelta(days=1)), (_HOUR, timedelta(hours=1))):
        try:
            begin = datetime.strptime(given, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        return begin, begin + length
    return None


def one(label: str, options: Sequence[str], *, key: str, first: str | None = None) -> str:
    """One of a few things, as the address has it.

    Args:
        label: As it is shown.
        options: As they are shown, so they stand in the address.
        key: The parameter of the address; other pages may have the same one, and other options.
        first: What is chosen until somebody chooses; None: the first.
    """
    keep_known(key, options)
    usual = options[0] if first is None else first
    chosen = st.selectbox(label, options, index=options.index(usual), key=key, bind="query-params")
    return chosen or usual


def one_of(label: str, names: Iterable[str], *, others: bool = False) -> str | None:
    """One of some names, or None for all: a policy, a language, a queue.

    Args:
        label: As it is shown; in small letters it is the parameter of the address.
        names: Those there are.
        others: Whether a name that the address has and that is none of these is asked for all the
            same: then there is nothing to find, where else everything would be shown.
    """
    key = label.lower()
    choices = [_ALL, *sorted({*names, *(asked(key) if others else ())} - {_ALL})]
    keep_known(key, choices)
    chosen = st.selectbox(
        label,
        choices,
        format_func=lambda each: each or "all",
        key=key,
        bind="query-params",
    )
    return chosen or None


def asked(name: str) -> set[str]:
    """What the address, or whoever came from another page, asks for, if anything."""
    found = st.session_state.get(name) or st.query_params.get(name)
    return {str(found)} if found else set()


def keep_known(name: str, choices: Iterable[str]) -> None:
    """Forget what was chosen elsewhere and is not there to choose here.

    Args:
        name: The key of the widget that comes next.
        choices: Its options.
    """
    if st.session_state.get(name) not in {None, *choices}:
        del st.session_state[name]
