"""One text field scanned for everything its probes look for, in as few passes as its lanes need."""

import re
from collections.abc import Iterator, Mapping, Sequence

from engine.rules.automaton import Automaton, compiled, compiled_patterns, revive
from engine.rules.filters import LOOSE, Lane
from engine.rules.tables import Tables
from engine.text.accents import without_accents
from engine.text.classes import ASCII_CLASSES, collapse, filter_key
from engine.text.folding import plain
from engine.text.letters import LEET_SIGNS
from engine.text.spelled_out import may_be_spelled_out, spelled_out
from engine.text.words import ASCII_PLAIN, ASCII_WORDS, BREAK, signed_lane, word_lane

#: Characters from which on a pattern looks around the places of its literal only.
LONG_TEXT = 1_000
_REPEATS = re.compile(rb"(.)\1+", re.DOTALL)
_ASCII_SIGN = re.compile("[" + re.escape(LEET_SIGNS) + "]")
#: Classes of letters and digits; everything else, leet signs too, has become a space.
_CLASSES = ASCII_WORDS.translate(ASCII_CLASSES)
#: Classes of letters, digits and leet signs.
_CLASSES_SIGNED = bytes(
    ASCII_CLASSES[code] if ASCII_WORDS[code] != ord(" ") or chr(code) in LEET_SIGNS else ord(" ")
    for code in range(128)
) + bytes(range(128, 256))
#: Lower case and words only, in one step: enough where no literal spans a space.
_ASCII_PLAIN_WORDS = ASCII_PLAIN.translate(ASCII_WORDS)
#: Between pieces that have nothing to do with one another; in no literal.
_BREAK = bytes((ord(" "), BREAK, ord(" ")))


class FieldScanner:
    """The automata of one text field."""

    def __init__(
        self,
        field: str,
        automata: Mapping[str, Automaton],
        *,
        phrase: int,
        phrases: bool,
        patterns: Sequence[int],
    ) -> None:
        self.field = field
        self._automata = automata
        self._words = automata.get(Lane.WORDS)
        self._signs = automata.get(Lane.SIGNS)
        self._exact = automata.get(Lane.EXACT)
        self._patterns = automata.get(Lane.PATTERNS)
        self._tolerant = automata.get(Lane.TOLERANT)
        self._squeezed = automata.get(Lane.SQUEEZED)
        self._loose = automata.get(LOOSE)
        single = automata.keys() == {Lane.WORDS} and not phrases
        self._words_alone = self._words if single else None
        self._other_lanes = any(lane != Lane.WORDS for lane in automata)
        self._every_pattern = list(patterns)
        self._phrase = phrase
        """How many words the longest tolerant phrase has, less one."""

    def dump(self) -> dict[str, bytes]:
        """The automata by field and lane, to be stored."""
        return {f"{self.field} {lane}": found.dump() for lane, found in self._automata.items()}

    def scan(self, text: str) -> list[int]:
        """The events of a text."""
        words_alone = self._words_alone
        if words_alone is not None and text.isascii():
            return words_alone.scan(f" {text} ".encode().translate(_ASCII_PLAIN_WORDS))
        folded, words = lanes_of(text)
        found = self._words.scan(b" " + words + b" ") if self._words is not None else []
        if self._other_lanes:
            found += self._scan_other_lanes(text, folded)
        return found

    def places(self, text: str) -> dict[int, list[int]]:
        """Where the words of a long text ended, in characters of its plain form."""
        if self._words is None or len(text) < LONG_TEXT:
            return {}
        if not text.isascii():
            return self._foreign_places(plain(text))
        found: dict[int, list[int]] = {}
        for event, end in zip(*self._words.scan_ends(lanes_of(f" {text} ")[1]), strict=True):
            found.setdefault(event, []).append(end)
        return found

    def _foreign_places(self, folded: str) -> dict[int, list[int]]:
        import numpy as np  # noqa: PLC0415 - only long foreign texts need it

        lane = word_lane(folded)
        if len(lane) != len(folded) or self._words is None:  # spaces were put in: places moved
            return {}
        encoded = f" {lane} ".encode()
        starts = np.frombuffer(encoded, dtype=np.uint8) & 0xC0 != 0x80  # noqa: PLR2004 - UTF-8
        chars = np.cumsum(starts)
        found: dict[int, list[int]] = {}
        for event, end in zip(*self._words.scan_ends(encoded), strict=True):
            found.setdefault(event, []).append(int(chars[end - 1]))
        return found

    def scan_many(self, texts: Sequence[str | None], seen: Sequence[set[int]]) -> None:
        """Add the events of many texts, each to its own set; words alone take a single scan."""
        if self._other_lanes:
            for text, events in zip(texts, seen, strict=True):
                if text is not None:
                    events.update(self.scan(text))
            return
        given = [(place, text) for place, text in enumerate(texts) if text is not None]
        plain_ascii = [text.encode() for _, text in given if text.isascii()]
        joined = _BREAK.join(plain_ascii)
        if self._words_alone is not None:
            joined = joined.translate(_ASCII_PLAIN_WORDS)
        else:
            joined = squashed(joined.translate(ASCII_PLAIN)).translate(ASCII_WORDS)
        pieces = [joined] if plain_ascii else []
        pieces += [lanes_of(text)[1] for _, text in given if not text.isascii()]
        places = [place for place, text in given if text.isascii()]
        places += [place for place, text in given if not text.isascii()]
        self._hand_out(_BREAK.join(pieces), places, seen)

    def _hand_out(self, joined: bytes, places: Sequence[int], seen: Sequence[set[int]]) -> None:
        """Scan joined texts and give each its events."""
        import numpy as np  # noqa: PLC0415 - only batches need it

        if self._words is None:
            return
        buffer = b" " + joined + b" "
        events, ends = self._words.scan_ends(buffer)
        if not events:
            return
        breaks = np.flatnonzero(np.frombuffer(buffer, dtype=np.uint8) == BREAK)
        texts = np.searchsorted(breaks, np.asarray(ends), side="left")
        for text, event in zip(texts.tolist(), events, strict=True):
            seen[places[text]].add(event)

    def _scan_other_lanes(self, text: str, folded: bytes) -> list[int]:
        found: list[int] = []
        if self._signs is not None:
            found += self._signs.scan(folded)
        if self._patterns is not None:
            found += self._pattern_events(text, folded)
        if self._exact is not None:
            found += self._exact.scan(f" {word_lane(text)} ".encode("utf-8", "replace"))
        if self._loose is not None:
            found += self._tolerant_events(text, folded)
        return found

    def _pattern_events(self, text: str, folded: bytes) -> list[int]:
        """Patterns are scanned for in ASCII texts; in others each has to look for itself."""
        if self._patterns is None or not text.isascii():
            return self._every_pattern
        return self._patterns.scan(folded)

    def _tolerant_events(self, text: str, folded: bytes) -> list[int]:
        if text.isascii():
            words = _REPEATS.sub(rb"\1", folded.translate(_CLASSES))
        else:
            words = collapse(filter_key(word_lane(folded.decode("utf-8")))).encode("utf-8")
        found = [] if self._tolerant is None else self._tolerant.scan(b" " + words + b" ")
        if self._squeezed is not None:
            found += self._squeezed.scan(squeezed_key(folded))
        plain_text = folded.decode("utf-8")
        pieces = self._near_signs(plain_text)
        if may_be_spelled_out(plain_text):
            bare, _ = without_accents(plain_text)
            pieces += [loose_key(run.letters) for run in spelled_out(bare)]
        if pieces and self._loose is not None:
            found += self._loose.scan(_BREAK.join(pieces))
        return found

    def _near_signs(self, text: str) -> list[bytes]:
        """Words written with signs for letters, with as many neighbours as a phrase may have."""
        if text.isascii() and not _ASCII_SIGN.search(text):
            return []
        words = text.split(" ")
        reach = self._phrase
        ascii_alone = text.isascii()
        return [
            loose_key(" ".join(words[max(0, place - reach) : place + reach + 1]))
            for place, word in enumerate(words)
            if (not ascii_alone or _ASCII_SIGN.search(word))
            and signed_lane(word) != word_lane(word)
        ]


