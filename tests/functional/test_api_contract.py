"""The API keeps what its document says, whatever it is asked."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from queues.access import Role
from tests.integration import policies
from tests.integration.apis import Platform, platform, services_for
from tests.services import Servers

_SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
_SETTINGS = Path(__file__).with_name("schemathesis.toml")


#: Of people alone; what ends their session is not asked.
_OWN = (
    *("/v1/me", "/v1/me/draft", "/v1/me/shift", "/v1/sessions", "/v1/people/{name}"),
    *("/v1/me/panels", "/v1/me/decisions", "/v1/me/exposure", "/v1/me/cases/{case}"),
)


def test_the_document_is_true(servers: Servers, template: str, tmp_path: Path) -> None:
    """No defect, and no status, header or form of an answer that the document does not have.

    What it allows is accepted, what it does not is refused, and nothing is done without a key.
    """
    with served(servers, template) as here:
        asked = ask(here.url, here.http.headers["authorization"], tmp_path)
    assert asked.returncode == 0, asked.stdout
    assert "Tested: 124" in asked.stdout


def test_the_document_is_true_for_people(servers: Servers, template: str, tmp_path: Path) -> None:
    """The same, where no key gets."""
    with served(servers, template) as here, here.signed_in("somebody", *Role) as http:
        only = [f"--include-path={path}" for path in _OWN]
        asked = ask(here.url, http.headers["authorization"], tmp_path, *only)
        assert http.get("/v1/me").status_code == 200
    assert asked.returncode == 0, asked.stdout
    assert "Tested: 14" in asked.stdout


@contextmanager
def served(servers: Servers, template: str) -> Iterator[Platform]:
    """An API with nothing in it but a release."""
    with servers.database(template=template) as url:
        services = services_for(url, servers.valkey.url)
        policies.activated(services.store)
        with platform(services) as here:
            yield here


def ask(url: str, authorization: str, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Ask everything that the document allows, and what it does not."""
    return subprocess.run(
        [
            _SCHEMATHESIS,
            f"--config-file={_SETTINGS}",
            "run",
            f"{url}/openapi.json",
            f"--header=Authorization:{authorization}",
            "--checks=all",
            "--continue-on-failure",
            "--no-color",
            *more,
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
