"""The tray: cases that somebody has in hand, and what became of those they had.

Threads that send and fetch fill it; the page empties it. It knows no page and asks nobody.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import RLock
from time import monotonic
from typing import Final

from dashboard.gateway import Answer, now

#: Seconds before the end of a lease from which on a case is not shown any more.
_MARGIN: Final = 5.0
#: Decisions that are remembered to be taken back.
_MOST_SENT: Final = 20


@dataclass(slots=True, kw_only=True, eq=False)
class Held:
    """A case in hand, with all that a decision needs."""

    desk: Answer
    """As `GET /v1/cases/{id}/desk` says."""
    read_at: float = field(default_factory=monotonic)
    shown_at: float | None = None
    """On the clock of this machine that only goes on; None: not yet."""

    @property
    def id(self) -> str:
        """Of the case."""
        return str(self.desk["case"]["id"])

    @property
    def version(self) -> int:
        """Of the field for a note: it begins anew with each that was sent."""
        return len(self.desk["comments"])

    @property
    def now(self) -> datetime:
        """The time of the service."""
        told = datetime.fromisoformat(self.desk["at"])
        return told + timedelta(seconds=monotonic() - self.read_at)

    @property
    def shown_for(self) -> float:
        """Seconds since it came on the desk."""
        return 0.0 if self.shown_at is None else monotonic() - self.shown_at

    @property
    def characters(self) -> int:
        """How much there is to read."""
        return sum(len(each["text"]) for each in self.desk["texts"])


@dataclass(slots=True, kw_only=True, eq=False)
class Sent:
    """Something that was decided."""

    case: str
    text: str
    """What it was, in words of ours."""
    held: Held | None = None
    """What it was decided from; None: it was decided before the page was opened."""
    note: str = ""
    """What was written for colleagues; it is theirs no more when this is taken back."""
    until: str | None = None
    """When it counts, as the API tells; None: it has not answered, or it counted at once."""
    answered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Something that was not taken."""

    what: str
    why: str
    is_back: bool
    """Whether its case is on the desk again."""


@dataclass(slots=True)
class Tray:
    """What one session has in hand."""

    why: Answer | None = None
    """Why there is nothing more, as the API says."""
    _cases: list[Held] = field(default_factory=list)
    _sent: list[Sent] = field(default_factory=list)
    _refusals: list[Refusal] = field(default_factory=list)
    _latest: Held | None = None
    _working: int = 0
    _lock: RLock = field(default_factory=RLock)

    def __len__(self) -> int:
        return len(self._cases)

    @property
    def now(self) -> datetime:
        """The time of the service, as far as cases told it."""
        return now() if self._latest is None else self._latest.now

    @property
    def top(self) -> Held | None:
        """What is on the desk; cases whose lease is over, or nearly, are let go of."""
        with self._lock:
            while self._cases and _is_over(self._cases[0]):
                self._cases.pop(0)
            return self._cases[0] if self._cases else None

    @property
    def ids(self) -> list[str]:
        """Of all cases in hand."""
        with self._lock:
            return [each.id for each in self._cases]

    def add(self, held: Held) -> None:
        """Put one under the others, unless it is there."""
        with self._lock:
            self._latest = held
            if held.id not in self.ids:
                self._cases.append(held)

    def put_back(self, held: Held) -> None:
        """Put one on top of the others; it is looked at anew."""
        with self._lock:
            self._cases = [each for each in self._cases if each.id != held.id]
            self._cases.insert(0, held)
            held.shown_at = None

    def take(self, case: str) -> Held | None:
        """Take a case off the desk; None: another one lies on top."""
        with self._lock:
            if not self._cases or self._cases[0].id != case:
                return None
            return self._cases.pop(0)

    def lose(self, case: str) -> None:
        """Let go of a case that is somebody else's by now."""
        with self._lock:
            self._cases = [each for each in self._cases if each.id != case]

    def keep(self, case: str, until: str) -> None:
        """Note until when a case is in hand."""
        with self._lock:
            for each in self._cases:
                if each.id == case:
                    told = {**each.desk["case"], "lease_until": until}
                    each.desk = {**each.desk, "case": told}

    def send(self, sent: Sent) -> None:
        """Remember a decision, to be taken back."""
        with self._lock:
            self._sent = [*self._sent, sent][-_MOST_SENT:]

    def forget(self, sent: Sent) -> None:
        """Forget one: it was not taken, or was taken back."""
        with self._lock:
            self._sent = [each for each in self._sent if each is not sent]

    @property
    def undoable(self) -> list[Sent]:
        """What can be taken back, the newest first."""
        with self._lock:
            self._sent = [each for each in self._sent if _is_open(each, self.now)]
            return self._sent[::-1]

    @property
    def remembered(self) -> set[str]:
        """Cases that are in hand, or may come back."""
        with self._lock:
            return {*self.ids, *(each.case for each in self._sent)}

    def refuse(self, refusal: Refusal) -> None:
        """Note that something was not taken."""
        with self._lock:
            self._refusals.append(refusal)

    def refusals(self) -> list[Refusal]:
        """What was not taken since this was asked last."""
        with self._lock:
            told, self._refusals = self._refusals, []
            return told

    @property
    def is_working(self) -> bool:
        """Whether something is on its way."""
        return self._working > 0

    @contextmanager
    def working(self) -> Iterator[None]:
        """While something is on its way."""
        try:
            yield
        finally:
            with self._lock:
                self._working -= 1

    def begin(self) -> None:
        """Something is about to be on its way; `working` ends it."""
        with self._lock:
            self._working += 1


def _is_over(held: Held) -> bool:
    until = datetime.fromisoformat(held.desk["case"]["lease_until"])
    return held.now >= until - timedelta(seconds=_MARGIN)


def _is_open(sent: Sent, now: datetime) -> bool:
    if not sent.answered:
        return True
    return sent.until is not None and datetime.fromisoformat(sent.until) > now
