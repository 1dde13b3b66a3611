"""The program `tierwise`, and its commands that need no server: each is loaded when it runs."""

import gc
import inspect
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module, metadata
from typing import Annotated, Final

import typer


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command: what it is called, what it does in one sentence, and where it is."""

    name: str
    module: str
    about: str
    function: str | None = None
    """By default called as the command."""

    def load(self) -> Callable[..., None]:
        """The function, its module imported now."""
        # Hardly anything of what is imported is garbage, and to look for it again and again is a
        # sixth of the time.
        collecting = gc.isenabled()
        gc.disable()
        try:
            module = import_module(self.module)
        finally:
            if collecting:
                gc.enable()
        function: Callable[..., None] = getattr(module, self.function or self.name)
        return function


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Commands about one thing, called by two words, such as `tierwise key create`."""

    name: str
    about: str
    commands: tuple[Command, ...]


COMMANDS: Final[tuple[Command | Group, ...]] = (
    Command(
        name="lint", module="engine.cli.lint", about="Say what is wrong with rule files, and where."
    ),
    Command(
        name="test",
        module="engine.cli.rule_tests",
        about="Run the examples that stand beside the rules.",
        function="run_rule_tests",
    ),
    Command(
        name="explain",
        module="engine.cli.explain",
        about="Say what is decided about one item, and why.",
    ),
    Command(name="run", module="engine.cli.run", about="Judge a file of items."),
    Group(
        name="import",
        about="Bring the rules of other systems over.",
        commands=(
            Command(
                name="automoderator",
                module="engine.cli.automoderator",
                about="Bring AutoModerator files over as shadow rules, with a report.",
            ),
        ),
    ),
    Command(name="fmt", module="engine.cli.fmt", about="Write rule files in the usual form."),
    Command(
        name="schema", module="engine.cli.schema", about="Write the JSON Schema of rule files."
    ),
    Command(
        name="train", module="engine.cli.train", about="Train a classifier from labelled texts."
    ),
    Command(
        name="sample", module="engine.cli.sample", about="Make a file of items to try things on."
    ),
    Command(
        name="bench",
        module="engine.cli.bench",
        about="Measure what judging costs on this machine.",
    ),
)


def command_line(
    arguments: Sequence[str], commands: Sequence[Command | Group] = COMMANDS
) -> typer.Typer:
    """The program for these arguments: of a command that they do not name only the name is there.

    Importing every command to run one would cost most of the time a short command takes.
    """
    app = typer.Typer(
        name="tierwise",
        help="Multi-tier content moderation by rules that people can read.",
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        no_args_is_help=True,
    )
    app.callback()(_options)
    _offer(app, commands, [word for word in arguments if not word.startswith("-")])
    return app


def main(commands: Sequence[Command | Group] = COMMANDS) -> None:
    """Run the command line of this process."""
    arguments = sys.argv[1:]
    command_line(arguments, commands)(arguments, prog_name="tierwise")


def _offer(app: typer.Typer, commands: Sequence[Command | Group], words: Sequence[str]) -> None:
    """Add the commands, and load the one that the first words name."""
    named, rest = (words[0], words[1:]) if words else (None, ())
    for command in commands:
        if isinstance(command, Group):
            group = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
            _offer(group, command.commands, rest if named == command.name else ())
            app.add_typer(group, name=command.name, help=command.about)
        elif named == command.name:
            function = command.load()
            app.command(command.name, help=_help(function), short_help=command.about)(function)
        else:
            app.command(command.name, help=command.about)(_absent)


def _absent() -> None:
    """Stand in for a command that does not run."""


def _version(*, wanted: bool) -> None:
    if not wanted:
        return
    try:
        version = metadata.version("tierwise")
    except metadata.PackageNotFoundError:
        version = "(not installed)"
    typer.echo(f"tierwise {version}")
    raise typer.Exit


def _options(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=lambda wanted: _version(wanted=wanted), is_eager=True),
    ] = False,
) -> None:
    """Take the options that stand before any command."""


def _help(function: Callable[..., None]) -> str:
    """The docstring as help: without its `Args`, and with indented paragraphs as they stand."""
    text = inspect.getdoc(function) or ""
    paragraphs = text.split("\nArgs:\n")[0].strip().split("\n\n")
    return "\n\n".join(
        f"\b\n{paragraph}" if "\n " in paragraph else paragraph for paragraph in paragraphs
    )


if __name__ == "__main__":
    main()
