"""Regular expressions as moderators write them, of words that are given."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from engine.bench.descriptions import Matches
from engine.samples.dice import Dice

#: The share of patterns in which no letter is certain; there are few different ones.
SHAPES: Final = 0.01
_SHAPES: Final = (
    Matches(pattern=r"\b\d{9,12}\b", example="123456789"),
    Matches(pattern=r"\b\d{3}[-. ]\d{3}[-. ]\d{4}\b", example="555-010-0199"),
    Matches(pattern=r"\b(?:[a-z]\d){4,}\b", example="a1b2c3d4"),
    Matches(pattern=r"(?:\b[a-z][.*-]){5,}", example="q.u.e.n.t."),
)
_CLASSES: Final = {"a": "[a4@]", "e": "[e3]", "i": "[i1!]", "o": "[o0]", "s": "[s5$]"}


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes patterns of the dialect that mean the same to Python's `re` on ASCII texts."""

    word: Callable[[], str]
    pair: Callable[[], tuple[str, str]]
    """Words that some text has side by side."""
    dice: Dice

    def pattern(self) -> Matches:
        """A pattern with letters that are certain."""
        forms = {
            self._inflected: 0.35,
            self._classes: 0.25,
            self._neighbours: 0.2,
            self._gap: 0.1,
            self._alternatives: 0.1,
        }
        return self.dice.weighted(forms)()

    def shape(self) -> Matches:
        """A pattern without a letter that is certain."""
        return self.dice.pick(_SHAPES)

    def _inflected(self) -> Matches:
        word = self.word()
        pattern = rf"\b{word}(?:s|ed|ing)?\b"
        return Matches(pattern=pattern, example=word, literals=(word,))

    def _classes(self) -> Matches:
        """One or two letters inside may be written with signs."""
        word = self.word()
        places = [place for place in range(1, len(word) - 1) if word[place] in _CLASSES]
        chosen = {self.dice.pick(places) for _ in range(2)} if places else set()
        letters = (
            _CLASSES[letter] if place in chosen else letter for place, letter in enumerate(word)
        )
        end = self.dice.pick((r"\b", r"\b", ""))
        certain = max(_certain(word, chosen), key=len)
        return Matches(pattern=rf"\b{''.join(letters)}{end}", example=word, literals=(certain,))

    def _neighbours(self) -> Matches:
        left, right = self.pair()
        longer = max(left, right, key=len)
        return Matches(pattern=rf"{left}\s+{right}", example=f"{left} {right}", literals=(longer,))

    def _gap(self) -> Matches:
        left, right = self.pair()
        longer = max(left, right, key=len)
        return Matches(
            pattern=rf"\b{left}\b.{{0,20}}\b{right}\b",
            example=f"{left} {right}",
            literals=(longer,),
        )

    def _alternatives(self) -> Matches:
        words = tuple(self.word() for _ in range(3))
        pattern = rf"\b(?:{'|'.join(words)})s?\b"
        return Matches(pattern=pattern, example=words[0], literals=words)


def _certain(word: str, changed: Collection[int]) -> list[str]:
    """The pieces of a word between the letters that may be written otherwise."""
    return "".join(" " if place in changed else letter for place, letter in enumerate(word)).split()
