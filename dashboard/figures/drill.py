"""The way from a figure to what is behind it: a page with filters in its address."""

from collections.abc import Iterable, Mapping
from typing import Final, NoReturn

import streamlit as st

_PLACES: Final = "places"
_CASES: Final = "cases"

Filters = Mapping[str, str | Iterable[str] | None]
"""Parameters of an address; None is left out."""


def remember(pages: Mapping[str, st.Page]) -> None:
    """Keep the pages of whoever is signed in by their path, so that links find them."""
    st.session_state[_PLACES] = dict(pages)


def link(path: str, label: str, *, icon: str | None = None, **filters: str | None) -> None:
    """A link to a page; nothing where whoever looks has no such page.

    Args:
        path: Of the page, such as `cases`.
        label: What it says.
        icon: Of Material Symbols.
        filters: Parameters of its address; None is left out.
    """
    page = _places().get(path)
    if page is not None:
        st.page_link(page, label=label, icon=icon, query_params=_given(filters))


def cases(label: str = "Open the cases", **filters: str | None) -> None:
    """A link to the cases that filters choose; nothing for whoever sees no cases.

    Args:
        label: What it says.
        filters: As the page has them: `window`, `state`, `purpose`, `tier`, `queue`, `policy`,
            `language`, `rule`, `reviewer`, `said`, `also`, `overdue`.
    """
    link(_CASES, label, icon=":material/folder_open:", **filters)


def follow(path: str, **filters: str | None) -> None:
    """Go to a page at once; nothing where whoever looks has no such page."""
    page = _places().get(path)
    if page is not None:
        _go(page, filters)


def _go(page: st.Page, filters: Filters) -> NoReturn:
    st.switch_page(page, query_params=_given(filters))


def _places() -> Mapping[str, st.Page]:
    found: Mapping[str, st.Page] = st.session_state.get(_PLACES, {})
    return found


def _given(filters: Filters) -> dict[str, str | Iterable[str]]:
    return {name: value for name, value in filters.items() if value is not None}
