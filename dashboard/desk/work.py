"""What is done with cases: fetched ahead, sent behind the page, taken back."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, partial
from threading import Lock
from typing import Any, Final

from dashboard import formats, holding
from dashboard.desk import calls
from dashboard.desk.tray import Held, Refusal, Sent, Tray
from dashboard.gateway import Gateway, Refused, SignedOut, Unreachable
from dashboard.holding import Draft

#: Cases in hand: the one on the desk and those that are ready after it.
_IN_HAND: Final = 4
#: Requests of all sessions of this process at once, beside those of pages.
_AT_ONCE: Final = 32
#: Seconds that taking back waits for the answer to what is taken back.
_PATIENCE: Final = 10.0

_LOST: Final = "Somebody else has it by now, or it is decided."


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="desk")


@dataclass(slots=True, kw_only=True)
class Work:
    """The work of one session."""

    gateway: Gateway
    tray: Tray = field(default_factory=Tray)
    _filling: Lock = field(default_factory=Lock)
    _sending: dict[str, Future[None]] = field(default_factory=dict)

    def resume(self) -> None:
        """Go on with what was in hand before, and fetch what is missing; raises as a gateway.

        What was decided a moment ago can still be taken back.
        """
        for each in reversed(calls.fresh(self.gateway)):
            self.tray.send(
                Sent(
                    case=each["case_id"],
                    text=formats.words(each["action"]),
                    note=each["comment"] or "",
                    until=each["undo_until"],
                    answered=True,
                )
            )
        for case in calls.held(self.gateway):
            self._read(case["id"])
        self.fill()

    def fill(self) -> None:
        """Fetch cases until enough are in hand; raises as a gateway."""
        with self._filling:
            missing = _IN_HAND - len(self.tray)
            if missing <= 0:
                return
            cases, self.tray.why = calls.claim(self.gateway, missing)
            for case in cases:
                self._read(case["id"])

    def decide(self, held: Held, ballot: Mapping[str, Any], *, drafted: bool, text: str) -> None:
        """Send a decision behind the page, and fetch another case.

        Args:
            held: The case, taken off the desk.
            ballot: As the API takes it.
            drafted: Whether a draft is kept that is not needed any more.
            text: What is decided, in words of ours.
        """
        sent = Sent(case=held.id, text=text, held=held, note=ballot.get("comment") or "")
        self.tray.send(sent)

        def deliver() -> None:
            if drafted:
                holding.draft(self.gateway, held.id, Draft())
            sent.until = calls.decide(self.gateway, held.id, ballot)["commits_at"]
            sent.answered = True

        self._sending = {name: each for name, each in self._sending.items() if not each.done()}
        self._sending[held.id] = self._behind(deliver, held, text, sent)

    def skip(self, held: Held, reason: str) -> None:
        """Give a case back that is not for this person, and fetch another."""
        self._behind(lambda: holding.skip(self.gateway, held.id, reason), held, "The skip")

    def escalate(self, held: Held, comment: str, *, drafted: bool) -> None:
        """Bring a case before the panel, and fetch another."""

        def deliver() -> None:
            if drafted:
                holding.draft(self.gateway, held.id, Draft())
            calls.escalate(self.gateway, held.id, comment)

        self._behind(deliver, held, "The escalation")

    def undo(self, sent: Sent) -> None:
        """Take a decision back; its case is on the desk again. What cannot be is noted."""
        on_its_way = self._sending.pop(sent.case, None)
        if on_its_way is not None:
            wait([on_its_way], _PATIENCE)
            if sent not in self.tray.undoable:
                # It was not taken, which is told; or it counts by now.
                return
        why = _said(lambda: self._undo(sent))
        if why is not None:
            self.tray.refuse(Refusal(what="Taking back", why=why, is_back=False))
        self.tray.forget(sent)

    def _undo(self, sent: Sent) -> None:
        shown = holding.undo(self.gateway, sent.case)
        if sent.held is None:
            self.tray.put_back(Held(desk=holding.desk(self.gateway, sent.case)))
            return
        sent.held.desk = {**sent.held.desk, "case": shown}
        self.tray.put_back(sent.held)

    def rate(self, held: Held, rating: str) -> None:
        """Say how good the suggestion was."""
        held.desk = {**held.desk, "rating": rating}
        self._aside(lambda: calls.rate(self.gateway, held.id, rating), "The rating")

    def draft(self, held: Held, kept: Draft) -> None:
        """Keep what somebody is about to say."""

        def tell() -> None:
            try:
                holding.draft(self.gateway, held.id, kept)
            except Refused:
                # It came after the decision, which has all of it.
                if held.id in self.tray.ids:
                    raise

        self._aside(tell, "The draft")

    def comment(self, held: Held, said: str) -> bool:
        """Tell colleagues something; whether it was taken."""

        def tell() -> None:
            made = holding.comment(self.gateway, held.id, said)
            held.desk = {**held.desk, "comments": [*held.desk["comments"], made]}

        return self._tried(tell, "The note")

    def renew(self) -> None:
        """Keep what is in hand; what is not any more is let go of."""
        for case in self.tray.ids:
            self._aside(partial(self._renew, case), "Keeping the case")

    def _renew(self, case: str) -> None:
        try:
            self.tray.keep(case, holding.renew(self.gateway, case))
        except Refused:
            self.tray.lose(case)
            raise

    def _read(self, case: str) -> None:
        # One that was lost at once keeps nobody from the others.
        with suppress(Refused):
            self.tray.add(Held(desk=holding.desk(self.gateway, case)))

    def _aside(self, act: Callable[[], None], what: str) -> None:
        """Do something behind the page that leaves the case where it is."""

        def run() -> None:
            with self.tray.working():
                self._tried(act, what)

        self.tray.begin()
        _threads().submit(run)

    def _behind(
        self, act: Callable[[], None], held: Held, what: str, sent: Sent | None = None
    ) -> Future[None]:
        """Do something behind the page that ends a case, and fetch the next."""

        def run() -> None:
            with self.tray.working():
                why = _said(act)
                if why is not None:
                    if sent is not None:
                        self.tray.forget(sent)
                    self._bring_back(held, what, why)
                else:
                    self._tried(self.fill, "The next case")

        self.tray.begin()
        return _threads().submit(run)

    def _tried(self, act: Callable[[], None], what: str) -> bool:
        why = _said(act)
        if why is not None:
            self.tray.refuse(Refusal(what=what, why=why, is_back=False))
        return why is None

    def _bring_back(self, held: Held, what: str, why: str) -> None:
        """Put a case on top again that is still this person's, and say what was not taken."""
        try:
            held.desk = holding.desk(self.gateway, held.id)
        except Refused:
            self.tray.refuse(Refusal(what=what, why=f"{why}. {_LOST}", is_back=False))
            return
        except (SignedOut, Unreachable):
            pass
        self.tray.put_back(held)
        self.tray.refuse(Refusal(what=what, why=why, is_back=True))


def _said(act: Callable[[], None]) -> str | None:
    """Do something; what was said against it."""
    try:
        act()
    except (Refused, Unreachable) as no:
        return str(no)
    except SignedOut:
        return "Your session is over. Load the page again; what you wrote is kept"
    return None
