"""Stored outputs of the mistakes can be written anew."""

import pytest


@pytest.fixture
def write_outputs(request: pytest.FixtureRequest) -> bool:
    """Whether stored texts are replaced by what is said now: `--write-outputs`."""
    return bool(request.config.getoption("--write-outputs"))
