"""What unknown tokens bring does not depend on how many there are."""

import random

import numpy as np

from engine.classify.spelling import MANY, Spelling
from engine.classify.tokens import LONGEST_WORD, character_ngrams
from tests.generators.labelled import UNKIND, small_model


def tokens() -> list[str]:
    """Many tokens, each once, of letters that training saw and of others."""
    draw = random.Random(7)
    alphabet = "zorblingquenthead'!é\x00日😀\U0010ffff"
    drawn = ("".join(draw.choices(alphabet, k=draw.randrange(1, 12))) for _ in range(2_000))
    long = ["z" * LONGEST_WORD, "zorbling" * (LONGEST_WORD // 8)]
    return list(dict.fromkeys([*UNKIND, *long, "\ufffd", *drawn]))


def test_many_tokens_bring_what_each_brings_alone() -> None:
    """To the last bit."""
    spelling, given = Spelling(small_model()), tokens()
    alone = [list(spelling.rows([token])[0]) for token in given]
    assert len(given) > 1_000
    for start in range(0, len(given) - MANY, 97):
        assert (
            np.array(spelling.rows(given[start : start + MANY])).tolist()
            == (alone[start : start + MANY])
        )
    assert np.array(spelling.rows(given)).tolist() == alone


def test_a_token_brings_its_letter_groups() -> None:
    """Weights and length are sums over them, a group as often as it is there."""
    model = small_model()
    first = len(model.terms.words) + len(model.terms.pairs)
    places = {ngram: first + place for place, ngram in enumerate(model.terms.ngrams)}
    for token in ("zorblinks", "zorzorzor", "ჰ"):
        known = [places[ngram] for ngram in character_ngrams(token) if ngram in places]
        *sums, new, rarity = Spelling(model).rows([token])[0]
        table = np.column_stack((model.weights, model.terms.lengths))
        assert np.allclose(sums, table[known].sum(axis=0))
        share = 1 - len(known) / len(character_ngrams(token))
        assert (new, rarity) == (rarity * (1 + share) / 2, model.terms.unseen_rarity)


def test_a_group_does_not_cross_from_token_to_token() -> None:
    """Tokens stand side by side when they are read together."""
    spelling = Spelling(small_model())
    pieces = ["zor", "bling"] * MANY
    expected = [list(spelling.rows([piece])[0]) for piece in pieces]
    assert np.array(spelling.rows(pieces)).tolist() == expected
