"""Items that differ from one another: the ones in the middle of clusters, by k-means."""

import warnings
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

from engine.learning.selection.candidates import Floats, Places

#: Columns from which on features are reduced: clusters of many columns take long and mean little.
_MANY_COLUMNS: Final = 50
_ROUNDS: Final = 50


@dataclass(frozen=True, slots=True)
class Spread:
    """One item for each cluster that has any, those of the heaviest clusters first."""

    chosen: Places
    scores: Floats
    """Share of the weight that the cluster of each has, from 0 to 1."""


def spread(
    features: Floats | sparse.csr_matrix, wanted: int, *, weights: Floats, seed: int
) -> Spread:
    """The items nearest to the centres of clusters (Zhdanov, arXiv:1901.05954 (2019)).

    Args:
        features: A row an item, each finite. Of items that are as near the first is taken.
        wanted: Clusters; there are fewer where fewer items differ.
        weights: How much each item draws the centres, 0 or more.
        seed: The same seed finds the same.
    """
    heavy = weights if weights.sum() else np.ones(len(weights))
    with threadpool_limits(1):  # how sums are split among threads would show in the last digits
        points = _points(features, seed)
        distinct = len(np.unique(points, axis=0))
        fitted = KMeans(
            n_clusters=min(wanted, distinct), n_init=1, max_iter=_ROUNDS, random_state=seed
        )
        with warnings.catch_warnings():  # fewer clusters than asked for are no harm
            warnings.simplefilter("ignore", ConvergenceWarning)
            cluster = fitted.fit_predict(points, sample_weight=heavy)
    away = np.round(np.linalg.norm(points - fitted.cluster_centers_[cluster], axis=1), 9)
    near_first = np.lexsort((away, cluster))
    _, begins = np.unique(cluster[near_first], return_index=True)
    chosen = near_first[begins]
    mass = np.bincount(cluster, weights=heavy)[cluster[chosen]] / heavy.sum()
    order = np.lexsort((chosen, -mass))
    return Spread(chosen[order], mass[order])


def _points(features: Floats | sparse.csr_matrix, seed: int) -> Floats:
    """Features in few columns, rounded so that the same items are the same points."""
    rows, columns = features.shape
    if columns > _MANY_COLUMNS and rows > _MANY_COLUMNS:
        reduction = TruncatedSVD(_MANY_COLUMNS, n_iter=2, random_state=seed)
        few = np.asarray(reduction.fit_transform(features), np.float64)
    else:
        few = features if isinstance(features, np.ndarray) else features.toarray()
    points: Floats = np.round(few, 9)
    return points
