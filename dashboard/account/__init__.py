"""One's own account: presence, limits, what one does not want to see, sessions, password."""

from typing import Final

from dashboard.account.me import show
from dashboard.pages import Page, Section

PAGES: Final = (
    Page(
        section=Section.ME,
        title="My account",
        path="me",
        icon=":material/person:",
        question="Who am I here, when do I work, and what do I not want to see?",
        show=show,
    ),
)
