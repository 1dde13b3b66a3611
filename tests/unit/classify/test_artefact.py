"""Models are written to files and read back."""

import dataclasses
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.classify.artefact import FORMAT, decode, encode, load_model, save_model
from engine.errors import InvalidModel
from tests.generators.labelled import small_file, small_model


def forged(manifest: dict[str, object]) -> bytes:
    """The small model with some of its description replaced, and a hash that fits."""
    _, description, arrays = small_file().split(b"\n", 2)
    content = json.dumps({**json.loads(description), **manifest}).encode() + b"\n" + arrays
    return f"{FORMAT} {sha256(content).hexdigest()}\n".encode() + content


def test_a_model_survives_its_file(tmp_path: Path) -> None:
    """What is read back scores as what was written, under the same version."""
    path = tmp_path / "small.model"
    saved, loaded = save_model(small_model(), path), load_model(path)
    assert saved.version == loaded.version
    assert (loaded.name, loaded.signals) == (
        "small",
        ("score.unkind", "score.good", "score.novelty"),
    )
    assert loaded.score_one("all zorblings") == saved.score_one("all zorblings")
    assert encode(loaded.model) == path.read_bytes()
    assert [file.name for file in tmp_path.iterdir()] == ["small.model"]


def test_the_version_is_the_hash_of_the_content(tmp_path: Path) -> None:
    """Another weight is another version."""
    model = small_model()
    other = dataclasses.replace(model, weights=model.weights + 1e-9)
    versions = [save_model(each, tmp_path / "m").version for each in (model, other)]
    assert versions[0] == sha256(small_file().partition(b"\n")[2]).hexdigest()
    assert versions[0] != versions[1]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (b"", "is no model of this program"),
        (b"PK\x03\x04", "is no model of this program"),
        (b"tierwise-text-model 2 abc\n", "is of another version, this one reads"),
        (small_file()[:-1], "is damaged"),
        (small_file() + b"\x00", "is damaged"),
        (forged({"heads": []}), "is malformed"),
        (forged({"heads": 5}), "is malformed"),
        (forged({"terms": {}}), "is malformed"),
        (forged({"terms": {"words": 1, "pairs": 1, "ngrams": 1, "unseen_rarity": 1}}), "malformed"),
        (forged({"novelty": {"signal": "x", "other": 1}}), "is malformed"),
    ],
)
def test_other_files_are_refused(written: bytes, reason: str) -> None:
    """A file that is no model, damaged or of another version says so."""
    with pytest.raises(InvalidModel, match=reason) as caught:
        decode(written, "some.model")
    assert caught.value.path == "some.model"


def test_weights_that_are_no_numbers_are_refused() -> None:
    """A score would be none either."""
    model = small_model()
    broken = dataclasses.replace(model, sums=np.full_like(model.sums, np.nan))
    with pytest.raises(InvalidModel, match="not finite"):
        decode(encode(broken), "m")


@pytest.mark.parametrize(
    ("kind", "term", "reason"),
    [
        ("words", None, "a term stands there twice"),
        ("pairs", None, "a term stands there twice"),
        ("ngrams", None, "a term stands there twice"),
        ("pairs", "zorb", "a pair is not made of two words"),
        ("pairs", "a b c", "a pair is not made of two words"),
        ("ngrams", "zo", "a letter group is shorter than 3 or longer than 5"),
        ("ngrams", "zorbli", "a letter group is shorter than 3 or longer than 5"),
    ],
)
def test_terms_that_cannot_be_looked_up_are_refused(
    kind: str, term: str | None, reason: str
) -> None:
    """No text can hold such a term, or it would not be clear which of two is meant."""
    model = small_model()
    others = getattr(model.terms, kind)[1:]
    changed: dict[str, Any] = {kind: (term or others[0], *others)}
    terms = dataclasses.replace(model.terms, **changed)
    with pytest.raises(InvalidModel, match=reason):
        decode(encode(dataclasses.replace(model, terms=terms)), "m")


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    """The error says which file, and why."""
    with pytest.raises(InvalidModel, match=r"absent\.model.*No such file"):
        load_model(tmp_path / "absent.model")
