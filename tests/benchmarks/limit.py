"""The limit: what Hyperscan alone takes to look for all words, literals and patterns."""

from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec

from engine.bench.descriptions import Condition, Description, Every, Matches, Some, Words
from engine.bench.stock import TOKEN
from engine.bench.texts import as_others_need
from engine.item import Item

#: A text twice: its words with a space on each side, and as it is, in lower case.
Prepared = tuple[bytes, bytes]


def prepared(item: Item) -> Prepared:
    """The text of an item, ready to be scanned."""
    text = as_others_need(str(item.fields["text"]))
    return f" {' '.join(TOKEN.findall(text))} ".encode(), text.encode()


def scan_of(rules: Sequence[Description]) -> Callable[[Prepared], None] | None:
    """Scans each form of a text once for everything, telling nobody; None: not installed."""
    if find_spec("hyperscan") is None:
        return None
    words: dict[str, None] = {}
    others: dict[str, None] = {}
    for atom in _atoms([rule.condition for rule in rules]):
        if isinstance(atom, Words):
            words.update((f" {word} ", None) for word in atom.any_of)
        else:
            others.update(dict.fromkeys(atom.literals or (atom.pattern,)))
    scan_words, scan_others = _scan(list(words)), _scan(list(others))

    def scan(text: Prepared) -> None:
        scan_words(text[0])
        scan_others(text[1])

    return scan


def _scan(expressions: Sequence[str]) -> Callable[[bytes], object]:
    import hyperscan  # noqa: PLC0415  # it need not be there

    if not expressions:
        return lambda _: None
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[expression.encode() for expression in expressions],
        ids=list(range(len(expressions))),
        elements=len(expressions),
        flags=[0] * len(expressions),
    )

    def scan(text: bytes) -> None:
        database.scan(text)  # type: ignore[call-arg]  # nobody need listen

    return scan


def _atoms(conditions: Sequence[Condition]) -> Iterator[Words | Matches]:
    for condition in conditions:
        if isinstance(condition, Words | Matches):
            yield condition
        elif isinstance(condition, Every | Some):
            yield from _atoms(condition.parts)
