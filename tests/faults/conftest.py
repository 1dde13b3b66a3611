"""One site for all tests of faults: what one of them breaks, the next one finds mended."""

from collections.abc import Iterator

import pytest

from tests.faults.policy import written
from tests.faults.site import Site


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A whole site of processes, ready."""
    folder = tmp_path_factory.mktemp("site")
    with Site(folder, written(folder)) as running:
        yield running
