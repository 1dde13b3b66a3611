"""Runs the tests that stand beside the rules of a compiled release."""

from engine.counting import sliding_window
from engine.item import Item
from engine.rules.model import Policy
from engine.rules.release import Release
from engine.rules.testing import Bench, Observe, Trial, run_tests


def proved(release: Release, *, now: float) -> tuple[Trial, ...]:
    """How each test of a release comes out, in the order of the files.

    Args:
        release: With the policy that it was made from.
        now: The day it is for the tests, in seconds since 1970.
    """
    return run_tests(release.policy, _bench(release), now=now)


def _bench(release: Release) -> Bench:
    """What tests run with; a policy is compiled once, however many tests need it."""
    compiled = {id(release.policy): release}

    def compile_once(policy: Policy) -> Release:
        found = compiled.get(id(policy))
        if found is None:
            found = compiled[id(policy)] = Release.of(policy)
        return found

    def counting(policy: Policy) -> Observe:
        return sliding_window(compile_once(policy), policy.counters).observe

    def why(policy: Policy, name: str, item: Item, now: float) -> tuple[str, ...]:
        del now
        return _why(compile_once(policy), name, item)

    return Bench(compiled=compile_once, counting=counting, why=why)


_OUTCOMES = {True: "true   ", False: "false  ", None: "unknown"}


def _why(release: Release, name: str, item: Item) -> tuple[str, ...]:
    """What each condition of a rule saw."""
    report = release.report(item, name)
    if not report.in_scope:
        return ("the rule does not look at this item: see `for`, `markets`, `languages`",)
    return tuple(f"{_OUTCOMES[leaf.outcome]} {leaf.leaf}" for leaf in report.leaves)
