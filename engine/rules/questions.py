"""What is asked about items: each rule and exemption as a check, with the fields it looks at."""

from engine.rules.activation import Planner, scope_of
from engine.rules.conditions import Checks, all_of
from engine.rules.memory import Check, Question, inputs_of, remembering
from engine.rules.model import Exemption, Policy, Rule
from engine.rules.scope import scope_check


class Questions:
    """Makes questions out of the rules of one policy."""

    def __init__(self, policy: Policy, checks: Checks) -> None:
        self._policy = policy
        self._checks = checks

    def whole(self, rule: Rule) -> Question:
        """All of a rule, its scope counted in; answers are remembered."""
        inputs = self._inputs(rule)
        return Question(remembering(self.check(rule), inputs), inputs)

    def check(self, rule: Rule) -> Check:
        """The check of a rule, its scope counted in."""
        condition = self._checks.rule(rule)
        scope = scope_of(rule)
        return all_of((scope_check(scope, self._policy), condition)) if scope else condition

    def left(self, rule: Rule) -> Question:
        """What is left to look at once an activator of a rule is true."""
        plan = Planner(self._policy).rule(rule)
        if plan.rest is None:
            return Question(self.check(rule), self._inputs(rule))
        parts = [self._checks.wanted(part, wanted=wanted) for part, wanted in plan.rest]
        if plan.scope_open:
            parts.insert(0, scope_check(scope_of(rule), self._policy))
        return Question(all_of(parts), self._inputs(rule))

    def exemption(self, exemption: Exemption) -> Question:
        """Whether an exemption is true."""
        inputs = inputs_of((exemption.when,), self._policy)
        return Question(self._checks.condition(exemption.when), inputs)

    def _inputs(self, rule: Rule) -> tuple[str, ...] | None:
        parts = (rule.when,) if rule.unless is None else (rule.when, rule.unless)
        inputs = inputs_of(parts, self._policy)
        if inputs is None:
            return None
        return inputs + tuple(literal.field for literal in scope_of(rule))
