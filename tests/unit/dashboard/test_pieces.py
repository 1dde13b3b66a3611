"""Texts are cut where marks begin and end, and stay what they were."""

from hypothesis import given
from hypothesis import strategies as st

from dashboard.showing.pieces import Mark, Piece, cut

_MARKS = st.lists(
    st.builds(
        Mark,
        start=st.integers(-3, 30),
        end=st.integers(-3, 30),
        layer=st.integers(1, 4),
    ),
    max_size=8,
)


def test_overlapping_marks_are_told_apart() -> None:
    """A piece that two rules found names both; characters are code points."""
    marks = [Mark(start=0, end=3, layer=2), Mark(start=2, end=4, layer=1)]
    assert cut("😀abcd", marks) == [
        Piece(text="😀a", layers=(2,)),
        Piece(text="b", layers=(1, 2)),
        Piece(text="c", layers=(1,)),
        Piece(text="d", layers=()),
    ]


@given(st.text(max_size=25), _MARKS)
def test_the_pieces_are_the_text(text: str, marks: list[Mark]) -> None:
    """Nothing is lost or said twice; each character has the layers of the marks over it."""
    pieces = cut(text, marks)
    assert "".join(piece.text for piece in pieces) == text
    within = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
    found = [set(piece.layers) for piece in pieces for _ in piece.text]
    for place, layers in enumerate(found):
        assert layers == {mark.layer for mark in within if mark.start <= place < mark.end}
