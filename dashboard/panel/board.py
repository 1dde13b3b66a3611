"""One session's panels: what is in hand, and what keys and buttons do to it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final

import orjson
import streamlit as st

from dashboard import holding
from dashboard.gateway import Answer, Gateway, Refused, SignedOut, Unreachable
from dashboard.holding import Draft
from dashboard.panel import calls
from dashboard.person import here
from dashboard.showing.looking import Looking
from dashboard.showing.menus import DWELL
from dashboard.showing.note import written_in
from dashboard.showing.reasons import title_of

_KEPT: Final = "panel"
#: The field for a note.
NOTE: Final = "panel-note"


@dataclass(slots=True, kw_only=True)
class Seat:
    """A case in hand, and what its reviewer is about to say."""

    panel: Answer
    desk: Answer
    appeal: Answer | None
    action: str | None = None
    reasons: tuple[str, ...] = ()
    note: str = ""
    kept: Draft = field(default_factory=Draft)
    """As much as the service keeps."""
    version: int = 0
    """Of the field for the note: with another one it is empty again."""
    is_skipping: bool = False
    looking: Looking = field(default_factory=Looking)
    """How its pictures are looked at."""
    lost: float = 0.0
    """Seconds in which nobody worked on it."""
    shown_at: float = field(default_factory=monotonic)

    @property
    def id(self) -> str:
        """Of the case."""
        return str(self.desk["case"]["id"])

    @property
    def draft(self) -> Draft:
        """What is about to be said."""
        chosen = [self.action, *self.reasons]
        choices = orjson.dumps(chosen).decode() if self.action or self.reasons else ""
        return Draft(text=self.note, choices=choices)

    @property
    def is_seen(self) -> bool:
        """Whether it has been on the page for long enough to mean it."""
        return monotonic() - self.shown_at >= DWELL

    def title_of(self, reason: str) -> str:
        """A reason as people read it."""
        return title_of(self.desk, reason)


@dataclass(slots=True, kw_only=True)
class Board:
    """What one session knows of its panels."""

    gateway: Gateway
    panels: list[Answer] = field(default_factory=list)
    seats: dict[str, Seat] = field(default_factory=dict)
    looked: dict[tuple[str, int], Answer] = field(default_factory=dict)
    """Cases that were looked at once more, by their round: in each more is told."""
    why: Answer | None = None
    """Why there is no case."""
    refusal: str = ""
    """What was not taken, until the next thing is done."""

    def look(self) -> None:
        """Ask anew how all panels stand."""
        self.panels = calls.panels(self.gateway)

    def at(self, *places: str) -> list[Answer]:
        """The panels at these places, the newest first."""
        return [each for each in self.panels if each["place"] in places]

    def seat(self) -> Seat | None:
        """The case in hand that comes first; what stands there is asked for once a round."""
        held = self.at("in_hand")
        if not held:
            return None
        panel = min(held, key=lambda each: str(each["due_at"]))
        case = str(panel["case_id"])
        known = self.seats.get(case)
        if known is None or known.panel["round"] != panel["round"]:
            known = self.seats[case] = self._sit_down(panel)
        known.panel = panel
        return known

    @property
    def fresh(self) -> list[Answer]:
        """Panels whose vote of one's own can be taken back, the newest vote first."""
        found = [each for each in self.panels if each["undo_until"] is not None]
        return sorted(found, key=lambda each: str(each["undo_until"]), reverse=True)

    def back_at(self, panel: Answer) -> Answer:
        """A case that was voted on, asked for once a round."""
        case = str(panel["case_id"])
        found = self.looked.get((case, panel["round"]))
        if found is None:
            found = calls.look_back(self.gateway, case)
            self.looked[case, panel["round"]] = found
        return found

    def _sit_down(self, panel: Answer) -> Seat:
        case = str(panel["case_id"])
        desk = holding.desk(self.gateway, case)
        appealed = panel["purpose"] == "appeal"
        appeal = calls.look_back(self.gateway, case)["appeal"] if appealed else None
        kept = Draft.of(desk)
        action, reasons = chosen_in(kept)
        return Seat(
            panel=panel,
            desk=desk,
            appeal=appeal,
            note=kept.text,
            kept=kept,
            action=action,
            reasons=reasons,
        )


