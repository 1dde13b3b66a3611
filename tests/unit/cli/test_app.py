"""The program knows its commands, and loads only the one that runs."""

import inspect
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from engine.cli.app import Command, Group, command_line
from queues.cli.app import COMMANDS


def words_and_commands() -> Iterator[tuple[tuple[str, ...], Command]]:
    """What is typed for each command, and the command."""
    for entry in COMMANDS:
        if isinstance(entry, Command):
            yield (entry.name,), entry
        else:
            yield from (((entry.name, command.name), command) for command in entry.commands)


def output(*arguments: str, code: int = 0) -> str:
    """What the program prints, after checking how it ended."""
    result = CliRunner().invoke(command_line(arguments, COMMANDS), list(arguments))
    assert result.exit_code == code, result.output
    return result.output


def test_help_names_every_command() -> None:
    """Whoever asks for help sees all commands with what they do."""
    text = " ".join(output("--help").split())
    for command in COMMANDS:
        assert f"{command.name} {command.about}" in text


@pytest.mark.parametrize(
    ("words", "command"),
    [pytest.param(*each, id=" ".join(each[0])) for each in words_and_commands()],
)
def test_every_command_explains_itself(words: tuple[str, ...], command: Command) -> None:
    """A command's help begins with its docstring and has examples to copy, each on its line."""
    text = output(*words, "--help")
    first = (inspect.getdoc(command.load()) or "").split("\n\n")[0]
    assert " ".join(first.split()) in " ".join(text.split())
    examples = text.partition("Examples:")[2].splitlines()
    shown = " ".join(("tierwise", *words))
    assert [line for line in examples if line.strip().startswith(shown)]
    assert "Args:" not in text


def test_commands_about_one_thing_are_called_by_two_words() -> None:
    """The group lists them; of the others nothing is loaded."""
    commands = (
        Command(name="one", module="engine.cli.schema", function="schema", about="The first."),
        Command(name="two", module="no.such.module", about="The second."),
    )
    group = Group(name="thing", about="All about things.", commands=commands)
    listed = CliRunner().invoke(command_line(["thing", "--help"], [group]), ["thing", "--help"])
    assert "The first." in listed.output
    assert "The second." in listed.output
    words = ["thing", "one", "--help"]
    assert "JSON Schema" in CliRunner().invoke(command_line(words, [group]), words).output


def test_a_mistyped_command_is_a_usage_error() -> None:
    """The nearest command is proposed."""
    assert "Did you mean 'run'?" in output("rum", code=2)


def test_the_version_can_be_asked_for() -> None:
    """`--version` answers before anything else."""
    assert output("--version").startswith("tierwise ")
