"""Challenge suites: files in `challenges/` of the rules, and those that the settings name."""

import gzip
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from engine.errors import InvalidSuite
from engine.learning import Suite, read_suite
from queues.errors import Refused
from queues.learning_settings import Learning
from queues.settings import config_folder

#: Below the folder of the rules; in it a folder for each score, with files of cases.
FOLDER: Final = "challenges"
_ENDINGS: Final = (".jsonl", ".jsonl.gz")


def suites_for(
    scores: Sequence[str], learning: Learning, rules: Path | None
) -> Mapping[str, Sequence[Suite]]:
    """Score → the suites that challenge it.

    Args:
        scores: Of one model.
        learning: Names files.
        rules: The folder of the rules; None: the one beside the configuration.

    Raises:
        InvalidSuite: A file cannot be read, or has mistakes.
        Refused: Two files of a score have one name.
    """
    return {score: _of(score, learning, rules) for score in scores}


def _of(score: str, learning: Learning, rules: Path | None) -> list[Suite]:
    named = [(each.file, each.label or score) for each in learning.suites if each.score == score]
    files = [*((file, score) for file in _found(score, rules)), *named]
    suites = [_read(file, score, label) for file, label in files]
    # The gate tells them apart by name: of two alike it would see one.
    for name, count in Counter(suite.name for suite in suites).items():
        if count > 1:
            raise Refused(name, f"{count} challenge suites are called so; rename a file")
    return suites


def _found(score: str, rules: Path | None) -> list[Path]:
    """The files of a score, by name."""
    if rules is None:
        folder = config_folder()
        if folder is None:
            return []
        rules = folder.parent / "rules"
    files = (rules / FOLDER / score).glob("*")
    return sorted(file for file in files if file.name.endswith(_ENDINGS))


def _read(file: Path, score: str, label: str) -> Suite:
    name = f"{score}/{file.name.partition('.')[0]}"
    try:
        opened = gzip.open if file.suffix == ".gz" else open
        with opened(file, "rt", encoding="utf-8") as lines:
            return read_suite(lines, name=name, label=label)
    except (OSError, UnicodeDecodeError) as problem:
        raise InvalidSuite(str(file), [(1, f"the file cannot be read: {problem}")], 1) from problem
