"""`tierwise backtest` tries a policy on a file of items."""

import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from engine.cli.app import command_line
from queues.cli.app import COMMANDS
from tests.functional.program import ROOT, RULES

NOW = "2026-03-01"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three policies and a file of items."""
    place = tmp_path_factory.mktemp("backtest")
    counting = RULES.replace("within: 1 hour", "within: 1 day").replace(
        "repeat: 2\n    every: 10 minutes", "repeat: 2\n    every: 5 hours"
    )
    policies = {
        "old": RULES,
        "looser": RULES.replace("sure: 0.97", "sure: 0.90").replace("0.969", "0.89"),
        "counting": counting,
        "asking": counting.replace(
            "tier: auto, action: limit, reason:", "tier: single, reason:"
        ).replace("tier: auto, action: limit, reasons", "tier: single, reasons"),
    }
    for name, text in policies.items():
        (place / name).mkdir()
        (place / name / "all.yaml").write_text(text, encoding="utf-8")
    items = [
        {
            "id": f"i{number}",
            "text": "no zorbling" if number % 50 == 0 else "hello",
            "score": {"hate": number % 1_000 / 1_000},
            "author": {"id": f"u{number % 40}", "followers": 3},
            "created_at": f"2026-02-{1 + number // 100:02}T{number // 5 % 20:02}:00:00Z",
        }
        for number in range(2_000)
    ]
    write(place / "items.jsonl", *items)
    return place


def write(path: Path, *items: object) -> None:
    """A file of JSON lines; bytes stand for themselves."""
    path.write_bytes(
        b"".join(
            (item if isinstance(item, bytes) else json.dumps(item).encode()) + b"\n"
            for item in items
        )
    )


def backtest(folder: Path, new: str, *arguments: str, old: str = "old") -> Result:
    """Run the command in this process."""
    words = ["backtest", str(folder / new), "--against", str(folder / old), "--now", NOW]
    words += [
        str(folder / each) if each.endswith((".jsonl", ".csv")) else each for each in arguments
    ]
    if "--items" not in arguments:
        words += ["--items", str(folder / "items.jsonl")]
    return CliRunner().invoke(command_line(words, COMMANDS), words)


def record(done: Result) -> Mapping[str, Any]:
    """The report that was written as JSON."""
    assert done.exit_code == 0, done.output
    found: Mapping[str, Any] = json.loads(done.stdout)
    return found


def test_what_changes_is_shown(folder: Path) -> None:
    """The matrix with items of each cell, figures with intervals, and rules that gain."""
    done = backtest(folder, "looser", "--format", "json")
    found = record(done)
    moved = [cell for cell in found["matrix"] if cell["old"] != cell["new"]]
    assert sum(cell["items"] for cell in moved) == found["changed"]
    # Of each thousand 70 score from .90 to .97, and of these two go to a reviewer anyway.
    assert found["changed"] == 2 * 70 - 2 * 2
    assert all(1 <= len(cell["sample"]) <= 5 for cell in moved)
    (rule,) = [each for each in found["rules"] if each["rule"] == "hate-remove"]
    assert (rule["old"], rule["new"], rule["gained"], rule["lost"]) == (60, 200, 140, 0)
    text = backtest(folder, "looser").stdout
    assert "none publish auto remove 136" in " ".join(text.split())
    assert "hate-remove" in text
    markdown = backtest(folder, "looser", "--format", "markdown").stdout
    assert markdown.startswith("## Backtest ")
    assert "| old | new | items | such as |" in markdown


def test_the_same_policy_differs_in_nothing(folder: Path) -> None:
    """Nothing differs, no limit is broken, and the command ends with 0."""
    limits = ["changed > 0", "cost_per_day > +0", "automation < -0%"]
    done = backtest(folder, "old", *(word for each in limits for word in ("--fail-if", each)))
    assert done.exit_code == 0
    assert "both policies are the same: nothing differs" in done.stdout


def test_limits_are_a_gate(folder: Path) -> None:
    """A limit that is broken, or cannot be told, ends with 1 and says by how much."""
    limits = ("--fail-if", "cost_per_day > +0.05", "--fail-if", "changed > 99%")
    done = backtest(folder, "asking", *limits, old="counting")
    assert done.exit_code == 1
    assert "limit `cost_per_day > +0.05` is broken: it is +" in done.stderr
    assert "changed" not in done.stderr
    untold = backtest(folder, "asking", "--fail-if", "error > 5%")
    assert untold.exit_code == 1
    assert "cannot be told" in untold.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--fail-if", "cost > +5"), "there is no such figure"),
        (("--fail-if", "cost_per_day"), "expected a figure, an operator and a bound"),
        (("--seconds", "panel=3"), "expected `single` or `senior`"),
        (("--days", "0"), "`--days` has to be above 0"),
        (("--items", "absent.jsonl"), "No such file"),
        (("--distributed",), "is judged on this machine"),
        (("--since", "30d"), "name a file of items"),
        (("--labels", "items.jsonl"), "a label needs an `id` and an `action`"),
    ],
)
def test_what_was_asked_wrongly_ends_with_two(
    folder: Path, arguments: tuple[str, ...], told: str
) -> None:
    """It says what is wrong and what is expected."""
    done = backtest(folder, "asking", *arguments)
    assert done.exit_code == 2
    assert told in " ".join(done.stderr.replace("│", " ").split())


def test_counters_are_replayed_in_the_order_of_time(folder: Path) -> None:
    """A window of a day counts posts that one of an hour has forgotten."""
    found = record(backtest(folder, "counting", "--format", "json"))
    (flood,) = [each for each in found["rules"] if each["rule"] == "flood"]
    # Of 100 posts a day each of 40 authors writes two or three: within an hour never three.
    assert (flood["old"], flood["lost"]) == (0, 0)
    assert flood["new"] == flood["gained"] > 300
    assert "counters begin empty with the first item of the file" in found["notes"]


def test_lines_that_are_no_items_are_counted_by_reason(folder: Path) -> None:
    """Bad lines are told with examples; only a file of nothing else ends with 1."""
    good = [{"id": f"g{n}", "text": "x"} for n in range(30)]
    bad = [{"id": f"b{n}", "text": "x", "score": {"hate": 7}} for n in range(8)]
    write(folder / "mixed.jsonl", *good, *bad, b"{", b"[}", {"text": "no id"})
    found = record(backtest(folder, "looser", "--items", "mixed.jsonl", "--format", "json"))
    assert found["items"] == 30
    told = {each["field"]: (each["items"], len(each["examples"])) for each in found["unreadable"]}
    assert told["score.hate"] == (8, 5)
    assert told["id"] == (1, 1)
    assert told["this is no JSON"] == (2, 2)
    assert len(told) == 3
    write(folder / "bad.jsonl", *bad)
    done = backtest(folder, "looser", "--items", "bad.jsonl")
    assert done.exit_code == 1
    assert "none of 8 items of the log can be compared" in str(done.exception)


def test_an_empty_file_is_told(folder: Path) -> None:
    """There is nothing to compare, which is no mistake."""
    write(folder / "empty.jsonl")
    done = backtest(folder, "looser", "--items", "empty.jsonl")
    assert done.exit_code == 0
    assert "there are no items in the window" in done.stdout


def test_labels_and_golden_items(folder: Path) -> None:
    """Labels have their chance beside, or that of the old policy; golden items what is right."""
    labels = [
        {"id": f"i{n}", "action": "remove" if n % 3 else "publish", "inclusion_probability": 0.1}
        for n in range(0, 2_000, 5)
    ]
    write(folder / "labels.jsonl", *labels)
    write(folder / "golden.jsonl", {"id": "g", "text": "", "score.hate": 0.95, "action": "publish"})
    found = record(
        backtest(
            folder,
            *("looser", "--labels", "labels.jsonl", "--golden", "golden.jsonl"),
            *("--format", "json"),
        )
    )
    assert found["labels"] == 400
    assert found["figures"]["error"]["state"] == "known"
    assert found["figures"]["error"]["naive_change"] is not None
    assert [each["id"] for each in found["golden_regressions"]] == ["g"]


def test_csv_and_days(folder: Path) -> None:
    """Items of a table; without dates nothing is told by day unless somebody says how many."""
    rows = "\n".join(f"c{n},hello,{n % 100 / 100}" for n in range(300))
    (folder / "items.csv").write_text(f"id,text,score.hate\n{rows}\n", encoding="utf-8")
    found = record(backtest(folder, "looser", "--items", "items.csv", "--format", "json"))
    assert found["changed"] == 3 * 7
    assert found["figures"]["cost_per_day"]["state"] == "insufficient_data"
    told = record(
        backtest(folder, "looser", "--items", "items.csv", "--format", "json", "--days", "2")
    )
    assert told["figures"]["cost_per_day"]["state"] == "known"


def started(folder: Path, items: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    """The program as a person starts it."""
    words = ["backtest", str(folder / "counting"), "--against", str(folder / "old")]
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "queues.cli", *words, "--items", str(items), *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_processes_change_nothing_and_an_interruption_keeps_nothing(folder: Path) -> None:
    """Two processes write the bytes that one writes; Ctrl-C ends both without a traceback."""
    many = folder / "many.jsonl"
    many.write_bytes((folder / "items.jsonl").read_bytes() * 3)
    arguments = ("--now", NOW, "--format", "json")
    alone = backtest(folder, "counting", "--items", "many.jsonl", "--processes", "1", *arguments)
    both = backtest(folder, "counting", "--items", "many.jsonl", "--processes", "2", *arguments)
    assert both.stdout_bytes == alone.stdout_bytes
    assert record(alone)["items"] == 6_000
    with many.open("ab") as longer:
        for _ in range(40):
            longer.write((folder / "items.jsonl").read_bytes())
    with started(folder, many, "--processes", "2", "--out", "report.txt") as running:
        children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
        while running.poll() is None and len(children.read_text().split()) < 3:
            pass  # two that judge, and the one that looks after what they share
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=60)
        assert running.returncode == 130
    assert b"Traceback" not in errors
    assert b"nothing was kept" in errors
    assert not (folder / "report.txt").exists()
