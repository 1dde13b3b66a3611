"""What tests expect: of their rule, or of the whole policy."""

from engine.rules.documents import Mapping, Node, Scalar
from engine.rules.model import ExpectedVerdict, Outcome
from engine.rules.reading.reader import Reader
from engine.rules.reading.references import known
from engine.rules.reading.scalars import choice, duration, enum, names, scalar, texts, whole, yes
from engine.rules.reading.shapes import Keys, keys_of
from engine.rules.suggestions import quoted, shown
from engine.verdict import Priority, Tier

_KEYS = (
    "tier",
    "action",
    "while_waiting",
    "queue",
    "priority",
    "sla",
    "reasons",
    "message",
    "labels",
    "notify",
    "strikes",
    "rules",
    "sampled",
)
#: Keys of `then:`, where one stands for several.
_SAME = {"reason": "reasons", "label": "labels"}
_OUTCOMES = {str(one): one for one in Outcome}
MOST_STRIKES = 100


def expectation(reader: Reader, node: Node | None) -> Outcome | ExpectedVerdict | None:
    """`match`, `no match`, `unknown`, or what the decision must look like."""
    if isinstance(node, Mapping):
        return verdict(reader, node)
    found = scalar(reader, node)
    if found is None:
        return None
    written = found.value.strip()
    if written in _OUTCOMES:
        return _OUTCOMES[written]
    words = tuple(_OUTCOMES)
    plain = written.replace("_", " ").replace("-", " ")
    hint = f"did you mean `{plain}`?" if plain in words else None
    hint = hint or reader.mistakes.suggestion(written, words)
    hint = hint or f"write one of {quoted(words)}, or what is decided: `{{ tier: auto }}`"
    reader.error("choice", f"`{shown(written)}` is not possible here", found, hint)
    return None


def verdict(reader: Reader, node: Node | None) -> ExpectedVerdict | None:
    """What the decision of the whole policy must look like."""
    if node is None:
        return None
    keys = keys_of(reader, node, (*_KEYS, *_SAME))
    if keys is None:
        return None
    if not keys:
        reader.error("empty", "nothing is expected here", node)
    keys = {_SAME.get(key, key): value for key, value in keys.items()}
    return ExpectedVerdict(
        tier=enum(reader, keys.get("tier"), Tier),
        action=choice(reader, keys.get("action"), reader.names.actions),
        while_waiting=waiting(reader, keys.get("while_waiting")),
        queue=known(reader, "queue", keys.get("queue")),
        priority=enum(reader, keys.get("priority"), Priority),
        sla=duration(reader, keys.get("sla")),
        reasons=_all_known(reader, keys, "reasons", "reason"),
        message=known(reader, "message", keys.get("message")),
        labels=texts(reader, keys["labels"]) if keys.get("labels") else None,
        notify=texts(reader, keys["notify"]) if keys.get("notify") else None,
        strikes=whole(reader, keys.get("strikes"), 0, MOST_STRIKES),
        rules=_all_known(reader, keys, "rules", "rule"),
        sampled=yes(reader, keys["sampled"]) if keys.get("sampled") else None,
    )


def waiting(reader: Reader, node: Node | None) -> str | None:
    """What stands until people have decided; `keep` is `publish`."""
    if isinstance(node, Scalar) and node.value == "keep":
        return "publish"
    return choice(reader, node, reader.names.actions)


def _all_known(reader: Reader, keys: Keys, key: str, kind: str) -> tuple[str, ...] | None:
    node = keys.get(key)
    if node is None:
        return None
    found = [known(reader, kind, one) for one in _names(reader, node)]
    return tuple(one for one in found if one is not None)


def _names(reader: Reader, node: Node) -> list[Scalar]:
    if getattr(node, "value", None) == []:
        return []
    return names(reader, node)
