"""`tierwise run` judges files of items."""

import csv
import gzip
import io
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.functional.program import ROOT, rules_in, tierwise


def lines(*items: object) -> bytes:
    """JSON lines; bytes stand for themselves."""
    return b"".join(
        (item if isinstance(item, bytes) else json.dumps(item).encode()) + b"\n" for item in items
    )


def decisions(written: bytes) -> list[dict[str, object]]:
    """The decisions in what was written."""
    return [json.loads(line) for line in written.splitlines()]


HATE = {"id": "1", "text": "hello", "score": {"hate": 0.981}}
WORDS = {"id": "2", "text": "what a zorbling", "kind": "comment"}
FINE = {"id": "3", "text": "hello", "score.hate": 0.1, "karma": 5}


REMOVED: dict[str, object] = {
    "id": "1",
    "tier": "auto",
    "action": "remove",
    "while_waiting": None,
    "queue": None,
    "priority": None,
    "due_in_seconds": None,
    "not_by": None,
    "reasons": ["hate.attack"],
    "message": None,
    "labels": [],
    "notify": [],
    "strikes": {},
    "rules": [
        {
            "name": "hate-remove",
            "status": "live",
            "by": None,
            "evidence": [
                {
                    "leaf": "score.hate 0.981 ≥ 0.97 (sure)",
                    "field": "score.hate",
                    "value": 0.981,
                }
            ],
        }
    ],
    "samples": [],
    "signals": {},
    "inclusion_probability": 0.0,
    "model": [],
}


def test_each_item_gets_a_decision(tmp_path: Path) -> None:
    """Decisions come in the order of the items, with everything a sender needs to act."""
    rules_in(tmp_path)
    done = tierwise("run", "-", folder=tmp_path, given=lines(HATE, WORDS, FINE))
    assert done.returncode == 0
    hate, words, fine = decisions(done.stdout)
    release = hate.pop("release")
    assert isinstance(release, str)
    assert len(release) == 12
    assert hate == REMOVED
    assert (words["tier"], words["action"], words["while_waiting"]) == ("single", "hide", "hide")
    assert (words["queue"], words["due_in_seconds"]) == ("general", 43_200)
    assert words["inclusion_probability"] == 1.0
    assert (fine["tier"], fine["action"], fine["rules"]) == ("none", "publish", [])


def test_texts_stay_where_they_are(tmp_path: Path) -> None:
    """Of a text only places are written, unless its pieces are asked for."""
    rules_in(tmp_path)
    plain = tierwise("run", "-", folder=tmp_path, given=lines(WORDS))
    assert b"what a" not in plain.stdout
    [evidence] = decisions(plain.stdout)[0]["rules"][0]["evidence"]  # type: ignore[index]  # JSON
    assert evidence["spans"] == [[7, 15]]
    assert "matched" not in evidence
    shown = tierwise("run", "-", "--with-text", folder=tmp_path, given=lines(WORDS))
    [evidence] = decisions(shown.stdout)[0]["rules"][0]["evidence"]  # type: ignore[index]  # JSON
    assert evidence["matched"] == ["zorbling"]


def test_the_summary_goes_where_the_decisions_do_not(tmp_path: Path) -> None:
    """Decisions on standard output stay clean; with `--out` the summary takes their place."""
    rules_in(tmp_path)
    piped = tierwise("run", "-", folder=tmp_path, given=lines(HATE, FINE))
    summary = piped.stderr.decode()
    assert "2 items judged" in summary
    assert "100.0% need no person" in summary
    assert "hate-remove (live)" in summary
    assert "`karma` (1)" in summary
    filed = tierwise("run", "-", "--out", "d.jsonl", folder=tmp_path, given=lines(HATE, FINE))
    assert "2 items judged" in filed.stdout.decode()
    assert filed.stderr == b""
    assert decisions((tmp_path / "d.jsonl").read_bytes()) == decisions(piped.stdout)


def test_bad_lines_are_rejected_and_the_rest_goes_on(tmp_path: Path) -> None:
    """Each bad line is written with its number and the reason; the run ends well."""
    rules_in(tmp_path)
    deep = b'{"id": "4", "text": ' + b"[" * 5_000 + b"]" * 5_000 + b"}"
    bad = [b"{broken", b"[1]", {"text": "no id"}, {"id": "no text"}, deep]
    bad += [{"id": "5", "text": "", "score.hate": "high"}, {"id": "6", "text": "x" * 1_000_001}]
    given = lines(HATE, *bad, FINE)
    done = tierwise("run", "-", "--rejects", "bad.jsonl", folder=tmp_path, given=given)
    assert done.returncode == 0
    assert [decision["id"] for decision in decisions(done.stdout)] == ["1", "3"]
    rejected = decisions((tmp_path / "bad.jsonl").read_bytes())
    assert [each["line"] for each in rejected] == [2, 3, 4, 5, 6, 7, 8]
    assert rejected[0]["raw"] == "{broken"
    assert [each["truncated"] for each in rejected] == [False] * 4 + [True, False, True]
    reasons = [
        "this is no JSON",
        "expected an object",
        "`id`: missing",
        "`text`: missing",
        "",
        "`score.hate`: expected a number, got `high`",
        "`text`: has 1,000,001 characters; up to 1,000,000 are possible",
    ]
    for each, reason in zip(rejected, reasons, strict=True):
        assert reason in str(each["error"])
    assert "7 lines were rejected" in done.stderr.decode()
    assert "line 2: this is no JSON" in done.stderr.decode()


