"""A field for a note, which tells what is written whenever somebody pauses."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import streamlit as st

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
    return _text(shown.written, of, version)


def written_in(key: str, *, of: str, version: int = 0) -> str | None:
    """What is written by now, before the field is drawn anew: keys count before that.

    Args:
        key: Of the field.
        of: What the note is about.
        version: Of the field.
    """
    return _text(getattr(st.session_state.get(key), "written", None), of, version)


def _text(told: object, of: str, version: int) -> str | None:
    """A note that was written about something else, or was sent by now, is none."""
    if not isinstance(told, Mapping) or (told["of"], told["version"]) != (of, version):
        return None
    return str(told["text"])


def _nothing() -> None:
    """Looks at the page again; nothing else."""
