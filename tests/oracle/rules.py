"""How rules do, counted one row after the other from what the database holds."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from engine.quality.health import Hit, RuleHealth, health
from tests.oracle.rollups import Tables, by_id, looked_at

NO_HIT = {"missing", "exempt"}
CATCHES = {"live", "uncertified", "missing"}
OWN = {"live", "uncertified", "shadow"}


def in_force(tables: Tables) -> list[dict[str, str]]:
    """Of each item the rules of its verdict in force, with what became of each."""
    verdicts = by_id(tables["verdicts"])
    return [
        {
            rule["name"]: rule["status"]
            for rule in verdicts[item["verdict_id"]]["trace"].get("rules", ())
        }
        for item in tables["items"]
    ]


def hits(found: Iterable[Mapping[str, str]]) -> Counter[str]:
    """By rule."""
    return Counter(
        name for rules in found for name, status in rules.items() if status not in NO_HIT
    )


def alone(found: Iterable[Mapping[str, str]]) -> Counter[str]:
    """By rule, those that nothing else caught."""
    told = Counter[str]()
    for rules in found:
        for name, status in rules.items():
            others = [each for other, each in rules.items() if other != name]
            told[name] += status in OWN and CATCHES.isdisjoint(others)
    return told


def together(found: Iterable[Mapping[str, str]]) -> Counter[tuple[str, str]]:
    """By two rules, both ways."""
    return Counter(
        (one, other)
        for rules in found
        for one in rules
        for other in rules
        if one != other and rules[one] not in NO_HIT and rules[other] not in NO_HIT
    )


def statuses(found: Iterable[Mapping[str, str]]) -> dict[str, Counter[str]]:
    """By rule, what became of it."""
    told: dict[str, Counter[str]] = defaultdict(Counter)
    for rules in found:
        for name, status in rules.items():
            told[name][status] += 1
    return told


def answered(tables: Tables, right_if: Mapping[str, bool]) -> dict[str, RuleHealth]:
    """What people said, blind, of what rules matched.

    Args:
        tables: All rows.
        right_if: By rule, what has to be found for it to be right: a violation, or none.
    """
    seen = list(looked_at(tables))
    blind: dict[Any, list[bool]] = defaultdict(list)
    for (_, tier, _, queue, _, sampled, _, _, was_blind, _), _ in seen:
        blind[sampled, tier, queue].append(was_blind)
    told: list[Hit] = []
    for (_, tier, _, queue, _, sampled, acted, found, was_blind, chance), verdict in seen:
        if not was_blind:
            continue
        alike = blind[sampled, tier, queue]
        weight = 1 / (chance * (sum(alike) / len(alike)))
        told += [
            Hit(
                rule=rule["name"],
                violating=found is right_if[rule["name"]],
                overturned=acted is not found if sampled else None,
                weight=weight,
            )
            for rule in verdict["trace"].get("rules", ())
            if rule["status"] not in NO_HIT
        ]
    return health(told, rules=right_if).rules


def appealed(tables: Tables) -> dict[str, tuple[int, int]]:
    """By rule that took part: appeals that were overturned, and all that are answered."""
    decisions, verdicts = by_id(tables["decisions"]), by_id(tables["verdicts"])
    lost, all_of = Counter[str](), Counter[str]()
    for appeal in tables["appeals"]:
        if appeal["state"] not in {"upheld", "overturned"}:
            continue
        decision = decisions.get(appeal["decision_id"])
        verdict = None if decision is None else verdicts.get(decision["verdict_id"])
        for rule in () if verdict is None else verdict["trace"].get("rules", ()):
            if rule["status"] in CATCHES:
                all_of[rule["name"]] += 1
                lost[rule["name"]] += appeal["state"] == "overturned"
    return {name: (lost[name], all_of[name]) for name in all_of}


def spent(tables: Tables, rates: Mapping[str, float]) -> dict[str, tuple[int, float, float, int]]:
    """By rule: cases, minutes, money, votes without time.

    Args:
        tables: All rows.
        rates: What an hour costs, by tier.
    """
    cases = {
        each["id"]: each
        for each in tables["cases"]
        if each["purpose"] not in {"gold", "calibration"}
    }
    number = Counter(each["rule"] for each in cases.values())
    untimed = Counter[str]()
    minutes: dict[str, float] = defaultdict(float)
    money: dict[str, float] = defaultdict(float)
    for vote in tables["votes"]:
        case = cases[vote["case_id"]]
        seconds = vote["active_seconds"] or 0.0
        minutes[case["rule"]] += seconds / 60
        money[case["rule"]] += seconds / 3_600 * rates[case["tier"]]
        untimed[case["rule"]] += vote["active_seconds"] is None
    return {name: (number[name], minutes[name], money[name], untimed[name]) for name in number}
