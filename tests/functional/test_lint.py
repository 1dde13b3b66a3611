"""`tierwise lint`, `fmt` and `schema` as a person runs them."""

import json
from pathlib import Path

from tests.functional.program import RULES, rules_in, tierwise

LATE = RULES.replace("below: 10 }", "below: 10, above: 20 }")
BROKEN = RULES.replace("score.hate: { at_least: $sure }", "score.hat: { at_least: $sure }")
NOW = "--now=2026-06-01"


def test_lint_of_good_rules_ends_with_zero(tmp_path: Path) -> None:
    """Rules without errors end with 0, and the last line counts what was looked at."""
    rules_in(tmp_path)
    result = tierwise("lint", NOW, folder=tmp_path)
    assert result.returncode == 0
    assert b"error" not in result.stdout.replace(b"0 errors", b"")
    assert result.stdout.decode().splitlines()[-1].endswith(" in 1 file (3 rules)")


def test_lint_shows_an_error_at_its_place(tmp_path: Path) -> None:
    """A mistake is shown with its line and a suggestion, and ends with 1."""
    rules_in(tmp_path, BROKEN)
    result = tierwise("lint", "rules", folder=tmp_path)
    assert result.returncode == 1
    assert b"error[unknown-field]: there is no field `score.hat`" in result.stdout
    assert b"did you mean `score.hate`?" in result.stdout
    assert b"1 error, " in result.stdout


def test_warnings_count_only_when_asked(tmp_path: Path) -> None:
    """A warning ends with 0, and with 1 under `--strict`."""
    rules_in(tmp_path, LATE)
    relaxed = tierwise("lint", NOW, folder=tmp_path)
    assert b"warning[unreachable]" in relaxed.stdout
    assert relaxed.returncode == 0
    assert tierwise("lint", NOW, "--strict", folder=tmp_path).returncode == 1


def test_lint_for_programs(tmp_path: Path) -> None:
    """JSON and SARIF are one value each, GitHub gets a command per finding; counts go to stderr."""
    rules_in(tmp_path, LATE)
    found = json.loads(tierwise("lint", NOW, "--format", "json", folder=tmp_path).stdout)
    codes = [each["code"] for each in found["diagnostics"]]
    assert "unreachable" in codes
    assert found["warnings"] == len(codes)
    sarif = json.loads(tierwise("lint", NOW, "--format", "sarif", folder=tmp_path).stdout)
    assert [each["ruleId"] for each in sarif["runs"][0]["results"]] == codes
    github = tierwise("lint", NOW, "--format", "github", folder=tmp_path)
    assert github.stdout.count(b"::warning file=rules/all.yaml,") == len(codes)
    assert b"0 errors" in github.stderr


def test_a_folder_that_is_not_there_is_a_wrong_command(tmp_path: Path) -> None:
    """A path that does not exist ends with 2 and is named."""
    for command in ("lint", "fmt", "schema"):
        result = tierwise(command, "nowhere", folder=tmp_path)
        assert result.returncode == 2
        assert b"nowhere" in result.stderr


def test_fmt_writes_what_check_announces(tmp_path: Path) -> None:
    """`--check` names the files that would change and writes nothing; without it they change."""
    file = rules_in(tmp_path) / "all.yaml"
    file.write_text("rule:  a\nthen: {tier: single}\nowner: o\n")
    before = file.read_bytes()
    announced = tierwise("fmt", "--check", folder=tmp_path)
    assert announced.returncode == 1
    assert b"rules/all.yaml" in announced.stdout
    assert file.read_bytes() == before
    assert tierwise("fmt", folder=tmp_path).returncode == 0
    assert file.read_text() == "rule:  a\nowner: o\nthen: { tier: single }\n"
    assert tierwise("fmt", "--check", "rules", folder=tmp_path).returncode == 0
    assert [each.name for each in file.parent.iterdir()] == ["all.yaml"]


def test_fmt_leaves_a_broken_file_and_goes_on(tmp_path: Path) -> None:
    """A file with a mistake stays as it is and is shown; the others are formatted."""
    rules = rules_in(tmp_path)
    (rules / "all.yaml").write_text("rule: a  \n")
    (rules / "bad.yaml").write_text("rule: [a  \n")
    (rules / "latin.yaml").write_bytes(b"rule: a\ntitle: \xe9  \n")
    result = tierwise("fmt", folder=tmp_path)
    assert result.returncode == 1
    assert b"rules/bad.yaml:" in result.stderr
    assert b"rules/latin.yaml:2:1  error[encoding]" in result.stderr
    assert (rules / "bad.yaml").read_text() == "rule: [a  \n"
    assert (rules / "all.yaml").read_text() == "rule: a\n"


def test_fmt_of_standard_input(tmp_path: Path) -> None:
    """Standard input comes back formatted, with the fields of ./rules; broken input as it was."""
    rules_in(tmp_path)
    given = b"condition: c\r\nscore.hate: '>= 0.9'\r\n"
    result = tierwise("fmt", "-", folder=tmp_path, given=given)
    assert result.stdout == b"condition: c\nscore.hate: { at_least: 0.9 }\n"
    assert tierwise("fmt", "--check", "-", folder=tmp_path, given=given).returncode == 1
    broken = tierwise("fmt", "-", folder=tmp_path, given=b"rule: [\r\n")
    assert (broken.returncode, broken.stdout) == (1, b"rule: [\r\n")


def test_schema_names_what_the_rules_declare(tmp_path: Path) -> None:
    """The schema holds the names of ./rules, goes to a file when asked, and is JSON."""
    rules_in(tmp_path)
    shown = tierwise("schema", folder=tmp_path)
    assert shown.returncode == 0
    assert "score.hate" in json.loads(shown.stdout)["$defs"]["condition"]["properties"]
    assert tierwise("schema", "rules", "--out", "schema.json", folder=tmp_path).stdout == b""
    assert (tmp_path / "schema.json").read_bytes() == shown.stdout


def test_schema_without_rules_still_knows_the_language(tmp_path: Path) -> None:
    """Where there are no rules the schema knows all but their names; broken rules are shown."""
    found = json.loads(tierwise("schema", folder=tmp_path).stdout)
    assert "score.hate" not in found["$defs"]["condition"]["properties"]
    rules_in(tmp_path, BROKEN)
    broken = tierwise("schema", folder=tmp_path)
    assert broken.returncode == 1
    assert b"unknown-field" in broken.stderr
