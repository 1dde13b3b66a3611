"""Writes models to single files and reads them back: no pickle, and nothing damaged is accepted.

A file is one line of text that names the format and the SHA-256 of all that follows, one line of
JSON that describes the model, and arrays in NumPy's own form.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from engine.classify.model import (
    Calibrator,
    Estimate,
    Head,
    Model,
    Novelty,
    Origin,
    Quality,
    Terms,
)
from engine.classify.scorer import TextClassifier
from engine.classify.tokens import LONGEST_NGRAM, SHORTEST_NGRAM
from engine.errors import InvalidModel

FORMAT: Final = "tierwise-text-model 1"


def save_model(model: Model, path: Path) -> TextClassifier:
    """Write a model; the file appears whole or not at all. Returns it ready to score."""
    written = encode(model)
    unfinished = path.with_name(f"{path.name}.part")
    unfinished.write_bytes(written)
    unfinished.replace(path)
    return TextClassifier(model, _version(written))


def load_model(path: Path) -> TextClassifier:
    """The classifier in a file.

    Raises:
        InvalidModel: the file is no model, is damaged, or is of another version.
    """
    try:
        written = path.read_bytes()
    except OSError as failure:
        raise InvalidModel(str(path), f"cannot be read: {failure.strerror}") from failure
    return TextClassifier(decode(written, str(path)), _version(written))


def encode(model: Model) -> bytes:
    """The bytes of a model's file; equal models have equal bytes."""
    body = BytesIO()
    body.write(json.dumps(_manifest(model), sort_keys=True, allow_nan=False).encode() + b"\n")
    for array in (_vocabulary(model.terms), model.terms.rarity, model.weights, model.sums):
        npy.write_array(body, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
    content = body.getvalue()
    return f"{FORMAT} {sha256(content).hexdigest()}\n".encode() + content


def decode(written: bytes, path: str) -> Model:
    """The model that was written as these bytes.

    Raises:
        InvalidModel: as in `load_model`, which names the path.
    """
    header, _, content = written.partition(b"\n")
    kind, _, digest = header.decode("ascii", "replace").rpartition(" ")
    if kind != FORMAT:
        reason = (
            f"is of another version, this one reads `{FORMAT}`"
            if kind.startswith(FORMAT.split(" ")[0])
            else "is no model of this program"
        )
        raise InvalidModel(path, reason)
    if sha256(content).hexdigest() != digest:
        raise InvalidModel(path, "is damaged: its content does not have the hash it names")
    try:
        return _decoded(content)
    except (EOFError, KeyError, TypeError, ValueError, RecursionError) as failure:
        raise InvalidModel(path, f"is malformed: {failure}") from failure


def _version(written: bytes) -> str:
    """The hash in the first line."""
    return written.partition(b"\n")[0].decode("ascii").rpartition(" ")[2]


def _manifest(model: Model) -> Mapping[str, object]:
    terms = model.terms
    return {
        "origin": asdict(model.origin),
        "heads": [asdict(head) for head in model.heads],
        "novelty": asdict(model.novelty),
        "terms": {
            "words": len(terms.words),
            "pairs": len(terms.pairs),
            "ngrams": len(terms.ngrams),
            "unseen_rarity": terms.unseen_rarity,
            "sha256": sha256(_vocabulary(terms).tobytes()).hexdigest(),
        },
    }


def _vocabulary(terms: Terms) -> NDArray[np.uint8]:
    """All terms as lines of UTF-8; no term holds a line break."""
    lines = "\n".join((*terms.words, *terms.pairs, *terms.ngrams))
    return np.frombuffer(lines.encode(), np.uint8)


def _decoded(content: bytes) -> Model:
    body = BytesIO(content)
    manifest = json.loads(body.readline())
    vocabulary, rarity, weights, sums = (npy.read_array(body, allow_pickle=False) for _ in range(4))
    heads = tuple(_head(head) for head in manifest["heads"])
    terms = _terms(manifest["terms"], vocabulary.tobytes().decode(), rarity)
    expected = (len(rarity), len(heads)), (len(terms.words), len(heads) + 1)
    if (weights.shape, sums.shape) != expected:
        message = f"arrays of shapes {weights.shape} and {sums.shape}, expected {expected}"
        raise ValueError(message)
    if not all(np.isfinite(array).all() for array in (rarity, weights, sums)):
        message = "a number is not finite"
        raise ValueError(message)
    return Model(
        origin=Origin(**manifest["origin"]),
        terms=terms,
        heads=heads,
        novelty=Novelty(**manifest["novelty"]),
        weights=weights,
        sums=sums,
    )


def _terms(counts: Mapping[str, float], vocabulary: str, rarity: NDArray[np.float64]) -> Terms:
    lines = vocabulary.split("\n") if vocabulary else []
    words, pairs = int(counts["words"]), int(counts["pairs"])
    if not len(lines) == len(rarity) == words + pairs + int(counts["ngrams"]):
        message = f"{len(lines)} terms, {len(rarity)} rarities"
        raise ValueError(message)
    terms = Terms(
        words=tuple(lines[:words]),
        pairs=tuple(lines[words : words + pairs]),
        ngrams=tuple(lines[words + pairs :]),
        rarity=rarity,
        unseen_rarity=float(counts["unseen_rarity"]),
    )
    _check(terms)
    return terms


def _check(terms: Terms) -> None:
    """Terms are looked up, so that each must be one that can be found, and only once."""
    for kept in (terms.words, terms.pairs, terms.ngrams):
        if len(set(kept)) != len(kept):
            message = "a term stands there twice"
            raise ValueError(message)
    if any(pair.count(" ") != 1 for pair in terms.pairs):
        message = "a pair is not made of two words"
        raise ValueError(message)
    if any(not SHORTEST_NGRAM <= len(ngram) <= LONGEST_NGRAM for ngram in terms.ngrams):
        message = f"a letter group is shorter than {SHORTEST_NGRAM} or longer than {LONGEST_NGRAM}"
        raise ValueError(message)


def _head(raw: Mapping[str, Any]) -> Head:
    return Head(
        signal=str(raw["signal"]),
        label=str(raw["label"]),
        bias=float(raw["bias"]),
        calibrator=Calibrator(**{name: float(each) for name, each in raw["calibrator"].items()}),
        quality=_quality(raw["quality"]),
    )


def _quality(raw: Mapping[str, Any]) -> Quality:
    return Quality(
        rows=int(raw["rows"]),
        positives=int(raw["positives"]),
        accuracy=Estimate(**raw["accuracy"]),
        macro_f1=Estimate(**raw["macro_f1"]),
        auroc=Estimate(**raw["auroc"]),
        calibration_error=Estimate(**raw["calibration_error"]),
    )
