"""Messages to people: the right language, the right values, and nothing that runs."""

import pytest

from engine.item import Value
from engine.rules.model import Message
from engine.rules.vocabulary import Field, FieldType
from queues.messages import Occasion, language_for, render
from tests.unit.policies import PLACE

DECLARED = {
    name: Field(name=name, type=kind, span=PLACE)
    for name, kind in {
        "item.kind": FieldType.CHOICE,
        "author.account_age": FieldType.DURATION,
        "author.verified": FieldType.YES_NO,
        "item.created_at": FieldType.DATE,
        "links.domain": FieldType.DOMAINS,
        "text.quoted_share": FieldType.SHARE,
        "score.hate": FieldType.SCORE,
        "author.followers": FieldType.COUNT,
    }.items()
}


def message(**texts: str) -> Message:
    """A message to the author, by language, with `_` for a hyphen."""
    by_language = {name.replace("_", "-"): text for name, text in texts.items()}
    return Message(name="m", to="author", text=by_language, span=PLACE)


def written(text: str, **given: object) -> str:
    """A text in English, written out."""
    return render(message(en=text), "en", Occasion(**given), DECLARED).text  # type: ignore[arg-type]


def test_placeholders_take_their_values() -> None:
    """Fields, the match as written, the title of the reason, and the link."""
    text = written(
        "Your {{item.kind}}: {{reason.title}}, “{{match}}”. {{appeal.link}}",
        fields={"item.kind": "post"},
        reason="Insult",
        match="1d10t",
        appeal="https://example.org/appeals/7",
    )
    assert text == "Your post: Insult, “1d10t”. https://example.org/appeals/7"


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("author.account_age", 3 * 86_400.0 + 5, "3 days"),
        ("author.account_age", 3_600, "1 hour"),
        ("author.account_age", 0.2, "0 seconds"),
        ("author.verified", True, "yes"),
        ("item.created_at", 1_772_000_000.0, "2026-02-25"),
        ("links.domain", frozenset({"b.example", "a.example"}), "a.example, b.example"),
        ("text.quoted_share", 0.5, "50%"),
        ("score.hate", 0.97, "0.97"),
        ("author.followers", 1_234_567, "1234567"),
    ],
)
def test_values_are_written_as_people_do(name: str, value: Value, shown: str) -> None:
    """The type of the field says how."""
    assert written(f"{{{{{name}}}}}", fields={name: value}) == shown


def test_what_is_not_known_is_nothing() -> None:
    """A sender that did not say leaves a gap, not braces."""
    assert written("a{{author.verified}}b{{match}}c") == "abc"


def test_nothing_in_a_value_is_interpreted() -> None:
    """Braces, markup and backslashes of people stay text; a value is not looked into again."""
    nasty = r"{{appeal.link}} <script>\1\g<0> {{match}} %s {0}"
    assert written("“{{match}}”", match=nasty, appeal="no") == f"“{nasty}”"


def test_quotes_are_short() -> None:
    """A long match does not make a long message; a link stays whole."""
    assert len(written("{{match}}", match="x" * 10_000)) == 200
    link = "https://example.org/" + "a" * 500
    assert written("{{appeal.link}}", appeal=link) == link


@pytest.mark.parametrize(
    ("language", "chosen"),
    [("de", "de"), ("de-AT", "de"), ("pt_BR", "pt-BR"), ("PT-br", "pt-BR"), ("fr", "en")],
)
def test_the_reader_gets_a_language_they_know(language: str, chosen: str) -> None:
    """The item's, the same without region, then English."""
    assert language_for(message(de="d", en="e", pt_BR="p"), language) == chosen


def test_without_english_the_first_language_is_taken() -> None:
    """Better any than none."""
    assert language_for(message(sv="s", de="d"), None) == "de"
