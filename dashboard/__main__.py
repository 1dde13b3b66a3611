"""`python -m dashboard`: serves the pages until told to stop."""

from pathlib import Path

import streamlit as st

from dashboard.gateway import settings
from dashboard.guarding import hosts, middleware
from dashboard.managing import exports
from dashboard.sign_in.routes import ROUTES
from dashboard.theme import OPTIONS
from dashboard.workbench.editor import ROUTES as EDITOR


def main() -> None:
    """Serve."""
    place = settings().dashboard
    app = st.App(
        Path(__file__).with_name("app.py").resolve(),
        routes=(*ROUTES, *EDITOR, *exports.ROUTES),
        middleware=middleware(),
    )
    app.run(
        config={
            "server.address": place.host,
            "server.port": place.port,
            "server.headless": True,
            "server.fileWatcherType": "none",
            "server.allowedHosts": hosts(),
            "server.maxUploadSize": 20,
            "browser.gatherUsageStats": False,
            # It would go over all that is loaded after each key, and hold up everybody for 0.2 s.
            "runner.postScriptGC": False,
            # Who looks at a page has no use for our tracebacks, which hold what people wrote.
            "client.showErrorDetails": "none",
            # An error offers no links to elsewhere.
            "client.showErrorLinks": False,
            "client.toolbarMode": "minimal",
            # Whoever comes from a figure has its window, and not the usual one of the page.
            "global.disableWidgetStateDuplicationWarning": True,
            **OPTIONS,
        }
    )


if __name__ == "__main__":
    main()
