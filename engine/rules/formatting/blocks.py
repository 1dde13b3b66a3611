"""A document as blocks, one per key, each with the comments above it, put in the usual order."""

from collections.abc import Sequence

from engine.rules.documents import Document, Scalar
from engine.rules.formatting.indentation import is_block
from engine.rules.formatting.order import KEY_ORDER


def ordered(document: Document) -> str:
    """The text of the document with its keys in the usual order; the first key stays first."""
    node = document.node
    if not is_block(node) or len(node.value) < 3:  # noqa: PLR2004 - two keys are in order
        return document.text
    lines = document.text.split("\n")
    starts = [key.start_mark.line for key, _ in node.value]
    ends = [_last_line(lines, start, stop) for start, stop in _spans(starts, len(lines))]
    # what stands between two blocks belongs to the lower one
    begins = [starts[0], *(end + 1 for end in ends[:-1])]
    blocks = [lines[begin : end + 1] for begin, end in zip(begins, ends, strict=True)]
    places = _places(document)
    moved = [blocks[place] for place in places]
    parts = [lines[: starts[0]], *moved, lines[ends[-1] + 1 :]]
    return "\n".join(line for part in parts for line in part)


def _spans(starts: Sequence[int], last: int) -> Sequence[tuple[int, int]]:
    return list(zip(starts, [*starts[1:], last], strict=True))


def _last_line(lines: Sequence[str], start: int, stop: int) -> int:
    """The last line of a block: comments in the first column belong to what follows."""
    for number in range(stop - 1, start, -1):
        if lines[number].strip() and not lines[number].startswith("#"):
            return number
    return start


def _places(document: Document) -> Sequence[int]:
    order = {name: place for place, name in enumerate(KEY_ORDER.get(document.kind, ()))}
    names = [key.value if isinstance(key, Scalar) else "" for key, _ in document.node.value]
    last = len(order)
    return sorted(range(len(names)), key=lambda place: order.get(names[place], last))
