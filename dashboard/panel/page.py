"""The page of panels: the case in hand, and those that are asked again, wait, or are closed."""

from typing import Final

import streamlit as st

from dashboard import formats
from dashboard.gateway import now
from dashboard.panel import ballot, board, lists, wording
from dashboard.panel.board import Board, Seat
from dashboard.person import here
from dashboard.showing.clock import Undoable, show_clock
from dashboard.showing.item import show_item
from dashboard.showing.looking import show_pictures
from dashboard.showing.reasons import author, policy, why
from dashboard.showing.sheet import Line, Part, show_sheet
from dashboard.showing.waiting import why_nothing
from dashboard.states import boundary, empty

#: Seconds after which it is looked how panels stand, while somebody waits for them.
_LATER: Final = 10.0
#: Parts of a lease after which it is renewed while somebody works.
_RENEW_AFTER: Final = 3
_HEIGHT: Final = 300
_UNASKED: Final = ("You have no case in hand.", "Take the next one when you are ready.")
_NOTHING: Final = ("No panel needs you now.", "New cases are looked for when you ask.")


def show() -> None:
    """The panels of whoever is signed in."""
    _shown()


@st.fragment
def _shown() -> None:
    with boundary():
        mine = board.board()
        mine.look()
        seat = mine.seat()
        _clock(mine, seat)
        if mine.refusal:
            with st.container(border=True):
                st.markdown(":material/undo: **Not taken.**")
                st.text(mine.refusal)
        if seat is None:
            lists.show_again(mine)
            _nothing(mine)
        else:
            _case(seat)
            lists.show_again(mine)
        lists.show(mine)


def _clock(mine: Board, seat: Seat | None) -> None:
    fresh = mine.fresh
    told = show_clock(
        key="panel-clock",
        case=None if seat is None else seat.id,
        now=now(),
        due=None if seat is None else seat.panel["due_at"],
        undo=[Undoable(text="your vote", until=each["undo_until"]) for each in fresh],
        renew=None if seat is None else seat.desk["lease"] / _RENEW_AFTER,
        wake=_LATER if seat is None else None,
    )
    if fresh:
        case = str(fresh[0]["case_id"])
        st.button(
            "Take my vote back",
            icon=":material/undo:",
            shortcut="U",
            key=f"undo-{case}",
            on_click=board.undo,
            args=(case,),
        )
    if seat is not None:
        seat.lost = told.lost
        if told.renew:
            board.renew(seat.id)


def _nothing(mine: Board) -> None:
    empty(*why_nothing(mine.why, _UNASKED if mine.why is None else _NOTHING))
    st.button(
        "Take the next case",
        icon=":material/front_hand:",
        type="secondary" if mine.at("again") else "primary",
        shortcut="Enter",
        key="take",
        on_click=board.take,
    )


def _case(seat: Seat) -> None:
    left, right = st.columns([1.9, 1], gap="medium")
    with left:
        _item(seat)
        ballot.show(seat)
    with right:
        _beside(seat)
    board.keep(seat)


def _item(seat: Seat) -> None:
    desk, panel = seat.desk, seat.panel
    facts = (panel["purpose"], desk["kind"], desk["language"], desk["case"]["queue"])
    told = [formats.words(each) for each in facts if each]
    st.text(" · ".join([*told, wording.standing(panel)]))
    show_sheet([wording.appeal(seat.appeal, seat.title_of)], key="appeal")
    show_item(desk, key="panel", height=_HEIGHT)
    show_pictures(desk, seat.looking, key="panel", reveal=board.reveal, turn=board.next_picture)


def _beside(seat: Seat) -> None:
    panel = seat.panel
    rule = Part(heading="How it is decided", lines=[Line(each) for each in wording.rule(panel)])
    held = Part(heading="Meanwhile", lines=[Line(wording.meanwhile(panel))])
    votes = wording.rounds(panel, seat.title_of)
    show_sheet([*votes, rule, held], key="panel-rule")
    ballot.show_talk(seat, here().gateway)
    show_sheet([why(seat.desk), policy(seat.desk), author(seat.desk)], key="panel-more")
