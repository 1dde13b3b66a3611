"""Statements of reasons: the words of the schema, its conditions, and no word of people."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from engine.rules.model import Policy, Rule
from engine.rules.reading import read_folder
from engine.rules.vocabulary import BUILT_IN_ACTIONS, Reason
from queues.errors import InvalidSettings
from queues.statements import (
    Restriction,
    Statement,
    Transparency,
    load_transparency,
    state_reasons,
)
from queues.statements.exporting import COLUMNS, Format, cell, write
from tests.architecture.sources import ROOT
from tests.unit.policies import PLACE, at_least, policy, rule, vocabulary

SHIPPED = load_transparency(ROOT / "config" / "transparency.toml")
DECISION = UUID("01900000-0000-7000-8000-000000000001")

#: A statement the database takes, after the example of its documentation.
TAKEN: dict[str, Any] = {
    "decision_visibility": ["DECISION_VISIBILITY_CONTENT_DISABLED"],
    "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
    "incompatible_content_ground": "incompatible content grounds",
    "incompatible_content_explanation": "incompatible content explanation",
    "category": "STATEMENT_CATEGORY_VIOLENCE",
    "content_type": ["CONTENT_TYPE_VIDEO", "CONTENT_TYPE_AUDIO"],
    "territorial_scope": ["PT", "ES", "DE"],
    "content_date": "2023-08-08",
    "application_date": "2023-08-08",
    "decision_facts": "facts about the decision",
    "source_type": "SOURCE_TRUSTED_FLAGGER",
    "automated_detection": "No",
    "automated_decision": "AUTOMATED_DECISION_PARTIALLY",
    "puid": "TK421",
}


def made() -> Policy:
    """A policy with two reasons and a titled rule."""
    words = vocabulary()
    reasons = {
        name: Reason(name=name, title=title, policy=name.partition(".")[0], span=PLACE)
        for name, title in {"hate.attack": "Attack on a group", "spam.links": "Link spam"}.items()
    }
    titled: Rule = rule("unkind", at_least("score.hate", 0.9), title="Remove what is unkind")
    return policy(words.__class__(reasons=reasons, queues=words.queues), titled)


def stated(**changes: Any) -> Statement:  # noqa: ANN401 - as the fields of Restriction
    """The statement of a machine's removal, with changes."""
    given: dict[str, Any] = {
        "decision_id": DECISION,
        "action": "remove",
        "reasons": ("hate.attack",),
        "policy": "hate",
        "made_by": "machine",
        "rules": ("unkind",),
        "written": date(2026, 2, 1),
        "applied": date(2026, 2, 3),
    }
    statement = state_reasons(Restriction(**{**given, **changes}), made(), SHIPPED)
    assert statement is not None
    return statement


def test_a_removal_by_the_machine() -> None:
    """All that the database wants to know, in its words."""
    assert stated().fields() == {
        "decision_visibility": ["DECISION_VISIBILITY_CONTENT_REMOVED"],
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "incompatible_content_ground": "Community rules: attacks on groups of people",
        "incompatible_content_explanation": "Attack on a group.",
        "category": "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
        "category_specification": ["KEYWORD_HATE_SPEECH"],
        "content_type": ["CONTENT_TYPE_TEXT"],
        "content_date": "2026-02-01",
        "territorial_scope": list(SHIPPED.countries),
        "application_date": "2026-02-03",
        "decision_facts": "Rules that matched: Remove what is unkind. An automated system made the"
        " decision; nobody looked at the content before.",
        "source_type": "SOURCE_VOLUNTARY",
        "automated_detection": "Yes",
        "automated_decision": "AUTOMATED_DECISION_FULLY",
        "puid": str(DECISION),
    }


def test_who_decided_and_who_noticed() -> None:
    """People alone, people after the machine, and what users reported."""
    alone, after = stated(made_by="person"), stated(made_by="panel", after_machine=True)
    assert alone.automated_decision == "AUTOMATED_DECISION_NOT_AUTOMATED"
    assert after.automated_decision == "AUTOMATED_DECISION_PARTIALLY"
    reported = stated(reported=True)
    assert reported.source_type == "SOURCE_TYPE_OTHER_NOTIFICATION"
    assert reported.automated_detection == "No"
    assert reported.decision_facts.startswith("Users reported the content.")


def test_reasons_beside_the_first_add_categories() -> None:
    """The first reason gives the category, the others are named beside it."""
    statement = stated(reasons=("hate.attack", "spam.links"))
    assert statement.category_addition == ("STATEMENT_CATEGORY_OTHER_VIOLATION_TC",)
    assert statement.category_specification == ("KEYWORD_HATE_SPEECH", "KEYWORD_OTHER")
    assert statement.category_specification_other == "Spam"


def test_what_the_mapping_does_not_name() -> None:
    """An unknown policy is another violation of terms; unknown kinds and actions say their name."""
    statement = stated(reasons=("new.reason",), policy="new", kind="poll", action="lock_thread")
    assert statement.category == "STATEMENT_CATEGORY_OTHER_VIOLATION_TC"
    assert statement.incompatible_content_ground == "Policy: new"
    assert statement.content_type_other == "poll"
    assert statement.decision_visibility_other == "lock_thread"


def test_a_law_makes_the_ground_illegal_content() -> None:
    """With `law` the fields of the other ground stay empty."""
    statement = stated(reasons=("legal.symbol_de",), policy="legal")
    assert statement.decision_ground == "DECISION_GROUND_ILLEGAL_CONTENT"
    assert statement.illegal_content_legal_ground is not None
    assert statement.incompatible_content_ground is None


