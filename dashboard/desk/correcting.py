"""What the machine marked, corrected: policy, labels and pieces of text. It changes no action."""

from typing import Final

import streamlit as st

from dashboard.desk.saying import Saying, Span
from dashboard.desk.tray import Held
from dashboard.gateway import Answer
from dashboard.showing.item import Selected
from dashboard.showing.reasons import title_of

_OPEN: Final = "-"
_JUDGED: Final = ("accepted", "rejected")


def show(held: Held, saying: Saying, selected: Selected | None) -> None:
    """Choices beside a case; they go with what is decided.

    Args:
        held: The case on the desk.
        saying: What is said about it.
        selected: A piece of text that was selected just now.
    """
    if selected is not None and selected not in [each.at for each in saying.added]:
        saying.added.append(Span(selected, None))
    with st.container(border=True, height=150):
        policy, labels = st.columns(2)
        with policy:
            _policy(held, saying)
        with labels:
            _labels(held, saying)
        _pieces(held, saying)
        _added(held, saying)


def _policy(held: Held, saying: Saying) -> None:
    own = held.desk["case"]["policy"]
    names = sorted({each["policy"] for each in held.desk["menu"]["reasons"]} - {own})
    chosen = st.selectbox(
        "Right policy",
        [_OPEN, *names],
        index=0 if saying.policy is None else 1 + names.index(saying.policy),
        format_func=lambda name: (own or "as it is") if name == _OPEN else name,
        key=f"policy-{held.id}",
    )
    saying.policy = None if chosen == _OPEN else chosen


def _labels(held: Held, saying: Saying) -> None:
    suggested = _suggested(held.desk)
    names = [each["name"] for each in held.desk["menu"]["reasons"]]
    default = [name for name in suggested if saying.labels.get(name) != "rejected"]
    default += [name for name, judged in saying.labels.items() if judged == "added"]
    chosen = st.multiselect(
        "Labels",
        names,
        default=default,
        format_func=lambda name: title_of(held.desk, name),
        key=f"labels-{held.id}",
    )
    rejected = dict.fromkeys((name for name in suggested if name not in chosen), "rejected")
    added = dict.fromkeys((name for name in chosen if name not in suggested), "added")
    saying.labels = rejected | added


def _suggested(desk: Answer) -> tuple[str, ...]:
    found = desk["case"]["suggestion"]
    return () if found is None else tuple(found["reasons"])


def _pieces(held: Held, saying: Saying) -> None:
    texts = {each["field"]: each["text"] for each in held.desk["texts"]}
    for number, ground in enumerate(held.desk["grounds"], start=1):
        for piece in ground["pieces"]:
            place = (piece["field"], piece["start"], piece["end"])
            row = st.columns([3, 2], vertical_alignment="center")
            with row[0]:
                st.text(f"{number}  {texts[place[0]][place[1] : place[2]]}")
            with row[1]:
                judged = st.segmented_control(
                    "Judged",
                    _JUDGED,
                    default=saying.pieces.get(place),
                    key=f"piece-{held.id}-{number}-{place}",
                    label_visibility="collapsed",
                )
            _judge(saying, place, judged)


def _judge(saying: Saying, place: tuple[str, int, int], judged: str | None) -> None:
    if judged is None:
        saying.pieces.pop(place, None)
    else:
        saying.pieces[place] = judged


def _added(held: Held, saying: Saying) -> None:
    texts = {each["field"]: each["text"] for each in held.desk["texts"]}
    names = [each["name"] for each in held.desk["menu"]["reasons"]]
    for place, span in enumerate(list(saying.added)):
        row = st.columns([3, 2, 1], vertical_alignment="center")
        with row[0]:
            st.text(f"new  {texts[span.at.field][span.at.start : span.at.end]}")
        with row[1]:
            label = st.selectbox(
                "Label",
                [None, *names],
                index=0 if span.label is None else 1 + names.index(span.label),
                format_func=lambda name: "no label" if name is None else title_of(held.desk, name),
                key=f"span-{held.id}-{span.at}",
                label_visibility="collapsed",
            )
            saying.added[place] = Span(span.at, label)
        with row[2]:
            st.button(
                "Drop",
                key=f"drop-{held.id}-{span.at}",
                type="tertiary",
                on_click=_drop,
                args=(saying, span.at),
            )
    if not saying.added:
        st.caption("Select a piece of the text to mark what was missed.")


def _drop(saying: Saying, at: Selected) -> None:
    saying.added = [each for each in saying.added if each.at != at]
