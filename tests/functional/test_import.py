"""`tierwise import automoderator` as a person runs it."""

import json
from pathlib import Path

from tests.functional.program import RULES, rules_in, tierwise

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
COMMAND = ("import", "automoderator")
OWNER = ("--owner", "mods@example.org")


def source_in(folder: Path, text: str = SOURCE) -> str:
    """A file of rules to bring over."""
    (folder / "mod.yaml").write_text(text, encoding="utf-8")
    return "mod.yaml"


def test_what_is_written_lints_and_is_in_the_usual_form(tmp_path: Path) -> None:
    """With `--declare` the folder stands by itself."""
    source = source_in(tmp_path)
    options = (*OWNER, "--declare", "--out", "imported", "--now", "2026-03-01")
    result = tierwise(*COMMAND, source, *options, folder=tmp_path)
    assert result.returncode == 0, result.stderr
    assert b"2 rules: 2 translated" in result.stdout
    assert sorted(path.name for path in (tmp_path / "imported").iterdir()) == [
        "mod.yaml",
        "vocabulary.yaml",
    ]
    text = (tmp_path / "imported" / "mod.yaml").read_text(encoding="utf-8")
    assert text.count("status: shadow\n") == 2
    assert text.count("ends: 2026-06-29\n") == 2
    lint = tierwise("lint", "imported", "--now", "2026-03-02", folder=tmp_path)
    assert lint.returncode == 0, lint.stdout
    assert tierwise("fmt", "--check", "imported", folder=tmp_path).returncode == 0


def test_rules_go_to_standard_output_and_the_report_beside(tmp_path: Path) -> None:
    """From standard input, too; a rule for a person ends with 1."""
    options = (*OWNER, "--declare", "--ends", "2027-01-31", "--report", "json")
    result = tierwise(*COMMAND, "-", *options, folder=tmp_path, given=BY_HAND.encode())
    assert result.returncode == 1
    report = json.loads(result.stderr)
    assert report["counts"]["by hand"] == 1
    assert [rule["name"] for rule in report["rules"]] == [
        "imported/young-accounts",
        "imported/words",
        None,
    ]
    (tmp_path / "all.yaml").write_bytes(result.stdout)
    assert b"ends: 2027-01-31" in result.stdout
    lint = tierwise("lint", "all.yaml", "--now", "2026-03-02", folder=tmp_path)
    assert lint.returncode == 0, lint.stdout


def test_the_words_of_the_rules_around_are_used(tmp_path: Path) -> None:
    """What they lack is reported, and with `--declare` declared beside them."""
    source = source_in(tmp_path)
    more = "---\nfield: author.is_staff\ntype: yes/no\nmissing: no\n"
    rules_in(tmp_path, RULES + more)
    options = (*OWNER, "--reason", "hate.attack", "--report", "markdown")
    result = tierwise(*COMMAND, source, *options, "--out", "rules/imported", folder=tmp_path)
    assert result.returncode == 1, result.stderr
    assert "- missing from the vocabulary: `field author.account_age` (1 rule)" in (
        result.stdout.decode()
    )
    assert tierwise("lint", "rules", folder=tmp_path).returncode == 0
    again = (*options, "--out", "rules/imported", "--declare", "--rules", "rules")
    assert tierwise(*COMMAND, source, *again, folder=tmp_path).returncode == 2
    result = tierwise(*COMMAND, source, *again, "--force", folder=tmp_path)
    assert result.returncode == 0, result.stderr
    assert tierwise("lint", "rules", folder=tmp_path).returncode == 0
    vocabulary = (tmp_path / "rules" / "imported" / "vocabulary.yaml").read_text(encoding="utf-8")
    assert vocabulary.startswith("field: author.account_age\n")
    assert vocabulary.count("field:") == 1


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    """A binary file ends with 1 and a remark; a wrong command with 2 and a sentence."""
    (tmp_path / "mod.yaml").write_bytes(b"\x00\x01\x02")
    result = tierwise(*COMMAND, "mod.yaml", *OWNER, "--declare", folder=tmp_path)
    assert result.returncode == 1
    assert b"mod.yaml:1: by hand: this is no text file" in result.stderr
    rules_in(tmp_path)
    for words, said in (
        (("nowhere.yaml", *OWNER, "--declare"), "nowhere.yaml"),
        (("mod.yaml", "--declare"), "--owner"),
        (("mod.yaml", *OWNER), "no reason `imported`"),
        (("mod.yaml", *OWNER, "--declare", "--ends", "soon"), "is not a date"),
        (("mod.yaml", *OWNER, "--reason", "x", "--rules", "no-folder"), "no-folder"),
    ):
        result = tierwise(*COMMAND, *words, folder=tmp_path)
        assert result.returncode == 2, words
        assert said in " ".join(result.stderr.decode().replace("│", " ").split())


def test_rules_around_with_mistakes_are_refused(tmp_path: Path) -> None:
    """Their mistakes are shown, as `tierwise lint` shows them."""
    source = source_in(tmp_path)
    rules_in(tmp_path, RULES.replace("missing: 0", "missing: many"))
    options = (*OWNER, "--reason", "hate.attack")
    result = tierwise(*COMMAND, source, *options, folder=tmp_path)
    assert result.returncode == 1
    assert b"error[number]" in result.stderr
