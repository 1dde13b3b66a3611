"""What the pattern language leaves out, found in the text of a pattern, with advice."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

LONGEST = 2_000
MOST_REPEATS = 1_000
_DEEPEST = 50

_NO_CONTEXT = "patterns take linear time; say what may not be there with `unless:` or `except:`"
_NO_MEMORY = "patterns take linear time and cannot remember; write the alternatives out"


@dataclass(frozen=True, slots=True)
class PatternProblem:
    """Why a pattern is refused: lower case, without a full stop."""

    message: str
    offset: int
    """Where in the pattern, from 0."""
    hint: str | None = None


_GROUPS = (
    ("(?=", "look-ahead", _NO_CONTEXT),
    ("(?!", "look-ahead", _NO_CONTEXT),
    ("(?<=", "look-behind", _NO_CONTEXT),
    ("(?<!", "look-behind", _NO_CONTEXT),
    ("(?P=", "a back-reference", _NO_MEMORY),
    ("(?P>", "a recursive group", _NO_MEMORY),
    ("(?<", "`(?<name>…)`", "write `(?P<name>…)`"),
    ("(?>", "an atomic group", "write `(?:…)`: nothing is tried twice anyway"),
    ("(?(", "a conditional group", "write both cases out, with `|` between them"),
    ("(?#", "a comment", "put it in a line of its own, after a `#` outside of the pattern"),
    ("(?|", "a branch reset", "write `(?:…)`"),
    ("(?'", "`(?'name'…)`", "write `(?P<name>…)`"),
    ("(*", "a control verb", "leave it out"),
)
_PLAIN_GROUP = re.compile(r"\(\?(?:[ims]+[:)]|:|P<)")
_ESCAPES = {
    "B": (r"`\B`", r"`\b` is the edge of a word; say with a class what stands on either side"),
    "Z": (r"`\Z`", "write `$`"),
    "z": (r"`\z`", "write `$`"),
    "G": (r"`\G`", r"write `\A` for the start of the text"),
    "p": (r"`\p{…}`", r"write the characters in a class, or `\w`, `\d`, `\s`"),
    "P": (r"`\P{…}`", r"write the characters in a class, or `\W`, `\D`, `\S`"),
    "u": (r"`\u`", "write the character itself"),
    "U": (r"`\U`", "write the character itself"),
    "N": (r"`\N`", "write the character itself, or `[^\\n]`"),
    "h": (r"`\h`", r"write `\s`"),
    "H": (r"`\H`", r"write `\S`"),
    "R": (r"`\R`", r"write `\n`"),
    "X": (r"`\X`", "write `.`"),
    "K": (r"`\K`", _NO_CONTEXT),
    "Q": (r"`\Q`", r"put a `\` before each sign, or look for the words with `has_any:`"),
    "E": (r"`\E`", r"put a `\` before each sign, or look for the words with `has_any:`"),
    "k": ("a back-reference", _NO_MEMORY),
    "g": ("a back-reference", _NO_MEMORY),
    "c": ("a control character", r"write it as `\x` and two digits"),
    "0": ("an octal number", r"write `\x` and two hexadecimal digits"),
}
_KNOWN_ESCAPES = frozenset("wWdDsStnrfvxbA")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_CONTROL_HINT = r"put the pattern in single quotes: in double quotes, `\b` is a backspace"
_TOKEN = re.compile(
    r"""
      (?P<escape> \\. )
    | (?P<chars>  \[ \^? \]? (?: \\. | [^\\\]] )* \] )
    | (?P<count>  \{ (?=[\d,]) \d* (?: , \d* )? \} )
    | (?P<group>  \( )
    | (?P<close>  \) )
    | (?P<repeat> [*+?] )
    | (?P<other>  . )
    """,
    re.VERBOSE | re.DOTALL,
)
_HEX = re.compile(r"\\x[0-9A-Fa-f]{2}")
_ESCAPE = re.compile(r"\\.", re.DOTALL)
_NAMED_CLASS = re.compile(r"\[[:.=]\w*[:.=]\]")


def first_problem(source: str) -> PatternProblem | None:
    """The first thing in a pattern that the language leaves out."""
    if len(source) > LONGEST:
        message = f"the pattern has {len(source)} characters, more than {LONGEST}"
        return PatternProblem(message, LONGEST, "make several patterns of it, or a list of words")
    control = _CONTROL.search(source)
    if control:
        message = f"a control character (U+{ord(control[0]):04X}) in a pattern"
        return PatternProblem(message, control.start(), _CONTROL_HINT)
    return next(_problems(source), None)


def _problems(source: str) -> Iterator[PatternProblem]:
    depth = 0
    before = ""
    for token in _TOKEN.finditer(source):
        kind = str(token.lastgroup)
        problem = _CHECKS[kind](token) if kind in _CHECKS else None
        if problem:
            yield problem
        depth += (kind == "group") - (kind == "close")
        if depth > _DEEPEST:
            message = f"groups stand inside one another more than {_DEEPEST} deep"
            yield PatternProblem(message, token.start())
        if token[0] == "+" and before in ("repeat", "count"):
            hint = "leave the last `+` out: nothing is tried twice anyway"
            yield PatternProblem("a possessive repeat", token.start(), hint)
        # In `a+?`, the `?` makes the repeat lazy, and nothing can follow it.
        before = "" if before in ("repeat", "count") else kind


def _escape_problem(token: re.Match[str]) -> PatternProblem | None:
    return _bad_escape(token.string, token.start(), in_class=False)


def _class_problem(token: re.Match[str]) -> PatternProblem | None:
    named = _NAMED_CLASS.search(token.string, token.start() + 1, token.end() + 1)
    if named:
        hint = r"write the characters themselves, such as `a-z`, `0-9` or `\s`"
        return PatternProblem(f"a named class, `{named[0]}`", named.start(), hint)
    escapes = _ESCAPE.finditer(token.string, token.start(), token.end())
    problems = (_bad_escape(token.string, escape.start(), in_class=True) for escape in escapes)
    return next(filter(None, problems), None)


def _bad_escape(source: str, place: int, *, in_class: bool) -> PatternProblem | None:
    letter = source[place + 1]
    if letter in _ESCAPES:
        what, hint = _ESCAPES[letter]
        return PatternProblem(f"{what} in a pattern", place, hint)
    if letter in "123456789":
        return PatternProblem("a back-reference in a pattern", place, _NO_MEMORY)
    if letter == "x" and not _HEX.match(source, place):
        hint = r"write `\x` and two hexadecimal digits, or the character itself"
        return PatternProblem(r"an unfinished `\x` in a pattern", place, hint)
    if in_class and letter in "bA":
        return PatternProblem(rf"`\{letter}` in a class", place, "put it outside of the class")
    if letter.isalpha() and letter not in _KNOWN_ESCAPES:
        return PatternProblem(rf"`\{letter}` in a pattern", place, rf"write `{letter}` alone")
    return None


def _group_problem(token: re.Match[str]) -> PatternProblem | None:
    source, place = token.string, token.start()
    for opening, what, hint in _GROUPS:
        if source.startswith(opening, place):
            return PatternProblem(f"{what} in a pattern", place, hint)
    if source.startswith("(?", place) and not _PLAIN_GROUP.match(source, place):
        hint = "`(?i:…)`, `(?s:…)` and `(?m:…)` are known, and the same as `(?i)` at the start"
        return PatternProblem("a group of unknown kind", place, hint)
    return None


def _count_problem(token: re.Match[str]) -> PatternProblem | None:
    numbers = [int(number) for number in re.findall(r"\d+", token[0])]
    if max(numbers, default=0) <= MOST_REPEATS:
        return None
    return PatternProblem(f"a repeat of more than {MOST_REPEATS}", token.start())


_CHECKS: dict[str, Callable[[re.Match[str]], PatternProblem | None]] = {
    "escape": _escape_problem,
    "chars": _class_problem,
    "group": _group_problem,
    "count": _count_problem,
}
