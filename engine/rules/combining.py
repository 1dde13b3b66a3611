"""Many matches, one verdict: a lattice without order, so that neither files nor workers matter."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from engine.rules.model import Rule, Status
from engine.rules.requests import Request, in_force, sampled
from engine.verdict import PRIORITY_RANK, Hit, HitStatus, Review, Tier, Verdict

PUBLISHED = Verdict()

_RANK, _REVIEW, _HIT, _RULE = map(attrgetter, ("rank", "review", "hit", "rule"))
_ACTION, _WAITING, _REASON, _BARE = map(attrgetter, ("action", "waiting", "reason", "bare"))
_HIT_RULE, _URGENCY, _DUE_IN = map(attrgetter, ("rule", "urgency", "due_in"))
_PRIORITIES = {rank: priority for priority, rank in PRIORITY_RANK.items()}


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
    return decide(sorted(found.deciding, key=_RANK), found.hits, found.chances)


def combine_plain(matched: Sequence[Request]) -> Verdict:
    """The same where nothing can set a match aside; the winner comes first."""
    asks_people = any(map(_REVIEW, matched))
    return decide(matched, list(map(_HIT, matched)), (1.0,) if asks_people else ())


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
        if request.hit.status is HitStatus.UNCERTIFIED:
            continue  # it must not keep others from being seen
        for name in request.rule.outranks:
            if name != request.name and (name not in found or request.name < found[name]):
                found[name] = request.name
    return found


def decide(deciding: Sequence[Request], hits: list[Hit], chances: Iterable[float]) -> Verdict:
    """Combine the requests that stand, the winner first."""
    if not deciding:
        return replace(PUBLISHED, hits=_by_name(hits), inclusion_probability=included(chances))
    winner = deciding[0]
    people = winner.tier is not Tier.AUTO
    rules = () if all(map(_BARE, deciding)) else tuple(map(_RULE, deciding))
    return Verdict(
        tier=winner.tier,
        action=min(map(_WAITING if people else _ACTION, deciding))[1],
        review=_review(winner, deciding) if people else None,
        reasons=tuple(dict.fromkeys(map(_REASON, deciding))),
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
        hits.sort(key=_HIT_RULE)
    return tuple(hits)


def _review(winner: Request, deciding: Sequence[Request]) -> Review:
    """The winner's review, as urgent and as early as anybody wants it."""
    review = winner.review
    assert review is not None
    urgency, due_in = max(map(_URGENCY, deciding)), min(map(_DUE_IN, deciding))
    if urgency == winner.urgency and due_in == winner.due_in:
        return review
    return replace(review, priority=_PRIORITIES[urgency], due_in=due_in)


def _all_of(names: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    found = {name for group in names for name in group}
    return tuple(sorted(found)) if found else ()


def _strikes(rules: Iterable[Rule]) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    for rule in rules:
        if rule.then.strikes:
            found[rule.policy] = max(found.get(rule.policy, 0), rule.then.strikes)
    return tuple(sorted(found.items())) if found else ()
