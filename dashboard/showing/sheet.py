"""A sheet of headings and lines beside an item; each line is text, whoever wrote it."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

from dashboard.showing.components import component

_HERE: Final = Path(__file__)


Tone = Literal["strong", "plain", "faint"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a sheet."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Lines under a heading."""

    heading: str
    """Of ours: never what people wrote."""
    lines: Sequence[Line]
    lead: bool = False
    """Whether it is what counts most."""
    height: int | None = None
    """Pixels, before it scrolls in itself; None: as high as it is."""
    columns: int = 1
    """In how many columns its lines stand."""


def show_sheet(parts: Iterable[Part], *, key: str) -> None:
    """Draw a sheet; parts without lines are left out.

    Args:
        parts: In order.
        key: Another one for each sheet of a page.
    """
    shown = [asdict(part) for part in parts if part.lines]
    component(_HERE)(data={"parts": shown}, key=f"sheet-{key}")