def lanes_of(text: str) -> tuple[bytes, bytes]:
    """The plain folded text and its word lane, both in UTF-8."""
    if text.isascii():
        folded = squashed(text.encode().translate(ASCII_PLAIN))
        return folded, folded.translate(ASCII_WORDS)
    plain_text = plain(text)
    return plain_text.encode("utf-8"), word_lane(plain_text).encode("utf-8")


def squashed(folded: bytes) -> bytes:
    """Runs of spaces as one."""
    while b"  " in folded:
        folded = folded.replace(b"  ", b" ")
    return folded


def loose_key(text: str) -> bytes:
    """The tolerant lane of plain text: classes, accents and repeats dropped, signs as letters."""
    if text.isascii():
        return _REPEATS.sub(rb"\1", text.encode().translate(_CLASSES_SIGNED))
    return collapse(filter_key(signed_lane(text))).encode("utf-8")


def squeezed_key(folded: bytes) -> bytes:
    """The tolerant lane without anything but letters."""
    if folded.isascii():
        return _REPEATS.sub(rb"\1", folded.translate(_CLASSES_SIGNED).replace(b" ", b""))
    key = filter_key(signed_lane(folded.decode("utf-8"))).replace(" ", "")
    return collapse(key).encode("utf-8")


def scanners_of(
    tables: Tables, backend: str, stored: Mapping[str, bytes]
) -> Iterator[FieldScanner]:
    """A scanner for each text field with something to look for; stored automata save compiling."""
    by_field: dict[str, dict[str, Automaton]] = {}
    for name, dump in stored.items():
        field, lane = name.rsplit(" ", 1)
        automaton = revive(backend, dump, patterns=lane == Lane.PATTERNS)
        if automaton is None:
            by_field.clear()
            break
        by_field.setdefault(field, {})[lane] = automaton
    for part in () if by_field else tables.lanes:
        literals = [literal.encode("utf-8") for literal in part.literals]
        make = compiled_patterns if part.lane == Lane.PATTERNS else compiled
        automaton = make(backend, literals, list(part.literals.values()))
        by_field.setdefault(part.field, {})[part.lane] = automaton
    for field, automata in by_field.items():
        words = tables.phrases.get(field, 1)
        yield FieldScanner(
            field,
            automata,
            phrase=words - 1,
            phrases=field in tables.spaced,
            patterns=tables.patterns.get(field, ()),
        )
