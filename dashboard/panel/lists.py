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

_TABS: Final = {
    "again": ("Asked again", "again"),
    "waiting": ("Wait for others", "waiting"),
    "closed": ("Closed", "closed"),
}
_NOTHING: Final = {
    "again": ("Nobody asks you to vote once more.", "Panels that do not agree stand here."),
    "waiting": ("No panel waits for others.", "Cases on which you voted stand here."),
    "closed": ("None of your panels was decided lately.", "They stand here for two weeks."),
}
#: Closed panels that are shown at once.
_MOST: Final = 20


def show(mine: Board) -> None:
    """Three lists, one of them to be seen; the address has which."""
    st.space("small")
    counts = {name: len(mine.at(place)) for name, (_, place) in _TABS.items()}
    chosen = st.segmented_control(
        "Other panels",
        list(_TABS),
        format_func=lambda name: f"{_TABS[name][0]} ({counts[name]})",
        default="again" if counts["again"] else "waiting",
        required=True,
        key="list",
        label_visibility="collapsed",
        bind="query-params",
    )
    name = chosen or "waiting"
    panels = mine.at(_TABS[name][1])[:_MOST]
    if not panels:
        empty(*_NOTHING[name])
    for panel in panels:
        _row(mine, panel)


def _row(mine: Board, panel: Answer) -> None:
    case = str(panel["case_id"])
    with st.container(border=True):
        said, act = st.columns([4, 1], vertical_alignment="center")
        said.text(_what(panel))
        said.caption(_when(panel))
        if panel["place"] == "again":
            act.button(
                "Vote again",
                type="primary",
                key=f"take-{case}",
                on_click=board.take,
                args=(case,),
                width="stretch",
                disabled=bool(mine.at("in_hand")),
            )
        opened = st.session_state.get("opened") == case
        act.button(
            "Less" if opened else "More",
            key=f"open-{case}",
            on_click=_open,
            args=(None if opened else case,),
            width="stretch",
        )
        if opened:
            talk.show(mine, panel)


def _open(case: str | None) -> None:
    st.session_state["opened"] = case


def _what(panel: Answer) -> str:
    kind = "Appeal" if panel["purpose"] == "appeal" else "Case"
    own = wording.own_ballot(panel, here().name)
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
