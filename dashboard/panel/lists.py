"""Panels beside the one in hand: asked again, waiting for others, closed."""

from datetime import datetime
from typing import Final

import streamlit as st

from dashboard.formats import duration, moment
from dashboard.gateway import Answer, now
from dashboard.panel import board, talk, wording
from dashboard.panel.board import Board
from dashboard.person import here
from dashboard.states import empty

_LISTS: Final = {"waiting": "Wait for others", "closed": "Closed"}
_NOTHING: Final = {
    "waiting": ("No panel waits for others.", "Cases on which you voted stand here."),
    "closed": ("None of your panels was decided lately.", "They stand here for two weeks."),
}
_OPENED: Final = "panel-opened"
#: Closed panels that are shown at once.
_MOST: Final = 20


def show_again(mine: Board) -> None:
    """Panels that did not agree, and ask for another vote."""
    again = mine.at("again")
    if again:
        st.markdown("**You are asked to vote once more**")
    for panel in again:
        _row(mine, panel)


def show(mine: Board) -> None:
    """Two lists, one of them to be seen; the address has which."""
    st.space("small")
    counts = {name: len(mine.at(name)) for name in _LISTS}
    chosen = st.segmented_control(
        "Other panels",
        list(_LISTS),
        format_func=lambda name: f"{_LISTS[name]} ({counts[name]})",
        default="waiting",
        required=True,
        key="list",
        label_visibility="collapsed",
        bind="query-params",
    )
    name = chosen or "waiting"
    panels = mine.at(name)[:_MOST]
    if not panels:
        empty(*_NOTHING[name])
    for panel in panels:
        _row(mine, panel)


def _row(mine: Board, panel: Answer) -> None:
    case = str(panel["case_id"])
    is_open = st.session_state.get(_OPENED) == case
    with st.container(border=True):
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
        ):
            with st.container(width="content", gap=None):
                st.text(_what(panel))
                st.caption(_when(panel))
            with st.container(horizontal=True, width="content"):
                if panel["place"] == "again":
                    _vote_again(mine, case)
                st.button(
                    "Less" if is_open else "More",
                    key=f"open-{case}",
                    on_click=_open,
                    args=(None if is_open else case,),
                )
        if is_open:
            talk.show(mine, panel)


def _vote_again(mine: Board, case: str) -> None:
    st.button(
        "Vote again",
        type="primary",
        key=f"take-{case}",
        on_click=board.take,
        args=(case,),
        disabled=bool(mine.at("in_hand")),
    )


def _open(case: str | None) -> None:
    st.session_state[_OPENED] = case


def _what(panel: Answer) -> str:
    kind = "Appeal" if panel["purpose"] == "appeal" else "Case"
    own = wording.last_ballot(panel, here().name)
    parts = [kind if panel["language"] is None else f"{kind} in {panel['language']}"]
    found = panel["outcome"]
    if panel["place"] == "closed":
        parts.append("closed" if found is None else f"decided: {wording.action(found['action'])}")
        if found is not None and found["dissent"]:
            parts.append(f"dissent: {', '.join(found['dissent'])}")
    else:
        parts.append(wording.standing(panel))
    if own is not None:
        parts.append(f"you: {wording.action(own['action'])}")
    return " · ".join(parts)


def _when(panel: Answer) -> str:
    if panel["place"] == "closed":
        return f"closed {moment(panel['closed_at'])}"
    if panel["commits_at"] is not None:
        return "all votes are in, and count in a moment"
    left = (datetime.fromisoformat(panel["due_at"]) - now()).total_seconds()
    return f"due in {duration(left)}" if left > 0 else f"overdue by {duration(-left)}"
