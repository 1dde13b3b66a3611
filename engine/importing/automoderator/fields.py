"""Which field of ours holds what a check of the source looks at."""

from dataclasses import dataclass
from typing import Final

from engine.rules.vocabulary import FieldType


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A field that a translated rule needs, as it is declared where nobody has declared it."""

    type: FieldType
    about: str
    missing: str | None = None
    """As written; None: a value that did not arrive is unknown."""
    choices: tuple[str, ...] = ()
    instead: str | None = None
    """A field of the usual vocabulary that holds nearly the same."""
    change: str = ""
    """What is different about that one."""


def _text(about: str, *, missing: bool = True, instead: str | None = None) -> Wanted:
    change = f"`{instead}` is title and body together"
    return Wanted(
        type=FieldType.TEXT,
        about=about,
        missing="" if missing else None,
        instead=instead,
        change=change,
    )


def _flag(about: str) -> Wanted:
    return Wanted(type=FieldType.YES_NO, about=about, missing="no")


def _number(about: str) -> Wanted:
    return Wanted(type=FieldType.NUMBER, about=about)


#: The levels of `contributor_quality`, from low to high.
QUALITY: Final = ("lowest", "low", "moderate", "high", "highest")

_SUBMISSION: Final = {
    "id": _text("The id of the post or comment."),
    "title": _text("The title of a post; a comment has none.", instead="text"),
    "url": _text("The address that a link post leads to."),
    "body": _text("What stands below the title of a post, or the whole comment.", instead="text"),
    "unquoted_body": _text("The body without what it quotes of others."),
    "host": _text("The host name in the address of a link post."),
    "domain": Wanted(
        type=FieldType.DOMAINS,
        about="The domain that a link post leads to; links in its text do not count.",
        missing="none",
        instead="links.domain",
        change="`links.domain` has the links in the text too",
    ),
    "flair_text": _text("The label that a post carries, as shown."),
    "flair_css_class": _text("The style class of the label that a post carries."),
    "flair_template_id": _text("The id of the template of the label that a post carries."),
    "poll_option_text": _text("The options of a poll, one to a line."),
    "poll_option_count": _number("How many options a poll has."),
    "is_edited": _flag("It was changed after it was posted."),
    "is_top_level": _flag("A comment that answers the post itself, not another comment."),
    "is_original_content": _flag("Marked by its author as made by themselves."),
    "is_poll": _flag("A post that is a poll."),
    "is_gallery": _flag("A post that is a gallery of images."),
    "is_text_post": _flag("A post that is text alone."),
    "is_link_post": _flag("A post that leads to an address."),
    "is_crosspost": _flag("A post that shows a post of another community."),
    "is_meta_discussion": _flag("A post that links to a discussion about the community."),
    "past_archive_date": _flag("A post older than six months."),
    "discussion_type": Wanted(
        type=FieldType.CHOICE,
        about="Whether a post is talked about in comments or in a chat.",
        choices=("comments", "chat"),
        missing="comments",
    ),
    "permalink": _text("The address of the item itself."),
}
_MEDIA: Final = {
    "media.author": _text("Who put the linked media up.", missing=False),
    "media.author_url": _text("The page of who put the linked media up.", missing=False),
    "media.title": _text("The title of the linked media.", missing=False),
    "media.description": _text("The description of the linked media.", missing=False),
}
_ACCOUNT: Final = {
    "id": _text("The id of the account.", missing=False),
    "name": _text("The name of the account.", missing=False),
    "flair_text": _text("The label that the account carries in this community."),
    "flair_css_class": _text("The style class of the label of the account."),
    "flair_template_id": _text("The id of the template of the label of the account."),
    "comment_karma": _number("Votes on the comments of the account."),
    "post_karma": _number("Votes on the posts of the account."),
    "combined_karma": _number("Votes on posts and comments of the account."),
    "comment_community_karma": _number("Votes on its comments in this community."),
    "post_community_karma": _number("Votes on its posts in this community."),
    "combined_community_karma": _number("Votes on its posts and comments in this community."),
    "account_age": Wanted(type=FieldType.DURATION, about="How long the account has existed."),
    "contributor_quality": Wanted(
        type=FieldType.CHOICE,
        about="How good a contributor the platform takes the account for.",
        choices=QUALITY,
    ),
    "has_verified_email": _flag("The account has a checked address or telephone number."),
    "is_gold": _flag("The account has a paid membership."),
    "is_submitter": _flag("The account also wrote the post that it comments on."),
    "is_contributor": _flag("The account is an approved member of this community."),
    "is_staff": _flag("An account of our own staff, or a moderator of this community."),
}
_COMMUNITY: Final = {
    "name": _text("The name of the community.", missing=False),
    "is_nsfw": _flag("The community is for adults."),
    "event_label": _text("The label of the event that the community is having now."),
}
_SHARED: Final = {
    "text": Wanted(type=FieldType.TEXT, about="Title and body joined by a new line.", missing=None),
    "item.kind": Wanted(
        type=FieldType.CHOICE,
        about="What kind of item it is.",
        choices=("post", "comment"),
    ),
    "reports.count": Wanted(
        type=FieldType.COUNT, about="How many people reported the item.", missing="0"
    ),
    "links.domain": Wanted(
        type=FieldType.DOMAINS,
        about="Domains of all links of the item, in its text as well.",
        missing="none",
    ),
    "parent.reports": Wanted(
        type=FieldType.COUNT, about="How many people reported the post above.", missing="0"
    ),
    "crosspost.id": _text("The id of the post that is shown here.", missing=False),
    "crosspost.title": _text("The title of the post that is shown here.", missing=False),
}


def _under(prefix: str, fields: dict[str, Wanted]) -> dict[str, Wanted]:
    return {f"{prefix}.{name}": wanted for name, wanted in fields.items()}


#: Every field that a translated rule can name.
FIELDS: Final[dict[str, Wanted]] = {
    **_SHARED,
    **_under("item", _SUBMISSION),
    **_MEDIA,
    **_under("parent", _SUBMISSION),
    **_under("parent", _MEDIA),
    **_under("author", _ACCOUNT),
    **_under("crosspost.author", _ACCOUNT),
    **_under("crosspost.community", _COMMUNITY),
    **_under("community", _COMMUNITY),
}
