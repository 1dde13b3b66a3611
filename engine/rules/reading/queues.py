"""`queue` documents: which people decide, and by when."""

from engine.rules.documents import Node
from engine.rules.reading.mistakes import Mistakes
from engine.rules.reading.names import Names
from engine.rules.reading.reader import Reader
from engine.rules.reading.scalars import choice, duration, scalar, whole, yes
from engine.rules.reading.shapes import Keys, keys_of, require
from engine.rules.vocabulary import Gold, Panel, Queue
from engine.verdict import Tier

#: Tiers in which people decide.
PEOPLE = (Tier.SINGLE, Tier.SENIOR)
_KEYS = ("queue", "tier", "sla", "default", "blind", "gold", "panel", "title", "about")
_AGREEMENT = ("majority", "unanimous", "two_plus_one")
_LARGEST_PANEL = 99


def read_queues(names: Names, mistakes: Mistakes) -> None:
    """All queues; at most one of a tier is its default."""
    defaults: dict[Tier, Queue] = {}
    for document in names.all_of("queue"):
        reader = Reader(document, names, mistakes)
        queue = _queue(reader)
        if queue is None:
            names.lost.add(("queue", document.name))
            continue
        names.queues[queue.name] = queue
        first = defaults.setdefault(queue.tier, queue) if queue.default else queue
        if first is not queue:
            message = f"`{first.name}` is already the default queue of `{queue.tier}`"
            hint = "a tier has one default queue"
            mistakes.add("default-queue", message, queue.span, hint, related=(first.span,))


def _queue(reader: Reader) -> Queue | None:
    document = reader.document
    keys = keys_of(reader, document.node, _KEYS)
    if keys is None:
        return None
    require(reader, keys, ("tier", "sla"), document.node)
    tier = choice(reader, keys.get("tier"), PEOPLE)
    sla = duration(reader, keys.get("sla"))
    gold = _gold(reader, keys.get("gold"))
    panel = _panel(reader, keys, tier)
    if tier is None:
        return None
    return Queue(
        name=document.name,
        tier=Tier(tier),
        sla=sla or 0.0,
        default=yes(reader, keys.get("default")),
        blind=yes(reader, keys.get("blind")),
        gold=gold,
        panel=panel,
        span=document.span,
    )


def _gold(reader: Reader, node: Node | None) -> Gold | None:
    keys = keys_of(reader, node, ("from", "one_in", "blind")) if node is not None else None
    if keys is None or node is None:
        return None
    require(reader, keys, ("from", "one_in"), node)
    source = scalar(reader, keys.get("from"))
    one_in = whole(reader, keys.get("one_in"), 1, 1_000_000)
    blind = yes(reader, keys.get("blind"))
    if source is None or one_in is None:
        return None
    of = reader.names.list_kinds.get(source.value)
    if of is None and not reader.names.declared("list", source.value):
        reader.unknown("list", source, reader.names.list_kinds)
    elif of not in (None, "ids"):
        reader.error("list-type", f"`{source.value}` is a list of {of}, not of ids", source)
    return Gold(source=source.value, one_in=one_in, blind=blind)


def _panel(reader: Reader, keys: Keys, tier: str | None) -> Panel | None:
    node = keys.get("panel")
    inner = keys_of(reader, node, ("reviewers", "decide")) if node is not None else None
    if inner is None or node is None:
        return None
    if tier == Tier.SINGLE:
        reader.error("no-effect", "only a `senior` queue has a panel", node)
    require(reader, inner, ("reviewers", "decide"), node)
    reviewers = whole(reader, inner.get("reviewers"), 1, _LARGEST_PANEL)
    decide = choice(reader, inner.get("decide"), _AGREEMENT)
    return Panel(reviewers=reviewers or 1, decide=decide or "majority")
