"""What stands beside an item: why it is here, the policy's words, its author, notes, and help."""

from typing import Final

import streamlit as st

from dashboard import formats
from dashboard.desk import acts
from dashboard.desk.acts import Desk
from dashboard.desk.saying import Saying
from dashboard.desk.tray import Held
from dashboard.showing.note import show_note
from dashboard.showing.reasons import author, policy, suggestion, why
from dashboard.showing.sheet import Line, Part, show_sheet

_RATINGS: Final = (("good", "A"), ("neutral", "S"), ("bad", "D"))
_KEYS: Final = (
    "1 to 9  decide, or choose",
    "Enter  confirm · Esc  back",
    "P  another reason · M  correct what was marked",
    "N  write a note · E  escalate with it · X  skip",
    "U  take back · F  filter layers",
    "H  fetch, reveal and hide a picture · G  the next one",
    "A S D  the suggestion was good, neutral, bad",
    "?  these keys",
)


def show(mine: Desk, held: Held, saying: Saying) -> None:
    """The column beside an item."""
    desk = held.desk
    if mine.is_helping:
        parts = [Part(heading="Keys", lines=[Line(each) for each in _KEYS], lead=True)]
    else:
        parts = [why(desk, hidden=mine.layers.rules), suggestion(desk)]
    show_sheet(parts, key="why")
    if desk["case"]["suggestion"] is not None:
        _rating(held)
    show_sheet([policy(desk), author(desk), _comments(held)], key="more")
    _note(held, saying)


def _rating(held: Held) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.caption("Was that", width="content")
        for rating, key in _RATINGS:
            st.button(
                rating,
                shortcut=key,
                key=f"rate-{rating}-{held.id}",
                on_click=acts.rate,
                args=(held.id, rating),
                type="secondary" if held.desk["rating"] == rating else "tertiary",
            )


def _comments(held: Held) -> Part:
    lines: list[Line] = []
    for each in held.desk["comments"]:
        lines.append(Line(f"{each['author']}, {formats.moment(each['at'])}", "faint"))
        lines.append(Line(each["text"] or "(erased)"))
    return Part(heading="Colleagues", lines=lines, height=90)


def _note(held: Held, saying: Saying) -> None:
    written = show_note(
        "Note to colleagues (N); it goes with what you decide",
        key=acts.NOTE,
        of=held.id,
        text=saying.note,
        version=held.version,
    )
    if written is not None:
        saying.note = written
    if saying.note.strip():
        st.button(
            "Send it now",
            key=f"comment-{held.id}",
            type="tertiary",
            on_click=acts.comment,
            args=(held.id,),
        )
