"""A small vocabulary with a field of every type, and random defaults and presence conditions."""

from dataclasses import replace

from engine.diagnostics import Span
from engine.item import Value
from engine.rules.model import Condition, Leaf
from engine.rules.vocabulary import (
    BUILT_IN_ACTIONS,
    Action,
    Field,
    FieldType,
    Operator,
    Queue,
    Reason,
    Vocabulary,
)
from engine.verdict import Tier
from tests.generators.draws import Draws

SPAN = Span("generated.yaml", 1, 1)

KINDS = ("post", "comment", "image")
MARKETS = ("DE", "NO", "FR")
LANGUAGES = ("en", "de", "zh")
NAMES = ("u-1", "u-2", "u-3", "tag", "NO", "bbc.co.uk", "news.bbc.co.uk")
DOMAINS = ("bbc.co.uk", "news.bbc.co.uk", "co.uk", "notbbc.co.uk", "buy.example", "example")
TAGS = ("a", "b", "c", "no", "spam.x")
NUMBERS = (0.0, 1.0, 2.0, 3.0, 5.0, 0.5, 0.25, 0.9, 0.97, 1.5, -1.0)
REASONS = ("hate.attack", "spam.links", "goods.drugs", "quality.sample")

_TYPES = {
    "item.kind": FieldType.CHOICE,
    "item.market": FieldType.TEXT_ID,
    "item.language": FieldType.TEXT_ID,
    "author.id": FieldType.TEXT_ID,
    "links.count": FieldType.COUNT,
    "score.one": FieldType.SCORE,
    "score.two": FieldType.SCORE,
    "amount": FieldType.NUMBER,
    "quoted": FieldType.SHARE,
    "age": FieldType.DURATION,
    "posted": FieldType.DATE,
    "verified": FieldType.YES_NO,
    "genre": FieldType.CHOICE,
    "country": FieldType.TEXT_ID,
    "tags": FieldType.SET,
    "links.domain": FieldType.DOMAINS,
    "text": FieldType.TEXT,
    "title": FieldType.TEXT,
    "counter.burst": FieldType.COUNT,
}
_CHOICES = {"item.kind": KINDS, "genre": TAGS}
_SAMPLES = {
    "item.kind": KINDS,
    "item.market": MARKETS,
    "item.language": LANGUAGES,
    "genre": TAGS,
}


def plain_names(name: str) -> tuple[str, ...]:
    """Values a field of names may hold."""
    return _SAMPLES.get(name, NAMES)


def vocabulary(draws: Draws) -> Vocabulary:
    """Fields of every type, reasons, queues and actions."""
    fields: dict[str, Field] = {}
    for name, kind in _TYPES.items():
        field = Field(name=name, type=kind, choices=_CHOICES.get(name, ()), span=SPAN)
        if name != "item.kind":
            if draws.chance(25):
                field = replace(field, missing=_default(draws, field))
            if draws.chance(25):
                field = replace(field, present_when=_presence(draws, fields))
        fields[name] = field
    return Vocabulary(
        fields=fields,
        reasons={
            name: Reason(name=name, title=name, policy=name.split(".")[0], span=SPAN)
            for name in REASONS
        },
        queues=_queues(draws),
        actions=_actions(draws),
    )


def with_points(words: Vocabulary, table: str) -> Vocabulary:
    """The vocabulary with the field of a table of points."""
    field = Field(name=f"points.{table}", type=FieldType.NUMBER, span=SPAN)
    return replace(words, fields={**words.fields, field.name: field})


def with_decision(words: Vocabulary) -> Vocabulary:
    """The vocabulary with the fields of the decision already made."""
    choices = {
        "decision.tier": tuple(tier.value for tier in Tier),
        "decision.action": tuple(words.actions),
    }
    fields = {
        name: Field(name=name, type=FieldType.CHOICE, choices=values, span=SPAN)
        for name, values in choices.items()
    }
    return replace(words, fields={**words.fields, **fields})


def _default(draws: Draws, field: Field) -> Value:
    if field.type is FieldType.YES_NO:
        return draws.chance(50)
    if field.type.numeric:
        return draws.pick(NUMBERS)
    if field.type.is_set:
        return frozenset(draws.some(_members(field), 2, least=0))
    if field.type is FieldType.TEXT:
        return draws.pick(("", "speed", "for sale"))
    return draws.pick(plain_names(field.name))


def _members(field: Field) -> tuple[str, ...]:
    return DOMAINS if field.type is FieldType.DOMAINS else TAGS


def _presence(draws: Draws, earlier: dict[str, Field]) -> Condition:
    choices = [
        field
        for field in earlier.values()
        if field.type in (FieldType.COUNT, FieldType.YES_NO) or field.name == "item.kind"
    ]
    field = draws.pick(choices)
    if field.type is FieldType.COUNT:
        return Leaf(field=field.name, operator=Operator.AT_LEAST, constant=1.0, span=SPAN)
    if field.type is FieldType.YES_NO:
        return Leaf(field=field.name, operator=Operator.IS, constant=True, span=SPAN)
    operator = draws.pick((Operator.IS, Operator.IS_NOT))
    return Leaf(field=field.name, operator=operator, constant=(draws.pick(KINDS),), span=SPAN)


def _queues(draws: Draws) -> dict[str, Queue]:
    queues = {}
    for name, tier in (
        (draws.pick(("general", "single")), Tier.SINGLE),
        ("qa", Tier.SINGLE),
        ("senior", Tier.SENIOR),
        ("legal", Tier.SENIOR),
    ):
        sla = float(draws.pick((60, 900, 3_600, 86_400)))
        queues[name] = Queue(name=name, tier=tier, sla=sla, span=SPAN)
    if draws.chance(30):
        name = draws.pick(tuple(queues))
        queues[name] = replace(queues[name], default=True)
    return queues


def _actions(draws: Draws) -> dict[str, Action]:
    actions = dict(BUILT_IN_ACTIONS)
    if draws.chance(40):
        actions["blur"] = Action(name="blur", strictness=3.5, held_as="label", span=SPAN)
    if draws.chance(20):
        actions["ban"] = Action(name="ban", strictness=9.0, held_as="hide", span=SPAN)
    return actions
