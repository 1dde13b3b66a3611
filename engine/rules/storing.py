"""A release as one file, from which a worker starts in milliseconds.

A first line names format and checksum, a second one says where each section lies. Rules, lists and
probes stay bytes until somebody asks for them, and then only the one asked for is decoded.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar, cast

import orjson

from engine.errors import InvalidRelease
from engine.item import Value
from engine.rules.codec import decode, encode
from engine.rules.model import (
    Condition,
    Counter,
    Exemption,
    Message,
    Points,
    Policy,
    PolicyList,
    Rule,
    Story,
)
from engine.rules.tables import Lane, Members, Tables
from engine.rules.targets import Target
from engine.rules.thresholds import FieldCells

if TYPE_CHECKING:
    from engine.rules.vocabulary import Vocabulary

_FORMAT = "tierwise-release 1"
_T = TypeVar("_T")
#: name, default, numeric?, points, [name, cell] pairs, how many masks, bytes of a mask
_CellsIndex = tuple[str, object, bool, list[float], list[tuple[Value, int]], int, int]

#: Parts of a policy by name, decoded one by one.
_PARTS = ("rules", "lists", "conditions", "counters", "points", "exemptions", "messages")


class _LateMapping(Mapping[str, _T], Generic[_T]):
    """Names to values that are decoded when they are first asked for."""

    def __init__(self, names: Sequence[str], stored: "_LateSequence[_T]") -> None:
        self._places = {name: place for place, name in enumerate(names)}
        self._stored = stored

    def __getitem__(self, name: str) -> _T:
        return self._stored[self._places[name]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class _LateSequence(Sequence[_T], Generic[_T]):
    """Values that are decoded when they are first asked for."""

    def __init__(self, stored: bytes, lengths: Sequence[int]) -> None:
        self._stored = stored
        self._ends = list(accumulate(lengths, initial=0))
        self._made: dict[int, _T] = {}

    def __getitem__(self, place: int) -> _T:  # type: ignore[override]  # single values only
        value = self._made.get(place)
        if value is None:
            piece = self._stored[self._ends[place] : self._ends[place + 1]]
            value = self._made[place] = cast("_T", decode(piece))
        return value

    def __len__(self) -> int:
        return len(self._ends) - 1


def store(path: Path, policy: Policy, tables: Tables, automata: Mapping[str, bytes]) -> None:
    """Write a release; `automata` are the dumps of the scanners, by field and lane."""
    sections: dict[str, bytes] = {f"automaton {name}": dump for name, dump in automata.items()}
    index: dict[str, object] = {"hash": policy.source_hash, "documents": policy.documents}
    for part in _PARTS:
        values: Mapping[str, object] = getattr(policy, part)
        pieces = [encode(value) for value in values.values()]
        sections[part] = b"".join(pieces)
        index[part] = [list(values), list(map(len, pieces))]
    sections["vocabulary"] = encode(policy.vocabulary)
    sections["tests"] = encode((policy.fixtures, policy.stories))
    probes = list(map(encode, tables.probe_targets))
    sections["probes"] = b"".join(probes)
    index["probes"] = [tables.probe_fields, list(map(len, probes))]
    sections["lanes"] = orjson.dumps(
        [[lane.field, lane.lane, lane.literals] for lane in tables.lanes]
    )
    sections["masks"], index["cells"] = _masks(tables)
    sections["tables"] = orjson.dumps(_plain_tables(tables))
    index["sections"] = {name: len(section) for name, section in sections.items()}
    body = orjson.dumps(index) + b"\n" + b"".join(sections.values())
    head = f"{_FORMAT} {sha256(body).hexdigest()}\n".encode()
    temporary = path.with_suffix(path.suffix + ".part")
    temporary.write_bytes(head + body)
    temporary.replace(path)


def fetch(path: Path) -> tuple[Policy, Tables, Mapping[str, bytes]]:
    """Read what `store` wrote; raises InvalidRelease if a byte of it is not as it was."""
    try:
        head, _, body = path.read_bytes().partition(b"\n")
    except OSError as error:
        raise InvalidRelease(str(path), f"it cannot be read ({error.strerror})") from error
    if head != f"{_FORMAT} {sha256(body).hexdigest()}".encode():
        reason = "it is no release, of another version, or damaged"
        raise InvalidRelease(str(path), f"{reason}; compile the rules again")
    first, _, rest = body.partition(b"\n")
    index = orjson.loads(first)
    sections: dict[str, bytes] = {}
    start = 0
    for name, length in index["sections"].items():
        sections[name] = rest[start : start + length]
        start += length
    automata = {
        name.removeprefix("automaton "): section
        for name, section in sections.items()
        if name.startswith("automaton ")
    }
    return _policy(index, sections), _tables(index, sections), automata


def _policy(index: Mapping[str, object], sections: Mapping[str, bytes]) -> Policy:
    def part(name: str) -> _LateMapping[object]:
        names, lengths = cast("tuple[list[str], list[int]]", index[name])
        return _LateMapping(names, _LateSequence[object](sections[name], lengths))

    fixtures, stories = cast("tuple[object, object]", decode(sections["tests"]))
    return Policy(
        vocabulary=cast("Vocabulary", decode(sections["vocabulary"])),
        rules=cast("Mapping[str, Rule]", part("rules")),
        lists=cast("Mapping[str, PolicyList]", part("lists")),
        conditions=cast("Mapping[str, Condition]", part("conditions")),
        counters=cast("Mapping[str, Counter]", part("counters")),
        points=cast("Mapping[str, Points]", part("points")),
        exemptions=cast("Mapping[str, Exemption]", part("exemptions")),
        messages=cast("Mapping[str, Message]", part("messages")),
        fixtures=cast("Mapping[str, Mapping[str, Value | None]]", fixtures),
        stories=cast("tuple[Story, ...]", stories),
        documents=cast("int", index["documents"]),
        source_hash=str(index["hash"]),
    )


def _plain_tables(tables: Tables) -> dict[str, object]:
    return {
        "subjects": tables.subjects,
        "rules": tables.rules,
        "plain": tables.plain,
        "after": tables.after,
        "phrases": tables.phrases,
        "spaced": tables.spaced,
        "patterns": tables.patterns,
        "members": [[part.field, part.covers, part.events] for part in tables.members],
        "signals": tables.signals,
        "blind": tables.blind,
        "clauses": tables.clauses,
        "probe_keys": tables.probe_keys,
        "signs": [[number, *signs] for number, signs in tables.signs.items()],
        "words": [[number, events] for number, events in tables.words.items()],
        "besides": [[number, sets] for number, sets in tables.besides.items()],
        "watched": [[number, fields] for number, fields in tables.watched.items()],
    }


def _tables(index: Mapping[str, object], sections: Mapping[str, bytes]) -> Tables:
    plain = orjson.loads(sections["tables"])
    fields, lengths = cast("tuple[list[str], list[int]]", index["probes"])
    targets = _LateSequence[Target](sections["probes"], lengths)
    return Tables(
        subjects=plain["subjects"],
        rules=plain["rules"],
        plain=plain["plain"],
        after=plain["after"],
        lanes=_LateLanes(sections["lanes"]),
        phrases=plain["phrases"],
        spaced=plain["spaced"],
        patterns=plain["patterns"],
        members=[
            Members(field=field, covers=covers, events=events)
            for field, covers, events in plain["members"]
        ],
        signals=plain["signals"],
        blind=plain["blind"],
        cells=list(_cells(cast("list[_CellsIndex]", index["cells"]), sections["masks"])),
        clauses=plain["clauses"],
        probe_fields=fields,
        probe_targets=targets,
        probe_keys=plain["probe_keys"],
        signs={number: (events, sure) for number, events, sure in plain["signs"]},
        words=dict(plain["words"]),
        besides=dict(plain["besides"]),
        watched=dict(plain["watched"]),
    )


class _LateLanes(Sequence[Lane]):
    """Literals, decoded only where the stored automata do not fit this machine."""

    def __init__(self, stored: bytes) -> None:
        self._stored = stored
        self._lanes: list[Lane] | None = None

    def _all(self) -> list[Lane]:
        if self._lanes is None:
            self._lanes = [
                Lane(field=field, lane=lane, literals=literals)
                for field, lane, literals in orjson.loads(self._stored)
            ]
        return self._lanes

    def __getitem__(self, place: int) -> Lane:  # type: ignore[override]  # single lanes only
        return self._all()[place]

    def __len__(self) -> int:
        return len(self._all())


def _masks(tables: Tables) -> tuple[bytes, list[object]]:
    """All masks in a row, and for each field what its cells are."""
    width = (len(tables.clauses) + 7) // 8
    pieces: list[bytes] = []
    index: list[object] = []
    for cells in tables.cells:
        masks = [*cells.masks, cells.unknown, cells.not_applicable]
        pieces += [mask.to_bytes(width, "little") for mask in masks]
        names = [[name, place] for name, place in cells.names.items()]
        index.append(
            [
                cells.name,
                _plain_value(cells.default),
                cells.numeric,
                cells.points,
                names,
                len(cells.masks),
                width,
            ]
        )
    return b"".join(pieces), index


def _cells(index: Sequence[_CellsIndex], stored: bytes) -> Iterator[FieldCells]:
    start = 0
    for name, default, numeric, points, names, count, width in index:
        masks = []
        for _ in range(count + 2):
            masks.append(int.from_bytes(stored[start : start + width], "little"))
            start += width
        yield FieldCells(
            name=name,
            default=_rich_value(default),
            numeric=numeric,
            points=points,
            names=dict(names),
            masks=masks[:-2],
            unknown=masks[-2],
            not_applicable=masks[-1],
        )


def _plain_value(value: Value | None) -> object:
    return {"set": sorted(value)} if isinstance(value, frozenset) else value


def _rich_value(value: object) -> Value | None:
    return frozenset(value["set"]) if isinstance(value, dict) else cast("Value | None", value)
