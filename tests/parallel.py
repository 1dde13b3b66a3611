"""What runs on which core: files on one each, and all that share a site on the same."""

from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadFileScheduling

#: A site is a dozen processes, which are not to be started twice.
_ON_ONE_SITE: Final = "tests/faults/"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(
    config: pytest.Config, log: "Producer"
) -> "LoadFileScheduling | None":
    """For `--dist loadfile`."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling  # noqa: PLC0415 - not every run is parallel

    class BySite(LoadFileScheduling):  # type: ignore[misc] # xdist has no types
        """A file is a piece of work; so are all files whose tests share a site."""

        def _split_scope(self, nodeid: str) -> str:
            file = str(super()._split_scope(nodeid))
            return _ON_ONE_SITE if file.startswith(_ON_ONE_SITE) else file

    return BySite(config, log)
