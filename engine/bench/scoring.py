"""What the classifier costs beside the rules."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from zlib import crc32

from engine.bench.evaluation import BATCH, NOW
from engine.bench.figures import Figure
from engine.bench.measure import each, in_batches
from engine.classify.artefact import save_model
from engine.classify.dataset import Columns, dataset, parse_label
from engine.classify.recipe import Recipe
from engine.classify.scorer import TextClassifier
from engine.classify.training import train
from engine.item import Item
from engine.routing import Decided, ForReview, route
from engine.rules.release import Release

SIGNAL: Final = "score.toxic"
#: Microseconds a text.
ONE: Final = 30.0
IN_BATCHES: Final = 12.0
WITH_RULES: Final = 50.0
#: The share of the texts that it is trained on; they are not scored afterwards.
TRAINED_ON: Final = 0.2


def classifier_of(texts: Sequence[str], path: Path) -> TextClassifier:
    """A classifier with the words of these texts, written to a file.

    Its labels follow from the words by a rule without sense: speed is measured here, and how good
    a classifier is, where there are labels.
    """
    rows = [(number, {"text": text, "label": _label(text)}) for number, text in enumerate(texts)]
    data = dataset(rows, Columns(labels=(parse_label("label"),)))
    model = train(data, Recipe(signals=(SIGNAL,), name="bench", folds=2), lambda _: None)
    return save_model(model, path)


def classifier(scorer: TextClassifier, texts: Sequence[str]) -> Iterator[Figure]:
    """Scoring one text at a time, and many."""
    half = len(texts) // 2
    yield Figure(
        name="classifier, one text",
        value=each(scorer.score_one, texts[:half]),
        unit="µs",
        at_most=ONE,
    )
    yield Figure(
        name=f"classifier, in batches of {BATCH:,}",
        value=in_batches(scorer.score, texts[half:], BATCH),
        unit="µs a text",
        at_most=IN_BATCHES,
    )


def together(scorer: TextClassifier, release: Release, items: Sequence[Item]) -> Figure:
    """Everything that happens to one item: scores, rules, and where it goes."""

    def decide(item: Item) -> Decided | ForReview:
        scores = scorer.score_one(str(item.fields["text"]))
        scored = Item(item.id, {**item.fields, **scores})
        return route(release.evaluate(scored, now=NOW), now=NOW)

    return Figure(
        name=f"classifier, {len(release.policy.rules):,} rules and routing, one item",
        value=each(decide, items),
        unit="µs",
        at_most=WITH_RULES,
    )


def _label(text: str) -> bool:
    words = text.lower().split()
    return 2 * sum(crc32(word.encode("utf-8", "replace")) % 2 for word in words) > len(words)
