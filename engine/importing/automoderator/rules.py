"""One rule of the source as documents of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine.importing.automoderator.checks import DIRECTIVES, checks_of, group_of
from engine.importing.automoderator.documents import SourceDocument
from engine.importing.automoderator.fates import ByHand, Dead
from engine.importing.automoderator.kinds import BOTH, FORMS
from engine.importing.automoderator.modifiers import Method, Search
from engine.importing.automoderator.nodes import (
    Items,
    Text,
    as_yes_no,
)
from engine.importing.automoderator.outcomes import (
    Outcome,
    message_of,
    take,
    then_of,
)
from engine.importing.automoderator.parts import Parts
from engine.importing.automoderator.searches import Place, search_condition
from engine.importing.automoderator.standards import DOMAINS, PATTERNS
from engine.importing.automoderator.targets import ITEM
from engine.importing.automoderator.thresholds import type_condition
from engine.importing.conditions import (
    ALWAYS,
    NEVER,
    Condition,
    Group,
    data_of,
    every,
    leaf,
    one_of,
    yes_no,
)
from engine.importing.writing import Bare, Data, Long
from engine.rules.suggestions import shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What is written for one rule."""

    rule: Mapping[str, Data]
    """The `rule` or the `exempt` document."""
    then: Mapping[str, Data] | None = None
    """What the rule asks for; None: it is an exemption."""
    message: str | None = None
    kept: tuple[str, ...] = ()
    """What is kept of the source as text."""
    priority: str | None = None
    removes: bool = False


def written_rule(place: Place, document: SourceDocument, parts: Parts, reason: str) -> Written:
    """What is written for a rule, its name, owner and dates left out.

    Raises:
        Untranslated: It cannot be brought over, or did nothing in the source.
    """
    place = _with_directives(replace(place, kinds=parts.kinds), parts)
    outcome = Outcome(line=document.line)
    for key, value, group in parts.actions:
        take(place, outcome, key, value, group)
    conditions = _conditions(place, document, parts)
    if outcome.action == "approve":
        return _exemption(place, outcome, conditions)
    then = then_of(place, outcome, reason)
    message = message_of(place, outcome, document.line)
    if outcome.sparing:
        conditions.append(_no_staff(place, conditions, outcome.line))
    rule: dict[str, Data] = {"for": list(parts.kinds), **_when(place, conditions, document)}
    return Written(
        rule=rule,
        then=then,
        message=message,
        kept=tuple(outcome.kept),
        priority=outcome.priority,
        removes=outcome.action in ("remove", "spam", "filter"),
    )


def _with_directives(place: Place, parts: Parts) -> Place:
    unquoted = any(
        key.value == "ignore_blockquotes" and as_yes_no(value) for key, value in parts.checks.pairs
    )
    return replace(place, unquoted=unquoted)


def _conditions(place: Place, document: SourceDocument, parts: Parts) -> list[Condition]:
    """All conditions of a rule.

    Raises:
        ByHand: It asks nothing, and so would hold for every item.
        Dead: No item can ever meet it, or it has no check at all.
    """
    found: list[Condition] = []
    if parts.type in FORMS:
        found.append(type_condition(place, FORMS[parts.type], document.line))
    if parts.standard is not None:
        found.append(_standard(place, parts.standard))
    found += checks_of(place, ITEM, parts.checks)
    for key, value in parts.groups:
        found += group_of(place, key, value)
    asked = any(key.value not in DIRECTIVES for key, _ in parts.checks.pairs) or parts.groups
    typed = any(key.value.lower() == "type" for key, _ in document.lines.pairs)
    if NEVER in found:
        raise Dead(document.line, "no item can ever meet all of its checks")
    if not found and not typed:
        if not asked:
            raise Dead(document.line, "it has no check: the source drops it")
        raise ByHand(document.line, "none of its checks asks anything, so it holds for every item")
    if asked and not typed and all(one == ALWAYS for one in found):
        raise ByHand(document.line, "none of its checks asks anything, so it holds for every item")
    return found


def _standard(place: Place, standard: Text) -> Condition:
    name = standard.value.strip().lower()
    if name not in DOMAINS and name not in PATTERNS:
        message = f"`standard: {shown(name)}` is no condition that is known here"
        raise ByHand(standard.line, message)
    message = f"`standard: {name}` is a list of our own here: compare the two"
    place.notes.changed(standard.line, message)
    if name in DOMAINS:
        called = f"{place.lists.prefix}/{name.replace(' ', '-')}"
        listed = place.lists.domains(list(DOMAINS[name]), called)
        field = place.words.field("item.domain", place.notes, standard.line)
        return leaf(field, "includes_any_in", [str(listed)])
    fields, pattern = PATTERNS[name]
    search = Search(
        fields=tuple(fields.split("+")),
        negated=False,
        method=Method.INSIDE,
        regex=True,
        exact=False,
        line=standard.line,
    )
    value = Items((Text(pattern, plain=False, line=standard.line),), standard.line)
    return search_condition(place, ITEM, search, value)


def _no_staff(place: Place, conditions: Sequence[Condition], line: int) -> Condition:
    field = place.words.field("author.is_staff", place.notes, line)
    if yes_no(field, value=True) in conditions:
        raise Dead(
            line, "it asks for moderators, and spares them: `moderators_exempt` is not false"
        )
    return yes_no(field, value=False)


def _when(
    place: Place, conditions: Sequence[Condition], document: SourceDocument
) -> dict[str, Data]:
    """The lines `when` and `unless`."""
    excuses = [one for one in conditions if isinstance(one, Group) and one.word == "none"]
    asked = every(one for one in conditions if one not in excuses)
    if asked == ALWAYS:
        asked = _of_kind(place, document.line)
    found: dict[str, Data] = {"when": data_of(_lines(asked))}
    if excuses:
        excuse = one_of(part for one in excuses for part in one.parts)
        found["unless"] = data_of(_lines(excuse))
    return found


def _of_kind(place: Place, line: int) -> Condition:
    field = place.words.field("item.kind", place.notes, line)
    if len(place.kinds) == 1:
        return leaf(field, "is", place.kinds[0])
    return leaf(field, "is_any", list(place.kinds))


def _lines(condition: Condition) -> Sequence[Condition]:
    if isinstance(condition, Group) and condition.word == "all":
        return condition.parts
    return [condition]


def _exemption(place: Place, outcome: Outcome, conditions: list[Condition]) -> Written:
    line = outcome.line
    message = "an approval is an exemption here, from the rules imported with it: choose which"
    place.notes.changed(line, message)
    if outcome.told or outcome.labels or outcome.modmail:
        place.notes.changed(line, "an exemption tells nobody and sets nothing")
    if outcome.sparing:
        conditions.append(_no_staff(place, conditions, line))
    if place.kinds != BOTH or every(conditions) == ALWAYS:
        conditions.insert(0, _of_kind(place, line))
    when = every(conditions)
    return Written(
        rule={"when": data_of(_lines(when))},
        kept=(*outcome.kept, *(f"{how}: {text}" for how, text in outcome.told)),
        priority=outcome.priority,
    )


def about_of(notes: Sequence[str]) -> Data:
    """Notes as the text of `about`."""
    return notes[0] if len(notes) == 1 else Long("\n".join(notes))


def ends_of(ends: str) -> Data:
    """The day on which a rule ends."""
    return Bare(ends)
