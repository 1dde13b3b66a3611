"""Rules of stage `after`: they see what was decided, and may add reviews that measure it."""

from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from engine.item import Item
from engine.rules.combining import included
from engine.rules.context import Context
from engine.rules.memory import ByForm, Check, Question
from engine.rules.requests import Request, in_force, sampled
from engine.verdict import Tier, Verdict

#: What a decision is called as fields of an item.
_TIER, _ACTION = "decision.tier", "decision.action"

#: Tier and action.
Decision = tuple[Tier, str]


@dataclass(frozen=True, slots=True)
class Looking:
    """A rule that may ask for a review of a decision."""

    place: int
    check: Check | None
    """None: it does, whatever the values of the item."""


class Asked(NamedTuple):
    """Who asks for a review of one item, as places among the rules of the stage.

    A tuple, as verdicts are looked up by it.
    """

    rules: tuple[int, ...]
    chosen: tuple[int, ...]
    """Those of them whose sample the item falls into."""


NOBODY = Asked((), ())


class Afterwards:
    """The rules of stage `after` of one policy, in order of name."""

    def __init__(
        self,
        requests: Sequence[Request],
        questions: Sequence[Question],
        author_of: Callable[[Context], str | None],
    ) -> None:
        self._requests = requests
        self._questions = questions
        self._author_of = author_of
        self._looking: ByForm[dict[Decision, tuple[Looking, ...]]] = ByForm(lambda _: {})

    def asked(
        self,
        item: Item,
        context: Context,
        verdict: Verdict,
        now: float,
        exempting: Mapping[str, str],
    ) -> Asked:
        """Who asks for a review of what was decided."""
        decision = verdict.tier, verdict.action
        known = self._looking.of(context.form)
        looking = known.get(decision)
        if looking is None:
            looking = known[decision] = self._looking_at(decision, context.form)
        rules = [
            each.place
            for each in looking
            if self._in_force(each.place, now, exempting)
            and (each.check is None or each.check(_decided(context, decision)))
        ]
        if not rules:
            return NOBODY
        author = self._author_of(context)
        chosen = [place for place in rules if self._samples(place, item.id, author)]
        return Asked(tuple(rules), tuple(chosen))

    def with_samples(self, verdict: Verdict, asked: Asked) -> Verdict:
        """A verdict with the reviews that are added to it."""
        if not asked.rules:
            return verdict
        reviews = [self._requests[place].review for place in asked.chosen]
        chances = [self._requests[place].chance for place in asked.rules]
        return replace(
            verdict,
            samples=tuple(review for review in reviews if review is not None),
            inclusion_probability=included([verdict.inclusion_probability, *chances]),
        )

    def _in_force(self, place: int, now: float, exempting: Mapping[str, str]) -> bool:
        rule = self._requests[place].rule
        return in_force(rule.starts, rule.ends, now) and rule.name not in exempting

    def _samples(self, place: int, item_id: str, author: str | None) -> bool:
        return sampled(self._requests[place].rule, item_id, author)

    def _looking_at(self, decision: Decision, form: tuple[str, ...]) -> tuple[Looking, ...]:
        """The rules that may ask about a decision on items of a form."""
        names = frozenset(form).difference((_TIER, _ACTION))
        alone = _decided(Context({}), decision)
        looking = []
        for place, question in enumerate(self._questions):
            if not question.settled(names):
                looking.append(Looking(place, question.check))
            elif question.check(alone):
                looking.append(Looking(place, None))
        return tuple(looking)


def _decided(context: Context, decision: Decision) -> Context:
    """An item as rules of this stage see it."""
    tier, action = decision
    fields = {_TIER: tier.value, _ACTION: action}
    return Context(ChainMap(fields, context.fields))  # type: ignore[arg-type]  # only read
