"""What comes before judging: reading and looking over rule files, compiling, storing, opening."""

import gc
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from engine.bench.descriptions import Description
from engine.bench.evaluation import NOW
from engine.bench.figures import Figure
from engine.bench.measure import seconds
from engine.bench.policies import files_of
from engine.diagnostics import Level
from engine.rules import lints
from engine.rules.model import Policy
from engine.rules.reading import read_folder
from engine.rules.release import Release

#: Seconds by number of rules.
COMPILED: Final[Mapping[int, float]] = {10_000: 5.0}
OPENED: Final[Mapping[int, float]] = {10_000: 0.1}
LINTED: Final[Mapping[int, float]] = {10_000: 5.0}


def storage(policy: Policy, path: Path) -> Iterator[Figure]:
    """Compiling a policy, writing it to a file, and starting from there."""
    count = len(policy.rules)
    rules = f"{count:,} rules"
    made: list[Release] = []
    yield Figure(
        name=f"{rules} compiled",
        value=seconds(lambda: made.append(Release.of(policy)), runs=1),
        unit="s",
        at_most=COMPILED.get(count),
    )
    yield Figure(name=f"{rules} stored", value=seconds(lambda: made[0].save(path)), unit="s")
    size = path.stat().st_size / 1e6
    yield Figure(
        name=f"{rules} loaded from the compiled file",
        value=seconds(lambda: Release.open(path), runs=7),
        unit="s",
        at_most=OPENED.get(count),
        note=f"{size:.1f} MB",
    )


def lint(rules: Sequence[Description], folder: Path) -> Figure:
    """Reading a folder of rules and looking for everything a lint can find, as the command does."""
    for name, written in files_of(rules):
        (folder / name).write_text(written, encoding="utf-8")
    gc.disable()
    found: list[int] = []
    try:
        taken = seconds(lambda: found.append(_findings(folder)), runs=1)
    finally:
        gc.enable()
    return Figure(
        name=f"lint of a folder of {len(rules):,} rules",
        value=taken,
        unit="s",
        at_most=LINTED.get(len(rules)),
        note=f"{found[0]:,} findings",
    )


def _findings(folder: Path) -> int:
    policy, diagnostics = read_folder([folder])
    errors = [each for each in diagnostics if each.level is Level.ERROR]
    if policy is None or errors:
        message = f"the rules of the workload have mistakes: {errors[:3]}"
        raise ValueError(message)
    return len(diagnostics) + len(lints.check(policy, now=NOW))
