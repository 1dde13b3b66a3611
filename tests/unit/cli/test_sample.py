"""`tierwise sample` writes the files it says, and refuses what it cannot write."""

import json
from pathlib import Path

import typer
from typer.testing import CliRunner

from engine.cli.sample import halves, sample
from engine.samples import generate

APP = typer.Typer()
APP.command()(sample)


def run(*arguments: str | Path) -> tuple[int, str]:
    """The exit code and the output of a call."""
    result = CliRunner().invoke(APP, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def test_one_file(tmp_path: Path) -> None:
    """The file holds as many items as asked for, those of the seed."""
    out = tmp_path / "items.jsonl"
    assert run(out, "--count", "25", "--seed", "3") == (0, f"{out}: 25 items\n")
    lines = out.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == list(generate(25, 3))


def test_split(tmp_path: Path) -> None:
    """Two files stand beside the name that was given, which is not written itself."""
    out = tmp_path / "items.jsonl"
    code, output = run(out, "--count", "40", "--split", "0.25")
    train, rest = halves(out)
    assert code == 0
    assert output.splitlines() == [f"{train}: 10 items", f"{rest}: 30 items"]
    assert sorted(tmp_path.iterdir()) == sorted([train, rest])
    assert (train.name, rest.name) == ("items.train.jsonl", "items.rest.jsonl")


def test_names_without_an_ending(tmp_path: Path) -> None:
    """A name without an ending gets the usual one."""
    assert [path.name for path in halves(tmp_path / "items")] == [
        "items.train.jsonl",
        "items.rest.jsonl",
    ]


def test_a_place_that_is_not_there(tmp_path: Path) -> None:
    """A folder that does not exist is named, without a trace of the program's inside."""
    code, output = run(tmp_path / "nowhere" / "items.jsonl")
    assert code == 2
    assert "No such file" in output
    assert "Traceback" not in output


def test_a_share_beyond_one(tmp_path: Path) -> None:
    """A split is a share between 0 and 1."""
    assert run(tmp_path / "items.jsonl", "--split", "2")[0] == 2
