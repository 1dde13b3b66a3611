"""An item to be read: its texts with what rules found in them, and what stands around it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from dashboard.gateway import Answer
from dashboard.showing.components import component
from dashboard.showing.pieces import Mark, cut

_HERE: Final = Path(__file__)
#: A text of the item that stands with its author, unless something was found in it.
AUTHOR_NAME: Final = "author.display_name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """A piece of a text that somebody selected, in characters; the end is not in it."""

    field: str
    start: int
    end: int


def show_item(
    desk: Answer,
    *,
    key: str,
    hidden: frozenset[str] = frozenset(),
    height: int = 300,
    selecting: bool = False,
) -> Selected | None:
    """Draw an item.

    Args:
        desk: The answer of `GET /v1/cases/{id}/desk`.
        key: Another one for each case.
        hidden: Rules whose marks are not shown.
        height: Pixels of the main text, before it scrolls in itself.
        selecting: Whether a piece of text that is selected is told.

    Returns:
        What was selected just now.
    """
    data = {
        "of": desk["case"]["id"],
        "height": height,
        "selecting": selecting,
        "passages": [*_around(desk, "before"), *_passages(desk, hidden), *_around(desk, "after")],
    }
    shown = component(_HERE)(data=data, key=f"item-{key}", on_selected_change=lambda: None)
    return Selected(**shown.selected) if shown.selected else None


def marks_of(grounds: Sequence[Answer], hidden: Iterable[str] = ()) -> dict[str, list[Mark]]:
    """What rules found, by field; a rule's number is its place among the grounds, from 1."""
    found: dict[str, list[Mark]] = {}
    for number, ground in enumerate(grounds, start=1):
        if ground["rule"] in set(hidden):
            continue
        for piece in ground["pieces"]:
            mark = Mark(start=piece["start"], end=piece["end"], layer=number)
            found.setdefault(piece["field"], []).append(mark)
    return found


def _passages(desk: Answer, hidden: frozenset[str]) -> list[Mapping[str, Any]]:
    marks = marks_of(desk["grounds"], hidden)
    texts = [each for each in desk["texts"] if each["field"] != AUTHOR_NAME or AUTHOR_NAME in marks]
    return [
        {
            "kind": "tw-main" if place == 0 else "tw-other",
            "label": "" if place == 0 and len(texts) == 1 else each["field"],
            "field": each["field"],
            "pieces": [asdict(piece) for piece in cut(each["text"], marks.get(each["field"], ()))],
        }
        for place, each in enumerate(texts)
    ]


def _around(desk: Answer, place: str) -> list[Mapping[str, Any]]:
    said = "It answers" if place == "before" else "Somebody answers"
    return [
        {
            "kind": "tw-around",
            "label": f"{said} {each['author']}" if each["author"] else said,
            "field": None,
            "pieces": [{"text": each["text"], "layers": ()}],
        }
        for each in desk["thread"]
        if each["place"] == place
    ]
