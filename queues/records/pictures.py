"""Pictures that an item names: where they are, and the regions that were found in them.

An item brings them as `images: […]`, each an address, or an object with `url`, or with `data` (as
base64), and `regions` that a detector found. They need not be in the vocabulary.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from queues.errors import NotFound

_NAME: Final = "images"
_MOST: Final = 20
_MOST_REGIONS: Final = 100
_KIND: Final = "picture"
_SHARES: Final = ("x", "y", "width", "height")


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A rectangle that a detector found, in shares of width and height, from the upper left."""

    x: float
    y: float
    width: float
    height: float
    label: str | None
    confidence: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture of an item, which is not fetched before somebody asks for it."""

    number: int
    regions: tuple[Region, ...]
    """None of a blind case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a picture is: one of the two."""

    url: str | None = None
    data: bytes | None = None


def pictures_of(content: Mapping[str, Any]) -> tuple[Picture, ...]:
    """The pictures of an item, as it was sent, or as a blind reviewer may see it."""
    return tuple(
        Picture(number=number, regions=_regions(given))
        for number, given in enumerate(_given(content))
    )


def source_of(content: Mapping[str, Any], number: int) -> Source:
    """Where a picture of an item is.

    Raises:
        NotFound: the item names no such picture, or names it in a form that nobody knows.
    """
    given = _given(content)
    one = given[number] if number < len(given) else None
    found = _source(one)
    if found is None:
        raise NotFound(_KIND, str(number))
    return found


def _source(given: object) -> Source | None:
    if isinstance(given, str):
        return Source(url=given)
    if not isinstance(given, Mapping):
        return None
    url, data = given.get("url"), given.get("data")
    if isinstance(data, str):
        try:
            return Source(data=base64.b64decode(data, validate=True))
        except binascii.Error:
            return None
    return Source(url=url) if isinstance(url, str) else None


def _given(content: Mapping[str, Any]) -> Sequence[object]:
    found = content.get(_NAME)
    return found[:_MOST] if isinstance(found, list) else ()


def _regions(given: object) -> tuple[Region, ...]:
    found = given.get("regions") if isinstance(given, Mapping) else None
    if not isinstance(found, list):
        return ()
    read = (_region(each) for each in found[:_MOST_REGIONS])
    return tuple(each for each in read if each is not None)


def _region(given: object) -> Region | None:
    """A rectangle within its picture; None: it is none."""
    if not isinstance(given, Mapping):
        return None
    shares = [given.get(name) for name in _SHARES]
    if not all(isinstance(each, int | float) and 0 <= each <= 1 for each in shares):
        return None
    x, y, width, height = map(float, shares)  # type: ignore[arg-type]  # numbers, as asked above
    label, confidence = given.get("label"), given.get("confidence")
    if min(width, height) <= 0 or x + width > 1 or y + height > 1:
        return None
    return Region(
        x=x,
        y=y,
        width=width,
        height=height,
        label=label if isinstance(label, str) else None,
        confidence=float(confidence) if isinstance(confidence, int | float) else None,
    )
