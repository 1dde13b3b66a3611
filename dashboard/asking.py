"""Several answers of the service at once, for whoever is on this page."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import streamlit as st

from dashboard.gateway import Answer, Query
from dashboard.person import here

Asked = tuple[str, Query]
"""A path and its parameters."""


def together(*asked: Asked) -> Sequence[Answer]:
    """Answers in the order in which they were asked for; the page says that it waits.

    Args:
        asked: Path and parameters of each.

    Raises:
        SignedOut: the session is over.
        Refused: the API says no to one of them.
        Unreachable: it does not answer.
    """
    gateway = here().gateway
    with st.spinner("Loading …"), ThreadPoolExecutor(max_workers=len(asked)) as threads:
        return list(threads.map(lambda each: gateway.get(*each), asked))
