"""Many ASCII texts side by side in one buffer, so that each lane of all of them is made at once."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from engine.rules.lanes import ASCII_SIGNS, CLASSES, CLASSES_SIGNED, PIECES
from engine.text.words import ASCII_PLAIN, ASCII_WORDS, BREAK

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Places = NDArray[np.intp]

#: Fewer texts than these are made and scanned faster one by one.
FEWEST = 10
#: Characters of one bundle; a longer text is a bundle of its own.
MOST_CHARACTERS = 100_000

_SPACE = ord(" ")
_BREAK = bytes((BREAK,))
#: From a letter of a spelled-out word to the next: three characters between them at the most.
_WIDEST_STEP = 4
#: Stands for what is left out between the pieces of a text; in no literal, and no break.
_GAP = 0xFE
_SIGNS = bytes(code in ASCII_SIGNS for code in range(256))
_PLAIN_WORDS = ASCII_PLAIN.translate(ASCII_WORDS)


def bundles(texts: Sequence[str], places: Iterable[int]) -> Iterator[tuple[list[int], "Bundle"]]:
    """The texts at some places, in bundles of a size that is good for the memory."""
    bundle: list[int] = []
    length = 0
    for place in places:
        if bundle and length + len(texts[place]) > MOST_CHARACTERS:
            yield bundle, Bundle([texts[each] for each in bundle])
            bundle, length = [], 0
        bundle.append(place)
        length += len(texts[place])
    if bundle:
        yield bundle, Bundle([texts[each] for each in bundle])


class Bundle:
    """The lanes of several ASCII texts, with a break after each text but the last."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._written = _BREAK.join([text.encode() for text in texts])

    @cached_property
    def bare_words(self) -> bytes:
        """The word lane where no literal spans a space."""
        return _apart(self._written.translate(_PLAIN_WORDS))

    @cached_property
    def words(self) -> bytes:
        """The word lane."""
        return self.folded.translate(ASCII_WORDS)

    @cached_property
    def folded(self) -> bytes:
        """Plain folded, a space at both ends of each text."""
        return _apart(self._squashed)

    @property
    def exact(self) -> bytes:
        """The word lane as written."""
        return _apart(self._written.translate(ASCII_WORDS))

    @property
    def tolerant(self) -> bytes:
        """Classes of words, repeats dropped."""
        return _collapsed(self.folded.translate(CLASSES))

    @property
    def squeezed(self) -> bytes:
        """Classes of letters and signs, repeats dropped."""
        return _collapsed(self._squashed.translate(CLASSES_SIGNED).replace(b" ", b""))

    def each_folded(self) -> list[bytes]:
        """Each text by itself, plain folded."""
        return self._squashed.split(_BREAK)

    def near_signs(self, reach: int) -> bytes:
        """Classes around the words written with signs for letters, so many words to each side."""
        import numpy as np  # noqa: PLC0415 - only batches need it

        signs = np.flatnonzero(np.frombuffer(self.folded.translate(_SIGNS), dtype=bool))
        if not signs.size:
            return b""
        outside = np.ones(len(self.folded), dtype=bool)
        for start, end in self._stretches(signs, reach):
            outside[start:end] = False
        key = np.frombuffer(self.folded.translate(CLASSES_SIGNED), dtype=np.uint8).copy()
        key[outside & (key != BREAK)] = _GAP
        return _collapsed(key.tobytes())

    def spelled_out(self) -> set[int]:
        """The texts in which a word may be spelled out: three letters, equally far apart."""
        import numpy as np  # noqa: PLC0415 - only batches need it

        codes = np.frombuffer(self.words, dtype=np.uint8)
        letters = (codes != _SPACE) & (codes != BREAK)
        alone = np.flatnonzero(letters[1:-1] & ~letters[:-2] & ~letters[2:]) + 1
        steps = np.diff(alone)
        even = (steps[1:] == steps[:-1]) & (steps[1:] <= _WIDEST_STEP)
        return set(texts_at(self.words, alone[:-2][even]))

    @cached_property
    def _squashed(self) -> bytes:
        return _collapsed(self._written.translate(ASCII_PLAIN), spaces_only=True)

    def _stretches(self, signs: "Places", reach: int) -> Iterator[tuple[int, int]]:
        """The words around each sign, from a space to a space, their text not left."""
        import numpy as np  # noqa: PLC0415 - only batches need it

        buffer = np.frombuffer(self.folded, dtype=np.uint8)
        spaces = np.flatnonzero(buffer == _SPACE)
        breaks = np.concatenate(([0], np.flatnonzero(buffer == BREAK), [len(buffer)]))
        after = np.searchsorted(spaces, signs)
        firsts = spaces[np.maximum(after - 1 - reach, 0)]
        lasts = spaces[np.minimum(after + reach, len(spaces) - 1)]
        texts = np.searchsorted(breaks, signs)
        starts = np.maximum(firsts, breaks[texts - 1])
        ends = np.minimum(lasts, breaks[texts])
        # Those that meet are one: else a word of nothing but signs would be gone over for each.
        apart = np.flatnonzero(starts[1:] > ends[:-1])
        return zip(
            starts[np.concatenate(([0], apart + 1))].tolist(),
            ends[np.concatenate((apart, [len(ends) - 1]))].tolist(),
            strict=True,
        )


def texts_at(lane: bytes, places: "Sequence[int] | Places") -> list[int]:
    """The numbers of the texts that some places of a lane lie in."""
    import numpy as np  # noqa: PLC0415 - only batches need it

    breaks = np.flatnonzero(np.frombuffer(lane, dtype=np.uint8) == BREAK)
    found: list[int] = np.searchsorted(breaks, np.asarray(places), side="left").tolist()
    return found


def _apart(lane: bytes) -> bytes:
    """With a space at both ends of each text."""
    return b" " + lane.replace(_BREAK, PIECES) + b" "


def _collapsed(lane: bytes, *, spaces_only: bool = False) -> bytes:
    """Each run of one byte reduced to one, all breaks kept."""
    import numpy as np  # noqa: PLC0415 - only batches need it

    codes = np.frombuffer(lane, dtype=np.uint8)
    kept = np.ones(len(codes), dtype=bool)
    np.not_equal(codes[1:], codes[:-1], out=kept[1:])
    kept |= codes != _SPACE if spaces_only else codes == BREAK
    return codes[kept].tobytes()
