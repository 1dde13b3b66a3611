"""What keys and buttons do. Each says which case it is meant for, and counts for no other."""

from dataclasses import dataclass, field
from math import inf
from time import monotonic
from typing import Final

import streamlit as st

from dashboard import formats
from dashboard.desk.keeping import draft_of, resumed
from dashboard.desk.layers import Layers
from dashboard.desk.pace import bounces, is_unread
from dashboard.desk.saying import Saying, Step, needs_reason
from dashboard.desk.tray import Held, Refusal
from dashboard.desk.work import Work
from dashboard.holding import Draft
from dashboard.person import here
from dashboard.showing.looking import Looking
from dashboard.showing.note import written_in
from dashboard.showing.reasons import title_of

_KEPT: Final = "desk"
#: The field for a note.
NOTE: Final = "desk-note"


@dataclass(slots=True, kw_only=True)
class Desk:
    """One session's desk."""

    work: Work
    sayings: dict[str, Saying] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    """What was not taken, until the next thing is done."""
    lost: float = 0.0
    """Seconds of the case on the desk in which nobody worked on it."""
    layers: Layers = field(default_factory=Layers)
    """What is shown of what was found."""
    is_filtering: bool = False
    is_helping: bool = False
    undone_at: float = -inf
    """When something was taken back, on the clock of this machine that only goes on."""

    def saying(self, case: str) -> Saying:
        """What is being said about a case."""
        return self.sayings.setdefault(case, Saying())

    def on_top(self, case: str) -> Held | None:
        """The case on the desk, if it is this one and has been seen for long enough.

        What was written about it a moment ago belongs to it.
        """
        held = self.work.tray.top
        if held is None or held.id != case or bounces(held.shown_for):
            return None
        written = written_in(NOTE, of=case, version=held.version)
        if written is not None:
            self.saying(case).note = written
        return held

    def resume(self, held: Held) -> None:
        """Go on with what was about to be said of a case before the page was opened."""
        if held.id not in self.sayings:
            self.sayings[held.id] = resumed(Draft.of(held.desk))

    def keep(self, held: Held) -> None:
        """Keep what is about to be said, as a draft."""
        saying = self.saying(held.id)
        draft = draft_of(saying)
        if draft != saying.kept:
            saying.kept = draft
            self.work.draft(held, draft)


def desk() -> Desk:
    """The desk of whoever looks; their first look makes it, with what was in hand before."""
    found = st.session_state.get(_KEPT)
    gateway = here().gateway
    if not isinstance(found, Desk) or found.work.gateway.token != gateway.token:
        found = Desk(work=Work(gateway=gateway))
        found.work.resume()
        st.session_state[_KEPT] = found
    return found


def choose(case: str, action: str) -> None:
    """Decide by a key of the menu, which also stands below the question whether it was meant.

    A key that comes after the menu was gone was meant for nothing.
    """
    if desk().saying(case).step in {None, Step.SURE}:
        decide(case, action)


def decide(case: str, action: str) -> None:
    """Decide the case on the desk, or ask for what is missing."""
    mine, saying = desk(), desk().saying(case)
    held = mine.on_top(case)
    if held is None:
        return
    saying.action = action
    if needs_reason(held.desk, saying, action):
        saying.step = Step.REASON
        return
    if saying.asked_at is None and is_unread(held.characters, held.shown_for):
        saying.step, saying.asked_at = Step.SURE, monotonic()
        return
    if saying.asked_at is not None and bounces(monotonic() - saying.asked_at):
        # The second press of one finger is no answer.
        return
    active = max(0.0, monotonic() - (held.shown_at or monotonic()) - mine.lost)
    ballot = saying.ballot(action, active)
    _leave(mine, held)
    text = _told(held, saying, action)
    mine.work.decide(held, ballot, drafted=saying.kept != Draft(), text=text)
    saying.kept = Draft()
    saying.back()


def sure(case: str) -> None:
    """Decide what was asked about."""
    action = desk().saying(case).action
    if action is not None:
        decide(case, action)


