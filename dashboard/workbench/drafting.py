"""The editor: a draft of the rules, checked and tested as it is written."""

from typing import Any, Final

import streamlit as st

from dashboard.formats import count
from dashboard.gateway import now
from dashboard.pages import Page, Section
from dashboard.person import here
from dashboard.states import boundary, empty
from dashboard.workbench import drafts
from dashboard.workbench.arranging import arranging
from dashboard.workbench.checking import (
    Checked,
    Finding,
    Tested,
    check,
    findings,
    published,
    run_tests,
)
from dashboard.workbench.comparing import comparing
from dashboard.workbench.completing import completions
from dashboard.workbench.differences import differences
from dashboard.workbench.drafts import Draft
from dashboard.workbench.editor import rule_editor
from dashboard.workbench.submitting import submitting
from dashboard.workbench.trying import trying
from engine.diffing import compare
from engine.diffing.layouts import MOST_WORDS, to_dict

_EDITOR: Final = "rule-editor"
_SEEN: Final = "workbench.seen"
_LOOKED: Final = "workbench.looked"
#: Seconds of the processor that tests may take while somebody writes: a busy machine, or the first
#: time, takes several times what an idle one does.
_AFFORDED: Final = 1.0
_TESTS, _ITEM, _FILE, _DIFFERENCE, _SUBMIT = (
    "Tests",
    "Try an item",
    "Try a file",
    "What differs",
    "Submit",
)


def show() -> None:
    """The draft of whoever is signed in."""
    if drafts.opened() is None:
        empty(
            "No release is in force yet.",
            "Publish the first one from a folder of rules: tierwise release publish.",
        )
        return
    _bench()


@st.fragment
def _bench() -> None:
    with boundary():
        draft = drafts.current()
        seen = _take(draft)
        arranging(draft)
        checked, tested = _looked_at(draft)
        found = findings(checked, tested)
        rule_editor(_EDITOR, _told(draft, checked, tested, found, seen))
        _panels(draft, checked, tested)


def _take(draft: Draft) -> int:
    """Take over what was written and chosen in the editor; the number of the last text."""
    state = st.session_state.get(_EDITOR) or {}
    seen: dict[str, int] = st.session_state.setdefault(_SEEN, {"written": 0, "opened": 0})
    written, opened = state.get("written"), state.get("opened")
    if written and written["number"] > seen["written"]:
        seen["written"] = written["number"]
        mine = str(written["token"]).startswith(draft.name)
        if (
            mine
            and written["path"] in draft.files
            and draft.write(written["path"], written["text"])
        ):
            drafts.keep(draft)
    if opened and opened["number"] > seen["opened"]:
        seen["opened"] = opened["number"]
        draft.wanted, draft.line = opened["path"], opened["line"]
    if draft.wanted is not None:
        st.query_params["file"] = draft.wanted
        draft.wanted = None
    return seen["written"] if draft.trouble is None else 0


def _looked_at(draft: Draft) -> tuple[Checked, Tested | None]:
    """What the engine says of the draft; tests are run where that is quick, or was asked for."""
    files, at = draft.files, now().timestamp()
    last: dict[str, Any] = st.session_state.setdefault(_LOOKED, {})
    if last.get("files") != files:
        last.update(files=files, checked=check(files, now=at), tested=None)
        # How long tests take is known once they ran; before that, reading tells.
        took = last.get("took", last["checked"].seconds)
        last["wanted"] = took <= _AFFORDED
    checked: Checked = last["checked"]
    tested: Tested | None = last["tested"]
    if checked.policy is not None and last["wanted"] and tested is None:
        tested = last["tested"] = run_tests(checked, now=at)
        last["took"] = tested.seconds
    if checked.policy is not None and last.get("known") is not checked.policy:
        # What can be completed stays while there are mistakes.
        last.update(known=checked.policy, completions=completions(checked.policy))
        last["digest"] = checked.policy.source_hash
    return checked, tested


