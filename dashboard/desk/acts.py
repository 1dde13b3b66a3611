"""What keys and buttons do. Each says which case it is meant for, and counts for no other."""

from dataclasses import dataclass, field
from time import monotonic
from typing import Final

import streamlit as st

from dashboard import formats
from dashboard.desk.layers import Layers
from dashboard.desk.pace import bounces, is_unread
from dashboard.desk.saying import Looking, Saying, Step, needs_reason
from dashboard.desk.tray import Held, Refusal
from dashboard.desk.work import Work
from dashboard.person import here
from dashboard.showing.reasons import title_of

_KEPT: Final = "desk"


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

    def saying(self, case: str) -> Saying:
        """What is being said about a case."""
        return self.sayings.setdefault(case, Saying())

    def on_top(self, case: str) -> Held | None:
        """The case on the desk, if it is this one and has been seen for long enough."""
        held = self.work.tray.top
        if held is None or held.id != case or bounces(held.shown_for):
            return None
        return held


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
    if not saying.is_sure and is_unread(held.characters, held.shown_for):
        saying.step, saying.is_sure = Step.SURE, True
        return
    active = max(0.0, monotonic() - (held.shown_at or monotonic()) - mine.lost)
    ballot = saying.ballot(action, active)
    _leave(mine, held)
    text = _told(held, saying, action)
    mine.work.decide(held, ballot, drafted=bool(saying.kept), text=text)
    saying.kept = ""
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
    mine.work.escalate(held, saying.note.strip(), drafted=bool(saying.kept))
    saying.kept = ""


def undo() -> None:
    """Take the newest decision back that can be."""
    mine = desk()
    for sent in mine.work.tray.undoable[:1]:
        mine.work.undo(sent)
        _looked_anew(mine)
        # The draft was let go of when it was sent as a comment.
        note(sent.case, sent.note)


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
    """Fetch the picture, then show it clearly, then hide it again.

    Whoever wants pictures blurred presses twice: fetched is not seen yet.
    """
    held, looking = desk().on_top(case), desk().saying(case).looking
    if held is None or not held.desk["pictures"]:
        return
    if looking.shot is not None:
        looking.is_blurred = not looking.is_blurred
        return
    desk().work.look(held, looking)
    looking.is_blurred = bool(here().me["terms"]["blur"])


def next_picture(case: str) -> None:
    """Turn to the next picture; it is not fetched either before somebody asks."""
    held, saying = desk().on_top(case), desk().saying(case)
    if held is not None:
        number = (saying.looking.number + 1) % len(held.desk["pictures"])
        saying.looking = Looking(number=number)


def filtering() -> None:
    """Open or close the choice of layers."""
    desk().is_filtering = not desk().is_filtering


def helping() -> None:
    """Show the keys, or not any more."""
    desk().is_helping = not desk().is_helping


def note(case: str, written: str) -> None:
    """Keep a note, here and as a draft."""
    mine, saying = desk(), desk().saying(case)
    saying.note = written
    held = mine.work.tray.top
    if held is not None and held.id == case and written != saying.kept:
        saying.kept = written
        mine.work.draft(held, written)


def comment(case: str) -> None:
    """Tell colleagues the note now, whatever is decided."""
    mine, saying = desk(), desk().saying(case)
    held = mine.on_top(case)
    if held is None or not saying.note.strip():
        return
    if mine.work.comment(held, saying.note.strip()):
        note(case, "")


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
