"""What people wrote says itself, in places that read Markdown as well."""

import re
from html import escape

import pytest
from markdown_it import MarkdownIt

from dashboard.formats import literal

_JOINER = "\u2060"
#: As remark finds it: see mdast-util-gfm-autolink-literal, and the arrows of Streamlit.
_ALIVE = re.compile(r"(?i)https?://|www\.|[\w.+-]+@[\w-]+|->|<-|--|[<>~]=|:streamlit:")
_WRITTEN = (
    "plain words",
    "*a* **b** _c_ ~~d~~ `e`",
    "![seen](https://elsewhere.example/pixel.png)",
    "[here](javascript:alert)",
    "<img src=x onerror=alert(1)>",
    "# a heading",
    "- a list",
    "1. a list",
    "> said",
    "| a | b |",
    "$x^2$ and \\(y\\)",
    "&lt;b&gt; &copy;",
    "back\\slash \\*",
    ":red[loud]",
    "{.style}",
    "---",
    "žluťoučký 日本語 مرحبا",
)


@pytest.mark.parametrize("written", _WRITTEN)
def test_it_is_one_paragraph_of_the_same_letters(written: str) -> None:
    """Nothing is set off, linked, drawn or left out."""
    read = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(literal(written))
    read = read.replace(_JOINER, "")
    # As the renderer writes what it takes for text.
    assert read == f"<p>{escape(written, quote=False).replace(chr(34), '&quot;')}</p>\n"


@pytest.mark.parametrize(
    "written",
    [
        "https://elsewhere.example/a",
        "HTTP://elsewhere.example",
        "WWW.elsewhere.example",
        "ana@elsewhere.example",
        "a -> b <- c <-> d -- e >= f <= g ~= h",
        ":streamlit:",
    ],
)
def test_what_browsers_make_of_plain_words_is_broken(written: str) -> None:
    """They look for it in what is read already, where escapes are gone; nothing else is added."""
    told = literal(written).replace("\\", "")
    assert told.replace(_JOINER, "") == written
    assert not _ALIVE.search(told)


def test_names_have_nothing_added() -> None:
    """So that what is copied is what is there."""
    for name in ("hate-review", "score.spam", "rules/x_y", "en: a, b (c)", "@ana", "a:b"):
        assert _JOINER not in literal(name)


@pytest.mark.parametrize("written", ["    four spaces", "one\n\n# two", "one  \ntwo", "\tcode"])
def test_lines_and_spaces_mean_nothing(written: str) -> None:
    """Else they would make code of it, or a heading."""
    read = MarkdownIt("commonmark").render(literal(written))
    assert read == f"<p>{' '.join(written.split())}</p>\n"
