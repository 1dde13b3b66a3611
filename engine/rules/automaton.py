"""Many literals found in one pass over a text: Hyperscan where it runs, else Aho-Corasick.

Both answer the same questions with the same events. Hyperscan's wheels bundle Vectorscan (BSD).
"""

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import orjson

if TYPE_CHECKING:
    from hyperscan import Database


class Automaton(Protocol):
    """Finds every literal it was made of."""

    def scan(self, text: bytes) -> list[int]:
        """The events of the literals found, in any order, perhaps repeated."""
        ...

    def scan_ends(self, text: bytes) -> tuple[list[int], list[int]]:
        """Events, and beside them where in the text each ended."""
        ...

    def dump(self) -> bytes:
        """The compiled automaton, or nothing where compiling again is as fast."""
        ...


class HyperscanAutomaton:
    """Hyperscan over pure literals; scratch space per thread, as the library asks."""

    def __init__(self, database: "Database") -> None:
        import hyperscan  # noqa: PLC0415 - 20 ms that only evaluation should pay for

        self._hyperscan = hyperscan
        self._database = database
        self._local = threading.local()

    @classmethod
    def of(cls, literals: Sequence[bytes], events: Sequence[int]) -> "HyperscanAutomaton":
        """Compile literals."""
        import hyperscan  # noqa: PLC0415 - see above

        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        database.compile(
            expressions=list(literals),
            ids=list(events),
            elements=len(literals),
            flags=[0] * len(literals),
            literal=True,
        )
        return cls(database)

    def scan(self, text: bytes) -> list[int]:
        """The events of the literals found."""
        found: list[int] = []
        try:
            scratch = self._local.scratch
        except AttributeError:
            scratch = self._local.scratch = self._hyperscan.Scratch(self._database)
        self._database.scan(text, _keep_event, 0, found, scratch)
        return found

    def scan_ends(self, text: bytes) -> tuple[list[int], list[int]]:
        """Events and their ends."""
        found: list[tuple[int, int]] = []
        try:
            scratch = self._local.scratch
        except AttributeError:
            scratch = self._local.scratch = self._hyperscan.Scratch(self._database)
        self._database.scan(text, _keep_event_and_end, 0, found, scratch)
        return [event for event, _ in found], [end for _, end in found]

    def dump(self) -> bytes:
        """The serialised database."""
        return bytes(self._hyperscan.dumpb(self._database))


def _keep_event(event: int, _start: int, _end: int, _flags: int, found: object) -> None:
    found.append(event)  # type: ignore[attr-defined]  # the list given to `scan`


def _keep_event_and_end(event: int, _start: int, end: int, _flags: int, found: object) -> None:
    found.append((event, end))  # type: ignore[attr-defined]  # the list given to `scan`


class PatternsAutomaton:
    """Hyperscan over regular expressions; what it cannot hold is always announced."""

    def __init__(self, held: HyperscanAutomaton | None, always: Sequence[int]) -> None:
        self._held = held
        self._always = list(always)

    @classmethod
    def of(cls, sources: Sequence[bytes], events: Sequence[int]) -> "PatternsAutomaton":
        """Compile patterns, in the syntax RE2 and Hyperscan share."""
        pairs = list(zip(sources, events, strict=True))
        taken = [pair for pair in pairs if _patterns_database([pair]) is not None]
        database = _patterns_database(taken)
        if database is None:
            return cls(None, events)
        held = {event for _, event in taken}
        return cls(HyperscanAutomaton(database), [each for each in events if each not in held])

    def scan(self, text: bytes) -> list[int]:
        """The events of the patterns found, and of those that have to look for themselves."""
        return self._always + (self._held.scan(text) if self._held is not None else [])

    def scan_ends(self, text: bytes) -> tuple[list[int], list[int]]:
        """The same: any of them may end anywhere."""
        events = self.scan(text)
        return events, [len(text)] * len(events)

    def dump(self) -> bytes:
        """The serialised database behind the events that are always announced."""
        held = b"" if self._held is None else self._held.dump()
        return orjson.dumps(self._always) + b"\n" + held


def _patterns_database(pairs: Sequence[tuple[bytes, int]]) -> "Database | None":
    import hyperscan  # noqa: PLC0415 - see above

    if not pairs:
        return None
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    flags = hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_SINGLEMATCH
    try:
        database.compile(
            expressions=[source for source, _ in pairs],
            ids=[event for _, event in pairs],
            elements=len(pairs),
            flags=[flags] * len(pairs),
        )
    except hyperscan.HyperscanError:
        return None
    return database


class AhoCorasickAutomaton:
    """The fallback for platforms without Hyperscan; works on text decoded byte by byte."""

    def __init__(self, literals: Sequence[bytes], events: Sequence[int]) -> None:
        import ahocorasick  # noqa: PLC0415 - only loaded where it is used

        self._automaton = ahocorasick.Automaton()
        for literal, event in zip(literals, events, strict=True):
            self._automaton.add_word(literal.decode("latin-1"), event)
        self._automaton.make_automaton()

    def scan(self, text: bytes) -> list[int]:
        """The events of the literals found."""
        return [event for _, event in self._automaton.iter(text.decode("latin-1"))]

    def scan_ends(self, text: bytes) -> tuple[list[int], list[int]]:
        """Events and their ends."""
        found = list(self._automaton.iter(text.decode("latin-1")))
        return [event for _, event in found], [end + 1 for end, _ in found]

    def dump(self) -> bytes:
        """Nothing: building it again is as fast as reading it."""
        return b""


HYPERSCAN = "hyperscan"
AHO_CORASICK = "ahocorasick"


def best_backend() -> str:
    """Hyperscan where its wheel is installed."""
    try:
        import hyperscan  # noqa: F401, PLC0415 - only asking whether it is there
    except ImportError:
        return AHO_CORASICK
    return HYPERSCAN


def compiled(backend: str, literals: Sequence[bytes], events: Sequence[int]) -> Automaton:
    """An automaton of distinct literals, each with its event."""
    if backend == HYPERSCAN:
        return HyperscanAutomaton.of(literals, events)
    return AhoCorasickAutomaton(literals, events)


def compiled_patterns(backend: str, sources: Sequence[bytes], events: Sequence[int]) -> Automaton:
    """A filter for patterns that must contain no literal."""
    if backend == HYPERSCAN:
        return PatternsAutomaton.of(sources, events)
    return PatternsAutomaton(None, events)


def revive(backend: str, stored: bytes, *, patterns: bool = False) -> Automaton | None:
    """An automaton from its dump; None where it was made elsewhere and has to be compiled again."""
    if backend != HYPERSCAN or not stored:
        return None
    import hyperscan  # noqa: PLC0415 - see above

    always, _, database = stored.partition(b"\n") if patterns else (b"", b"", stored)
    try:
        found = hyperscan.loadb(database, hyperscan.HS_MODE_BLOCK) if database else None
    except hyperscan.HyperscanError:
        return None
    automaton = None if found is None else HyperscanAutomaton(found)
    return PatternsAutomaton(automaton, orjson.loads(always)) if patterns else automaton
