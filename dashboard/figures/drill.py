"""The way from a figure to what is behind it: a page with filters in its address."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from dashboard.filters import during, window_of
from dashboard.formats import day, literal, moment

_PLACES: Final = "places"
_ARRIVAL: Final = "arrival"
_CASES: Final = "cases"
#: What pages are filtered by. Streamlit keeps such values from page to page, and takes those of
#: the page that is left out of the address: whoever arrives with filters has them and no others.
_FILTERS: Final = (
    *("window", "state", "tier", "queue", "policy", "purpose", "language", "rule", "reviewer"),
    *("said", "also", "during", "overdue", "order", "case"),
)
_YES: Final = "true"
_MACHINE: Final = "auto"


def remember(pages: Mapping[str, st.Page]) -> None:
    """Keep the pages of whoever is signed in by their path, so that links find them."""
    st.session_state[_PLACES] = dict(pages)


def link(
    path: str, label: str, *, icon: str | None = None, place: str = "", **filters: str | None
) -> None:
    """A way to a page; nothing where whoever looks has no such page.

    Args:
        path: Of the page, such as `cases`.
        label: What it says; names in it are shown as they stand.
        icon: Of Material Symbols.
        place: Where on the page, if the same way may be there twice.
        filters: Parameters of its address; None is left out. Of a switch, `true`.
    """
    if path in _places():
        key = f"go-{path}-{label}-{place}-{sorted(_given(filters).items())}"
        if st.button(literal(label), icon=icon, type="tertiary", key=key):
            follow(path, **filters)


def cases(label: str = "Open the cases", *, place: str = "", **filters: str | None) -> None:
    """A way to the cases that filters choose; nothing for whoever sees no cases.

    Nor is there one where it would open others: what the machine decides alone has no cases, and
    nobody can ask for those that have no policy, queue or language.

    Args:
        label: What it says.
        place: As of `link`.
        filters: As the page has them: `window`, `state`, `purpose`, `tier`, `queue`, `policy`,
            `language`, `rule`, `reviewer`, `said`, `also`, `during`, `overdue`, `order`. Empty: of
            that which has none.
    """
    if filters.get("tier") == _MACHINE or "" in filters.values():
        return
    link(_CASES, label, icon=":material/folder_open:", place=place, **filters)


def came(
    point: Mapping[str, object] | None,
    by: str,
    *,
    what: str = "cases",
    place: str = "",
    **filters: str | None,
) -> None:
    """A way to the cases that came in the hour or on the day that was chosen in a chart.

    Args:
        point: A row of the chart, with `at`, when it begins; None: nothing is chosen.
        by: `hour` or `day`.
        what: How the cases are called.
        place: As of `link`.
        filters: As of `cases`.
    """
    if point is not None:
        at = str(point["at"])
        said = f"in the hour from {moment(at)}" if by == "hour" else f"on {day(at)} (UTC)"
        label = f"Open the {what} that came {said}"
        cases(label, place=place, during=during(at, by), **filters)


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
