"""The page: one fragment, which is drawn anew with each key."""

from time import monotonic
from typing import Final

import streamlit as st

from dashboard import formats
from dashboard.desk import acts, bar, correcting, layers, pictures, side
from dashboard.desk.acts import Desk, desk
from dashboard.desk.saying import Saying
from dashboard.desk.tray import Held
from dashboard.going import go
from dashboard.showing.clock import Undoable, show_clock
from dashboard.showing.item import show_item
from dashboard.showing.waiting import why_nothing
from dashboard.states import boundary, empty

#: Seconds after which what was sent is looked at, and after which new cases are looked for.
_SOON: Final = 0.6
_LATER: Final = 15.0
#: Parts of a lease after which it is renewed while somebody works.
_RENEW_AFTER: Final = 3
#: Pixels of the text of an item, before it scrolls in itself.
_HIGH, _LOW = 300, 190

_NOTHING: Final = ("Nothing waits for you.", "New cases appear here by themselves.")


def show() -> None:
    """The desk of whoever is signed in."""
    _shown()


@st.fragment
def _shown() -> None:
    with boundary():
        mine = desk()
        tray = mine.work.tray
        if tray.top is None and not tray.is_working:
            mine.work.fill()
        held = tray.top
        mine.refusals += tray.refusals()
        # What comes and goes stands after what stays, in a box of its own: what moves is made anew
        # by the browser, and whoever writes in it would write into the page instead.
        with st.container():
            _clock(mine, held)
            _refusals(mine)
        if held is None:
            _nothing(mine)
        else:
            _case(mine, held)
            held.shown_at = held.shown_at or monotonic()


def _clock(mine: Desk, held: Held | None) -> None:
    tray = mine.work.tray
    wake = _SOON if tray.is_working else None if held is not None else _LATER
    told = show_clock(
        key="desk-clock",
        case=None if held is None else held.id,
        now=tray.now,
        due=None if held is None else held.desk["case"]["due_at"],
        undo=[Undoable(text=each.text, until=each.until) for each in tray.undoable if each.until],
        renew=None if held is None else held.desk["lease"] / _RENEW_AFTER,
        wake=wake,
    )
    mine.lost = told.lost
    if told.renew:
        mine.work.renew()
    if told.help:
        acts.helping()


def _refusals(mine: Desk) -> None:
    for each in mine.refusals:
        back = " The case is on your desk." if each.is_back else ""
        with st.container(border=True):
            st.markdown(f":material/undo: **Not taken.**{back}")
            st.text(f"{each.what}: {each.why}")


def _nothing(mine: Desk) -> None:
    tray = mine.work.tray
    if tray.is_working:
        st.caption("The next case comes.")
        return
    empty(*why_nothing(tray.why, _NOTHING))
    bar.show_undo(tray)
    with st.container(horizontal=True):
        if st.button("Look again", icon=":material/refresh:", key="look-again"):
            st.rerun(scope="fragment")
        if st.button("My account", icon=":material/person:", key="to-account", type="tertiary"):
            go("/me")


def _case(mine: Desk, held: Held) -> None:
    mine.resume(held)
    saying = mine.saying(held.id)
    left, right = st.columns([1.9, 1], gap="medium")
    with left:
        with st.container():
            _item(mine, held, saying)
        bar.show(mine, held, saying)
    with right:
        side.show(mine, held, saying)
    mine.keep(held)


def _item(mine: Desk, held: Held, saying: Saying) -> None:
    case = held.desk["case"]
    facts = (held.desk["kind"], held.desk["language"], case["queue"], case["purpose"])
    st.text(" · ".join(formats.words(each) for each in facts if each))
    selected = show_item(
        held.desk,
        key="desk",
        hidden=mine.layers.rules,
        height=_LOW if saying.is_correcting or saying.step else _HIGH,
        selecting=saying.is_correcting,
    )
    if mine.is_filtering:
        mine.layers = layers.choose(held, mine.layers)
    pictures.show(mine, held, saying)
    if saying.is_correcting:
        correcting.show(held, saying, selected)
