"""Batches hold all rows, in order."""

from hypothesis import given
from hypothesis import strategies as st

from engine.cli.judging import batches


@given(st.integers(0, 30), st.integers(1, 10))
def test_batches_hold_every_row_once(rows: int, size: int) -> None:
    """No row is lost between batches, and none is larger than asked for."""
    found = list(batches(range(rows), size))
    assert [row for batch in found for row in batch] == list(range(rows))
    assert all(0 < len(batch) <= size for batch in found)
