"""What the lints say about small policies with one mistake each, word for word."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.diagnostics import Diagnostic, Level
from engine.rendering import as_text
from engine.rules import quantities
from engine.rules.lints import CHECKS, check
from engine.rules.reading import read_folder, read_policy

ROOT = Path(__file__).resolve().parents[4]
MISTAKES = ROOT / "tests" / "mistakes_of_policy"
EXAMPLES = ROOT.parent / "shared" / "design" / "rule-examples"
NOW = quantities.moment("2026-06-01")
NAMES = sorted(file.stem for file in MISTAKES.glob("*.yaml"))


def _sources(name: str | None) -> Mapping[str, str]:
    """A faulty file, the vocabulary all of them use, and a sample of what the machine does."""
    shared = (
        ["vocabulary.yaml"] if name == "no-quality-sample" else ["vocabulary.yaml", "sample.yaml"]
    )
    found = {each: (MISTAKES / "setup" / each).read_text("utf-8") for each in shared}
    if name is not None:
        found[f"{name}.yaml"] = (MISTAKES / f"{name}.yaml").read_text("utf-8")
    return found


def _findings(sources: Mapping[str, str]) -> list[Diagnostic]:
    policy, mistakes = read_policy(sources)
    assert policy is not None, as_text(mistakes, sources)
    return [*mistakes, *check(policy, now=NOW)]


@pytest.mark.parametrize("name", NAMES)
def test_a_mistake_is_shown_as_stored(name: str) -> None:
    """A faulty policy gets exactly the stored text, which is reviewed as any other text is."""
    sources = _sources(name)
    expected = (MISTAKES / f"{name}.expected").read_text("utf-8")
    assert as_text(_findings(sources), sources) == expected


def test_the_shared_vocabulary_is_without_findings() -> None:
    """What all examples have in common says nothing by itself, so each finding is the example's."""
    assert _findings(_sources(None)) == []


def test_every_check_has_an_example() -> None:
    """No check is without a policy on which it speaks."""
    spoken = {each.code for name in NAMES for each in _findings(_sources(name))}
    codes = {(function.__doc__ or "").split("`")[1] for function in CHECKS}
    assert codes == spoken


def test_findings_come_by_place_and_once() -> None:
    """Findings are in the order of their places, each once."""
    found = [each for name in NAMES for each in _findings(_sources(name))]
    by_file = {name: [each for each in found if each.span.file == f"{name}.yaml"] for name in NAMES}
    for each in by_file.values():
        assert each == sorted(set(each), key=lambda one: (one.span, one.code, one.message))


def test_messages_have_the_usual_form() -> None:
    """Messages begin in lower case or with a name, end without a full stop and fit on one line."""
    for name in NAMES:
        for each in _findings(_sources(name)):
            assert each.level is Level.WARNING
            assert each.message[0] == "`" or each.message[0].islower()
            assert not each.message.endswith(".")
            assert "\n" not in each.message
            assert each.hint is None or not each.hint.endswith(".")


def test_the_examples_of_the_language_are_fine() -> None:
    """The examples have no finding but the trial whose time is over."""
    if not EXAMPLES.is_dir():
        pytest.skip("the examples of the rule language are not beside this checkout")
    policy, mistakes = read_folder([EXAMPLES])
    assert policy is not None
    assert mistakes == []
    assert check(policy, now=quantities.moment("2026-03-01")) == []
    assert [each.code for each in check(policy, now=NOW)] == ["expired"]
