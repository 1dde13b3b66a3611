"""Texts made to break an engine: each is answered, in bounded time, as any other text."""

from dataclasses import replace

import pytest

from engine.item import Item
from engine.rules.bundle import FEWEST
from engine.rules.model import AnyOf, Leaf, ListRefs, PolicyList, TextPattern
from engine.rules.release import FAILED, Release
from engine.rules.vocabulary import FieldType, Operator
from engine.text.entry import Entry, Spelling
from tests.unit.policies import PLACE, policy, rule, vocabulary

LONG = 1_000_000

TEXTS = {
    "nothing": "",
    "one space": " ",
    "ten million characters": "buy some xanax now " * (10 * LONG // 19),
    "one endless word": "a" * LONG,
    "NUL": "xanax\x00\x00 for \x00 sale" * 100,
    "lone surrogates": "\ud800xan\udfffax\udc00 " * 1_000,
    "right-to-left overrides": "\u202exanax\u202c \u2066for\u2069 sale" * 1_000,
    "combining marks": "x" + "\u0301" * 100_000 + "anax",
    "marks on every letter": "x\u0300\u0301a\u0302n\u0303a\u0304x " * 10_000,
    "zero width": "x\u200ba\u200bn\u200ba\u200bx " * 10_000,
    "every code point": "".join(map(chr, range(0x20000))),
    "separators": "x.a.n.a.x " * 10_000,
    "leet signs": "@$!|+" * 20_000,
    "almost a pattern": "a" * 100_000 + "!",
    "emoji": "\U0001f48a\ufe0f\u200d" * 20_000,
    "line ends": "\r\n\u2028\u2029\x85" * 20_000,
}


def _release() -> Release:
    spellings = (Spelling.PLAIN, Spelling.TOLERANT, Spelling.AGGRESSIVE, Spelling.EXACT)
    entries = tuple(
        Entry(text=text, spelling=spelling)
        for text in ("xanax", "for sale", "\u8d4c\u535a", "\uc790\uc0b4", "aaaaaaaa", "c++")
        for spelling in spellings
    )
    drugs = PolicyList(name="drugs", of="words", entries=entries, span=PLACE)
    patterns = tuple(
        TextPattern(source)
        for source in ("(a+)+b", r"(?:\w+\s?)+!x", r"\d{3,}-\d{4}", "(x+x+)+y", r"\bsale\b")
    )
    words = vocabulary(text=FieldType.TEXT)
    listed = Leaf(
        field="text", operator=Operator.HAS_ANY_IN, constant=ListRefs(("drugs",)), span=PLACE
    )
    matching = Leaf(field="text", operator=Operator.MATCHES, constant=patterns, span=PLACE)
    short = Leaf(field="text", operator=Operator.SHORTER_THAN, constant=2.0, span=PLACE)
    either = AnyOf(parts=(listed, matching, short), span=PLACE)
    any_of_them = replace(rule("any", listed), when=either)
    return Release.of(policy(words, any_of_them, lists={"drugs": drugs}))


#: ASCII texts alone are scanned together, and longer ones, many times over, take too long.
MOST_TOGETHER = 500_000


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_text_gets_its_verdict(name: str) -> None:
    """The engine neither fails nor hangs, at either door, and shows evidence for its hits."""
    release = _release()
    item = Item("i", {"text": TEXTS[name]})
    verdict = release.evaluate(item, now=0.0)
    assert verdict != FAILED
    assert release.evaluate_batch([item], now=0.0) == [verdict]
    if TEXTS[name].isascii() and len(TEXTS[name]) <= MOST_TOGETHER:
        assert release.evaluate_batch([item] * FEWEST, now=0.0) == [verdict] * FEWEST
    if verdict.hits:
        found = [span for each in release.evidence(item, "any") for span in each.spans]
        assert all(TEXTS[name][span.start : span.end] == span.text for span in found)
