"""Habits that a linter does not see."""

import subprocess
import sys

from tests.architecture.sources import PACKAGES, ROOT, modules

HEAVY = (
    *("joblib", "numpy", "pandas", "scipy", "sklearn"),
    *("celery", "fastapi", "httpx", "psycopg", "pydantic_settings", "redis", "sqlalchemy"),
)
#: What all processes of the service work with.
SERVED = ("celery", "httpx", "psycopg", "pydantic_settings", "redis", "sqlalchemy")
SERVICES = (
    *("engine.certifying", "engine.quality", "engine.rules.compiler"),
    *("queues.intake", "queues.oidc", "queues.people", "queues.review"),
)


def test_only_commands_print() -> None:
    """Whoever uses the engine as a library decides what is shown."""
    writers = {"print", "rich.print", "typer.echo", "sys.stdout.write", "sys.stderr.write"}
    loud = [
        f"{module.path}:{line}: {name}"
        for module in modules()
        if module.path.parts[0] in PACKAGES and not {"cli", "cli.py"} & set(module.path.parts)
        for line, name in module.calls
        if name in writers
    ]
    assert not loud


def test_tests_wait_for_what_they_wait_for() -> None:
    """No test sleeps: it would be slow where the machine is fast, and wrong where it is slow."""
    sleeping = [
        f"{module.path}:{line}"
        for module in modules()
        if module.path.parts[0] == "tests"
        for line, name in module.calls
        if name.split(".")[-1] == "sleep"
    ]
    assert not sleeping


def test_the_command_starts_light() -> None:
    """Policy authors wait for no database driver and no numeric library, even while they lint."""
    program = f"""
import atexit, sys
from queues.cli import main
atexit.register(lambda: print(*sorted(set(sys.modules) & set({HEAVY!r})), file=sys.stderr))
sys.argv = ["tierwise", "lint", "rules"]
main()
"""
    started = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert started.returncode == 0
    assert started.stderr.split() == []


def test_processes_load_what_they_work_with() -> None:
    """What composes the service is no reason to load all of it: these start in half the time."""
    small = ("beat", "courier", "key", "migrate", "outbox", "relay", "services", "worker")
    program = f"""
import importlib, sys
for name in {small!r}:
    importlib.import_module(f"queues.cli.{{name}}")
print(*sorted({{name.split(".")[0] for name in sys.modules}} & {{*{HEAVY!r}}} - {{*{SERVED!r}}}))
print(*sorted({{*sys.modules}} & {{*{SERVICES!r}}}))
"""
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert loaded.stdout.split() == []
