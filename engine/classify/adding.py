"""Sums of floats that are the same whether they are made one by one or many together.

Sums of floats depend on the order, and on how they are made: `sum` of Python rounds otherwise from
3.12 on, and `sum` of NumPy adds in pairs where it can. These add one number after the other.
"""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import add

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]
Table = NDArray[np.float64]


def added(rows: Table) -> list[float]:
    """The sum of each column; there is a row at least."""
    sums: list[float] = np.add.accumulate(rows)[-1].tolist()
    return sums


def added_rows(rows: Iterable[Sequence[float]]) -> list[float]:
    """The same of rows that are no table."""
    return [reduce(add, column, 0.0) for column in zip(*rows, strict=False)]


def added_by(groups: NDArray[np.int64], rows: Table, count: int) -> list[Column]:
    """The sums of the rows of each group, a column for each of theirs."""
    sums = (np.bincount(groups, column, count) for column in rows.T)
    return [column.astype(np.float64, copy=False) for column in sums]
