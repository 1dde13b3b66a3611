"""What people wrote says itself, in places that read Markdown as well."""

from html import escape

import pytest
from markdown_it import MarkdownIt

from dashboard.formats import literal

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
    # As the renderer writes what it takes for text.
    assert read == f"<p>{escape(written, quote=False).replace(chr(34), '&quot;')}</p>\n"


@pytest.mark.parametrize("written", ["    four spaces", "one\n\n# two", "one  \ntwo", "\tcode"])
def test_lines_and_spaces_mean_nothing(written: str) -> None:
    """Else they would make code of it, or a heading."""
    read = MarkdownIt("commonmark").render(literal(written))
    assert read == f"<p>{' '.join(written.split())}</p>\n"
