"""Labelled texts in which some invented words say more than others, and models of them."""

import random
from functools import cache

from engine.classify.artefact import encode
from engine.classify.dataset import Columns, Dataset, dataset, parse_label
from engine.classify.model import Model
from engine.classify.recipe import Recipe
from engine.classify.training import train

UNKIND = ("zorbling", "quenthead", "zorblings", "quentish", "grabble")
KIND = ("garden", "kitten", "lantern", "meadow", "biscuit")
PLAIN = (
    "the",
    "a",
    "they",
    "is",
    "are",
    "of",
    "to",
    "and",
    "all",
    "some",
    "my",
    "so",
    "very",
    "walk",
)


def rows(count: int, seed: int = 0) -> list[tuple[int, dict[str, object]]]:
    """Numbered rows with a label `labels.unkind` that a fifth of the words give away."""
    draw = random.Random(seed)
    found: list[tuple[int, dict[str, object]]] = []
    for number in range(count):
        unkind = draw.random() < 0.4
        telling = UNKIND if unkind == (draw.random() < 0.9) else KIND
        words = draw.choices(PLAIN, k=draw.randrange(4, 12))
        words.insert(draw.randrange(len(words)), draw.choice(telling))
        words.append(draw.choice(("!", "?", "...", f"x{number}", "né", "日本")))
        labels = {"unkind": unkind, "class": "bad" if unkind else draw.choice(("fine", "good"))}
        found.append((number, {"id": str(number), "text": " ".join(words), "labels": labels}))
    return found


def labelled(count: int, *labels: str, seed: int = 0) -> Dataset:
    """A dataset of such rows, with these labels (none given: `labels.unkind`)."""
    parsed = tuple(map(parse_label, labels or ("labels.unkind",)))
    return dataset(rows(count, seed), Columns(labels=parsed))


def recipe(*signals: str, folds: int = 2, seed: int = 0) -> Recipe:
    """How to train in little time (no signals given: `score.unkind`)."""
    return Recipe(signals=signals or ("score.unkind",), name="small", folds=folds, seed=seed)


@cache
def small_model() -> Model:
    """A model of two signals, trained once."""
    data = labelled(400, "labels.unkind", "labels.class=good")
    return train(data, recipe("score.unkind", "score.good"), lambda _: None)


@cache
def small_file() -> bytes:
    """The bytes of its file."""
    return encode(small_model())
