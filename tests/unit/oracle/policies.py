"""Small policies for hand-worked examples."""

from collections.abc import Mapping

from engine.diagnostics import Span
from engine.item import Item, Value
from engine.rules.model import (
    AllOf,
    Condition,
    Constant,
    Exemption,
    Leaf,
    Points,
    PointsLine,
    Policy,
    PolicyList,
    Rule,
    Status,
    Then,
)
from engine.rules.vocabulary import Field, FieldType, Operator, Queue, Vocabulary
from engine.text.entry import Entry, Spelling
from engine.verdict import Tier

SPAN = Span("example.yaml", 1, 1)

_QUEUES = {
    "general": Queue(name="general", tier=Tier.SINGLE, sla=100.0, span=SPAN),
    "qa": Queue(name="qa", tier=Tier.SINGLE, sla=50.0, span=SPAN),
    "senior": Queue(name="senior", tier=Tier.SENIOR, sla=10.0, span=SPAN),
    "legal": Queue(name="legal", tier=Tier.SENIOR, sla=20.0, span=SPAN),
}


def leaf(field: str, operator: Operator, constant: Constant) -> Leaf:
    """A leaf."""
    return Leaf(field=field, operator=operator, constant=constant, span=SPAN)


def rule(name: str, when: Condition | None = None, tier: Tier = Tier.AUTO) -> Rule:
    """A live rule that always matches, unless told otherwise."""
    return Rule(
        name=name,
        owner="owner@example.org",
        policy="hate",
        status=Status.LIVE,
        when=when or leaf("yes", Operator.IS, constant=True),
        then=Then(
            tier=tier, reason=f"reason.{name}", action="remove" if tier is Tier.AUTO else "publish"
        ),
        span=SPAN,
    )


def exemption(name: str, *covers: str) -> Exemption:
    """An exemption that always holds."""
    return Exemption(
        name=name,
        owner="owner@example.org",
        because="an example",
        covers=covers,
        when=leaf("yes", Operator.IS, constant=True),
        span=SPAN,
    )


def _fields() -> list[Field]:
    number, yes_no = FieldType.NUMBER, FieldType.YES_NO
    return [
        Field(name="yes", type=yes_no, missing=True, span=SPAN),
        Field(name="maybe", type=yes_no, span=SPAN),
        Field(name="n", type=number, span=SPAN),
        Field(name="m", type=number, span=SPAN),
        Field(name="zero", type=number, missing=0.0, span=SPAN),
        Field(
            name="of-image",
            type=number,
            present_when=leaf("item.kind", Operator.IS, ("image",)),
            span=SPAN,
        ),
        Field(name="item.kind", type=FieldType.CHOICE, span=SPAN),
        Field(name="item.market", type=FieldType.TEXT_ID, span=SPAN),
        Field(name="author.id", type=FieldType.TEXT_ID, span=SPAN),
        Field(name="domains", type=FieldType.DOMAINS, span=SPAN),
        Field(name="tags", type=FieldType.SET, span=SPAN),
        Field(name="text", type=FieldType.TEXT, span=SPAN),
        Field(name="points.p", type=number, span=SPAN),
        Field(name="decision.tier", type=FieldType.CHOICE, span=SPAN),
        Field(name="decision.action", type=FieldType.CHOICE, span=SPAN),
    ]


def policy(*rules: Rule, exemptions: tuple[Exemption, ...] = ()) -> Policy:
    """A policy over a few fields."""
    fields = _fields()
    lists = [
        PolicyList(name="sites", of="domains", names=frozenset({"bbc.co.uk"}), span=SPAN),
        PolicyList(
            name="drugs",
            of="words",
            entries=(Entry(text="xanax", spelling=Spelling.TOLERANT), Entry(text="speed")),
            span=SPAN,
        ),
    ]
    sure, unsure = (leaf("n", Operator.AT_LEAST, 1.0), leaf("m", Operator.AT_LEAST, 1.0))
    lines = tuple(
        PointsLine(points=points, because="a sign", when=when, span=SPAN)
        for points, when in ((2.0, sure), (3.0, unsure), (-1.0, AllOf(parts=(sure,), span=SPAN)))
    )
    return Policy(
        vocabulary=Vocabulary(fields={field.name: field for field in fields}, queues=_QUEUES),
        rules={each.name: each for each in rules},
        lists={each.name: each for each in lists},
        points={"p": Points(name="p", lines=lines, span=SPAN)},
        exemptions={each.name: each for each in exemptions},
    )


def item(fields: Mapping[str, Value] | None = None) -> Item:
    """An item."""
    return Item("i-1", fields or {})
