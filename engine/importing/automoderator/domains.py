"""Checks of domains: a domain and what is below it."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.importing.automoderator.fates import ByHand, Dead
from engine.importing.automoderator.modifiers import Search
from engine.importing.automoderator.nodes import Text
from engine.importing.automoderator.targets import ITEM, Target, field_of
from engine.importing.conditions import Condition, leaf, one_of, yes_no
from engine.rules.suggestions import shown

if TYPE_CHECKING:
    from engine.importing.automoderator.searches import Place

_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,62}")
_SCHEME = re.compile(r"^(?:https?://)?(?:www\.)?", re.IGNORECASE)


def as_domain(value: str) -> str | None:
    """The domain that a value names, if it is one."""
    written = value.strip().lower().removeprefix("*").strip(".")
    return written if _DOMAIN.fullmatch(written) else None


def seems_domains(values: Sequence[Text]) -> bool:
    """Whether all values are domains."""
    return all(as_domain(text.value) is not None for text in values)


def domain_condition(
    place: "Place", target: Target, search: Search, values: Sequence[Text], *, among: bool
) -> Condition:
    """The condition that a link leads to one of these domains, or below.

    Args:
        place: Of the rule.
        target: What is looked at.
        search: The check.
        values: What it looks for.
        among: Whether all links of the item are looked at, those in its text too.

    Raises:
        Dead: None of them is a domain.
    """
    names: list[str] = []
    parts: list[Condition] = []
    for text in values:
        name = as_domain(text.value)
        if name is None:
            _note_no_domain(place, text)
        elif name.startswith("self."):
            field = place.words.field(field_of(target, "is_text_post"), place.notes, text.line)
            parts.append(yes_no(field, value=True))
        elif name not in names:
            names.append(name)
    if names:
        parts.insert(0, _domains(place, target, search, names, among=among))
    if parts:
        return one_of(parts)
    if search.negated:
        raise ByHand(search.line, "no domain is left to be excluded")
    raise Dead(search.line, "no domain is left that could be found")


def _domains(
    place: "Place", target: Target, search: Search, names: list[str], *, among: bool
) -> Condition:
    if among:
        message = "domains are found among the links of an item; a plain mention does not count"
        place.notes.changed(search.line, message)
    key = "links.domain" if among and target is ITEM else field_of(target, "domain")
    field = place.words.field(key, place.notes, search.line)
    listed = place.lists.domains(names)
    if listed is not None:
        return leaf(field, "includes_any_in", [listed])
    return leaf(field, "includes_any", names)


def _note_no_domain(place: "Place", text: Text) -> None:
    rest = _SCHEME.sub("", text.value.strip())
    host = rest.split("/")[0]
    message = f"`{shown(text.value)}` is no domain, and so never found"
    if host != text.value.strip() and as_domain(host) is not None:
        message += f"; `url` would find it, or `{shown(host)}` here"
    place.notes.lost(text.line, message)
