"""What comes before judging: reading, looking over and comparing rules, compiling, opening."""

import gc
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from engine.bench.descriptions import AtLeast, Description, Every
from engine.bench.evaluation import NOW
from engine.bench.figures import Figure
from engine.bench.measure import seconds
from engine.bench.policies import files_of
from engine.bench.workload import SCORES
from engine.diagnostics import Level
from engine.diffing import compare
from engine.diffing.layouts import as_text
from engine.rules import lints
from engine.rules.model import Policy
from engine.rules.reading import read_folder
from engine.rules.release import Release

#: Seconds by number of rules.
COMPILED: Final[Mapping[int, float]] = {10_000: 5.0}
OPENED: Final[Mapping[int, float]] = {10_000: 0.1}
LINTED: Final[Mapping[int, float]] = {10_000: 5.0}
COMPARED: Final[Mapping[int, float]] = {10_000: 5.0}
#: Of these rules one is edited.
_ONE_IN: Final = 10


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


def semantic_diff(rules: Sequence[Description], folder: Path, other: Path) -> Figure:
    """Two folders read, compared and put into words, as the command does.

    The first is there already. In the second every tenth rule asks for more, and all files have
    other names.
    """
    for name, written in files_of(_edited(rules)):
        (other / f"moved-{name}").write_text(written, encoding="utf-8")
    gc.disable()
    found: list[int] = []
    try:
        taken = seconds(lambda: found.append(_differing(folder, other)), runs=1)
    finally:
        gc.enable()
    return Figure(
        name=f"semantic diff of two {len(rules):,}-rule releases",
        value=taken,
        unit="s",
        at_most=COMPARED.get(len(rules)),
        note=f"both read, {found[0]:,} rules differ",
    )


def _edited(rules: Sequence[Description]) -> list[Description]:
    more = AtLeast(field=SCORES[0], number=0.5)
    return [
        replace(rule, condition=Every(parts=(rule.condition, more)))
        if place % _ONE_IN == 0
        else rule
        for place, rule in enumerate(rules)
    ]


def _differing(folder: Path, other: Path) -> int:
    """How many rules differ; that none, or all, do would be a fast answer and a wrong one."""
    old, new = read_folder([folder])[0], read_folder([other])[0]
    if old is None or new is None:
        message = "the rules of the workload have mistakes"
        raise ValueError(message)
    difference = compare(old, new)
    lines = list(as_text(difference, "old", "new"))
    if len(lines) <= len(difference.rules):
        message = "a rule that differs is not told"
        raise ValueError(message)
    return len(difference.rules)


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
