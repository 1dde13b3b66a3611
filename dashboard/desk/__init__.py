"""The review desk: one case after the other, decided with one key each."""

from typing import Final

from dashboard.desk.page import show
from dashboard.pages import Page, Section

PAGES: Final = (
    Page(
        section=Section.REVIEW,
        title="Review desk",
        path="desk",
        icon=":material/gavel:",
        question="What is to be done about this, and why?",
        show=show,
        needs=("cases.claim.single",),
    ),
)
