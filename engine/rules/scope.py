"""Whether a rule looks at an item at all: its kinds, markets and languages."""

from engine.rules.context import Context
from engine.rules.leaves import DEFAULT_KIND, default_of
from engine.rules.memory import Check
from engine.rules.model import Policy
from engine.rules.thresholds import Among, Clause


def scope_check(scope: Clause, policy: Policy) -> Check:
    """The check of a scope: true or false, never unknown."""
    parts = []
    for literal in scope:
        assert isinstance(literal.values, Among)
        declared = policy.vocabulary.fields.get(literal.field)
        default = default_of(declared) if declared is not None else None
        if default is None and literal.field == "item.kind":
            default = DEFAULT_KIND
        parts.append((literal.field, default, literal.values, literal.when_unknown))

    def check(context: Context) -> bool:
        for field, default, values, when_unknown in parts:
            value = context.fields.get(field, default)
            inside = when_unknown if value is None else (value in values.names) is values.inside
            if not inside:
                return False
        return True

    return check
