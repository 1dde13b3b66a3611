"""Pages without a browser: the script of a page, run in this process over the real service."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import gateway
from dashboard.pages import Page

#: Seconds for one page, however busy the machine.
_PATIENCE = 60.0


@contextmanager
def looking(url: str, token: str) -> Iterator[None]:
    """Whoever looks at pages in this block has a session; the API is at this address.

    The cookie of a browser is all that is stood in for.
    """
    with pytest.MonkeyPatch.context() as patch:
        # Streamlit puts its script in place of it, and leaves it: processes that are started by
        # `multiprocessing` later would look for a script that is gone.
        patch.setitem(sys.modules, "__main__", sys.modules["__main__"])
        patch.setenv("TIERWISE_DASHBOARD__API", url)
        patch.setattr("dashboard.person.token_in", lambda _cookies: token)
        gateway.settings.cache_clear()
        yield
    gateway.settings.cache_clear()


def opened(page: Page, **query: str) -> AppTest:
    """A page, as it is once its script has ended.

    Args:
        page: Which.
        query: Of its address.
    """
    app = AppTest.from_function(_script, args=(page.path,), default_timeout=_PATIENCE)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def _script(path: str) -> None:
    """Runs apart from this module: it is read as text."""
    import streamlit as st  # noqa: PLC0415 - see above

    from dashboard.navigation import PAGES  # noqa: PLC0415 - see above
    from dashboard.person import enter  # noqa: PLC0415 - see above

    enter()
    (page,) = [each for each in PAGES if each.path == path]
    st.title(page.title)
    page.show()
