"""Words that are too short for the spelling they are looked for with."""

from collections.abc import Iterable, Iterator

from engine.diagnostics import Diagnostic, Span
from engine.rules.lints import wording
from engine.rules.lints.survey import Survey, warning
from engine.rules.lints.terms import leaves_of
from engine.rules.model import Condition, Leaf, Status
from engine.text.entry import Entry, Spelling

#: Letters from which a spelling finds few words it should not.
_LETTERS = {Spelling.TOLERANT: 3, Spelling.AGGRESSIVE: 6}


def short_word(survey: Survey) -> Iterator[Diagnostic]:
    """`short-word`: so loosely spelled, a word this short is found in innocent text."""
    for found in survey.policy.lists.values():
        if found.entries:
            yield from _short(found.entries, f"list `{found.name}`", found.span)
    for rule in survey.policy.rules.values():
        if rule.status is not Status.RETIRED:
            yield from _in_condition(rule.when, f"rule `{rule.name}`")
            if rule.unless is not None:
                yield from _in_condition(rule.unless, f"rule `{rule.name}`")
    for name, condition in survey.policy.conditions.items():
        yield from _in_condition(condition, f"condition `{name}`")


def _in_condition(condition: Condition, where: str) -> Iterator[Diagnostic]:
    for leaf in leaves_of(condition, named=False):
        yield from _short(_entries(leaf), where, leaf.span)


def _entries(leaf: Leaf) -> Iterator[Entry]:
    constant = leaf.constant
    if isinstance(constant, tuple):
        yield from (member for member in constant if isinstance(member, Entry))


def _short(found: Iterable[Entry], where: str, span: Span) -> Iterator[Diagnostic]:
    entries = [entry for entry in found if entry.spelling in _LETTERS]
    for spelling, least in _LETTERS.items():
        short = [entry.text for entry in entries if entry.spelling is spelling]
        short = [text for text in short if _letters(text) < least]
        if short:
            yield warning(
                "short-word",
                f"{wording.names(short)} in {where} {'is' if len(short) == 1 else 'are'} too short"
                f" for `spelling: {spelling}`, which needs {least} letters",
                span,
                hint="give it `spelling: plain`",
            )


def _letters(text: str) -> int:
    """How many letters and digits; as good as endless where letters have no case, as in Chinese."""
    letters = [sign for sign in text if sign.isalnum()]
    if any(sign.isalpha() and sign.lower() == sign.upper() for sign in letters):
        return 100
    return len(letters)
