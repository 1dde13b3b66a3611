"""Search checks by their key: what is searched, and how, as in `~body+title#2 (includes)`."""

import re
from dataclasses import dataclass
from enum import StrEnum

from engine.importing.automoderator.fates import ByHand, Notes
from engine.importing.automoderator.nodes import Text
from engine.rules.suggestions import shown


class Method(StrEnum):
    """Where in a text a value has to stand."""

    WORD = "includes-word"
    INSIDE = "includes"
    START = "starts-with"
    END = "ends-with"
    EXACT = "full-exact"
    FULL = "full-text"
    #: The usual one of `domain`: the domain itself, and what is below it.
    DOMAIN = "domain"


_METHODS = {method.value: method for method in Method if method is not Method.DOMAIN}
_DEFAULTS = {
    "domain": Method.DOMAIN,
    "id": Method.EXACT,
    "crosspost_id": Method.EXACT,
    "url": Method.INSIDE,
    "flair_text": Method.EXACT,
    "flair_css_class": Method.EXACT,
    "flair_template_id": Method.EXACT,
    "media_author": Method.EXACT,
    "media_author_url": Method.INSIDE,
    "event_label": Method.EXACT,
}
_KEY = re.compile(r"(~?)\s*([^\s(#~]+)(#[^\s(]*)?\s*(?:\(([^()]*)\))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a search check asks."""

    fields: tuple[str, ...]
    """As the source calls them."""
    negated: bool
    method: Method
    regex: bool
    exact: bool
    """Whether case counts."""
    line: int
    usual: bool = False
    """Whether no method was named."""


def name_of(key: str) -> str:
    """The first field that a key names, for a look at what it may be."""
    found = _KEY.fullmatch(_tidy(key))
    return found[2].split("+")[0] if found is not None else key


def read_key(key: Text, notes: Notes) -> Search:
    """What a key asks.

    Raises:
        ByHand: It is no search check, or one of its modifiers is none.
    """
    found = _KEY.fullmatch(_tidy(key.value))
    if found is None:
        raise ByHand(key.line, f"`{shown(key.value)}` is no check of the source")
    fields = tuple(dict.fromkeys(found[2].split("+")))
    words = [word.strip().replace("_", "-") for word in (found[4] or "").split(",")]
    words = [word for word in words if word]
    known = {*_METHODS, "regex", "case-sensitive"}
    unknown = next((word for word in words if word not in known), None)
    if unknown is not None:
        message = f"`{shown(unknown)}` is no modifier: the source refuses the whole page"
        raise ByHand(key.line, message)
    methods = [_METHODS[word] for word in words if word in _METHODS]
    if len(methods) > 1:
        message = f"of two methods the first holds: `{methods[1]}` does nothing"
        notes.lost(key.line, message)
    usual = _DEFAULTS.get(fields[0], Method.WORD) if len(fields) == 1 else Method.WORD
    return Search(
        fields=fields,
        negated=bool(found[1]),
        method=methods[0] if methods else usual,
        regex="regex" in words,
        exact="case-sensitive" in words,
        line=key.line,
        usual=not methods,
    )


def _tidy(key: str) -> str:
    return re.sub(r"\s*\+\s*", "+", key.strip().lower())
