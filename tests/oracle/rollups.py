"""Sums by hour, counted one row after the other from what the database holds."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from queues.ids import moment_of

Row = Mapping[str, Any]
Tables = Mapping[str, list[Row]]
Key = tuple[Any, ...]

DECIDING = {"review", "appeal"}
ALONE = {"auto", "none"}
LOOKED_AT = {"review", "sample"}
OPEN = {"waiting", "open"}


def counted(tables: Tables) -> dict[str, dict[Key, Any]]:
    """Every sum by table, of all hours."""
    return {
        "flows": flows(tables),
        "deadlines": deadlines(tables),
        "work": work(tables),
        "looks": looks(tables),
        "flags": flags(tables),
        "panels": panels(tables),
        "ballots": ballots(tables),
        "appeals": appeals(tables),
        "validations": validations(tables),
    }


def hour(of: UUID | datetime) -> datetime:
    """The beginning of its hour, in UTC."""
    moment = moment_of(of) if isinstance(of, UUID) else of.astimezone(UTC)
    return moment - timedelta(
        minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond
    )


def bin_of(waited: timedelta) -> int:
    """The bin of a wait."""
    seconds = waited.total_seconds()
    return 0 if seconds < 0.01 else 1 + math.floor(math.log(seconds / 0.01) / math.log(1.02))


def of_case(case: Row, at: UUID | datetime | None = None) -> Key:
    """What a case is counted by."""
    words = case["tier"], case["policy"], case["queue"], case["language"] or ""
    return hour(case["id"] if at is None else at), *words


def by_id(rows: Iterable[Row]) -> dict[UUID, Row]:
    """Rows by their ids."""
    return {row["id"]: row for row in rows}


def flows(tables: Tables) -> dict[Key, Any]:
    """What came, and what became of it."""
    decisions = by_id(tables["decisions"])
    touched = {
        case["item_id"]
        for case in tables["cases"]
        if case["purpose"] in DECIDING and case["state"] == "decided"
    }
    found: dict[Key, list[Any]] = defaultdict(lambda: [0, 0, 0, Counter(), Counter(), [], 0])
    seen: dict[tuple[Any, ...], tuple[UUID, Key]] = {}
    for item in tables["items"]:
        if item["tier"] not in ALONE:
            continue
        made = decisions.get(item["decision_id"])
        key = hour(item["id"]), "auto", (made and made["policy"]) or "", "", item["language"] or ""
        alone = item["state"] == "decided" and item["id"] not in touched
        ended = item["decided_at"]
        if ended is None and (alone or item["state"] == "erased"):
            ended = item["received_at"]
        is_open = item["state"] == "waiting_for_signals"
        spent = {"began": item["received_at"], "ended": ended}
        add(found[key], decided=alone, is_open=is_open, **spent)
        if alone:
            first_of(seen, item, key)
    for case in tables["cases"]:
        if case["purpose"] in DECIDING:
            is_open = case["state"] in OPEN
            ended = None if is_open else case["closed_at"] or case["enqueued_at"]
            decided = case["state"] == "decided"
            spent = {"began": case["enqueued_at"], "ended": ended}
            add(found[of_case(case)], decided=decided, is_open=is_open, **spent)
            if decided:
                first_of(seen, case, of_case(case))
    distinct = Counter(key for _, key in seen.values())
    return {key: row_of(sums, distinct[key]) for key, sums in found.items()}


def row_of(sums: list[Any], distinct: int) -> tuple[Any, ...]:
    """As it is kept."""
    bins = (tuple(sorted(each.items())) for each in sums[3:5])
    return (*sums[:3], *bins, sorted(sums[5]), distinct, sums[6])


def first_of(seen: dict[tuple[Any, ...], tuple[UUID, Key]], row: Row, key: Key) -> None:
    """Of what is alike, came in the same hour and was decided in the same tier, the first."""
    alike = (*key[:2], row["content"] or row["id"])
    seen[alike] = min(seen.get(alike, (row["id"], key)), (row["id"], key))


def add(
    sums: list[Any], *, decided: bool, is_open: bool, began: datetime, ended: datetime | None
) -> None:
    """Count one."""
    sums[0] += 1
    sums[1] += decided
    sums[2] += is_open
    if ended is None:
        sums[5].append(began.timestamp())
    else:
        sums[3 if decided else 4][bin_of(ended - began)] += 1
        sums[6] += ended < began


def deadlines(tables: Tables) -> dict[Key, Any]:
    """Deadlines of people that fell."""
    found: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
    for case in tables["cases"]:
        closed, due = case["closed_at"], case["due_at"]
        passed_on = case["state"] == "escalated" and closed > due
        if case["purpose"] in DECIDING and (case["state"] in OPEN | {"decided"} or passed_on):
            sums = found[of_case(case, due)]
            sums[0] += 1
            sums[1] += case["state"] == "decided" and closed <= due
    return {key: tuple(sums) for key, sums in found.items()}


def work(tables: Tables) -> dict[Key, Any]:
    """Votes and seconds."""
    cases = by_id(tables["cases"])
    found: dict[Key, list[float | None]] = defaultdict(list)
    for vote in tables["votes"]:
        found[*of_case(cases[vote["case_id"]]), vote["reviewer"]].append(vote["active_seconds"])
    return {
        key: (
            len(seconds),
            sum(each is not None for each in seconds),
            sum(each is not None and each > 0 for each in seconds),
            math.fsum(each or 0 for each in seconds),
            math.fsum((each or 0) ** 2 for each in seconds),
        )
        for key, seconds in found.items()
    }


def first_votes(
    tables: Tables, of: Callable[[Row], bool], *, blind: bool = True
) -> dict[UUID, list[Row]]:
    """Those of first rounds, in order, by case; the blind ones, if nothing else is said."""
    cases, found = by_id(tables["cases"]), defaultdict(list)
    for vote in sorted(tables["votes"], key=lambda vote: vote["id"]):
        if vote["round"] == 1 and (vote["blind"] or not blind) and of(cases[vote["case_id"]]):
            found[vote["case_id"]].append(vote)
    return found


def looked_at(tables: Tables) -> Iterator[tuple[Key, Row]]:
    """First answers about each verdict, and the verdict."""
    cases, verdicts = by_id(tables["cases"]), by_id(tables["verdicts"])
    answered = first_votes(tables, lambda case: case["purpose"] in LOOKED_AT, blind=False)
    about: set[tuple[UUID, UUID]] = set()
    for name, votes in sorted(answered.items()):
        case = cases[name]
        if (case["item_id"], case["verdict_id"]) in about:
            continue
        about.add((case["item_id"], case["verdict_id"]))
        verdict = verdicts[case["verdict_id"]]
        said = verdict["action"] != "publish", votes[0]["action"] != "publish"
        chance = verdict["inclusion_probability"]
        if chance > 0:
            sampled = case["purpose"] == "sample" and verdict["tier"] in ALONE
            yield (*of_case(case), sampled, *said, votes[0]["blind"], chance), verdict


def looks(tables: Tables) -> dict[Key, Any]:
    """First answers about each verdict."""
    return dict(Counter(key for key, _ in looked_at(tables)))


def flags(tables: Tables) -> dict[Key, Any]:
    """Blind ones by rule and model, by tier and queue."""
    found: Counter[Key] = Counter()
    for (*key, sampled, acted, found_so, blind, chance), verdict in looked_at(tables):
        if not blind:
            continue
        at, tier, _, queue, _ = key
        alike = (at, tier, "", queue, "", sampled, acted, found_so, chance)
        for rule in verdict["trace"].get("rules", ()):
            if rule["status"] not in {"missing", "exempt"}:
                found[*alike, "rule", rule["name"]] += 1
        for model in verdict["models"]:
            found[*alike, "model", model] += 1
    return dict(found)


def panels(tables: Tables) -> dict[Key, Any]:
    """What panels decided that one reviewer had decided."""
    decisions = by_id(tables["decisions"])
    decided = sorted(
        (each for each in tables["cases"] if each["state"] == "decided"),
        key=lambda each: each["id"],
    )
    by_one: dict[UUID, list[Row]] = defaultdict(list)
    for case in decided:
        if case["tier"] == "single" and case["purpose"] == "review":
            by_one[case["item_id"]].append(case)
    found: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
    for case in decided:
        if case["tier"] != "senior" or case["purpose"] not in LOOKED_AT:
            continue
        sampled = case["purpose"] == "sample"
        before = [each for each in by_one[case["item_id"]] if sampled or each["id"] < case["id"]]
        made = decisions[case["decision_id"]]
        if before and made["twin_of"] is None:
            sums = found[of_case(case, case["item_id"])]
            sums[0] += 1
            sums[1] += made["action"] != decisions[before[-1]["decision_id"]]["action"]
    return {key: tuple(sums) for key, sums in found.items()}


def ballots(tables: Tables) -> dict[Key, Any]:
    """What was said of one thing."""
    cases = by_id(tables["cases"])
    found: Counter[Key] = Counter()
    panels = first_votes(
        tables, lambda case: case["tier"] == "senior" and case["purpose"] != "validation"
    )
    for name, votes in panels.items():
        case = cases[name]
        counting = votes[:2] if case["decide"] == "two_plus_one" else votes
        found[*of_case(case), tuple(sorted(vote["action"] for vote in counting))] += 1
    twice = {case["item_id"] for case in cases.values() if case["purpose"] == "overlap"}
    units: dict[UUID, dict[str, Row]] = defaultdict(dict)
    for votes in first_votes(
        tables,
        lambda case: (
            case["tier"] == "single"
            and case["purpose"] in {"review", "overlap"}
            and case["item_id"] in twice
        ),
    ).values():
        for vote in votes:
            units[cases[vote["case_id"]]["item_id"]].setdefault(vote["reviewer"], vote)
    for item, given in units.items():
        first = cases[min(given.values(), key=lambda vote: vote["id"])["case_id"]]
        said = tuple(sorted(vote["action"] for vote in given.values()))
        found[*of_case(first, item), said] += 1
    return dict(found)


def validations(tables: Tables) -> dict[Key, Any]:
    """What seniors said of final decisions."""
    cases = by_id(tables["cases"])
    drawn = {row["case_id"]: row for row in tables["validations"]}
    found: Counter[Key] = Counter()
    for vote in tables["votes"]:
        case, about = cases[vote["case_id"]], drawn.get(vote["case_id"])
        if about is not None and case["state"] == "decided" and vote["round"] == 1:
            upheld = vote["action"] == about["action"]
            found[hour(case["id"]), about["tier"], "", "", "", upheld, about["inclusion"]] += 1
    return dict(found)


def appeals(tables: Tables) -> dict[Key, Any]:
    """By what became of them."""
    items, cases = by_id(tables["items"]), by_id(tables["cases"])
    decisions = by_id(tables["decisions"])
    found: Counter[Key] = Counter()
    for appeal in tables["appeals"]:
        made = decisions.get(appeal["decision_id"])
        case = cases.get(made["case_id"]) if made is not None else None
        words = ("auto", "") if made is None else (made["tier"], made["policy"] or "")
        queue = "" if case is None else case["queue"]
        language = items[appeal["item_id"]]["language"] or ""
        key = hour(appeal["id"]), *words, queue, language
        for state in {"filed", appeal["state"]} - {"withdrawn"}:
            found[*key, state] += 1
    return dict(found)
