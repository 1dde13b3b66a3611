"""The demo, as a newcomer runs it: everything comes up, and everything is decided to the end."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.functional.processes import PATIENCE, ROOT

_ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
_TIER = re.compile(r"^(auto|single|senior) +([\d,]+) +([\d,]+) +(\d+) ", re.MULTILINE)


def tierwise(folder: Path, *words: object) -> "subprocess.CompletedProcess[str]":
    """Run the program in a folder of its own."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "queues.cli", *map(str, words)],
        cwd=folder,
        env=_ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE * 3,
    )


def test_the_demo_decides_everything(tmp_path: Path) -> None:
    """Both tiers to the end, appeals too; figures are said to be of simulated reviewers."""
    made = tierwise(tmp_path, "sample", "items.jsonl", "--count", "300")
    assert made.returncode == 0, made.stderr
    shown = tierwise(tmp_path, "demo", "items.jsonl", "--rules", ROOT / "rules", "--no-stay")
    assert shown.returncode == 0, shown.stdout + shown.stderr
    said = shown.stdout
    tiers = {
        name: tuple(int(count.replace(",", "")) for count in counts)
        for name, *counts in _TIER.findall(said)
    }
    assert set(tiers) == {"auto", "single", "senior"}
    for items, decided, left in tiers.values():
        assert left == 0
        assert 0 < decided <= items
    assert "cases left" not in said
    assert re.search(r"SIMULATED REVIEWERS cast all \d+ votes", said)
    assert re.search(r"appeals: [1-9]\d* filed, .* 0 open", said)
    assert "insufficient data" in said
    assert "Traceback" not in said + shown.stderr
