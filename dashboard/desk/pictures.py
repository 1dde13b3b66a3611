"""Pictures of a case: not fetched unasked, blurred until revealed, regions judged one by one."""

from collections.abc import Iterator
from typing import Final

import streamlit as st

from dashboard.desk import acts
from dashboard.desk.acts import Desk
from dashboard.desk.saying import Drawing, Saying
from dashboard.desk.tray import Held
from dashboard.gateway import Answer
from dashboard.showing.looking import label_of, show_pictures
from dashboard.showing.picture import Box, Drawn
from dashboard.showing.reasons import title_of

_JUDGED: Final = ("accepted", "rejected", "adjusted")


def show(mine: Desk, held: Held, saying: Saying) -> None:
    """The pictures of the case on the desk, one at a time."""
    looking, pictures = saying.looking, held.desk["pictures"]
    if not pictures:
        return
    regions = [
        (place, region)
        for place, region in enumerate(pictures[looking.number]["regions"])
        if mine.layers.shows(region)
    ]
    drawn = show_pictures(
        held.desk,
        looking,
        key="desk",
        reveal=acts.reveal,
        turn=acts.next_picture,
        boxes=list(_boxes(held, saying, regions)),
        drawing=saying.is_correcting,
    )
    if drawn is not None:
        _drew(saying, drawn)
    if saying.is_correcting and looking.shot is not None and not looking.is_blurred:
        _judge(held, saying, regions)


def _boxes(held: Held, saying: Saying, regions: list[tuple[int, Answer]]) -> Iterator[Drawn]:
    number = saying.looking.number
    for place, region in regions:
        said = saying.drawings.get((number, place))
        box = Box.of(region) if said is None or said.box is None else said.box
        rejected = said is not None and said.judged == "rejected"
        yield Drawn(
            box=box,
            label=label_of(held.desk, place, region),
            tone="rejected" if rejected else "found",
        )
    for drawing in saying.new_drawings:
        if drawing.picture == number and drawing.box is not None:
            label = "new" if drawing.label is None else title_of(held.desk, drawing.label)
            yield Drawn(box=drawing.box, label=label, tone="added")


def _drew(saying: Saying, box: Box) -> None:
    """A rectangle moves the region that is being adjusted, or is a new one."""
    number = saying.looking.number
    for (picture, _), said in saying.drawings.items():
        if picture == number and said.judged == "adjusted" and said.box is None:
            said.box = box
            return
    if all(each.box != box for each in saying.new_drawings):
        saying.new_drawings.append(Drawing(picture=number, judged="added", box=box))


def _judge(held: Held, saying: Saying, regions: list[tuple[int, Answer]]) -> None:
    number = saying.looking.number
    for place, region in regions:
        row = st.columns([2, 3], vertical_alignment="center")
        with row[0]:
            st.text(label_of(held.desk, place, region))
        with row[1]:
            known = saying.drawings.get((number, place))
            judged = st.segmented_control(
                "Judged",
                _JUDGED,
                default=None if known is None else known.judged,
                key=f"region-{held.id}-{number}-{place}",
                label_visibility="collapsed",
            )
        _said(held, saying, (number, place), judged)
    st.caption("Draw a rectangle over what was missed, or where an adjusted one belongs.")
    if saying.new_drawings:
        st.button(
            "Drop new rectangles",
            key=f"drop-regions-{held.id}",
            type="tertiary",
            on_click=saying.new_drawings.clear,
        )


def _said(held: Held, saying: Saying, place: tuple[int, int], judged: str | None) -> None:
    known = saying.drawings.get(place)
    if judged is None:
        saying.drawings.pop(place, None)
    elif known is None or known.judged != judged:
        region = held.desk["pictures"][place[0]]["regions"][place[1]]
        reasons = {each["name"] for each in held.desk["menu"]["reasons"]}
        saying.drawings[place] = Drawing(
            picture=place[0],
            judged=judged,
            was=Box.of(region),
            # A detector may have labels that the policy does not have; they are no reasons.
            label=region["label"] if region["label"] in reasons else None,
        )
