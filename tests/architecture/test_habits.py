"""Habits that a linter does not see."""

import subprocess
import sys

from tests.architecture.sources import PACKAGES, ROOT, calls, modules

HEAVY = (
    *("joblib", "numpy", "pandas", "scipy", "sklearn"),
    *("celery", "fastapi", "httpx", "psycopg", "pydantic_settings", "redis", "sqlalchemy"),
)


def test_only_commands_print() -> None:
    """Whoever uses the engine as a library decides what is shown."""
    writers = {"print", "rich.print", "typer.echo", "sys.stdout.write", "sys.stderr.write"}
    loud = [
        f"{path}:{line}: {name}"
        for path, tree in modules()
        if path.parts[0] in PACKAGES and not {"cli", "cli.py"} & set(path.parts)
        for line, name in calls(tree)
        if name in writers
    ]
    assert not loud


def test_tests_wait_for_what_they_wait_for() -> None:
    """No test sleeps: it would be slow where the machine is fast, and wrong where it is slow."""
    sleeping = [
        f"{path}:{line}"
        for path, tree in modules()
        if path.parts[0] == "tests"
        for line, name in calls(tree)
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
