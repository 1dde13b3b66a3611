"""Training texts as sparse matrices of tokens, pairs and letter groups. Needs SciPy."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from engine.classify.model import NGRAM_SCALE, PAIR_SCALE, WORD_SCALE, Terms
from engine.classify.recipe import Limits
from engine.classify.tokens import character_ngrams, tokenise


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Every distinct token and pair of each text. Letter groups depend on the token alone."""

    tokens: tuple[str, ...]
    pairs: NDArray[np.int64]
    """Two columns: which token stands first, which second."""
    ngrams: tuple[str, ...]
    texts_tokens: sparse.csr_matrix
    texts_pairs: sparse.csr_matrix
    tokens_ngrams: sparse.csr_matrix
    ngrams_per_token: NDArray[np.float64]
    groups: NDArray[np.int64]
    """Texts with the same tokens in the same order share a number: duplicates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The terms that some texts of a corpus agree on: columns of its matrices, and rarities."""

    words: NDArray[np.int64]
    pairs: NDArray[np.int64]
    ngrams: NDArray[np.int64]
    rarity: NDArray[np.float64]
    unseen_rarity: float


def corpus(texts: Sequence[str], limits: Limits) -> Corpus:
    """The texts taken apart."""
    ids: dict[str, int] = {}
    documents = [[ids.setdefault(token, len(ids)) for token in tokenise(text)] for text in texts]
    seen: dict[tuple[int, ...], int] = {}
    groups = [seen.setdefault(tuple(document), len(seen)) for document in documents]
    flat = np.array([token for document in documents for token in document], np.int64)
    rows = np.repeat(np.arange(len(texts)), [len(document) for document in documents])
    neighbours = np.flatnonzero(rows[1:] == rows[:-1])
    keys, pair_of = np.unique(
        flat[neighbours] * len(ids) + flat[neighbours + 1], return_inverse=True
    )
    texts_tokens = _presence(rows, flat, (len(texts), len(ids)))
    ngrams, tokens_ngrams = _spelled(tuple(ids))
    often = _document_frequency(texts_tokens @ tokens_ngrams) >= limits.ngram_texts
    return Corpus(
        tokens=tuple(ids),
        pairs=np.column_stack((keys // max(len(ids), 1), keys % max(len(ids), 1))),
        ngrams=tuple(ngrams[place] for place in np.flatnonzero(often)),
        texts_tokens=texts_tokens,
        texts_pairs=_presence(rows[neighbours], pair_of, (len(texts), len(keys))),
        tokens_ngrams=tokens_ngrams[:, often],
        ngrams_per_token=np.asarray(tokens_ngrams.sum(axis=1)).ravel(),
        groups=np.array(groups, np.int64),
    )


def select(corpus: Corpus, rows: NDArray[np.int64], limits: Limits) -> Selection:
    """The terms that are frequent enough in these rows."""
    tokens = corpus.texts_tokens[rows]
    frequencies = [
        (_document_frequency(tokens), limits.word_texts, limits.words),
        (_document_frequency(corpus.texts_pairs[rows]), limits.pair_texts, limits.pairs),
        (_document_frequency(tokens @ corpus.tokens_ngrams), limits.ngram_texts, limits.ngrams),
    ]
    words, pairs, ngrams = (
        _most_frequent(frequency, least, most) for frequency, least, most in frequencies
    )
    kept = [
        frequency[places]
        for (frequency, _, _), places in zip(frequencies, (words, pairs, ngrams), strict=True)
    ]
    return Selection(
        words=words,
        pairs=pairs,
        ngrams=ngrams,
        rarity=np.log((1 + len(rows)) / (1 + np.concatenate(kept))) + 1,
        unseen_rarity=float(np.log(1 + len(rows)) + 1),
    )


def terms(corpus: Corpus, selection: Selection) -> Terms:
    """The selected terms in writing."""
    first, second = corpus.pairs[selection.pairs].T
    return Terms(
        words=tuple(corpus.tokens[place] for place in selection.words),
        pairs=tuple(
            f"{corpus.tokens[left]} {corpus.tokens[right]}"
            for left, right in zip(first, second, strict=True)
        ),
        ngrams=tuple(corpus.ngrams[place] for place in selection.ngrams),
        rarity=selection.rarity,
        unseen_rarity=selection.unseen_rarity,
    )


def features(corpus: Corpus, selection: Selection) -> sparse.csr_matrix:
    """The weighted terms of each text, divided by the text's length. One column a term."""
    words, pairs, ngrams = _sections(selection)
    tokens_ngrams = corpus.tokens_ngrams[:, selection.ngrams]
    found = [
        corpus.texts_tokens[:, selection.words],
        corpus.texts_pairs[:, selection.pairs],
        corpus.texts_tokens @ tokens_ngrams,
    ]
    squared = (
        found[0] @ words**2
        + found[1] @ pairs**2
        + corpus.texts_tokens @ (tokens_ngrams @ ngrams**2)
    )
    lengths = np.sqrt(np.where(squared > 0, squared, 1.0))
    matrix = sparse.hstack(found, format="csr", dtype=np.float64)
    matrix.data *= np.concatenate((words, pairs, ngrams))[matrix.indices]
    matrix.data /= np.repeat(lengths, np.diff(matrix.indptr))
    return matrix


def word_sums(
    corpus: Corpus, selection: Selection, table: NDArray[np.float64]
) -> NDArray[np.float64]:
    """A table of terms, for each word alone: its own row and those of its letter groups."""
    ngrams = corpus.tokens_ngrams[selection.words][:, selection.ngrams]
    words = len(selection.words)
    sums: NDArray[np.float64] = table[:words] + ngrams @ table[words + len(selection.pairs) :]
    return sums


def novelty(corpus: Corpus, selection: Selection, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """The novelty of these rows to whoever knows the selected terms alone."""
    known = np.asarray(corpus.tokens_ngrams[:, selection.ngrams].sum(axis=1)).ravel()
    unseen = 1.0 - known / np.maximum(corpus.ngrams_per_token, 1.0)
    rarity = np.full(len(corpus.tokens), selection.unseen_rarity)
    rarity[selection.words] = selection.rarity[: len(selection.words)]
    new = rarity * (1.0 + unseen) / 2.0
    new[selection.words] = 0.0
    tokens = corpus.texts_tokens[rows]
    total = tokens @ rarity
    share: NDArray[np.float64] = np.where(total > 0, tokens @ new, 1.0) / np.where(
        total > 0, total, 1.0
    )
    return share


def _sections(selection: Selection) -> tuple[NDArray[np.float64], ...]:
    """The weights of words, pairs and letter groups before training."""
    words, pairs, ngrams = np.split(
        selection.rarity, np.cumsum((len(selection.words), len(selection.pairs)))
    )
    return words * WORD_SCALE, pairs * PAIR_SCALE, ngrams * NGRAM_SCALE


def _presence(
    rows: NDArray[np.int64], columns: NDArray[np.int64], shape: tuple[int, int]
) -> sparse.csr_matrix:
    matrix = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
    matrix.data[:] = 1.0
    return matrix


def _spelled(tokens: Sequence[str]) -> tuple[tuple[str, ...], sparse.csr_matrix]:
    """Every letter group, and how often each token has it."""
    ids: dict[str, int] = {}
    spelled = [
        [ids.setdefault(ngram, len(ids)) for ngram in character_ngrams(token)] for token in tokens
    ]
    columns = np.array([ngram for ngrams in spelled for ngram in ngrams], np.int64)
    rows = np.repeat(np.arange(len(tokens)), [len(ngrams) for ngrams in spelled])
    shape = (len(tokens), len(ids))
    return tuple(ids), sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)


def _document_frequency(matrix: sparse.csr_matrix) -> NDArray[np.int64]:
    return np.bincount(matrix.indices, minlength=matrix.shape[1])


def _most_frequent(frequency: NDArray[np.int64], least: int, most: int) -> NDArray[np.int64]:
    order = np.argsort(-frequency, kind="stable")[:most]
    return order[frequency[order] >= least]
