"""One site for all tests of faults: what one of them breaks, the next one finds mended."""

from collections.abc import Iterator

import pytest

from tests.faults.clocks import set_clocks
from tests.faults.policy import written
from tests.faults.site import Site


@pytest.fixture(scope="package")
def site_as_left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A whole site of processes, ready; clocks are as the test before has left them."""
    folder = tmp_path_factory.mktemp("site")
    with Site(folder, written(folder)) as running:
        yield running


@pytest.fixture
def site(site_as_left: Site) -> Site:
    """A whole site of processes, ready, and all of one time."""
    set_clocks(site_as_left, {})
    return site_as_left
