"""What certificates of rules are bound to: all that a rule's matches depend on, as it is now."""

from collections.abc import Mapping
from hashlib import sha256

from engine.certifying import Hashes
from engine.rules.fingerprints import Fingerprints
from engine.rules.model import Policy, Rule, Stage, Status
from engine.verdict import Tier

#: What stands for a classifier where senders score items themselves.
_SENDER = "sender"

#: Field → version of the classifier that fills it.
Models = Mapping[str, str]


def bindings_of(policy: Policy, models: Models) -> dict[str, Hashes]:
    """The hashes of all live rules that decide by themselves, by name.

    Args:
        policy: In force, or to be.
        models: Which classifier fills which field.
    """
    prints = Fingerprints(policy)
    found = {}
    for name in sorted(name for name, rule in policy.rules.items() if acts(rule)):
        print_ = prints.of(name)
        # Calibrators are part of the bytes that a version is the hash of.
        found[name] = Hashes(
            release=print_.digest, model=_model(print_.scores, models), calibrator=None
        )
    return found


def acts(rule: Rule) -> bool:
    """Whether a rule decides by itself, as it is written."""
    return rule.then.tier is Tier.AUTO and rule.status is Status.LIVE and rule.stage is Stage.ITEM


def _model(scores: tuple[str, ...], models: Models) -> str | None:
    """A hash of what fills the scores that a rule asks for; None where it asks for none."""
    if not scores:
        return None
    filled = "\n".join(f"{name}={models.get(name, _SENDER)}" for name in scores)
    return sha256(filled.encode()).hexdigest()
