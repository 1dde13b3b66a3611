"""What authors and moderators are told: texts of the source with placeholders of ours."""

import re
from typing import Final

from engine.importing.automoderator.fates import Notes
from engine.importing.automoderator.searches import Place
from engine.rules.suggestions import shown

_PLACEHOLDER = re.compile(r"\{\{\s*([^{}\n]*?)\s*\}\}")
_BRACES = re.compile(r"\{{2,}|\}{2,}")
_MATCH = re.compile(r"match(?:-[a-z_+~#-]*?)?(?:-?(\d+))?")
#: The field that holds what a placeholder shows.
_FIELDS: Final = {
    "author": "author.name",
    "author_flair_text": "author.flair_text",
    "author_flair_css_class": "author.flair_css_class",
    "author_flair_template_id": "author.flair_template_id",
    "title": "item.title",
    "url": "item.url",
    "domain": "item.host",
    "permalink": "item.permalink",
    "subreddit": "community.name",
    "media_author": "media.author",
    "media_author_url": "media.author_url",
    "media_title": "media.title",
    "media_description": "media.description",
}


def translated(place: Place, text: str, line: int) -> str:
    """A text for the author, its placeholders replaced."""

    def put(found: re.Match[str]) -> str:
        return _replaced(place, found[1].strip(), line)

    parts = _PLACEHOLDER.split(text)
    outside = [_BRACES.sub(lambda one: one[0][0], part) for part in parts[::2]]
    inside = [_PLACEHOLDER.sub(put, f"{{{{{name}}}}}") for name in parts[1::2]]
    pairs = zip(outside, [*inside, ""], strict=True)
    return "".join(part for pair in pairs for part in pair)


def _replaced(place: Place, name: str, line: int) -> str:
    lowered = name.lower()
    found = _MATCH.fullmatch(lowered)
    if found is not None:
        _warn_of_group(place.notes, found[1], line)
        return "{{match}}"
    if lowered == "kind":
        return "{{item.kind}}"
    if lowered == "body":
        field = "text" if place.kinds == ("comment",) else "item.body"
        return f"{{{{{place.words.field(field, place.notes, line)}}}}}"
    if lowered not in _FIELDS:
        message = f"`{shown(name)}` in double braces is no placeholder; its braces are left out"
        place.notes.changed(line, message)
        return name
    return f"{{{{{place.words.field(_FIELDS[lowered], place.notes, line)}}}}}"


def _warn_of_group(notes: Notes, group: str | None, line: int) -> None:
    if group is not None and int(group[:4]) > 1:
        message = f"`match-{group}` is a group of a pattern; the whole match is shown instead"
        notes.changed(line, message)
