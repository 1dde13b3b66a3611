"""What an author is told about each kind of mistake, compared with stored texts."""

from pathlib import Path

import pytest

from engine.rendering import as_text
from engine.rules.codes import CODES
from engine.rules.documents import lines_of
from engine.rules.reading import read_policy

HERE = Path(__file__).parent
CASES = sorted(
    {path.stem for path in HERE.glob("*.yaml")}
    | {path.parent.name for path in HERE.glob("*/*.yaml") if path.parent.name != "setup"}
)
SETUP = (HERE / "setup" / "vocabulary.yaml").read_text(encoding="utf-8")


def sources_of(case: str) -> dict[str, str | bytes]:
    """The faulty file, or the files of the faulty folder, and the vocabulary they use."""
    paths = sorted((HERE / case).glob("*.yaml")) or [HERE / f"{case}.yaml"]
    names = {path: path.relative_to(HERE).as_posix() for path in paths}
    return {"setup.yaml": SETUP, **{name: path.read_bytes() for path, name in names.items()}}


@pytest.mark.parametrize("case", CASES)
def test_the_author_is_told_what_is_wrong(case: str, write_outputs: bool) -> None:  # noqa: FBT001
    """Each mistake is said once, at its place, with what to do about it."""
    sources = sources_of(case)
    policy, diagnostics = read_policy(sources)
    text = as_text(diagnostics, sources)
    stored = HERE / f"{case}.expected"
    if write_outputs:
        stored.write_text(text, encoding="utf-8")
    assert text == stored.read_text(encoding="utf-8")
    assert diagnostics
    assert (policy is None) == any(one.level == "error" for one in diagnostics)


@pytest.mark.parametrize("case", CASES)
def test_messages_keep_their_form(case: str) -> None:
    """Messages are lower case, end without a full stop, and bear a documented code."""
    _, diagnostics = read_policy(sources_of(case))
    for one in diagnostics:
        assert one.code in CODES
        for text in (one.message, one.hint or "x"):
            assert not text.endswith((".", "!"))
            assert text.count("`") % 2 == 0
            assert text[0] in "`'" or not text[0].isupper()


@pytest.mark.parametrize("case", CASES)
def test_every_place_exists(case: str) -> None:
    """What a diagnostic points at is a piece of a line of its file."""
    sources = sources_of(case)
    _, diagnostics = read_policy(sources)
    for one in diagnostics:
        for span in (one.span, *one.related):
            content = sources[span.file]
            text = content.decode("utf-8", "replace") if isinstance(content, bytes) else content
            lines = lines_of(text)
            assert 1 <= span.line <= len(lines)
            assert 1 <= span.column <= len(lines[span.line - 1]) + 1
            assert span.length >= 1


def test_the_vocabulary_has_no_mistake() -> None:
    """What the faulty files lean on is sound, so every diagnostic is their own."""
    policy, diagnostics = read_policy({"setup.yaml": SETUP})
    assert policy is not None
    assert diagnostics == []
