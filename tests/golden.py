"""Real votes and the reference values of several libraries for them, where they lie beside."""

import gzip
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson
import pytest

from engine.quality.agreement import Ratings

DATA: Final = Path(__file__).parents[2] / "shared" / "data"
_AGREEMENT: Final = DATA / "golden_agreement.json"
real = pytest.mark.skipif(
    not _AGREEMENT.exists(), reason="no reference values of agreement beside the checkout"
)


@cache
def golden() -> Any:  # noqa: ANN401  # JSON
    """Reference values of agreement, by data set."""
    return orjson.loads(_AGREEMENT.read_bytes())["datasets"]


@dataclass(frozen=True, slots=True)
class Rated:
    """An item of a data set, without its text."""

    id: str
    said: Mapping[str, str]
    """Annotator → label; where people are not identified, the votes of an item are numbered."""
    right: str | None
    """Its class; None: nobody knows."""
    platform: str | None
    functionality: str | None
    published: bool
    """Whether it is of the suite that was published."""


@cache
def items_of(source: str) -> tuple[Rated, ...]:
    """A data set."""
    with gzip.open(DATA / f"{source}.jsonl.gz") as lines:
        return tuple(_rated(orjson.loads(line)) for line in lines)


def votes_of(items: Iterable[Rated], merged: Mapping[str, str] | None = None) -> Ratings:
    """Who said what of each item.

    Args:
        items: Of a data set.
        merged: Label → what it counts as.
    """
    if merged is None:
        return {item.id: item.said for item in items}
    return {item.id: {who: merged[label] for who, label in item.said.items()} for item in items}


def _rated(item: Mapping[str, Any]) -> Rated:
    meta = item["meta"]
    return Rated(
        id=item["id"],
        said={
            sys.intern(vote["annotator"]): sys.intern(vote["label"]) for vote in item["annotations"]
        },
        right=item["labels"]["class"],
        platform=meta.get("platform"),
        functionality=meta.get("functionality"),
        published=meta.get("in_test_suite", False),
    )
