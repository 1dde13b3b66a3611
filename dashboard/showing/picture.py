"""A picture with rectangles over it, blurred and grey until somebody wants to see it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

from dashboard.showing.components import component

_HERE: Final = Path(__file__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle, in shares of width and height, from the upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @classmethod
    def of(cls, given: Mapping[str, float]) -> "Box":
        """The rectangle of a region that the API told, or that somebody drew."""
        return cls(x=given["x"], y=given["y"], width=given["width"], height=given["height"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A rectangle as it is drawn over a picture."""

    box: Box
    label: str
    tone: Literal["found", "rejected", "added"] = "found"


def show_picture(
    shot: Mapping[str, str],
    *,
    key: str,
    of: str,
    boxes: Sequence[Drawn],
    blurred: bool,
    drawing: bool,
) -> Box | None:
    """Draw a picture.

    Args:
        shot: `media_type` and `data`, as the API answers.
        key: The same for all pictures of a page.
        of: Which picture it is.
        boxes: What stands over it; nothing while it is blurred.
        blurred: Whether it is blurred and grey.
        drawing: Whether somebody may draw a rectangle.

    Returns:
        A rectangle that was drawn just now.
    """
    data = {
        "of": of,
        "src": f"data:{shot['media_type']};base64,{shot['data']}",
        "alt": "A picture of the item",
        "blurred": blurred,
        "drawing": drawing and not blurred,
        "regions": [{**asdict(each.box), "label": each.label, "tone": each.tone} for each in boxes],
    }
    shown = component(_HERE)(data=data, key=key, on_drawn_change=_nothing)
    return Box.of(shown.drawn) if shown.drawn else None


def _nothing() -> None:
    """Looks at the page again; nothing else."""
