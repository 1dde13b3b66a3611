"""What `tierwise import automoderator` answers, in this process."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from engine.cli.app import command_line
from tests.functional.program import RULES

SOURCE = """\
# Young accounts
author:
    account_age: "< 2 days"
action: filter
---
# Words
body: [zorbling]
type: comment
action: remove
message: "Not here, please."
"""
BY_HAND = SOURCE + "---\n# Look-ahead\ntitle (regex): 'a(?!b)'\naction: remove\n"
STAFF = "---\nfield: author.is_staff\ntype: yes/no\nmissing: no\n"


def run(*words: object, given: str | None = None) -> Result:
    """The command with an owner."""
    arguments = ["import", "automoderator", *map(str, words), "--owner", "mods@example.org"]
    return CliRunner().invoke(command_line(arguments), arguments, input=given)


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file to bring over, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mod.yaml").write_text(SOURCE, encoding="utf-8")
    return "mod.yaml"


def test_a_rule_for_a_person_ends_with_one(source: str) -> None:
    """The rules go to standard output, and the report beside them, as it is asked for."""
    assert run(source, "--declare").exit_code == 0
    result = run("-", "--declare", "--ends", "2027-01-31", "--report", "json", given=BY_HAND)
    assert result.exit_code == 1
    report = json.loads(result.stderr)
    assert report["counts"]["by hand"] == 1
    names = [rule["name"] for rule in report["rules"]]
    assert names == ["imported/young-accounts", "imported/words", None]
    assert result.stdout.count("ends: 2027-01-31\n") == 2
    assert "title: Look-ahead" not in result.stdout


def test_the_words_of_the_rules_around_are_used(source: str, tmp_path: Path) -> None:
    """What they lack is reported; with `--declare` it is declared beside them, and nothing else."""
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "all.yaml").write_text(RULES + STAFF, encoding="utf-8")
    options = ("--reason", "hate.attack", "--out", "rules/imported")
    result = run(source, *options, "--report", "markdown")
    assert result.exit_code == 1
    missing = "- missing from the vocabulary: `field author.account_age` (1 rule)"
    assert missing in result.stdout
    assert not (rules / "imported" / "vocabulary.yaml").exists()
    again = (source, *options, "--declare", "--rules", "rules")
    assert "is there already" in run(*again).stderr
    assert run(*again, "--force").exit_code == 0
    text = (rules / "imported" / "vocabulary.yaml").read_text(encoding="utf-8")
    assert text.startswith("field: author.account_age\n")
    assert text.count("field:") == 1
    text = (rules / "imported" / "mod.yaml").read_text(encoding="utf-8")
    assert text.count("policy: hate\n") == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere.yaml", "--declare"), "nowhere.yaml"),
        (("mod.yaml",), "no reason `imported`"),
        (("mod.yaml", "--declare", "--ends", "soon"), "is not a date"),
        (("mod.yaml", "--reason", "x", "--rules", "no-folder"), "no-folder"),
        (("mod.yaml", "--declare", "--out", "mod.yaml"), "cannot be written"),
        ((".", "--declare"), "directory"),
    ],
)
@pytest.mark.usefixtures("source")
def test_a_wrong_command_ends_with_two(words: tuple[str, ...], said: str) -> None:
    """And says what is wrong with it."""
    result = run(*words)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.replace("│", " ").split())


def test_rules_around_with_mistakes_are_refused(source: str, tmp_path: Path) -> None:
    """Their mistakes are shown, as `tierwise lint` shows them."""
    (tmp_path / "rules").mkdir()
    text = RULES.replace("missing: 0", "missing: many")
    (tmp_path / "rules" / "all.yaml").write_text(text, encoding="utf-8")
    result = run(source, "--reason", "hate.attack")
    assert result.exit_code == 1
    assert "error[number]" in result.stderr


def test_a_binary_file_is_said_to_be_one(source: str) -> None:
    """It ends with 1 and a remark."""
    Path(source).write_bytes(b"\x00\x01\x02")
    result = run(source, "--declare")
    assert result.exit_code == 1
    assert "mod.yaml:1: by hand: this is no text file" in result.stderr
