"""Lays two conditions side by side, and names the parts that differ."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass

from engine.diffing.difference import Change
from engine.diffing.directions import Direction
from engine.diffing.forms import Form, Forms, Node
from engine.diffing.proofs import direction_of
from engine.rules.leaves import positive
from engine.rules.model import Condition, Leaf, ListRefs, Rule
from engine.rules.vocabulary import Operator

CONDITION = "condition"
_LOWER = (Operator.ABOVE, Operator.AT_LEAST)
_UPPER = (Operator.BELOW, Operator.AT_MOST)
#: What one more part of a group does to it.
_ONE_MORE = {
    Form.ALL: Direction.NARROWS,
    Form.ANY: Direction.WIDENS,
    Form.SOME: Direction.WIDENS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """Compares conditions of two policies."""

    old: Forms
    """As they are written, named conditions not looked into."""
    new: Forms
    old_meaning: Forms
    """With everything looked up."""
    new_meaning: Forms

    def rules(self, old: Rule, new: Rule) -> Iterator[Change]:
        """What differs in `when` and `unless`."""
        yield from self.conditions(old.when, new.when)
        if old.unless is not None and new.unless is not None:
            pair = self.old.node(old.unless), self.new.node(new.unless)
            yield from self._pair(*pair, ("unless",), turned=True)
        elif old.unless is not None or new.unless is not None:
            less = Direction.WIDENS if new.unless is None else Direction.NARROWS
            yield Change(
                aspect=CONDITION,
                under=("unless",),
                old=old.unless,
                new=new.unless,
                direction=less,
            )

    def conditions(
        self, old: Condition, new: Condition, under: tuple[str, ...] = ()
    ) -> Iterator[Change]:
        """What differs between two conditions."""
        yield from self._pair(self.old.node(old), self.new.node(new), under, turned=False)

    def _pair(
        self, old: Node, new: Node, under: tuple[str, ...], *, turned: bool
    ) -> Iterator[Change]:
        if old.key == new.key:
            return
        forms = {old.form, new.form}
        if forms == {Form.LEAF} and _field(old) == _field(new):
            yield self._leaf(old, new, under, turned=turned)
        elif forms == {Form.NONE}:
            inside = (*under, "none")
            yield from self._parts(Form.ANY, old.parts, new.parts, inside, turned=not turned)
        elif forms == {Form.SOME}:
            yield from self._some(old, new, under, turned=turned)
        elif Form.ALL not in forms and Form.ANY in forms:
            sides = _parts_of(old, Form.ANY), _parts_of(new, Form.ANY)
            yield from self._parts(Form.ANY, *sides, (*under, "any"), turned=turned)
        else:
            sides = _parts_of(old, Form.ALL), _parts_of(new, Form.ALL)
            yield from self._parts(Form.ALL, *sides, under, turned=turned)

    def _some(
        self, old: Node, new: Node, under: tuple[str, ...], *, turned: bool
    ) -> Iterator[Change]:
        if old.count != new.count:
            more = Direction.WIDENS if new.count < old.count else Direction.NARROWS
            yield Change(
                aspect="at_least_of",
                under=under,
                old=old.count,
                new=new.count,
                direction=more.turned if turned else more,
            )
        inside = (*under, f"at_least_{new.count}_of")
        yield from self._parts(Form.SOME, old.parts, new.parts, inside, turned=turned)

    def _parts(
        self,
        form: Form,
        old: Sequence[Node],
        new: Sequence[Node],
        under: tuple[str, ...],
        *,
        turned: bool,
    ) -> Iterator[Change]:
        gone, come = _without(old, new), _without(new, old)
        for shape in (_closely, _loosely):
            for one, other in _paired(gone, come, shape):
                yield from self._pair(one, other, under, turned=turned)
        more = _ONE_MORE[form].turned if turned else _ONE_MORE[form]
        for part in gone:
            yield Change(aspect=CONDITION, under=under, old=part.condition, direction=more.turned)
        for part in come:
            yield Change(aspect=CONDITION, under=under, new=part.condition, direction=more)

    def _leaf(self, old: Node, new: Node, under: tuple[str, ...], *, turned: bool) -> Change:
        direction = direction_of(
            self.old_meaning.node(old.condition), self.new_meaning.node(new.condition)
        )
        before, after = _members(old.condition), _members(new.condition)
        same = _operator(old.condition) is _operator(new.condition)
        listed = before is not None and after is not None and same
        return Change(
            aspect=CONDITION,
            under=under,
            old=old.condition,
            new=new.condition,
            added=_beyond(after, before) if listed else (),
            removed=_beyond(before, after) if listed else (),
            direction=direction.turned if turned else direction,
        )


def _field(node: Node) -> str | None:
    return node.condition.field if isinstance(node.condition, Leaf) else None


def _operator(condition: Condition) -> Operator | None:
    return condition.operator if isinstance(condition, Leaf) else None


def _members(condition: Condition) -> tuple[object, ...] | None:
    """The words, names or patterns of a leaf; None: its constant is a single thing."""
    if not isinstance(condition, Leaf) or condition.operator is Operator.BETWEEN:
        return None
    constant = condition.constant
    if isinstance(constant, ListRefs):
        return None if constant.exceptions else constant.names
    return constant if isinstance(constant, tuple) else None


def _beyond(
    these: tuple[object, ...] | None, others: tuple[object, ...] | None
) -> tuple[object, ...]:
    known = set(others or ())
    return tuple(dict.fromkeys(each for each in these or () if each not in known))


def _parts_of(node: Node, form: Form) -> Sequence[Node]:
    return node.parts if node.form is form else (node,)


def _without(these: Sequence[Node], others: Sequence[Node]) -> list[Node]:
    """Those that the others lack, each as often as it is there too often."""
    known = Counter(each.key for each in others)
    left = []
    for node in these:
        if known[node.key] > 0:
            known[node.key] -= 1
        else:
            left.append(node)
    return left


def _paired(
    gone: list[Node], come: list[Node], shape: Callable[[Node], Hashable]
) -> list[tuple[Node, Node]]:
    """Parts that are of one shape, in order; they are taken out of the lists."""
    waiting: dict[Hashable, list[Node]] = {}
    for node in come:
        if (found := shape(node)) is not None:
            waiting.setdefault(found, []).append(node)
    pairs = []
    for node in list(gone):
        found = shape(node)
        if found is not None and waiting.get(found):
            pairs.append((node, waiting[found].pop(0)))
    for one, other in pairs:
        gone.remove(one)
        come.remove(other)
    return pairs


def _closely(node: Node) -> Hashable:
    """The field and the kind of operator."""
    if not isinstance(node.condition, Leaf) or node.form is not Form.LEAF:
        return None
    operator, negative = positive(node.condition.operator)
    for bound in (_LOWER, _UPPER):
        if operator in bound:
            operator = bound[0]
    return (node.condition.field, operator, negative)


def _loosely(node: Node) -> Hashable:
    """The field alone, or the kind of group."""
    if node.form is Form.LEAF:
        return _field(node)
    return None if node.form is Form.NAMED else node.form
