"""What tokens bring that are no known words: the sums of their letter groups, and how new they are.

One token is read group by group; many are read together, as one column of characters. Both add the
same numbers in the same order, so what a token brings does not depend on its company.
"""

from collections.abc import Sequence
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.classify.adding import Table, added_by, added_rows
from engine.classify.lookup import Column, Lookup, Places
from engine.classify.model import Model
from engine.classify.tokens import LONGEST_NGRAM, SHORTEST_NGRAM, character_ngrams

#: From so many tokens on, all together cost less than one by one.
MANY: Final = 12

_SIZES: Final = range(SHORTEST_NGRAM, LONGEST_NGRAM + 1)
_Number = TypeVar("_Number", float, NDArray[np.float64])


class Spelling:
    """The letter groups of a model."""

    def __init__(self, model: Model) -> None:
        terms = model.terms
        first = len(terms.words) + len(terms.pairs)
        self._table = np.column_stack((model.weights[first:], terms.lengths[first:]))
        self._row_of = dict(zip(terms.ngrams, map(tuple, self._table.tolist()), strict=True))
        self._nothing = [0.0] * self._table.shape[1]
        self._lookup = Lookup(_written(terms.ngrams))
        self._rarity = terms.unseen_rarity

    def rows(self, tokens: Sequence[str]) -> Table | list[list[float]]:
        """What each token brings: a weight for each head, length, newness, rarity."""
        return self._together(tokens) if len(tokens) >= MANY else list(map(self._alone, tokens))

    def _alone(self, token: str) -> list[float]:
        ngrams = character_ngrams(token)
        found = list(filter(None, map(self._row_of.get, ngrams)))
        row = added_rows(found) if found else self._nothing.copy()
        row += self._newness(len(found), len(ngrams)), self._rarity
        return row

    def _together(self, tokens: Sequence[str]) -> Table:
        count = len(tokens)
        characters = _codes(f" {' '.join(tokens)} ")
        spaces = np.flatnonzero(characters == _SPACE)
        token_of, places = self._found(characters, spaces)
        found = np.bincount(token_of, minlength=count).astype(np.float64)
        new = self._newness(found, _groups(np.diff(spaces)))
        sums = added_by(token_of, self._table.take(places, axis=0), count)
        return np.column_stack((*sums, new, np.full(count, self._rarity)))

    def _found(self, characters: Column, spaces: Places) -> tuple[Places, Places]:
        """All known letter groups: of which token each is, and where it stands in the table.

        The shorter groups of a token come before the longer ones, as `character_ngrams` has them.
        """
        # A group starts at the space before its token or later, and ends at the space behind it.
        starts, lengths = spaces[-1], np.diff(spaces)
        token_of = np.repeat(np.arange(len(lengths)), lengths)
        room = np.repeat(spaces[1:] + 1, lengths) - np.arange(starts)
        characters = np.append(characters, np.zeros(LONGEST_NGRAM, np.uint64))
        tokens, places = [], []
        for size in _SIZES:
            columns = [characters[shift : shift + starts] for shift in range(size)]
            at, place = self._lookup.find(columns)
            inside = room[at] >= size
            tokens.append(token_of[at[inside]])
            places.append(place[inside])
        return np.concatenate(tokens), np.concatenate(places)

    def _newness(self, found: _Number, groups: _Number) -> _Number:
        """A token counts half for being new, and half by the share of its groups that are."""
        return self._rarity * (1.0 + (1.0 - found / groups)) / 2.0


def _groups(lengths: Places) -> NDArray[np.float64]:
    """How many letter groups tokens have, by their lengths with the space before them."""
    groups = np.zeros(len(lengths))
    for size in _SIZES:
        groups += np.maximum(lengths + 2 - size, 0)
    return groups


def _codes(text: str) -> Column:
    """The characters as numbers above zero."""
    written = text.encode("utf-32-le", "surrogatepass")
    return np.frombuffer(written, np.dtype("<u4")).astype(np.uint64) + np.uint64(1)


def _written(ngrams: Sequence[str]) -> NDArray[np.uint64]:
    """A row of characters for each letter group."""
    rows = np.zeros((len(ngrams), LONGEST_NGRAM), np.uint64)
    for size in _SIZES:
        places = [place for place, ngram in enumerate(ngrams) if len(ngram) == size]
        codes = _codes("".join(ngrams[place] for place in places))
        rows[places, :size] = codes.reshape(len(places), size)
    return rows


_SPACE: Final = _codes(" ")[0]
