"""`tierwise test` runs the examples beside the rules."""

import json
from pathlib import Path

from tests.functional.program import RULES, rules_in, tierwise


def test_passing_tests_are_counted(tmp_path: Path) -> None:
    """Where all is well the counts are all there is to say."""
    rules_in(tmp_path)
    done = tierwise("test", folder=tmp_path)
    assert done.stdout.decode() == "5 passed, 0 failed, 0 known gaps\n"
    assert done.returncode == 0


def test_a_failure_says_where_what_and_why(tmp_path: Path) -> None:
    """A failing test is named with file and line, what it expected and got, and what was seen."""
    rules = rules_in(tmp_path, RULES.replace("score.hate: 0.969", "score.hate: 0.971"))
    done = tierwise("test", rules, folder=tmp_path)
    line = RULES[: RULES.index("- name: just below")].count("\n") + 1
    assert done.stdout.decode().splitlines() == [
        f"{rules}/all.yaml:{line}  failed  hate-remove: just below the line",
        "    expected no match, got match",
        "      true    score.hate 0.971 ≥ 0.97 (sure)",
        "4 passed, 1 failed, 0 known gaps",
    ]
    assert done.returncode == 1


def test_a_known_gap_does_not_fail(tmp_path: Path) -> None:
    """Known gaps are listed, and those that are closed are reported, without failing."""
    text = RULES.replace(
        "score.hate: 0.969 }\n    expect: no match", "score.hate: 0.969 }\n    expect: match"
    )
    rules_in(tmp_path, text.replace("expect: match", "expect: match\n    known_gap: yes"))
    done = tierwise("test", folder=tmp_path)
    shown = done.stdout.decode()
    assert "known gap  hate-remove: just below the line" in shown
    assert shown.count("closed: remove known_gap") == 3
    assert shown.endswith("4 passed, 0 failed, 1 known gaps\n")
    assert done.returncode == 0


def test_one_rule_can_be_tested_alone(tmp_path: Path) -> None:
    """`--rule` takes the names of rules and stories; a mistyped one is refused."""
    rules_in(tmp_path)
    done = tierwise("test", "--rule", "flood", folder=tmp_path)
    assert done.stdout == b"1 passed, 0 failed, 0 known gaps\n"
    assert tierwise("test", "--rule", "floods", folder=tmp_path).returncode == 2


def test_results_are_given_as_an_object_too(tmp_path: Path) -> None:
    """A program reads the same results."""
    rules_in(tmp_path)
    done = tierwise("test", "--format", "json", folder=tmp_path)
    result = json.loads(done.stdout)
    assert (result["passed"], result["failed"], result["known_gaps"]) == (5, 0, 0)
    assert {test["owner"] for test in result["tests"]} == {
        "hate-remove",
        "hate-words",
        "flood",
        "the third post within an hour",
    }


def test_rules_with_mistakes_are_not_tested(tmp_path: Path) -> None:
    """Mistakes are shown instead, and the command ends with 1."""
    rules_in(tmp_path, "rule: a\n")
    done = tierwise("test", folder=tmp_path)
    assert done.returncode == 1
    assert b"all.yaml:1:1" in done.stderr
