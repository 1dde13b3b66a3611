"""The masks of many items at once: one column of cells per field, rows of bits ANDed by NumPy."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from engine.rules.context import Context
from engine.rules.thresholds import FieldCells

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Fields whose absent value may not apply → whether it does.
Applies = Mapping[str, Callable[[Context], bool | None]]


class Columns:
    """The cells of all fields as matrices of bits, made when the first batch comes."""

    def __init__(self, cells: Sequence[FieldCells], clauses: int) -> None:
        self._cells = cells
        self._width = (clauses + 63) // 64 * 8
        self._every_clause = ((1 << clauses) - 1).to_bytes(self._width, "little")
        self._rows: list[NDArray[np.uint64]] | None = None

    def holding(self, contexts: Sequence[Context], applies: Applies) -> list[int]:
        """For each item, the mask of the clauses that hold."""
        import numpy as np  # noqa: PLC0415 - only batches need it

        if not self._width:
            return [0] * len(contexts)
        rows = self._rows
        if rows is None:
            rows = self._rows = [self._matrix(cells) for cells in self._cells]
        held = np.tile(np.frombuffer(self._every_clause, dtype=np.uint64), (len(contexts), 1))
        for cells, matrix in zip(self._cells, rows, strict=True):
            held &= matrix[self._places(cells, contexts, applies)]
        return [
            int.from_bytes(held[row].tobytes(), "little") if some else 0
            for row, some in enumerate(np.atleast_1d(held.any(axis=1)))
        ]

    def _matrix(self, cells: FieldCells) -> "NDArray[np.uint64]":
        """A row of bits per cell, then one for unknown values and one for those not applicable."""
        import numpy as np  # noqa: PLC0415 - only batches need it

        masks = (*cells.masks, cells.unknown, cells.not_applicable)
        packed = b"".join(mask.to_bytes(self._width, "little") for mask in masks)
        return np.frombuffer(packed, dtype=np.uint64).reshape(-1, self._width // 8)

    def _places(
        self, cells: FieldCells, contexts: Sequence[Context], applies: Applies
    ) -> "NDArray[np.intp]":
        """The row of each item."""
        import numpy as np  # noqa: PLC0415 - only batches need it

        values = [context.fields.get(cells.name, cells.default) for context in contexts]
        absent = (
            [row for row, value in enumerate(values) if value is None] if None in values else []
        )
        if cells.numeric:
            numbers = np.array([0.0 if value is None else value for value in values], dtype=float)
            places = np.searchsorted(np.asarray(cells.points, dtype=float), numbers, side="right")
        else:
            get = cells.names.get
            places = np.array([get(value, 0) for value in values], dtype=np.intp)  # type: ignore[arg-type]  # None is no name
        places[absent] = len(cells.masks)
        asked = applies.get(cells.name)
        if asked is not None:
            nowhere = [row for row in absent if asked(contexts[row]) is False]
            places[nowhere] = len(cells.masks) + 1
        return places
