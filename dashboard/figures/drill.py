"""The way from a figure to what is behind it: a page with filters in its address."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from dashboard.filters import window_of

_PLACES: Final = "places"
_ARRIVAL: Final = "arrival"
_CASES: Final = "cases"
#: What pages are filtered by. Streamlit keeps such values from page to page, and takes those of
#: the page that is left out of the address: whoever arrives with filters has them and no others.
_FILTERS: Final = (
    *("window", "state", "tier", "queue", "policy", "purpose", "language", "rule", "reviewer"),
    *("said", "also", "overdue", "order", "case"),
)
_YES: Final = "true"


def remember(pages: Mapping[str, st.Page]) -> None:
    """Keep the pages of whoever is signed in by their path, so that links find them."""
    st.session_state[_PLACES] = dict(pages)


def link(path: str, label: str, *, icon: str | None = None, **filters: str | None) -> None:
    """A way to a page; nothing where whoever looks has no such page.

    Args:
        path: Of the page, such as `cases`.
        label: What it says.
        icon: Of Material Symbols.
        filters: Parameters of its address; None is left out. Of a switch, `true`.
    """
    if path in _places():
        key = f"go-{path}-{label}-{sorted(_given(filters).items())}"
        if st.button(label, icon=icon, type="tertiary", key=key):
            follow(path, **filters)


def cases(label: str = "Open the cases", **filters: str | None) -> None:
    """A way to the cases that filters choose; nothing for whoever sees no cases.

    Args:
        label: What it says.
        filters: As the page has them: `window`, `state`, `purpose`, `tier`, `queue`, `policy`,
            `language`, `rule`, `reviewer`, `said`, `also`, `overdue`, `order`.
    """
    link(_CASES, label, icon=":material/folder_open:", **filters)


def follow(path: str, **filters: str | None) -> None:
    """Go to a page at once; nothing where whoever looks has no such page."""
    page = _places().get(path)
    if page is not None:
        given = _given(filters)
        st.session_state[_ARRIVAL] = (path, given)
        # What this page, or one before it, is filtered by too is not ours to set here.
        fresh = {name: value for name, value in given.items() if name not in st.session_state}
        st.switch_page(page, query_params=fresh)


def arrive(path: str) -> None:
    """Before a page is drawn: whoever came by one of these ways has its filters and no others."""
    to, filters = st.session_state.pop(_ARRIVAL, ("", {}))
    if to != path:
        return
    for name in {*_FILTERS} - {*filters}:
        st.session_state.pop(name, None)
    # What pages before were filtered by is not in the address yet: setting it writes it there.
    for name, value in filters.items():
        st.session_state[name] = True if value == _YES else value


def _places() -> Mapping[str, st.Page]:
    found: Mapping[str, st.Page] = st.session_state.get(_PLACES, {})
    return found


def _given(filters: Mapping[str, str | None]) -> dict[str, str]:
    given = {name: value for name, value in filters.items() if value is not None}
    return given | ({"window": window_of(given["window"])} if "window" in given else {})
