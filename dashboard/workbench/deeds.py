"""What can be done about a release, by whoever may: the API has the last word."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.gateway import Answer, Refused
from dashboard.person import Person
from dashboard.workbench import calls

_NEW: Final = frozenset({"checked", "failing", "tested", "approved"})
_TRIED: Final = frozenset({"shadow", "canary"})
_BEFORE: Final = _NEW | {"superseded"}
_LONGEST: Final = 2_000
_ALL: Final = 100
_SAID: Final = "workbench.said"
_UNSAID: Final = "Say why: others will ask."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Deed:
    """Something that can be done."""

    asks: str
    """What whoever does it has to be permitted."""
    at: frozenset[str]
    """Stages of a release at which it can be done."""
    label: str
    icon: str
    show: Callable[[Person, Answer], None]
    """Draws what is asked before it is done."""


def deeds(person: Person, shown: Answer) -> None:
    """Show the buttons that this person may press now, and what came of the last one.

    All keys name the release: a press counts for the one that was looked at.
    """
    said = st.session_state.pop(_SAID, None)
    if said is not None:
        (st.success if said[0] else st.error)(said[1])
    with st.container(horizontal=True, gap="small"):
        for deed in possible(person.may, str(shown["stage"])):
            with st.popover(deed.label, icon=deed.icon):
                deed.show(person, shown)


def possible(may: Callable[[str], bool], stage: str) -> list[_Deed]:
    """What somebody may do about a release that is so far."""
    return [each for each in _DEEDS if stage in each.at and may(each.asks)]


def _do(deed: Callable[[], object], said: str) -> None:
    """Do it, and say what came of it once the page is drawn anew."""
    try:
        deed()
    except Refused as no:
        st.session_state[_SAID] = (False, str(no))
    else:
        st.session_state[_SAID] = (True, said)
    st.rerun()


def _form(key: str) -> DeltaGenerator:
    """What is sent together: a text that is left for the button does not draw the page anew."""
    return st.form(key, border=False, enter_to_submit=False)


def _words(label: str, key: str) -> str | None:
    return (st.text_area(label, key=key, max_chars=_LONGEST, height=90) or "").strip() or None


def _test(person: Person, shown: Answer) -> None:
    st.write("They run once: neither its rules nor its tests ever change.")
    name = str(shown["name"])
    if st.button("Run them", type="primary", key=f"test {name}"):
        _do(lambda: calls.test(person.gateway, name), "Its tests were run.")


def _approve(person: Person, shown: Answer) -> None:
    name = str(shown["name"])
    with _form(f"approve {name}"):
        note = _words("What you looked at, for others", f"approve-note {name}")
        if st.form_submit_button("I stand behind it", type="primary"):
            _do(lambda: calls.approve(person.gateway, name, note), "You stand behind it.")


def _try(person: Person, shown: Answer) -> None:
    name = str(shown["name"])
    kinds = {
        "shadow": "Shadow: it judges all items, without effect",
        "canary": "Canary: it decides a share of the items",
    }
    if shown["moved"] is not None:
        _warn(str(shown["moved"]))
    kind = st.radio(
        "How", list(kinds), format_func=lambda each: kinds[each], key=f"try-kind {name}"
    )
    how: dict[str, object] = {}
    if kind == "canary":
        percent = st.slider(
            "Share of the items, in percent", 1, _ALL - 1, 10, key=f"try-share {name}"
        )
        unit = st.radio(
            "What falls to it as a whole",
            ["item", "author"],
            horizontal=True,
            key=f"try-unit {name}",
        )
        how = {"share": percent / _ALL, "unit": unit}
    if st.button("Begin", type="primary", key=f"try {name}"):
        _do(lambda: calls.begin(person.gateway, name, str(kind), **how), f"The {kind} began.")


def _end(person: Person, shown: Answer) -> None:
    name, kind = str(shown["name"]), str(shown["stage"])
    with _form(f"end {name}"):
        why = _words("Why", f"end-why {name}")
        if st.form_submit_button("End it", type="primary"):
            if why is None:
                st.error(_UNSAID)
                return
            _do(lambda: calls.end(person.gateway, kind, why), f"The {kind} ended.")


def _activate(person: Person, shown: Answer) -> None:
    name = str(shown["name"])
    with _form(f"activate {name}"):
        note = _words("What changes, for others", f"activate-note {name}")
        replaces = _replaced(shown)
        with st.expander("Something speaks against it"):
            st.caption("Failing tests, or cases in a queue that it does not have. It is recorded.")
            despite = _words("Why it goes on all the same", f"activate-despite {name}")
        if st.form_submit_button("Bring it into force", type="primary"):
            _do(
                lambda: calls.activate(person.gateway, name, note, despite, replaces),
                "It is in force: every process takes it into use within seconds.",
            )


def _replaced(shown: Answer) -> str | None:
    """What is in force although it was not made from that, if it shall be replaced."""
    other = shown["moved"]
    if other is None:
        return None
    _warn(str(other))
    meant = st.checkbox(
        f"Take back what `{other}` changed", key=f"activate-replaces {shown['name']}"
    )
    return str(other) if meant else None


def _warn(other: str) -> None:
    st.warning(f"It was not made from `{other}`, which is in force by now.")


def _roll_back(person: Person, shown: Answer) -> None:
    name = str(shown["name"])
    st.write("What was in force before this one is in force again, at once.")
    _return(person, name, None, "Take it back", "The release before is in force again.")


def _go_back(person: Person, shown: Answer) -> None:
    name = str(shown["name"])
    st.write("It is in force again at once, in place of all that came since.")
    _return(person, name, name, "Go back to it", "It is in force again.")


def _return(person: Person, name: str, to: str | None, label: str, said: str) -> None:
    with _form(f"rollback {name}"):
        why = _words("Why", f"rollback-why {name}")
        if st.form_submit_button(label, type="primary"):
            if why is None:
                st.error(_UNSAID)
                return
            _do(lambda: calls.roll_back(person.gateway, why, to), said)


_DEEDS: Final = (
    _Deed(
        asks="releases.publish",
        at=frozenset({"checked"}),
        label="Run its tests",
        icon=":material/play_arrow:",
        show=_test,
    ),
    _Deed(
        asks="releases.approve",
        at=_NEW | _TRIED,
        label="Approve",
        icon=":material/thumb_up:",
        show=_approve,
    ),
    _Deed(asks="releases.try", at=_BEFORE, label="Try", icon=":material/science:", show=_try),
    _Deed(
        asks="releases.try",
        at=_TRIED,
        label="End the trial",
        icon=":material/stop_circle:",
        show=_end,
    ),
    _Deed(
        asks="releases.activate",
        at=_BEFORE | _TRIED,
        label="Bring into force",
        icon=":material/rocket_launch:",
        show=_activate,
    ),
    _Deed(
        asks="releases.rollback",
        at=frozenset({"active"}),
        label="Roll back",
        icon=":material/undo:",
        show=_roll_back,
    ),
    _Deed(
        asks="releases.rollback",
        at=frozenset({"superseded"}),
        label="Go back to it",
        icon=":material/undo:",
        show=_go_back,
    ),
)
