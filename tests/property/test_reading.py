"""Reading never fails, whatever is in the files, and does not depend on their order."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.diagnostics import Level
from engine.rendering import as_github, as_json, as_sarif, as_text
from engine.rules.codes import CODES
from engine.rules.documents import lines_of, read_documents
from engine.rules.model import Policy
from engine.rules.reading import read_policy

ROOT = Path(__file__).resolve().parents[2]
SETUP = (ROOT / "tests" / "mistakes" / "setup" / "vocabulary.yaml").read_text(encoding="utf-8")
FAULTY = [
    path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "tests" / "mistakes").rglob("*.yaml"))
]
PIECES = ["- ", ": ", "[", "]", "{", "}", "'", '"', "#", "*x", "&a ", "!t ", "\t", "\n", "---\n"]
PIECES += ["| ", "> ", "$x", "yes", "none", "0", "%", "missing", "any:", "\x00", "é", "rule: x\n"]


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A file with some pieces cut out and others put in."""
    text = draw(st.sampled_from(FAULTY))
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(text)))
        stop = start + draw(st.integers(0, 12))
        text = text[:start] + draw(st.sampled_from(["", *PIECES])) + text[stop:]
    return text


@given(damaged())
def test_damaged_files_are_explained(text: str) -> None:
    """Every finding has a documented code and a place that exists, and is shown in all forms."""
    sources: dict[str, str | bytes] = {"setup.yaml": SETUP, "a.yaml": text}
    policy, found = read_policy(sources)
    assert (policy is None) == any(one.level is Level.ERROR for one in found)
    assert found == sorted(found, key=lambda one: (one.span, one.code, one.message))
    lines = lines_of(text)
    for one in found:
        assert one.code in CODES
        if one.span.file == "a.yaml":
            assert 1 <= one.span.line <= len(lines)
            assert 1 <= one.span.column <= len(lines[one.span.line - 1]) + 1
    as_text(found, sources)
    as_json(found)
    as_sarif(found, CODES)
    as_github(found)


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_anything_is_read_or_explained(content: bytes | str) -> None:
    """No bytes and no text make reading fail."""
    policy, found = read_policy({"a.yaml": content})
    assert policy is not None or found


@given(st.integers(1, 60), st.sampled_from(["[", "{a: ", "- ", "? ", "indentation"]))
def test_no_depth_slips_through(levels: int, kind: str) -> None:
    """However levels are written, beyond the limit they are refused, not before half of it."""
    if kind == "indentation":
        text = "\n".join(f"{' ' * level}a:" for level in range(1, levels + 1))
    else:
        text = f"  {kind * levels}a"
    _, mistakes = read_documents("a.yaml", f"list: a\nof:\n{text}\n")
    deep = any(one.code == "too-deep" for one in mistakes)
    if levels > 32:
        assert deep
    if levels < 16:
        assert not deep


def _folder() -> dict[str, str]:
    folder = ROOT / "rules"
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.yaml"))
    }


def test_the_shipped_rules_have_no_mistake() -> None:
    """The rules that come with Tierwise load without a word."""
    sources = _folder()
    if not sources:
        pytest.skip("no rules are shipped with this checkout")
    policy, found = read_policy(sources)
    assert found == []
    assert policy is not None


@given(st.randoms(use_true_random=False))
def test_the_order_of_documents_never_matters(random: object) -> None:
    """Documents of a file in any order, and files of any name, make the same policy."""
    parts = SETUP.split("---\n")
    shuffled = list(parts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    half = len(parts) // 2
    whole, _ = read_policy({"a.yaml": SETUP})
    again, found = read_policy(
        {"z.yaml": "---\n".join(shuffled[:half]), "b.yaml": "---\n".join(shuffled[half:])}
    )
    assert found == []
    assert whole is not None
    assert again is not None
    assert _meaning(whole) == _meaning(again)


def _meaning(policy: Policy) -> list[object]:
    rules = [(rule.name, rule.then, rule.severity) for rule in policy.rules.values()]
    fields = [(one.name, one.type, one.missing) for one in policy.vocabulary.fields.values()]
    fixtures = [(name, sorted(item)) for name, item in policy.fixtures.items()]
    return [*rules, *fields, *sorted(policy.lists), *sorted(policy.conditions), *fixtures]
