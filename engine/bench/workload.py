"""Seeded sets of rules and items: 40 % words, 20 % patterns, 25 % thresholds, 15 % compound."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log10
from typing import Final

from engine.bench.descriptions import (
    AtLeast,
    Condition,
    Description,
    Every,
    Is,
    Kind,
    Matches,
    Some,
    Words,
)
from engine.bench.patterns import SHAPES, Writer
from engine.bench.stock import Frequencies, Stock
from engine.item import Item, Value
from engine.samples.dice import Dice

SCORES: Final = ("score.hate", "score.scam", "score.spam", "score.threat", "score.toxic")
COUNTS: Final = ("author.followers", "links.count", "reports.count")
#: Counts lie below, evenly.
COUNT_LIMIT: Final = 1_000
KIND: Final = "item.kind"
KINDS: Final = ("post", "comment")
#: In this share of the items a rule matches, on average: 10,000 rules find 4.5 matches an item.
MATCHING: Final = 4.5 / 10_000
#: Different words that 10,000 rules want.
_VARIETY: Final = 12_000

# Twenty rules in this order have the mix, and so has any longer row of rules, nearly.
_MIX: Final = tuple(
    {"w": Kind.WORDS, "p": Kind.PATTERN, "t": Kind.THRESHOLDS, "c": Kind.COMPOUND}[letter]
    for letter in "wptwcwtpwtwtpwcwtpwc"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How rules are made."""

    seed: int = 1
    matching: bool = True
    """Without it no rule ever matches."""


def descriptions(counted: Frequencies, count: int, recipe: Recipe) -> list[Description]:
    """So many rules; the first of more are the same ones."""
    maker = _Maker(Stock(counted, recipe.seed), recipe)
    return [maker.rule(number) for number in range(count)]


def items_of(texts: Sequence[str], seed: int) -> list[Item]:
    """An item for each text, with numbers that are spread evenly."""
    return [_item(number, text, Dice(seed, f"item {number}")) for number, text in enumerate(texts)]


def _item(number: int, text: str, dice: Dice) -> Item:
    fields: dict[str, Value] = {"text": text, KIND: dice.pick(KINDS)}
    fields.update((name, dice.share()) for name in SCORES)
    fields.update((name, float(dice.whole(0, COUNT_LIMIT - 1))) for name in COUNTS)
    return Item(f"b{number}", fields)


class _Maker:
    """Makes rule after rule."""

    def __init__(self, stock: Stock, recipe: Recipe) -> None:
        self._stock = stock
        self._recipe = recipe
        self._makers: Mapping[Kind, Callable[[Dice], Condition]] = {
            Kind.WORDS: self._words,
            Kind.PATTERN: self._pattern,
            Kind.THRESHOLDS: self._thresholds,
            Kind.COMPOUND: self._compound,
        }

    def rule(self, number: int) -> Description:
        """The rule with this number; they have to be made in order."""
        kind = _MIX[number % len(_MIX)]
        dice = Dice(self._recipe.seed, f"rule {number}")
        return Description(
            name=f"{kind}-{number:05}", kind=kind, condition=self._makers[kind](dice)
        )

    def _words(self, dice: Dice) -> Words:
        count = dice.whole(1, 4)
        return Words(any_of=tuple(self._word(dice, MATCHING / 2.5) for _ in range(count)))

    def _pattern(self, dice: Dice) -> Matches:
        write = Writer(lambda: self._word(dice, MATCHING), lambda: self._pair(dice), dice)
        if dice.happens(SHAPES) and self._recipe.matching:
            return write.shape()
        return write.pattern()

    def _thresholds(self, dice: Dice) -> Condition:
        """Two to four conditions on different fields, which hold together in a rare case."""
        names = [*SCORES, *COUNTS]
        count = dice.whole(2, 4)
        chosen = [names.pop(dice.whole(0, len(names) - 1)) for _ in range(count)]
        chance = MATCHING * dice.between(0.2, 1.8)
        cuts = sorted(dice.share() for _ in range(count - 1))
        spread = [high - low for low, high in zip([0.0, *cuts], [*cuts, 1.0], strict=True)]
        return Every(
            parts=(
                *(
                    self._above(name, chance ** (0.5 / count + 0.5 * part))
                    for name, part in zip(chosen, spread, strict=True)
                ),
                *self._never(dice),
            )
        )

    def _compound(self, dice: Dice) -> Condition:
        """Common words (or a rare pattern) that count only together with something else."""
        (first, often), (second, as_often) = self._stock.common(), self._stock.common()
        words = Words(any_of=(first, second))
        chance = min(0.6, MATCHING / (often + as_often))
        name = dice.pick(SCORES)
        form = dice.share()
        if form < 0.5:  # noqa: PLR2004  # half of them
            parts: tuple[Condition, ...] = (words, self._above(name, chance))
        elif form < 0.8:  # noqa: PLR2004  # three in ten
            either = Some(parts=(self._above(name, chance), self._words(dice)))
            parts = (words, Is(field=KIND, choice=dice.pick(KINDS)), either)
        else:
            either = Some(parts=(self._pattern(dice), self._words(dice)))
            parts = (either, self._above(name, 0.5))
        return Every(parts=(*parts, *self._never(dice)))

    def _never(self, dice: Dice) -> tuple[Condition, ...]:
        if self._recipe.matching:
            return ()
        return (AtLeast(field=dice.pick(COUNTS), number=COUNT_LIMIT + dice.whole(0, 9)),)

    def _above(self, field: str, chance: float) -> AtLeast:
        """A bound above which a field lies with this chance."""
        if field in SCORES:
            # as many digits as it needs to be a little right
            return AtLeast(field=field, number=round(1.0 - chance, 2 + int(-log10(chance))))
        return AtLeast(field=field, number=float(round(COUNT_LIMIT * (1.0 - chance))))

    def _word(self, dice: Dice, share: float) -> str:
        if not self._recipe.matching:
            return self._stock.invented(dice)
        return self._stock.rare(share, _VARIETY)

    def _pair(self, dice: Dice) -> tuple[str, str]:
        if not self._recipe.matching:
            return self._stock.invented(dice), self._stock.invented(dice)
        return self._stock.pair(MATCHING, _VARIETY // 10)
