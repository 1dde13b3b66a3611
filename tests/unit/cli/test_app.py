"""The program knows its commands, and loads only the one that runs."""

import inspect

import pytest
from typer.testing import CliRunner

from engine.cli.app import COMMANDS, Command, command_line


def output(*arguments: str, code: int = 0) -> str:
    """What the program prints, after checking how it ended."""
    result = CliRunner().invoke(command_line(arguments), list(arguments))
    assert result.exit_code == code, result.output
    return result.output


def test_help_names_every_command() -> None:
    """Whoever asks for help sees all commands with what they do."""
    text = " ".join(output("--help").split())
    for command in COMMANDS:
        assert f"{command.name} {command.about}" in text


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_explains_itself(command: Command) -> None:
    """A command's help begins with its docstring and has examples to copy, each on its line."""
    text = output(command.name, "--help")
    first = (inspect.getdoc(command.load()) or "").split("\n\n")[0]
    assert " ".join(first.split()) in " ".join(text.split())
    examples = text.partition("Examples:")[2].splitlines()
    assert [line for line in examples if line.strip().startswith("tierwise")]
    assert "Args:" not in text


def test_a_mistyped_command_is_a_usage_error() -> None:
    """The nearest command is proposed."""
    assert "Did you mean 'run'?" in output("rum", code=2)


def test_the_version_can_be_asked_for() -> None:
    """`--version` answers before anything else."""
    assert output("--version").startswith("tierwise ")
