"""What runs in containers fits the program, holds no secret, and says how it is."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from engine.cli.app import Command
from queues.cli.app import COMMANDS
from queues.messaging.lanes import BACKTESTING, SERVED
from queues.settings import PREFIX, Settings

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: Mapping[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: Mapping[str, Mapping[str, Any]] = COMPOSE["services"]
#: Processes of ours, by the name of their container.
OURS = {name: each for name, each in SERVICES.items() if each["image"] == "tierwise"}
SERVERS = {name: each for name, each in SERVICES.items() if name not in OURS}
#: Runs to its end.
ONCE = "migrate"


def texts(value: object) -> Iterator[str]:
    """All texts inside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


def test_every_process_has_a_container() -> None:
    """A worker for each tier, and one for trainings, among them; one tries policies as well."""
    workers = {f"worker-{tier}" for tier in SERVED if tier != BACKTESTING}
    assert set(OURS) == {ONCE, "api", "console", "relay", "courier", "beat", *workers}
    assert set(SERVERS) == {"postgres", "redis"}
    served = [each["command"][-1].split(",") for name, each in OURS.items() if name in workers]
    assert {lane for lanes in served for lane in lanes} == set(SERVED)


def test_containers_run_commands_that_exist() -> None:
    """Health checks as well."""
    known = {command.name for command in COMMANDS if isinstance(command, Command)}
    for service in OURS.values():
        assert service["command"][0] in known
        if "healthcheck" in service:
            program, words = service["healthcheck"]["test"][1], service["healthcheck"]["test"][2:]
            assert program == "tierwise"
            assert words == ["alive", service["command"][0]]
            assert words[0] in known


def test_settings_of_containers_exist() -> None:
    """A name that is mistyped would only be found when the container starts."""
    for service in OURS.values():
        for name in service["environment"]:
            assert name.startswith(PREFIX)
            section, _, setting = name.removeprefix(PREFIX).lower().partition("__")
            fields = Settings.model_fields[section].annotation
            assert setting in fields.model_fields  # type: ignore[union-attr]  # a section


def test_nothing_starts_without_secrets() -> None:
    """No password is written down, and none is left out: without it there is no start."""
    secret = re.compile(r"\$\{(POSTGRES|REDIS)_PASSWORD:\?[^}]+\}")
    for name, service in SERVICES.items():
        for variable, value in service["environment"].items():
            if "PASSWORD" in variable:
                assert secret.fullmatch(value), name
            if "__URL" in variable:
                assert re.fullmatch(r"\w+://\w*:\$\{[^}]+\}@(postgres|redis):\d+/\w+", value)
                assert secret.search(value), name
    variables = {text for text in texts(COMPOSE) if "${" in secret.sub("", text)}
    assert not variables


def test_what_keeps_running_says_how_it_is() -> None:
    """And starts only when what it needs is there."""
    assert [name for name, each in SERVICES.items() if "healthcheck" not in each] == [ONCE]
    for name, service in OURS.items():
        needed = service["depends_on"]
        if name == ONCE:
            assert needed == {"postgres": {"condition": "service_healthy"}}
        else:
            assert needed[ONCE] == {"condition": "service_completed_successfully"}
            assert needed["redis"] == {"condition": "service_healthy"}


def test_containers_may_do_little() -> None:
    """No root, no capability, no file to write, and no port that other machines reach."""
    last = (ROOT / "Dockerfile").read_text("utf-8").rpartition("\nFROM ")[2]
    user = re.search(r"^USER (\d+):(\d+)$", last, re.MULTILINE)
    assert user is not None
    assert "0" not in user.groups()
    for service in OURS.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_broker_keeps_what_it_is_told() -> None:
    """As the one that we start ourselves: it appends to its log, and throws nothing away."""
    command = " ".join(SERVICES["redis"]["command"])
    for part in ("--appendonly yes", "--save ''", "--maxmemory-policy noeviction"):
        assert part in command


def test_the_image_holds_what_is_copied_into_it() -> None:
    """What the Dockerfile copies is there, and is not kept from the builder."""
    sent = {
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        if line.startswith("!")
    }
    copied = [
        source
        for line in (ROOT / "Dockerfile").read_text("utf-8").splitlines()
        if line.startswith("COPY ") and "--from=" not in line
        for source in line.split()[1:-1]
    ]
    assert set(copied) == sent
    assert not [source for source in copied if not (ROOT / source).exists()]
