"""What can be done to a draft as a whole: files come and go, it begins anew, it moves on."""

import re
from typing import Final

import streamlit as st

from dashboard.person import here
from dashboard.workbench import calls, drafts
from dashboard.workbench.drafts import Draft

_PATH: Final = re.compile(r"[A-Za-z0-9_-][\w.-]*(/[A-Za-z0-9_-][\w.-]*)*\.ya?ml")


def arranging(draft: Draft) -> None:
    """Say what the draft is, with buttons."""
    if draft.trouble is not None:
        _troubled(draft)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        changed = len(draft.changes)
        what = "no file" if not changed else f"{changed} file{'' if changed == 1 else 's'}"
        st.markdown(f"{what.capitalize()} changed since release `{draft.base}`")
        st.space("stretch")
        with st.popover("New file", icon=":material/note_add:"):
            _new(draft)
        with st.popover("This file", icon=":material/description:"):
            _this(draft)
        with st.popover("Discard", icon=":material/delete:", disabled=not draft.changes):
            st.write("What you changed is gone then.")
            if st.button("Discard the draft", type="primary", key="discard"):
                drafts.discard()
                st.rerun()
    if draft.active not in {None, draft.base}:
        _behind(draft)


def _new(draft: Draft) -> None:
    with st.form("new-file", border=False, enter_to_submit=False):
        path = st.text_input("Path", placeholder="policies/new.yaml", key="new-path") or ""
        if not st.form_submit_button("Add it", type="primary"):
            return
    if not _PATH.fullmatch(path):
        st.error("Write a path such as policies/new.yaml.")
    elif path in draft.files:
        st.error("There is such a file.")
    else:
        draft.write(path, "")
        _kept(draft, path)


def _this(draft: Draft) -> None:
    path = st.query_params.get("file", "")
    if path not in draft.files:
        st.caption("Open a file first.")
        return
    st.text(path)
    if path in draft.changes and st.button("Take its changes back", key="revert-file"):
        draft.write(path, draft.before.get(path))
        _kept(draft, path)
    if st.button("Remove it", key="remove-file"):
        draft.write(path, None)
        _kept(draft, None)


def _kept(draft: Draft, path: str | None) -> None:
    """Keep what was done here rather than in the editor, and show it there."""
    draft.turn += 1
    drafts.keep(draft)
    draft.wanted = path
    st.rerun(scope="fragment")


def _behind(draft: Draft) -> None:
    assert draft.active is not None  # noqa: S101 - `arranging` looked
    st.info(f"Release `{draft.active}` is in force by now; the draft began as `{draft.base}`.")
    if st.button("Move my changes to it", icon=":material/merge:", key="move"):
        both = draft.moved(draft.active, calls.files(here().gateway, draft.active))
        if both:
            st.error("Both changed these files; nothing was moved:")
            st.text("\n".join(both))
        else:
            _kept(draft, None)


def _troubled(draft: Draft) -> None:
    st.error("What you wrote last is not kept at the service.")
    st.text(draft.trouble or "")
    with st.container(horizontal=True):
        if st.button("Keep what stands here", icon=":material/save:", key="keep-mine"):
            drafts.overwrite(draft)
            st.rerun(scope="fragment")
        if st.button("Show what is kept", icon=":material/refresh:", key="keep-theirs"):
            drafts.forget()
            st.rerun()
