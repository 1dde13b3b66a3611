"""Reads what is compared: columns of numbers and labels, refused with a reason where they are bad.

A column without rows is not bad: it is a window in which nothing was decided, and too little data.
"""

from collections.abc import Collection, Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.errors import InvalidWindow

Column: TypeAlias = NDArray[np.float64]

_SHOWN: Final = 5


def numbers(what: str, values: ArrayLike, within: tuple[float, float] | None = None) -> Column:
    """A column of finite numbers.

    Args:
        what: How errors call it.
        values: A sequence or array of one dimension.
        within: The lowest and the highest allowed; None: all finite ones are.

    Raises:
        InvalidWindow: Something in it is no number, not finite, or out of range.
    """
    try:
        column = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidWindow(what, "holds something that is no number") from error
    if column.ndim != 1:
        raise InvalidWindow(what, f"has {column.ndim} dimensions; give a sequence of numbers")
    _refuse(what, column, ~np.isfinite(column), "is not finite; leave such rows out")
    if within is not None:
        low, high = within
        _refuse(what, column, (column < low) | (column > high), f"is not within {low:g}..{high:g}")
    return column


def events(what: str, values: ArrayLike) -> Column:
    """A column of things that happened or did not, as 1 and 0.

    Raises:
        InvalidWindow: Something in it is neither.
    """
    column = numbers(what, values)
    _refuse(what, column, (column != 0) & (column != 1), "is neither true nor false")
    return column


def inclusion(what: str, values: ArrayLike | None, rows: int) -> Column:
    """Inclusion probabilities of so many rows; None: each was as likely as the others.

    Raises:
        InvalidWindow: One is not above 0 and at most 1, or there are more or fewer than rows.
    """
    if values is None:
        return np.ones(rows)
    column = numbers(what, values, (0.0, 1.0))
    _refuse(what, column, column == 0, "is 0: what cannot be drawn cannot be in the sample")
    same_length(what, column, rows)
    return column


def same_length(what: str, column: Column, rows: int) -> None:
    """Refuses a column that does not have so many rows.

    Raises:
        InvalidWindow: It does not.
    """
    if len(column) != rows:
        raise InvalidWindow(what, f"has {len(column)} rows where the others have {rows}")


def places(what: str, labels: Sequence[str], known: Collection[str]) -> NDArray[np.int64]:
    """Where each label stands among the known ones.

    Raises:
        InvalidWindow: A label is unknown.
    """
    place = {label: number for number, label in enumerate(known)}
    unknown = sorted({repr(label) for label in labels if label not in place})
    if unknown:
        shown, names = ", ".join(unknown[:_SHOWN]), ", ".join(known)
        raise InvalidWindow(what, f"unknown labels {shown}; known are {names}")
    return np.array([place[label] for label in labels], np.int64)


def _refuse(what: str, column: Column, bad: NDArray[np.bool_], reason: str) -> None:
    if bad.any():
        row = int(bad.argmax())
        raise InvalidWindow(what, f"row {row} ({column[row]:g}) {reason}")
