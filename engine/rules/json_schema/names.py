"""The names a policy declares, for completion in an editor; none of them without a policy."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.rules.model import Policy
from engine.rules.vocabulary import BUILT_IN_ACTIONS, Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What may be named."""

    fields: Mapping[str, Field] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    fixtures: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    lists: Mapping[str, str] = field(default_factory=dict)
    """list → what it is of."""
    actions: tuple[str, ...] = tuple(BUILT_IN_ACTIONS)


def names_of(policy: Policy | None) -> Names:
    """The names of a policy, in order."""
    if policy is None:
        return Names()
    vocabulary = policy.vocabulary
    strictness = {name: action.strictness for name, action in vocabulary.actions.items()}
    return Names(
        fields=dict(sorted(vocabulary.fields.items())),
        reasons=tuple(sorted(vocabulary.reasons)),
        queues=tuple(sorted(vocabulary.queues)),
        messages=tuple(sorted(policy.messages)),
        conditions=tuple(sorted(policy.conditions)),
        fixtures=tuple(sorted(policy.fixtures)),
        rules=tuple(sorted(policy.rules)),
        policies=tuple(sorted({reason.policy for reason in vocabulary.reasons.values()})),
        lists={name: each.of for name, each in sorted(policy.lists.items())},
        actions=tuple(sorted(strictness, key=lambda name: (strictness[name], name))),
    )
