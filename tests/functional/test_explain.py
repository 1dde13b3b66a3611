"""`tierwise explain` says what is decided about one item, and why."""

import json
from pathlib import Path

import pytest

from tests.functional.program import rules_in, tierwise


def test_a_decision_is_told_in_words(tmp_path: Path) -> None:
    """The decision, each matching rule with what it saw, near misses, and what could not tell."""
    rules_in(tmp_path)
    item = {
        "id": "i1",
        "kind": "comment",
        "text": "a zorbling",
        "author.followers": 50,
        "counter.posts-by-author": 3,
    }
    (tmp_path / "item.json").write_text(json.dumps(item, indent=2), encoding="utf-8")
    done = tierwise("explain", "item.json", folder=tmp_path)
    assert done.stdout.decode().splitlines() == [
        "comment `i1`: one reviewer decides, until then: hide",
        "  review: queue general, priority normal, within 12 hours",
        "  reasons: hate.attack",
        "  chance that a person sees it: 1",
        "",
        "Rules that match:",
        "  hate-words (live)",
        '    + text has any zorbling: "zorbling" at 2 (zorbling)',
        "",
        "Near misses, one condition short:",
        "  flood: not author.followers 50 < 10",
        "",
        "Cannot tell, as a value is missing:",
        "  hate-remove: not score.hate (missing) ≥ 0.97 (sure)",
    ]
    assert done.returncode == 0


def test_an_explanation_is_an_object_too(tmp_path: Path) -> None:
    """A program reads every rule with the outcome of every condition."""
    rules_in(tmp_path)
    given = json.dumps({"id": "i", "text": "hello", "score.hate": 0.99}).encode()
    done = tierwise("explain", "-", "--format", "json", folder=tmp_path, given=given)
    told = json.loads(done.stdout)
    assert told["fields"] == {"score.hate": 0.99, "text": "hello"}
    assert told["decision"]["action"] == "remove"
    outcomes = {rule["name"]: rule["outcome"] for rule in told["rules"]}
    assert outcomes == {"hate-remove": "match", "hate-words": "no match", "flood": "unknown"}


def test_a_line_of_a_file_can_be_explained(tmp_path: Path) -> None:
    """`--line` picks an item of a file, and rules without anything to say are counted."""
    rules_in(tmp_path)
    items = [{"id": str(number), "text": "hello", "score.hate": 0.1} for number in range(3)]
    (tmp_path / "items.jsonl").write_text("\n".join(map(json.dumps, items)), encoding="utf-8")
    done = tierwise("explain", "items.jsonl", "--line", "2", folder=tmp_path)
    shown = done.stdout.decode()
    assert shown.startswith("post `1`: no rule asks for anything, action: publish\n")
    assert "2 more do not match, 0 do not look at this item now; --all shows them." in shown
    every = tierwise("explain", "items.jsonl", "--line", "2", "--all", folder=tmp_path)
    assert "  hate-remove: not score.hate 0.1 ≥ 0.97 (sure)" in every.stdout.decode()
    assert tierwise("explain", "items.jsonl", "--line", "4", folder=tmp_path).returncode == 2


def test_what_other_people_wrote_does_not_move_the_cursor(tmp_path: Path) -> None:
    """Control characters of an item are shown, not sent to the terminal."""
    rules_in(tmp_path)
    given = json.dumps({"id": "\x1b[2Ji", "text": ""}).encode()
    done = tierwise("explain", "-", folder=tmp_path, given=given)
    assert b"`\\x1b[2Ji`" in done.stdout
    assert b"\x1b" not in done.stdout


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (b"{broken", b"this is no JSON"),
        (b'{"id": "1", "text": ""}\n{"id": "2", "text": ""}', b"name a --line"),
        (b"[]", b"expected an object"),
        (b'{"text": "a"}', b"`id`: missing"),
    ],
)
def test_an_item_that_cannot_be_read_ends_with_one(
    given: bytes, reason: bytes, tmp_path: Path
) -> None:
    """The reason is given in a line, without a traceback."""
    rules_in(tmp_path)
    done = tierwise("explain", "-", folder=tmp_path, given=given)
    assert done.returncode == 1
    assert reason in done.stderr
    assert b"Traceback" not in done.stderr
