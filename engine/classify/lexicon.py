"""What tokens and pairs of neighbours bring to a score: known from training, or worked out once."""

from collections.abc import Sequence
from itertools import chain, pairwise, repeat
from threading import Lock
from typing import Final, cast

import numpy as np

from engine.classify.adding import Table
from engine.classify.lookup import Lookup, Places
from engine.classify.model import Model
from engine.classify.spelling import Spelling

#: Unknown tokens remembered; beyond it all are forgotten and worked out again.
REMEMBERED: Final = 65_536


class Lexicon:
    """A table with a row for each token and pair: a weight for each head, length, newness, rarity.

    Threads may share one.
    """

    def __init__(self, model: Model) -> None:
        words, known = model.terms.words, _known(model)
        places = {word: place for place, word in enumerate(words)}
        pairs = [pair.split(" ") for pair in model.terms.pairs]
        # Where few words are kept, a known pair may consist of others.
        strays = [*dict.fromkeys(token for pair in pairs for token in pair if token not in places)]
        places |= zip(strays, range(len(known), len(known) + len(strays)), strict=True)
        self._spelling = Spelling(model)
        rows = np.reshape(self._spelling.rows(strays), (len(strays), known.shape[1]))
        self._beginning = _Memory(places, np.concatenate((known, rows)))
        self._memory = self._beginning.copy()
        self._lock = Lock()
        neighbours = [(places[left], places[right]) for left, right in pairs]
        self._first_pair = len(words)
        self._pair_of = {pair: place for place, pair in enumerate(neighbours, self._first_pair)}
        self._pairs = Lookup(np.array(neighbours, np.uint64).reshape(len(pairs), 2))

    def places(self, tokens: Sequence[str]) -> tuple[list[int], Table]:
        """The place of each token in the table, and the table."""
        memory = self._memory
        places = list(map(memory.places.get, tokens))
        if None in places:
            new = [token for token, place in zip(tokens, places, strict=True) if place is None]
            self._learn(memory, new)
            places = list(map(memory.places.get, tokens))
        return cast("list[int]", places), memory.table

    def places_of_many(self, tokens: Sequence[str]) -> tuple[Places, Table]:
        """The same as a column."""
        memory = self._memory
        found = map(memory.places.get, tokens, repeat(-1))
        places = np.fromiter(found, np.int64, len(tokens))
        unknown = np.flatnonzero(places < 0)
        if len(unknown):
            new = [tokens[place] for place in unknown.tolist()]
            self._learn(memory, new)
            places[unknown] = list(map(memory.places.__getitem__, new))
        return places, memory.table

    def terms(self, places: Sequence[int]) -> list[int]:
        """The places of distinct tokens, then those of the distinct pairs they form, in order."""
        pairs = map(self._pair_of.get, pairwise(places))
        terms: dict[int | None, None] = dict.fromkeys(chain(places, pairs))
        terms.pop(None, None)
        return cast("list[int]", list(terms))

    def pairs_at(self, places: Places) -> tuple[Places, Places]:
        """Which tokens form a known pair with the next one, and the place of this pair."""
        columns = places.astype(np.uint64)
        at, found = self._pairs.find((columns[:-1], columns[1:]))
        return at, found + self._first_pair

    def _learn(self, memory: "_Memory", tokens: Sequence[str]) -> None:
        """Work out what those of these tokens bring that have no place."""
        with self._lock:
            unknown = [token for token in dict.fromkeys(tokens) if token not in memory.places]
            # None is left where another thread was faster.
            if unknown:
                memory.add(unknown, self._spelling.rows(unknown))
            # Who uses this memory goes on with it; who comes next finds an empty one.
            more = len(memory.places) - len(self._beginning.places)
            if memory is self._memory and more > REMEMBERED:
                self._memory = self._beginning.copy()


class _Memory:
    """Tokens and their places in a table that only grows, so that a place stays good for ever."""

    def __init__(self, places: dict[str, int], table: Table) -> None:
        self.places = places
        self.table = table
        self._used = len(table)

    def copy(self) -> "_Memory":
        """The same tokens and rows, of a memory to which none were added."""
        return _Memory(dict(self.places), self.table)

    def add(self, tokens: Sequence[str], rows: Table | list[list[float]]) -> None:
        """Give places to tokens that have none."""
        first, last = self._used, self._used + len(rows)
        if last > len(self.table):
            room = np.empty((max(REMEMBERED, len(rows)), self.table.shape[1]))
            self.table = np.concatenate((self.table[:first], room))
        self.table[first:last] = rows
        self._used = last
        # Last of all: other threads use a token as soon as it has a place.
        for place, token in enumerate(tokens, first):
            self.places[token] = place


def _known(model: Model) -> Table:
    """The rows of words, then those of pairs; novelty is a matter of single tokens."""
    terms = model.terms
    words, pairs = len(terms.words), len(terms.pairs)
    behind = slice(words, words + pairs)
    nothing = np.zeros((words + pairs, 1))
    rarity = np.append(terms.rarity[:words], np.zeros(pairs))
    own = np.column_stack((model.weights[behind], terms.lengths[behind]))
    return np.column_stack((np.concatenate((model.sums, own)), nothing, rarity))
