"""What every classifier keeps, whatever the texts are."""

import pickle
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.classify.artefact import decode
from engine.classify.lexicon import REMEMBERED
from engine.classify.model import Model
from engine.classify.protocol import Classifier
from engine.classify.scorer import MANY, PORTION, TextClassifier
from engine.errors import InvalidModel
from tests.generators.labelled import KIND, PLAIN, UNKIND, small_file, small_model

TEXT = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=40),
    st.lists(st.sampled_from((*PLAIN, *KIND, *UNKIND, "\x00", "\ud800")), max_size=9).map(" ".join),
)
#: A text so long that what stands beside it is scored in columns.
LONG = "my zorblings walk " * (MANY // 16)
UNSEEN = st.text(st.characters(min_codepoint=0x10A0, max_codepoint=0x10FF), min_size=1, max_size=9)


def scorer(model: Model | None = None) -> Classifier:
    """A classifier that has scored nothing yet."""
    return TextClassifier(model or small_model(), "v")


def table(classifier: Classifier, texts: Sequence[str]) -> list[list[float]]:
    """The scores, a row a signal."""
    columns = classifier.score(texts)
    assert tuple(columns) == classifier.signals
    return [columns[signal].tolist() for signal in classifier.signals]


@given(st.lists(TEXT, max_size=6))
def test_scores_are_shares(texts: list[str]) -> None:
    """Every text gets every score, between 0 and 1, empty batches and texts included."""
    scores = np.array(table(scorer(), texts))
    assert scores.shape == (3, len(texts))
    assert ((scores >= 0) & (scores <= 1)).all()


@given(st.lists(TEXT, min_size=1, max_size=6), st.lists(TEXT, max_size=3))
def test_scores_do_not_depend_on_company(texts: list[str], others: list[str]) -> None:
    """Alone, in a batch, in another order, or after other texts: the very same numbers."""
    used = scorer()
    table(used, others)
    expected = table(scorer(), texts)
    assert table(used, [*others, *texts]) == [
        [*left, *right] for left, right in zip(table(scorer(), others), expected, strict=True)
    ]
    assert table(used, texts[::-1]) == [column[::-1] for column in expected]
    one = TextClassifier(small_model(), "v").score_one(texts[0])
    assert list(one.values()) == [column[0] for column in expected]


@given(st.lists(TEXT, min_size=1, max_size=40))
def test_scores_are_the_same_alone_and_in_columns(texts: list[str]) -> None:
    """Few words are added up in another way than many, and get the very same numbers."""
    single = scorer()
    alone = [table(single, [text]) for text in texts]
    together = table(scorer(), [*texts, LONG])
    assert together == [
        [*(each[signal][0] for each in alone), *long]
        for signal, long in enumerate(table(scorer(), [LONG]))
    ]
    used = scorer()
    table(used, texts)
    assert table(used, [LONG, *texts]) == [[column[-1], *column[:-1]] for column in together]


def test_a_long_text_gets_one_score() -> None:
    """By itself it is scored as it is in a batch."""
    used = TextClassifier(small_model(), "v")
    assert list(used.score_one(LONG).values()) == [column[0] for column in table(used, [LONG])]
    assert list(used.score_one(LONG).values()) == [column[1] for column in table(used, ["a", LONG])]


def test_a_batch_of_any_length() -> None:
    """Where a batch is cut into portions makes no difference."""
    texts = [f"zorb{number} lings{number % 7} they walk" for number in range(PORTION // 10)]
    whole = table(scorer(), texts)
    pieces = [table(scorer(), texts[start : start + 700]) for start in range(0, len(texts), 700)]
    assert whole == [[score for each in pieces for score in each[row]] for row in range(3)]
    exact = ["z" * (PORTION // 2)] * 2
    assert table(scorer(), exact) == [[column[0]] * 2 for column in table(scorer(), exact[:1])]


def test_threads_may_share_one() -> None:
    """What threads learn at the same time, and forget, changes no score."""
    texts = [f"zorb{number} ling{number} walk{number}" for number in range(REMEMBERED // 3 + 999)]
    # The large batches are scored in columns, the small ones text by text.
    batches = [texts[start : start + size] for size in (9, 99) for start in range(0, 22_000, size)]
    used = scorer()
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda batch: table(used, batch)[0], batches))
    expected = dict(zip(texts, table(scorer(), texts)[0], strict=True))
    assert found == [[expected[text] for text in batch] for batch in batches]


@given(TEXT)
def test_saying_it_twice_changes_little(text: str) -> None:
    """A repeated word counts once, so only the pair across the seam can be new."""
    once, twice = (table(scorer(), [each])[2][0] for each in (text, f"{text} {text}"))
    assert once == pytest.approx(twice)


@given(st.lists(TEXT, min_size=1, max_size=4))
def test_a_classifier_can_be_pickled(texts: list[str]) -> None:
    """It travels between processes, with what it has remembered or without."""
    used = scorer()
    expected = table(used, texts)
    assert table(pickle.loads(pickle.dumps(used)), texts) == expected  # noqa: S301  # our own


def test_memory_is_bounded() -> None:
    """Unknown words without end are forgotten again, and scored all the same."""
    used = TextClassifier(small_model(), "v")
    flood = " ".join(f"w{number}" for number in range(REMEMBERED + 1_000))
    first = table(used, [flood])
    lexicon = used._lexicon
    assert len(lexicon._memory.places) - len(lexicon._beginning.places) <= REMEMBERED
    assert table(used, [flood, "my zorblings"])[0][0] == first[0][0]
    for start in range(0, 2 * REMEMBERED, 500):
        table(used, [f"x{start + number}" for number in range(500)])
    assert len(lexicon._memory.places) - len(lexicon._beginning.places) <= REMEMBERED
    assert len(lexicon._memory.table) - len(lexicon._beginning.table) <= REMEMBERED


@pytest.mark.parametrize("piece", ["zorbling ", "a", "\x00", "\ud800", "a\u0301\u0316", "!?", "日"])
def test_a_megabyte_is_scored(piece: str) -> None:
    """A text of a megabyte is a text."""
    scores = table(scorer(), [piece * (2**20 // len(piece))])
    assert all(0 <= column[0] <= 1 for column in scores)


@given(TEXT, st.sampled_from(PLAIN))
def test_a_known_word_makes_no_text_newer(text: str, word: str) -> None:
    """Novelty never rises by a word of the training texts."""
    before, after = table(scorer(), [text, f"{text} {word}"])[2]
    assert after <= before + 1e-12


@given(TEXT, UNSEEN)
def test_an_unseen_word_makes_no_text_older(text: str, word: str) -> None:
    """Novelty never falls by a word of letters that training never saw."""
    before, after = table(scorer(), [text, f"{text} {word}"])[2]
    assert after >= before - 1e-12


def test_the_ends_of_novelty() -> None:
    """All words known: 0. All letters unseen, or nothing to go by: 1. A misspelling: in between."""
    texts = ["all the zorblings walk", "ჰელო ჰელოო", "", "zorblinks"]
    known, unseen, nothing, misspelt = table(scorer(), texts)[2]
    assert (known, unseen, nothing) == (0.0, 1.0, 1.0)
    assert 0.5 <= misspelt < 1.0


@given(st.integers(0, len(small_file()) - 1), st.integers(1, 255))
def test_a_flipped_byte_is_found(place: int, change: int) -> None:
    """No damaged model is ever used."""
    damaged = bytearray(small_file())
    damaged[place] ^= change
    with pytest.raises(InvalidModel):
        decode(bytes(damaged), "m")


@given(st.integers(0, len(small_file()) - 1))
def test_a_truncated_file_is_found(length: int) -> None:
    """No half a model is ever used."""
    with pytest.raises(InvalidModel):
        decode(small_file()[:length], "m")
