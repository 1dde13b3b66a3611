"""The masks of many items at once: one column of cells per field, rows of bits ANDed by NumPy."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from engine.rules.context import Context
from engine.rules.thresholds import FieldCells

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: The mask of a field whose value is absent.
Absent = Callable[[FieldCells, Context], int]


class Columns:
    """The cells of all fields as matrices of bits, made when the first batch comes."""

    def __init__(self, cells: Sequence[FieldCells], clauses: int) -> None:
        self._cells = cells
        self._width = (clauses + 63) // 64 * 8
        self._every_clause = ((1 << clauses) - 1).to_bytes(self._width, "little")
        self._rows: list[NDArray[np.uint64]] | None = None

    def holding(self, contexts: Sequence[Context], absent: Absent) -> list[int]:
        """For each item, the mask of the clauses that hold."""
        import numpy as np  # noqa: PLC0415 - only batches need it

        if not self._width:
            return [0] * len(contexts)
        rows = self._rows
        if rows is None:
            rows = self._rows = [self._matrix(cells) for cells in self._cells]
        held = np.tile(np.frombuffer(self._every_clause, dtype=np.uint64), (len(contexts), 1))
        for cells, matrix in zip(self._cells, rows, strict=True):
            places, rare = self._places(cells, contexts)
            held &= matrix[places]
            for row in rare:
                mask = absent(cells, contexts[row]).to_bytes(self._width, "little")
                held[row] &= np.frombuffer(mask, dtype=np.uint64)
        return [
            int.from_bytes(held[row].tobytes(), "little") if some else 0
            for row, some in enumerate(np.atleast_1d(held.any(axis=1)))
        ]

    def _matrix(self, cells: FieldCells) -> "NDArray[np.uint64]":
        """A row of bits per cell, and one of ones for absent values."""
        import numpy as np  # noqa: PLC0415

        ones = b"\xff" * self._width
        packed = b"".join(mask.to_bytes(self._width, "little") for mask in cells.masks) + ones
        return np.frombuffer(packed, dtype=np.uint64).reshape(-1, self._width // 8)

    def _places(
        self, cells: FieldCells, contexts: Sequence[Context]
    ) -> tuple["NDArray[np.intp]", list[int]]:
        """The row of each item, and the items without a value."""
        import numpy as np  # noqa: PLC0415

        values = [context.fields.get(cells.name, cells.default) for context in contexts]
        rare = [row for row, value in enumerate(values) if value is None] if None in values else []
        nowhere = len(cells.masks)
        if not cells.numeric:
            get = cells.names.get
            found = [nowhere if value is None else get(value, 0) for value in values]
            return np.array(found, dtype=np.intp), rare
        numbers = np.array([0.0 if value is None else value for value in values], dtype=np.float64)
        places = np.searchsorted(np.asarray(cells.points, dtype=np.float64), numbers, side="right")
        places[rare] = nowhere
        return places, rare
