"""Who writes what, and when: ordinary traffic with campaigns inside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.samples.dice import Dice
from engine.samples.fine import FINE
from engine.samples.harmful import HARMFUL
from engine.samples.people import Author, newcomer, population
from engine.samples.scenario import Scenario

#: Seconds between two items, on average.
PACE = 25.0
#: Items of ordinary traffic to one round of campaigns, and items from which on there is one.
ROUND = 1_400
FIRST_ROUND = 300

_APPEAL = Scenario(
    name="appeal",
    weight=0.8,
    policy="appeal",
    difficulty=0.4,
    kinds={"appeal": 1.0},
    padded=0,
    lines={
        "en": (
            "i think this was a mistake, i only wrote about {topic}",
            "please look again, it was a joke between friends",
            "why was my {hobby} post removed? that is unfair",
            "i was quoting somebody else, please read it all",
        ),
        "de": ("bitte prüft das noch einmal, ich habe nur zitiert",),
    },
)
SCENARIOS: Mapping[str, Scenario] = {one.name: one for one in (*FINE, *HARMFUL, _APPEAL)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One item to be written."""

    at: float
    """Seconds after the first item."""
    scenario: Scenario
    author: Author
    target: Author | None = None
    kind: str | None = None
    """None: one of the scenario's kinds."""
    text: str | None = None
    """Of a campaign that repeats itself; None: written for this item."""
    first_contact: bool = False


def planned(count: int, dice: Dice) -> Sequence[Planned]:
    """So many items, in order of time."""
    people = population(max(20, count // 6), dice)
    span = count * PACE
    items: list[Planned] = []
    rounds = max(1, count // ROUND) if count >= FIRST_ROUND else 0
    for number in range(rounds):
        start = span * (number + dice.between(0.1, 0.7)) / rounds
        items.extend(_campaigns(number, start, people, dice))
    ordinary = _ordinary(people, span, dice)
    items.extend(next(ordinary) for _ in range(count - len(items)))
    return sorted(items[:count], key=lambda item: item.at)


def _ordinary(people: Sequence[Author], span: float, dice: Dice) -> Iterator[Planned]:
    weights = {name: one.weight for name, one in SCENARIOS.items()}
    by_character = {
        character: [author for author in people if author.character == character]
        for character in ("kind", "hostile", "seller")
    }
    minors = [author for author in people if author.is_minor] or list(people)
    anybody = {"kind": 0.9, "hostile": 0.07, "seller": 0.03}
    while True:
        scenario = SCENARIOS[dice.weighted(weights)]
        character = dice.weighted(anybody) if scenario.by == "anybody" else scenario.by
        yield Planned(
            at=dice.between(0.0, span),
            scenario=scenario,
            author=dice.pick(by_character[character]),
            target=dice.pick(minors if scenario.policy == "child-safety" else people),
            first_contact=scenario.policy in ("scam", "child-safety") or dice.happens(0.15),
        )


def _campaigns(
    number: int, start: float, people: Sequence[Author], dice: Dice
) -> Iterator[Planned]:
    """A round of each campaign: floods that only counters see."""
    advert = SCENARIOS["advert"]
    fresh = [newcomer(f"u-new-{number}-{place}", dice) for place in range(24)]
    flood = Planned(at=start, scenario=advert, author=fresh[0], kind="post")
    for place in range(7):  # one account, many links
        yield replace(flood, at=start + 180 * place)
    push = f"everybody looks at this {{time}} https://push-{number}.example/{{n}} {{emoji}}"
    for place, author in enumerate(fresh[1:13]):  # many accounts, one domain
        yield replace(flood, at=start + 5_000 + 90 * place, author=author, text=push)
    copied = f"sign now, only {number + 3} days left https://petition-{number}.example"
    for place, author in enumerate(fresh[13:23]):  # many accounts, one text
        yield replace(flood, at=start + 8_000 + 120 * place, author=author, text=copied)
    stranger = Planned(
        at=start, scenario=advert, author=fresh[23], kind="message", first_contact=True
    )
    for place in range(17):  # one account, many strangers
        yield replace(stranger, at=start + 11_000 + 25 * place, target=dice.pick(people))
    target, crowd = dice.pick(people), people[number::7]
    for place, author in enumerate(crowd[:24]):  # many accounts, one person
        yield Planned(
            at=start + 13_000 + 95 * place,
            scenario=SCENARIOS["insult" if place % 3 else "debate"],
            author=author,
            target=target,
            kind="comment",
        )