def _told(
    draft: Draft, checked: Checked, tested: Tested | None, found: list[Finding], seen: int
) -> dict[str, Any]:
    """What the editor shows."""
    files = draft.files
    path = st.query_params.get("file", "")
    if path not in files:
        first = next(iter(found), None)
        path = first.path if first is not None and first.path in files else next(iter(files), "")
    last = st.session_state[_LOOKED]
    knows = (st.session_state.get(_EDITOR) or {}).get("knows")
    line, draft.line = draft.line, None
    told: dict[str, Any] = {
        "whose": f"{here().name} {draft.base}",
        "open": {
            "path": path,
            "text": files.get(path, ""),
            "token": f"{draft.name} {draft.turn} {path}",
        },
        "files": [_listed(each, draft, found) for each in files],
        "findings": [_found(each) for each in found],
        "state": says(checked, tested),
        "level": "error" if checked.errors else "warning" if found else "",
        "acknowledged": seen,
        "goto": None if line is None else {"line": line, "token": _wish(draft)},
        "digest": last.get("digest"),
    }
    if knows != last.get("digest"):
        told["completions"] = last.get("completions")
    return told


def _wish(draft: Draft) -> str:
    """Names one wish to see a line, so that it is fulfilled once."""
    return f"{draft.name} {st.session_state[_SEEN]['opened']}"


def says(checked: Checked, tested: Tested | None) -> str:
    """How the draft is, in a line."""
    warnings = len(checked.diagnostics) - checked.errors
    mistakes = [(checked.errors, "error"), (warnings, "warning")]
    parts = [f"{count(number)} {what}{'' if number == 1 else 's'}" for number, what in mistakes]
    if checked.policy is None:
        parts.append("tests run when there are no errors")
    else:
        parts.append("tests were not run" if tested is None else tested.says)
    return " · ".join(parts)


def _listed(path: str, draft: Draft, found: list[Finding]) -> dict[str, Any]:
    mine = [each.level for each in found if each.path == path]
    errors = sum(level != "warning" for level in mine)
    changed = path in draft.changes
    return {"path": path, "changed": changed, "errors": errors, "others": len(mine) - errors}


def _found(each: Finding) -> dict[str, Any]:
    return {
        "level": each.level,
        "path": each.path,
        "line": each.line,
        "column": each.column,
        "length": each.length,
        "message": each.message,
        "hint": each.hint,
        "mends": each.mends,
    }


def _panels(draft: Draft, checked: Checked, tested: Tested | None) -> None:
    chosen = st.segmented_control(
        "Panel",
        [_TESTS, _ITEM, _FILE, _DIFFERENCE, _SUBMIT],
        default=_TESTS,
        required=True,
        key="panel",
        label_visibility="collapsed",
    )
    if checked.policy is None:
        empty("There are errors.", "Mend them: then the draft can be tested, tried and submitted.")
        return
    if chosen == _TESTS:
        _tests(tested)
        return
    if chosen == _SUBMIT:
        submitting(draft, checked, tested)
        return
    before = published(draft.base, draft.before, now=now().timestamp())
    if before.policy is None:
        empty("The release that it began as does not load any more.", "Begin anew.")
    elif chosen == _ITEM:
        trying(checked, before, draft.base)
    elif chosen == _FILE:
        comparing(checked, before, draft.base)
    else:
        differences(to_dict(compare(before.policy, checked.policy), most=MOST_WORDS))


def _tests(tested: Tested | None) -> None:
    if tested is None:
        st.caption("They take longer than somebody who writes should wait.")
        if st.button("Run the tests", icon=":material/play_arrow:", key="run-tests"):
            st.session_state[_LOOKED]["wanted"] = True
            st.rerun(scope="fragment")
        return
    rows = [
        {
            "standing": str(each.standing),
            "of": each.owner,
            "test": each.label,
            "expected": "; ".join(str(one.expected) for one in each.differences),
            "got": "; ".join(str(one.got) for one in each.differences),
            "place": f"{each.span.file}:{each.span.line}",
        }
        for each in sorted(tested.trials, key=lambda each: each.standing != "failed")
    ]
    if not rows:
        empty("There are no tests.", "Write examples under `tests:` of a rule.")
        return
    st.dataframe(rows, hide_index=True, height=280)


PAGES = (
    Page(
        section=Section.POLICY,
        title="Editor",
        path="editor",
        icon=":material/edit_note:",
        question="What would change if the rules said this instead?",
        show=show,
        needs=("releases.publish",),
    ),
)
