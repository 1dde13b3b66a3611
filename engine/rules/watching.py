"""Rules that must not be passed over where they cannot tell: those with `if_missing`."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from engine.rules.context import Context
from engine.rules.memory import ByForm, Question
from engine.rules.requests import Request


@dataclass(frozen=True, slots=True)
class Watched:
    """A rule with `if_missing`."""

    question: Question
    needed: frozenset[str]
    """Where all of these fields arrived, it can tell."""
    request: Callable[[], Request]
    """What it asks for where it cannot."""


class Watch:
    """The watched rules of one policy, by number."""

    def __init__(self, rules: Mapping[int, Watched]) -> None:
        self._rules = rules
        self._unsure = ByForm(self._unsure_about)

    def missing(self, context: Context, matched: Collection[int]) -> Sequence[Request]:
        """The requests of rules that cannot tell and did not match."""
        unsure = self._unsure.of(context.form)
        if not unsure:
            return ()
        return [
            self._rules[number].request()
            for number in unsure
            if number not in matched and self._rules[number].question.check(context) is None
        ]

    def _unsure_about(self, form: tuple[str, ...]) -> tuple[int, ...]:
        """The rules that may not be able to tell about items of a form."""
        names = frozenset(form)
        return tuple(
            number
            for number, rule in self._rules.items()
            if not rule.needed <= names
            and not (rule.question.settled(names) and rule.question.unread() is not None)
        )
