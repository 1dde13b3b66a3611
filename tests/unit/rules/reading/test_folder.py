"""Files are found, read and named."""

import os
from pathlib import Path

import pytest

from engine.diagnostics import Diagnostic
from engine.rules.reading import read_folder, read_policy

LIST = "list: zorbs\nof: words\nentries: [zorb]\n"


def write(folder: Path, **files: str | bytes) -> None:
    """Makes files; `__` in a name is a slash, and `.yaml` is added."""
    for name, content in files.items():
        path = folder / (name.replace("__", "/") + ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def said(diagnostics: list[Diagnostic], folder: Path) -> list[tuple[str, str, int]]:
    """What was said: file below the folder, code, line."""
    root = f"{folder.as_posix()}/"
    return [(one.span.file.removeprefix(root), one.code, one.span.line) for one in diagnostics]


def test_only_rule_files_are_read(tmp_path: Path) -> None:
    """Hidden files and folders, and files of other kinds, are passed over."""
    write(tmp_path, a=LIST, deep__er__b=LIST.replace("zorbs", "quents"))
    write(tmp_path, **{".hidden": "nonsense", ".git__c": "nonsense"})
    (tmp_path / "README.md").write_text("nonsense")
    (tmp_path / "c.yml").write_text(LIST.replace("zorbs", "others"))
    policy, found = read_folder([tmp_path])
    assert found == []
    assert policy is not None
    assert sorted(policy.lists) == ["others", "quents", "zorbs"]
    assert policy.documents == 3


def test_bad_files_are_reported_and_the_rest_is_read(tmp_path: Path) -> None:
    """Every file has its own mistake, said at its place."""
    write(tmp_path, empty="", comments="# only\n\n---\n", latin=b"a: b\nlist: caf\xe9\n")
    write(tmp_path, nul=b"list: a\x00\n", good=LIST, wrong=LIST.replace("words", "wordz"))
    policy, found = read_folder([tmp_path, tmp_path / "nowhere"])
    assert policy is None
    assert said(found, tmp_path) == [
        ("comments.yaml", "empty-file", 1),
        ("empty.yaml", "empty-file", 1),
        ("latin.yaml", "encoding", 2),
        ("nowhere", "unreadable", 1),
        ("nul.yaml", "control-character", 1),
        ("wrong.yaml", "duplicate-id", 1),
        ("wrong.yaml", "choice", 2),
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_files_without_permission_are_reported(tmp_path: Path) -> None:
    """A file that may not be read is said, not raised."""
    write(tmp_path, a=LIST)
    (tmp_path / "a.yaml").chmod(0)
    _, found = read_folder([tmp_path])
    assert said(found, tmp_path) == [("a.yaml", "unreadable", 1)]


def test_a_broken_link_is_reported(tmp_path: Path) -> None:
    """A link that leads nowhere is said, not raised."""
    (tmp_path / "a.yaml").symlink_to(tmp_path / "gone.yaml")
    _, found = read_folder([tmp_path])
    assert said(found, tmp_path) == [("a.yaml", "unreadable", 1)]


def test_a_folder_without_rules_is_an_error(tmp_path: Path) -> None:
    """Nothing to read is most likely a slip in the path."""
    policy, found = read_folder([tmp_path])
    assert policy is None
    assert [one.code for one in found] == ["empty-folder"]


def test_names_are_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Diagnostics name files as the person did."""
    write(tmp_path, rules__a="list: a\n")
    monkeypatch.chdir(tmp_path)
    _, found = read_folder([Path("rules")])
    assert {one.span.file for one in found} == {"rules/a.yaml"}


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    """A folder and a file in it do not make duplicates."""
    write(tmp_path, a=LIST)
    policy, found = read_folder([tmp_path, tmp_path / "a.yaml"])
    assert policy is not None
    assert found == []


def test_the_hash_is_of_paths_and_bytes(tmp_path: Path) -> None:
    """The same files have the same hash wherever they lie; any change changes it."""
    write(tmp_path, one__a=LIST, one__b__c="", two__a=LIST, two__b__c="", three__a=LIST)
    hashes = []
    for name in ("one", "two", "three"):
        policy, _ = read_folder([tmp_path / name])
        assert policy is not None
        hashes.append(policy.source_hash)
    by_name, _ = read_policy({"a.yaml": LIST, "b/c.yaml": b""})
    assert by_name is not None
    assert hashes[0] == hashes[1] == by_name.source_hash
    assert hashes[2] != hashes[0]
    swapped, _ = read_policy({"y.yaml": "# same\n", "x.yaml": "# same\n"})
    straight, _ = read_policy({"x.yaml": "# same\n", "y.yaml": "# same\n"})
    assert swapped is not None
    assert straight is not None
    assert swapped.source_hash == straight.source_hash
    other, _ = read_policy({"a.yaml": LIST + "\n", "b/c.yaml": b""})
    assert other is not None
    assert other.source_hash != by_name.source_hash
