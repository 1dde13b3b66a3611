"""The ballot: what is to be done, why, and what is said with it; and the talk beside it."""

from typing import Final

import streamlit as st

from dashboard.formats import words
from dashboard.gateway import Gateway
from dashboard.panel import board, calls, wording
from dashboard.panel.board import Seat
from dashboard.showing.menus import KEYS, does, title
from dashboard.showing.note import show_note
from dashboard.showing.sheet import show_sheet
from dashboard.states import boundary

#: Seconds after which it is looked whether somebody said something.
_EVERY: Final = 5.0


def show(seat: Seat) -> None:
    """Actions, reasons, and the key that sends the vote."""
    if seat.is_skipping:
        _skip(seat)
        return
    _actions(seat)
    if seat.action is not None and seat.action != seat.desk["menu"]["keep"]:
        _reasons(seat)
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Cast my vote" if seat.action is None else f"Vote: {words(seat.action)}",
            type="primary",
            icon=":material/how_to_vote:",
            shortcut="Enter",
            key=f"cast-{seat.id}",
            on_click=board.cast,
            args=(seat.id,),
        )
        st.button(
            "Skip",
            type="tertiary",
            shortcut="X",
            key=f"skip-{seat.id}",
            on_click=board.skipping,
            args=(seat.id,),
        )
    show_sheet([does(seat.desk["menu"])], key="panel-does")


def _actions(seat: Seat) -> None:
    with st.container(horizontal=True, gap="small"):
        for place, action in enumerate(seat.desk["menu"]["actions"][:KEYS], start=1):
            name = action["name"]
            st.button(
                title(name),
                type="primary" if name == seat.action else "secondary",
                shortcut=str(place),
                key=f"choose-{name}-{seat.id}",
                on_click=board.choose,
                args=(seat.id, name),
            )


def _reasons(seat: Seat) -> None:
    titles = {each["name"]: each for each in seat.desk["menu"]["reasons"]}
    chosen = st.multiselect(
        "For which reasons? The weightiest first.",
        list(titles),
        default=[name for name in seat.reasons if name in titles],
        format_func=lambda name: f"{titles[name]['title']} ({titles[name]['policy']})",
        placeholder="None: the one that brought it here counts",
        select_all=False,
        key=f"reasons-{seat.id}-{seat.panel['round']}",
    )
    seat.reasons = tuple(chosen)


def _skip(seat: Seat) -> None:
    st.markdown("**Why is it not for you? Others get your seat at once.**")
    with st.container(horizontal=True, gap="small"):
        for place, reason in enumerate(seat.desk["menu"]["skip_reasons"], start=1):
            st.button(
                words(reason).capitalize(),
                shortcut=str(place) if place <= KEYS else None,
                key=f"skip-{reason}-{seat.id}",
                on_click=board.skip,
                args=(seat.id, reason),
            )
        st.button(
            "Back",
            type="tertiary",
            shortcut="Esc",
            key=f"back-{seat.id}",
            on_click=board.skipping,
            args=(seat.id,),
        )


def show_talk(seat: Seat, gateway: Gateway) -> None:
    """What is said in the case, looked at again and again, and a field to say something in.

    The field stands outside of what is drawn anew: nobody is interrupted who writes.
    """
    open_round = seat.panel["round"] > 1
    if open_round:
        _talk(seat.id, gateway)
    else:
        # While all vote blind, what others wrote is what came with the case.
        said = wording.talk(seat.desk["comments"], "Said when it was brought here")
        show_sheet([said], key=f"said-{seat.id}")
    label = "Argue here (N); or it goes with your vote" if open_round else "Note with your vote (N)"
    written = show_note(label, key=board.NOTE, of=seat.id, text=seat.note, version=seat.version)
    if written is not None:
        seat.note = written
    if open_round and seat.note.strip():
        st.button("Say it now", key=f"say-{seat.id}", on_click=board.say, args=(seat.id,))


@st.fragment(run_every=_EVERY)
def _talk(case: str, gateway: Gateway) -> None:
    with boundary():
        show_sheet([wording.talk(calls.comments(gateway, case))], key=f"talk-{case}")
