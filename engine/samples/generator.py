"""The sample: invented traffic of a small platform, the same for the same seed."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from engine.samples.dice import Dice
from engine.samples.items import Writer
from engine.samples.plan import planned


def generate(count: int, seed: int) -> Iterator[dict[str, object]]:
    """So many items in order of time, as JSON-able objects.

    `truth` says what is right for an item. The platform does not send it; rules never see it.
    """
    writer = Writer(seed)
    for plan in planned(count, Dice(seed, "plan")):
        yield writer.write(plan)


def write_sample(path: Path, count: int, seed: int) -> int:
    """Write items as JSON lines, and return how many."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        return write_lines(file.write, generate(count, seed))


def write_split(first: Path, second: Path, share: float, count: int, seed: int) -> tuple[int, int]:
    """Write the earlier share of the items to one file and the later ones to another.

    Cut by time: what is learnt from the first file is tried on what came after it.
    """
    items = generate(count, seed)
    early = round(count * share)
    with first.open("w", encoding="utf-8", newline="\n") as file:
        written = write_lines(file.write, (next(items) for _ in range(early)))
    with second.open("w", encoding="utf-8", newline="\n") as file:
        return written, write_lines(file.write, items)


def write_lines(write: Callable[[str], object], items: Iterable[Mapping[str, object]]) -> int:
    """Write each item as one line of JSON, and return how many."""
    written = 0
    for item in items:
        write(json.dumps(item, ensure_ascii=False, separators=(",", ":")) + "\n")
        written += 1
    return written
