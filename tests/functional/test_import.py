"""`tierwise import automoderator` as a person runs it."""

from pathlib import Path

from tests.functional.program import tierwise

SOURCE = """\
# Young accounts
author:
    account_age: "< 2 days"
action: filter
---
# Words
body: [zorbling]
action: remove
message: "Not here, please."
"""


def test_what_is_written_lints_and_is_in_the_usual_form(tmp_path: Path) -> None:
    """With `--declare` the folder stands by itself, and its rules are shadows with an end."""
    (tmp_path / "mod.yaml").write_text(SOURCE, encoding="utf-8")
    options = ("--owner", "mods@example.org", "--declare", "--out", "imported")
    command = ("import", "automoderator", "mod.yaml", *options, "--now", "2026-03-01")
    result = tierwise(*command, folder=tmp_path)
    assert result.returncode == 0, result.stderr
    assert b"2 rules: 2 translated" in result.stdout
    files = sorted(path.name for path in (tmp_path / "imported").iterdir())
    assert files == ["mod.yaml", "vocabulary.yaml"]
    text = (tmp_path / "imported" / "mod.yaml").read_text(encoding="utf-8")
    assert text.count("status: shadow\n") == 2
    assert text.count("ends: 2026-06-29\n") == 2
    lint = tierwise("lint", "imported", "--now", "2026-03-02", folder=tmp_path)
    assert lint.returncode == 0, lint.stdout
    assert tierwise("fmt", "--check", "imported", folder=tmp_path).returncode == 0
