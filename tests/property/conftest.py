"""How many random pairs of a policy and an item are compared."""

import pytest

DEFAULT_PAIRS = 10_000


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds `--pairs`, for longer runs by hand: `pytest tests/property --pairs 1000000`."""
    parser.addoption(
        "--pairs",
        type=int,
        default=DEFAULT_PAIRS,
        help="random pairs of a policy and an item to judge twice",
    )
    parser.addoption(
        "--first-seed", type=int, default=0, help="the seed of the first of these policies"
    )


@pytest.fixture(scope="session")
def pairs(request: pytest.FixtureRequest) -> int:
    """How many pairs to compare."""
    return int(request.config.getoption("--pairs", DEFAULT_PAIRS))


@pytest.fixture(scope="session")
def first_seed(request: pytest.FixtureRequest) -> int:
    """Where the seeds of the policies begin."""
    return int(request.config.getoption("--first-seed", 0))
