"""What a search looks for, put into operators of the rule language."""

import re
import unicodedata
from dataclasses import dataclass, field

from engine.importing.automoderator.fates import Notes
from engine.importing.automoderator.modifiers import Method, Search
from engine.rules.limits import ENTRY_LENGTH
from engine.rules.reading.words import looks_like_pattern
from engine.rules.suggestions import shown
from engine.text.scripts import is_no_space, is_word

#: What stands before and after a word whose ends may be signs.
ANY_EDGES = "(?:^|\\W|\\b)", "(?:$|\\W|\\b)"

_OPERATORS = {
    Method.WORD: "has_any",
    Method.INSIDE: "has_any",
    Method.START: "starts_with",
    Method.END: "ends_with",
    Method.EXACT: "exactly",
}
_SIGNS = re.compile(r"([\\.^$*+?{}\[\]|()])")
_PATTERN_SIGNS = re.compile(r"[\\^$*+?{}|]")
#: What only a class holds: a digit or a sign among few characters.
_SIGNED = r"\[[^\]\s]{0,3}[\W\d][^\]\s]{0,3}\]"
#: A class inside of a word, or one with signs for letters; `[tag]` beside a word is just a tag.
_CLASS_IN_WORD = re.compile(rf"\w\[[^\]\s]+\]\w|\w{_SIGNED}|{_SIGNED}\w")
_ANCHOR = re.compile(r"(?<!\\)(?:\\\\)*(?:(?<!\[)\^|\$)")
_QUERY = re.compile(r"\?\w+=")


@dataclass(slots=True)
class Terms:
    """What is looked for, by operator; one of all of it has to be found."""

    found: dict[str, list[str]] = field(default_factory=dict)
    shorter: list[int] = field(default_factory=list)
    """The text has fewer characters than this."""
    between: list[tuple[int, int | None]] = field(default_factory=list)
    """The text has more characters than the first, and fewer than the second."""
    always: bool = False
    """Something is looked for that is in every text."""
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def add(self, operator: str, value: str, *, exact: bool) -> None:
        """Add a word or a pattern."""
        key = (operator, value if exact or operator == "matches" else value.casefold())
        if key not in self._seen:
            self._seen.add(key)
            self.found.setdefault(operator, []).append(value)

    @property
    def empty(self) -> bool:
        """Whether nothing is looked for."""
        return not (self.found or self.shorter or self.between or self.always)

    @property
    def whole(self) -> bool:
        """Whether something is compared with a text from its start or to its end."""
        return not set(self.found) <= {"has_any", "matches"} or bool(self.shorter or self.between)

    @property
    def anchored(self) -> bool:
        """Whether a pattern asks for the start or the end of the text."""
        patterns = [one.replace(ANY_EDGES[0], "") for one in self.found.get("matches", ())]
        return any(_ANCHOR.search(one.replace(ANY_EDGES[1], "")) for one in patterns)


def seems_a_pattern(value: str) -> bool:
    """Whether a value without `(regex)` can only have been meant as a pattern."""
    if not looks_like_pattern(value) or _QUERY.search(value) or not any(map(is_word, value)):
        return False
    return bool(_PATTERN_SIGNS.search(value) or _CLASS_IN_WORD.search(value))


def can_be_entry(text: str) -> bool:
    """Whether a word may stand in `has_any` and the like as it is."""
    return (
        text == text.strip()
        and "*" not in text
        and 0 < len(text) <= ENTRY_LENGTH
        and any(is_word(char) or unicodedata.category(char)[0] in "SP" for char in text)
        and not looks_like_pattern(text)
    )


def add_literal(terms: Terms, value: str, search: Search, notes: Notes, line: int) -> None:
    """Add a value that is looked for as it is written."""
    text = " ".join(value.split())
    if text != value:
        message = f"of spaces around `{shown(text)}` only the edges of the word are left"
        notes.changed(line, message)
    operator = _OPERATORS.get(search.method)
    if search.method is Method.WORD:
        _warn_of_scripts(text, notes, line)
    if operator is None or not can_be_entry(text) or ends_in_underscore(text, search.method):
        terms.add("matches", wrapped(_SIGNS.sub(r"\\\1", text), search.method), exact=search.exact)
        return
    if search.method is Method.INSIDE:
        text = starred(text, left=not value[:1].isspace(), right=not value[-1:].isspace())
    terms.add(operator, text, exact=search.exact)


def ends_in_underscore(text: str, method: Method) -> bool:
    """Whether a whole word has a `_` at one end: a letter to the source, a sign to words here."""
    return method is Method.WORD and "_" in (text[0], text[-1])


def starred(text: str, *, left: bool, right: bool) -> str:
    """A word with a `*` where more letters may follow; beside a sign they may anyway."""
    before = "*" if left and is_word(text[0]) else ""
    after = "*" if right and is_word(text[-1]) else ""
    return f"{before}{text}{after}"


def wrapped(source: str, method: Method, edges: tuple[str, str] | None = None) -> str:
    """A pattern that stands where the method says.

    Args:
        source: What is looked for.
        method: Of the search.
        edges: What is before and after it for whole words; None: as its signs tell.
    """
    left, right = edges or (_edge(source[:1]), _edge(source[-1:]))
    before, after = {
        Method.START: ("^", ""),
        Method.END: ("", "$"),
        Method.EXACT: ("^", "$"),
        Method.FULL: (r"^\W*", r"\W*$"),
        Method.WORD: (left, right),
    }.get(method, ("", ""))
    inner = f"(?:{source})" if "|" in source and (before or after) else source
    return f"{before}{inner}{after}"


def _edge(char: str) -> str:
    return r"\b" if is_word(char) or char == "_" else ""


def _warn_of_scripts(text: str, notes: Notes, line: int) -> None:
    if any(is_no_space(char) for char in (text[:1], text[-1:]) if char):
        message = f"`{shown(text)}` is found inside of longer texts too, as words have no spaces"
        notes.changed(line, f"{message} around them; the source asks for an edge there")


def has_control_character(value: str) -> bool:
    """Whether an escape in double quotes has become a control character."""
    return any((char < " " and char not in "\n\t\r") or "\x7f" <= char <= "\x9f" for char in value)
