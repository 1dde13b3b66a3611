"""The rules are found where a person expects them."""

from pathlib import Path

import pytest

from engine.cli.locations import rules_folder


def folder_with_rules(folder: Path) -> Path:
    """A folder in which a rule file stands."""
    (folder / "setup").mkdir(parents=True)
    (folder / "setup" / "a.yaml").write_text("field: a\ntype: count\n", encoding="utf-8")
    return folder


def test_a_named_folder_is_taken(tmp_path: Path) -> None:
    """Whatever is named is taken, there or not: its absence is not for this place to find."""
    assert rules_folder(tmp_path / "absent") == tmp_path / "absent"


def test_the_working_folder_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where `./rules` holds rules, they are meant."""
    monkeypatch.chdir(tmp_path)
    folder_with_rules(tmp_path / "rules")
    assert rules_folder(None) == Path("rules")


def test_elsewhere_it_is_the_rules_that_came_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without `./rules`, or with nothing in it, the rules of the project are taken."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules").mkdir()
    found = rules_folder(None)
    assert found.is_absolute()
    assert any(found.rglob("*.yaml"))
