"""What the lints must not complain about: policies that look odd and are right."""

from pathlib import Path

import pytest

from engine.rules import quantities
from engine.rules.lints import check
from engine.rules.reading import read_policy

SETUP = Path(__file__).resolve().parents[3] / "mistakes_of_policy" / "setup"
NOW = quantities.moment("2026-06-01")
HEAD = "file: silence\nowner: policy@example.org\npolicy: hate\n---\n"


def _rule(name: str, when: str, then: str, more: str = "") -> str:
    text = f"rule: {name}\nstatus: live\n{more}when: {{ {when} }}\n"
    text += f"then: {{ {then}, reason: hate.attack }}\n"
    return text + ("tests: [{ given: { text: a }, expect: no match }]\n" if "auto" in then else "")


def _codes(*documents: str) -> list[str]:
    sources = {each: (SETUP / each).read_text() for each in ("vocabulary.yaml", "sample.yaml")}
    policy, mistakes = read_policy({**sources, "a.yaml": HEAD + "---\n".join(documents)})
    assert policy is not None, mistakes
    return [each.code for each in check(policy, now=NOW)]


REMOVE = "tier: auto, action: remove"
REVIEW = "tier: single"
PANEL = "tier: senior"

SILENT = {
    "neighbouring bands": (
        _rule("a", "score.hate: { at_least: 0.8, below: 0.9 }", REVIEW),
        _rule("b", "score.hate: { at_least: 0.9 }", REMOVE),
    ),
    "a label of the machine, which works beside people's rules": (
        _rule("a", "score.hate: { at_least: 0.9 }", "tier: auto, action: label, label: hate"),
        _rule("b", "score.hate: { at_least: 0.5 }", REVIEW),
    ),
    "neighbouring whole numbers": (
        _rule("a", "reports.count: { between: [3, 4] }", REVIEW),
        _rule("b", "reports.count: { at_least: 5 }", PANEL),
    ),
    "two tails": (
        _rule("a", "score.hate: { below: 0.1 }", REVIEW),
        _rule("b", "score.hate: { above: 0.9 }", PANEL),
    ),
    "a gap that another rule of the policy decides in part": (
        _rule("a", "score.hate: { at_least: 0.5, below: 0.8 }", REVIEW),
        _rule("b", "score.hate: { at_least: 0.9 }", PANEL),
        _rule("c", "score.hate: { between: [0.8, 0.9] }, author.verified: no", REVIEW),
    ),
    "overlapping bands of kinds that never meet": (
        _rule("a", "score.hate: { between: [0.5, 0.8] }", REVIEW, "for: [post]\n"),
        _rule("b", "score.hate: { between: [0.7, 0.9] }", PANEL, "for: [image]\n"),
    ),
    "a weaker rule that the wider one leaves something to ask for": (
        _rule("a", "score.hate: { at_least: 0.5 }", REVIEW),
        _rule("b", "score.hate: { at_least: 0.8 }", "tier: single, priority: urgent"),
    ),
    "a wider rule that an exemption may take away": (
        _rule("wide", "score.hate: { at_least: 0.5 }", PANEL),
        _rule("narrow", "score.hate: { at_least: 0.8 }", REVIEW),
        "exempt: friends\nbecause: known\ncovers: [wide]\nends: 2999-01-01\nwhen: { text: a }\n",
    ),
    "a wider rule with a sample": (
        _rule("wide", "score.hate: { at_least: 0.5 }", PANEL, "sample: 5% of items\n"),
        _rule("narrow", "score.hate: { at_least: 0.8 }", REVIEW),
    ),
    "a wider rule in one market alone": (
        _rule("wide", "score.hate: { at_least: 0.5 }", PANEL, "markets: [DE]\n"),
        _rule("narrow", "text: { has_any: [zorbling] }, score.hate: { at_least: 0.8 }", REVIEW),
    ),
    "words that a negative list makes rarer": (
        _rule("a", "text: { has_any: [zorbling, quenthead], has_none: [zorbling] }", REVIEW),
    ),
    "an excuse that does not always hold": (
        _rule("a", "score.hate: { at_least: 0.5 }", REVIEW)
        + "unless: { score.hate: { above: 0.5 } }\n",
    ),
    "a missing value that is looked for": (
        _rule(
            "a",
            "any: [{ score.hate: { is_missing: yes } }, { score.hate: { above: 0.9 } }]",
            REVIEW,
        ),
    ),
    "the same condition, of a live rule and its trial": (
        _rule("a", "score.hate: { at_least: 0.9 }", REVIEW),
        _rule("b", "score.hate: { at_least: 0.9 }", PANEL).replace(
            "status: live", "status: shadow\nends: 2999-01-01"
        ),
    ),
    "the same condition, one rule after the other": (
        _rule("a", "score.hate: { at_least: 0.9 }", REVIEW, "ends: 2999-01-01\n"),
        _rule("b", "score.hate: { at_least: 0.9 }", PANEL, "starts: 2999-01-02\n"),
    ),
    "a day that is not over": (
        _rule("a", "score.hate: { at_least: 0.9 }", REVIEW, "ends: 2026-06-01\n"),
    ),
    "short words in scripts without letter case": (
        "list: l\nof: words\nspelling: tolerant\nentries: [赌博]\n",
        _rule("a", "text: { has_any_in: [l] }", REVIEW),
    ),
}


@pytest.mark.parametrize("name", SILENT)
def test_what_is_right_gets_no_warning(name: str) -> None:
    """A policy lead who did nothing wrong is not bothered."""
    assert _codes(*SILENT[name]) == []


def test_a_condition_too_large_to_multiply_out_is_left_alone() -> None:
    """Where there are too many combinations to look at, nothing is claimed."""
    pairs = ", ".join(
        f"{{ any: [{{ score.hate: {{ above: 0.{n} }} }}, {{ score.spam: {{ below: 0.{n} }} }}] }}"
        for n in range(10, 30)
    )
    assert _codes(_rule("a", f"all: [{pairs}]", REVIEW)) == []
