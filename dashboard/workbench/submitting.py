"""A draft becomes a release: published, tested, and then a matter of somebody else."""

import streamlit as st

from dashboard.gateway import Refused
from dashboard.person import here
from dashboard.states import empty
from dashboard.workbench import calls, drafts
from dashboard.workbench.checking import Checked, Tested
from dashboard.workbench.drafts import Draft
from dashboard.workbench.ways import go_to

_LONGEST = 2_000


def submitting(draft: Draft, checked: Checked, tested: Tested | None) -> None:
    """Ask what changed, and publish; the draft is without errors."""
    if not draft.changes:
        empty("Nothing is changed yet.", "What you submit is what differs from the release.")
        return
    if tested is not None and tested.failed:
        st.warning(f"{tested.says}. Nobody can approve it before they pass.")
    rules = 0 if checked.policy is None else len(checked.policy.rules)
    with st.form("submitting", border=False, enter_to_submit=False):
        message = st.text_area(
            "What changes, and why, for whoever approves it",
            max_chars=_LONGEST,
            key="submit-message",
            placeholder="Offers of followers are limited to one a day",
        )
        st.caption(
            f"{rules} rules become a release. It is not in force before somebody else approved it."
        )
        sent = st.form_submit_button("Submit", type="primary", icon=":material/send:")
    if sent and not (message or "").strip():
        st.error("Say what changes.")
    elif sent:
        _submit(draft, str(message).strip())


def _submit(draft: Draft, message: str) -> None:
    ask = here().gateway
    try:
        name = str(calls.publish(ask, draft.files, message, draft.base)["name"])
        calls.test(ask, name)
    except Refused as no:
        st.error(str(no))
        return
    drafts.discard()
    go_to("releases", release=name)
