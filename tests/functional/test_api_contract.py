"""The API keeps what its document says, whatever it is asked."""

import subprocess
import sys
from pathlib import Path

from tests.integration import policies
from tests.integration.apis import platform, services_for
from tests.services import Servers

_SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
_SETTINGS = Path(__file__).with_name("schemathesis.toml")


def test_the_document_is_true(servers: Servers, template: str, tmp_path: Path) -> None:
    """No defect, and no status, header or form of an answer that the document does not have.

    What it allows is accepted, what it does not is refused, and nothing is done without a key.
    """
    with servers.database(template=template) as url:
        services = services_for(url, servers.valkey.url)
        policies.activated(services.store)
        with platform(services) as here:
            asked = subprocess.run(
                [
                    _SCHEMATHESIS,
                    f"--config-file={_SETTINGS}",
                    "run",
                    f"{here.url}/openapi.json",
                    f"--header=Authorization:{here.http.headers['authorization']}",
                    "--checks=all",
                    "--continue-on-failure",
                    "--no-color",
                ],
                cwd=tmp_path,
                capture_output=True,
                text=True,
                check=False,
                timeout=300,
            )
    assert asked.returncode == 0, asked.stdout
    assert "Tested: 40" in asked.stdout
