"""The release in force as the engine reads it, and parts of it in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboard.gateway import Answer, now
from dashboard.person import here
from dashboard.workbench import calls
from dashboard.workbench.checking import published
from engine.diffing.wording import Wording
from engine.rules.expectations import duration_text
from engine.rules.model import AllOf, Condition, Policy, PolicyList, Rule

_MOST_WORDS: Final = 12
_FENCE: Final = "---"


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """A release with its files and what they mean."""

    name: str
    policy: Policy
    files: Mapping[str, str]
    listed: Sequence[Answer]
    """All releases, the last published first."""


def in_force() -> InForce | None:
    """The release in force; None: there is none, or it does not load any more."""
    ask = here().gateway
    listed = calls.releases(ask)
    name = calls.in_force(listed)
    if name is None:
        return None
    files = calls.files(ask, name)
    policy = published(name, files, now=now().timestamp()).policy
    if policy is None:
        return None
    return InForce(name=name, policy=policy, files=files, listed=listed)


def source_of(files: Mapping[str, str], path: str, line: int) -> str:
    """The document of a rule file in which a line stands."""
    lines = files.get(path, "").splitlines()
    start = end = min(max(line - 1, 0), max(len(lines) - 1, 0))
    while start > 0 and not lines[start - 1].startswith(_FENCE):
        start -= 1
    while end < len(lines) and not lines[end].startswith(_FENCE):
        end += 1
    return "\n".join(lines[start:end]).strip("\n")


def rule_rows(policy: Policy) -> list[dict[str, Any]]:
    """A line for each rule."""
    return [
        {
            "rule": rule.name,
            "title": rule.title or "",
            "tier": str(rule.then.tier),
            "action": action_of(rule),
            "status": str(rule.status),
            "policy": rule.policy,
            "reason": rule.then.reason,
            "severity": str(rule.severity),
            "priority": str(rule.then.priority),
            "owner": rule.owner,
            "markets": ", ".join(sorted(rule.markets)),
            "labels": ", ".join(rule.then.labels),
            "tests": len(rule.tests),
        }
        for rule in policy.rules.values()
    ]


def action_of(rule: Rule) -> str:
    """What is done at once: by the machine, or while people decide."""
    return rule.then.action if rule.then.tier == "auto" else rule.then.while_waiting


def list_rows(policy: Policy) -> list[dict[str, Any]]:
    """A line for each list."""
    return [
        {
            "list": each.name,
            "title": each.title or each.about or "",
            "of": each.of,
            "entries": len(each.entries) + len(each.names),
            "language": each.language or "",
            "owner": each.owner or "",
            "from": each.source or "",
        }
        for each in policy.lists.values()
    ]


def entries_of(each: PolicyList) -> list[str]:
    """What stands in a list."""
    said = [
        f"{'*' if one.open_left else ''}{one.text}{'*' if one.open_right else ''}"
        for one in each.entries
    ]
    return sorted([*said, *each.names])


def market_rows(policy: Policy) -> list[dict[str, Any]]:
    """A line for each market that a rule speaks of."""
    markets = sorted({market for rule in policy.rules.values() for market in rule.markets})
    return [
        {
            "market": market,
            "rules of it alone": ", ".join(
                rule.name for rule in policy.rules.values() if market in rule.markets
            ),
            "left to these": ", ".join(
                rule.name for rule in policy.rules.values() if market in rule.not_markets
            ),
        }
        for market in markets
    ]


def vocabulary_rows(policy: Policy) -> dict[str, list[dict[str, Any]]]:
    """Fields, reasons, actions and queues, with a line for each."""
    words = policy.vocabulary
    return {
        "Fields": [
            {
                "field": each.name,
                "type": str(each.type),
                "about": each.about or "",
                "choices": ", ".join(each.choices),
            }
            for each in words.fields.values()
        ],
        "Reasons": [
            {"reason": each.name, "title": each.title, "policy": each.policy}
            for each in words.reasons.values()
        ],
        "Actions": [
            {"action": each.name, "strictness": each.strictness, "held as": each.held_as}
            for each in sorted(words.actions.values(), key=lambda each: each.strictness)
        ],
        "Queues": [
            {
                "queue": each.name,
                "tier": str(each.tier),
                "decides within": duration_text(each.sla),
                "default": "yes" if each.default else "",
            }
            for each in words.queues.values()
        ],
    }


def condition_lines(policy: Policy, rule: Rule) -> Iterator[str]:
    """When a rule matches, in words."""
    types = {name: each.type for name, each in policy.vocabulary.fields.items()}
    wording = Wording(types, _MOST_WORDS)
    yield from _parts(wording, rule.when, "when")
    if rule.unless is not None:
        yield from _parts(wording, rule.unless, "unless")


def _parts(wording: Wording, condition: Condition, lead: str) -> Iterator[str]:
    parts = condition.parts if isinstance(condition, AllOf) else (condition,)
    for number, part in enumerate(parts):
        yield f"{lead if number == 0 else 'and'} {wording.condition(part)}"


def found_in(rows: Sequence[Mapping[str, Any]], words: str) -> list[Mapping[str, Any]]:
    """The rows in which all of these words stand."""
    wanted = words.lower().split()
    return [
        row
        for row in rows
        if all(word in " ".join(map(str, row.values())).lower() for word in wanted)
    ]
