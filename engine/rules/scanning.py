"""One text field scanned for everything its probes look for, in as few passes as its lanes need."""

from collections.abc import Iterator, Mapping, Sequence

from engine.rules.automaton import Automaton, compiled, compiled_patterns, revive
from engine.rules.bundle import FEWEST, Bundle, bundles, texts_at
from engine.rules.filters import LOOSE, Lane
from engine.rules.lanes import (
    PIECES,
    exact_lane,
    lanes_of,
    loose_lane,
    spelled_out_pieces,
    squeezed_lane,
    tolerant_lane,
)
from engine.rules.tables import Tables
from engine.text.folding import plain
from engine.text.words import ASCII_PLAIN, ASCII_WORDS, word_lane

#: Characters from which on a pattern looks around the places of its literal only.
LONG_TEXT = 1_000
#: Lower case and words only, in one step: enough where no literal spans a space.
_ASCII_PLAIN_WORDS = ASCII_PLAIN.translate(ASCII_WORDS)


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
        """Add the events of many texts, each to its own set; ASCII texts are scanned together."""
        together: list[int] = []
        for place, text in enumerate(texts):
            if text is not None:
                if text.isascii():
                    together.append(place)
                else:
                    seen[place].update(self.scan(text))
        given: list[str] = [text or "" for text in texts]
        if len(together) < FEWEST:
            for place in together:
                seen[place].update(self.scan(given[place]))
            return
        for places, bundle in bundles(given, together):
            self._scan_bundle(bundle, [seen[place] for place in places])

    def _scan_bundle(self, bundle: Bundle, seen: Sequence[set[int]]) -> None:
        for automaton, lane in self._lanes_of_bundle(bundle):
            events, ends = automaton.scan_ends(lane)
            if events:
                for text, event in zip(texts_at(lane, ends), events, strict=True):
                    seen[text].add(event)
        if self._patterns is not None:
            for folded, found in zip(bundle.each_folded(), seen, strict=True):
                found.update(self._patterns.scan(folded))
        if self._loose is not None:
            folded_texts = bundle.each_folded()
            for text in bundle.spelled_out():
                pieces = spelled_out_pieces(folded_texts[text].decode())
                seen[text].update(self._loose.scan(PIECES.join(pieces)))

    def _lanes_of_bundle(self, bundle: Bundle) -> Iterator[tuple[Automaton, bytes]]:
        """What is scanned as a whole, and for what."""
        if self._words_alone is not None:
            yield self._words_alone, bundle.bare_words
            return
        if self._words is not None:
            yield self._words, bundle.words
        if self._signs is not None:
            yield self._signs, bundle.folded
        if self._exact is not None:
            yield self._exact, bundle.exact
        if self._tolerant is not None:
            yield self._tolerant, bundle.tolerant
        if self._squeezed is not None:
            yield self._squeezed, bundle.squeezed
        if self._loose is not None:
            yield self._loose, bundle.near_signs(self._phrase)

    def _scan_other_lanes(self, text: str, folded: bytes) -> list[int]:
        found: list[int] = []
        if self._signs is not None:
            found += self._signs.scan(folded)
        if self._patterns is not None:
            found += self._pattern_events(text, folded)
        if self._exact is not None:
            found += self._exact.scan(b" " + exact_lane(text) + b" ")
        if self._tolerant is not None:
            found += self._tolerant.scan(b" " + tolerant_lane(folded) + b" ")
        if self._squeezed is not None:
            found += self._squeezed.scan(squeezed_lane(folded))
        if self._loose is not None and (pieces := loose_lane(folded, self._phrase)):
            found += self._loose.scan(pieces)
        return found

    def _pattern_events(self, text: str, folded: bytes) -> list[int]:
        """Patterns are scanned for in ASCII texts; in others each has to look for itself."""
        if self._patterns is None or not text.isascii():
            return self._every_pattern
        return self._patterns.scan(folded)


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
