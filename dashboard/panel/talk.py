"""A panel that is not in hand, looked at once more: its item, its votes, and what is said."""

import streamlit as st

from dashboard import holding
from dashboard.gateway import Answer
from dashboard.panel import calls, wording
from dashboard.panel.board import Board
from dashboard.showing.item import show_item
from dashboard.showing.note import show_note
from dashboard.showing.sheet import Line, Part, show_sheet
from dashboard.states import boundary


def show(mine: Board, panel: Answer) -> None:
    """All of it, and a field to argue in where the votes are open."""
    case = str(panel["case_id"])
    found = mine.back_at(panel)
    titles = titles_of(found)
    left, right = st.columns([1.4, 1], gap="medium")
    with left:
        show_sheet([wording.appeal(found["appeal"], titles)], key=f"back-appeal-{case}")
        show_item(as_desk(found), key=f"back-{case}")
    with right:
        parts = wording.rounds(panel, titles)
        if panel["place"] == "closed":
            parts = [wording.outcome(panel, titles), *parts]
        else:
            parts.append(Part(heading="Meanwhile", lines=[Line(wording.meanwhile(panel))]))
        show_sheet(parts, key=f"back-votes-{case}")
        comments = calls.comments(mine.gateway, case)
        show_sheet([wording.talk(comments)], key=f"back-talk-{case}")
        if panel["place"] != "closed" and panel["round"] > 1:
            _argue(mine, case, len(comments))


def _argue(mine: Board, case: str, version: int) -> None:
    written = show_note("Argue here (N)", key=f"argue-{case}", of=case, text="", version=version)
    if written and written.strip() and st.button("Say it now", key=f"say-back-{case}"):
        with boundary():
            holding.comment(mine.gateway, case, written.strip())
            st.rerun(scope="fragment")


def titles_of(found: Answer) -> wording.Titles:
    """Reasons as people read them, by the menu of a case."""
    known = {each["name"]: str(each["title"]) for each in found["menu"]["reasons"]}
    return lambda name: known.get(name, name)


def as_desk(found: Answer) -> Answer:
    """A case that was looked at once more, as items are shown: without marks and neighbours."""
    return {
        "case": {"id": found["case_id"]},
        "texts": found["texts"],
        "grounds": [],
        "thread": [],
    }
