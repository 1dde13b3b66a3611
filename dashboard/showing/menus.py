"""What can be decided, with its keys."""

from typing import Final

from dashboard import formats
from dashboard.gateway import Answer
from dashboard.showing.sheet import Line, Part

#: Keys that choose one of several.
KEYS: Final = 9
#: Seconds that a case has to be on the page before a key counts for it: two presses of one finger
#: come closer together.
DWELL: Final = 0.25


def title(action: str) -> str:
    """An action as it stands on its button."""
    return formats.words(action).capitalize()


def does(menu: Answer) -> Part:
    """What each action does, by its key."""
    lines = [
        Line(f"{place} {title(action['name'])}: {action['does']}", "faint")
        for place, action in enumerate(menu["actions"][:KEYS], start=1)
    ]
    return Part(heading="What each does", lines=lines, columns=2)