def test_strict_makes_findings_of_what_is_passed_over(tmp_path: Path) -> None:
    """With `--strict` unknown fields are refused, and a rejected line ends the run with 1."""
    rules_in(tmp_path)
    done = tierwise("run", "-", "--strict", folder=tmp_path, given=lines(HATE, FINE))
    assert done.returncode == 1
    assert [decision["id"] for decision in decisions(done.stdout)] == ["1"]
    assert "`karma`: the vocabulary has no such field" in done.stderr.decode()


def test_packed_files_and_tables_give_the_same_decisions(tmp_path: Path) -> None:
    """How items are written does not matter to what is decided."""
    rules_in(tmp_path)
    items = [
        {"id": "1", "text": "a zorbling", "score.hate": 0.5, "kind": "post"},
        {"id": "2", "text": "two\nlines", "score.hate": 0.99, "kind": "comment"},
    ]
    (tmp_path / "items.jsonl.gz").write_bytes(gzip.compress(lines(*items)))
    table = io.StringIO()
    writer = csv.DictWriter(table, list(items[0]))
    writer.writeheader()
    writer.writerows(items)
    (tmp_path / "items.csv").write_text(table.getvalue(), encoding="utf-8")
    packed = tierwise("run", "items.jsonl.gz", folder=tmp_path)
    tabled = tierwise("run", "items.csv", folder=tmp_path)
    assert decisions(packed.stdout) == decisions(tabled.stdout)
    assert [each["tier"] for each in decisions(packed.stdout)] == ["single", "auto"]


def test_counters_count_by_the_time_of_the_items(tmp_path: Path) -> None:
    """Items count when they were made, in whatever order they come, and only where they should."""
    rules_in(tmp_path)
    posts = [("10:00", 0), ("12:00", 0), ("10:10", 99), ("10:20", 0), ("10:40", 0), ("11:30", 0)]
    given = lines(
        *(
            {
                "id": str(number),
                "text": "",
                "author": {"id": "u", "followers": followers},
                "created_at": f"2026-03-01T{moment}:00Z",
            }
            for number, (moment, followers) in enumerate(posts)
        )
    )
    done = tierwise("run", "-", folder=tmp_path, given=given)
    actions = [decision["action"] for decision in decisions(done.stdout)]
    assert actions == ["publish", "publish", "publish", "publish", "limit", "publish"]


def test_a_file_is_not_written_over(tmp_path: Path) -> None:
    """Naming the items as the place for decisions is refused, and the items stay."""
    rules_in(tmp_path)
    (tmp_path / "items.jsonl").write_bytes(lines(HATE))
    done = tierwise("run", "items.jsonl", "--out", "./items.jsonl", folder=tmp_path)
    assert done.returncode == 2
    assert (tmp_path / "items.jsonl").read_bytes() == lines(HATE)


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "absent.jsonl"),
        ("run", "-", "--now", "yesterday"),
        ("run", "-", "--model", "rules/all.yaml"),
        ("run", "-", "--rules", "absent"),
        ("run", "-", "--format", "xml"),
        ("run", "-", "--out", "absent/d.jsonl"),
    ],
)
def test_what_was_asked_wrongly_ends_with_two(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """A usage error says what is wrong, without a traceback, and ends with 2."""
    rules_in(tmp_path)
    done = tierwise(*arguments, folder=tmp_path)
    assert done.returncode == 2
    assert b"Error" in done.stderr
    assert b"Traceback" not in done.stderr


def test_broken_rules_are_shown_and_nothing_is_judged(tmp_path: Path) -> None:
    """With a mistake in the rules nothing runs; the mistake is shown with its place."""
    rules_in(tmp_path, "rule: a\nthne: remove\n")
    done = tierwise("run", "-", folder=tmp_path, given=lines(HATE))
    assert done.returncode == 1
    assert done.stdout == b""
    assert b"all.yaml:2:1" in done.stderr


def test_whoever_stops_reading_stops_the_run(tmp_path: Path) -> None:
    """A closed pipe ends the run without a traceback."""
    rules_in(tmp_path)
    items = tmp_path / "items.jsonl"
    items.write_bytes(lines(FINE) * 20_000)
    program = [sys.executable, "-P", "-m", "engine.cli.app", "run", str(items)]
    with subprocess.Popen(
        program,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline()
        running.stdout.close()
        errors = running.stderr.read()
        assert running.wait(60) in (0, 1)
    assert b"Traceback" not in errors
    assert b"Exception ignored" not in errors


def test_an_interrupted_run_says_how_far_it_came(tmp_path: Path) -> None:
    """What was judged before an interruption is written whole."""
    rules_in(tmp_path)
    items = tmp_path / "items.jsonl"
    items.write_bytes(lines(FINE) * 200_000)
    program = [sys.executable, "-P", "-m", "engine.cli.app", "run", str(items)]
    with subprocess.Popen(
        program,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        first = running.stdout.readline()
        running.send_signal(signal.SIGINT)
        rest = running.stdout.read()
        errors = running.stderr.read()
        assert running.wait(60) == 130
    assert 0 < len(decisions(first + rest)) < 200_000
    assert b"interrupted after" in errors
    assert b"Traceback" not in errors
