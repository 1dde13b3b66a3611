"""Texts that are scanned together against the same texts scanned one by one."""

from collections.abc import Sequence

import pytest

from engine.rules.automaton import best_backend
from engine.rules.bundle import FEWEST, MOST_CHARACTERS
from engine.rules.compiler import compile_tables
from engine.rules.model import Leaf, Policy, Rule, TextPattern
from engine.rules.scanning import FieldScanner, scanners_of
from engine.rules.vocabulary import FieldType, Operator
from engine.text.entry import Entry, Spelling
from tests.generators.draws import Draws, seeded
from tests.generators.spellings import text_around
from tests.unit.policies import PLACE, policy, rule, vocabulary

WORDS = ("xanax", "for sale", "i like", "zo", "golly molly", "a", "c++", "=>", "on and on under")
PATTERNS = (r"\b\w{3}\b", r"^\W", r"\d\s*$", r"sale[^a-z]")


def _entries(spelling: Spelling) -> tuple[Entry, ...]:
    return tuple(Entry(text=word, spelling=spelling) for word in WORDS)


def _looking(
    name: str, operator: Operator, constant: tuple[Entry, ...] | tuple[TextPattern, ...]
) -> Rule:
    return rule(name, Leaf(field="text", operator=operator, constant=constant, span=PLACE))


def _everything() -> Policy:
    """Words in every spelling, and patterns without literals: all lanes there are."""
    rules = [
        _looking(spelling.value, Operator.HAS_ANY, _entries(spelling)) for spelling in Spelling
    ]
    patterns = tuple(map(TextPattern, PATTERNS))
    rules.append(_looking("patterns", Operator.MATCHES, patterns))
    return policy(vocabulary(text=FieldType.TEXT), *rules)


def _plain_words() -> Policy:
    """Words that stand alone, for which one scan is enough."""
    words = (Entry(text="xanax"), Entry(text="sale"))
    return policy(vocabulary(text=FieldType.TEXT), _looking("words", Operator.HAS_ANY, words))


def _scanner(made: Policy) -> FieldScanner:
    (scanner,) = scanners_of(compile_tables(made), best_backend(), {})
    return scanner


def _together(scanner: FieldScanner, texts: Sequence[str | None]) -> list[set[int]]:
    seen: list[set[int]] = [set() for _ in texts]
    scanner.scan_many(texts, seen)
    return seen


def _alone(scanner: FieldScanner, texts: Sequence[str | None]) -> list[set[int]]:
    return [set() if text is None else set(scanner.scan(text)) for text in texts]


def _texts(draws: Draws, number: int) -> list[str | None]:
    """Texts with disguised words, most of them brought down to ASCII; some are not there."""
    entries = [entry for spelling in Spelling for entry in _entries(spelling)]
    texts: list[str | None] = []
    for _ in range(number):
        text = text_around(draws, entries)
        if draws.chance(80):
            text = "".join(filter(str.isascii, text))
        texts.append(text or None)
    return texts


@pytest.mark.parametrize("made", [_everything(), _plain_words()], ids=["all lanes", "words"])
def test_a_text_is_heard_the_same_among_others(made: Policy, pairs: int, first_seed: int) -> None:
    """What is seen in a text does not depend on the texts beside it."""
    scanner = _scanner(made)
    for seed in range(first_seed, first_seed + max(5, pairs // 10)):
        texts = _texts(seeded(seed), 4 * FEWEST)
        assert _together(scanner, texts) == _alone(scanner, texts)


@pytest.mark.parametrize(
    "text",
    [
        " ",
        "!",
        "!!! @ $",
        "\t\n x\x1c",
        "\x00 a b c \x7f",
        "s.a.l.e",
        "f o r  s a l e",
        "x@nax",
        "big golly! m0lly big",
        "@" * 3_000,
        "x! " * 2_000,
        "a b " * 2_000,
        "xanax" + " " * (MOST_CHARACTERS // FEWEST),
    ],
)
def test_edges_of_texts(text: str) -> None:
    """Texts that begin and end in unusual ways do not run into one another."""
    scanner = _scanner(_everything())
    texts = [text, "xanax", text, text, "for", "sale", "golly!", "molly", "a", "=>", " ", text]
    assert _together(scanner, texts) == _alone(scanner, texts)
