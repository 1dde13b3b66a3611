"""A case: how it stands, what was said in it, and, for whoever may read it, its item."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from dashboard import formats
from dashboard.caseload import calls, history
from dashboard.figures import drill
from dashboard.figures.tables import Column, table
from dashboard.gateway import Answer
from dashboard.pages import Page, Section
from dashboard.person import here
from dashboard.states import empty

_VOTES: Final = (
    Column("reviewer", "Reviewer"),
    Column("round", "Round", "count"),
    Column("action", "Chose"),
    Column("reasons", "Reasons"),
    Column("at", "When", "moment"),
)
_FACTS: Final = (
    ("state", "State"),
    ("tier", "Tier"),
    ("queue", "Queue"),
    ("purpose", "Purpose"),
    ("policy", "Policy"),
    ("reason", "Reason"),
    ("rule", "Rule"),
    ("severity", "Severity"),
    ("language", "Language"),
)
_MOMENTS: Final = (
    ("enqueued_at", "Came"),
    ("due_at", "Due"),
    ("opened_at", "Opened"),
    ("closed_at", "Closed"),
)


def show() -> None:
    """The case of the address, or one that is named."""
    named = st.text_input(
        "Case",
        key="case",
        bind="query-params",
        placeholder="Id of a case",
        max_chars=64,
        width=380,
        label_visibility="collapsed",
    ).strip()
    if not named:
        empty("No case is named.", "Choose one in the list of cases, or write its id here.")
        drill.cases("To the list")
        return
    file = calls.case(named)
    if file["case"].get("hidden"):
        st.info("You may be asked to decide this case without knowing more about it.")
        return
    _facts(file["case"])
    if file["suggested"] is not None:
        st.text(chosen(file["suggested"]))
    left, right = st.columns([3, 2], gap="large")
    with left:
        _votes(file)
    with right:
        _urgency(file["urgency"])
    _item(str(file["case"]["item_id"]))


def chosen(told: Answer) -> str:
    """Why the item was brought before people, where it is to be learnt from."""
    strategy = str(told["strategy"]).replace("_", " ")
    return (
        f"Chosen to be learnt from: of worth {told['worth']:.2f} (0 to 1) by {strategy}, for"
        f" {told['score']} of model {told['model'][:12]}."
    )


def _facts(case: Answer) -> None:
    with st.container(border=True):
        _row([(label, str(case[name] or formats.NONE)) for name, label in _FACTS])
        moments = [(label, formats.moment(case[name])) for name, label in _MOMENTS]
        seats = f"{case['seats']} (round {case['round']})"
        hands = ", ".join(case["claimed_by"]) or formats.NONE
        _row([*moments, ("Seats", seats), ("In the hands of", hands)])


def _row(facts: Sequence[tuple[str, str]]) -> None:
    for place, (label, value) in zip(st.columns(len(facts)), facts, strict=True):
        with place:
            st.caption(label)
            st.text(value)


def _votes(file: Answer) -> None:
    st.subheader("Votes")
    votes: Sequence[Mapping[str, Any]] = file["votes"]
    if not votes:
        cast = file["votes_cast"]
        empty(
            "No round is over.",
            f"{cast} vote{'' if cast == 1 else 's'} so far; what they say is shown when it is.",
        )
        return
    chosen = table(votes, _VOTES, name="votes", opens=True)
    if chosen is not None:
        name = str(chosen["reviewer"])
        drill.cases(f"Open the cases of {name}", reviewer=name)
    for vote in votes:
        if vote["comment"]:
            st.caption(f"{formats.literal(vote['reviewer'])}, {formats.moment(vote['at'])}")
            st.text(vote["comment"])


def _urgency(urgency: Answer | None) -> None:
    st.subheader("Why it is handed out when it is")
    if urgency is None:
        empty("Nothing is told.", "It is blind for you.")
        return
    age, risk = urgency["age"], urgency["risk"]
    rows = [
        {"part": "Has waited", "value": formats.duration(age["seconds"])},
        {"part": "Priority", "value": formats.duration(urgency["priority_seconds"])},
        {"part": "Deadline", "value": formats.duration(urgency["deadline_seconds"])},
        {"part": "Risk", "value": formats.duration(urgency["risk_seconds"])},
        {"part": "Ranked as of", "value": formats.moment(urgency["ranked_as"])},
        {"part": "Severity · reach · probability", "value": _product(risk)},
        {"part": "Age of its deadline", "value": formats.share(age["of_deadline"])},
    ]
    table(rows, (Column("part", "Part"), Column("value", "Says")), name="urgency")


def _product(risk: Answer) -> str:
    parts = (risk["severity"], risk["reach"], risk["probability"])
    assumed = f" (assumed: {', '.join(risk['assumed'])})" if risk["assumed"] else ""
    return " · ".join(map(formats.number, parts)) + assumed


def _item(identity: str) -> None:
    st.subheader("Item")
    if not here().may("items.read"):
        st.caption("You may not read items.")
        return
    if not st.toggle("Show the item and its history", key=f"item-{identity}"):
        st.caption("It may be hard to look at. That you read it is written into the audit.")
        return
    history.show(calls.item(identity))


PAGES = (
    Page(
        section=Section.REVIEW,
        title="Case",
        path="case",
        hidden=True,
        icon=":material/description:",
        question="What was said about this case, and what became of it?",
        show=show,
        needs=("cases.read",),
    ),
)
