"""Items to choose from, checked once, so that every strategy can rely on them."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final, NoReturn, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from engine.errors import InvalidCandidates

Floats: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.intp]

#: What chances of an item may add up to beside 1.
_TOLERANCE: Final = 1e-6
_CLASSES: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Items without a label; the same place in each column is the same item.

    Every strategy takes what it needs: chances, features, or the chances of a committee.
    """

    ids: tuple[str, ...]
    chances: Floats | None = None
    """A row an item, a column a class, adding up to 1 (`of_chance` makes it of one signal)."""
    features: Floats | sparse.csr_matrix | None = None
    """A row an item: where it lies among others, such as its weighted terms."""
    committee: Floats | None = None
    """As `chances`, a layer for each of two or more members."""

    def __post_init__(self) -> None:
        """Refuse what cannot be ranked.

        Raises:
            InvalidCandidates: An id comes twice, a number is missing, or a column is too short.
        """
        if len(set(self.ids)) < len(self.ids):
            _refuse("ids", f"{len(self.ids) - len(set(self.ids))} come more than once")
        if self.chances is not None:
            _check_chances("chances", self.chances, len(self.ids))
        if self.committee is not None:
            if self.committee.ndim != 3 or len(self.committee) < 2:  # noqa: PLR2004  # a dispute
                _refuse("committee", "it takes the chances of two members or more")
            for member in self.committee:
                _check_chances("committee", member, len(self.ids))
        if self.features is not None:
            _check_features(self.features, len(self.ids))


def of_chance(chance: Floats) -> Floats:
    """The two columns of one signal: the chance that its label does not hold, and that it does.

    Args:
        chance: From 0 to 1, one an item; or in layers, one a member.
    """
    known = np.asarray(chance, np.float64)
    return np.stack((1 - known, known), axis=-1)


def chances_of(candidates: Candidates) -> Floats:
    """The chances, or the reason why there is nothing to rank by."""
    if candidates.chances is None:
        _refuse("chances", "there are none; give those of a classifier")
    return candidates.chances


def features_of(candidates: Candidates) -> Floats | sparse.csr_matrix:
    """The features, or the reason why there is nothing to rank by."""
    if candidates.features is None:
        _refuse("features", "there are none; give where items lie, such as their weighted terms")
    return candidates.features


def committee_of(candidates: Candidates) -> Floats:
    """The chances by members, or the reason why there is nothing to rank by."""
    if candidates.committee is None:
        _refuse("committee", "there is none; give the chances of two classifiers or more")
    return candidates.committee


def reordered(candidates: Candidates, order: Places) -> Candidates:
    """The same items in another order."""
    columns = (candidates.chances, candidates.features)
    chances, features = (None if each is None else each[order] for each in columns)
    committee = None if candidates.committee is None else candidates.committee[:, order]
    ids = tuple(candidates.ids[place] for place in order)
    return Candidates(ids=ids, chances=chances, features=features, committee=committee)


def draws(candidates: Candidates, seed: int) -> Floats:
    """A number from 0 to 1 for each item, by seed and id, whatever the others are: breaks ties."""
    found = [sha256(f"{seed}\0{each}".encode("utf-8", "surrogatepass")) for each in candidates.ids]
    return np.array([int.from_bytes(each.digest()[:6], "big") / 2**48 for each in found])


def _check_chances(what: str, chances: Floats, items: int) -> None:
    if chances.ndim != _CLASSES or chances.shape[1] < _CLASSES:
        _refuse(what, "it takes a column for each of two classes or more")
    if len(chances) != items:
        _refuse(what, f"there are {len(chances)} for {items} items")
    if not np.isfinite(chances).all():
        _refuse(what, "a chance is missing; leave out items that were not scored")
    if (chances < 0).any() or (abs(chances.sum(axis=1) - 1) > _TOLERANCE).any():
        _refuse(what, "chances of an item are not from 0 to 1, or do not add up to 1")


def _check_features(features: Floats | sparse.csr_matrix, items: int) -> None:
    if features.ndim != 2 or features.shape[0] != items:  # noqa: PLR2004  # rows and columns
        _refuse("features", f"expected a row for each of {items} items")
    numbers = features.data if sparse.issparse(features) else features
    if not np.isfinite(numbers).all():
        _refuse("features", "a number is missing")


def _refuse(what: str, reason: str) -> NoReturn:
    raise InvalidCandidates(what, reason)
