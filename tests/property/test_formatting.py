"""The usual form of rule files, over documents laid out at random."""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from engine.rules.documents import Mapping, Node, Scalar, read_documents
from engine.rules.documents import Sequence as List
from engine.rules.formatting import format_text
from engine.rules.formatting.parts import comments_in
from tests.generators.draws import seeded

Tree = str | list["Tree"] | dict[str, "Tree"]

NUMERIC = frozenset({"score.hate", "reports.count"})
WORDS = ("zorbling", "dm me", "no", "0777", "50%", "12 hours", "$sure", "x*", "赌博", "a#b", "it's")
KEYS = ("score.hate", "reports.count", "text", "when", "then", "tests", "title", "owner", "all")
COMMENTS = ("# why", "#!", "# key: value", "# 'quoted' {", "#   ---")
SHORTHANDS = (">= 0.97", "<5%", "= 3", "!= 2 days", "> 10")

trees = st.recursive(
    st.sampled_from(WORDS + SHORTHANDS + ("two\nlines\n",)),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=12,
)
documents = st.dictionaries(st.sampled_from(KEYS), trees, max_size=6)


class Writer:
    """Writes trees as YAML, every time in another layout."""

    def __init__(self, chance: Callable[[int], int]) -> None:
        self.chance = chance
        self.step = 1 + chance(4)

    def pick(self, *choices: str) -> str:
        """One of these."""
        return choices[self.chance(len(choices))]

    def file(self, content: Sequence[dict[str, Tree]]) -> str:
        """Several documents, with comments and separators between them."""
        text = self.pick("", "---\n", "# top\n", "\n")
        for number, document in enumerate(content):
            if number:
                text += self.pick(
                    "---\n", "---  \n", "--- # next\n", "---\n---\n", "\n---\n# a\n\n"
                )
            text += self.comment(0) + f"rule:{self.pick(' ', '   ')}r{number}{self.rest()}"
            text += "".join(self.entry(key, value, 0) for key, value in document.items())
        return text + self.pick("", "---\n", "# end\n", "\n\n")

    def rest(self) -> str:
        """What may stand at the end of a line."""
        return self.pick("\n", "\n", "  \n", f"   {self.pick(*COMMENTS)}\n")

    def comment(self, indent: int) -> str:
        """Perhaps a comment or an empty line above a key."""
        shifted = indent + self.chance(3) * (indent > 0)
        line = f"{' ' * shifted}{self.pick(*COMMENTS)}\n"
        return self.pick("", "", "", "\n", line, f"\n{line}")

    def entry(self, key: str, value: Tree, indent: int) -> str:
        """A key and what stands after it, in lines or in brackets."""
        start = self.comment(indent) + " " * indent + key + ":"
        return start + self.value(value, indent)

    def value(self, value: Tree, indent: int) -> str:
        """A value after a key or a dash."""
        if isinstance(value, str) and "\n" in value:
            pad = " " * (indent + 1 + self.chance(4))
            lines = value.removesuffix("\n").split("\n")
            return " |\n" + "".join(f"{pad}{line}{self.pick('', ' ')}\n" for line in lines)
        if not value or isinstance(value, str) or self.chance(3) == 0:
            return " " * (1 + self.chance(3)) + self.flow(value) + self.rest()
        inner = indent + self.step
        if isinstance(value, dict):
            return self.rest() + "".join(self.entry(k, v, inner) for k, v in value.items())
        inner = self.chance(2) * self.step + indent
        return self.rest() + "".join(self.dashed(each, inner) for each in value)

    def dashed(self, value: Tree, indent: int) -> str:
        """An item of a list."""
        start = self.comment(indent) + " " * indent + "-"
        if not isinstance(value, dict) or not value or self.chance(2):
            return start + self.value(value if not isinstance(value, list) else str(value), indent)
        gap = 1 + self.chance(3)
        entries = [self.entry(k, v, indent + 1 + gap) for k, v in value.items()]
        first = entries[0].lstrip()
        while first.startswith("#"):
            first = first.split("\n", 1)[1].lstrip()
        return start + " " * gap + first + "".join(entries[1:])

    def flow(self, value: Tree) -> str:
        """A value in brackets or quotes."""
        space, comma = self.pick("", " ", "  "), self.pick(",", ", ", ",   ", " , ")
        if isinstance(value, dict):
            inner = comma.join(
                f"{k}:{self.pick(' ', '  ')}{self.flow(v)}" for k, v in value.items()
            )
            return f"{{{space}{inner}{space}}}"
        if isinstance(value, list):
            return f"[{space}{comma.join(map(self.flow, value))}{space}]"
        text = value.replace("\n", " ")
        plain = re.fullmatch(r"[\w$][\w %$]*", text) and text == text.strip()
        quoted = "'" + text.replace("'", "''") + "'"
        return text if plain and self.chance(2) else quoted


