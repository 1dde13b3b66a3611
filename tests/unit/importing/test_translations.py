"""Rules of AutoModerator, compared with their stored translations."""

from pathlib import Path

import pytest

from engine.diagnostics import Level
from engine.importing.automoderator import Options, import_files
from engine.importing.rendering import as_text
from engine.rules import lints
from engine.rules.formatting import format_text
from engine.rules.model import Status
from engine.rules.quantities import moment
from engine.rules.reading import read_policy

HERE = Path(__file__).parents[2] / "translations" / "automoderator"
CASES = sorted(path.stem for path in HERE.glob("*.yaml") if ".expected" not in path.name)
OPTIONS = Options(owner="mods@example.org", ends="2027-04-30", declares=True)


@pytest.mark.parametrize("case", CASES)
def test_rules_become_what_is_stored_beside_them(case: str, request: pytest.FixtureRequest) -> None:
    """Vocabulary, rules and report are those that somebody has read."""
    source = HERE / f"{case}.yaml"
    found = import_files({source.name: source.read_bytes()}, OPTIONS)
    for stored, text in (
        (HERE / f"{case}.expected.yaml", "---\n".join(found.files.values())),
        (HERE / f"{case}.report.txt", as_text(found.report)),
    ):
        if request.config.getoption("--write-outputs"):
            stored.write_text(text, encoding="utf-8")
        assert text == stored.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_translations_load_by_themselves_and_act_on_nothing(case: str) -> None:
    """They lint without an error, are in the usual form, and every rule is a shadow with an end."""
    text = (HERE / f"{case}.expected.yaml").read_text(encoding="utf-8")
    policy, found = read_policy({"a.yaml": text})
    assert policy is not None
    found = [*found, *lints.check(policy, now=moment("2027-01-01"))]
    assert not [one for one in found if one.level is Level.ERROR]
    assert not format_text("a.yaml", text).changed
    assert policy.rules
    assert {rule.status for rule in policy.rules.values()} == {Status.SHADOW}
    assert {rule.ends for rule in policy.rules.values()} == {moment("2027-05-01")}


def test_every_check_and_action_of_the_documentation_has_an_example() -> None:
    """The list is that of the public documentation; each name stands in some source."""
    text = "".join((HERE / f"{case}.yaml").read_text(encoding="utf-8") for case in CASES)
    documented = """
        type: priority: moderators_exempt: comment: comment_locked: comment_stickied: modmail:
        modmail_subject: message: message_subject: author: crosspost_author: crosspost_subreddit:
        subreddit: parent_submission: id: title domain url body flair_text flair_css_class
        flair_template_id poll_option_text poll_option_count crosspost_id crosspost_title
        media_author media_author_url media_title media_description name includes-word includes
        starts-with ends-with full-exact full-text regex case-sensitive ~ # + reports:
        body_longer_than: body_shorter_than: is_edited: is_original_content: is_poll: is_gallery:
        discussion_type: is_meta_discussion: past_archive_date: is_top_level: is_nsfw: event_label:
        contributor_quality: comment_karma: post_karma: combined_karma: comment_subreddit_karma:
        post_subreddit_karma: combined_subreddit_karma: account_age: satisfy_any_threshold:
        has_verified_email: is_gold: is_submitter: is_contributor: is_moderator: action:
        action_reason: report_reason: set_flair: overwrite_flair: set_sticky: set_nsfw: set_spoiler:
        set_contest_mode: set_original_content: set_suggested_sort: set_locked:
        set_post_crowd_control_level: ignore_blockquotes: standard: approve remove spam filter
        report {{author}} {{author_flair_text}} {{author_flair_css_class}}
        {{author_flair_template_id}} {{body}} {{permalink}} {{subreddit}} {{kind}} {{title}}
        {{domain}} {{url}} {{media_author}} {{media_author_url}} {{media_title}}
        {{media_description}} {{match}} {{match-2}} {{match-title}} {{match-title-2}}
    """
    assert not [name for name in documented.split() if name not in text]
