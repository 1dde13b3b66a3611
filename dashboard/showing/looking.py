"""Pictures of a case in hand: not fetched unasked, blurred until revealed, one at a time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard import formats, holding
from dashboard.gateway import Answer, Gateway, Refused, Unreachable
from dashboard.showing.picture import Box, Drawn, show_picture
from dashboard.showing.reasons import title_of

#: What a key does, by the case that it is meant for.
Act = Callable[[str], None]


@dataclass(slots=True, kw_only=True)
class Looking:
    """How pictures of a case are looked at."""

    number: int = 0
    shot: Answer | None = None
    """As it was fetched; None: it was not."""
    is_blurred: bool = True
    refused: str | None = None
    """Why it cannot be had."""

    def reveal(self, gateway: Gateway, desk: Answer, *, blur: bool) -> None:
        """Fetch the picture, then show it clearly, then hide it again; raises SignedOut.

        Args:
            gateway: Asks for whoever looks.
            desk: The answer of `GET /v1/cases/{id}/desk`.
            blur: Whether they want pictures blurred: then they press twice, as fetched is not
                seen yet.
        """
        if not desk["pictures"]:
            return
        if self.shot is not None:
            self.is_blurred = not self.is_blurred
            return
        self.is_blurred, self.refused = blur, None
        try:
            self.shot = holding.picture(gateway, str(desk["case"]["id"]), self.number)
        except (Refused, Unreachable) as no:
            self.refused = str(no)

    def turn(self, desk: Answer) -> None:
        """Turn to the next picture; it is not fetched either before somebody asks."""
        self.number = (self.number + 1) % len(desk["pictures"])
        self.shot, self.is_blurred, self.refused = None, True, None


def show_pictures(  # noqa: PLR0913 - each is a part of what it shows
    desk: Answer,
    looking: Looking,
    *,
    key: str,
    reveal: Act,
    turn: Act,
    boxes: Sequence[Drawn] | None = None,
    drawing: bool = False,
) -> Box | None:
    """Draw the pictures of a case, if it has any, with a key to reveal and one to turn.

    Args:
        desk: The answer of `GET /v1/cases/{id}/desk`.
        looking: How they are looked at.
        key: The same for all cases of a page.
        reveal: What `H` does.
        turn: What `G` does.
        boxes: What stands over the picture; None: what detectors saw.
        drawing: Whether somebody may draw a rectangle.

    Returns:
        A rectangle that was drawn just now.
    """
    pictures, case = desk["pictures"], str(desk["case"]["id"])
    if not pictures:
        return None
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f"Picture {looking.number + 1} of {len(pictures)}", width="content")
        _button(_asked(looking), "H", key, case, reveal)
        if len(pictures) > 1:
            _button("Next picture", "G", key, case, turn)
    if looking.refused is not None:
        st.text(looking.refused)
    if looking.shot is None:
        return None
    return show_picture(
        looking.shot,
        key=f"{key}-picture",
        of=f"{case}-{looking.number}",
        boxes=list(_seen(desk, pictures[looking.number])) if boxes is None else boxes,
        blurred=looking.is_blurred,
        drawing=drawing,
    )


def label_of(desk: Answer, place: int, region: Answer) -> str:
    """What a detector saw, with the number of its region, from 1."""
    name = "" if region["label"] is None else f" {title_of(desk, region['label'])}"
    sure = "" if region["confidence"] is None else f" {formats.share(region['confidence'])}"
    return f"{place + 1}{name}{sure}"


def _asked(looking: Looking) -> str:
    if looking.shot is None:
        return "Fetch it"
    return "Reveal" if looking.is_blurred else "Hide"


def _button(label: str, shortcut: str, key: str, case: str, act: Act) -> None:
    st.button(
        label,
        shortcut=shortcut,
        key=f"{key}-picture-{shortcut}-{case}",
        on_click=act,
        args=(case,),
        type="tertiary",
    )


def _seen(desk: Answer, picture: Answer) -> Iterator[Drawn]:
    for place, region in enumerate(picture["regions"]):
        yield Drawn(box=Box.of(region), label=label_of(desk, place, region))