def chosen_in(draft: Draft) -> tuple[str | None, tuple[str, ...]]:
    """The action and the reasons of a draft; none of one that is kept in another form."""
    with suppress(ValueError):
        found = orjson.loads(draft.choices)
        if isinstance(found, list) and found:
            return found[0], tuple(found[1:])
    return None, ()


def board() -> Board:
    """The panels of whoever looks; their first look makes it."""
    gateway = here().gateway
    found = st.session_state.get(_KEPT)
    if not isinstance(found, Board) or found.gateway.token != gateway.token:
        found = st.session_state[_KEPT] = Board(gateway=gateway)
    return found


def take(case: str | None = None) -> None:
    """Take the next case, or one that asks for another vote."""
    mine = board()
    with _refusals():
        mine.why = calls.claim_one(mine.gateway, case) if case else calls.claim(mine.gateway)


def choose(case: str, action: str) -> None:
    """Say what is to be done; nothing is sent yet."""
    seat = board().seats.get(case)
    if seat is not None and seat.is_seen:
        seat.action, seat.is_skipping = action, False


def skipping(case: str) -> None:
    """Ask why a case is skipped, or not any more."""
    seat = board().seats.get(case)
    if seat is not None:
        seat.is_skipping = not seat.is_skipping


def skip(case: str, reason: str) -> None:
    """Give a case back for good."""
    mine = board()
    with _refusals():
        holding.skip(mine.gateway, case, reason)
        mine.seats.pop(case, None)


def cast(case: str) -> None:
    """Send the vote that was chosen."""
    mine = board()
    seat = mine.seats.get(case)
    if seat is None or seat.action is None or not seat.is_seen:
        return
    _take_note(seat)
    ballot: dict[str, Any] = {
        "action": seat.action,
        "reasons": list(seat.reasons) if seat.action != seat.desk["menu"]["keep"] else [],
        "comment": seat.note.strip() or None,
        "active_seconds": max(0.0, monotonic() - seat.shown_at - seat.lost),
    }
    with _refusals():
        if seat.kept != Draft():
            # It goes with the vote; what is not taken is kept anew with the next look.
            holding.draft(mine.gateway, case, Draft())
            seat.kept = Draft()
        calls.vote(mine.gateway, case, ballot)


def undo(case: str) -> None:
    """Take a vote back; what was chosen and written is there again."""
    mine = board()
    with _refusals():
        holding.undo(mine.gateway, case)
    seat = mine.seats.get(case)
    if seat is not None:
        seat.shown_at, seat.lost = monotonic(), 0.0


def keep(seat: Seat) -> None:
    """Keep what is about to be said, as a draft."""
    if seat.draft == seat.kept:
        return
    try:
        holding.draft(board().gateway, seat.id, seat.draft)
    except (Refused, Unreachable) as no:
        board().refusal = f"What you are about to say is not kept: {no}"
    else:
        seat.kept = seat.draft


def _take_note(seat: Seat) -> None:
    """What was written a moment ago, before the page was drawn anew."""
    written = written_in(NOTE, of=seat.id, version=seat.version)
    if written is not None:
        seat.note = written


def say(case: str) -> None:
    """Tell the others the note now; the vote is another matter."""
    mine = board()
    seat = mine.seats.get(case)
    if seat is None:
        return
    _take_note(seat)
    if not seat.note.strip():
        return
    with _refusals():
        holding.comment(mine.gateway, case, seat.note.strip())
        seat.version += 1
        seat.note = ""


def reveal(case: str) -> None:
    """Fetch the picture, then show it clearly, then hide it again."""
    mine = board()
    seat = mine.seats.get(case)
    if seat is not None:
        with _refusals():
            blur = bool(here().me["terms"]["blur"])
            seat.looking.reveal(mine.gateway, seat.desk, blur=blur)


def next_picture(case: str) -> None:
    """Turn to the next picture."""
    seat = board().seats.get(case)
    if seat is not None:
        seat.looking.turn(seat.desk)


def renew(case: str) -> None:
    """Keep a case longer."""
    with _refusals():
        holding.renew(board().gateway, case)


@contextmanager
def _refusals() -> Iterator[None]:
    """What the service does not take is said on the page; nothing that was written is lost."""
    board().refusal = ""
    try:
        yield
    except Refused as no:
        board().refusal = str(no)
    except Unreachable:
        board().refusal = "The service does not answer; it may not have arrived."
    except SignedOut:
        pass  # the look that follows says so
