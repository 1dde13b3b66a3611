"""What a page looks at: window, policy, language, queue. Its address has them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import streamlit as st

from dashboard.gateway import now

_WINDOWS: Final = {
    "1d": ("24 hours", timedelta(days=1)),
    "7d": ("7 days", timedelta(days=7)),
    "30d": ("30 days", timedelta(days=30)),
    "90d": ("90 days", timedelta(days=90)),
    "365d": ("1 year", timedelta(days=365)),
}
_ALL: Final = ""


def window(default: str = "7d") -> datetime:
    """Since when: chosen by whoever looks.

    Args:
        default: One of 1d, 7d, 30d, 90d, 365d.
    """
    names = [name for name, _ in _WINDOWS.values()]
    keep_known("window", names)
    chosen = st.selectbox(
        "Window",
        names,
        index=list(_WINDOWS).index(default),
        key="window",
        bind="query-params",
    )
    return now() - dict(_WINDOWS.values())[chosen or _WINDOWS[default][0]]


def window_of(name: str) -> str:
    """How a window is called in addresses: `30d` as `30 days`, `all` as the longest there is."""
    known = {short: shown for short, (shown, _) in _WINDOWS.items()}
    return known.get(name, known["365d"] if name == "all" else name)


def one_of(label: str, names: Iterable[str]) -> str | None:
    """One of some names, or None for all: a policy, a language, a queue.

    Args:
        label: As it is shown; in small letters it is the parameter of the address.
        names: Those there are.
    """
    choices = [_ALL, *sorted(set(names) - {_ALL})]
    keep_known(label.lower(), choices)
    chosen = st.selectbox(
        label,
        choices,
        format_func=lambda each: each or "all",
        key=label.lower(),
        bind="query-params",
    )
    return chosen or None


def keep_known(name: str, choices: Iterable[str]) -> None:
    """Forget what was chosen elsewhere and is not there to choose here.

    Args:
        name: The key of the widget that comes next.
        choices: Its options.
    """
    if st.session_state.get(name) not in {None, *choices}:
        del st.session_state[name]
