"""All pages, and those of one person."""

from itertools import chain
from typing import Final

import streamlit as st

from dashboard import account, caseload, desk, managing, panel, quality, workbench
from dashboard.figures import drill
from dashboard.pages import Page, Section
from dashboard.person import Person
from dashboard.states import boundary

PAGES: Final[tuple[Page, ...]] = tuple(
    chain(
        desk.PAGES,
        panel.PAGES,
        caseload.PAGES,
        workbench.PAGES,
        quality.PAGES,
        managing.PAGES,
        account.PAGES,
    )
)


def navigation(person: Person) -> st.Page:
    """The page that was asked for, with the others of this person beside it.

    Each has an address of its own: whoever asks for none is sent to their first.
    """
    mine = {page.path: (page, _page(page)) for page in PAGES if page.open_to(person)}
    drill.remember({path: shown for path, (_, shown) in mine.items()})
    shown = {
        str(section): [drawn for page, drawn in mine.values() if page.section is section]
        for section in Section
    }
    first = next(page for pages in shown.values() for page in pages)

    def home() -> None:
        st.switch_page(first)

    start = st.Page(home, title="Start", default=True, visibility="hidden")
    return st.navigation(
        {"": [start], **{name: pages for name, pages in shown.items() if pages}}, expanded=True
    )


def _page(page: Page) -> st.Page:
    def show() -> None:
        st.title(page.title)
        st.caption(page.question)
        drill.arrive(page.path)
        with boundary():
            page.show()

    return st.Page(
        show,
        title=page.title,
        icon=page.icon,
        url_path=page.path,
        visibility="hidden" if page.hidden else "visible",
    )
