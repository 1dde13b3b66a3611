"""Whether somebody takes cases now, and how much they have seen."""

from typing import Final

import streamlit as st

from dashboard.account import calls
from dashboard.formats import count, moment
from dashboard.gateway import Answer, Refused
from dashboard.person import here

_GIVEN_BACK: Final = "given_back"


def show_presence(me: Answer) -> None:
    """Shift, and a button to stop for now or be back."""
    st.subheader("My shift")
    with st.container(horizontal=True, vertical_alignment="center"):
        _state(me)
        st.text(_until(me))
    if me["paused"] or me["on_shift"]:
        on = bool(me["paused"])
        label, icon = ("I am back", "play_arrow") if on else ("Stop for now", "pause")
        if st.button(label, icon=f":material/{icon}:", key="stand", type="primary"):
            _stand(on=on)
    released = st.session_state.pop(_GIVEN_BACK, None)
    if released is not None:
        st.success(_told(released), icon=":material/check:")
    st.caption(
        "Who stops gets nothing more, and what they hold goes to others at once. Time away counts"
        " in no figure about how fast somebody works."
    )


def show_exposure(exposure: Answer) -> None:
    """How much of the limit of this shift was seen, and what follows."""
    st.subheader("What I have seen in this shift")
    used = float(exposure["used"])
    st.progress(used, f"about {used:.0%} of {count(exposure['limit'])} points")
    again = exposure["full_again_at"]
    if used >= 1:
        st.info(f"The limit is reached: no more cases until {moment(again)}.")
    elif exposure["break_until"] is not None:
        st.info(
            f"A break from the most severe cases is due until {moment(exposure['break_until'])}."
        )
    then = "" if again is None else f", and all of it is there again from {moment(again)}"
    st.caption(
        "Cases weigh by how severe they are. At the limit nothing more is handed to you in this"
        f" shift{then}. After {count(exposure['severe_in_a_row'])} of the most severe cases in a"
        " row milder ones come first, or a break."
    )


def _state(me: Answer) -> None:
    if me["paused"]:
        st.badge("Stopped", icon=":material/pause:", color="orange")
    elif me["on_shift"]:
        st.badge("At work", icon=":material/check:", color="green")
    else:
        st.badge("Off shift", icon=":material/bedtime:", color="gray")


def _until(me: Answer) -> str:
    if me["paused"]:
        until = me["paused_until"]
        return "until you are back" if until is None else f"until {moment(until)}, or you are back"
    if not me["on_shift"]:
        return "Cases come in your shifts."
    until = me["shift_until"]
    return "at any time: no shifts are set" if until is None else f"until {moment(until)}"


def _stand(*, on: bool) -> None:
    try:
        stood = calls.stand(here().gateway, on=on)
    except Refused as no:
        st.error(str(no))
        return
    if not on:
        st.session_state[_GIVEN_BACK] = len(stood["released"])
    st.rerun()


def _told(released: int) -> str:
    if not released:
        return "You stopped. You held no cases."
    what = "1 case went" if released == 1 else f"{count(released)} cases went"
    return f"You stopped. {what} back to others."