@pytest.mark.parametrize("action", sorted(BUILT_IN_ACTIONS))
def test_built_in_actions_need_no_configuration(action: str) -> None:
    """Publishing and warning restrict nobody; everything else is stated."""
    given = Restriction(
        decision_id=DECISION,
        action=action,
        reasons=(),
        policy=None,
        made_by="person",
        written=date(2026, 2, 1),
        applied=date(2026, 2, 1),
    )
    statement = state_reasons(given, made(), Transparency())
    assert (statement is None) == (action in {"publish", "warn"})


def test_statements_are_valid_whatever_a_policy_says() -> None:
    """Long names and titles are cut, old and future dates bent: nothing is left unstated."""
    statement = stated(
        reasons=tuple("x" * 3_000 + str(number) for number in range(3)),
        policy="y" * 2_000,
        rules=("z" * 9_000,),
        kind="k" * 2_000,
        written=date(1970, 1, 1),
        language="tlh-KL",
        has_images=True,
    )
    assert Statement.model_validate(statement.fields()) == statement
    assert statement.content_type == ("CONTENT_TYPE_OTHER", "CONTENT_TYPE_IMAGE")
    assert statement.content_date == date(2000, 1, 1)
    assert stated(written=date(2030, 1, 1)).content_date == date(2026, 2, 3)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"decision_visibility": None}, "something must be restricted"),
        ({"decision_visibility": []}, "decision_visibility"),
        ({"decision_visibility": ["REMOVED"]}, "decision_visibility"),
        ({"decision_visibility": ["DECISION_VISIBILITY_OTHER"]}, "decision_visibility_other"),
        ({"decision_visibility_other": "x"}, "decision_visibility_other"),
        ({"decision_monetary": "DECISION_MONETARY_OTHER"}, "decision_monetary_other"),
        ({"decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT"}, "illegal_content_legal_ground"),
        ({"incompatible_content_ground": None}, "incompatible_content_ground"),
        ({"incompatible_content_explanation": "x" * 2_001}, "incompatible_content_explanation"),
        ({"content_type": []}, "content_type"),
        ({"content_type": ["CONTENT_TYPE_OTHER"]}, "content_type_other"),
        ({"category": "STATEMENT_CATEGORY_SCOPE_OF_PLATFORM_SERVICE"}, "category"),
        ({"category_specification": ["KEYWORD_SPAM"]}, "category_specification"),
        ({"category_specification_other": "x"}, "category_specification_other"),
        ({"territorial_scope": []}, "territorial_scope"),
        ({"territorial_scope": ["US"]}, "territorial_scope"),
        ({"content_language": "english"}, "content_language"),
        ({"content_date": "1999-12-31"}, "content_date"),
        ({"application_date": "2019-12-31"}, "application_date"),
        ({"end_date_visibility_restriction": "2023-08-07"}, "end_date_visibility_restriction"),
        ({"content_id": {"EAN-13": "123"}}, "content_id"),
        ({"decision_facts": ""}, "decision_facts"),
        ({"source_type": None}, "source_type"),
        ({"automated_decision": "Yes"}, "automated_decision"),
        ({"puid": "has spaces"}, "puid"),
        ({"url": "https://example.org"}, "url"),
    ],
)
def test_what_the_database_refuses_is_refused(changes: dict[str, Any], named: str) -> None:
    """Values outside its lists, and fields that others make necessary or idle."""
    Statement.model_validate(TAKEN)
    with pytest.raises(ValidationError, match=named):
        Statement.model_validate({**TAKEN, **changes})


def test_the_shipped_wording_knows_the_shipped_policy() -> None:
    """Every policy that restricts somebody is named, and nothing that is not there."""
    shipped, _ = read_folder([ROOT / "rules"])
    assert shipped is not None
    reasons = shipped.vocabulary.reasons
    internal = {"appeal", "quality"}
    assert set(SHIPPED.policies) == {each.policy for each in reasons.values()} - internal
    assert set(SHIPPED.reasons) <= set(reasons)
    kinds = set(shipped.vocabulary.fields["item.kind"].choices)
    assert set(SHIPPED.content_types) == kinds - {"appeal"}


def test_mistakes_in_the_wording_are_told(tmp_path: Path) -> None:
    """Each with its place in the file."""
    file = tmp_path / "transparency.toml"
    file.write_text('[policies.hate]\ncategory = "HATE"\n[actions.lock]\nvisible = true\n')
    with pytest.raises(InvalidSettings) as caught:
        load_transparency(file)
    assert [mistake.split(": ")[1] for mistake in caught.value.mistakes] == [
        "policies.hate.category",
        "actions.lock.visible",
    ]
    file.write_text("[policies")
    with pytest.raises(InvalidSettings):
        load_transparency(file)
    assert load_transparency(None) == Transparency()


def test_lines_are_bodies_of_requests() -> None:
    """Each line of the export is a statement again."""
    out = io.StringIO()
    write([stated().fields(), stated(kind="poll").fields()], out, Format.JSONL)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [Statement.model_validate(line) for line in lines] == [stated(), stated(kind="poll")]


def test_tables_hold_no_formulas() -> None:
    """A cell that a spreadsheet would compute is made text; lists stand as JSON."""
    fields = {**stated().fields(), "content_type_other": '=HYPERLINK("http://x")'}
    out = io.StringIO()
    write([fields], out, Format.CSV)
    header, row = csv.reader(io.StringIO(out.getvalue()))
    assert tuple(header) == COLUMNS
    table = dict(zip(header, row, strict=True))
    assert table["content_type_other"] == '\'=HYPERLINK("http://x")'
    assert table["decision_visibility"] == '["DECISION_VISIBILITY_CONTENT_REMOVED"]'
    assert [cell(start + "1") for start in ("+", "-", "@", "\t")] == ["'+1", "'-1", "'@1", "'\t1"]