def skip(case: str, reason: str) -> None:
    """Give the case on the desk back."""
    mine = desk()
    held = mine.on_top(case)
    if held is not None:
        _leave(mine, held)
        mine.work.skip(held, reason)
        mine.saying(case).back()


def escalate(case: str) -> None:
    """Bring the case on the desk before the panel; the note says why."""
    mine, saying = desk(), desk().saying(case)
    held = mine.on_top(case)
    if held is None:
        return
    if not saying.note.strip():
        why = "Say why in the note: press N, write, press Esc, and E again."
        mine.refusals = [Refusal(what="The escalation", why=why, is_back=True)]
        return
    _leave(mine, held)
    mine.work.escalate(held, saying.note.strip(), drafted=saying.kept != Draft())
    saying.kept = Draft()


def undo(case: str) -> None:
    """Take a decision back, if it is the newest: a second press means nothing more."""
    mine = desk()
    for sent in mine.work.tray.undoable[:1]:
        if sent.case != case or bounces(monotonic() - mine.undone_at):
            return
        mine.undone_at = monotonic()
        mine.work.undo(sent)
        _looked_anew(mine)
        mine.saying(sent.case).note = sent.note


def rate(case: str, rating: str) -> None:
    """Say how good the machine's suggestion was."""
    held = desk().on_top(case)
    if held is not None:
        desk().work.rate(held, rating)


def step(case: str, wanted: Step) -> None:
    """Ask for something."""
    if desk().on_top(case) is not None:
        saying = desk().saying(case)
        saying.back()
        saying.step = wanted


def back(case: str) -> None:
    """Ask for nothing any more."""
    desk().saying(case).back()


def under(case: str, policy: str) -> None:
    """Look at the reasons of a policy."""
    desk().saying(case).under = policy


def because(case: str, reason: str) -> None:
    """Choose a reason; goes on with what was about to be decided."""
    saying = desk().saying(case)
    action = saying.action
    saying.reason = reason
    saying.back()
    if action is not None:
        decide(case, action)


def correct(case: str) -> None:
    """Open or close what the machine marked, to be corrected."""
    saying = desk().saying(case)
    saying.is_correcting = not saying.is_correcting


def reveal(case: str) -> None:
    """Fetch the picture, then show it clearly, then hide it again."""
    mine = desk()
    held = mine.on_top(case)
    if held is not None:
        blur = bool(here().me["terms"]["blur"])
        mine.saying(case).looking.reveal(mine.work.gateway, held.desk, blur=blur)


def next_picture(case: str) -> None:
    """Turn to the next picture."""
    mine = desk()
    held = mine.on_top(case)
    if held is not None:
        mine.saying(case).looking.turn(held.desk)


def filtering() -> None:
    """Open or close the choice of layers."""
    desk().is_filtering = not desk().is_filtering


def helping() -> None:
    """Show the keys, or not any more."""
    desk().is_helping = not desk().is_helping


def comment(case: str) -> None:
    """Tell colleagues the note now, whatever is decided."""
    mine, saying = desk(), desk().saying(case)
    held = mine.on_top(case)
    if held is None or not saying.note.strip():
        return
    if mine.work.comment(held, saying.note.strip()):
        saying.note = ""


def _leave(mine: Desk, held: Held) -> None:
    """Take a case off the desk; the next one is looked at from now on."""
    remembered = {*mine.work.tray.remembered, held.id}
    mine.sayings = {case: said for case, said in mine.sayings.items() if case in remembered}
    mine.saying(held.id).looking = Looking()
    mine.work.tray.take(held.id)
    _looked_anew(mine)


def _looked_anew(mine: Desk) -> None:
    mine.lost = 0.0
    mine.refusals = []


def _told(held: Held, saying: Saying, action: str) -> str:
    what = formats.words(action)
    reason = saying.reason or held.desk["case"]["reason"]
    return what if action == "keep" or reason is None else f"{what}, {title_of(held.desk, reason)}"
