"""Where somebody is signed in, and how they end it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import streamlit as st

from dashboard.account import calls
from dashboard.formats import count, moment
from dashboard.gateway import Answer, Refused
from dashboard.going import go
from dashboard.person import here

_SHOWN: Final = 5


def show_sessions(current: str, sessions: Sequence[Answer]) -> None:
    """Each session with a button that ends it, and the way to another password."""
    st.subheader("Where I am signed in")
    mine = sorted(sessions, key=lambda each: (each["id"] != current, _backwards(each)))
    for session in mine[:_SHOWN]:
        _row(session, own=session["id"] == current)
    if len(mine) > _SHOWN:
        st.caption(f"and {count(len(mine) - _SHOWN)} more, not used since")
    others = [session["id"] for session in mine[1:]]
    with st.container(horizontal=True):
        if len(others) > 1 and st.button("End all others", icon=":material/logout:"):
            _end(others)
        if st.button("Change password", icon=":material/key:"):
            go("/sign-in/password")
    st.caption("With another password, all sessions end; this browser gets a new one.")


def _backwards(session: Answer) -> float:
    """Puts what was used last first."""
    return -datetime.fromisoformat(session["last_used_at"]).timestamp()


def _row(session: Answer, *, own: bool) -> None:
    said, button = st.columns([4, 1], vertical_alignment="center")
    with said:
        st.text(session["address"] or "address unknown")
        used = "this browser" if own else f"used {moment(session['last_used_at'])}"
        st.caption(f"since {moment(session['created_at'])} · {used}")
    if not own and button.button("End", key=f"end-{session['id']}"):
        _end([session["id"]])


def _end(sessions: Sequence[str]) -> None:
    try:
        for session in sessions:
            calls.end_session(here().gateway, session)
    except Refused as no:
        st.error(str(no))
    else:
        st.rerun()
