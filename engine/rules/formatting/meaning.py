"""Whether two files say the same: the same documents, node by node."""

from collections import Counter
from collections.abc import Hashable, Sequence

from engine.rules.documents import Document, Mapping, Node, Scalar
from engine.rules.documents import Sequence as List
from engine.rules.formatting.shorthand import in_words


def difference(before: Sequence[Document], after: Sequence[Document]) -> str | None:
    """What the second file says differently; None: nothing.

    The order of a document's keys, and thresholds in quotes or in words, make no difference.
    """
    if len(before) != len(after):
        return f"{len(before)} documents would become {len(after)}"
    for one, other in zip(before, after, strict=True):
        if _document(one) != _document(other):
            return f"{one.kind} `{one.name}` would mean something else"
    return None


def _document(document: Document) -> Hashable:
    pairs = [(_node(key), _node(value)) for key, value in document.node.value]
    return (pairs[0], frozenset(Counter(pairs).items()))


def _node(node: Node) -> Hashable:
    words = in_words(node)
    if words is not None:
        return ("mapping", ((("plain", words[0]), ("plain", words[1])),))
    if isinstance(node, Mapping):
        return ("mapping", tuple((_node(key), _node(value)) for key, value in node.value))
    if isinstance(node, List):
        return ("list", tuple(_node(item) for item in node.value))
    if isinstance(node, Scalar):
        return (_style(node), node.value)
    return None


def _style(node: Scalar) -> str:
    if node.style in ("'", '"'):
        return "quoted"
    return "lines" if node.style in ("|", ">") else "plain"
