"""Random policies: rules with everything a rule may say, lists, points and exemptions."""

from collections.abc import Sequence
from dataclasses import replace

from engine.rules.model import (
    Condition,
    Exemption,
    Leaf,
    Points,
    PointsLine,
    Policy,
    PolicyList,
    Portion,
    Rule,
    Stage,
    Status,
    Then,
)
from engine.rules.vocabulary import Operator, Vocabulary
from engine.verdict import Priority, Severity, Tier
from tests.generators import words
from tests.generators.conditions import Names, condition
from tests.generators.draws import Draws
from tests.generators.vocabulary import (
    DOMAINS,
    KINDS,
    LANGUAGES,
    MARKETS,
    NAMES,
    REASONS,
    SPAN,
    TAGS,
    vocabulary,
    with_decision,
    with_points,
)

#: The moment all items are judged at; dates of rules lie around it.
NOW = 1_000_000.0

_STATUSES = (Status.LIVE,) * 12 + (Status.SHADOW, Status.SHADOW, Status.DRAFT, Status.RETIRED)
_TIERS = (Tier.AUTO, Tier.SINGLE, Tier.SENIOR)
_SHARES = (0.5, 0.2, 0.9, 0.0, 1.0)


def policy(draws: Draws, least: int = 1, most: int = 14) -> Policy:
    """A policy of a few rules over a small vocabulary, so that rules meet one another."""
    spoken = vocabulary(draws)
    known = words.language(draws)
    lists = _lists(draws, known)
    names = Names(list(spoken.fields.values()), list(lists.values()), known)
    tables = {}
    for name in ("signs", "trust")[: draws.below(3)]:
        tables[name] = _points(draws, name, names)
        spoken = with_points(spoken, name)
        names = replace(names, fields=list(spoken.fields.values()))
    spoken = with_decision(spoken)
    of_item = [field for name, field in spoken.fields.items() if not name.startswith("decision.")]
    named = [(f"condition-{place}", condition(draws, names, 1)) for place in range(draws.below(3))]
    of_item_names = replace(names, fields=of_item, conditions=named)
    of_decision = replace(names, fields=list(spoken.fields.values()), conditions=named)
    number = draws.between(least, most * 6 if draws.chance(4) else most)
    rules = _rules(draws, of_item_names, of_decision, spoken, number)
    if draws.chance(20):
        rules = _crowded(draws, rules)
    rules = list(draws.some(rules, len(rules), len(rules)))
    return Policy(
        vocabulary=spoken,
        rules={rule.name: rule for rule in rules},
        lists=lists,
        conditions=dict(named),
        points=tables,
        exemptions={
            name: _exemption(draws, name, of_item_names, rules)
            for name in ("friends", "press")[: draws.below(3)]
        },
    )


def _rules(
    draws: Draws, of_item: Names, of_decision: Names, spoken: Vocabulary, number: int
) -> list[Rule]:
    rules: list[Rule] = []
    for place in range(number):
        name = f"{draws.pick('abcdef')}-{place}"
        if draws.chance(12):
            rules.append(_rule(draws, name, of_decision, spoken, Stage.AFTER, []))
        else:
            rules.append(_rule(draws, name, of_item, spoken, Stage.ITEM, rules))
    return rules


def _crowded(draws: Draws, rules: Sequence[Rule]) -> list[Rule]:
    """The rules, most of which match every item, so that there is much to combine."""
    always = Leaf(field="item.kind", operator=Operator.IS_MISSING, constant=False, span=SPAN)
    crowded: list[Rule] = []
    for rule in rules:
        matching = replace(rule, when=always, unless=None) if draws.chance(70) else rule
        sampled = rule.then.tier is not Tier.AUTO and draws.chance(60)
        portion = Portion(draws.pick(_SHARES), "items") if sampled else rule.sample
        earlier = tuple(one.name for one in crowded[-2:] if not one.protected)
        outranks = earlier if draws.chance(50) else rule.outranks
        crowded.append(replace(matching, sample=portion, outranks=outranks))
    return crowded


