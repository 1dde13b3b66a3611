"""Who did what about a release, and when."""

from collections.abc import Iterator
from typing import Any

import streamlit as st

from dashboard.formats import moment, share
from dashboard.gateway import Answer


def journal(shown: Answer) -> None:
    """Show all that was done, the last last."""
    rows = sorted(events(shown), key=lambda each: each["at"])
    st.dataframe(
        [{**each, "at": moment(each["at"])} for each in rows],
        hide_index=True,
        column_config={"why": st.column_config.TextColumn(width="large")},
    )


def events(shown: Answer) -> Iterator[dict[str, Any]]:
    """What was done about a release, as `GET /v1/releases/{name}/progress` says."""
    yield _event(shown["published_at"], "published", shown["published_by"], shown["message"])
    for step in shown["steps"]:
        details = step["details"] or {}
        why = step["note"] or ""
        if step["step"] == "tested":
            why = f"{details['passed']} pass, {details['failed']} fail"
        yield _event(step["at"], step["step"], step["by"], why)
    for kind in ("shadow", "canary"):
        yield from _trial(kind, shown[kind])
    for each in shown["brought"]:
        what = "brought back into force" if each["back"] else "brought into force"
        yield _event(each["at"], what, each["by"], each["note"])


def _trial(kind: str, trial: Answer | None) -> Iterator[dict[str, Any]]:
    if trial is None:
        return
    how = "" if trial["share"] is None else f"{share(trial['share'])} of {trial['unit']}s"
    yield _event(trial["started_at"], f"{kind} began", trial["started_by"], how)
    if trial["ended_at"] is not None:
        yield _event(trial["ended_at"], f"{kind} ended", trial["ended_by"], trial["why"])


def _event(at: str, what: str, by: str | None, why: str | None) -> dict[str, Any]:
    return {"at": at, "what": what, "by": by or "", "why": why or ""}
