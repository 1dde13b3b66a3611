"""Why nothing is handed out."""

from typing import Final

from dashboard import formats
from dashboard.gateway import Answer

_NOTHING: Final = "nothing_waits"
_WHY: Final = {
    "no_exposure_left": (
        "You have seen as much as you may in this shift.",
        "More comes with your next shift{until}. Do something else, or rest.",
    ),
    "break_due": (
        "A break is due after so many severe cases.",
        "It goes on{until}; breaks do not count against you.",
    ),
    "off_shift": ("You are not on shift.", "Cases come when it begins{until}."),
    "paused": ("You said that you stop.", "Say on your account page that you are back."),
    "account_disabled": ("Your account is closed.", "Whoever plans your work knows more."),
}


def why_nothing(why: Answer | None, nothing: tuple[str, str]) -> tuple[str, str]:
    """What is so, and what to do then, a sentence each.

    Args:
        why: As the API says; None: nobody asked yet.
        nothing: What is said where nothing waits.
    """
    if why is None or why["reason"] == _NOTHING:
        return nothing
    what, then = _WHY.get(why["reason"], nothing)
    until = f" at {formats.moment(why['again_at'])}" if why["again_at"] else ""
    return what, then.format(until=until)
