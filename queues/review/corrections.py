"""What a reviewer says is wrong with what the machine marked: labels, spans and regions.

Each mark is `accepted`, `rejected`, `adjusted` (with what it was) or `added`. They change no
action; they are what a classifier and its explanations learn from.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar, Final

from pydantic import ConfigDict, Field

from engine.item import Value
from queues.errors import Refused

_EXTRA: Final = ConfigDict(extra="forbid")
#: A share of the width or height of a picture.
Share = Annotated[float, Field(ge=0, le=1)]
Place = Annotated[int, Field(ge=0, lt=2**31)]
#: Postgres keeps no character 0.
Name = Annotated[str, Field(min_length=1, max_length=512, pattern=r"^[^\x00]*$")]
_MOST: Final = 200
#: Sums of shares are rounded by whoever sends them.
_ROUNDING: Final = 1e-6


class Judged(StrEnum):
    """What a reviewer thinks of a mark."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    #: It lies elsewhere than the machine said, or is called otherwise.
    ADJUSTED = "adjusted"
    #: The machine missed it.
    ADDED = "added"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelMark:
    """A reason of the policy, as a label of the item."""

    __pydantic_config__: ClassVar[ConfigDict] = _EXTRA

    name: Name
    judged: Judged
    was: Name | None = None
    """Of an adjusted one: what the machine said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanMark:
    """A piece of a text, in characters; the end is not in it."""

    __pydantic_config__: ClassVar[ConfigDict] = _EXTRA

    field: Name
    start: Place
    end: Place
    judged: Judged
    label: Name | None = None
    was: tuple[Place, Place] | None = None
    """Of an adjusted one: where the machine saw it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionMark:
    """A rectangle of a picture, in shares of its width and height, from the upper left corner."""

    __pydantic_config__: ClassVar[ConfigDict] = _EXTRA

    x: Share
    y: Share
    width: Share
    height: Share
    judged: Judged
    image: Place = 0
    """Which picture of the item."""
    label: Name | None = None
    was: tuple[Share, Share, Share, Share] | None = None
    """Of an adjusted one: x, y, width and height that the machine saw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """All that a reviewer says about marks."""

    __pydantic_config__: ClassVar[ConfigDict] = _EXTRA

    labels: Annotated[tuple[LabelMark, ...], Field(max_length=_MOST)] = ()
    spans: Annotated[tuple[SpanMark, ...], Field(max_length=_MOST)] = ()
    regions: Annotated[tuple[RegionMark, ...], Field(max_length=_MOST)] = ()


#: The fields of the item, read when a span asks for them.
Fields = Callable[[], Mapping[str, Value]]


def check(corrections: Corrections, reasons: Collection[str], fields: Fields) -> None:
    """See whether marks are possible.

    Args:
        corrections: As they were given.
        reasons: Those of the policy, which labels are made of.
        fields: Of the item.

    Raises:
        Refused: a label is no reason, or a mark lies outside of its text or picture; says which.
    """
    for number, label in enumerate(corrections.labels):
        where = f"corrections.labels[{number}]"
        _known(label.name, reasons, f"{where}.name")
        _moved(label.judged, label.was, where)
    texts = fields() if corrections.spans else {}
    for number, span in enumerate(corrections.spans):
        where = f"corrections.spans[{number}]"
        _labelled(span.label, reasons, where)
        _moved(span.judged, span.was, where)
        _inside(span, texts, where)
    for number, region in enumerate(corrections.regions):
        where = f"corrections.regions[{number}]"
        _labelled(region.label, reasons, where)
        _moved(region.judged, region.was, where)
        _on_picture(region, where)


def _known(name: str, reasons: Collection[str], where: str) -> None:
    if name not in reasons:
        raise Refused(where, f"the policy has no reason `{name}`")


def _labelled(label: str | None, reasons: Collection[str], where: str) -> None:
    if label is not None:
        _known(label, reasons, f"{where}.label")


def _moved(judged: Judged, was: object, where: str) -> None:
    """Only what was adjusted was something else before."""
    if (judged is Judged.ADJUSTED) != (was is not None):
        why = "is missing" if was is None else f"is for what was adjusted, not {judged}"
        what = f"{where}.was"
        raise Refused(what, why)


def _inside(span: SpanMark, texts: Mapping[str, Value], where: str) -> None:
    text = texts.get(span.field)
    if not isinstance(text, str):
        what = f"{where}.field"
        raise Refused(what, f"the item has no text `{span.field}`")
    if not span.start < span.end <= len(text):
        why = f"must lie after start ({span.start}) and within {len(text)} characters"
        what = f"{where}.end"
        raise Refused(what, why)


def _on_picture(region: RegionMark, where: str) -> None:
    for place, size, name in (
        (region.x, region.width, "width"),
        (region.y, region.height, "height"),
    ):
        if size <= 0 or place + size > 1 + _ROUNDING:
            what = f"{where}.{name}"
            raise Refused(what, "must be above 0 and end within the picture")
