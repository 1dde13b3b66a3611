"""Many matches, one verdict: a lattice without order, so that neither files nor workers matter."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.rules.model import Rule, Status
from engine.rules.requests import Request, in_force, priority_rank, sampled
from engine.rules.vocabulary import Action
from engine.verdict import Hit, HitStatus, Review, Tier, Verdict

PUBLISHED = Verdict()


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What besides the matches bears on the verdict of one item."""

    item_id: str
    author: str | None
    now: float
    exempting: Mapping[str, str]
    """Rule → the exemption that covers it, first by name."""


@dataclass(slots=True)
class Sorted:
    """Matches by what becomes of them."""

    deciding: list[Request]
    hits: list[Hit]
    chances: list[float]
    """p of every people's rule that matches, in its sample or not."""


def combine(
    matched: Iterable[Request], missing: Iterable[Request], given: Circumstances
) -> Verdict:
    """The verdict of one item, reviews of stage `after` left aside."""
    found = sort_out(matched, missing, given)
    return decide(found.deciding, found.hits, found.chances)


def combine_plain(matched: Sequence[Request]) -> Verdict:
    """The same where nothing can set a match aside."""
    chances = [1.0] if any(request.review is not None for request in matched) else []
    return decide(list(matched), [request.hit for request in matched], chances)


def sort_out(
    matched: Iterable[Request], missing: Iterable[Request], given: Circumstances
) -> Sorted:
    """Set matches aside that are shadow, outside their sample, exempt or outranked."""
    standing: list[Request] = []
    outside: list[Request] = []
    hits: list[Hit] = []
    for request in matched:
        status = _status(request, given)
        if status is HitStatus.LIVE:
            standing.append(request)
        elif status is not None:
            by = given.exempting.get(request.name) if status is HitStatus.EXEMPT else None
            hits.append(Hit(request.name, status, by))
        if status is HitStatus.NOT_SAMPLED and request.name not in given.exempting:
            outside.append(request)
    outranked = _outranked(standing)
    deciding: list[Request] = []
    for request in (*standing, *_still_missing(missing, given, hits)):
        by = outranked.get(request.name)
        if by is None:
            deciding.append(request)
            hits.append(request.hit)
        else:
            hits.append(Hit(request.name, HitStatus.OUTRANKED, by))
    outside = [request for request in outside if request.name not in outranked]
    return Sorted(deciding, hits, [*_chances(outside), *_chances(deciding)])


def _status(request: Request, given: Circumstances) -> HitStatus | None:
    """What a match is before outranking; None: its rule is not in force."""
    rule = request.rule
    if not in_force(rule.starts, rule.ends, given.now):
        return None
    if rule.status is Status.SHADOW:
        return HitStatus.SHADOW
    if not sampled(rule, given.item_id, given.author):
        return HitStatus.NOT_SAMPLED
    return HitStatus.EXEMPT if rule.name in given.exempting else HitStatus.LIVE


def _chances(requests: Iterable[Request]) -> Iterator[float]:
    """The p of those that ask for people; a rule that cannot tell asks with certainty."""
    for request in requests:
        if request.review is not None:
            yield 1.0 if request.hit.status is HitStatus.MISSING else request.chance


def _still_missing(
    missing: Iterable[Request], given: Circumstances, hits: list[Hit]
) -> Iterable[Request]:
    for request in missing:
        if not in_force(request.rule.starts, request.rule.ends, given.now):
            continue
        if request.name in given.exempting:
            hits.append(Hit(request.name, HitStatus.EXEMPT, given.exempting[request.name]))
        else:
            yield request


def _outranked(standing: Collection[Request]) -> dict[str, str]:
    """Rule → the rule that outranks it, first by name."""
    found: dict[str, str] = {}
    for request in standing:
        for name in request.rule.outranks:
            if name != request.name and (name not in found or request.name < found[name]):
                found[name] = request.name
    return found


def decide(deciding: list[Request], hits: list[Hit], chances: Iterable[float]) -> Verdict:
    """Combine the requests that stand."""
    if not deciding:
        return replace(PUBLISHED, hits=_by_name(hits), inclusion_probability=included(chances))
    deciding.sort(key=lambda request: request.rank)
    winner = deciding[0]
    people = winner.tier is not Tier.AUTO
    rules = [request.rule for request in deciding if not request.bare]
    reasons = dict.fromkeys(request.rule.then.reason for request in deciding)
    return Verdict(
        tier=winner.tier,
        action=_strictest(request.waiting if people else request.action for request in deciding),
        review=_review(winner, deciding) if people else None,
        reasons=tuple(reasons),
        message=winner.rule.then.message,
        labels=_all_of(rule.then.labels for rule in rules) if rules else (),
        notify=_all_of(rule.then.notify for rule in rules) if rules else (),
        strikes=_strikes(rules) if rules and not people else (),
        hits=_by_name(hits),
        inclusion_probability=included(chances),
    )


def included(chances: Iterable[float]) -> float:
    """The chance that at least one of several independent samples takes the item."""
    outside = 1.0
    for chance in chances:
        outside *= 1.0 - chance
    return 1.0 - outside


def _by_name(hits: list[Hit]) -> tuple[Hit, ...]:
    if len(hits) > 1:
        hits.sort(key=lambda hit: hit.rule)
    return tuple(hits)


def _strictest(actions: Iterable[Action]) -> str:
    return min(actions, key=lambda action: (-action.strictness, action.name)).name


def _review(winner: Request, deciding: Iterable[Request]) -> Review:
    assert winner.review is not None
    asking = [request for request in deciding if request.review is not None]
    if len(asking) == 1:
        return winner.review
    return replace(
        winner.review,
        priority=max(asking, key=priority_rank).rule.then.priority,
        due_in=min(request.review.due_in for request in asking if request.review is not None),
    )


def _all_of(names: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    found = {name for group in names for name in group}
    return tuple(sorted(found)) if found else ()


def _strikes(rules: Iterable[Rule]) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    for rule in rules:
        if rule.then.strikes:
            found[rule.policy] = max(found.get(rule.policy, 0), rule.then.strikes)
    return tuple(sorted(found.items())) if found else ()
