"""The way of a release, step by step."""

from dataclasses import dataclass
from typing import Final, Literal

import streamlit as st

from dashboard.formats import words
from dashboard.gateway import Answer

WAY: Final = ("checked", "tested", "approved", "shadow", "canary", "active", "superseded")
_FAILING: Final = "failing"


@dataclass(frozen=True, slots=True)
class _Look:
    colour: Literal["green", "blue", "gray", "red"]
    icon: str | None


_DONE: Final = _Look("green", ":material/check:")
_NOW: Final = _Look("blue", ":material/radio_button_checked:")
_TO_COME: Final = _Look("gray", None)
_WRONG: Final = _Look("red", ":material/close:")


def stages(shown: Answer) -> None:
    """Show where a release is on its way, as `GET /v1/releases/{name}/progress` says."""
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        for number, stage in enumerate(WAY):
            if number:
                st.caption("→", width="content")
            look = _look(stage, shown)
            st.badge(words(stage), color=look.colour, icon=look.icon)
        st.caption(f"{shown['approvals']} of {shown['needed']} approvals", width="content")
    if shown["trouble"]:
        st.error("Some processes cannot use it:")
        st.text("\n".join(shown["trouble"]))


def behind(shown: Answer) -> set[str]:
    """The stages that a release went through."""
    done = {"checked"}
    done |= {str(each["step"]) for each in shown["steps"]} & {"tested"}
    done |= {"approved"} if shown["approvals"] >= max(shown["needed"], 1) else set()
    done |= {kind for kind in ("shadow", "canary") if shown[kind] is not None}
    done |= {"active"} if shown["brought"] else set()
    return done


def _look(stage: str, shown: Answer) -> _Look:
    if shown["stage"] == _FAILING and stage == "tested":
        return _WRONG
    if shown["stage"] == stage:
        return _NOW
    return _DONE if stage in behind(shown) else _TO_COME
