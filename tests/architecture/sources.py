"""The files of the project, as the architecture tests look at them."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("engine", "queues", "dashboard")


@cache
def files() -> tuple[Path, ...]:
    """Every file that is in git or would be with the next `git add`, relative to the root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    names = sorted(Path(name) for name in listed.split("\0") if name)
    return tuple(name for name in names if (ROOT / name).is_file())


def texts(*suffixes: str) -> Iterator[tuple[Path, str]]:
    """Each file with such an ending (none given: any), and its text; pictures are left out."""
    for path in files():
        if suffixes and path.suffix not in suffixes:
            continue
        try:
            yield path, (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


@dataclass(frozen=True, slots=True)
class Module:
    """What the tests ask about a Python file."""

    path: Path
    calls: tuple[tuple[int, str], ...]
    """Of plain or dotted names: the line, and the name."""
    functions: tuple[tuple[int, str, int], ...]
    """The line, the name, and how many lines come after the signature."""


@cache
def modules() -> tuple[Module, ...]:
    """Each Python file. Syntax trees are not kept: they would be looked through at every turn."""
    return tuple(_module(path, ast.parse(text)) for path, text in texts(".py"))


def _module(path: Path, tree: ast.Module) -> Module:
    nodes = list(ast.walk(tree))
    calls = [
        (node.lineno, name)
        for node in nodes
        if isinstance(node, ast.Call) and (name := _dotted(node.func)) is not None
    ]
    functions = [
        (node.lineno, node.name, (node.end_lineno or 0) - node.body[0].lineno + 1)
        for node in nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return Module(path, tuple(calls), tuple(functions))


def _dotted(node: ast.expr) -> str | None:
    """What is called, such as `sys.stdout.write`; of what comes from an expression the end."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value) or '?'}.{node.attr}"
    return None
