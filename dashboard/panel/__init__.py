"""The panel: seniors vote blind, argue, and vote again; and what people decided themselves."""

from typing import Final

from dashboard.pages import Page, Section
from dashboard.panel.mine import show as show_mine
from dashboard.panel.page import show

PAGES: Final = (
    Page(
        section=Section.REVIEW,
        title="Panel",
        path="panel",
        icon=":material/groups:",
        question="What do several of us say to this, each for themselves?",
        show=show,
        needs=("cases.claim.senior",),
    ),
    Page(
        section=Section.REVIEW,
        title="My decisions",
        path="mine",
        icon=":material/history:",
        question="What did I decide lately, and do I still think so?",
        show=show_mine,
        needs=("cases.decide",),
    ),
)
