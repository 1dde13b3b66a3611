"""Logs tell what happened, and not what people wrote."""

import logging
from collections.abc import Iterator

import pytest
import structlog

from queues import telemetry
from queues.settings import Logging


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """What is set up here ends here."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    for handler in root.handlers:
        if handler not in before:
            handler.close()
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize("json_lines", [False, True])
def test_a_traceback_shows_no_variables(
    json_lines: bool,  # noqa: FBT001 - one of two
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Of libraries neither: a frame may hold any item that was under way."""
    written = "what-somebody-wrote".replace("-", " ")
    telemetry.configure(Logging(json_lines=json_lines))
    try:
        _fail(written)
    except ValueError:
        logging.getLogger("a.library").exception("it failed")
    shown = capsys.readouterr().err
    assert "it failed" in shown
    assert "a reason" in shown
    assert "_fail" in shown
    assert written not in shown


def _fail(written: str) -> None:
    message = "a reason" if written else ""
    raise ValueError(message)
