"""What all tests share: the servers, and how hard the property tests try."""

import logging
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.parallel", "tests.services"]

# No deadline: a busy machine is not a defect.
settings.register_profile("default", deadline=None, max_examples=100)
# The same examples on every run, so that a failure is the change's own.
settings.register_profile("ci", deadline=None, max_examples=100, derandomize=True, database=None)
# By hand, after a change to folding, compiling or evaluating: --hypothesis-profile=thorough
settings.register_profile(
    "thorough",
    deadline=None,
    max_examples=5_000,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci" if os.environ.get("CI") else "default")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Lets stored outputs be written anew: the change is then read in review."""
    parser.addoption("--write-outputs", action="store_true", help="rewrite stored outputs")
    parser.addoption("--all-votes", action="store_true", help="replay all real votes, not a tenth")


@pytest.fixture(autouse=True)
def _no_log_is_left() -> Iterator[None]:
    """Commands that a test runs in this process log to its standard error, which is closed then."""
    yield
    root = logging.getLogger()
    for handler in [each for each in root.handlers if type(each) is logging.StreamHandler]:
        root.removeHandler(handler)
