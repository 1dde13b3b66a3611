"""A backtest over a file of items: read in order, judged in processes, flat in memory."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import orjson
import typer

from engine.backtesting.comparing import Comparer, moment_of, with_facts
from engine.backtesting.counters import Replay, stale_counters
from engine.backtesting.entries import Entry, Unreadable, Values
from engine.backtesting.processes import in_processes
from engine.backtesting.sums import Sums
from engine.cli.loading import load_models
from engine.cli.streams import BadLine, Form, Row, form_of, opened, rows
from engine.errors import InvalidItem
from engine.item import Item
from engine.rules.garbage import spare_what_lasts
from engine.rules.items import ItemReader
from engine.rules.release import Release

#: Lines of one part; whatever has fewer is not worth a second process.
PART: Final = 5_000


class Line(NamedTuple):
    """A line of the file on its way to the process that judges it."""

    number: int
    raw: bytes | dict[str, object]
    signals: Values
    counts: tuple[Values, Values]


class Label(NamedTuple):
    """What people decided about an item."""

    action: str
    inclusion: float | None


Part = list[Line | Unreadable]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLog:
    """A file of items, and what is known beside."""

    items: Path
    models: Sequence[Path] = ()
    labels: Mapping[str, Label] = field(default_factory=dict)
    now: float
    """The moment of items without a date, in seconds since 1970."""

    @property
    def form(self) -> Form:
        """How it is written."""
        return form_of(self.items)


def compare_file(
    old: Release,
    new: Release,
    log: FileLog,
    *,
    processes: int,
    progress: Callable[[int], None],
) -> tuple[Sums, tuple[str, ...]]:
    """Compare two policies over a file.

    Args:
        old: The policy that is compared with.
        new: The policy that is tried.
        log: The items.
        processes: That judge.
        progress: Told how many items are done, again and again.

    Returns:
        What was counted, and what a person should know of it.
    """
    total = Sums()
    with TemporaryDirectory(prefix="tierwise-") as folder, opened(log.items) as source:
        feed = _Feed(old, new, log)
        parts = feed.parts(rows(source, log.form))
        ahead = list(islice(parts, 2))
        if len(ahead) < 2:  # noqa: PLR2004  # more than one part is worth it
            processes = 1
        paths = _saved(Path(folder), old, new) if processes > 1 else ()
        worker = _Worker(paths, log, feed.replayed)
        given = (worker,) if paths else (worker, old, new)
        done = 0
        for sums in in_processes(_again(ahead, parts), _make, given, processes):
            total.add(sums)
            done += sums.items + sums.unreadable.total()
            progress(done)
    return total, feed.notes()


def labels_in(path: Path) -> dict[str, Label]:
    """Labels by the id of their item; the last of an item holds.

    A line is an object with `id`, `action` and, where the item was not routed by the old policy,
    `inclusion_probability`; or with `id` and `truth.action`, as samples have it of every item.
    """
    found: dict[str, Label] = {}
    for row, raw in objects_in(path):
        action, truth = raw.get("action"), raw.get("truth")
        identity, inclusion = raw.get("id"), raw.get("inclusion_probability")
        if action is None and isinstance(truth, Mapping):
            # What is true is known of every item, whoever was shown it.
            action, inclusion = truth.get("action"), 1.0
        if not isinstance(identity, str | int) or not isinstance(action, str):
            message = f"{path}, line {row}: a label needs an `id` and an `action`"
            raise typer.BadParameter(message)
        if inclusion is not None and not (
            isinstance(inclusion, int | float) and 0 <= inclusion <= 1
        ):
            message = f"{path}, line {row}: `inclusion_probability` lies between 0 and 1"
            raise typer.BadParameter(message)
        found[str(identity)] = Label(action, inclusion)
    return found


def golden_in(path: Path, now: float) -> list[Entry]:
    """Golden items: as any other, with the right `action` (or `truth.action`) beside."""
    labels = labels_in(path)
    return [
        Entry(
            id=str(raw["id"]),
            moment=now,
            raw={name: value for name, value in raw.items() if name not in ("action", "truth")},
            label=labels[str(raw["id"])].action,
        )
        for _, raw in objects_in(path)
    ]


def objects_in(path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    """Every object of a file, with its line; a bad line ends the command."""
    with opened(path) as source:
        for row in rows(source, form_of(path)):
            if isinstance(row, BadLine):
                message = f"{path}, line {row.number}: {row.error}"
                raise typer.BadParameter(message)
            yield row.number, row.raw


class _Feed:
    """Cuts the file into parts; counters go through here, as they need the order of the file."""

    def __init__(self, old: Release, new: Release, log: FileLog) -> None:
        self._log = log
        self._csv = log.form is Form.CSV
        replays = [Replay(each, stale_counters(each, ())) for each in (old, new)]
        self.replayed = replays[0].names, replays[1].names
        self._replays = replays
        self._counting = any(self.replayed)
        self._readers = [ItemReader(each.policy.vocabulary, cells=self._csv) for each in (old, new)]
        self._scorer = load_models(log.models) if self._counting else None

    def parts(self, found: Iterable[Row | BadLine]) -> Iterator[Part]:
        """Parts of a fixed number of lines."""
        source = iter(found)
        while lines := list(islice(source, PART)):
            signals = self._signals(lines)
            yield [self._line(line, scores) for line, scores in zip(lines, signals, strict=True)]

    def notes(self) -> tuple[str, ...]:
        """What a person should know about counters."""
        late = max(replay.late for replay in self._replays)
        notes = []
        if self._counting:
            notes.append("counters begin empty with the first item of the file")
        if late:
            notes.append(
                f"{late:,} items came more than a day behind later ones, so counters may be too "
                "low; sort the file by time"
            )
        return tuple(notes)

    def _signals(self, lines: Sequence[Row | BadLine]) -> Sequence[Mapping[str, float]]:
        if self._scorer is None:
            return [{}] * len(lines)
        return scores_of(
            [None if isinstance(line, BadLine) else line.raw for line in lines], self._scorer.score
        )

    def _line(self, line: Row | BadLine, signals: Values) -> Line | Unreadable:
        if isinstance(line, BadLine):
            return Unreadable(id=f"line {line.number}", reason=line.error)
        counts: tuple[Values, Values] = ({}, {})
        if self._counting:
            counts = self._counted(line.raw, signals, 0), self._counted(line.raw, signals, 1)
        return Line(line.number, line.raw if self._csv else line.written, signals, counts)

    def _counted(self, raw: dict[str, object], signals: Values, side: int) -> Values:
        replay = self._replays[side]
        if not replay.names:
            return {}
        try:
            item = self._readers[side].read(raw)
        except InvalidItem:
            return {}  # it is told of by whoever judges
        return replay.count(with_facts(item, signals, {}), moment_of(item) or self._log.now)


@dataclass(frozen=True, slots=True)
class _Worker:
    """What a process needs to judge parts of the file."""

    releases: tuple[Path, ...]
    log: FileLog
    replayed: tuple[frozenset[str], frozenset[str]]


def _make(
    worker: _Worker, old: Release | None = None, new: Release | None = None
) -> Callable[[Part], Sums]:
    if old is None or new is None:
        old, new = map(Release.open, worker.releases)
    judge = _Judge(worker, old, new)
    spare_what_lasts(replaced=False)
    return judge.compare


class _Judge:
    """Makes entries of lines, and compares."""

    def __init__(self, worker: _Worker, old: Release, new: Release) -> None:
        log = self._log = worker.log
        self._comparer = Comparer(
            old, new, worker.replayed, cells=log.form is Form.CSV, now=log.now
        )
        scored_before = any(worker.replayed)
        self._scorer = None if scored_before else load_models(worker.log.models)

    def compare(self, part: Part) -> Sums:
        """What the lines of a part come to."""
        raws = [None if isinstance(line, Unreadable) else _raw(line) for line in part]
        scores: Sequence[Values] = (
            [] if self._scorer is None else scores_of(raws, self._scorer.score)
        )
        return self._comparer.compare(
            line
            if isinstance(line, Unreadable)
            else self._entry(line, raw or {}, scores[number] if scores else line.signals)
            for number, (line, raw) in enumerate(zip(part, raws, strict=True))
        )

    def _entry(self, line: Line, raw: dict[str, object], signals: Values) -> Entry:
        identity = str(raw.get("id", f"line {line.number}"))
        label = self._log.labels.get(identity) if self._log.labels else None
        return Entry(
            id=identity,
            moment=None,
            raw=raw,
            signals=signals,
            counts=line.counts,
            inclusion=None if label is None else label.inclusion,
            label=None if label is None else label.action,
        )


def scores_of(
    raws: Sequence[Mapping[str, object] | None],
    score: Callable[[list[Item]], Sequence[Mapping[str, float]]],
) -> Sequence[Mapping[str, float]]:
    """The scores of the texts of raw items; of none where there is no text."""
    items = []
    for raw in raws:
        text = None if raw is None else raw.get("text")
        items.append(Item("", {"text": text} if isinstance(text, str) else {}))
    return score(items)


def _raw(line: Line) -> dict[str, object]:
    if isinstance(line.raw, dict):
        return line.raw
    found: dict[str, object] = orjson.loads(line.raw)
    return found


def _saved(folder: Path, *releases: Release) -> tuple[Path, ...]:
    """Compiled releases as files that processes open."""
    paths = tuple(folder / f"{number}.release" for number in range(len(releases)))
    for path, release in zip(paths, releases, strict=True):
        release.save(path)
    return paths


def _again(ahead: Sequence[Part], rest: Iterator[Part]) -> Iterator[Part]:
    yield from ahead
    yield from rest
