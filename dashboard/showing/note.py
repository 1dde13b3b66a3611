"""A field for a note, which tells what is written whenever somebody pauses."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from dashboard.showing.components import component

_HERE: Final = Path(__file__)


def show_note(label: str, *, key: str, of: str, text: str, version: int = 0) -> str | None:
    """Draw the field. `N` goes into it, `Esc` leaves it.

    Args:
        label: What it is for; of ours.
        key: The same for all cases of a page.
        of: What the note is about: with another one the field begins anew.
        text: What stands in it at first.
        version: With another one it begins anew, too.

    Returns:
        What is written by now; None: nobody wrote here yet.
    """
    data = {"label": label, "of": of, "text": text, "version": version}
    shown = component(_HERE)(data=data, key=key, on_written_change=_nothing)
    told = shown.written
    return str(told["text"]) if isinstance(told, Mapping) and told["of"] == of else None


def _nothing() -> None:
    """Looks at the page again; nothing else."""
