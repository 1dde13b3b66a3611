"""What somebody is about to say about a case; it is still there when the case comes back."""

from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass, field
from enum import StrEnum
from typing import Any, Final

from dashboard.gateway import Answer
from dashboard.holding import Draft
from dashboard.showing.item import Selected
from dashboard.showing.looking import Looking
from dashboard.showing.picture import Box

_ADJUSTED: Final = "adjusted"


class Step(StrEnum):
    """What is asked for before something is sent."""

    #: Which policy the reason is of, then which reason.
    REASON = "reason"
    #: Why the case is skipped.
    SKIP = "skip"
    #: Whether a decision that came quicker than the text can be read was meant.
    SURE = "sure"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text that a reviewer marks themselves."""

    at: Selected
    label: str | None


@dataclass(slots=True, kw_only=True)
class Drawing:
    """A region of a picture that a reviewer judges, moves or adds."""

    picture: int
    judged: str
    box: Box | None = None
    """Where it is, where it was drawn; None: where the detector saw it, or not drawn yet."""
    was: Box | None = None
    """Where the detector saw it."""
    label: str | None = None

    @property
    def mark(self) -> Mapping[str, Any] | None:
        """As the API takes it; None: it is to be adjusted, and nobody drew where to."""
        box = self.box or self.was
        if box is None or (self.judged == _ADJUSTED and self.box is None):
            return None
        said = {"image": self.picture, **asdict(box), "judged": self.judged, "label": self.label}
        if self.judged == _ADJUSTED and self.was is not None:
            said["was"] = list(astuple(self.was))
        return said


@dataclass(slots=True, kw_only=True)
class Saying:
    """What is said about one case."""

    note: str = ""
    """For colleagues."""
    kept: Draft = field(default_factory=Draft)
    """As much as the service keeps."""
    reason: str | None = None
    """Another one than that of the case."""
    policy: str | None = None
    """Another one than that of the case."""
    labels: dict[str, str] = field(default_factory=dict)
    """`accepted`, `rejected` or `added`, by reason."""
    pieces: dict[tuple[str, int, int], str] = field(default_factory=dict)
    """`accepted` or `rejected`, by what a rule found."""
    added: list[Span] = field(default_factory=list)
    step: Step | None = None
    action: str | None = None
    """What is about to be decided, when the step is over."""
    under: str | None = None
    """The policy whose reasons are shown."""
    asked_at: float | None = None
    """When a quick decision was asked about, on the clock that only goes on; None: it was not."""
    is_correcting: bool = False
    looking: Looking = field(default_factory=Looking)
    drawings: dict[tuple[int, int], Drawing] = field(default_factory=dict)
    """What is said of regions that a detector found, by picture and place."""
    new_drawings: list[Drawing] = field(default_factory=list)

    def back(self) -> None:
        """Ask for nothing any more."""
        self.step = self.action = self.under = None

    @property
    def corrections(self) -> Mapping[str, Any] | None:
        """What is wrong with what the machine marked, as the API takes it; None: nothing."""
        labels = [{"name": name, "judged": judged} for name, judged in self.labels.items()]
        spans = [
            {"field": name, "start": start, "end": end, "judged": judged}
            for (name, start, end), judged in self.pieces.items()
        ]
        spans += [
            {
                "field": each.at.field,
                "start": each.at.start,
                "end": each.at.end,
                "judged": "added",
                "label": each.label,
            }
            for each in self.added
        ]
        drawn = (each.mark for each in (*self.drawings.values(), *self.new_drawings))
        regions = [mark for mark in drawn if mark is not None]
        said = {"labels": labels, "spans": spans, "regions": regions}
        return said if any(said.values()) else None

    def ballot(self, action: str, active: float) -> Mapping[str, Any]:
        """A decision, as the API takes it.

        Args:
            action: What is decided.
            active: Seconds that somebody worked on it.
        """
        given = {
            "reasons": None if self.reason is None or action == "keep" else [self.reason],
            "policy": self.policy,
            "corrections": self.corrections,
            "comment": self.note.strip() or None,
        }
        said = {name: value for name, value in given.items() if value is not None}
        return {"action": action, "active_seconds": round(active, 1), **said}


def needs_reason(desk: Answer, saying: Saying, action: str) -> bool:
    """Whether a decision lacks a reason: whoever decides blind was told none."""
    return action != "keep" and saying.reason is None and bool(desk["case"]["blind"])
