"""`tierwise bench` measures on anybody's items, without any other engine."""

import json
from pathlib import Path

from engine.samples import generate
from tests.functional.program import tierwise

TEXTS = 2_600


def test_every_figure_is_measured(tmp_path: Path) -> None:
    """A file of items is enough: each line of the answer is a figure with its unit."""
    items = tmp_path / "items.jsonl"
    items.write_text(
        "".join(f"{json.dumps(item)}\n" for item in generate(TEXTS, 3)), encoding="utf-8"
    )
    done = tierwise("bench", "--items", items, "--rules", 20, "--format", "json", folder=tmp_path)
    assert done.stderr == b""
    assert done.returncode == 0
    found = {record["name"]: record for record in map(json.loads, done.stdout.splitlines())}
    assert all(record["value"] > 0 for record in found.values())
    for name, unit in (
        ("20 rules, one item at a time", "µs"),
        ("20 rules loaded from the compiled file", "s"),
        ("semantic diff of two 20-rule releases", "s"),
        ("classifier, one text", "µs"),
        ("`tierwise run` with 1,000 rules and a classifier, on one core", "items a second"),
    ):
        assert found[name]["unit"] == unit


def test_too_few_texts_are_refused(tmp_path: Path) -> None:
    """Numbers from a handful of texts would mean nothing."""
    items = tmp_path / "items.jsonl"
    items.write_text('{"text": "hello"}\n[1]\n', encoding="utf-8")
    done = tierwise("bench", "--items", items, folder=tmp_path)
    assert done.returncode == 2
    assert "1 different short texts" in " ".join(done.stderr.decode().replace("│", " ").split())


def test_items_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    """A file that holds no JSON is named as the reason, without a traceback."""
    items = tmp_path / "items.jsonl"
    items.write_text("hello\n", encoding="utf-8")
    done = tierwise("bench", "--items", items, folder=tmp_path)
    assert done.returncode == 2
    assert b"cannot be read" in done.stderr
    assert b"Traceback" not in done.stderr
