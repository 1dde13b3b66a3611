"""What `tierwise run` does in a second: reading, judging and writing."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Final

import orjson

from engine.bench.evaluation import NOW
from engine.bench.figures import Figure
from engine.bench.scoring import SIGNAL
from engine.cli.judging import Judging, batches
from engine.cli.loading import load_models
from engine.cli.run import Writer
from engine.cli.streams import form_of, opened, rows
from engine.cli.summary import Summary
from engine.item import Item
from engine.recording import Recorder
from engine.rules.items import ItemReader
from engine.rules.release import Release
from engine.scoring import Scorer

#: Items a second on one core.
AT_LEAST: Final = 25_000.0
_RUNS: Final = 3


def throughput(release: Release, items: Sequence[Item], model: Path | None, folder: Path) -> Figure:
    """How many items of a file are judged in a second, the time to start left out."""
    scorer = load_models([] if model is None else [model])
    size = len(items) // _RUNS
    rates = []
    for run in range(_RUNS):
        path = folder / f"items-{run}.jsonl"
        part = items[run * size : (run + 1) * size]
        path.write_bytes(b"".join(lines_of(part, without=None if model is None else SIGNAL)))
        rates.append(len(part) / _seconds(release, scorer, path, folder / "decisions.jsonl"))
    what = "" if model is None else " and a classifier"
    return Figure(
        name=f"`tierwise run` with {len(release.policy.rules):,} rules{what}, on one core",
        value=sorted(rates)[_RUNS // 2],
        unit="items a second",
        at_least=AT_LEAST,
    )


def _seconds(release: Release, scorer: Scorer | None, source: Path, target: Path) -> float:
    judging = Judging(
        release=release,
        reader=ItemReader(release.policy.vocabulary),
        scorer=scorer,
        counters=None,
        now=NOW,
    )
    recorder = Recorder(release=release, models=scorer.names if scorer else (), with_text=False)
    summary = Summary()
    started = perf_counter()
    with opened(source) as lines, target.open("wb") as decisions:
        writer = Writer(recorder=recorder, decisions=decisions, rejects=None)
        for batch in batches(rows(lines, form_of(source))):
            judged = judging.judge(batch)
            writer.write(judged)
            summary.add(judged.verdicts, judged.rejected)
    taken = perf_counter() - started
    if summary.rejected:
        message = f"{summary.rejected} items of the workload were refused"
        raise ValueError(message)
    return taken


def lines_of(items: Sequence[Item], without: str | None) -> Iterator[bytes]:
    """Items as a platform sends them: names with dots become objects in objects."""
    for item in items:
        raw: dict[str, object] = {"id": item.id}
        for name, value in item.fields.items():
            if name == without:
                continue
            prefix, dot, rest = name.partition(".")
            if dot and prefix != "item":
                inner = raw.setdefault(prefix, {})
                assert isinstance(inner, dict)  # noqa: S101  # as it was just made
                inner[rest] = value
            else:
                raw[rest or name] = value
        yield orjson.dumps(raw, option=orjson.OPT_APPEND_NEWLINE)
