"""What the machine marked, corrected: policy, labels and pieces of text. It changes no action."""

from typing import Final

import streamlit as st

from dashboard.desk.saying import Saying, Span
from dashboard.desk.tray import Held
from dashboard.gateway import Answer
from dashboard.showing.item import Selected
from dashboard.showing.reasons import title_of

#: A field, and where a piece begins and ends in it.
Place = tuple[str, int, int]

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
        index=1 + names.index(saying.policy) if saying.policy in names else 0,
        format_func=lambda name: (own or "as it is") if name == _OPEN else name,
        key=f"policy-{held.id}",
    )
    saying.policy = None if chosen == _OPEN else chosen


def _labels(held: Held, saying: Saying) -> None:
    suggested = _suggested(held.desk)
    # A release that came since may have other reasons than those that were suggested.
    known = [each["name"] for each in held.desk["menu"]["reasons"]]
    names = list(dict.fromkeys([*known, *suggested]))
    default = [name for name in suggested if saying.labels.get(name) != "rejected"]
    default += [
        name for name, judged in saying.labels.items() if judged == "added" and name in names
    ]
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
    """A row for each piece, however many rules found it."""
    texts = {each["field"]: each["text"] for each in held.desk["texts"]}
    for place, numbers in _found(held.desk).items():
        row = st.columns([3, 2], vertical_alignment="center")
        with row[0]:
            words = texts.get(place[0], "")[place[1] : place[2]]
            st.text(f"{', '.join(map(str, numbers))}  {words}")
        with row[1]:
            judged = st.segmented_control(
                "Judged",
                _JUDGED,
                default=saying.pieces.get(place),
                key=f"piece-{held.id}-{place}",
                label_visibility="collapsed",
            )
        _judge(saying, place, judged)


def _found(desk: Answer) -> dict[Place, list[int]]:
    """Pieces that rules found, and the numbers of these rules."""
    found: dict[Place, list[int]] = {}
    for number, ground in enumerate(desk["grounds"], start=1):
        for piece in ground["pieces"]:
            rules = found.setdefault((piece["field"], piece["start"], piece["end"]), [])
            if number not in rules:
                rules.append(number)
    return found


def _judge(saying: Saying, place: Place, judged: str | None) -> None:
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
            st.text(f"new  {texts.get(span.at.field, '')[span.at.start : span.at.end]}")
        with row[1]:
            label = st.selectbox(
                "Label",
                [None, *names],
                index=1 + names.index(span.label) if span.label in names else 0,
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
