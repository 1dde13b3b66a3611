"""What the checks of a rule look at: the item, its author, the post above, and so on."""

from dataclasses import dataclass
from typing import Final

_POST: Final = (
    "id",
    "title",
    "domain",
    "url",
    "body",
    "flair_text",
    "flair_css_class",
    "flair_template_id",
    "poll_option_text",
    "media_author",
    "media_author_url",
    "media_title",
    "media_description",
    "crosspost_id",
    "crosspost_title",
)
_ACCOUNT: Final = ("id", "name", "flair_text", "flair_css_class", "flair_template_id")
_POST_FLAGS: Final = (
    "is_edited",
    "is_original_content",
    "is_poll",
    "is_gallery",
    "is_meta_discussion",
    "past_archive_date",
)
_POST_NUMBERS: Final = ("reports", "body_longer_than", "body_shorter_than", "poll_option_count")
_ACCOUNT_FLAGS: Final = (
    "has_verified_email",
    "is_gold",
    "is_submitter",
    "is_contributor",
    "is_moderator",
)
#: Thresholds of accounts, and what they are called here.
THRESHOLDS: Final = {
    "comment_karma": "comment_karma",
    "post_karma": "post_karma",
    "link_karma": "post_karma",
    "combined_karma": "combined_karma",
    "comment_subreddit_karma": "comment_community_karma",
    "post_subreddit_karma": "post_community_karma",
    "combined_subreddit_karma": "combined_community_karma",
    "account_age": "account_age",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Something whose properties are checked."""

    key: str
    """How the source calls it; empty: the item itself."""
    prefix: str
    """How its fields begin here."""
    searched: tuple[str, ...]
    """What can be searched for words."""
    flags: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    account: bool = False


ITEM: Final = Target(
    key="",
    prefix="item",
    searched=_POST,
    flags=(*_POST_FLAGS, "is_top_level"),
    numbers=_POST_NUMBERS,
)
#: By the key under which their checks stand.
GROUPS: Final = {
    target.key: target
    for target in (
        Target(
            key="author",
            prefix="author",
            searched=_ACCOUNT,
            flags=_ACCOUNT_FLAGS,
            account=True,
        ),
        Target(
            key="crosspost_author",
            prefix="crosspost.author",
            searched=_ACCOUNT,
            flags=_ACCOUNT_FLAGS,
            account=True,
        ),
        Target(
            key="parent_submission",
            prefix="parent",
            searched=_POST,
            flags=_POST_FLAGS,
            numbers=_POST_NUMBERS,
        ),
        Target(
            key="crosspost_subreddit",
            prefix="crosspost.community",
            searched=("name",),
            flags=("is_nsfw",),
        ),
        Target(
            key="subreddit",
            prefix="community",
            searched=("name", "event_label"),
            flags=("is_nsfw",),
        ),
    )
}
#: Of the item: what only comments have, and what they have as posts do.
COMMENT_ONLY: Final = frozenset({"is_top_level"})
OF_COMMENTS: Final = frozenset(
    {"id", "body", "reports", "body_longer_than", "body_shorter_than", "is_edited", "is_top_level"}
)
#: Every name that can be searched somewhere; others are no check at all.
SEARCHED: Final = frozenset({*_POST, *_ACCOUNT, "event_label"})


def field_of(target: Target, name: str) -> str:
    """The field that holds what the source calls `name`."""
    if name.startswith("media_"):
        media = f"media.{name.removeprefix('media_')}"
        return media if target is ITEM else f"{target.prefix}.{media}"
    if name.startswith("crosspost_") and target is ITEM:
        return f"crosspost.{name.removeprefix('crosspost_')}"
    if name == "is_moderator":
        return f"{target.prefix}.is_staff"
    if name == "reports":
        return "reports.count" if target is ITEM else f"{target.prefix}.reports"
    return f"{target.prefix}.{name}"
