"""Patterns: what they mean, and what is refused."""

import pickle
from dataclasses import fields

import pytest

from engine.text.folding import fold_plain
from engine.text.pattern_checks import PatternProblem
from engine.text.patterns import Pattern, parse_pattern


def _pattern(source: str, *, exact: bool = False) -> Pattern:
    pattern = parse_pattern(source, exact=exact)
    assert isinstance(pattern, Pattern), pattern
    return pattern


def _problem(source: str, *, exact: bool = False) -> PatternProblem:
    problem = parse_pattern(source, exact=exact)
    assert isinstance(problem, PatternProblem), problem
    return problem


FOUND = [
    (r"zo+rb", "a ZOORB", ["ZOORB"]),
    (r"\bzorb\b", "zorb zorbs _zorb", ["zorb"]),
    (r"\bzorb\b", "йzorb zorb é", ["zorb"]),
    (r"\bмир\b", "мир, миры; мир", ["мир", "мир"]),
    (r"\w+", "é_1 ٣ x\u0335", ["é_1", "٣", "x\u0335"]),
    (r"\W+", "aй…  б", ["…  "]),
    (r"\d+", "a12 ٣٤", ["12", "٣٤"]),
    (r"[^\W\d_]+", "ab1й_é", ["ab", "й", "é"]),
    (r"[\D]+", "1é2", ["é"]),
    (r"a\sb", "a\u2003\n b", ["a\u2003\n b"]),
    (r"[\s,]+b", "a , b", [" , b"]),
    (r"a.b", "a\nb", ["a\nb"]),
    (r"^zorb$", "Zorb", ["Zorb"]),
    (r"\Azo|rb$", "zozorb", ["zo", "rb"]),
    (r"Straße", "STRASSE", ["STRASSE"]),
    (r"[äß]x", "ssx äx", ["ssx", "äx"]),
    ("cafe\u0301", "CAFÉ", ["CAFÉ"]),
    (r"(?P<who>zorb|quent)s", "quents", ["quents"]),
    (r"z{2,3}?", "zzz", ["zz"]),
    (r"\x41b", "ab", ["ab"]),
    (r"[à-ý]+", "x éü", ["éü"]),
    (rb"[\U0001f44d-\U0001f44f]{2}".decode("unicode_escape"), "\U0001f44d" * 2, ["👍👍"]),
    (r"[^a]\b.", "éй б", ["й "]),
    (r"(?:\b|x)foo(?:\bbar|\b)", "éxfoo foo", ["xfoo", "foo"]),
    (r"\b\bfoo$\b", "é foo", ["foo"]),
    (r"a\s{0}b", "a b ab", ["ab"]),
    (r"a\s*b", "a  b", ["a  b"]),
    (r"a\s{2,}b", "a  b", []),
    (r"kelvin", "\u212aelvin", ["\u212aelvin"]),
    (r"\W", "sk", []),
    (r"[^\w]", "ſK", []),
]


@pytest.mark.parametrize(("source", "text", "parts"), FOUND)
def test_meaning(source: str, text: str, parts: list[str]) -> None:
    """Word characters, digits and spaces are those of every script, and case does not matter."""
    pattern = _pattern(source)
    folded = fold_plain(text)
    assert [text[start:end] for start, end in pattern.spans(folded)] == parts
    assert pattern.search(folded) == bool(parts)


EXACT = [
    (r"Zorb", "zorb Zorb", ["Zorb"]),
    (r"(?i:z)orb", "zorb Zorb ZORB", ["zorb", "Zorb"]),
    (r"(?i)zorb", "ZORB", ["ZORB"]),
    (r"a.b", "a\nb", []),
    (r"(?s)a.b", "a\nb", ["a\nb"]),
    (r"(?s:a.)b", "a\nb", ["a\nb"]),
    (r"^b$", "a\nb", []),
    (r"(?m)^b$", "a\nb\nc", ["b"]),
    (r"(?m)^é$", "ö\né\n", ["é"]),
    (r"(?m)\bé$", "ö\né\n", ["é"]),
    (r"b$", "b\n", []),
    (r"a\sb", "a\u2003b", ["a\u2003b"]),
    (r"[^x]y", "\ud800y", ["\ud800y"]),
    (r"\W", "ſk", []),
    (r"[^\W]", "ſ", ["ſ"]),
    (r"(?i)\W", "sSkK", []),
]


