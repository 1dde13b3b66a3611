"""What is about to be said of a case, as a draft that survives a reload."""

from contextlib import suppress
from dataclasses import asdict
from typing import Any

import orjson

from dashboard.desk.saying import Drawing, Saying, Span
from dashboard.holding import Draft
from dashboard.showing.item import Selected
from dashboard.showing.picture import Box


def draft_of(saying: Saying) -> Draft:
    """All of it; what is only being asked for is asked for again."""
    chosen = {
        "reason": saying.reason,
        "policy": saying.policy,
        "labels": saying.labels,
        "pieces": [[*place, judged] for place, judged in saying.pieces.items()],
        "added": [[asdict(span.at), span.label] for span in saying.added],
        "drawings": [[*place, asdict(each)] for place, each in saying.drawings.items()],
        "new": [asdict(each) for each in saying.new_drawings],
    }
    choices = orjson.dumps(chosen).decode() if any(chosen.values()) else ""
    return Draft(text=saying.note, choices=choices)


def resumed(draft: Draft) -> Saying:
    """What was about to be said; choices that an older page kept in another form are left out."""
    saying = Saying(note=draft.text, kept=draft)
    if draft.choices:
        with suppress(ValueError, KeyError, TypeError):
            _choose(saying, orjson.loads(draft.choices))
    return saying


def _choose(saying: Saying, chosen: dict[str, Any]) -> None:
    pieces = {(name, start, end): judged for name, start, end, judged in chosen["pieces"]}
    added = [Span(Selected(**at), label) for at, label in chosen["added"]]
    drawings = {(picture, place): _drawing(each) for picture, place, each in chosen["drawings"]}
    new = [_drawing(each) for each in chosen["new"]]
    saying.reason, saying.policy, saying.labels = (
        chosen[name] for name in ("reason", "policy", "labels")
    )
    saying.pieces, saying.added = pieces, added
    saying.drawings, saying.new_drawings = drawings, new


def _drawing(kept: dict[str, Any]) -> Drawing:
    boxes = {name: None if kept[name] is None else Box.of(kept[name]) for name in ("box", "was")}
    return Drawing(**{**kept, **boxes})
