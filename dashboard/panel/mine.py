"""What I decided lately, alone: to look at once more, to take back, to revise."""

from typing import Any, Final

import streamlit as st

from dashboard.formats import moment, words
from dashboard.gateway import Answer
from dashboard.panel import calls, revising, wording
from dashboard.person import here
from dashboard.states import empty

_CURSOR: Final = "older"
#: Rows that are shown as they are; more scroll in so many pixels.
_FEW: Final = 7
_HEIGHT: Final = 280


def show() -> None:
    """A table; the row that is chosen stands open below it."""
    page = calls.decisions(here().gateway, st.query_params.get(_CURSOR))
    found: list[Answer] = page["decisions"]
    if not found:
        empty("You decided nothing yet.", "What you decide on the review desk stands here.")
        return
    chosen = st.dataframe(
        [_row(each) for each in found],
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row-required",
        key=f"decisions-{st.query_params.get(_CURSOR, '')}",
        height="content" if len(found) <= _FEW else _HEIGHT,
    )
    _turn(page["next"])
    places = chosen["selection"]["rows"]
    if places:
        revising.show(found[places[0]])


def _row(decided: Answer) -> dict[str, Any]:
    revised = decided["revised"]
    return {
        "When (UTC)": moment(decided["at"]),
        "Item": decided["sender_id"] or "decided blind",
        "Kind": decided["purpose"],
        "Language": decided["language"] or "-",
        "Decided": wording.action(decided["action"]),
        "Reasons": ", ".join(decided["reasons"]),
        "Stands": words(decided["state"])
        if revised is None
        else f"revised: {wording.action(revised['action'])}",
    }


def _turn(older: str | None) -> None:
    with st.container(horizontal=True):
        if _CURSOR in st.query_params and st.button("Newest", icon=":material/first_page:"):
            del st.query_params[_CURSOR]
            st.rerun()
        if older is not None and st.button("Older", icon=":material/chevron_right:"):
            st.query_params[_CURSOR] = older
            st.rerun()
