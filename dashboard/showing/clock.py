"""A clock beside a case: time left, what can be taken back, and when somebody was away."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from dashboard.showing.components import component

_HERE: Final = Path(__file__)
#: Seconds without a movement after which somebody is not working any more; people read so long.
_IDLE: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoable:
    """Something that can be taken back for a while."""

    text: str
    """What it was, in words of ours."""
    until: str
    """As the API tells it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the clock has to say."""

    lost: float
    """Seconds of this case in which the page was not to be seen, or nobody moved."""
    renew: bool
    """Whether leases are to be renewed now: somebody works, and a part of them is over."""
    help: bool
    """Whether `?` was pressed."""


def show_clock(  # noqa: PLR0913 - each is a part of what it shows
    *,
    key: str,
    case: str | None,
    now: datetime,
    due: str | None,
    undo: Sequence[Undoable] = (),
    renew: float | None = None,
    wake: float | None = None,
) -> Told:
    """Draw the clock. It ticks in the page, and causes a look at the page only where it must.

    Args:
        key: The same for all cases of a page.
        case: Which one is on it; times of absence begin anew with each.
        now: The time of the service.
        due: The case's deadline, if it may be known.
        undo: What can be taken back, the newest first.
        renew: Seconds after which leases are to be renewed while somebody works; None: never.
        wake: Seconds after which to look at the page again, once; None: not by itself.
    """
    data: Mapping[str, Any] = {
        "case": case,
        "now": now.isoformat(),
        "due": due,
        "undo": [asdict(each) for each in undo],
        "renew": renew,
        "idle": _IDLE,
        "wake": None if wake is None else wake * 1_000,
    }
    nothing = dict.fromkeys(("lost", "renew", "help", "wake"), _nothing)
    shown = component(_HERE)(
        data=data, key=key, **{f"on_{name}_change": call for name, call in nothing.items()}
    )
    lost = shown.lost if isinstance(shown.lost, Mapping) and shown.lost["case"] == case else {}
    return Told(
        lost=float(lost.get("seconds", 0)),
        renew=bool(shown.renew),
        help=bool(shown.help),
    )


def _nothing() -> None:
    """Looks at the page again; nothing else."""
