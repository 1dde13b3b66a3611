"""Which kinds of items a rule of the source looks at."""

from collections.abc import Iterable
from typing import Final

from engine.importing.automoderator.fates import ByHand, Dead
from engine.importing.automoderator.modifiers import name_of
from engine.importing.automoderator.nodes import Text, Value
from engine.importing.automoderator.targets import COMMENT_ONLY, ITEM, OF_COMMENTS
from engine.rules.suggestions import shown

BOTH: Final = ("post", "comment")
_TYPES: Final = {
    "any": BOTH,
    "comment": ("comment",),
    "submission": ("post",),
    "text submission": ("post",),
    "link submission": ("post",),
    "crosspost submission": ("post",),
    "poll submission": ("post",),
    "gallery submission": ("post",),
}
#: The field that tells a form of posts, by type.
FORMS: Final = {
    "text submission": "is_text_post",
    "link submission": "is_link_post",
    "crosspost submission": "is_crosspost",
    "poll submission": "is_poll",
    "gallery submission": "is_gallery",
}
#: What is set on posts alone.
POST_ACTIONS: Final = (
    "set_flair",
    "set_sticky",
    "set_nsfw",
    "set_spoiler",
    "set_contest_mode",
    "set_original_content",
    "set_suggested_sort",
    "set_post_crowd_control_level",
)


def type_of(value: Value | None, line: int) -> str:
    """The type that a rule names.

    Raises:
        ByHand: There is no such type.
    """
    if value is None:
        return "any"
    written = value.value.strip().lower() if isinstance(value, Text) else ""
    if written not in _TYPES:
        raise ByHand(line, f"`type: {shown(written)}` is no type of the source")
    return written


def kinds_of(kind: str, keys: Iterable[Text]) -> tuple[str, ...]:
    """The kinds of items for which all of these checks and actions are possible.

    Args:
        kind: The type that the rule names.
        keys: Its keys.

    Raises:
        Dead: There is no such kind.
    """
    found = _TYPES[kind]
    for key in keys:
        fitting = [one for one in found if one in _fitting(key.value)]
        if not fitting:
            where = " and ".join(f"{one}s" for one in found)
            message = f"`{shown(key.value)}` does not work on {where}: the source drops the rule"
            raise Dead(key.line, message)
        found = tuple(fitting)
    return found


def _fitting(key: str) -> tuple[str, ...]:
    name = name_of(key)
    if name in COMMENT_ONLY or name == "parent_submission":
        return ("comment",)
    if name in POST_ACTIONS or name in ("crosspost_author", "crosspost_subreddit"):
        return ("post",)
    fields = key.strip().lower().lstrip("~").split("#")[0].split("(")[0].split("+")
    known = {*ITEM.searched, *ITEM.flags, *ITEM.numbers, "discussion_type"}
    own = [one.strip() for one in fields if one.strip() in known]
    if own and not any(one in OF_COMMENTS for one in own):
        return ("post",)
    return BOTH
