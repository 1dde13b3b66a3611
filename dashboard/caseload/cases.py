"""Cases: the list that figures open. Its address has all that chose it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import streamlit as st

from dashboard.caseload import calls
from dashboard.figures import drill
from dashboard.figures.tables import Column, table
from dashboard.filters import one, one_of, span_of, window
from dashboard.formats import literal, moment
from dashboard.gateway import Answer, Value
from dashboard.pages import Page, Section
from dashboard.states import empty

Filters = Mapping[str, Value | Sequence[str]]
"""As `GET /v1/cases` takes them."""

_ORDERS: Final = ("newest", "due")
"""Which come first."""
_STATES: Final = ("waiting", "open", "decided", "escalated", "withdrawn")
_TIERS: Final = ("single", "senior")
_PURPOSES: Final = (
    *("review", "appeal", "sample", "learning", "overlap", "gold", "calibration", "validation"),
)
_WRITTEN: Final = (
    ("policy", "Policy"),
    ("rule", "Rule"),
    ("language", "Language"),
    ("reviewer", "Reviewer"),
    ("during", "Day, or hour (UTC)"),
    ("said", "Somebody chose"),
    ("also", "and somebody else"),
)
_COLUMNS: Final = (
    Column("enqueued_at", "Came", "moment"),
    Column("state", "State"),
    Column("tier", "Tier"),
    Column("queue", "Queue"),
    Column("policy", "Policy"),
    Column("reason", "Reason"),
    Column("rule", "Rule"),
    Column("severity", "Severity"),
    Column("purpose", "Purpose"),
    Column("language", "Language"),
    Column("due_at", "Due", "moment"),
    Column("closed_at", "Closed", "moment"),
    Column("claimed_by", "In the hands of"),
    Column("id", "Case"),
)
#: Pages that were opened of a list, the cursor of each.
_TRAIL: Final = "cases-trail"


def show() -> None:
    """Filters, then the list; a row opens its case."""
    since, order, filters = _filters()
    trail = _trail([st.session_state.get("window"), order, filters])
    page = calls.cases(since, order, trail[-1], filters)
    found: Sequence[Answer] = page["cases"]
    if not found and page["next"] is None and len(trail) == 1:
        empty("No case is like that.", "Take a filter away, or choose a longer window.")
        return
    _say(len(found), more=page["next"] is not None)
    chosen = table(found, _COLUMNS, name="cases", opens=True) if found else None
    if chosen is not None:
        drill.follow("case", case=str(chosen["id"]))
    _turn(trail, page["next"])


def _filters() -> tuple[datetime, str, Filters]:
    places = st.columns(6)
    with places[0]:
        since = window("30d")
    with places[1]:
        state = one_of("State", _STATES, others=True)
    with places[2]:
        tier = one_of("Tier", _TIERS, others=True)
    with places[3]:
        names = [each["queue"] for each in calls.queues()["queues"]]
        queue = one_of("Queue", names, others=True)
    with places[4]:
        purpose = one_of("Purpose", _PURPOSES, others=True)
    with places[5]:
        order = one("Order", _ORDERS, key="order")
    written, overdue = _written()
    span = _span(written.pop("during"))
    said = [each for each in (written.pop("said"), written.pop("also")) if each]
    chosen = {"state": state, "tier": tier, "queue": queue, "purpose": purpose, **written}
    given: dict[str, Value | Sequence[str]] = {n: value for n, value in chosen.items() if value}
    if said:
        given["said"] = said
    if overdue:
        given["overdue"] = True
    if span is not None:
        since = span[0]
        given["until"] = span[1].isoformat()
    return since, order, given


def _span(written: str) -> tuple[datetime, datetime] | None:
    """The day or the hour that was asked for, in place of the window; None: none was."""
    if not written:
        return None
    span = span_of(written)
    if span is None:
        st.error(literal(f"{written} is no day and no hour: write 2026-11-29, or 2026-11-29T14."))
        st.stop()
    st.caption(f"Cases that came from {moment(span[0])} to {moment(span[1])}, whatever the window.")
    return span


def _written() -> tuple[dict[str, str], bool]:
    """What is typed, as names are too many to choose from; open where any of it is given."""
    names = [*(name for name, _ in _WRITTEN), "overdue"]
    begun = any(st.session_state.get(name) or st.query_params.get(name) for name in names)
    with st.expander("More filters", expanded=begun):
        first, second = (st.columns(4, vertical_alignment="bottom") for _ in range(2))
        places = [*first, *second]
        typed = {}
        for place, (name, label) in zip(places, _WRITTEN, strict=False):
            with place:
                given = st.text_input(label, key=name, bind="query-params", max_chars=200)
                typed[name] = given.strip()
        with places[-1]:
            overdue = st.toggle("Overdue", key="overdue", bind="query-params")
    return typed, overdue


def _say(count: int, *, more: bool) -> None:
    what = f"{count:,} case{'' if count == 1 else 's'} on this page"
    rest = "; there may be more: the next page goes on from here." if more else "."
    st.caption(what + rest)


def _trail(asked: Sequence[object]) -> list[str | None]:
    """Cursors of the pages that were opened of this list; another list begins anew."""
    known = st.session_state.get(_TRAIL)
    if known is None or known[0] != asked:
        begun: list[str | None] = [None]
        known = (asked, begun)
        st.session_state[_TRAIL] = known
    trail: list[str | None] = known[1]
    return trail


def _turn(trail: list[str | None], then: str | None) -> None:
    with st.container(horizontal=True):
        if len(trail) > 1:
            st.button("Before", icon=":material/chevron_left:", on_click=_back, args=(trail,))
        if then is not None:
            st.button("Next", icon=":material/chevron_right:", on_click=trail.append, args=(then,))


def _back(trail: list[str | None]) -> None:
    trail.pop()


PAGES = (
    Page(
        section=Section.REVIEW,
        title="Cases",
        path="cases",
        icon=":material/folder_open:",
        question="Which cases are behind a figure, and how do they stand?",
        show=show,
        needs=("cases.read",),
    ),
)