def _rule(
    draws: Draws,
    name: str,
    names: Names,
    spoken: Vocabulary,
    stage: Stage,
    others: Sequence[Rule],
) -> Rule:
    tier = draws.pick(_TIERS if stage is Stage.ITEM else _TIERS[1:])
    outrankable = [rule.name for rule in others if not rule.protected]
    return Rule(
        name=name,
        owner="policy@example.org",
        policy=draws.pick(("hate", "spam", "goods")),
        status=draws.pick(_STATUSES),
        severity=draws.pick(tuple(Severity)),
        protected=draws.chance(10),
        kinds=_subset(draws, KINDS, 25),
        markets=_subset(draws, MARKETS, 15),
        not_markets=_subset(draws, MARKETS, 10),
        languages=_subset(draws, LANGUAGES, 12),
        when=_when(draws, names, stage),
        unless=condition(draws, names, 1) if draws.chance(30) else None,
        if_missing=draws.pick((Tier.SINGLE, Tier.SENIOR)) if draws.chance(35) else None,
        then=_then(draws, tier, spoken),
        starts=_moment(draws),
        ends=_moment(draws),
        stage=stage,
        sample=_portion(draws, 40 if stage is Stage.AFTER else 18),
        rollout=_portion(draws, 10),
        outranks=draws.some(outrankable, 4) if outrankable and draws.chance(40) else (),
        span=SPAN,
    )


def _when(draws: Draws, names: Names, stage: Stage) -> Condition:
    decision = [field for field in names.fields if field.name.startswith("decision.")]
    if stage is Stage.AFTER and draws.chance(70):
        text = [field for field in names.fields if field.name == "text"]
        return condition(draws, replace(names, fields=[*decision, *text]), 1)
    return condition(draws, names, draws.pick((0, 1, 1, 2)))


def _then(draws: Draws, tier: Tier, spoken: Vocabulary) -> Then:
    actions = tuple(spoken.actions)
    queues = [name for name, queue in spoken.queues.items() if queue.tier is tier]
    return Then(
        tier=tier,
        reason=draws.pick(REASONS),
        action=draws.pick(actions) if tier is Tier.AUTO else "publish",
        while_waiting=draws.pick(actions) if draws.chance(50) else "publish",
        queue=draws.pick(queues) if queues and draws.chance(40) else None,
        priority=draws.pick(tuple(Priority)),
        sla=float(draws.pick((30, 600, 7_200, 100_000))) if draws.chance(40) else None,
        message=draws.pick(("sorry", "support")) if draws.chance(30) else None,
        notify=draws.some(("on-call", "legal"), 2) if draws.chance(20) else (),
        labels=draws.some(("spam", "graphic", "sale"), 2) if draws.chance(30) else (),
        strikes=draws.below(4) if tier is Tier.AUTO and draws.chance(40) else 0,
        not_by="first_reviewers" if draws.chance(15) else None,
    )


def _exemption(draws: Draws, name: str, names: Names, rules: Sequence[Rule]) -> Exemption:
    open_to_it = [rule.name for rule in rules if not rule.protected]
    return Exemption(
        name=name,
        owner="policy@example.org",
        because="a promise",
        covers=draws.some(open_to_it, 6) if open_to_it else (),
        when=condition(draws, names, 1),
        starts=_moment(draws),
        ends=_moment(draws),
        span=SPAN,
    )


def _lists(draws: Draws, known: words.Language) -> dict[str, PolicyList]:
    lists = {}
    for name, kind in (("slang", "words"), ("lines", "phrases")):
        lists[name] = PolicyList(
            name=name, of=kind, entries=words.entries(draws, known, most=5), span=SPAN
        )
    for name, kind, choices in (
        ("sites", "domains", DOMAINS),
        ("other-sites", "domains", DOMAINS),
        ("people", "ids", NAMES + TAGS),
    ):
        lists[name] = PolicyList(
            name=name, of=kind, names=frozenset(draws.some(choices, 3)), span=SPAN
        )
    return lists


def _points(draws: Draws, name: str, names: Names) -> Points:
    return Points(
        name=name,
        lines=tuple(
            PointsLine(
                points=float(draws.pick((1, 2, 3, 0.5, -1, -3))),
                because="a sign",
                when=condition(draws, names, 1),
                span=SPAN,
            )
            for _ in range(draws.between(1, 4))
        ),
        span=SPAN,
    )


def _subset(draws: Draws, choices: tuple[str, ...], percent: int) -> frozenset[str]:
    return frozenset(draws.some(choices, 2)) if draws.chance(percent) else frozenset()


def _moment(draws: Draws) -> float | None:
    """A date from which, or until which, something holds: mostly one that includes now."""
    return draws.pick((NOW, NOW - 5, NOW + 5)) if draws.chance(8) else None


def _portion(draws: Draws, percent: int) -> Portion | None:
    if not draws.chance(percent):
        return None
    return Portion(draws.pick(_SHARES), draws.pick(("items", "authors")))
