"""The same findings for people, programs, code scanners and GitHub."""

import json

from engine.diagnostics import Diagnostic, Level, Span
from engine.rendering import as_github, as_json, as_sarif, as_text

SOURCES: dict[str, str | bytes] = {
    "rules/hate.yaml": "rule: a\nwhen:\n  score.hat: { at_least: 0.97 }\n",
    "rules/odd.yaml": "\ufefftitle:\t赌博 zorb\r\nlong: ".encode() + b"x" * 400 + b" end\x07 \n",
}
FIELD = Diagnostic(
    code="unknown-field",
    level=Level.ERROR,
    message="there is no field `score.hat`",
    span=Span("rules/hate.yaml", 3, 3, 9),
    hint="did you mean `score.hate`?",
)
TWICE = Diagnostic(
    code="duplicate-id",
    level=Level.WARNING,
    message="there is already a rule `a`",
    span=Span("rules/hate.yaml", 1, 1, 7),
    hint="name: 100%, really",
    related=(Span("rules/o,d:d.yaml", 7, 2, 3),),
)


def test_text_points_at_the_place() -> None:
    """Place, level, code and message; the line; the caret with the question."""
    assert (
        as_text([FIELD], SOURCES)
        == """\
rules/hate.yaml:3:3  error[unknown-field]: there is no field `score.hat`
    3 |   score.hat: { at_least: 0.97 }
      |   ^^^^^^^^^ did you mean `score.hate`?
"""
    )


def test_text_without_the_source_keeps_the_hint() -> None:
    """Where the file is not at hand, what to do is said all the same."""
    assert (
        as_text([FIELD, TWICE], {})
        == """\
rules/hate.yaml:3:3  error[unknown-field]: there is no field `score.hat`
      = did you mean `score.hate`?
rules/hate.yaml:1:1  warning[duplicate-id]: there is already a rule `a`
      rules/o,d:d.yaml:7:2
      = name: 100%, really
"""
    )


def test_carets_stand_under_what_they_mean() -> None:
    """Wide letters take two columns, and tabs stay tabs."""
    span = Span("rules/odd.yaml", 1, 8, 2)
    one = Diagnostic(code="x", level=Level.ERROR, message="m", span=span)
    lines = as_text([one], SOURCES).splitlines()
    assert lines[1] == "    1 | title:\t赌博 zorb"
    assert lines[2] == "      | " + " " * 6 + "\t" + "^^^^"


def test_long_lines_are_cut_around_the_place() -> None:
    """A line of any length shows only what stands near the mistake, nothing that rings the bell."""
    span = Span("rules/odd.yaml", 2, 408, 3)
    one = Diagnostic(code="x", level=Level.ERROR, message="m", span=span)
    lines = as_text([one], SOURCES).splitlines()
    assert all(len(line) < 200 for line in lines)
    assert "\x07" not in lines[1]
    assert lines[1][lines[2].index("^") : lines[2].index("^") + 3] == "end"


def test_json_has_all_facts() -> None:
    """Programs get each fact by name."""
    found = json.loads(as_json([FIELD, TWICE]))
    assert (found["errors"], found["warnings"]) == (1, 1)
    assert found["diagnostics"][1] == {
        "code": "duplicate-id",
        "level": "warning",
        "message": "there is already a rule `a`",
        "file": "rules/hate.yaml",
        "line": 1,
        "column": 1,
        "length": 7,
        "hint": "name: 100%, really",
        "related": [{"file": "rules/o,d:d.yaml", "line": 7, "column": 2, "length": 3}],
    }


def test_sarif_names_its_rules() -> None:
    """Each result refers to a rule that is explained, and to a place."""
    log = json.loads(as_sarif([FIELD, TWICE], {"unknown-field": "No document declares this."}))
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["duplicate-id", "unknown-field"]
    assert rules[1]["shortDescription"]["text"] == "No document declares this."
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning")
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "rules/hate.yaml"
    assert place["region"] == {"startLine": 3, "startColumn": 3, "endColumn": 12}
    related = run["results"][1]["relatedLocations"][0]["physicalLocation"]
    assert related["artifactLocation"]["uri"] == "rules/o%2Cd%3Ad.yaml"


def test_github_commands_are_escaped() -> None:
    """Signs that end a part of a command are written as codes."""
    odd = Diagnostic(
        code="x", level=Level.WARNING, message="50%", span=Span("a,b:c.yaml", 2, 3, 4), hint="h"
    )
    assert as_github([odd]) == (
        "::warning file=a%2Cb%3Ac.yaml,line=2,col=3,endColumn=7,title=x::50%25%0Ah\n"
    )


def test_nothing_found_is_nothing_said() -> None:
    """Without findings texts are empty, and documents are complete."""
    assert as_text([], {}) == as_github([]) == ""
    assert json.loads(as_json([])) == {"diagnostics": [], "errors": 0, "warnings": 0}
    assert json.loads(as_sarif([], {}))["runs"][0]["results"] == []
