"""Pictures of a case: not fetched unasked, blurred until revealed, regions judged one by one."""

from collections.abc import Callable, Iterator
from typing import Final

import streamlit as st

from dashboard import formats
from dashboard.desk import acts
from dashboard.desk.acts import Desk
from dashboard.desk.saying import Drawing, Saying
from dashboard.desk.tray import Held
from dashboard.gateway import Answer
from dashboard.showing.picture import Box, Drawn, show_picture
from dashboard.showing.reasons import title_of

_JUDGED: Final = ("accepted", "rejected", "adjusted")


def show(mine: Desk, held: Held, saying: Saying) -> None:
    """The pictures of the case on the desk, one at a time."""
    pictures = held.desk["pictures"]
    if not pictures:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        number = saying.looking.number
        st.caption(f"Picture {number + 1} of {len(pictures)}", width="content")
        _button(_asked(saying), "H", held.id, acts.reveal)
        if len(pictures) > 1:
            _button("Next picture", "G", held.id, acts.next_picture)
    if saying.looking.refused is not None:
        st.text(saying.looking.refused)
    elif saying.looking.shot is not None:
        _picture(mine, held, saying, pictures[number])


def _asked(saying: Saying) -> str:
    if saying.looking.shot is None:
        return "Fetch it"
    return "Reveal" if saying.looking.is_blurred else "Hide"


def _button(label: str, key: str, case: str, act: Callable[[str], None]) -> None:
    st.button(
        label,
        shortcut=key,
        key=f"picture-{key}-{case}",
        on_click=act,
        args=(case,),
        type="tertiary",
    )


def _picture(mine: Desk, held: Held, saying: Saying, picture: Answer) -> None:
    looking = saying.looking
    assert looking.shot is not None  # noqa: S101 - asked by whoever calls
    regions = [
        (place, region)
        for place, region in enumerate(picture["regions"])
        if mine.layers.shows(region)
    ]
    drawn = show_picture(
        looking.shot,
        key="desk-picture",
        of=f"{held.id}-{looking.number}",
        boxes=list(_boxes(held, saying, regions)),
        blurred=looking.is_blurred,
        drawing=saying.is_correcting,
    )
    if drawn is not None:
        _drew(saying, drawn)
    if saying.is_correcting and not looking.is_blurred:
        _judge(held, saying, regions)


def _boxes(held: Held, saying: Saying, regions: list[tuple[int, Answer]]) -> Iterator[Drawn]:
    number = saying.looking.number
    for place, region in regions:
        said = saying.drawings.get((number, place))
        box = Box.of(region) if said is None or said.box is None else said.box
        rejected = said is not None and said.judged == "rejected"
        yield Drawn(
            box=box, label=_label(held, place, region), tone="rejected" if rejected else "found"
        )
    for drawing in saying.new_drawings:
        if drawing.picture == number and drawing.box is not None:
            label = "new" if drawing.label is None else title_of(held.desk, drawing.label)
            yield Drawn(box=drawing.box, label=label, tone="added")


def _label(held: Held, place: int, region: Answer) -> str:
    name = "" if region["label"] is None else f" {title_of(held.desk, region['label'])}"
    sure = "" if region["confidence"] is None else f" {formats.share(region['confidence'])}"
    return f"{place + 1}{name}{sure}"


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
            st.text(_label(held, place, region))
        with row[1]:
            known = saying.drawings.get((number, place))
            judged = st.segmented_control(
                "Judged",
                _JUDGED,
                default=None if known is None else known.judged,
                key=f"region-{held.id}-{number}-{place}",
                label_visibility="collapsed",
            )
        _said(saying, (number, place), region, judged)
    st.caption("Draw a rectangle over what was missed, or where an adjusted one belongs.")
    if saying.new_drawings:
        st.button(
            "Drop new rectangles",
            key=f"drop-regions-{held.id}",
            type="tertiary",
            on_click=saying.new_drawings.clear,
        )


def _said(saying: Saying, place: tuple[int, int], region: Answer, judged: str | None) -> None:
    known = saying.drawings.get(place)
    if judged is None:
        saying.drawings.pop(place, None)
    elif known is None or known.judged != judged:
        saying.drawings[place] = Drawing(
            picture=place[0], judged=judged, was=Box.of(region), label=region["label"]
        )
