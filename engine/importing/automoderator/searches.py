"""Search checks of the source as conditions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.importing.automoderator.domains import domain_condition, seems_domains
from engine.importing.automoderator.fates import ByHand, Dead, Notes
from engine.importing.automoderator.lists import Lists
from engine.importing.automoderator.modifiers import Method, Search
from engine.importing.automoderator.nodes import (
    Text,
    Value,
    as_source_reads,
    is_nothing,
    texts_of,
)
from engine.importing.automoderator.patterns import add_pattern
from engine.importing.automoderator.targets import ITEM, Target, field_of
from engine.importing.automoderator.terms import (
    Terms,
    add_literal,
    has_control_character,
    seems_a_pattern,
)
from engine.importing.automoderator.vocabulary import Words
from engine.importing.conditions import ALWAYS, Condition, Leaf, every, leaf, no, one_of
from engine.importing.writing import Bare, Data
from engine.rules.limits import PATTERN_LENGTH
from engine.rules.suggestions import shown

_TITLE_AND_BODY = frozenset({"title", "body"})
_OF_BOTH = frozenset({"text", "item.body", "item.unquoted_body", "item.id"})
#: With one of these, domains are looked for among all links of an item.
_BESIDE_DOMAIN = frozenset({"domain", "url", "title", "body", "media_description", "media_title"})


@dataclass(frozen=True, slots=True)
class Place:
    """What the checks of a rule need to know."""

    words: Words
    lists: Lists
    notes: Notes
    kinds: tuple[str, ...]
    """The kinds of items that the rule looks at."""
    unquoted: bool = False
    """Whether quotations are left out of the body."""


def search_condition(place: Place, target: Target, search: Search, value: Value) -> Condition:
    """The condition that a search check means.

    Raises:
        ByHand: One of its patterns needs a person, or a value is empty.
        Dead: Nothing that it looks for can ever be found.
    """
    fields = _searched(place, target, search)
    if is_nothing(value):
        place.notes.lost(search.line, f"`{'+'.join(fields)}` looks for nothing: no check at all")
        return ALWAYS
    values = _values(place, search, value)
    if not values:
        return ALWAYS
    if target.account and fields == ("name",) and search.usual and not search.regex:
        message = "names are compared whole; the source also finds them beside a hyphen"
        place.notes.changed(search.line, message)
        search = replace(search, method=Method.EXACT)
    found = _by_domain(place, target, search, fields, values)
    if search.method is Method.DOMAIN:
        # What is left is a pattern, which the source looks for as it does for words.
        search = replace(search, method=Method.WORD)
    if found is None:
        found = _by_words(place, target, replace(search, fields=fields), values)
    if search.negated:
        _warn_of_unknown(place, search, fields)
        return no(found)
    return found


def _searched(place: Place, target: Target, search: Search) -> tuple[str, ...]:
    """The fields of a check that its target has."""
    fields = tuple(name for name in search.fields if name in target.searched)
    if place.kinds == ("comment",) and target is ITEM:
        fields = tuple(name for name in fields if name in ("id", "body"))
    if not fields:
        names = "+".join(search.fields)
        where = f"`{target.key}`" if target.key else "items of this type"
        raise Dead(search.line, f"`{shown(names)}` cannot be searched on {where}")
    return fields


def _values(place: Place, search: Search, value: Value) -> list[Text]:
    """What is looked for, without what the source can never find."""
    found: list[Text] = []
    for text in texts_of(value):
        if len(text.value) > PATTERN_LENGTH:
            message = f"a value has {len(text.value):,} characters, {PATTERN_LENGTH:,} are possible"
            raise ByHand(text.line, message)
        read = as_source_reads(text)
        if read != text.value and read.casefold() != text.value.casefold():
            message = f"`{shown(text.value)}` without quotes is `{shown(read)}` to the source"
            place.notes.changed(text.line, f"{message}; what was written is looked for here")
        if has_control_character(text.value):
            message = "an escape in double quotes is a control character, so this is never found"
            place.notes.lost(text.line, f"{message}: `{shown(text.value)}`; use single quotes")
        elif not search.regex and seems_a_pattern(text.value):
            message = f"`{shown(text.value)}` is a pattern, and the check has no `(regex)`"
            place.notes.lost(text.line, f"{message}: these very letters are never found")
        elif text.value.strip():
            found.append(text)
        else:
            raise ByHand(text.line, "an empty value is found in every text; leave it out")
    if not found and not search.negated:
        raise Dead(search.line, "nothing of what this check looks for can ever be found")
    return found


def _by_domain(
    place: Place, target: Target, search: Search, fields: tuple[str, ...], values: Sequence[Text]
) -> Condition | None:
    """The condition where domains are looked for; None: something else is."""
    alone = search.method is Method.DOMAIN and not search.regex
    among = (
        "domain" in fields
        and len(fields) > 1
        and target is ITEM
        and set(fields) <= _BESIDE_DOMAIN
        and search.method in (Method.WORD, Method.INSIDE)
        and not search.regex
        and seems_domains(values)
    )
    if not (alone or among):
        return None
    return domain_condition(place, target, search, values, among=among)


def _by_words(place: Place, target: Target, search: Search, values: Sequence[Text]) -> Condition:
    terms = _terms(place, search, values)
    if terms.always:
        return ALWAYS
    parts = [
        condition
        for name in _as_fields(place, target, search, terms)
        for condition in _conditions(place, name, terms, search)
    ]
    return one_of(parts)


def _terms(place: Place, search: Search, values: Sequence[Text]) -> Terms:
    """What is looked for; of several patterns one for a person is left out, and said to be.

    What excuses is not left out: the rule would find more than it did.
    """
    terms = Terms()
    refused: list[ByHand] = []
    for text in values:
        add = add_pattern if search.regex else add_literal
        try:
            add(terms, text.value, search, place.notes, text.line)
        except ByHand as reason:
            refused.append(reason)
    if refused and (search.negated or terms.empty):
        raise refused[0]
    for each in refused:
        place.notes.changed(each.line, f"left out: {each.message}")
    return terms


def _as_fields(place: Place, target: Target, search: Search, terms: Terms) -> list[str]:
    """The fields of ours that are looked at, title and body together where that is the same."""
    names = list(search.fields)
    found: list[str] = []
    both = set(names) >= _TITLE_AND_BODY and not (terms.whole or terms.anchored)
    if target is ITEM and not place.unquoted and both:
        found.append(place.words.field("text", place.notes, search.line))
        names = [name for name in names if name not in _TITLE_AND_BODY]
    found += [_field(place, target, name, search.line) for name in names]
    return list(dict.fromkeys(found))


def _field(place: Place, target: Target, name: str, line: int) -> str:
    if name == "domain":
        name = "host"
    if name == "body":
        return body_field(place, target, line)
    return place.words.field(field_of(target, name), place.notes, line)


def body_field(place: Place, target: Target, line: int) -> str:
    """The field with the body: of a comment the text itself."""
    if place.unquoted:
        return place.words.field(f"{target.prefix}.unquoted_body", place.notes, line)
    if target is ITEM and place.kinds == ("comment",):
        return place.words.field("text", place.notes, line)
    return place.words.field(field_of(target, "body"), place.notes, line)


def _conditions(place: Place, name: str, terms: Terms, search: Search) -> list[Condition]:
    exact: tuple[tuple[str, Data], ...] = (("spelling", "exact"),) if search.exact else ()
    found: list[Condition] = []
    for operator in sorted(terms.found):
        values = terms.found[operator]
        listed = None
        if operator == "has_any":
            listed = place.lists.words(values, exact=search.exact)
        if listed is not None:
            found.append(leaf(name, "has_any_in", [listed]))
        else:
            found.append(Leaf(name, ((operator, _one_or_more(operator, values)), *exact)))
    found += [_shorter(place, name, most, search) for most in terms.shorter]
    for least, most in terms.between:
        tests: list[tuple[str, Data]] = [("longer_than", Bare(str(least)))]
        if most is not None:
            tests.append(("shorter_than", Bare(str(most))))
        found.append(Leaf(name, tuple(tests)))
    return found


def _shorter(place: Place, name: str, most: int, search: Search) -> Condition:
    """A text has few characters; what comments do not have at all is not short on them."""
    found = leaf(name, "shorter_than", Bare(str(most)))
    if len(place.kinds) == 1 or name in _OF_BOTH:
        return found
    kind = place.words.field("item.kind", place.notes, search.line)
    return every([leaf(kind, "is", "post"), found])


def _one_or_more(operator: str, values: list[str]) -> Data:
    return values[0] if len(values) == 1 and operator == "matches" else values


def _warn_of_unknown(place: Place, search: Search, fields: tuple[str, ...]) -> None:
    """Note where a missing value counts as "not found" in the source, and as unknown here."""
    unsure = [name for name in fields if name.startswith(("media_", "crosspost_"))]
    if unsure and len(unsure) < len(fields):
        message = f"where `{unsure[0]}` did not arrive, the rule cannot tell and does nothing here"
        place.notes.changed(search.line, message)
