"""What a text must contain before a probe can find anything: literals for the scan.

A text is scanned in several forms, its *lanes*. In the word lanes everything that is no word
character has become a space, so that a whole word is the literal ` word ` and costs an event only
where it stands alone.
"""

from dataclasses import dataclass
from enum import StrEnum

from engine.rules.model import TextPattern
from engine.rules.targets import LONGEST, Comparison, Target, whole_words_of
from engine.text.classes import collapse, filter_key
from engine.text.entry import Entry, Spelling
from engine.text.folding import plain
from engine.text.pattern_checks import PatternProblem
from engine.text.pattern_factors import EDGE
from engine.text.patterns import Pattern, parse_pattern
from engine.text.scripts import is_hangul_syllable, is_no_space, is_word
from engine.text.words import signed_lane, word_lane

#: The lane of tolerant words without their borders, for pieces cut out of the text.
LOOSE = "loose"


class Lane(StrEnum):
    """A form of the text that is scanned."""

    #: Plain folded, all but word characters turned into spaces.
    WORDS = "words"
    #: Plain folded, signs kept.
    SIGNS = "signs"
    #: As written, all but word characters turned into spaces.
    EXACT = "exact"
    #: Look-alikes and leet made equal, repeats and accents dropped.
    TOLERANT = "tolerant"
    #: Plain folded, for patterns that must contain no literal: these themselves are scanned for.
    PATTERNS = "patterns"
    #: As tolerant, and all but letters dropped.
    SQUEEZED = "squeezed"


@dataclass(frozen=True, slots=True)
class Filter:
    """One of these literals stands in the lane wherever the target is found."""

    lane: Lane
    literals: tuple[str, ...]
    sure: bool = False
    """The literal is all there is to find."""
    words: tuple[str, ...] = ()
    """Literals that are proof in an ASCII text without `_`, which patterns take for a letter."""
    besides: tuple[tuple[str, ...], ...] = ()
    """More sets of literals; one of each stands in the lane too."""


def filter_of(target: Target) -> Filter | None:
    """The filter of a target; None where it can only look for itself."""
    match target:
        case TextPattern():
            return _of_pattern(target)
        case Comparison(entry=entry):
            return _of_comparison(entry)
        case Entry(spelling=Spelling.TOLERANT):
            return _literal(Lane.TOLERANT, _padded(target, collapse(_key(target))))
        case Entry(spelling=Spelling.AGGRESSIVE):
            return _literal(Lane.SQUEEZED, collapse(_key(target).replace(" ", "")))
        case Entry():
            return _of_entry(target)


def loose_literals(target: Target) -> tuple[str, ...]:
    """For spelled-out words and words written with signs: the same, without its borders."""
    if not isinstance(target, Entry) or target.spelling in (Spelling.EXACT, Spelling.PLAIN):
        return ()
    key = _key(target)
    found = {collapse(key), collapse(key.replace(" ", ""))}
    return tuple(sorted(literal for literal in found if literal))


def _key(entry: Entry) -> str:
    return filter_key(signed_lane(plain(entry.text).strip())).strip(" ")


def _of_pattern(target: TextPattern) -> Filter | None:
    pattern = parse_pattern(target.source, exact=target.exact)
    if isinstance(pattern, PatternProblem):
        return None
    whole = [f" {word} " for word in whole_words_of(pattern)]
    edged = () if EDGE in target.source else pattern.edged or ()
    literals = tuple(sorted({_lane_literal(factor) for factor in edged}))
    if literals and all(literal.strip() for literal in literals):
        lane = Lane.EXACT if target.exact else Lane.WORDS
        return Filter(
            lane,
            literals,
            words=tuple(set(literals).intersection(whole)),
            besides=_besides(pattern),
        )
    return None if target.exact else Filter(Lane.PATTERNS, (pattern.ascii_source,))


def _besides(pattern: Pattern) -> tuple[tuple[str, ...], ...]:
    if EDGE in pattern.source:
        return ()
    sets = [sorted({_lane_literal(each) for each in literals}) for literals in pattern.besides]
    return tuple(tuple(literals) for literals in sets if all(map(str.strip, literals)))


def _lane_literal(factor: str) -> str:
    """A literal of a pattern in the word lane, where an edge of a word is a space."""
    body = factor.replace(EDGE, "")
    left = " " if factor[0] == EDGE and is_word(body[0]) else ""
    right = " " if factor[-1] == EDGE and is_word(body[-1]) else ""
    return f"{left}{word_lane(body)}{right}"[:LONGEST]


def _of_comparison(entry: Entry) -> Filter | None:
    if entry.spelling not in (Spelling.EXACT, Spelling.PLAIN):
        return None
    exact = entry.spelling is Spelling.EXACT
    text = (entry.text if exact else plain(entry.text)).strip()
    words = word_lane(text).split()
    if not words:
        return None
    return Filter(Lane.EXACT if exact else Lane.WORDS, (max(words, key=len)[:LONGEST],))


def _of_entry(entry: Entry) -> Filter | None:
    exact = entry.spelling is Spelling.EXACT
    text = entry.text if exact else plain(entry.text).strip()
    if not text:
        return None
    if not any(map(is_word, text)):
        return (
            None if exact else Filter(Lane.SIGNS, (text[:LONGEST],), sure=_plain_sure(entry, text))
        )
    literal = _padded(entry, word_lane(text))
    return Filter(
        Lane.EXACT if exact else Lane.WORDS,
        (literal[:LONGEST],),
        sure=all(map(is_word, text)) and not _mixed(text) and _plain_sure(entry, text),
    )


def _plain_sure(entry: Entry, text: str) -> bool:
    return not entry.exceptions and not is_hangul_syllable(text[-1]) and len(text) < LONGEST - 1


def _mixed(text: str) -> bool:
    """Whether scripts with and without spaces meet."""
    return len(set(map(is_no_space, text))) > 1


def _padded(entry: Entry, literal: str) -> str:
    """With a space on each side that has to stand alone."""
    text = plain(entry.text).strip() or " "
    left = not entry.open_left and is_word(text[0]) and not is_no_space(text[0])
    right = not entry.open_right and is_word(text[-1]) and not is_no_space(text[-1])
    right = right and not is_hangul_syllable(text[-1])
    return f"{' ' if left else ''}{literal.strip(' ')}{' ' if right else ''}"


def _literal(lane: Lane, literal: str) -> Filter | None:
    return Filter(lane, (literal[:LONGEST],)) if literal.strip() else None
