"""The compiled engine against the naive interpreter, over real comments that are never shown."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.diagnostics import Span
from engine.item import Item
from engine.rules.model import Leaf, Policy, Rule, Status, TextPattern, Then
from engine.rules.release import Release
from engine.rules.vocabulary import Field, FieldType, Operator, Queue, Vocabulary
from engine.text.entry import Entry, Spelling
from engine.verdict import Tier
from tests.generators.draws import Draws, seeded
from tests.generators.spellings import text_around
from tests.oracle.differences import same
from tests.oracle.verdicts import evaluate

DATA = Path(__file__).parents[3] / "shared" / "data"
SPAN = Span("real.yaml", 1, 1)
RULES = 20

pytestmark = pytest.mark.skipif(
    not list(DATA.glob("*.jsonl.gz")), reason="there are no real comments beside the checkout"
)


def _texts() -> Iterator[str]:
    for path in sorted(DATA.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                text = json.loads(line)["text"]
                if text:
                    yield text


def _entry(draws: Draws, texts: list[str]) -> Entry:
    """One to three words in a row out of a real text."""
    words = draws.pick(texts).split()
    start = draws.below(len(words))
    wanted = words[start : start + draws.pick((1, 1, 1, 2, 3))]
    return Entry(
        text=" ".join(wanted)[:40].strip(),
        spelling=draws.pick(tuple(Spelling)),
        open_left=draws.chance(10),
        open_right=draws.chance(20),
    )


def _rule(name: str, entries: tuple[Entry, ...] | tuple[TextPattern, ...]) -> Rule:
    operator = Operator.HAS_ANY if isinstance(entries[0], Entry) else Operator.MATCHES
    return Rule(
        name=name,
        owner="owner@example.org",
        policy="hate",
        status=Status.LIVE,
        when=Leaf(field="text", operator=operator, constant=entries, span=SPAN),
        then=Then(tier=Tier.SINGLE, reason="hate.attack"),
        span=SPAN,
    )


def _policy(draws: Draws, texts: list[str]) -> tuple[Policy, list[Entry]]:
    rules, entries = {}, []
    for number in range(RULES):
        entry = _entry(draws, texts)
        with_exception = Entry(
            text=entry.text,
            spelling=entry.spelling,
            open_left=entry.open_left,
            open_right=entry.open_right,
            exceptions=(_entry(draws, texts), Entry(text=f"{entry.text} the", open_right=True)),
        )
        name = f"{entry.spelling.value}-{number}"
        rules[name] = _rule(name, (with_exception,))
        entries.append(with_exception)
    for number, source in enumerate((r"\b(\w)\w*ing\b", r"[A-Z]{4}", r"#\w+", r"\d{2,}\D")):
        name = f"pattern-{number}"
        rules[name] = _rule(name, (TextPattern(source, exact=number == 1),))
    queue = Queue(name="general", tier=Tier.SINGLE, sla=60.0, span=SPAN)
    vocabulary = Vocabulary(
        fields={"text": Field(name="text", type=FieldType.TEXT, span=SPAN)},
        queues={"general": queue},
    )
    return Policy(vocabulary=vocabulary, rules=rules), entries


def test_real_texts(pairs: int, first_seed: int) -> None:
    """Real comments get the same verdicts from both, whichever words are looked for."""
    draws = seeded(first_seed)
    number = max(20, pairs // 5)
    texts = [text for text in _texts() if text.split()]
    policy, entries = _policy(draws, texts)
    chosen = [draws.pick(texts) for _ in range(number)]
    chosen += [text_around(draws, entries) for _ in range(number // 10)]
    items = [Item(f"i-{place}", {"text": text[:400]}) for place, text in enumerate(chosen)]
    expected = [evaluate(policy, item, now=0.0) for item in items]
    assert any(verdict.hits for verdict in expected)
    for backend in ("hyperscan", "ahocorasick"):
        release = Release.of(policy, backend=backend)
        found = release.evaluate_batch(items, now=0.0)
        # Only names of rules and numbers of texts: nobody has to read the texts in a report.
        different = [
            (place, sorted({one.rule for one in {*verdict.hits} ^ {*right.hits}}))
            for place, (right, verdict) in enumerate(zip(expected, found, strict=True))
            if not same(right, verdict)
        ]
        assert not different, f"{backend}: {different[:5]}"
