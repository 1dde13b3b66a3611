"""Words and pairs of words for rules, taken from texts by how many of these they occur in."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Final

from engine.samples.dice import Dice
from engine.sampling import fraction

TOKEN: Final = re.compile(r"[a-z0-9]+")
#: Letters a pattern can be made of, so long that they are not part of every other word.
_WORD: Final = re.compile(r"[a-z]{4,14}")
_PAIR: Final = re.compile(r"\b(?=([a-z]{4,14})\s+([a-z]{4,14})\b)")
_ONSETS: Final = ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "t", "v", "z", "qu", "kl", "sn")
_VOWELS: Final = ("a", "e", "i", "o", "u", "ei", "oo")
_SYLLABLES: Final = 4
#: Shares of the texts between which a word is a common one.
_COMMON: Final = (0.0005, 0.005)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequencies:
    """In how many of the texts something occurs."""

    texts: int
    words: Mapping[str, int]
    pairs: Mapping[str, int]
    """Neighbours, with a space between them, of which one is not in every other text."""


def frequencies(texts: Sequence[str]) -> Frequencies:
    """Count words, and pairs of neighbours, once a text."""
    words: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    for text in texts:
        lower = text.lower()
        words.update(set(TOKEN.findall(lower)))
        pairs.update({f"{left} {right}" for left, right in _PAIR.findall(lower)})
    suited = {word: count for word, count in words.items() if _WORD.fullmatch(word)}
    telling = {
        pair: count
        for pair, count in pairs.items()
        if min(words[word] for word in pair.split(" ")) <= _COMMON[1] * len(texts)
    }
    return Frequencies(texts=len(texts), words=suited, pairs=telling)


class Stock:
    """Endless rows of words and pairs in seeded order, in the long run as rare as asked."""

    def __init__(self, counted: Frequencies, seed: int) -> None:
        self.counted = counted
        self._seed = seed
        self._taken: dict[tuple[str, float], Iterator[str]] = {}

    def rare(self, share: float, least: int) -> str:
        """The next word: on average in this share of the texts, and of so many different ones."""
        return self._next("words", share, least)

    def pair(self, share: float, least: int) -> tuple[str, str]:
        """The next pair of neighbours, as rare as `rare`."""
        left, _, right = self._next("pairs", share, least).partition(" ")
        return left, right

    def common(self) -> tuple[str, float]:
        """The next word that is not rare, and in which share of the texts it is."""
        row = self._taken.get(("common", 0.0))
        if row is None:
            low, high = (bound * self.counted.texts for bound in _COMMON)
            words = [word for word, count in self.counted.words.items() if low <= count <= high]
            row = self._taken["common", 0.0] = cycle(self._mixed(words))
        word = next(row)
        return word, self.counted.words[word] / self.counted.texts

    def invented(self, dice: Dice) -> str:
        """A word that no text has."""
        syllables = (dice.pick(_ONSETS) + dice.pick(_VOWELS) for _ in range(_SYLLABLES))
        word = "".join(syllables)
        return word if word not in self.counted.words else self.invented(dice)

    def _next(self, name: str, share: float, least: int) -> str:
        row = self._taken.get((name, share))
        if row is None:
            counts = self.counted.words if name == "words" else self.counted.pairs
            row = self._taken[name, share] = cycle(self._as_rare(counts, share, least, name))
        return next(row)

    def _as_rare(
        self, counts: Mapping[str, int], share: float, least: int, name: str
    ) -> Sequence[str]:
        """The rarest, as many as keep the average; words that no text has where there are few."""
        chosen: list[str] = []
        total = 0
        for word, count in sorted(counts.items(), key=lambda each: (each[1], each[0])):
            total += count
            if total > share * self.counted.texts * max(least, len(chosen) + 1):
                break
            chosen.append(word)
        dice = Dice(self._seed, f"invented {name}")
        for _ in range(least - len(chosen)):
            words = [self.invented(dice) for _ in range(1 if name == "words" else 2)]
            chosen.append(" ".join(words))
        return self._mixed(chosen)

    def _mixed(self, words: Sequence[str]) -> Sequence[str]:
        if not words:
            message = "the texts have too few different words to make rules of them"
            raise ValueError(message)
        return sorted(words, key=lambda word: fraction(f"stock {self._seed}", word))
