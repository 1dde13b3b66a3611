"""A rule of the source taken apart: its type, its checks, its groups and its actions."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from engine.importing.automoderator.documents import SourceDocument
from engine.importing.automoderator.fates import ByHand
from engine.importing.automoderator.kinds import kinds_of, type_of
from engine.importing.automoderator.nodes import Lines, Text, Value, as_yes_no, is_nothing
from engine.importing.automoderator.outcomes import KEYS, actions_in
from engine.importing.automoderator.searches import Place
from engine.importing.automoderator.standards import DOMAINS, PATTERNS
from engine.importing.automoderator.targets import GROUPS
from engine.rules.suggestions import shown

_NEITHER: Final = frozenset({"type", "standard"})
_GROUPS: Final = frozenset({*GROUPS, "~author"})


@dataclass(frozen=True, slots=True)
class Parts:
    """The keys of a rule, sorted by what they are."""

    type: str
    kinds: tuple[str, ...]
    checks: Lines
    groups: tuple[tuple[Text, Value], ...]
    actions: tuple[tuple[Text, Value, str], ...]
    """Each with the group under which it stands."""
    standard: Text | None = None


def parts_of(place: Place, document: SourceDocument) -> Parts:
    """Take a document apart.

    Raises:
        Untranslated: There is no such type, or no item for which all of it works.
    """
    lines = _without_repeats(place, document.lines)
    values = {key.value: (key, value) for key, value in lines.pairs}
    kind_key, kind_value = values.get("type", (None, None))
    kind = type_of(kind_value, kind_key.line if kind_key is not None else document.line)
    standard = values.get("standard", (None, None))[1]
    if standard is not None and not isinstance(standard, Text):
        raise ByHand(standard.line, "`standard` takes one name")
    groups: list[tuple[Text, Value]] = []
    actions: list[tuple[Text, Value, str]] = []
    checks: list[tuple[Text, Value]] = []
    for key, value in lines.pairs:
        if key.value in _GROUPS:
            rest, found = _apart(place, value)
            if not found or not is_nothing(rest):
                groups.append((key, rest))
            actions += [(*pair, key.value) for pair in found]
        elif key.value in KEYS:
            actions.append((key, value, ""))
        elif key.value not in _NEITHER:
            checks.append((key, value))
    # What says nothing restricts nothing either.
    keys = [key for key, value in lines.pairs if not is_nothing(value)]
    return Parts(
        type=kind,
        kinds=kinds_of(kind, [*keys, *_standard_keys(standard)]),
        checks=Lines(tuple(checks), lines.line),
        groups=tuple(groups),
        actions=tuple(actions),
        standard=standard,
    )


def _apart(place: Place, value: Value) -> tuple[Value, list[tuple[Text, Value]]]:
    if not isinstance(value, Lines):
        return value, []
    return actions_in(_without_repeats(place, value))


def _standard_keys(standard: Text | None) -> Iterator[Text]:
    """What a standard condition searches, as keys of checks."""
    if standard is not None:
        name = standard.value.strip().lower()
        key = "domain" if name in DOMAINS else PATTERNS.get(name, ("title",))[0]
        yield Text(key, plain=True, line=standard.line)


def _without_repeats(place: Place, lines: Lines) -> Lines:
    """The lines with keys in lower case; of two equal ones the second holds, as in the source."""
    last: dict[str, tuple[Text, Value]] = {}
    for key, value in lines.pairs:
        name = key.value.strip().lower()
        before = last.pop(name, None)
        if before is not None:
            message = f"`{shown(name)}` stands again on line {key.line}, which is what holds"
            place.notes.lost(before[0].line, message)
        if key.plain and as_yes_no(key) is not None:
            raise ByHand(key.line, f"the key `{shown(name)}` is read as yes or no")
        last[name] = (Text(name, key.plain, key.line), value)
    return Lines(tuple(last.values()), lines.line)
