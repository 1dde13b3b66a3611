"""Words and phrases to look for: wildcards, spelling, exceptions, and what is no word at all."""

import re
import unicodedata

from engine.rules.documents import Mapping, Node, Scalar
from engine.rules.limits import ENTRY_LENGTH
from engine.rules.reading.reader import Reader
from engine.rules.reading.scalars import control_character, enum, scalar
from engine.rules.reading.shapes import items_of, keys_of, require
from engine.rules.suggestions import shown
from engine.text.entry import Entry, Spelling

_ENTRY_KEYS = ("word", "phrase", "spelling", "except")
_EXCEPTION_KEYS = ("word", "phrase", "spelling")
_SURELY_A_WORD = re.compile(r"\w[\w' -]*")
_PATTERN = re.compile(
    r"""
      \\[dDwWsSbB.+*?()\[\]{}|^$/-] | \\[0-9xu]         # \d  \.  \1
    | \(\? | \([^()]*\|[^()]*\)                         # (?:a)  (a|b)
    | \w{2,}\|\w{2,}                                    # one|two
    | \.\* | \.\+(?!\w) | [*+]\? | [)\]][*+?{]         # .*  .+  +?  [ab]+
    | \w\?\w | \w\{\d+(?:,\d*)?\}                       # colou?r  a{2,}
    | ^\^\w{3,} | ^\^.*\$$                              # ^buy  ^…$
    | \w\[[^\]\s]+\] | \[[^\]\s]+\]\w                   # tr[a4]p
    | \[\^ | \[[^\]\s]*\w-\w[^\]\s]*\](?=\w|$)          # [^x]  [a-z]
    | \[\[:\w+:\]\]
    | \[\w{2}\]                                         # [a4]
    """,
    re.VERBOSE,
)


def looks_like_pattern(word: str) -> bool:
    """Whether somebody wrote a regular expression where plain words are looked for."""
    return _PATTERN.search(word) is not None


def entries(
    reader: Reader, node: Node, operator: str, spelling: Spelling, exceptions: tuple[Entry, ...]
) -> tuple[Entry, ...]:
    """The words of a list, each with its own spelling and exceptions or those given for all."""
    found: list[Entry] = []
    seen: set[str] = set()
    for item in items_of(reader, node):
        one = _entry(reader, item, operator, spelling, exceptions)
        if one is None:
            continue
        key = f"{one.open_left:d}{one.open_right:d}{one.text}"
        if key in seen:
            reader.warn("duplicate-entry", f"`{shown(one.text)}` stands here twice", item)
            continue
        seen.add(key)
        found.append(one)
    return tuple(found)


def exceptions(reader: Reader, node: Node | None, spelling: Spelling) -> tuple[Entry, ...]:
    """The false friends after `except:`; they are found with the spelling of what they excuse."""
    if node is None:
        return ()
    return entries(reader, node, "except", spelling, ())


def _entry(
    reader: Reader,
    node: Node,
    operator: str,
    spelling: Spelling,
    exceptions_of_all: tuple[Entry, ...],
) -> Entry | None:
    if not isinstance(node, Mapping):
        place = reader.resolved(node, strict=False)
        word = scalar(place[0], place[1]) if place else None
        if word is None or place is None:
            return None
        return _word(place[0], word, operator, spelling, exceptions_of_all)
    allowed = _EXCEPTION_KEYS if operator == "except" else _ENTRY_KEYS
    keys = keys_of(reader, node, allowed)
    if keys is None:
        return None
    if "word" in keys and "phrase" in keys:
        reader.error("shape", "an entry has a `word` or a `phrase`, not both", node)
        return None
    if "phrase" not in keys:
        require(reader, keys, ("word",), node)
    own = enum(reader, keys.get("spelling"), Spelling) or spelling
    excepted = exceptions(reader, keys.get("except"), own)
    written = scalar(reader, keys.get("word") or keys.get("phrase"))
    if written is None:
        return None
    return _word(reader, written, operator, own, excepted or exceptions_of_all)


def _word(
    reader: Reader, node: Scalar, operator: str, spelling: Spelling, excepted: tuple[Entry, ...]
) -> Entry | None:
    word = node.value.strip()
    if len(word) <= ENTRY_LENGTH and _SURELY_A_WORD.fullmatch(word):
        return Entry(text=word, spelling=spelling, exceptions=excepted)
    if control_character(reader, node) or _refused(reader, node, operator):
        return None
    inner = word.removeprefix("*").removesuffix("*")
    return Entry(
        text=inner,
        spelling=spelling,
        open_left=word.startswith("*"),
        open_right=word.endswith("*"),
        exceptions=excepted,
    )


def _refused(reader: Reader, node: Scalar, operator: str) -> bool:
    word = node.value.strip()
    inner = word.removeprefix("*").removesuffix("*")
    if len(word) > ENTRY_LENGTH:
        message = (
            f"a word or phrase has at most {ENTRY_LENGTH} characters, this one has {len(word):,}"
        )
        reader.error("too-large", message, node)
    elif not any(_visible(char) for char in inner):
        reader.error("empty", f"`{shown(word)}` leaves nothing to look for", node)
    elif looks_like_pattern(word):
        where = operator if " " in operator else f"`{operator}`"
        message = f"`{shown(word)}` looks like a pattern, but {where} looks for these very letters"
        reader.error("looks-like-pattern", message, node, "use `matches:` for a pattern")
    elif "*" in inner:
        message = f"in `{shown(word)}` a `*` stands inside: it is possible only at the ends"
        hint = "write the spellings out, use `spelling: tolerant`, or `matches:` for a pattern"
        reader.error("wildcard", message, node, hint)
    elif inner != word and inner != inner.strip():
        message = f"in `{shown(word)}` a space stands between the word and its `*`"
        reader.error("wildcard", message, node, "leave the space out, or the `*`")
    elif inner != word and operator in ("starts_with", "ends_with", "exactly"):
        message = f"`{operator}` takes no `*`"
        reader.error("wildcard", message, node, f"write `{shown(inner)}`, or use `has_any`")
    else:
        return False
    return True


def _visible(char: str) -> bool:
    return not char.isspace() and unicodedata.category(char) not in ("Cf", "Mn", "Me", "Cc", "Zs")