@st.composite
def files(draw: st.DrawFn) -> str:
    """A file that can be read."""
    content = draw(st.lists(documents, min_size=1, max_size=3))
    seed = draw(st.integers(0, 2**32))
    return Writer(seeded(seed).below).file(content)


def _plain(node: Node) -> object:
    """A value without its layout; signs on numbers as words."""
    if isinstance(node, Mapping):
        return {_key(key): _plain(value) for key, value in node.value}
    if isinstance(node, List):
        return [_plain(each) for each in node.value]
    assert isinstance(node, Scalar)
    return _words(node.value) if node.style in ("'", '"') else node.value


def _words(text: str) -> object:
    found = re.fullmatch(r"(>=|<=|==|!=|=|>|<)\s*(.+)", text.strip())
    if found is None:
        return text
    names = {">=": "at_least", "<=": "at_most", ">": "above", "<": "below", "!=": "is_not"}
    return {names.get(found[1], "is"): found[2]}


def _key(node: Node) -> str:
    assert isinstance(node, Scalar)
    return node.value


def _content(text: str) -> list[object]:
    found, mistakes = read_documents("a.yaml", text)
    assert mistakes == []
    return [_plain(each.node) for each in found]


def _in_usual_form(text: str) -> str | None:
    """The file in its usual form, or None if its layout cannot be read at all."""
    if read_documents("a.yaml", text)[1]:
        return None
    result = format_text("a.yaml", text, numeric=NUMERIC)
    assert [each.message for each in result.diagnostics] == []
    return result.text


@given(files())
def test_the_usual_form_of_the_usual_form_is_itself(text: str) -> None:
    """Formatting twice is formatting once."""
    result = _in_usual_form(text)
    if result is not None:
        assert _in_usual_form(result) == result


@given(files())
def test_formatting_keeps_every_comment(text: str) -> None:
    """No comment is lost, changed or said twice."""
    result = _in_usual_form(text)
    if result is not None:
        assert Counter(comments_in(result)) == Counter(comments_in(text))


@given(files())
def test_formatting_keeps_what_is_said(text: str) -> None:
    """Every document says the same as before, whatever the order of its keys."""
    result = _in_usual_form(text)
    if result is not None:
        assert _content(result) == _content(text)


@given(files())
def test_the_usual_form_is_tidy(text: str) -> None:
    """No trailing white space outside texts, no empty documents, one line end at the end."""
    result = _in_usual_form(text)
    if result:
        assert result.endswith("\n")
        assert not result.startswith(("---", "\n"))
        assert not re.search(r"^---[^\n]*\n(?:---|\Z)", result, re.MULTILINE)


def test_most_layouts_can_be_read() -> None:
    """The invented files are not thrown away: nearly all can be read, and most are changed."""
    tree: dict[str, Tree] = {
        "when": {"all": [{"score.hate": ">= 0.97", "text": ["dm me", "x*"]}, {"text": "a#b"}]},
        "title": "two\nlines\n",
        "tests": [{"text": "no", "score.hate": "50%"}, "x"],
    }
    written = [Writer(seeded(seed).below).file([tree, tree]) for seed in range(100)]
    formed = {text: _in_usual_form(text) for text in written}
    assert sum(result is not None for result in formed.values()) > 90
    assert sum(result not in (None, text) for text, result in formed.items()) > 90