@pytest.mark.parametrize(("source", "text", "parts"), EXACT)
def test_exact(source: str, text: str, parts: list[str]) -> None:
    """An exact pattern reads the original text and respects case."""
    pattern = _pattern(source, exact=True)
    assert [text[start:end] for start, end in pattern.spans(fold_plain(text))] == parts


REFUSED = [
    (r"a(?=b)", 1, "look-ahead"),
    (r"a(?!b)", 1, "look-ahead"),
    (r"(?<=a)b", 0, "look-behind"),
    (r"(?<!a)b", 0, "look-behind"),
    (r"(a)\1", 3, "back-reference"),
    (r"(?P<n>a)(?P=n)", 8, "back-reference"),
    (r"(?>a)", 0, "atomic"),
    (r"a++", 2, "possessive"),
    (r"a{2}+", 4, "possessive"),
    (r"a\Bb", 1, r"\B"),
    (r"a\Z", 1, r"\Z"),
    (r"a\z", 1, r"\z"),
    (r"\p{L}", 0, r"\p"),
    (r"[\p{L}]", 1, r"\p"),
    (r"[[:alpha:]]", 1, "named class"),
    (r"(?<n>a)", 0, "(?<name>"),
    (r"\u0041", 0, r"\u"),
    (r"\h", 0, r"\h"),
    (r"\Qa\E", 0, r"\Q"),
    ("\bword", 0, "control character"),
    (r"a(?#x)", 1, "comment"),
    (r"(?x)a b", 0, "group of unknown kind"),
    (r"(?-i:a)", 0, "group of unknown kind"),
    (r"(a)(?(1)b)", 3, "conditional"),
    (r"[\b]", 1, "in a class"),
    (r"\x4", 0, r"\x"),
    (r"\y", 0, r"\y"),
    (r"\0", 0, "octal"),
    (r"a{1,1001}", 1, "repeat"),
    (r"(?:a{500}){500}", 0, "memory"),
    ("a" * 2_001, 2_000, "2001"),
    ("(" * 60 + "a" + ")" * 60, 50, "deep"),
    (r"(a", 0, "unterminated"),
    (r"a|*", 2, "nothing to repeat"),
    (r"[b-a]", 1, "bad character range"),
    (r"a(?i)", 1, "global flags"),
    ("a*", 0, "empty text"),
    (r"\b", 0, "empty text"),
    ("^$", 0, "empty text"),
    ("a|", 0, "empty text"),
    ("\u200b", 0, "empty text"),
    ("", 0, "empty text"),
]


@pytest.mark.parametrize(("source", "offset", "message"), REFUSED)
def test_refused(source: str, offset: int, message: str) -> None:
    """What the language leaves out is refused, and the problem says where and what it is."""
    problem = _problem(source)
    assert message in problem.message
    assert problem.offset == offset


def test_advice() -> None:
    """Refusing a construct comes with what to write instead."""
    hints = {source: _problem(source).hint for source in (r"a(?!b)", r"(?<n>a)", r"a\Z", "a*")}
    assert all(hints.values())
    assert "unless" in str(hints[r"a(?!b)"])


@pytest.mark.parametrize(
    ("source", "width"),
    [("abc", (3, 3)), ("a+b?", (1, None)), ("a{2,4}|b", (1, 4)), ("ß", (2, 2)), (r"\bx\b", (1, 1))],
)
def test_width(source: str, width: tuple[int, int | None]) -> None:
    """How many folded characters a match may take."""
    assert _pattern(source).width == width
    assert _pattern(source, exact=True).width == (0, None)


