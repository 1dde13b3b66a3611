"""What can be decided: actions with what they do, reasons, and why a case may be skipped."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from engine.rules.model import Policy, Status
from engine.rules.vocabulary import Action

_PUBLISH: Final = "publish"
#: What the built-in actions do; those of a policy say so themselves (`about`).
_DOES: Final[Mapping[str, str]] = {
    _PUBLISH: "It stays, or comes back, as it was written.",
    "warn": "It stays; readers see a warning first.",
    "label": "It stays, with a label.",
    "age_gate": "Only adults see it.",
    "limit": "It stays, and is not recommended.",
    "hide": "Nobody but the author sees it; it can come back.",
    "remove": "It is taken down.",
}
#: Rules of a policy whose words are shown.
_MOST: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An action that can be decided."""

    name: str
    """`keep` leaves the item up."""
    does: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonChoice:
    """A reason that can be given."""

    name: str
    title: str
    """What the author is told."""
    policy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """All that can be decided about a case."""

    actions: tuple[Choice, ...]
    """From the mildest to the strictest."""
    reasons: tuple[ReasonChoice, ...]
    skip_reasons: tuple[str, ...]
    keep: str = "keep"
    """The action that leaves an item up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a policy says, in the words of its rules."""

    rule: str
    title: str
    about: str | None
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyWords:
    """A policy as people read it."""

    name: str
    reasons: tuple[ReasonChoice, ...]
    rules: tuple[Words, ...]
    """Some of its rules in force; the one that asked comes first."""


def menu_of(policy: Policy, skip_reasons: Iterable[str]) -> Menu:
    """What can be decided under a policy."""
    vocabulary = policy.vocabulary
    actions = sorted(vocabulary.actions.values(), key=lambda action: action.strictness)
    return Menu(
        actions=tuple(map(_choice, actions)),
        reasons=_reasons(policy, None),
        skip_reasons=tuple(skip_reasons),
    )


def words_of(policy: Policy, name: str, asked: str) -> PolicyWords:
    """What a policy says.

    Args:
        policy: The release in force.
        name: Of the policy, such as `spam`.
        asked: The rule that comes first.
    """
    of_it = [rule for rule in policy.rules.values() if rule.policy == name]
    live = [rule for rule in of_it if rule.status is Status.LIVE]
    live.sort(key=lambda rule: (rule.name != asked, rule.name))
    # Variants for markets say the same once more.
    said = {rule.title or rule.name: rule for rule in reversed(live)}
    distinct = [rule for rule in live if said[rule.title or rule.name] is rule]
    return PolicyWords(
        name=name,
        reasons=_reasons(policy, name),
        rules=tuple(
            Words(
                rule=rule.name,
                title=rule.title or rule.name.replace("-", " "),
                about=rule.about,
                links=rule.links,
            )
            for rule in distinct[:_MOST]
        ),
    )


def _choice(action: Action) -> Choice:
    name = "keep" if action.name == _PUBLISH else action.name
    return Choice(name=name, does=action.about or _DOES.get(action.name, ""))


def _reasons(policy: Policy, name: str | None) -> tuple[ReasonChoice, ...]:
    reasons = policy.vocabulary.reasons.values()
    return tuple(
        ReasonChoice(name=each.name, title=each.title, policy=each.policy)
        for each in reasons
        if name in {None, each.policy}
    )
