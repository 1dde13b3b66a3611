"""Reads single documents against the small vocabulary of the stored mistakes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.rules.model import Policy, Rule
from engine.rules.reading import read_policy

SETUP = Path(__file__).parents[3] / "mistakes" / "setup" / "vocabulary.yaml"

PolicyOf = Callable[[str], Policy]
RuleOf = Callable[[str], Rule]
CodesOf = Callable[[str], list[str]]

RULE = """rule: sample
owner: team@example.org
policy: hate
status: live
"""
WHEN = "when: { score.hate: { at_least: 0.9 } }\n"
THEN = "then: { tier: single, reason: hate.attack }\n"


def _setup() -> str:
    return SETUP.read_text(encoding="utf-8")


@pytest.fixture
def policy_of() -> PolicyOf:
    """Reads documents that have no mistake."""

    def read(text: str) -> Policy:
        policy, diagnostics = read_policy({"setup.yaml": _setup(), "given.yaml": text})
        assert policy is not None, diagnostics
        return policy

    return read


@pytest.fixture
def codes_of() -> CodesOf:
    """Reads documents that have mistakes, and tells their codes in order of place."""

    def read(text: str) -> list[str]:
        _, diagnostics = read_policy({"setup.yaml": _setup(), "given.yaml": text})
        return [one.code for one in diagnostics]

    return read


@pytest.fixture
def rule_of(policy_of: PolicyOf) -> RuleOf:
    """Reads the rule `sample` with some keys added; `when` and `then` are there unless given."""

    def read(keys: str) -> Rule:
        lines = ("\n" + keys).replace("\n ", "")
        text = RULE + keys.rstrip() + "\n"
        text += "" if "\nwhen:" in lines else WHEN
        text += "" if "\nthen:" in lines else THEN
        return policy_of(text).rules["sample"]

    return read