FACTORS = [
    (r"zorblings?", "zorbling", ("zorbling",)),
    (r"\bZorb\s+cake\b", "zorb cake", ("zorb cake",)),
    (r"(?:buy|sell) now", " now", ("buy now", "sell now")),
    (r"f[i1]t|(?:xy)+", None, ("f1t", "fit", "xy")),
    (r"f[o0]x", None, ("f0x", "fox")),
    (r"lo+l", "ol", ("lo",)),
    (r"(?:abc)+", "abc", ("abc",)),
    (r"(?:foo|bar\d)x*", None, ("bar", "foo")),
    (r"foo|\d+", None, None),
    (r"\d\w", None, None),
    (r"(?:foo)?quent", "quent", ("quent",)),
    (r"foo|foobar", "foo", ("foo",)),
    (r"x{3}y", "xxxy", ("xxxy",)),
    (r"[a-z]zorb[^q]", "zorb", ("zorb",)),
    (r"Straße", "strasse", ("strasse",)),
    (r"赌博", "赌博", ("赌博",)),
]


@pytest.mark.parametrize(("source", "one", "several"), FACTORS)
def test_factors(source: str, one: str | None, several: tuple[str, ...] | None) -> None:
    """The most telling literals that no match is without."""
    pattern = _pattern(source)
    assert (pattern.factor, pattern.factors) == (one, several)


def test_factors_of_exact_patterns() -> None:
    """They are folded, and lack the last letter, which an accent in the text may change."""
    pattern = _pattern(r"CaFe\b", exact=True)
    assert pattern.factor == "caf"
    assert pattern.search(fold_plain("CaFe")) is True
    assert _pattern("Zorb  Cake", exact=True).factors == ("zor",)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (r"\b(?:zorb|quent)s?\b", ("quent", "quents", "zorb", "zorbs")),
        (r"z[o0]rb", ("z0rb", "zorb")),
        (r"zo+rb", None),
        (r"[a-z]x", None),
        (r"\w", None),
    ],
)
def test_words(source: str, words: tuple[str, ...] | None) -> None:
    """A pattern that matches few strings is known by them."""
    assert _pattern(source).words == words


def test_words_of_exact_patterns() -> None:
    """They keep their case; a pattern that ignores case has too many."""
    assert _pattern("Zorb", exact=True).words == ("Zorb",)
    assert _pattern("(?i)Zorb", exact=True).words is None


@pytest.mark.parametrize("source", [r"(a+)+$", r"(?:a|aa)+b", r"(\w+\s?)+!x", r"\b(?:a+)+b\b"])
@pytest.mark.parametrize("text", ["a" * 50_000 + "!", "é" * 50_000 + "!"])
def test_linear_time(source: str, text: str) -> None:
    """Patterns that take other engines for ever are answered."""
    assert not _pattern(source).search(fold_plain(text))


def test_windows() -> None:
    """A window finds what lies inside; the edges of words are those of the whole text."""
    folded = fold_plain("xzorb zorb zorbs")
    pattern = _pattern(r"\bzorb\b")
    assert pattern.search(folded, 6, 10)
    assert not pattern.search(fold_plain("xzorb zorbs"), 1, 5)
    assert not pattern.search(fold_plain("xzorb zorbs"), 6, 10)
    assert not _pattern("^zorb").search(folded, 6, 10)


def test_made_from_values() -> None:
    """A pattern made from its values finds what the one that was read finds; so does a copy."""
    read = _pattern(r"\bzorb\w*")
    made = Pattern(**{each.name: getattr(read, each.name) for each in fields(Pattern)})
    made.warm()
    assert made == read
    assert pickle.loads(pickle.dumps(made)) == read  # noqa: S301 - our own bytes
    assert made.spans(fold_plain("a Zorblings b")) == [(2, 11)]
    assert read.spans(fold_plain("zorb " * 10), limit=2) == [(0, 4), (5, 9)]
