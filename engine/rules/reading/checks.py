"""What only shows when all rules are read: circles, ranks, queues and languages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from engine.rules.documents import Document, Scalar, Sequence
from engine.rules.limits import CHAIN_LENGTH
from engine.rules.model import Message, Rule
from engine.rules.reading.conditions import Uses
from engine.rules.reading.mistakes import Mistakes
from engine.rules.reading.names import Names
from engine.rules.reading.queues import PEOPLE
from engine.rules.reading.reader import Reader
from engine.rules.suggestions import quoted
from engine.rules.vocabulary import Queue
from engine.verdict import Tier


def refuse_circles(edges: Mapping[str, Uses], what: str, mistakes: Mistakes) -> None:
    """Note values that need themselves, or each other over too long a chain."""
    depths: dict[str, int] = {}
    for start in sorted(edges):
        _depth(start, edges, what, _Walk([], depths, mistakes))


@dataclass(frozen=True, slots=True)
class _Walk:
    path: list[str]
    depths: dict[str, int]
    mistakes: Mistakes


def _depth(name: str, edges: Mapping[str, Uses], what: str, walk: _Walk) -> int:
    if name in walk.depths:
        return walk.depths[name]
    walk.path.append(name)
    deepest = 0
    for other, span in edges[name].fields.items():
        if other in walk.path:
            circle = [*walk.path[walk.path.index(other) :], other]
            needs = " needs ".join(f"`{one}`" for one in circle)
            walk.mistakes.add("circle", f"{what} cannot need itself: {needs}", span)
        elif other in edges:
            if len(walk.path) >= CHAIN_LENGTH:
                message = f"{what}: a chain of more than {CHAIN_LENGTH} that need each other"
                walk.mistakes.add("too-large", message, span)
                continue
            deepest = max(deepest, _depth(other, edges, what, walk))
    walk.path.pop()
    walk.depths[name] = deepest + 1
    return deepest + 1


def check_ranks(rules: dict[str, Rule], names: Names, mistakes: Mistakes) -> dict[str, Rule]:
    """The rules with `outranks` checked, and the variants of an outranked rule put beside it."""
    for rule in rules.values():
        if not rule.outranks or rule.variant_of is not None:
            continue
        reader = Reader(rule_document(names, rule.name), names, mistakes)
        for node in _scalars(reader.document, "outranks"):
            _check_rank(reader, rule, node, rules)
    variants: dict[str, list[str]] = {}
    for rule in rules.values():
        if rule.variant_of is not None:
            variants.setdefault(rule.variant_of, []).append(rule.name)
    _refuse_rank_circles(rules, mistakes)
    if not variants:
        return rules
    return {
        name: replace(rule, outranks=_with_variants(rule.outranks, variants))
        if rule.outranks
        else rule
        for name, rule in rules.items()
    }


def rule_document(names: Names, name: str) -> Document:
    """The document a rule was read from."""
    return names.of("rule")[name]


def _with_variants(outranked: Iterable[str], variants: Mapping[str, list[str]]) -> tuple[str, ...]:
    found = list(outranked)
    for name in tuple(found):
        found.extend(one for one in sorted(variants.get(name, ())) if one not in found)
    return tuple(found)


def _scalars(document: Document, key: str) -> list[Scalar]:
    for one, value in document.node.value:
        if isinstance(one, Scalar) and one.value == key:
            nodes = value.value if isinstance(value, Sequence) else [value]
            return [node for node in nodes if isinstance(node, Scalar)]
    return []


def _check_rank(reader: Reader, rule: Rule, node: Scalar, rules: Mapping[str, Rule]) -> None:
    other = rules.get(node.value)
    if other is None:
        if not reader.names.declared("rule", node.value):
            reader.unknown("rule", node, reader.names.of("rule"))
    elif other.name == rule.name:
        reader.error("circle", "a rule cannot outrank itself", node)
    elif other.protected:
        message = f"`{other.name}` is protected: nothing outranks it"
        reader.error("protected", message, node, "leave it out")
    elif other.stage != rule.stage:
        message = f"`{rule.name}` and `{other.name}` look at different stages"
        reader.error("stage", message, node, "only rules of one stage outrank each other")


def _refuse_rank_circles(rules: Mapping[str, Rule], mistakes: Mistakes) -> None:
    done: set[str] = set()
    for start in sorted(rules):
        if start in done or not rules[start].outranks:
            continue
        path: list[str] = []
        pending = [(start, iter(rules[start].outranks))]
        path.append(start)
        while pending:
            name, others = pending[-1]
            other = next(others, None)
            if other is None:
                pending.pop()
                path.pop()
                done.add(name)
            elif other in path and other != name:
                circle = [*path[path.index(other) :], other]
                message = " outranks ".join(f"`{one}`" for one in circle)
                mistakes.add("circle", message, rules[name].span, "at least one of them has to go")
            elif other not in done and other in rules and other != name:
                path.append(other)
                pending.append((other, iter(rules[other].outranks)))


def check_queues(rules: Iterable[Rule], names: Names, mistakes: Mistakes) -> None:
    """Note rules of people's tiers that name no queue where the tier has no default."""
    if any(kind == "queue" for kind, _ in names.lost):
        return
    rules = sorted(rules, key=lambda rule: rule.span)
    if not names.queues:
        rules = rules[:1]
    for tier in PEOPLE:
        if default_queue(names.queues, tier) is not None:
            continue
        for rule in rules:
            needs = rule.then.tier is tier and rule.then.queue is None
            own = names.queues.get(rule.then.queue or "")
            needs = needs or (rule.if_missing is tier and (own is None or own.tier is not tier))
            if needs:
                message = (
                    f"`{rule.name}` names no queue, and the tier `{tier}` has no default queue"
                )
                hint = f"name a queue, or mark one of tier `{tier}` with `default: yes`"
                mistakes.add("default-queue", message, rule.span, hint)


def default_queue(queues: Mapping[str, Queue], tier: Tier) -> Queue | None:
    """The queue of a tier for reviews that name none."""
    own = [queue for queue in queues.values() if queue.tier is tier]
    marked = [queue for queue in own if queue.default]
    named = [queue for queue in own if queue.name == tier]
    general = [queue for queue in own if queue.name == "general" and tier is Tier.SINGLE]
    only = own if len(own) == 1 else []
    return next(iter([*marked, *named, *general, *only]), None)


def check_languages(
    rules: Iterable[Rule], messages: Mapping[str, Message], mistakes: Mistakes
) -> None:
    """Note messages that lack a language in which their rule speaks to people."""
    for rule in rules:
        message = messages.get(rule.then.message or "")
        if message is None or not message.text:
            continue
        spoken = {language.split("-")[0] for language in message.text} | set(message.text)
        lacking = sorted(
            one for one in rule.languages if one not in spoken and one.split("-")[0] not in spoken
        )
        if lacking:
            text = f"the message `{message.name}` has no text in {quoted(lacking)}"
            hint = f"rule `{rule.name}` holds in {quoted(sorted(rule.languages))}"
            mistakes.add("missing-language", text, rule.span, hint, related=(message.span,))


def check_answers(
    rules: Iterable[Rule], messages: Mapping[str, Message], mistakes: Mistakes
) -> None:
    """Note rules that name a message which is sent by itself."""
    for rule in rules:
        message = messages.get(rule.then.message or "")
        if message is not None and message.outcome is not None:
            text = f"the message `{message.name}` answers `{message.outcome}`, so no rule sends it"
            hint = "name another message, or take `outcome:` away"
            mistakes.add("no-effect", text, rule.span, hint, related=(message.span,))
