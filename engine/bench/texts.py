"""The texts to judge: distinct ones out of files, or invented ones."""

import gzip
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import orjson

from engine.samples import generate
from engine.sampling import fraction

#: Characters of a short comment; those up to here have 84 on average, and 15 words.
LONGEST: Final = 180
MOST_TEXTS: Final = 20_000


def texts_of(paths: Sequence[Path], seed: int, most: int = MOST_TEXTS) -> list[str]:
    """So many distinct short texts: of files of items (JSON lines, `.gz` too), or invented ones."""
    written = _written(paths) if paths else _invented(most, seed)
    distinct = dict.fromkeys(text for text in written if 0 < len(text.strip()) <= LONGEST)
    return sorted(distinct, key=lambda text: fraction(f"bench {seed}", text))[:most]


def fair(texts: Iterable[str]) -> list[str]:
    """The texts that every engine reads alike: ASCII, where `_` cannot be taken for a letter."""
    return [text for text in texts if text.isascii() and "_" not in text]


def as_others_need(text: str) -> str:
    """A fair text as an engine without folding is given it: lower case, single spaces."""
    return " ".join(text.lower().split())


def pieces(texts: Iterable[str], size: int) -> list[str]:
    """All texts in a row, cut into pieces of so many characters; nothing occurs twice."""
    whole = " ".join(texts)
    return [whole[start : start + size] for start in range(0, len(whole) - size + 1, size)]


def _written(paths: Sequence[Path]) -> Iterator[str]:
    for path in paths:
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rb") as lines:
            for line in lines:
                item = orjson.loads(line)
                text = item.get("text") if isinstance(item, dict) else None
                if isinstance(text, str):
                    yield text


def _invented(count: int, seed: int) -> Iterator[str]:
    # One in seven repeats another.
    for item in generate(count * 6 // 5, seed):
        yield str(item["text"])
