"""How quick is too quick: a second press that was meant for the case before, and unread texts."""

from typing import Final

from dashboard.showing.menus import DWELL

#: Characters a second that nobody reads; about 700 words a minute.
_FASTEST: Final = 60.0
#: Seconds after which nobody is asked, however long a text is: what is wrong may stand in its
#: first line.
_LONGEST: Final = 5.0


def bounces(shown_for: float) -> bool:
    """Whether a press was meant for the case before.

    Args:
        shown_for: Seconds since the case came on the desk.
    """
    return shown_for < DWELL


def is_unread(characters: int, shown_for: float) -> bool:
    """Whether so much text cannot have been read in so many seconds."""
    return shown_for < min(characters / _FASTEST, _LONGEST)
