"""What a rule of the source sets on a post or an account, as labels for the host."""

import re
from collections.abc import Iterator

from engine.importing.automoderator.nodes import Items, Lines, Text, Value, as_yes_no, texts_of
from engine.importing.writing import one_line

#: Key → what is set by yes, and by no.
_SWITCHES = {
    "set_locked": ("locked", "unlocked"),
    "set_sticky": ("sticky", "not-sticky"),
    "set_nsfw": ("nsfw", "not-nsfw"),
    "set_spoiler": ("spoiler", "not-spoiler"),
    "set_contest_mode": ("contest-mode", "no-contest-mode"),
    "set_original_content": ("original-content", "not-original-content"),
}
_CHOICES = {
    "set_suggested_sort": "suggested-sort",
    "set_post_crowd_control_level": "crowd-control",
}
#: Every key that sets something.
SETTERS = ("set_flair", *_SWITCHES, *_CHOICES)
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")
_LONGEST = 40


def label_of(key: str, value: Value) -> str | None:
    """The label for what is set; None: the value says nothing."""
    if key == "set_flair":
        return "-".join(["flair", *_slugs(_flair(value))])
    if key in _CHOICES:
        return "-".join([_CHOICES[key], *_slugs(texts_of(value))])
    said = as_yes_no(value)
    if said is not None:
        return _SWITCHES[key][0 if said else 1]
    number = value.value.strip() if isinstance(value, Text) else ""
    return f"{_SWITCHES[key][0]}-{number}" if number.isdecimal() else None


def told_of(key: str, value: Value) -> str:
    """What is set, in the words of the source."""
    if isinstance(value, Lines):
        inner = "; ".join(told_of(one.value, each) for one, each in value.pairs)
        return f"{key}: {inner}"
    return f"{key}: {', '.join(one_line(text.value) for text in texts_of(value))}"


def _flair(value: Value) -> Iterator[Text]:
    if isinstance(value, Lines):
        for key, one in value.pairs:
            if key.value in ("text", "css_class") and isinstance(one, Text):
                yield one
    elif isinstance(value, Items | Text):
        yield from texts_of(value)


def slug(text: str) -> str:
    """A text as part of a name: lower-case letters and digits, with `-` between words."""
    plain = text.lower().encode("ascii", "ignore").decode()
    found = _NOT_IN_NAMES.sub("-", plain).strip("-")
    if len(found) <= _LONGEST:
        return found
    cut = found[: _LONGEST + 1].rpartition("-")[0]
    return (cut or found[:_LONGEST]).strip("-")


def _slugs(texts: Iterator[Text]) -> list[str]:
    found = [slug(text.value) for text in texts]
    return [one for one in found if one][:1]
